"""Products of matrices: in which order they are multiplied, and what each factor spares.

A module of its own because the order is a search of its own kind: dynamic programming over the chain,
with sizes that stand for the dimension symbols. A diagonal matrix scales rows or columns, ones add
them up, an inverse solves, a matrix of labels gathers, a Kronecker product acts on blocks; none of
them is formed where its neighbour is dense. What has been multiplied before costs nothing again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from dimcompat.codegen.algebra import UNIT, Algebra
from dimcompat.codegen.values import Axes, Op, Value
from dimcompat.shapes import ONE, Dim


class Kind(Enum):
    """What a factor is made of."""

    DENSE = auto()
    DIAGONAL = auto()
    ONES = auto()
    INVERSE = auto()
    LABELS = auto()
    COMMUTATION = auto()
    KRON = auto()


# Of two structures that meet, the first acts and the other is made dense.
STRENGTH: tuple[Kind, ...] = (
    Kind.DIAGONAL,
    Kind.COMMUTATION,
    Kind.LABELS,
    Kind.KRON,
    Kind.INVERSE,
    Kind.ONES,
    Kind.DENSE,
)
STAND_IN = 100  # every dimension symbol counts as this; a vector is smaller than any of them


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a chain: a dense ``value``, or what a structured matrix is made of.

    ``values`` are the vector of a diagonal, the matrix that is inverted, the labels, the factors of a
    Kronecker product (None for an identity); ``turned`` says that labels stand transposed.
    """

    kind: Kind
    rows: Dim
    cols: Dim
    values: tuple[Value | None, ...] = ()
    turned: bool = False
    inner: tuple[Dim, ...] = ()

    @property
    def axes(self) -> Axes:
        return tuple(dim for dim in (self.rows, self.cols) if dim is not ONE)


def estimate(dim: Dim) -> int:
    """The size that stands for a dimension while orders are compared."""
    return dim.size(dict.fromkeys(dim.symbols, STAND_IN))


@dataclass(slots=True)
class Chains:
    """Multiplies chains over one algebra; remembers the products that it has made."""

    algebra: Algebra
    done: dict[tuple[Factor, ...], Factor] = field(default_factory=dict)

    def product(self, factors: Sequence[Factor]) -> Value:
        """The product of all factors as an array."""
        return self.dense(self.multiplied(tuple(factors)))

    def multiplied(self, factors: tuple[Factor, ...]) -> Factor:
        if len(factors) == 1:
            return factors[0]
        pairs = self._mirrored(factors)
        if pairs > 1 or 2 * pairs == len(factors):
            return self._folded(factors, pairs)
        best = self._cheapest(factors)
        made: dict[tuple[int, int], Factor] = {}
        pending = [(0, len(factors))]
        while pending:
            start, end = pending[-1]
            span = factors[start:end]
            known = span[0] if len(span) == 1 else self.done.get(span)
            if known is not None:
                made[start, end] = known
                pending.pop()
                continue
            cut = best[start, end]
            missing = [pair for pair in ((start, cut), (cut, end)) if pair not in made]
            if missing:
                pending.extend(missing)
                continue
            pending.pop()
            made[start, end] = self.done[span] = self._times(made[start, cut], made[cut, end])
        return made[0, len(factors)]

    def _mirrored(self, factors: tuple[Factor, ...]) -> int:
        """How many factors at the end are the transposes of those at the beginning."""
        if factors[0].rows is ONE:
            return 0
        pairs = 0
        for first, last in zip(factors[: len(factors) // 2], reversed(factors), strict=False):
            if first.kind is not Kind.DENSE or last.kind is not Kind.DENSE or ONE in (first.cols, first.rows):
                break
            if self.algebra.transpose(self.dense(first)) is not self.dense(last):
                break
            pairs += 1
        return pairs

    def _folded(self, factors: tuple[Factor, ...], pairs: int) -> Factor:
        """``C'*B'*M*B*C`` is ``G'*M*G`` where G is ``B*C``."""
        half = self.dense(self.multiplied(factors[-pairs:]))
        turned = Factor(Kind.DENSE, factors[0].rows, factors[pairs - 1].cols, (self.algebra.transpose(half),))
        whole = Factor(Kind.DENSE, factors[-pairs].rows, factors[-1].cols, (half,))
        middle = factors[pairs : len(factors) - pairs]
        made = turned if not middle else self._times(turned, self.multiplied(middle))
        return self._times(made, whole)

    def trace(self, factors: Sequence[Factor]) -> Value:
        """The trace of the product: the sum of products of entries of its two cheapest halves."""
        factors = tuple(factors)
        solved = next((place for place, factor in enumerate(factors) if factor.kind == Kind.INVERSE), None)
        if solved is not None or len(factors) == 1:
            rotated = factors[solved or 0 :] + factors[: solved or 0]
            return self.algebra.total(self.algebra.diagonal(self.product(rotated)))
        places = range(1, len(factors))
        cut = min(places, key=lambda at: self.cost(factors[:at]) + self.cost(factors[at:]))
        left, right = self.multiplied(factors[:cut]), self.multiplied(factors[cut:])
        algebra = self.algebra
        if left.kind == Kind.DIAGONAL or right.kind == Kind.DIAGONAL:
            both = [self._entries(side) for side in (left, right)]
            return algebra.total(algebra.product([(value, UNIT) for value in both]))
        first, second = self.dense(left), self.dense(right)
        if first.op == Op.TRANSPOSE:
            return algebra.dot(first.operands[0], second)
        return algebra.dot(first, algebra.transpose(second))

    def _entries(self, factor: Factor) -> Value:
        """The diagonal of a factor."""
        if factor.kind == Kind.DIAGONAL and factor.values[0] is not None:
            return factor.values[0]
        return self.algebra.diagonal(self.dense(factor))

    # ── the order ────────────────────────────────────────────────────────────────────────────────────

    def cost(self, factors: tuple[Factor, ...]) -> float:
        """What the product costs in its cheapest order."""
        return self._table(factors)[0][0, len(factors)] if len(factors) > 1 else 0.0

    def _cheapest(self, factors: tuple[Factor, ...]) -> dict[tuple[int, int], int]:
        return self._table(factors)[1]

    def _table(
        self, factors: tuple[Factor, ...]
    ) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], int]]:
        """The cost of every span and where it is cut; on a tie the cut that leaves a vector at its side."""
        count = len(factors)
        costs: dict[tuple[int, int], float] = {(at, at + 1): 0.0 for at in range(count)}
        kinds: dict[tuple[int, int], Kind] = {(at, at + 1): factors[at].kind for at in range(count)}
        cuts: dict[tuple[int, int], int] = {}
        from_right = factors[-1].cols is ONE and factors[0].rows is not ONE
        for length in range(2, count + 1):
            for start in range(count - length + 1):
                end = start + length
                places = range(start + 1, end) if from_right else range(end - 1, start, -1)
                best = None
                for cut in places:
                    left, right = kinds[start, cut], kinds[cut, end]
                    dims = (factors[start].rows, factors[cut].rows, factors[end - 1].cols)
                    cost = costs[start, cut] + costs[cut, end] + price(left, right, dims)
                    if best is None or cost < best[0]:
                        best = (cost, cut, left == right == Kind.DIAGONAL)
                assert best is not None
                known = factors[start:end] in self.done
                costs[start, end], cuts[start, end] = (0.0 if known else best[0]), best[1]
                kinds[start, end] = Kind.DIAGONAL if best[2] else Kind.DENSE
        return costs, cuts

    # ── one product ──────────────────────────────────────────────────────────────────────────────────

    def _times(self, left: Factor, right: Factor) -> Factor:
        if left.kind == right.kind == Kind.DIAGONAL:
            vector = self.algebra.product([(self._entries(left), UNIT), (self._entries(right), UNIT)])
            return Factor(Kind.DIAGONAL, left.rows, right.cols, (vector,))
        return Factor(Kind.DENSE, left.rows, right.cols, (self._dense_product(left, right),))

    def _dense_product(self, left: Factor, right: Factor) -> Value:
        algebra = self.algebra
        if left.cols is ONE:
            return self._outer(left, right)
        sides = sorted(
            ((left, right, True), (right, left, False)), key=lambda pair: STRENGTH.index(pair[0].kind)
        )
        for side, other, on_left in sides:
            if side.kind not in (Kind.DENSE, Kind.ONES):
                found = self._applied(side, self.dense(other), other, on_left)
                if found is not None:
                    return found
        if left.kind == right.kind == Kind.ONES:
            return algebra.size(left.cols)
        if left.kind == Kind.ONES or right.kind == Kind.ONES:
            value = self.dense(right if left.kind == Kind.ONES else left)
            return (
                algebra.total(value)
                if len(value.axes) < 2
                else algebra.sums(value, int(left.kind != Kind.ONES))
            )
        return algebra.matmul(self.dense(left), self.dense(right))

    def _outer(self, left: Factor, right: Factor) -> Value:
        algebra, axes = self.algebra, left.axes + right.axes
        if left.kind == right.kind == Kind.ONES:
            return algebra.filled(1, axes)
        if left.kind == Kind.ONES:
            return algebra.stretch(self.dense(right), axes)
        if right.kind == Kind.ONES:
            return algebra.stretch(algebra.column(self.dense(left)), axes)
        return algebra.outer(self.dense(left), self.dense(right))

    def _applied(self, side: Factor, value: Value, other: Factor, on_left: bool) -> Value | None:
        """A structured factor times an array, or an array times it."""
        algebra = self.algebra
        vector = len(value.axes) == 1
        first = side.values[0] if side.values else None
        axes = tuple(
            d for d in ((side.rows, other.cols) if on_left else (other.rows, side.cols)) if d is not ONE
        )
        match side.kind:
            case Kind.DIAGONAL:
                assert first is not None
                entries = first if vector or not on_left else algebra.column(first)
                return algebra.product([(entries, UNIT), (value, UNIT)])
            case Kind.INVERSE:
                assert first is not None
                if on_left:
                    return algebra.make(Op.SOLVE, first, value, axes=axes)
                solved = algebra.make(
                    Op.SOLVE, algebra.transpose(first), algebra.transpose(value), axes=axes[::-1]
                )
                return algebra.transpose(solved)
            case Kind.LABELS:
                assert first is not None
                if on_left is side.turned:  # a sum over equal labels: the dense matrix is as good
                    return None
                return algebra.make(
                    Op.GATHER_ROWS if on_left or vector else Op.GATHER_COLS, value, first, axes=axes
                )
            case Kind.COMMUTATION:
                return algebra.make(
                    Op.COMMUTE_ROWS if on_left else Op.COMMUTE_COLS, value, facts=side.inner, axes=axes
                )
            case Kind.KRON if on_left or vector:
                return self._kron_times(side, value, other, on_left, axes)
            case Kind.KRON:
                turned = algebra.transpose(value)
                return algebra.transpose(self._kron_times(side, turned, other, False, axes[::-1]))
            case _:
                return None

    def _kron_times(self, side: Factor, value: Value, other: Factor, on_left: bool, axes: Axes) -> Value:
        """``kron(A, B)*M``, block by block; from the right the transposes act."""
        algebra = self.algebra
        first, second = side.values
        if not on_left:
            first, second = (algebra.transpose(v) if v is not None else None for v in (first, second))
        a_rows, a_cols, b_rows, b_cols = side.inner
        if not on_left:
            a_rows, a_cols, b_rows, b_cols = a_cols, a_rows, b_cols, b_rows
        inner = (a_rows, a_cols, b_rows, b_cols, first is not None, second is not None)
        operands = [part for part in (first, second) if part is not None]
        return algebra.make(Op.KRON_TIMES, value, *operands, facts=inner, axes=axes)

    def dense(self, factor: Factor) -> Value:
        """A factor as an array."""
        algebra, axes = self.algebra, factor.axes
        first = factor.values[0] if factor.values else None
        match factor.kind:
            case Kind.DENSE:
                assert first is not None
                return first
            case Kind.DIAGONAL:
                assert first is not None
                return algebra.make(Op.DIAG, first, axes=axes)
            case Kind.ONES:
                return algebra.filled(1, axes)
            case Kind.INVERSE:
                assert first is not None
                return algebra.make(Op.INVERSE, first, axes=axes)
            case Kind.LABELS:
                assert first is not None
                rows, cols = (factor.cols, factor.rows) if factor.turned else (factor.rows, factor.cols)
                found = algebra.make(
                    Op.ONEHOT, first, facts=cols, axes=tuple(d for d in (rows, cols) if d is not ONE)
                )
                return algebra.transpose(found) if factor.turned else found
            case Kind.COMMUTATION:
                return algebra.make(Op.COMMUTATION, facts=factor.inner, axes=axes)
            case Kind.KRON:
                first, second = factor.values
                inner = factor.inner
                if first is None:
                    assert second is not None
                    return algebra.make(Op.EYE_KRON, second, facts=inner, axes=axes)
                if second is None:
                    return algebra.make(Op.KRON_EYE, first, facts=inner, axes=axes)
                return algebra.make(Op.KRON, first, second, facts=inner, axes=axes)


def price(left: Kind, right: Kind, dims: tuple[Dim, Dim, Dim]) -> float:
    """What one product costs: multiplications, and something for each entry that is written."""
    rows, inner, cols = (estimate(dim) for dim in dims)
    if left == right == Kind.DIAGONAL:
        return inner
    made = rows * cols + inner
    if Kind.DIAGONAL in (left, right):
        return 2 * rows * cols
    if left == Kind.ONES or right == Kind.ONES:
        return 0 if inner == 1 and left == right else inner * max(rows, cols)
    if left == Kind.INVERSE or right == Kind.INVERSE:
        return inner**3 / 3 + inner * rows * cols + made
    if left in (Kind.LABELS, Kind.COMMUTATION) or right in (Kind.LABELS, Kind.COMMUTATION):
        return 4 * made
    if left == Kind.KRON or right == Kind.KRON:
        return 20.0 * rows * cols
    return rows * inner * cols + made
