"""One number that multiplies many results, moved into what all of them are made of.

A module of its own because it looks at all results together: ``X.T @ D / m``, ``D.sum(axis=0) / m`` and
``H.T @ R / m`` are three divisions where D is made of R, and ``R / m`` is one.
"""

from __future__ import annotations

from collections.abc import Sequence

from dimcompat.codegen.algebra import UNIT, Algebra
from dimcompat.codegen.values import Op, Value, coefficient_of, exponents_of, in_order

WORTH = 3
"""Results of one factor from which on it is moved: two may be smaller than what they are made of."""

# Operations that are linear in each of their operands, the others held fixed.
_LINEAR = frozenset(
    {Op.MATMUL, Op.OUTER, Op.TRANSPOSE, Op.COLUMN, Op.ROW, Op.TOTAL, Op.SUM0, Op.SUM1, Op.DOT, Op.ROW_DOTS}
)


def shared(algebra: Algebra, outputs: Sequence[Value]) -> list[Value]:
    """The outputs, where one factor is enough for several of them."""
    bodies: dict[Value, dict[int, Value]] = {}
    for place, value in enumerate(outputs):
        parts = _scaled(algebra, value)
        if parts is not None:
            bodies.setdefault(parts[0], {})[place] = parts[1]
    found = list(outputs)
    for scale, group in bodies.items():
        if len(group) >= WORTH:
            moved = _moved(algebra, scale, group, found)
            found = [moved.get(place, value) for place, value in enumerate(found)]
    return found


def _scaled(algebra: Algebra, value: Value) -> tuple[Value, Value] | None:
    """A number of Python's and the array that it multiplies."""
    if value.op is not Op.PRODUCT or not value.axes:
        return None
    powers = list(zip(value.operands, exponents_of(value), strict=True))
    rest = [(operand, power) for operand, power in powers if not operand.host]
    scale = algebra.product([item for item in powers if item[0].host], coefficient_of(value))
    return (scale, rest[0][0]) if len(rest) == 1 and rest[0][1] == 1 else None


def _moved(
    algebra: Algebra, scale: Value, group: dict[int, Value], outputs: Sequence[Value]
) -> dict[int, Value]:
    """The results of a group with the factor in what they have in common, by their places; none where they
    have nothing in common, or where something on the way to it is needed without the factor too."""
    order = list(in_order(group.values()))
    source = _common(order, list(group.values()))
    if source is None:
        return {}
    made = {source: algebra.scale(UNIT, source, scale)}
    for value in order:
        place = next(
            (at for at, part in enumerate(value.operands) if part in made and _is_linear(value, at)), None
        )
        if place is not None and value is not source:
            operands = [*value.operands]
            operands[place] = made[operands[place]]
            made[value] = algebra.make(value.op, *operands, facts=value.facts, axes=value.axes)
    moved = {place: made[body] for place, body in group.items()}
    others = in_order(moved.get(place, value) for place, value in enumerate(outputs))
    between = made.keys() - {source}
    return {} if any(value in between for value in others) else moved


def _common(order: Sequence[Value], bodies: Sequence[Value]) -> Value | None:
    """The last value that all bodies are linear in; no matrix where they are vectors."""
    most = max(len(body.axes) for body in bodies)
    reached = dict.fromkeys(order, 0)
    for bit, body in enumerate(bodies):
        reached[body] |= 1 << bit
    for value in reversed(order):
        if reached[value] == (1 << len(bodies)) - 1 and len(value.axes) <= most:
            return value
        for place, operand in enumerate(value.operands):
            if _is_linear(value, place):
                reached[operand] |= reached[value]
    return None


def _is_linear(value: Value, place: int) -> bool:
    """Whether a value is linear in the operand at this place."""
    if value.op is Op.PRODUCT:
        return exponents_of(value)[place] == 1 and bool(value.operands[place].axes)
    return value.op in _LINEAR
