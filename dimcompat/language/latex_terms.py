r"""LaTeX operators to plain tokens: products without a sign, sums that reach to the next + or -.

A module of its own because it is where LaTeX is read unlike the plain notation: what stands side by side is
multiplied and holds together more tightly than ``\odot``, and what has no brackets gets them here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Literal

from dimcompat.errors import fault, shown
from dimcompat.functions.determinants import DET, LOGDET
from dimcompat.functions.exponentials import LOG
from dimcompat.functions.kinks import ABS
from dimcompat.functions.linear_algebra import DOT, KRON
from dimcompat.language.latex_known import Known
from dimcompat.language.latex_tokens import Pieces, Raw
from dimcompat.language.latex_words import ENTRYWISE, STYLES, TRANSPOSES, UPRIGHT
from dimcompat.language.plain import Kind, Token
from dimcompat.messages import say
from dimcompat.records import dataclass

MAX_DEPTH = 100
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789-T")
Range = tuple[int, int]
INSIDE_A_PRODUCT = ("function", "run", "outside")


LOOKS = frozenset("\\" + name for name in (*STYLES, *UPRIGHT))


def says_nothing(raw: Raw) -> bool:
    """Whether a piece only groups others or changes their look."""
    return raw.text in LOOKS or (raw.text == "{" and raw.kind in ("open", "close"))


@dataclass(slots=True)
class Opened:
    """A bracket that LaTeX leaves out; its first token is at ``start``, and it binds ``bound`` indices."""

    kind: Literal["series", "function", "run", "inside", "outside"]
    start: int
    brackets: int = 1
    after: tuple[Token, ...] = ()
    bound: int = 0


@dataclass(slots=True)
class Level:
    """What stands between two brackets: where its term and its product begin, and what is to be closed."""

    term: int
    run: int
    ended: bool = False
    opened: list[Opened] = field(default_factory=list)


class Terms:
    """Reads what stands between two places; operands are the business of the class that builds on this."""

    def __init__(self, found: Pieces, known: Known) -> None:
        self.raws, self.partner, self.text = found
        self.known = known
        self.out: list[Token] = []
        self.bound: list[str] = []
        self.level = Level(0, 0)
        self.depth = 0

    def operand(self, at: int, end: int) -> int:
        """Reads an operand; returns the place after it."""
        raise NotImplementedError

    # tokens

    def put(self, kind: Kind, text: str, start: int, end: int | None = None) -> None:
        """A token; without an end it stands for nothing that was typed."""
        self.out.append(Token(kind, text, start, start if end is None else end))

    def here(self) -> int:
        """Where the last token ends."""
        return self.out[-1].end if self.out else 0

    def typed(self, raw: Raw) -> str:
        return shown(self.text[raw.start : raw.end])

    # expressions

    def expression(self, at: int, end: int) -> None:
        """Reads the pieces from ``at`` to ``end`` at a level of their own."""
        if self.depth == MAX_DEPTH:
            raw = self.raws[at - 1]
            raise fault("E121", raw[2:], found=self.typed(raw), limit=MAX_DEPTH)
        outer, self.level = self.level, Level(len(self.out), len(self.out))
        self.depth += 1
        while at < end:
            at = self.item(at, end)
        self.close()
        self.depth -= 1
        self.level = outer

    def bracketed(self, at: int, end: int, start: int, stop: int) -> None:
        """An expression in brackets that were not typed, from ``start`` to ``stop``."""
        self.put(Kind.OPEN, "(", start)
        self.expression(at, end)
        self.put(Kind.CLOSE, ")", stop)
        self.level.ended = True

    def item(self, at: int, end: int) -> int:
        raw, level = self.raws[at], self.level
        if raw.kind != "symbol":
            return self.operand(at, end)
        match raw.text:
            case "+" | "-":
                if level.ended:
                    self.close()
                self.put(Kind.OPERATOR, raw.text, *raw[2:])
                if level.ended or level.term == len(self.out) - 1:
                    level.term = level.run = len(self.out)
                level.ended = False
            case "*" | "/" | ".*" | "./" | "@":
                self.close(INSIDE_A_PRODUCT)
                self.put(Kind.OPERATOR, raw.text, *raw[2:])
                if raw.text in ENTRYWISE:
                    level.opened.append(Opened("run", len(self.out)))
                    self.put(Kind.OPEN, "(", raw.end)
                level.run, level.ended = len(self.out), False
            case "⊗":
                self.close(INSIDE_A_PRODUCT)
                self.wrap("outside", level.run, KRON.name, raw)
            case ":":
                self.close(INSIDE_A_PRODUCT)
                self.wrap("inside", level.term, DOT.name, raw)
            case ",":
                self.close()
                self.put(Kind.COMMA, ",", *raw[2:])
                level.term = level.run = len(self.out)
                level.ended = False
            case "=" | ":=":
                self.put(Kind.EQUALS, "=", *raw[2:])
                level.ended = False
            case "'":
                self.put(Kind.TRANSPOSE, "'", *raw[2:])
            case "^":
                return self.exponent(at, end)
            case ".^":
                self.put(Kind.OPERATOR, ".^", *raw[2:])
                level.ended = False
            case "_":
                raise fault("E154", raw[2:], found=self.typed(raw))
            case raised if raised.translate(RAISED) != raised:
                self.put(Kind.SUPERSCRIPT, raised.translate(RAISED), *raw[2:])
            case _:
                raise fault("E103", raw[2:], found=self.typed(raw))
        return at + 1

    def wrap(self, kind: Literal["inside", "outside"], start: int, name: str, raw: Raw) -> None:
        """What has been read from ``start`` on becomes the first argument of a call."""
        if not self.level.ended:
            raise fault("E113", raw[2:], found=self.typed(raw))
        place = self.out[start].start
        self.out[start:start] = [
            Token(Kind.NAME, name, place, place),
            Token(Kind.OPEN, "(", place, place),
        ]
        self.put(Kind.COMMA, ",", *raw[2:])
        self.level.opened.append(Opened(kind, start))
        self.level.ended = False
        if kind == "inside":
            self.level.run = len(self.out)

    def close(self, kinds: Iterable[str] | None = None) -> None:
        """Closes what is open; with ``kinds``, only what is innermost and of these kinds."""
        opened = self.level.opened
        while opened and (kinds is None or opened[-1].kind in kinds):
            last = opened.pop()
            if last.kind == "run" and len(self.out) == last.start + 1:
                self.out.pop()
                continue
            if not self.level.ended and last.kind == "function":
                name = self.out[last.start]
                found = shown(self.text[name.start : name.end])
                raise fault("E153", name[2:], found=found, wanted=say("latex.an argument"))
            for _ in range(last.brackets):
                self.put(Kind.CLOSE, ")", self.here())
            del self.bound[len(self.bound) - last.bound :]
            if last.kind == "function":
                self.join_log_det(last.start)
            self.out += last.after

    def join_log_det(self, start: int) -> None:
        """``log(det(C))`` and ``log(abs(det(C)))``, from ``start`` to the end, are the function logdet."""
        texts = [token.text for token in self.out[start : start + 6]]
        inner = 4 if texts[2:3] == [ABS.name] else 2
        if texts[:1] != [LOG.name] or texts[inner : inner + 2] != [DET.name, "("]:
            return
        depth, place = 0, start + inner + 1
        while place < len(self.out):
            kind = self.out[place].kind
            depth += (kind is Kind.OPEN) - (kind is Kind.CLOSE)
            place += 1
            if depth == 0:
                break
        rest = len(self.out) - place
        if rest == inner // 2 and all(token.kind is Kind.CLOSE for token in self.out[place:]):
            name = self.out[start]
            self.out[start : start + inner + 1] = [
                Token(Kind.NAME, LOGDET.name, name.start, self.out[start + inner].end)
            ]
            del self.out[len(self.out) - rest :]

    # what stands above

    def argument(self, at: int, end: int, of: Raw) -> tuple[int, int, int]:
        """The argument that starts at a place: from where to where, and the place after it."""
        raw = self.raws[at]
        if at >= end or raw.kind in ("end", "close", "break"):
            raise fault("E153", of[2:], found=self.typed(of), wanted=say("latex.an argument"))
        if raw.text == "{":
            return at + 1, self.partner[at], self.partner[at] + 1
        if raw.kind == "command" and raw.text[1:] in (*STYLES, *UPRIGHT):
            *_, after = self.argument(at + 1, end, raw)
            return at, after, after
        return at, at + 1, at + 1

    def flat(self, at: int, end: int) -> list[Raw]:
        """The pieces without braces and without what only changes their look."""
        return [raw for raw in self.raws[at:end] if not says_nothing(raw)]

    def exponent(self, at: int, end: int) -> int:
        """A transpose, an inverse or a power."""
        sign, level = self.raws[at], self.level
        first, last, after = self.argument(at + 1, end, sign)
        above = self.flat(first, last)
        words = [raw.text for raw in above]
        span = (sign.start, self.raws[after - 1].end)
        level.ended = True
        if words == ["T"] and last == first + 1:
            self.put(Kind.OPERATOR, "^", *sign[2:])
            self.put(Kind.NAME, "T", *above[0][2:])
        elif len(words) == 1 and words[0] in TRANSPOSES:
            self.put(Kind.TRANSPOSE, "'", *span)
        elif len(words) == 2 and words[0] == "-" and words[1] in TRANSPOSES:
            self.put(Kind.SUPERSCRIPT, "-T", *span)
        elif words[-1:] and words[-1].isdecimal() and words[:-1] in ([], ["-"]):
            self.put(Kind.SUPERSCRIPT, "".join(words), *span)
        elif words[:1] == [".*"] and len(words) > 1:
            self.put(Kind.OPERATOR, ".^", *sign[2:])
            self.bracketed(first + 1, last, above[1].start, span[1])
        elif len(words) == 1 and words[0] in ("*", "+", r"\star", r"\dagger"):
            hint = say("latex.transpose")
            raise fault("E424", span, found=shown(self.text[slice(*span)]), hint=hint)
        elif len(words) > 1 and words[-1] in TRANSPOSES and words[-1] != "T":
            self.put(Kind.OPERATOR, "^", *sign[2:])
            self.bracketed(first, last - 1, self.raws[first].start, self.raws[last - 1].start)
            self.put(Kind.TRANSPOSE, "'", *self.raws[last - 1][2:])
        else:
            self.put(Kind.OPERATOR, "^", *sign[2:])
            self.bracketed(first, last, self.raws[first].start, span[1])
        return after

    # sizes

    def sized(self, name: str, span: tuple[int, int], below: Range) -> None:
        r"""A constant whose sizes stand below it, ``\mathbf{1}_{m \times n}``."""
        first, last = below
        stop = self.raws[last - 1].end
        self.put(Kind.NAME, name, *span)
        self.put(Kind.OPEN, "(", span[1])
        for number, (start, end) in enumerate(self.parted(first, last)):
            if number:
                self.put(Kind.COMMA, ",", self.raws[start - 1].start)
            self.expression(start, end)
        self.put(Kind.CLOSE, ")", stop)

    def parted(self, first: int, last: int) -> list[Range]:
        r"""The dimensions between ``\times`` or commas."""
        depth, start, found = 0, first, list[Range]()
        for place in range(first, last):
            raw = self.raws[place]
            depth += (raw.kind == "open") - (raw.kind == "close")
            typed = self.text[raw.start : raw.end]
            if not depth and (typed in (r"\times", "×", ",") or (typed == "x" and place > first)):
                found.append((start, place))
                start = place + 1
        return [*found, (start, last)]
