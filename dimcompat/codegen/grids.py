"""Matrices made of diagonal blocks, as they stand in the middle of the Hessian of a network's weights.

A module of its own because it is one structure with an arithmetic of its own: a matrix of c×c blocks,
each of them diagonal of size m, is an array c×c×m. ``diag(v)`` and ``kron(A, eye(m))`` are such, and so
are their sums and products; between ``kron(eye(c), P)`` and ``kron(eye(c), Q)`` each block is
``P*diag(d)*Q``, and nothing of size c*m by c*m is ever formed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.codegen.algebra import UNIT, Algebra
from dimcompat.codegen.arithmetic import joint
from dimcompat.codegen.entrywise import scalar_of
from dimcompat.codegen.values import Op, Value
from dimcompat.expressions import Expr
from dimcompat.functions.linear_algebra import KRON
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, Dim

Values = Mapping[Expr, Value]


@dataclass(frozen=True, slots=True)
class Grid:
    """``full`` has the diagonals of all blocks, c×c×m; ``diagonal`` what is added to those of the blocks
    (a, a), c×m. Either may be missing, and stretched where it is smaller."""

    full: Value | None
    diagonal: Value | None


@dataclass(frozen=True, slots=True)
class Grids:
    """Reads grids of c×c blocks of size m."""

    algebra: Algebra
    values: Values
    count: Dim
    size: Dim

    def read(self, node: Expr) -> Grid | None:
        """The grid that an expression is, or None."""
        algebra = self.algebra
        match node:
            case ex.Identity() if node.shape.rows is self.count * self.size:
                return Grid(None, algebra.number(1))
            case ex.Diagonal():
                return Grid(None, self._cut(self.values[node.vector]))
            case ex.Call() if node.function is KRON:
                left, right = node.arguments
                if isinstance(right, ex.Identity) and right.shape.rows is self.size and left.shape.is_square:
                    if isinstance(left, ex.Ones):
                        return Grid(algebra.number(1), None)
                    axes = (self.count, self.count, ONE)
                    return Grid(algebra.make(Op.GRID_BLOCKS, self.values[left], axes=axes), None)
            case ex.Product() if node.body is not None:
                scalar = scalar_of(algebra, node.scalars, self.values)
                return self._scaled(self.read(node.body), node.coefficient, scalar)
            case ex.Sum():
                parts = [self._scaled(self.read(body), factor, None) for body, factor in node.terms]
                return self._sum([part for part in parts if part is not None]) if all(parts) else None
            case ex.Chain():
                return self.product(node.factors)
        return None

    def product(self, factors: Sequence[Expr]) -> Grid | None:
        """The product of grids, or None where one of the factors is none."""
        result: Grid | None = None
        for factor in factors:
            grid = self.read(factor)
            if grid is None:
                return None
            result = grid if result is None else self._times(result, grid)
            if result is None:
                return None
        return result

    def _cut(self, vector: Value) -> Value:
        """A vector of length c*m as c×m."""
        if vector.op is Op.FLATTEN:
            return self.algebra.transpose(vector.operands[0])
        axes = (self.count, self.size)
        return self.algebra.make(Op.GRID_CUT, vector, facts=axes, axes=axes)

    def _scaled(self, grid: Grid | None, coefficient: Fraction, scalar: Value | None) -> Grid | None:
        if grid is None:
            return None
        parts = (grid.full, grid.diagonal)
        scaled = [None if part is None else self.algebra.scale(coefficient, part, scalar) for part in parts]
        return Grid(*scaled)

    def _sum(self, grids: Sequence[Grid]) -> Grid:
        full = [grid.full for grid in grids if grid.full is not None]
        diagonal = [grid.diagonal for grid in grids if grid.diagonal is not None]
        return Grid(*(self._total(part) if part else None for part in (full, diagonal)))

    def _total(self, parts: Sequence[Value]) -> Value:
        return self.algebra.sum([(part, UNIT) for part in parts], joint(parts))

    def _times(self, left: Grid, right: Grid) -> Grid | None:
        algebra = self.algebra
        full = []
        diagonal = None
        if left.diagonal is not None and right.diagonal is not None:
            diagonal = algebra.product([(left.diagonal, UNIT), (right.diagonal, UNIT)])
        if left.diagonal is not None and right.full is not None:
            full.append(algebra.product([(self._along(left.diagonal, 0), UNIT), (right.full, UNIT)]))
        if left.full is not None and right.diagonal is not None:
            full.append(algebra.product([(left.full, UNIT), (self._along(right.diagonal, 1), UNIT)]))
        if left.full is not None and right.full is not None:
            if Op.NUMBER in (left.full.op, right.full.op):
                return None
            axes = (self.count, self.count, joint([left.full, right.full])[2])
            full.append(algebra.make(Op.GRID_TIMES, left.full, right.full, axes=axes))
        return Grid(self._total(full) if full else None, diagonal)

    def _along(self, diagonal: Value, place: int) -> Value:
        """A diagonal as it multiplies the rows (0) or the columns (1) of blocks."""
        if len(diagonal.axes) < 2:
            return diagonal
        count, size = diagonal.axes
        if place == 0:
            return self.algebra.make(Op.GRID_ROWS, diagonal, axes=(count, ONE, size))
        return self.algebra.make(Op.GRID_COLS, diagonal, axes=(ONE, count, size))


def between(
    algebra: Algebra, values: Values, factors: Sequence[Expr], *, symmetric: bool = False
) -> Value | None:
    """``kron(eye(c), P) * grid * kron(eye(c), Q)`` block by block, or None where it is not that.

    Where the whole is ``symmetric`` and Q is P' every block is, and half of them need computing.
    """
    first, last = _spread(factors[0]), _spread(factors[-1])
    if first is None or last is None or first[0] is not last[0] or len(factors) < 3:
        return None
    (count, left), (_, right) = first, last
    size = left.shape.cols
    if ONE in (*left.shape, *right.shape, count) or right.shape.rows is not size:
        return None
    grid = Grids(algebra, values, count, size).product(factors[1:-1])
    if grid is None or grid.full is None:
        return None
    parts = [part for part in (grid.full, grid.diagonal) if part is not None]
    mirrored = symmetric and ex.transpose(left) is right
    facts = (count, size, grid.diagonal is not None, mirrored)
    axes = (count * left.shape.rows, count * right.shape.cols)
    return algebra.make(Op.GRID_PRODUCT, values[left], values[right], *parts, facts=facts, axes=axes)


def spreads(factor: Expr) -> bool:
    """Whether a factor may begin such a product."""
    return _spread(factor) is not None


def _spread(factor: Expr) -> tuple[Dim, Expr] | None:
    """c and P of ``kron(eye(c), P)``."""
    if (
        isinstance(factor, ex.Call)
        and factor.function is KRON
        and isinstance(factor.arguments[0], ex.Identity)
    ):
        return factor.arguments[0].shape.rows, factor.arguments[1]
    return None
