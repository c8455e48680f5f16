"""Slips in products: a transpose lost, factors in the wrong order, a factor forgotten.

A module of its own because these are what dimensions decide, and so the likeliest slips of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations, product

from dimcompat.functions.reductions import NORM2, SUMSQ
from dimcompat.language.rewriting import binary, negated, turned
from dimcompat.language.slips import Edit, Slips, above, factors, times
from dimcompat.language.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Name,
    Node,
    NumberLiteral,
    Transpose,
    Unary,
)
from dimcompat.records import dataclass
from dimcompat.shapes import Shape, broadcast
from dimcompat.verdict import Cause

SWAPS: dict[str, BinaryOperator] = {
    "*": ".*",
    "@": ".*",
    ".*": "*",
    "/": "./",
    "./": "/",
    "^": ".^",
    ".^": "^",
}
PRODUCTS = ("*", "@", ".*")
MOST_FACTORS = 4
Option = tuple[Node, Node]
"""A factor as it is added, and the product with it."""


@dataclass(frozen=True)
class ProductSlips(Slips):
    """Each method proposes every place for one kind of slip."""

    def transposes(self, root: Node) -> Iterator[Edit]:
        """One part turned; of a product rather a factor than the whole."""
        for path, node in self.value_places(root):
            if isinstance(node, NumberLiteral) or self.is_scalar(node):
                continue
            if isinstance(above(root, path), Transpose):
                continue
            extra = isinstance(node, Transpose)
            key = "claim.transpose.extra" if extra else "claim.transpose.missing"
            yield self.edit(root, path, turned(node), "transpose", key, 1.0)

    def two_transposes(self, root: Node) -> Iterator[Edit]:
        """Two parts turned."""
        for one in self.transposes(root):
            for two in self.transposes(one.tree):
                weight = one.weight + two.weight
                yield Edit(two.tree, "transpose", "claim.transpose.two", weight, one.old, one.old, two.old)

    def operators(self, root: Node) -> Iterator[Edit]:
        """A matrix product for one entry by entry, and the other way round."""
        for path, node in self.value_places(root):
            if not isinstance(node, Binary) or node.operator not in SWAPS:
                continue
            new = binary(SWAPS[node.operator], node.left, node.right)
            wanted = new.operator in (".*", "./", ".^") if isinstance(new, Binary) else False
            key = "claim.entrywise.wanted" if wanted else "claim.entrywise.matrix"
            yield self.edit(root, path, new, "entrywise", key, 1.5)

    def orders(self, root: Node) -> Iterator[Edit]:
        """The factors of one product in another order, some of them turned."""
        for path, node in self.value_places(root):
            outer = above(root, path)
            inside = isinstance(outer, Binary) and outer.operator in ("*", "@") and path[-1] == 0
            if inside or not isinstance(node, Binary) or node.operator not in ("*", "@"):
                continue
            chain = factors(node)
            negative = isinstance(chain[0], Unary) and chain[0].operator == "-"
            chain[0] = negated(chain[0]) if negative else chain[0]
            scalars = [factor for factor in chain if self.is_scalar(factor)]
            matrices = [factor for factor in chain if factor not in scalars]
            if not 2 <= len(matrices) <= MOST_FACTORS:
                continue
            for order in permutations(range(len(matrices))):
                stays = order == tuple(range(len(matrices)))
                for flips in product((False, True), repeat=len(matrices)):
                    if stays and sum(flips) < 2:
                        continue
                    moved = [turned(matrices[n]) if flips[n] else matrices[n] for n in order]
                    first, *rest = [*scalars, *moved]
                    new = times([negated(first) if negative else first, *rest])
                    cause: Cause = "transpose" if stays else "order"
                    key = "claim.transpose.several" if stays else "claim.order"
                    weight = (0.85 if stays else 1.6) + 0.55 * sum(flips)
                    yield self.edit(root, path, new, cause, key, weight)

    def groupings(self, root: Node) -> Iterator[Edit]:
        """The brackets of a product of three in another place."""
        for path, node in self.value_places(root):
            if not isinstance(node, Binary) or node.operator not in PRODUCTS:
                continue
            left, right = node.left, node.right
            if isinstance(left, Binary) and left.operator in PRODUCTS:
                new = binary(left.operator, left.left, binary(node.operator, left.right, right))
                yield self.edit(root, path, new, "order", "claim.grouping", 1.3)
            if isinstance(right, Binary) and right.operator in PRODUCTS:
                new = binary(right.operator, binary(node.operator, left, right.left), right.right)
                yield self.edit(root, path, new, "order", "claim.grouping", 1.3)

    def missing(self, root: Node, pool: Iterable[Node] | None = None) -> Iterator[Edit]:
        """A factor that is not there, beside one part."""
        chosen = list(self.pool if pool is None else pool)
        for path, node in self.value_places(root):
            if isinstance(node, NumberLiteral) and path:
                continue
            shape = self.shape(node)
            for factor in chosen:
                cause: Cause = "norm" if self._is_norm(factor) else "factor"
                weight = 2.2 if isinstance(factor, Name) else 2.5
                for shown, new in self._beside(node, shape, factor):
                    more = 0.0 if shown is factor else 0.03
                    yield self.edit(root, path, new, cause, "claim.factor.lacking", weight + more, shown)

    def _beside(self, node: Node, shape: Shape | None, factor: Node) -> Iterator[Option]:
        """A part with a factor before it, behind it, entry by entry, or within it, where that fits."""
        own = self.shape(factor)
        if own is None or shape is None:
            return
        if own.is_scalar:
            yield factor, binary("*", factor, node)
            yield factor, binary("/", node, factor)
            return
        pairs = ((factor, own), (turned(factor), own.transposed))
        for turn, its in pairs:
            if its.cols is shape.rows or shape.is_scalar:
                yield turn, binary("*", turn, node)
            if shape.cols is its.rows:
                yield turn, binary("*", node, turn)
            if broadcast((its, shape)) is not None:
                yield turn, binary(".*", turn, node)
                yield turn, binary("./", node, turn)
        chain = factors(node)
        for place in range(1, len(chain) - 1):
            tail = times(chain[place:])
            within = self.shape(tail)
            for turn, its in pairs:
                if within is not None and broadcast((its, within)) is not None:
                    yield turn, binary("*", times(chain[:place]), binary(".*", turn, tail))

    def _is_norm(self, node: Node) -> bool:
        return isinstance(node, Call) and self.scope.function(node.name) in (NORM2, SUMSQ)
