"""Products of matrices: in which order they are multiplied, and what each factor spares.

A module of its own because the order is a search of its own kind: dynamic programming over the chain,
with sizes that stand for the dimension symbols. A diagonal matrix scales rows or columns, ones add
them up, an inverse solves, a matrix of labels gathers, a Kronecker product acts on blocks; none of
them is formed where its neighbour is dense. What has been multiplied before costs nothing again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from dimcompat.codegen.algebra import UNIT, Algebra
from dimcompat.codegen.factors import STRENGTH, Factor, Kind, applied, dense, estimate, price
from dimcompat.codegen.multiplied import Multiplied
from dimcompat.codegen.orders import depends_on_sizes
from dimcompat.codegen.values import Op, Value
from dimcompat.records import dataclass
from dimcompat.shapes import ONE

MOST = 40  # longer chains are multiplied one factor after the other, from the side of the vector


@dataclass(slots=True)
class Chains:
    """Multiplies chains over one algebra; remembers the products that it has made."""

    algebra: Algebra
    done: Multiplied = field(init=False)

    def __post_init__(self) -> None:
        self.done = Multiplied(self.algebra)

    def product(self, factors: Sequence[Factor]) -> Value:
        """The product of all factors as an array."""
        return dense(self.algebra, self.multiplied(tuple(factors)))

    def multiplied(self, factors: tuple[Factor, ...]) -> Factor:
        if len(factors) == 1:
            return factors[0]
        if len(factors) == 2:
            return self.done.find(factors) or self.done.keep(factors, self._times(*factors))
        pairs = self._mirrored(factors)
        if pairs > 1 or 2 * pairs == len(factors):
            return self._folded(factors, pairs)
        if self.done.find(factors) is None and self._is_open(factors):
            return self._left_open(factors)
        best = self._cheapest(factors)
        made: dict[tuple[int, int], Factor] = {}
        pending = [(0, len(factors))]
        while pending:
            start, end = pending[-1]
            span = factors[start:end]
            known = span[0] if len(span) == 1 else self.done.find(span)
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
            made[start, end] = self.done.keep(span, self._times(made[start, cut], made[cut, end]))
        return made[0, len(factors)]

    def _is_open(self, factors: tuple[Factor, ...]) -> bool:
        """Whether sizes decide the order, which is then chosen when the code runs."""
        if any(factor.kind is not Kind.DENSE for factor in factors):
            return False
        if not depends_on_sizes((*(factor.rows for factor in factors), factors[-1].cols)):
            return False
        count = len(factors)
        spans = (factors[at : at + length] for length in range(2, count) for at in range(count - length + 1))
        return all(self.done.find(span) is None for span in spans)

    def _left_open(self, factors: tuple[Factor, ...]) -> Factor:
        values = [dense(self.algebra, factor) for factor in factors]
        axes = (factors[0].rows, factors[-1].cols)
        made = Factor(Kind.DENSE, *axes, (self.algebra.make(Op.MULTI_DOT, *values, axes=axes),))
        return self.done.keep(factors, made)

    def _mirrored(self, factors: tuple[Factor, ...]) -> int:
        """How many factors at the end are the transposes of those at the beginning."""
        if factors[0].rows is ONE:
            return 0
        pairs = 0
        for first, last in zip(factors[: len(factors) // 2], reversed(factors), strict=False):
            if first.kind is not Kind.DENSE or last.kind is not Kind.DENSE or ONE in (first.cols, first.rows):
                break
            if self.algebra.transpose(dense(self.algebra, first)) is not dense(self.algebra, last):
                break
            pairs += 1
        return pairs

    def _folded(self, factors: tuple[Factor, ...], pairs: int) -> Factor:
        """``C'*B'*M*B*C`` is ``G'*M*G`` where G is ``B*C``."""
        half = dense(self.algebra, self.multiplied(factors[-pairs:]))
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
        first, second = dense(self.algebra, left), dense(self.algebra, right)
        if first.op == Op.TRANSPOSE:
            return algebra.dot(first.operands[0], second)
        return algebra.dot(first, algebra.transpose(second))

    def _entries(self, factor: Factor) -> Value:
        """The diagonal of a factor."""
        if factor.kind == Kind.DIAGONAL and factor.values[0] is not None:
            return factor.values[0]
        return self.algebra.diagonal(dense(self.algebra, factor))

    # ── the order ────────────────────────────────────────────────────────────────────────────────────

    def cost(self, factors: tuple[Factor, ...]) -> float:
        """What the product costs in its cheapest order."""
        if len(factors) > MOST:
            return float(len(factors))
        return self._table(factors)[0][0, len(factors)] if len(factors) > 1 else 0.0

    def _cheapest(self, factors: tuple[Factor, ...]) -> dict[tuple[int, int], int]:
        count = len(factors)
        if count <= MOST:
            return self._table(factors)[1]
        if factors[-1].cols is ONE:
            return {(at, count): at + 1 for at in range(count)}
        return {(0, at): at - 1 for at in range(2, count + 1)}

    def _table(
        self, factors: tuple[Factor, ...]
    ) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], int]]:
        """The cost of every span and where it is cut; on a tie the cut that leaves a vector at its side."""
        count = len(factors)
        costs: dict[tuple[int, int], float] = {(at, at + 1): 0.0 for at in range(count)}
        kinds: dict[tuple[int, int], Kind] = {(at, at + 1): factors[at].kind for at in range(count)}
        cuts: dict[tuple[int, int], int] = {}
        sizes = [*(estimate(factor.rows) for factor in factors), estimate(factors[-1].cols)]
        from_right = factors[-1].cols is ONE and factors[0].rows is not ONE
        for length in range(2, count + 1):
            for start in range(count - length + 1):
                end = start + length
                places = range(start + 1, end) if from_right else range(end - 1, start, -1)
                best = None
                for cut in places:
                    left, right = kinds[start, cut], kinds[cut, end]
                    own = price(left, right, sizes[start], sizes[cut], sizes[end])
                    cost = costs[start, cut] + costs[cut, end] + own
                    if best is None or cost < best[0]:
                        best = (cost, cut, left == right == Kind.DIAGONAL)
                assert best is not None
                costs[start, end] = best[0] if self.done.find(factors[start:end]) is None else 0.0
                cuts[start, end] = best[1]
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
        if left.kind is right.kind is Kind.DENSE:
            return algebra.matmul(dense(algebra, left), dense(algebra, right))
        sides = sorted(
            ((left, right, True), (right, left, False)), key=lambda pair: STRENGTH.index(pair[0].kind)
        )
        for side, other, on_left in sides:
            if side.kind not in (Kind.DENSE, Kind.ONES):
                found = applied(self.algebra, side, dense(self.algebra, other), other, on_left)
                if found is not None:
                    return found
        if left.kind == right.kind == Kind.ONES:
            return algebra.size(left.cols)
        if left.kind == Kind.ONES or right.kind == Kind.ONES:
            value = dense(self.algebra, right if left.kind == Kind.ONES else left)
            return (
                algebra.total(value)
                if len(value.axes) < 2
                else algebra.sums(value, int(left.kind != Kind.ONES))
            )
        return algebra.matmul(dense(self.algebra, left), dense(self.algebra, right))

    def _outer(self, left: Factor, right: Factor) -> Value:
        algebra, axes = self.algebra, left.axes + right.axes
        if left.kind == right.kind == Kind.ONES:
            return algebra.filled(1, axes)
        if left.kind == Kind.ONES:
            return algebra.stretch(dense(self.algebra, right), axes)
        if right.kind == Kind.ONES:
            return algebra.stretch(algebra.column(dense(self.algebra, left)), axes)
        return algebra.outer(dense(self.algebra, left), dense(self.algebra, right))
