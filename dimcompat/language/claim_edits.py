"""All slips that claims have, singly and in likely pairs.

A module of its own because it is the list of what people get wrong, and nothing else: it proposes,
whoever has numbers decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from dimcompat.language.part_slips import PartSlips
from dimcompat.language.product_slips import ProductSlips
from dimcompat.language.slips import Edit
from dimcompat.language.sum_slips import SumSlips
from dimcompat.language.syntax import Name, Node
from dimcompat.records import dataclass
from dimcompat.shapes import Shape


@dataclass(frozen=True)
class Editor(ProductSlips, PartSlips, SumSlips):
    """Every kind of slip; ``whole`` is the shape that the claim should have, ``called`` the functions
    that the right formula calls."""

    whole: Shape | None = None
    called: Sequence[str] = ()

    @property
    def bare(self) -> list[Node]:
        """The names among the formulas that may be missing."""
        return [node for node in self.pool if isinstance(node, Name)]

    def single(self, root: Node) -> Iterator[Edit]:
        """Every single slip."""
        yield from self.transposes(root)
        yield from self.operators(root)
        yield from self.names(root)
        yield from self.signs(root)
        yield from self.powers(root)
        yield from self.sums(root)
        yield from self.identities(root)
        yield from self.extras(root)
        yield from self.multiples(root)
        yield from self.orders(root)
        yield from self.groupings(root)
        yield from self.functions(root, self.called)
        if self.whole is not None:
            yield from self.spreads(root, self.whole)
        yield from self.everywhere(root, self.names(root))
        yield from self.everywhere(root, self.extras(root))
        yield from self.everywhere(root, self.functions(root, self.called))
        yield from self.missing_terms(root, self.bare)
        yield from self.missing(root)

    def double(self, root: Node) -> Iterator[Edit]:
        """The likely pairs; the cause is that of the first, which is the rarer one by itself."""
        yield from _after(self.operators(root), self.transposes)
        yield from _after(self.operators(root), self.operators)
        yield from _after(self.sums(root), self.transposes)
        yield from _after(self.signs(root), self.transposes)
        yield from _after(self.operators(root), self.powers)
        yield from _after(self.powers(root), self.transposes)
        yield from _after(self.operators(root), lambda tree: self.missing(tree, self.bare))
        yield from _after(self.groupings(root), self.transposes)
        yield from _after(self.extras(root), self.transposes)
        yield from _after(self.orders(root), self.operators)
        yield from _after(self.missing(root, self.bare), self.transposes)
        yield from _after(self.powers(root), self.powers)
        yield from _after(self.signs(root), self.signs)


def _after(firsts: Iterable[Edit], seconds: Callable[[Node], Iterable[Edit]]) -> Iterator[Edit]:
    for first in firsts:
        for second in seconds(first.tree):
            yield first.then(second)
