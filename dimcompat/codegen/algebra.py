"""Products of arrays, their sums and views, on top of arithmetic.

A module of its own because here the rewritings of products live: sums of products are dot products, a
vector comes last, a product that is there already in its transposed form is not computed again.
"""

from __future__ import annotations

from dimcompat.codegen.arithmetic import (
    UNIT,
    Arithmetic,
    Powers,
    axes_of,
    is_whole,
)
from dimcompat.codegen.values import Axes, Op, Value, coefficient_of, exponents_of
from dimcompat.expressions import Index
from dimcompat.shapes import Dim, Shape

__all__ = ["UNIT", "Algebra", "axes_of"]


class Algebra(Arithmetic):
    """All constructors over one graph."""

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

    def places(self, count: Dim) -> Value:
        """0, 1, … as many as there are rows."""
        found = self.make(Op.RANGE, self.size(count), axes=(count,))
        self.graph.names.setdefault(found, "rows")
        return found

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
        powers = list(zip(value.operands, exponents_of(value), strict=True))
        scalars = [item for item in powers if not item[0].axes]
        arrays = [item for item in powers if item[0].axes]
        if scalars or coefficient_of(value) != 1:
            inside = self.total(self.product(arrays))
            return self.product([*scalars, (inside, UNIT)], coefficient_of(value))
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
            powers = list(zip(value.operands, exponents_of(value), strict=True))
            whole = [v for v, p in powers if v.axes == value.axes and p == 1]
            if axis == 1 and len(powers) == 2 and len(whole) == 2 and coefficient_of(value) == 1:
                return self.row_dots(*whole)
            if len(powers) == 1 and powers[0][1] == 2 and axis == 1:
                return self.scale(coefficient_of(value), self.row_dots(powers[0][0], powers[0][0]))
            scalars = [(v, p) for v, p in powers if not v.axes]
            if scalars or coefficient_of(value) != 1:
                inside = self.sums(self.product([(v, p) for v, p in powers if v.axes]), axis)
                return self.product([*scalars, (inside, UNIT)], coefficient_of(value))
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


def _is_sum_of_inputs(value: Value) -> bool:
    """A sum of matrices as they are given: to add them costs more than to multiply each."""
    bare = (v.operands[0] if v.op is Op.TRANSPOSE else v for v in value.operands)
    return value.op is Op.SUM and all(v.op is Op.INPUT and is_whole(v) for v in bare)


def _terms(value: Value) -> Powers:
    assert isinstance(value.facts, tuple)
    return list(zip(value.operands, value.facts, strict=True))
