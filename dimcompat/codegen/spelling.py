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

from dimcompat.codegen.values import Op, Value, coefficient_of, exponents_of

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


Powered = tuple[Value, Piece, Fraction]
"""An operand of a product, its text, and the power to which it stands there."""


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


@cache
def named_places(template: str) -> frozenset[str]:
    """What else a template asks for: ``{axes}``, ``{length}``, …"""
    return frozenset(loose for loose, _ in _PLACE.findall(template) if not loose.isdigit()) - {""}


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────


def number_text(value: Fraction) -> Piece:
    """A literal: exact where a literal can be, else the nearest float."""
    if value.numerator < 0:
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


def _factor_text(value: Fraction, among: Value) -> Piece:
    """A literal in a sum or product; beside arrays a float, which an integer would be turned into each time
    that the code runs."""
    text = number_text(value)
    return Piece(f"{text.text}.0", ATOM) if among.axes and text.text.isdigit() else text


def is_floating(value: Value) -> bool:
    """Whether an operation makes a new array of floats even where its operands hold integers."""
    match value.op:
        case Op.SUM:
            assert isinstance(value.facts, tuple)
            literal = any(operand.op is Op.NUMBER for operand in value.operands)
            return bool(value.axes) and (literal or any(abs(factor) != 1 for factor in value.facts))
        case Op.PRODUCT:
            divides = any(power.numerator < 0 for power in exponents_of(value))
            return bool(value.axes) and (divides or abs(coefficient_of(value)) != 1)
        case _:
            return value.op in (Op.SOLVE, Op.ADD_LABELS, Op.ADD_DIAGONAL)


# ── sums and products ────────────────────────────────────────────────────────────────────────────────


def sum_text(value: Value, pieces: Sequence[Piece]) -> Piece:
    """``a - 2 * b``; a term without a minus sign first, if there is one."""
    assert isinstance(value.facts, tuple)
    terms = list(zip(value.operands, value.facts, pieces, strict=True))
    if terms[0][1].numerator < 0 or terms[0][2].text.startswith("-"):
        first = next((t for t in terms if t[1].numerator > 0 and not t[2].text.startswith("-")), terms[0])
        terms.remove(first)
        terms.insert(0, first)
    text = ""
    for operand, factor, piece in terms:
        minus = factor.numerator < 0
        size = -factor if minus else factor
        if operand.op is Op.NUMBER and isinstance(operand.facts, Fraction):
            term = _factor_text(size * operand.facts, value).at(PRODUCT)
        elif size == 1:
            term = piece.at(PRODUCT)
        else:
            term = f"{_factor_text(size, operand).at(POWER)} * {piece.at(UNARY)}"
        sign = ("-" if minus else "") if not text else (" - " if minus else " + ")
        if sign == "-" and term.startswith("-"):
            term = f"({term})"
        text += sign + term
    return Piece(text, SUM)


def product_text(value: Value, pieces: Sequence[Piece], root: str) -> Piece:
    """The text of a product."""
    factors = list(zip(value.operands, pieces, exponents_of(value), strict=True))
    return powers_text(value, coefficient_of(value), factors, root)


def powers_text(value: Value, coefficient: Fraction, factors: Sequence[Powered], root: str) -> Piece:
    """``2 * a * B / c``, some of the factors of a product: from the small to the large, divisors last."""
    top: list[str] = []
    bottom: list[str] = []
    for operand, piece, power in factors:
        if power.numerator > 0:
            top.extend(_power(operand, piece, power, root))
        else:
            bottom.extend(_power(operand, piece, -power, root))
    minus = coefficient.numerator < 0
    size = -coefficient if minus else coefficient
    if size != 1 or not top:
        if top and size.numerator == 1 and _divides(size, value):
            bottom.insert(0, _factor_text(Fraction(size.denominator), value).text)
        else:
            top.insert(0, _factor_text(size, value).at(POWER))
    if len(factors) == 1 and not bottom and len(top) == 1 and coefficient == 1:
        return _single(top[0])
    text = ("-" if minus else "") + " * ".join(top)
    if bottom:
        text += " / " + (bottom[0] if len(bottom) == 1 else f"({' * '.join(bottom)})")
    return Piece(text, PRODUCT if len(top) + len(bottom) > 1 else UNARY)


def literal_text(value: Value) -> Piece:
    """The number in front of a product."""
    return _factor_text(coefficient_of(value), value)


def _divides(size: Fraction, value: Value) -> bool:
    """Whether 1/k stands below: with other numbers of Python's, or where no float is exactly that."""
    if size.denominator >= 10**_EXACT_DIGITS:
        return False
    powers = zip(value.operands, exponents_of(value), strict=True)
    below = [operand for operand, power in powers if power.numerator < 0]
    if below:
        return not value.host and all(operand.host for operand in below)
    return Fraction(repr(float(size))) != size


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


def matmul_text(left: Piece, right: Piece, *, continued: bool) -> Piece:
    """``A @ B``; a product on the left needs no brackets where it is ``continued``."""
    bare = left.level > PRODUCT or (continued and left.level == PRODUCT)
    return Piece(f"{left.text if bare else f'({left.text})'} @ {right.at(POWER)}", PRODUCT)
