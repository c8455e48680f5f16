"""Slips with sums: one that is forgotten, goes the wrong way, or ones of the wrong length.

A module of its own because these are the other side of broadcasting: what was stretched must be
added up again.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat.functions.constants import EYE, ONES
from dimcompat.functions.linear_algebra import DIAG
from dimcompat.functions.reductions import COLSUM, ROWSUM, SUM
from dimcompat.language.indices import is_index_sum
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import Path, binary, called, name, number, text_of, turned
from dimcompat.language.scope import size_arguments
from dimcompat.language.slips import Edit, Slips
from dimcompat.language.syntax import Binary, Call, Node, NumberLiteral
from dimcompat.language.writer import write_dimension
from dimcompat.records import dataclass
from dimcompat.shapes import Dim, Shape


@dataclass(frozen=True)
class SumSlips(Slips):
    """Each method proposes every place for one kind of slip."""

    def sums(self, root: Node) -> Iterator[Edit]:
        """A sum over rows, columns or entries that is forgotten, or goes the wrong way."""
        for path, node in self.value_places(root):
            shape = self.shape(node)
            if shape is not None and not shape.is_scalar:
                yield from self._forgotten(root, path, node, shape)
            if isinstance(node, Call) and not is_index_sum(node, self.scope):
                yield from self._sizes(root, path, node)
                yield from self._axes(root, path, node)

    def _forgotten(self, root: Node, path: Path, node: Node, shape: Shape) -> Iterator[Edit]:
        for record in (SUM, COLSUM, ROWSUM):
            new = called(record.name, node)
            yield self.edit(root, path, new, "broadcast", "claim.broadcast.sum", 1.7)
            yield self.edit(root, path, turned(new), "broadcast", "claim.broadcast.sum", 1.75)
        if shape.is_vector:
            new = called(DIAG.name, node)
            yield self.edit(root, path, new, "entrywise", "claim.diagonal", 1.9)

    def _sizes(self, root: Node, path: Path, node: Call) -> Iterator[Edit]:
        sizes = size_arguments(node)
        dims = [number(1), *(name(dim) for dim in sorted(self.scope.dimensions))]
        for size in sizes:
            place = next(n for n, argument in enumerate(node.arguments) if argument is size)
            for dim in dims:
                if text_of(dim) != text_of(size):
                    new = called(node.name, *node.arguments[:place], dim, *node.arguments[place + 1 :])
                    yield self.edit(root, path, new, "broadcast", "claim.broadcast.size", 1.5)
        if len(sizes) == len(node.arguments) == 2:
            new = called(node.name, *reversed(sizes))
            yield self.edit(root, path, new, "broadcast", "claim.broadcast.size", 1.55)

    def _axes(self, root: Node, path: Path, node: Call) -> Iterator[Edit]:
        record = self.scope.function(node.name)
        if record is None or size_arguments(node) or len(node.arguments) != 1:
            return
        (inner,) = node.arguments
        one_way = record in (COLSUM, ROWSUM)
        shape = self.shape(inner)
        needless = 0.15 if shape is not None and shape.is_vector else 0.0
        if one_way:
            other = ROWSUM if record is COLSUM else COLSUM
            for name_ in (other.name, SUM.name):
                new = called(name_, inner)
                yield self.edit(root, path, new, "broadcast", "claim.broadcast.axis", 1.5 + needless)
        elif record.axis != "none":
            for axis in (0, 1, None):
                new = called(node.name, inner, axis=axis)
                yield self.edit(root, path, new, "broadcast", "claim.broadcast.axis", 1.5 + needless)
        if record is SUM or one_way:
            yield self.edit(root, path, inner, "broadcast", "claim.broadcast.extra", 1.6)

    def spreads(self, root: Node, whole: Shape) -> Iterator[Edit]:
        """A number, a row or a column that must be repeated over the shape of the whole."""
        for path, node in self.value_places(root):
            shape = self.shape(node)
            if shape is None or shape == whole:
                continue
            if shape.is_scalar:
                new = binary("*", node, called(ONES.name, _typed(whole.rows), _typed(whole.cols)))
            elif shape.is_row and shape.cols is whole.cols:
                new = binary("*", called(ONES.name, _typed(whole.rows), number(1)), node)
            elif shape.is_column and shape.rows is whole.rows:
                new = binary("*", node, called(ONES.name, number(1), _typed(whole.cols)))
            else:
                continue
            yield self.edit(root, path, new, "broadcast", "claim.broadcast.spread", 1.9)

    def identities(self, root: Node) -> Iterator[Edit]:
        """A number that is added to a square matrix, where a multiple of the identity is."""
        for path, node in self.value_places(root):
            if not isinstance(node, Binary) or node.operator not in ("+", "-"):
                continue
            for place, (one, other) in enumerate(((node.left, node.right), (node.right, node.left))):
                shape = self.shape(other)
                if shape is None or not shape.is_square or shape.is_scalar or not self.is_scalar(one):
                    continue
                unit = called(EYE.name, _typed(shape.rows))
                is_one = isinstance(one, NumberLiteral) and one.value == 1
                new = unit if is_one else binary("*", one, unit)
                yield self.edit(root, (*path, place), new, "broadcast", "claim.broadcast.identity", 1.5)


def _typed(dim: Dim) -> Node:
    return parse_expression(write_dimension(dim))
