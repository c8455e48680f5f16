"""Constructors of values: each brings what it makes into the form that costs least to run.

A module of its own because here the rewritings of code live: sums of products are dot products, a
scalar multiplies the smallest thing it can, a transposed transpose is nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from fractions import Fraction

from dimcompat.codegen.values import Axes, Graph, Op, Value
from dimcompat.expressions import Index
from dimcompat.shapes import ONE, Dim, Shape

UNIT = Fraction(1)
Powers = list[tuple[Value, Fraction]]


def axes_of(shape: Shape) -> Axes:
    """The axes of a value of this shape: those that are not 1."""
    return tuple(dim for dim in shape if dim is not ONE)


class Algebra:
    """Constructors over one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.make = graph.make
        self.symmetric: set[Value] = set()
        self.logarithms: dict[Value, Value] = {}  # of values whose logarithm is better computed otherwise
        self.unordered: dict[tuple[Hashable, ...], Value] = {}

    # ── numbers ──────────────────────────────────────────────────────────────────────────────────────

    def number(self, value: Fraction | int) -> Value:
        return self.make(Op.NUMBER, facts=Fraction(value))

    def size(self, dim: Dim) -> Value:
        return self.number(dim.value) if dim.value is not None else self.make(Op.SIZE, facts=dim)

    # ── entry by entry ───────────────────────────────────────────────────────────────────────────────

    def sum(self, terms: Iterable[tuple[Value, Fraction]], axes: Axes = ()) -> Value:
        """Terms with coefficients; the terms fit together as they are."""
        collected: dict[Value, Fraction] = {}
        for value, factor in terms:
            if value.op == Op.NUMBER:
                value, factor = self.number(1), factor * _number(value)
            elif value.op == Op.PRODUCT and not value.axes and _coefficient(value) != 1:
                factor, value = factor * _coefficient(value), self._bare(value)
            collected[value] = collected.get(value, Fraction(0)) + factor
        kept = [(value, factor) for value, factor in collected.items() if factor]
        if not kept:
            return self.filled(0, axes)
        if len(kept) == 1:
            ((value, factor),) = kept
            return self.stretch(self.scale(factor, value), axes)
        operands = [value for value, _ in kept]
        factors = tuple(factor for _, factor in kept)
        made = self._once(
            Op.SUM, kept, lambda: self.make(Op.SUM, *operands, facts=factors, axes=joint(operands))
        )
        return self.stretch(made, axes)

    def _once(self, op: Op, parts: Powers, make: Callable[[], Value]) -> Value:
        """The value that the same parts made in whatever order, or a new one."""
        key = (op, frozenset(parts))
        if key not in self.unordered and all(_is_whole(value) for value, _ in parts if value.axes):
            turned = self.unordered.get((op, frozenset((self.transpose(v), p) for v, p in parts)))
            if turned is not None:
                return self.transpose(turned)
        if key not in self.unordered:
            self.unordered[key] = make()
        return self.unordered[key]

    def product(self, powers: Iterable[tuple[Value, Fraction]], coefficient: Fraction = UNIT) -> Value:
        """Powers that fit together as they are, multiplied entry by entry."""
        collected: dict[Value, Fraction] = {}
        for value, power in powers:
            if value.op == Op.NUMBER and power.denominator == 1 and (_number(value) or power > 0):
                coefficient *= _number(value) ** power.numerator
            elif value.op == Op.PRODUCT and power.denominator == 1:
                coefficient *= _coefficient(value) ** power.numerator
                for inner, own in self._opened(value, coefficient):
                    collected[inner] = collected.get(inner, Fraction(0)) + own * power
            else:
                collected[value] = collected.get(value, Fraction(0)) + power
        kept = [(value, power) for value, power in collected.items() if power]
        scalars = [(value, power) for value, power in kept if not value.axes]
        arrays = sorted((item for item in kept if item[0].axes), key=lambda item: _rank(item[0]))
        if not arrays:
            return self._power_product(scalars, coefficient)
        if scalars and (coefficient != 1 or len(scalars) > 1):
            scalars, coefficient = [(self._power_product(scalars, coefficient), UNIT)], UNIT
        return self._power_product([*scalars, *arrays], coefficient)

    def _power_product(self, powers: Powers, coefficient: Fraction) -> Value:
        if not powers:
            return self.number(coefficient)
        if len(powers) == 1 and powers[0][1] == 1 and coefficient == 1:
            return powers[0][0]
        operands = [value for value, _ in powers]
        exponents = tuple(power for _, power in powers)
        parts = [*powers, (self.number(coefficient), UNIT)]
        facts = (coefficient, exponents)
        return self._once(
            Op.PRODUCT, parts, lambda: self.make(Op.PRODUCT, *operands, facts=facts, axes=joint(operands))
        )

    def _opened(self, value: Value, coefficient: Fraction) -> Powers:
        """The powers in a product, where something is smaller than the whole that a scalar may multiply;
        else the product stays one, because another formula may need it."""
        smaller = coefficient != 1 and any(_rank(operand) < _rank(value) for operand in value.operands)
        if not value.axes or len(value.operands) == 1 or (smaller and value not in self.graph.names):
            return list(zip(value.operands, _exponents(value), strict=True))
        return [(self._bare(value), UNIT)]

    def _bare(self, value: Value) -> Value:
        powers = list(zip(value.operands, _exponents(value), strict=True))
        return self._power_product(powers, UNIT)

    def scale(self, coefficient: Fraction, value: Value, scalar: Value | None = None) -> Value:
        """``coefficient * scalar * value``, the multiplication where it costs least."""
        if scalar is not None and scalar.op == Op.NUMBER:
            coefficient, scalar = coefficient * _number(scalar), None
        if coefficient == 1 and scalar is None:
            return value
        if value.op in (Op.OUTER, Op.KRON, Op.KRON_EYE):
            first = self.scale(coefficient, value.operands[0], scalar)
            return self.make(value.op, first, *value.operands[1:], facts=value.facts, axes=value.axes)
        if value.op == Op.MATMUL and value.operands[0].op == Op.PRODUCT and len(value.axes) == 2:
            return self.matmul(self.scale(coefficient, value.operands[0], scalar), value.operands[1])
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
            return self.outer(value.operands[1], value.operands[0])
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
        if value.op == Op.NUMBER and _number(value) in (0, 1):
            return self.filled(int(_number(value)), axes)
        return self.make(Op.STRETCH, value, facts=axes, axes=axes)

    def filled(self, number: int, axes: Axes) -> Value:
        """Zeros or ones."""
        if not axes:
            return self.number(number)
        return self.make(Op.ONES if number else Op.ZEROS, facts=axes, axes=axes)

    # ── products of matrices and vectors ─────────────────────────────────────────────────────────────

    def matmul(self, left: Value, right: Value) -> Value:
        """The product over the last axis of one and the first of the other; a vector comes last."""
        if len(left.axes) == 1 and len(right.axes) == 2:
            left, right = self.transpose(right), left
        elif len(left.axes) == len(right.axes) == 1 and left.serial > right.serial:
            left, right = right, left
        elif len(left.axes) == len(right.axes) == 2:
            other = self.graph.find(Op.MATMUL, (self.transpose(right), self.transpose(left)))
            if other is not None:
                return self.transpose(other)
        if len(right.axes) == 1 and _is_sum_of_inputs(left):
            return self.sum([(self.matmul(part, right), f) for part, f in _terms(left)], left.axes[:1])
        return self.make(Op.MATMUL, left, right, axes=left.axes[:-1] + right.axes[1:])

    def outer(self, left: Value, right: Value) -> Value:
        return self.make(Op.OUTER, left, right, axes=left.axes + right.axes)

    def total(self, value: Value) -> Value:
        """The sum of all entries."""
        if not value.axes:
            return value
        if value.op in (Op.SUM0, Op.SUM1):
            return self.total(value.operands[0])
        if value.op == Op.TRANSPOSE:
            return self.total(value.operands[0])
        if value.op == Op.PRODUCT:
            return self._total_product(value)
        return self.make(Op.TOTAL, value)

    def _total_product(self, value: Value) -> Value:
        """``sum(x .* y)`` is a dot product; scalars leave the sum."""
        powers = list(zip(value.operands, _exponents(value), strict=True))
        scalars = [item for item in powers if not item[0].axes]
        arrays = [item for item in powers if item[0].axes]
        if scalars or _coefficient(value) != 1:
            inside = self.total(self.product(arrays))
            return self.product([*scalars, (inside, UNIT)], _coefficient(value))
        whole = [(v, p) for v, p in arrays if v.axes == value.axes and v.op != Op.STRETCH]
        if len(arrays) == 1 and arrays[0][1] == 2 and whole:
            return self.dot(arrays[0][0], arrays[0][0])
        plain = next(((v, p) for v, p in reversed(whole) if p == 1), None)
        if plain is not None and len(arrays) > 1:
            rest = self.product([item for item in arrays if item != plain])
            if rest.axes == value.axes:
                return self.dot(rest, plain[0])
        return self.make(Op.TOTAL, value)

    def dot(self, left: Value, right: Value) -> Value:
        """The sum of products of entries."""
        if len(left.axes) == 1:
            return self.matmul(left, right)
        if left.op == Op.TRANSPOSE:
            left, right = left.operands[0], self.transpose(right)
        return self.make(Op.DOT, left, right)

    def sums(self, value: Value, axis: int) -> Value:
        """The sums along an axis of a matrix."""
        if value.op == Op.TRANSPOSE:
            return self.sums(value.operands[0], 1 - axis)
        if value.op == Op.OUTER:
            kept, gone = (value.operands[1 - axis], value.operands[axis])
            return self.product([(kept, UNIT), (self.total(gone), UNIT)])
        if value.op == Op.PRODUCT:
            powers = list(zip(value.operands, _exponents(value), strict=True))
            whole = [v for v, p in powers if v.axes == value.axes and p == 1]
            if axis == 1 and len(powers) == 2 and len(whole) == 2 and _coefficient(value) == 1:
                return self.row_dots(*whole)
            if len(powers) == 1 and powers[0][1] == 2 and axis == 1:
                return self.scale(_coefficient(value), self.row_dots(powers[0][0], powers[0][0]))
            scalars = [(v, p) for v, p in powers if not v.axes]
            if scalars or _coefficient(value) != 1:
                inside = self.sums(self.product([(v, p) for v, p in powers if v.axes]), axis)
                return self.product([*scalars, (inside, UNIT)], _coefficient(value))
        return self.make((Op.SUM0, Op.SUM1)[axis], value, axes=(value.axes[1 - axis],))

    def row_dots(self, left: Value, right: Value) -> Value:
        """The dot product of each row of one matrix with the same row of another."""
        return self.make(Op.ROW_DOTS, left, right, axes=left.axes[:1])

    # ── the rest ─────────────────────────────────────────────────────────────────────────────────────

    def diagonal(self, value: Value) -> Value:
        """The diagonal of a square matrix."""
        if value.op == Op.TRANSPOSE:
            return self.diagonal(value.operands[0])
        if value.op == Op.OUTER:
            return self.product([(operand, UNIT) for operand in value.operands])
        if value.op == Op.MATMUL:
            left, right = value.operands
            return self.row_dots(left, self.transpose(right))
        return self.make(Op.DIAGONAL, value, axes=value.axes[:1])

    def flatten(self, value: Value, axes: Axes) -> Value:
        """The columns of a matrix below one another."""
        if value.op == Op.TRANSPOSE:
            return self.make(Op.RAVEL, value.operands[0], axes=axes)
        return value if len(value.axes) < 2 else self.make(Op.FLATTEN, value, axes=axes)

    def unflatten(self, value: Value, rows: Dim, cols: Dim) -> Value:
        """A vector cut into columns."""
        shape = Shape(rows, cols)
        if shape.is_vector:
            return value
        return self.make(Op.UNFLATTEN, value, facts=(rows, cols), axes=(rows, cols))

    def picked(self, value: Value, row: Index | None, col: Index | None, axes: Axes) -> Value:
        """A row, a column or an entry; of a vector an entry."""
        if len(value.axes) == 1:
            row, col = (row if row is not None else col), None
        return self.make(Op.PICKED, value, facts=(row, col), axes=axes)


def _number(value: Value) -> Fraction:
    assert isinstance(value.facts, Fraction)
    return value.facts


def _is_whole(value: Value) -> bool:
    """A matrix, and no column or row that is stretched to one."""
    return len(value.axes) == 2 and ONE not in value.axes


def _is_sum_of_inputs(value: Value) -> bool:
    """A sum of matrices as they are given: to add them costs more than to multiply each."""
    bare = (v.operands[0] if v.op is Op.TRANSPOSE else v for v in value.operands)
    return value.op is Op.SUM and all(v.op is Op.INPUT and _is_whole(v) for v in bare)


def _terms(value: Value) -> Powers:
    assert isinstance(value.facts, tuple)
    return list(zip(value.operands, value.facts, strict=True))


def _coefficient(value: Value) -> Fraction:
    assert isinstance(value.facts, tuple)
    return value.facts[0]  # type: ignore[no-any-return]


def _exponents(value: Value) -> tuple[Fraction, ...]:
    assert isinstance(value.facts, tuple)
    return value.facts[1]  # type: ignore[no-any-return]


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
