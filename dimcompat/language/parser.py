"""Tokens to syntax: a Pratt parser over the table of binding strength.

A module of its own because it is the one grammar for every notation: it knows tokens and
`precedence`, nothing of characters, shapes or functions. Operators wait on a list instead of
on Python's stack, so a chain of any length is read by a loop; only brackets recurse, and their
depth is limited.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, cast

import dimcompat.language.syntax as tree
from dimcompat.errors import DimcompatError, fault
from dimcompat.language.cursor import MAX_DEPTH, Read
from dimcompat.language.plain import ENDS, Kind, Token, number, tokens
from dimcompat.language.precedence import BINARY, PREFIX, Level, Operator
from dimcompat.language.shape_grammar import Part, ShapeGrammar
from dimcompat.language.syntax import Node

MAX_TEXT = 1_000_000


def parse_source(text: str, where: str = "source") -> tree.Source:
    """Reads an expression or a program in the plain notation."""
    return _read(text, where, _Reader.source)


def parse_expression(text: str, where: str = "source") -> Node:
    """Reads one expression, such as a claim."""
    return _read(text, where, lambda reader: reader.lone(reader.expression).node)


def parse_shape(text: str, where: str = "shapes") -> tree.DeclaredType:
    """Reads what stands after the colon of a declaration, such as `n, n symmetric`."""
    return _read(text, where, lambda reader: reader.lone(reader.shape))


def parse_declaration(text: str, where: str = "shapes") -> tree.Declaration:
    """Reads one declaration `NAME: SHAPE`."""
    return _read(text, where, lambda reader: reader.lone(reader.declaration))


def parse_name(text: str, where: str = "wrt") -> tree.Name:
    """Reads one name, in any of its spellings."""
    return _read(text, where, lambda reader: reader.lone(reader.name))


def parse_tokens(found: list[Token], text: str, where: str = "source") -> tree.Source:
    """Reads the tokens that another notation made of `text`."""
    return _read(text, where, _Reader.source, found)


def check_length(text: str) -> None:
    """Refuses a text that is too long to be read in good time."""
    if len(text) > MAX_TEXT:
        raise fault("E101", (MAX_TEXT, len(text)), length=len(text), limit=MAX_TEXT)


def _read(text: str, where: str, rule: Callable[[_Reader], Read], found: list[Token] | None = None) -> Read:
    try:
        check_length(text)
        return rule(_Reader(tokens(text) if found is None else found, text))
    except DimcompatError as error:
        error.at(error.span, text=text, where=where)
        raise


class _Waiting(NamedTuple):
    """An operator whose right operand is still to come. A sign in an exponent binds like the power."""

    row: Operator
    level: Level
    start: int


class _Reader(ShapeGrammar):
    """One method for each rule of the grammar."""

    # statements

    def source(self) -> tree.Source:
        statements = []
        self.skip_separators()
        while self.current.kind is not Kind.END:
            statements.append(self.statement())
            if not self.at(*ENDS):
                raise self.unexpected()
            self.skip_separators()
        if not statements:
            raise fault("E102", None)
        return tree.Source(self.text, tuple(statements))

    def statement(self) -> tree.Statement:
        first, second = self.current, self.ahead()
        if first.kind is Kind.NAME and second.kind is Kind.COLON:
            return self.declaration()
        if first.kind is Kind.NAME and second.kind is Kind.EQUALS:
            self.place += 2
            value = self.expression()
            return tree.Definition(first.text, first[2:], value.node, (first.start, value.end))
        if first.kind is Kind.NAME and second.text == "(":
            closer = self.matching(self.place + 1)
            if self.tokens[closer + 1].kind is Kind.EQUALS:
                return self.function_definition(self.tokens[closer])
        value = self.expression()
        return tree.Objective(value.node, (value.start, value.end))

    def function_definition(self, closer: Token) -> tree.FunctionDefinition:
        name, opener, parameter, last = self.tokens[self.place : self.place + 4]
        if parameter.kind is not Kind.NAME or last is not closer:
            span = (opener.end, closer.start) if parameter is not closer else (opener.start, closer.end)
            raise fault("E124", span, found=self.quoted(span))
        self.place += 5
        body = self.expression()
        span = (name.start, body.end)
        return tree.FunctionDefinition(name.text, name[2:], parameter.text, parameter[2:], body.node, span)

    def name(self) -> tree.Name:
        token = self.advance()
        if token.kind is not Kind.NAME or self.current.kind not in ENDS:
            span = (token.start, self.tokens[-2].end)
            raise fault("E129", span, found=self.quoted(span))
        return tree.Name(token.text, token[2:])

    # expressions

    def expression(self) -> Part:
        parts: list[Part] = []
        waiting: list[_Waiting] = []
        while True:
            while self.current.kind is Kind.OPERATOR and self.current.text in PREFIX:
                in_exponent = bool(waiting) and waiting[-1].level is Level.POWER
                level = Level.POWER if in_exponent else Level.UNARY
                self.wait(waiting, PREFIX[self.current.text], level)
            parts.append(self.operand())
            self.postfixes(parts, waiting)
            token = self.current
            if token.kind is not Kind.OPERATOR or (self.in_shape and self.typed(token) == "×"):
                self.join(parts, waiting, Level.SUM)
                return parts[0]
            self.binary(parts, waiting)

    def binary(self, parts: list[Part], waiting: list[_Waiting]) -> None:
        row = BINARY[self.current.text]
        self.join(parts, waiting, row.level if row.groups == "left" else Level(row.level + 1))
        self.wait(waiting, row, row.level)

    def wait(self, waiting: list[_Waiting], row: Operator, level: Level) -> None:
        if len(waiting) == MAX_DEPTH:
            raise fault("E121", self.current[2:], found=self.shown(self.current), limit=MAX_DEPTH)
        waiting.append(_Waiting(row, level, self.advance().start))

    def join(self, parts: list[Part], waiting: list[_Waiting], level: Level) -> None:
        """Gives their right operands to all waiting operators that bind at least as tightly as `level`."""
        while waiting and waiting[-1].level >= level:
            row, _, start = waiting.pop()
            right = parts.pop()
            if row.kind == "prefix":
                sign = cast(tree.PrefixOperator, row.spelling)
                node: Node = tree.Unary(sign, right.node, (start, right.end))
            else:
                left = parts.pop()
                start = left.start
                operator = cast(tree.BinaryOperator, row.spelling)
                node = tree.Binary(operator, left.node, right.node, (start, right.end))
            parts.append(Part(node, start, right.end))

    def postfixes(self, parts: list[Part], waiting: list[_Waiting]) -> None:
        while True:
            token = self.current
            if token.kind is Kind.TRANSPOSE:
                self.advance()
                self.transpose(parts, waiting, token.end)
            elif token.kind is Kind.SUPERSCRIPT:
                parts[-1] = self.superscript(parts[-1], self.advance())
            elif token.text == "[":
                items: list[tree.IndexItem] = []
                for _ in self.listed():
                    items.append(self.index_item())
                if len(items) > 2:
                    raise fault("E130", items[2].span, found=self.quoted(items[2].span))
                node, start, _ = parts[-1]
                span = (start, self.last.end)
                parts[-1] = Part(tree.Index(node, tuple(items), span), *span)
            elif token.text == "^" and self.names_transpose():
                self.caret_transpose(parts, waiting)
            else:
                return

    def transpose(self, parts: list[Part], waiting: list[_Waiting], end: int, caret: bool = False) -> None:
        """A transpose after an exponent applies to the power."""
        self.join(parts, waiting, Level.POWER)
        node, start, _ = parts[-1]
        parts[-1] = Part(tree.Transpose(node, (start, end), caret), start, end)

    def names_transpose(self) -> bool:
        exponent = self.ahead(2 if self.ahead().text == "-" else 1)
        return exponent.text in ("T", "ᵀ", "⊤")

    def caret_transpose(self, parts: list[Part], waiting: list[_Waiting]) -> None:
        """`X^T`, `X^⊤`, and `X^-T`, which is `(X^-1)'`."""
        if self.ahead().text == "-":
            self.binary(parts, waiting)
            sign, letter = self.advance(), self.current
            one = tree.NumberLiteral(Fraction(1), letter[2:])
            parts.append(Part(tree.Unary("-", one, (sign.start, letter.end)), sign.start, letter.end))
        else:
            self.advance()
        letter = self.advance()
        self.transpose(parts, waiting, letter.end, caret=letter.text == "T")

    def superscript(self, base: Part, token: Token) -> Part:
        span = token[2:]
        digits = token.text.lstrip("-").replace("T", "1")
        exponent: Node = tree.NumberLiteral(number(digits, span), span)
        if token.text.startswith("-"):
            exponent = tree.Unary("-", exponent, span)
        whole = (base.start, token.end)
        power: Node = tree.Binary("^", base.node, exponent, whole)
        return Part(tree.Transpose(power, whole) if token.text == "-T" else power, *whole)

    def operand(self) -> Part:
        token = self.current
        if token.kind is Kind.NUMBER:
            self.advance()
            return Part(tree.NumberLiteral(number(token.text, token[2:]), token[2:]), *token[2:])
        if token.kind is Kind.NAME:
            return self.name_or_call(self.advance())
        if token.text == "[":
            raise fault("E414", token[2:])
        if token.kind is not Kind.OPEN:
            raise self.no_operand()
        opener = self.open()
        self.refuse_empty(opener)
        inside = self.expression()
        closer = self.close()
        span = (opener.start, closer.end)
        if opener.text == "(":
            return Part(inside.node, *span)
        return Part(tree.Call(closer.text, opener[2:], (inside.node,), (), span), *span)

    def name_or_call(self, token: Token) -> Part:
        """A name, a call, or a call of a derivative: `f'(x)` without a gap calls `f'`."""
        place, end = self.place, token.end
        while self.tokens[place].text == "'" and self.tokens[place].start == end:
            place, end = place + 1, self.tokens[place].end
        primes = place - self.place
        opener = self.tokens[place]
        if opener.text != "(" or (primes and opener.start != end):
            return Part(tree.Name(token.text, token[2:]), *token[2:])
        self.place = place
        arguments: list[Node] = []
        keywords: list[tree.Keyword] = []
        for _ in self.listed(may_be_empty=True):
            key = self.keyword(keywords)
            value = self.expression()
            if key:
                span = (key.start, value.end)
                keywords.append(tree.Keyword(key.text, key[2:], value.node, span))
            elif keywords:
                raise fault("E122", value[1:], found=self.quoted(value[1:]))
            else:
                arguments.append(value.node)
        span, name_span = (token.start, self.last.end), (token.start, end)
        name = token.text + "'" * primes
        return Part(tree.Call(name, name_span, tuple(arguments), tuple(keywords), span), *span)

    def keyword(self, before: list[tree.Keyword]) -> Token | None:
        """The name of a named argument, if one starts here."""
        token = self.current
        if token.kind is not Kind.NAME or self.ahead().kind is not Kind.EQUALS:
            return None
        if any(keyword.name == token.text for keyword in before):
            raise fault("E123", token[2:], found=self.shown(token))
        self.place += 2
        return token

    def index_item(self) -> tree.IndexItem:
        return tree.All(self.advance()[2:]) if self.at(Kind.COLON) else self.expression().node
