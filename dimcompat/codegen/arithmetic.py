"""Sums and products entry by entry, and views: each brought into the form that costs least to run.

A module of its own because here a scalar finds the smallest thing that it can multiply, and what two
formulas add or multiply in whatever order is one value.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction

from dimcompat.codegen.values import Axes, Graph, Op, Value, coefficient_of, exponents_of
from dimcompat.shapes import ONE, Dim, Shape

UNIT = Fraction(1)
Powers = list[tuple[Value, Fraction]]
Made = dict[Value, Fraction]


def axes_of(shape: Shape) -> Axes:
    """The axes of a value of this shape: those that are not 1."""
    return tuple([dim for dim in shape if dim is not ONE])


class Arithmetic:
    """Numbers, sums and products entry by entry, and views."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.make = graph.make
        self.symmetric: set[Value] = set()
        self.logarithms: dict[Value, Value] = {}  # of values whose logarithm is better computed otherwise
        self.peaks: dict[Value, tuple[Value, Value, Value]] = {}  # of log-sum-exp: see _less_entry
        self.unordered: dict[tuple[Op, frozenset[Value]], list[tuple[Fraction, Made, Value]]] = {}

    # ── numbers ──────────────────────────────────────────────────────────────────────────────────────

    def number(self, value: Fraction | int) -> Value:
        return self.make(Op.NUMBER, facts=value if isinstance(value, Fraction) else Fraction(value))

    def size(self, dim: Dim) -> Value:
        return self.number(dim.value) if dim.value is not None else self.make(Op.SIZE, facts=dim)

    # ── entry by entry ───────────────────────────────────────────────────────────────────────────────

    def sum(self, terms: Iterable[tuple[Value, Fraction]], axes: Axes = ()) -> Value:
        """Terms with coefficients; the terms fit together as they are."""
        collected: dict[Value, Fraction] = {}
        for value, factor in terms:
            if value.op == Op.NUMBER:
                value, factor = self.number(1), factor * number_of(value)
            elif value.op == Op.PRODUCT and not value.axes and coefficient_of(value) != 1:
                factor, value = factor * coefficient_of(value), self._bare(value)
            _add_to(collected, value, factor)
        self._less_entry(collected)
        kept = [(value, factor) for value, factor in collected.items() if factor]
        if not kept:
            return self.filled(0, axes)
        if len(kept) == 1:
            ((value, factor),) = kept
            return self.stretch(self.scale(factor, value), axes)
        return self.stretch(self._once(Op.SUM, UNIT, kept, tuple([factor for _, factor in kept])), axes)

    def _less_entry(self, factors: dict[Value, Fraction]) -> None:
        """``logsumexp(u) - u[y]`` is ``log(sums) - low[y]``, where low are the scores less their largest."""
        for whole in [value for value in factors if value in self.peaks]:
            scores, low, logarithm = self.peaks[whole]
            entries = (value for value in factors if value.op in (Op.PICK, Op.ENTRY))
            entry = next(
                (v for v in entries if v.operands[0] is scores and factors[v] == -factors[whole]), None
            )
            if entry is not None:
                lower = self.make(entry.op, low, *entry.operands[1:], facts=entry.facts, axes=entry.axes)
                _add_to(factors, logarithm, factors.pop(whole))
                _add_to(factors, lower, factors.pop(entry))

    def _once(self, op: Op, coefficient: Fraction, parts: Powers, facts: Hashable) -> Value:
        """The value that the same parts made in whatever order, or a new one."""
        found = self._found(op, coefficient, parts)
        arrays = [value for value, _ in parts if value.axes]
        if found is None and arrays and all(map(is_whole, arrays)):
            turned = self._found(op, coefficient, [(self.transpose(value), power) for value, power in parts])
            found = None if turned is None else self.transpose(turned)
        if found is None:
            operands = tuple([value for value, _ in parts])
            found = self.graph.new(op, operands, facts, joint(operands))
            same = self.unordered.setdefault((op, frozenset(operands)), [])
            same.append((coefficient, dict(parts), found))
        return found

    def _found(self, op: Op, coefficient: Fraction, parts: Powers) -> Value | None:
        """What these parts have made; rationals are compared, which costs less than to hash them."""
        same = self.unordered.get((op, frozenset([value for value, _ in parts])), ())
        wanted = dict(parts)
        return next((made for c, known, made in same if c == coefficient and known == wanted), None)

    def product(self, powers: Iterable[tuple[Value, Fraction]], coefficient: Fraction = UNIT) -> Value:
        """Powers that fit together as they are, multiplied entry by entry."""
        collected: dict[Value, Fraction] = {}
        for value, power in powers:
            if value.op == Op.NUMBER and power.denominator == 1 and (number_of(value) or power > 0):
                coefficient *= number_of(value) ** power.numerator
            elif value.op == Op.PRODUCT and power.denominator == 1:
                if coefficient_of(value) != 1:
                    coefficient *= coefficient_of(value) ** power.numerator
                for inner, own in self._opened(value, coefficient):
                    _add_to(collected, inner, own if power == 1 else own * power)
            else:
                _add_to(collected, value, power)
        self._join_logistics(collected)
        kept = [(value, power) for value, power in collected.items() if power]
        scalars = [(value, power) for value, power in kept if not value.axes]
        arrays = sorted((item for item in kept if item[0].axes), key=lambda item: _rank(item[0]))
        if not arrays:
            return self._power_product(scalars, coefficient)
        if scalars and (coefficient != 1 or len(scalars) > 1):
            scalars, coefficient = [(self._power_product(scalars, coefficient), UNIT)], UNIT
        return self._power_product([*scalars, *arrays], coefficient)

    def _join_logistics(self, powers: dict[Value, Fraction]) -> None:
        """``sigmoid(u) * sigmoid(-u) = e / (1 + e)^2`` where e is exp(-abs(u))."""
        for value in [value for value in powers if value.op is Op.LOGISTIC and powers[value] == 1]:
            other = self.graph.known.get((Op.COUNTER_LOGISTIC, value.operands, None, value.axes))
            if other is not None and powers.get(other) == 1:
                small = value.operands[1]
                below = self.sum([(self.number(1), UNIT), (small, UNIT)], value.axes)
                del powers[value], powers[other]
                _add_to(powers, small, UNIT)
                _add_to(powers, below, Fraction(-2))

    def _power_product(self, powers: Powers, coefficient: Fraction) -> Value:
        if not powers:
            return self.number(coefficient)
        if len(powers) == 1 and powers[0][1] == 1 and coefficient == 1:
            return powers[0][0]
        return self._once(
            Op.PRODUCT, coefficient, powers, (coefficient, tuple([power for _, power in powers]))
        )

    def _opened(self, value: Value, coefficient: Fraction) -> Powers:
        """The powers in a product, where something is smaller than the whole that a scalar may multiply;
        else the product stays one, because another formula may need it."""
        smaller = coefficient != 1 and any(_rank(operand) < _rank(value) for operand in value.operands)
        if not value.axes or len(value.operands) == 1 or (smaller and value not in self.graph.names):
            return list(zip(value.operands, exponents_of(value), strict=True))
        return [(self._bare(value), UNIT)]

    def _bare(self, value: Value) -> Value:
        powers = list(zip(value.operands, exponents_of(value), strict=True))
        return self._power_product(powers, UNIT)

    def scale(self, coefficient: Fraction, value: Value, scalar: Value | None = None) -> Value:
        """``coefficient * scalar * value``, the multiplication where it costs least."""
        if scalar is not None and scalar.op == Op.NUMBER:
            coefficient, scalar = coefficient * number_of(scalar), None
        if coefficient == 1 and scalar is None:
            return value
        if value.op in (Op.OUTER, Op.KRON, Op.KRON_EYE):
            first = self.scale(coefficient, value.operands[0], scalar)
            return self.make(value.op, first, *value.operands[1:], facts=value.facts, axes=value.axes)
        if value.op == Op.KRON_COMMUTED:
            first, second, *block = value.operands
            parts = [self.scale(coefficient, part, scalar) for part in (first, *block)]
            return self.make(value.op, parts[0], second, *parts[1:], axes=value.axes)
        if value.op == Op.MATMUL and value.operands[0].op == Op.PRODUCT and len(value.axes) == 2:
            first = self.scale(coefficient, value.operands[0], scalar)
            return self.make(Op.MATMUL, first, value.operands[1], axes=value.axes)
        if value.op in (Op.ONES, Op.STRETCH) and value.operands:
            return self.stretch(self.scale(coefficient, value.operands[0], scalar), value.axes)
        powers = [(value, UNIT)] if scalar is None else [(scalar, UNIT), (value, UNIT)]
        return self.product(powers, coefficient)

    # ── views ────────────────────────────────────────────────────────────────────────────────────────

    def transpose(self, value: Value) -> Value:
        if len(value.axes) < 2:
            return value
        if value in self.symmetric:
            return value
        if value.op == Op.TRANSPOSE:
            return value.operands[0]
        if value.op == Op.OUTER:
            return self.make(Op.OUTER, *value.operands[::-1], axes=value.axes[::-1])
        return self.make(Op.TRANSPOSE, value, axes=value.axes[::-1])

    def column(self, value: Value) -> Value:
        """A vector as a column among matrices."""
        return self.make(Op.COLUMN, value, axes=(*value.axes, ONE)) if len(value.axes) == 1 else value

    def row(self, value: Value) -> Value:
        return self.make(Op.ROW, value, axes=(ONE, *value.axes)) if len(value.axes) == 1 else value

    def stretch(self, value: Value, axes: Axes) -> Value:
        """A smaller value in larger axes; a column is one already."""
        if value.axes == axes:
            return value
        if value.op == Op.NUMBER and number_of(value) in (0, 1):
            return self.filled(int(number_of(value)), axes)
        return self.make(Op.STRETCH, value, facts=axes, axes=axes)

    def filled(self, number: int, axes: Axes) -> Value:
        """Zeros or ones."""
        if not axes:
            return self.number(number)
        return self.make(Op.ONES if number else Op.ZEROS, facts=axes, axes=axes)


def _add_to(collected: dict[Value, Fraction], value: Value, factor: Fraction) -> None:
    """A coefficient or exponent more of this value."""
    collected[value] = collected[value] + factor if value in collected else factor


def number_of(value: Value) -> Fraction:
    assert isinstance(value.facts, Fraction)
    return value.facts


def is_whole(value: Value) -> bool:
    """A matrix, and no column or row that is stretched to one."""
    return len(value.axes) == 2 and ONE not in value.axes


def _rank(value: Value) -> int:
    """How large: vectors before matrices."""
    return sum(dim is not ONE for dim in value.axes)


def joint(values: Sequence[Value]) -> Axes:
    """The axes that arrays have together, as NumPy broadcasts them."""
    length = max(len(value.axes) for value in values)
    found = [ONE] * length
    for value in values:
        for place, dim in enumerate(reversed(value.axes), 1):
            if dim is not ONE:
                found[length - place] = dim
    return tuple(found)
