"""Products in generated code in which a zero wins over an infinity: ``x/norm2(x)`` at ``x = 0``.

A module of its own because it states one convention of the contract: at a kink the value is that of the
usual subgradient. It says which values may be infinite because a root below the line, or what a logarithm
is taken of, is zero, and how products with them are written; all others are written as they stand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from dimcompat.codegen.signs import is_positive
from dimcompat.codegen.spelling import ATOM, Piece, literal_text, powers_text
from dimcompat.codegen.values import Op, Value, coefficient_of, exponents_of
from dimcompat.functions.exponentials import LOG

UNIT = Fraction(1)
OVER_ROOT, TIMES, MATMUL = "_over_root", "_times", "_matmul"
Guarded = tuple[Piece, list[str]]
"""A text, and the helpers that it calls."""

_MULTIPLYING = frozenset({Op.PRODUCT, Op.MATMUL, Op.OUTER, Op.DOT, Op.ROW_DOTS})
# What may be infinite where one of its operands is, and may then still meet a zero.
_PASSING_ON = frozenset(
    {Op.SUM, Op.PRODUCT, Op.MATMUL, Op.OUTER, Op.TRANSPOSE, Op.COLUMN, Op.ROW, Op.STRETCH, Op.RAVEL}
    | {Op.FLATTEN, Op.UNFLATTEN, Op.DIAGONAL, Op.DIAG, Op.PICKED, Op.LOOP, Op.GATHER_ROWS, Op.GATHER_COLS}
)


def infinite_at_zeros(values: Collection[Value]) -> frozenset[Value]:
    """Those of these values, each after its operands, that may be infinite where something is zero and are
    multiplied by what may be zero as well."""
    if not any(value.op is Op.POWER or (value.op is Op.PRODUCT and _roots(value)) for value in values):
        return frozenset()
    found: set[Value] = set()
    for value in values:
        found |= _logarithms(value)
        passed_on = value.op in _PASSING_ON and not found.isdisjoint(value.operands)
        if passed_on or (value.op is Op.PRODUCT and _roots(value)):
            found.add(value)
    multiplied = (value for value in values if value in found or value.op in _MULTIPLYING)
    used = {operand for value in multiplied for operand in value.operands}
    return frozenset(value for value in found if value in used or len(value.operands) > 1)


def _roots(value: Value) -> set[Value]:
    """The operands of which a product divides by a root that may be zero."""
    found: set[Value] = set()
    for operand, power in zip(value.operands, exponents_of(value), strict=True):
        if power.numerator < 0 and power.denominator > 1 and not operand.host and not is_positive(operand):
            found.add(operand)
    return found


def _logarithms(value: Value) -> set[Value]:
    """The operands that are the logarithm of what another one is a power of."""
    if value.op not in _MULTIPLYING:
        return set()
    bases = {operand.operands[0] for operand in value.operands if operand.op is Op.POWER}
    calls = (operand for operand in value.operands if operand.op is Op.CALL and operand.facts is LOG)
    return {call for call in calls if call.operands[0] in bases}


def guarded(value: Value, pieces: Sequence[Piece], infinite: frozenset[Value], root: str) -> Guarded | None:
    """A product with an operand that may be infinite; None for other values."""
    if value.op not in _MULTIPLYING or (value not in infinite and infinite.isdisjoint(value.operands)):
        return None
    if value.op is Op.PRODUCT:
        return _product(value, pieces, infinite, root)
    left, right = pieces
    if value.op is Op.MATMUL:
        return Piece(f"{MATMUL}({left.text}, {right.text})", ATOM), [MATMUL]
    first = f"{left.at(ATOM)}[:, None]" if value.op is Op.OUTER else left.text
    after = {Op.DOT: ".sum()", Op.ROW_DOTS: ".sum(axis=1)"}.get(value.op, "")
    return Piece(f"{TIMES}({first}, {right.text}){after}", ATOM), [TIMES]


def _product(value: Value, pieces: Sequence[Piece], infinite: frozenset[Value], root: str) -> Guarded | None:
    """``_over_root(_times(a * b, c), root)``, where c may be infinite."""
    factors = list(zip(value.operands, pieces, exponents_of(value), strict=True))
    roots = _roots(value)
    large = [factor for factor in factors if factor[0] in infinite and factor[0] not in roots]
    plain = [factor for factor in factors if factor[0] not in infinite and factor[0] not in roots]
    if large and all(operand.host for operand, _, _ in plain):  # numbers that are not zero
        plain.append(large.pop(0))
    if not roots and not large:
        return None
    text = (powers_text(value, coefficient_of(value), plain, root) if plain else literal_text(value)).text
    for factor in large:
        text = f"{TIMES}({text}, {powers_text(value, UNIT, [factor], root).text})"
    helpers = [TIMES] if large else []
    if roots:
        below = [(operand, piece, -power) for operand, piece, power in factors if operand in roots]
        text = f"{OVER_ROOT}({text}, {powers_text(value, UNIT, below, root).text})"
        helpers.append(OVER_ROOT)
    return Piece(text, ATOM), helpers
