"""The text of one value: arithmetic with as few brackets as can be read, everything else from a table.

A module of its own because Python's operators are the same for every target; what differs is in the
target's table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from dimcompat.codegen.values import Op, Value

ANY, SUM, PRODUCT, UNARY, POWER, ATOM = range(6)
_PLACE = re.compile(r"\{(\w+)\}|<(\d)>")
_EXACT_DIGITS = 15


class Piece(NamedTuple):
    """A text and how tightly its outermost operator binds."""

    text: str
    level: int

    def at(self, level: int) -> str:
        """The text, in brackets where it binds less tightly than that."""
        return self.text if self.level >= level else f"({self.text})"


def filled(template: str, pieces: Sequence[Piece], fields: dict[str, str] | None = None) -> str:
    """A template with its places filled: ``{0}`` stands alone, ``<0>`` before a postfix."""

    def put(found: re.Match[str]) -> str:
        loose, tight = found.groups()
        if tight is not None:
            return pieces[int(tight)].at(ATOM)
        if loose.isdigit():
            return pieces[int(loose)].text
        return fields[loose] if fields is not None and loose in fields else found.group()

    return _PLACE.sub(put, template)


@cache
def places(template: str, place: int) -> int:
    """How often an operand stands in a template."""
    return sum(str(place) in found for found in _PLACE.findall(template))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────


def number_text(value: Fraction) -> Piece:
    """A literal: exact where a literal can be, else the nearest float."""
    if value < 0:
        return Piece(f"-{number_text(-value).at(POWER)}", UNARY)
    if value.denominator == 1 and len(str(value.numerator)) <= _EXACT_DIGITS:
        return Piece(str(value.numerator), ATOM)
    try:
        nearest = float(value)
    except OverflowError:
        return Piece('float("inf")', ATOM)
    short = len(str(value.numerator)) + len(str(value.denominator)) <= _EXACT_DIGITS
    if short and Fraction(repr(nearest)) != value:
        return Piece(f"{value.numerator} / {value.denominator}", PRODUCT)
    return Piece(repr(nearest), ATOM)


# ── sums and products ────────────────────────────────────────────────────────────────────────────────


def sum_text(value: Value, pieces: Sequence[Piece]) -> Piece:
    """``a - 2 * b``; a term without a minus sign first, if there is one."""
    assert isinstance(value.facts, tuple)
    terms = list(zip(value.facts, pieces, strict=True))
    if terms[0][0] < 0 or terms[0][1].text.startswith("-"):
        first = next((t for t in terms if t[0] > 0 and not t[1].text.startswith("-")), terms[0])
        terms.remove(first)
        terms.insert(0, first)
    text = ""
    for factor, piece in terms:
        size = abs(factor)
        term = piece.at(PRODUCT) if size == 1 else f"{number_text(size).at(POWER)} * {piece.at(UNARY)}"
        sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
        if sign == "-" and term.startswith("-"):
            term = f"({term})"
        text += sign + term
    return Piece(text, SUM)


def product_text(value: Value, pieces: Sequence[Piece], root: str) -> Piece:
    """``2 * a * B / c``: from the small to the large, divisors last."""
    assert isinstance(value.facts, tuple)
    coefficient, exponents = value.facts
    top: list[str] = []
    bottom: list[str] = []
    for operand, piece, power in zip(value.operands, pieces, exponents, strict=True):
        side = top if power > 0 else bottom
        side.extend(_power(operand, piece, abs(power), root))
    if abs(coefficient) != 1 or not top:
        size = abs(coefficient)
        if (
            top
            and size.numerator == 1
            and size.denominator < 10**_EXACT_DIGITS
            and not bottom
            and not _decimal(size)
        ):
            bottom.append(str(size.denominator))
        else:
            top.insert(0, number_text(size).at(POWER))
    if len(value.operands) == 1 and not bottom and len(top) == 1 and coefficient == 1:
        return _single(top[0])
    text = ("-" if coefficient < 0 else "") + " * ".join(top)
    if bottom:
        text += " / " + (bottom[0] if len(bottom) == 1 else f"({' * '.join(bottom)})")
    return Piece(text, PRODUCT if len(top) + len(bottom) > 1 else UNARY)


def _decimal(value: Fraction) -> bool:
    return Fraction(repr(float(value))) == value


def _single(text: str) -> Piece:
    return Piece(text, ATOM if text.endswith(")") and "**" not in text else POWER)


def _power(operand: Value, piece: Piece, power: Fraction, root: str) -> list[str]:
    """The factors that make a positive power; squares are cheap, other powers are not."""
    if power == 1:
        return [piece.at(UNARY if piece.level == UNARY else ATOM)]
    if power == Fraction(1, 2) and not operand.host:
        return [root.replace("{0}", piece.text)]
    square = f"{piece.at(ATOM)}**2"
    if power == 3 and not operand.host and piece.text.isidentifier():
        return [piece.text, square]
    if power == 4 and not operand.host:
        return [f"({square})**2"]
    exponent = number_text(power)
    return [f"{piece.at(ATOM)}**{exponent.at(ATOM)}"]


def power_text(pieces: Sequence[Piece]) -> Piece:
    return Piece(f"{pieces[0].at(ATOM)} ** {pieces[1].at(ATOM)}", POWER)


def matmul_text(value: Value, pieces: Sequence[Piece]) -> Piece:
    left, right = pieces
    bare = left.level > PRODUCT or (value.operands[0].op is Op.MATMUL and left.level == PRODUCT)
    return Piece(f"{left.text if bare else f'({left.text})'} @ {right.at(POWER)}", PRODUCT)
