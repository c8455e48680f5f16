"""A place in the tokens: looking ahead, brackets, and what is wrong where nothing can go on.

A module of its own because every rule of the grammar stands on it and it knows no rule: the
shapes of declarations and the expressions both walk with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from dimcompat.errors import DimcompatError, fault, shown
from dimcompat.language.plain import ENDS, ENDS_OPERAND, Kind, Token
from dimcompat.messages import say

MAX_DEPTH = 200
Read = TypeVar("Read")


class Cursor:
    """A place in the tokens: looking ahead, brackets, and what is wrong where nothing can go on."""

    def __init__(self, found: list[Token], text: str) -> None:
        self.tokens = found
        self.text = text
        self.place = 0
        self.opened: list[Token] = []
        self.in_shape = False

    @property
    def current(self) -> Token:
        return self.tokens[self.place]

    @property
    def last(self) -> Token:
        return self.tokens[self.place - 1]

    def at(self, *kinds: Kind) -> bool:
        return self.current.kind in kinds

    def ahead(self, steps: int = 1) -> Token:
        return self.tokens[min(self.place + steps, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def quoted(self, span: tuple[int, int]) -> str:
        return shown(self.text[slice(*span)])

    def typed(self, token: Token) -> str:
        return self.text[token.start : token.end]

    def skip_separators(self) -> None:
        while self.current.kind is Kind.SEPARATOR:
            self.advance()

    def lone(self, rule: Callable[[], Read]) -> Read:
        """What `rule` reads, if it is all there is."""
        self.skip_separators()
        if self.at(Kind.END):
            raise fault("E102", None)
        result = rule()
        if not self.at(*ENDS):
            raise self.unexpected()
        self.skip_separators()
        if not self.at(Kind.END):
            raise fault("E128", self.current[2:], found=self.shown(self.current))
        return result

    def matching(self, place: int) -> int:
        """The place of the bracket that closes the one at `place`."""
        depth = 0
        while True:
            kind = self.tokens[place].kind
            depth += (kind is Kind.OPEN) - (kind is Kind.CLOSE)
            if depth == 0:
                return place
            place += 1

    def open(self) -> Token:
        if len(self.opened) == MAX_DEPTH:
            raise fault("E121", self.current[2:], found=self.shown(self.current), limit=MAX_DEPTH)
        self.opened.append(self.current)
        return self.advance()

    def close(self) -> Token:
        if not self.at(Kind.CLOSE):
            raise self.unexpected()
        self.opened.pop()
        return self.advance()

    def refuse_empty(self, opener: Token) -> None:
        if self.at(Kind.CLOSE):
            span = (opener.start, self.current.end)
            raise fault("E117", span, found=self.quoted(span))

    def listed(self, *, may_be_empty: bool = False) -> Iterator[None]:
        """Steps through brackets: the body of the loop reads what stands between two commas."""
        opener = self.open()
        if may_be_empty and self.at(Kind.CLOSE):
            self.close()
            return
        self.refuse_empty(opener)
        while True:
            if self.at(Kind.COMMA, Kind.CLOSE):
                raise self.no_item()
            yield
            if not self.at(Kind.COMMA):
                self.close()
                return
            self.advance()

    def shown(self, token: Token) -> str:
        return say("found.end") if token.kind is Kind.END else shown(self.typed(token))

    def no_dimension(self) -> DimcompatError:
        token = self.last if self.place else self.current
        return fault("E125", token[2:], found=self.shown(token))

    def no_item(self) -> DimcompatError:
        """A comma has nothing before or after it; two commas in a row are shown together."""
        before, token = self.last, self.current
        first = before if before.kind is Kind.COMMA else token
        last = token if token.kind is Kind.COMMA else before
        return fault("E116", (first.start, last.end), found=shown(self.text[first.start : last.end]))

    def no_operand(self) -> DimcompatError:
        """What stands here cannot start an operand."""
        token = self.current
        before = self.tokens[self.place - 1] if self.place else Token(Kind.SEPARATOR, "", 0, 0)
        if before.kind is Kind.OPERATOR and token.kind is Kind.OPERATOR:
            span = (before.start, token.end)
            return fault("E114", span, found=self.shown(before), next=self.shown(token))
        if before.kind in (Kind.OPERATOR, Kind.EQUALS):
            return fault("E112", before[2:], found=self.shown(before))
        if token.kind in (Kind.OPERATOR, Kind.TRANSPOSE, Kind.SUPERSCRIPT):
            return fault("E113", token[2:], found=self.shown(token))
        return self.unexpected()

    def unexpected(self) -> DimcompatError:
        """What stands here cannot go on with what has been read."""
        token, found = self.current, self.shown(self.current)
        before = self.tokens[self.place - 1] if self.place else token
        colon = next((t for t in (token, before) if t.kind is Kind.COLON), None)
        if colon and self.opened and self.opened[-1].text == "[":
            return fault("E413", colon[2:])
        match token.kind:
            case Kind.COLON:
                return fault("E119", token[2:], found=found)
            case Kind.EQUALS:
                return fault("E118", token[2:], found=found)
            case Kind.COMMA:
                return fault("E120", token[2:], found=found)
            case Kind.NAME | Kind.NUMBER | Kind.OPEN if before.kind in ENDS_OPERAND and not self.in_shape:
                return fault("E115", (before.start, token.end), found=self.shown(before), next=found)
        return fault("E132", token[2:], found=found)
