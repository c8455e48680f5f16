"""The slips that claims have, as edits of a tree: a transpose lost, factors swapped, a sum forgotten.

A module of its own because it is the list of what people get wrong, and nothing else: it proposes,
whoever has numbers decides. Each edit knows its cause and the key of the sentence that tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import NamedTuple

from dimcompat.functions.constants import ONES
from dimcompat.functions.kinks import ABS
from dimcompat.functions.labels import ONEHOT
from dimcompat.functions.linear_algebra import DIAG
from dimcompat.functions.reductions import COLSUM, NORM2, ROWSUM, SUM, SUMSQ
from dimcompat.language.indices import is_index_sum
from dimcompat.language.parser import parse_expression as parse_dimension
from dimcompat.language.rewriting import (
    NOWHERE,
    Path,
    binary,
    called,
    name,
    negated,
    number,
    parts,
    replaced,
    text_of,
    turned,
)
from dimcompat.language.scope import Scope, size_arguments
from dimcompat.language.syntax import Binary, BinaryOperator, Call, Name, Node, NumberLiteral, Transpose, Unary
from dimcompat.language.writer import write_dimension
from dimcompat.shapes import Shape
from dimcompat.verdict import Cause

SWAPS: dict[str, BinaryOperator] = {"*": ".*", "@": ".*", ".*": "*", "/": "./", "./": "/"}
PRODUCTS = ("*", "@", ".*")
MOST_FACTORS = 4


class Edit(NamedTuple):
    """A tree with one slip undone: ``old`` at its place became ``new``; the sentence is about ``part``.

    ``also`` is a second slip that had to be undone with it.
    """

    tree: Node
    cause: Cause
    key: str
    weight: float
    part: Node
    old: Node
    new: Node
    also: Edit | None = None

    def then(self, second: Edit) -> Edit:
        """Both slips, the cause being that of the first."""
        return self._replace(tree=second.tree, weight=self.weight + second.weight, also=second)


@dataclass(frozen=True, slots=True)
class Editor:
    """What edits need to know: names, the shape of a part if it has one, and formulas that may be missing."""

    scope: Scope
    shape: Callable[[Node], Shape | None]
    pool: Sequence[Node] = ()

    def value_places(self, root: Node) -> Iterator[tuple[Path, Node]]:
        """Every part that is a value, with its place; sums over an index are not taken apart."""
        waiting: list[tuple[Path, Node]] = [((), root)]
        while waiting:
            path, node = waiting.pop()
            yield path, node
            if isinstance(node, Call):
                if is_index_sum(node, self.scope):
                    continue
                sizes = {id(size) for size in size_arguments(node)}
            else:
                sizes = set()
            below = [(n, part) for n, part in enumerate(parts(node)) if id(part) not in sizes]
            waiting.extend(((*path, n), part) for n, part in reversed(below))

    # one slip

    def transposes(self, root: Node) -> Iterator[Edit]:
        """One part turned."""
        for path, node in self.value_places(root):
            shape = self.shape(node)
            if isinstance(node, NumberLiteral) or (shape is not None and shape.is_scalar):
                continue
            if path and isinstance(_at(root, path[:-1]), Transpose):
                continue
            extra = isinstance(node, Transpose)
            key = "claim.transpose.extra" if extra else "claim.transpose.missing"
            yield self._edit(root, path, node, turned(node), "transpose", key, 1.0)

    def signs(self, root: Node) -> Iterator[Edit]:
        """The sign of one term turned."""
        for path, node in self.value_places(root):
            if isinstance(node, Binary) and node.operator in ("+", "-"):
                other: BinaryOperator = "-" if node.operator == "+" else "+"
                new = binary(other, node.left, node.right)
                yield self._edit(root, path, node, new, "sign", "claim.sign.term", 1.2, node.right)
                new = binary(node.operator, negated(node.left), node.right)
                yield self._edit(root, path, node, new, "sign", "claim.sign.term", 1.25, node.left)
            elif isinstance(node, Call) and not size_arguments(node):
                for place, argument in enumerate(node.arguments):
                    yield self._edit(
                        root, (*path, place), argument, negated(argument), "sign", "claim.sign.term", 1.3
                    )

    def operators(self, root: Node) -> Iterator[Edit]:
        """A matrix product for one entry by entry, and the other way round."""
        for path, node in self.value_places(root):
            if not isinstance(node, Binary) or node.operator not in SWAPS:
                continue
            new = binary(SWAPS[node.operator], node.left, node.right)
            wanted = new.operator in (".*", "./") if isinstance(new, Binary) else False
            key = "claim.entrywise.wanted" if wanted else "claim.entrywise.matrix"
            yield self._edit(root, path, node, new, "entrywise", key, 1.5)

    def orders(self, root: Node) -> Iterator[Edit]:
        """The factors of one product in another order, some of them turned."""
        for path, node in self.value_places(root):
            above = _at(root, path[:-1]) if path else None
            inside = isinstance(above, Binary) and above.operator in ("*", "@") and path[-1] == 0
            if inside or not isinstance(node, Binary) or node.operator not in ("*", "@"):
                continue
            scalars, factors = self._factors(node)
            if not 2 <= len(factors) <= MOST_FACTORS:
                continue
            for order in permutations(range(len(factors))):
                for flips in product((False, True), repeat=len(factors)):
                    if sum(flips) < 2 and order == tuple(range(len(factors))):
                        continue
                    moved = [turned(factors[n]) if flips[n] else factors[n] for n in order]
                    new = _times([*scalars, *moved])
                    same_order = order == tuple(range(len(factors)))
                    key = "claim.transpose.several" if same_order else "claim.order"
                    weight = (0.9 if same_order else 1.6) + 0.55 * sum(flips)
                    cause: Cause = "transpose" if same_order else "order"
                    yield self._edit(root, path, node, new, cause, key, weight)

    def groupings(self, root: Node) -> Iterator[Edit]:
        """The brackets of a product of three in another place."""
        for path, node in self.value_places(root):
            if not isinstance(node, Binary) or node.operator not in PRODUCTS:
                continue
            left, right = node.left, node.right
            if isinstance(left, Binary) and left.operator in PRODUCTS:
                new = binary(left.operator, left.left, binary(node.operator, left.right, right))
                yield self._edit(root, path, node, new, "order", "claim.grouping", 1.3)
            if isinstance(right, Binary) and right.operator in PRODUCTS:
                new = binary(right.operator, binary(node.operator, left, right.left), right.right)
                yield self._edit(root, path, node, new, "order", "claim.grouping", 1.3)

    def functions(self, root: Node, names: Iterable[str]) -> Iterator[Edit]:
        """A function that was not applied to one part."""
        names = list(names)
        for path, node in self.value_places(root):
            if isinstance(node, NumberLiteral) or self.shape(node) is None:
                continue
            for function in names:
                new = called(function, node)
                yield self._edit(root, path, node, new, "factor", "claim.function.missing", 2.0)
                single = isinstance(node, Call) and len(node.arguments) == 1 and not size_arguments(node)
                if isinstance(node, Call) and single and node.name != function:
                    new = replace(node, name=function)
                    yield self._edit(root, path, node, new, "factor", "claim.function.missing", 1.9)

    def spreads(self, root: Node, whole: Shape) -> Iterator[Edit]:
        """A number, a row or a column that must be repeated over the shape of the whole."""
        rows, cols = (parse_dimension(write_dimension(dim)) for dim in whole)
        for path, node in self.value_places(root):
            shape = self.shape(node)
            if shape is None or shape == whole:
                continue
            if shape.is_scalar:
                new = binary("*", node, called(ONES.name, rows, cols))
            elif shape.is_row and shape.cols is whole.cols:
                new = binary("*", called(ONES.name, rows, number(1)), node)
            elif shape.is_column and shape.rows is whole.rows:
                new = binary("*", node, called(ONES.name, number(1), cols))
            else:
                continue
            yield self._edit(root, path, node, new, "broadcast", "claim.broadcast.spread", 1.9)

    def missing_terms(self, root: Node, pool: Iterable[Node]) -> Iterator[Edit]:
        """A name that was not added to, or subtracted from, one part."""
        chosen = list(pool)
        for path, node in self.value_places(root):
            shape = self.shape(node)
            if shape is None or isinstance(node, NumberLiteral):
                continue
            for term in chosen:
                operators: tuple[BinaryOperator, ...] = ("+", "-")
                for operator in operators:
                    new = binary(operator, node, term)
                    yield self._edit(root, path, node, new, "term", "claim.term.inside", 2.2, term)

    def sums(self, root: Node) -> Iterator[Edit]:
        """A sum over rows, columns or entries that is forgotten, or goes the wrong way."""
        for path, node in self.value_places(root):
            shape = self.shape(node)
            if shape is not None and not shape.is_scalar:
                for record in (SUM, COLSUM, ROWSUM):
                    new = called(record.name, node)
                    yield self._edit(root, path, node, new, "broadcast", "claim.broadcast.sum", 1.7)
                    yield self._edit(root, path, node, turned(new), "broadcast", "claim.broadcast.sum", 1.75)
                rows, cols = map(write_dimension, shape)
                row = binary("*", called(ONES.name, number(1), name(rows)), node) if rows.isidentifier() else None
                if row is not None:
                    yield self._edit(root, path, node, row, "broadcast", "claim.broadcast.sum", 1.72)
                if not shape.is_square and shape.is_vector:
                    new = called(DIAG.name, node)
                    yield self._edit(root, path, node, new, "entrywise", "claim.diagonal", 1.9)
            if isinstance(node, Call) and not is_index_sum(node, self.scope):
                yield from self._other_sums(root, path, node)

    def _other_sums(self, root: Node, path: Path, node: Call) -> Iterator[Edit]:
        sizes = size_arguments(node)
        dims = [number(1), *(name(dim) for dim in sorted(self.scope.dimensions))]
        for size in sizes:
            place = next(n for n, argument in enumerate(node.arguments) if argument is size)
            for dim in dims:
                if text_of(dim) != text_of(size):
                    arguments = (*node.arguments[:place], dim, *node.arguments[place + 1 :])
                    new = called(node.name, *arguments)
                    yield self._edit(root, path, node, new, "broadcast", "claim.broadcast.size", 1.5)
        record = self.scope.function(node.name)
        if sizes and len(sizes) == 2:
            both = called(node.name, sizes[1], sizes[0])
            yield self._edit(root, path, node, both, "broadcast", "claim.broadcast.size", 1.55)
        if record is None or sizes or len(node.arguments) != 1:
            return
        inner = node.arguments[0]
        if record.axis != "none" or record in (COLSUM, ROWSUM):
            for axis in (0, 1, None):
                base = SUM.name if record in (COLSUM, ROWSUM) else node.name
                new = called(base, inner, axis=axis)
                yield self._edit(root, path, node, new, "broadcast", "claim.broadcast.axis", 1.5)
        if record in (SUM, COLSUM, ROWSUM):
            yield self._edit(root, path, node, inner, "broadcast", "claim.broadcast.extra", 1.6)

    def powers(self, root: Node) -> Iterator[Edit]:
        """A square for its base, a norm for its square, an absolute value, a reciprocal."""
        for path, node in self.value_places(root):
            if isinstance(node, NumberLiteral):
                continue
            shape = self.shape(node)
            is_norm = isinstance(node, Call) and self.scope.function(node.name) in (NORM2, SUMSQ)
            operator: BinaryOperator = "^" if shape is not None and shape.is_scalar else ".^"
            if isinstance(node, Binary) and node.operator in ("^", ".^"):
                base_norm = isinstance(node.left, Call) and self.scope.function(node.left.name) is NORM2
                cause: Cause = "norm" if base_norm else "factor"
                key = "claim.norm" if base_norm else "claim.power"
                yield self._edit(root, path, node, node.left, cause, key, 1.8)
                if isinstance(node.right, NumberLiteral):
                    for change in (-1, 1):
                        if node.right.value + change not in (0, 1):
                            new = binary(node.operator, node.left, number(node.right.value + change))
                            yield self._edit(root, path, node, new, cause, key, 1.85)
            elif is_norm:
                assert isinstance(node, Call)
                other = SUMSQ if self.scope.function(node.name) is NORM2 else NORM2
                new = called(other.name, *node.arguments)
                yield self._edit(root, path, node, new, "norm", "claim.norm", 1.4)
            elif not isinstance(node, Unary) and shape is not None:
                new = binary(operator, node, number(2))
                yield self._edit(root, path, node, new, "factor", "claim.power", 1.8)
                if shape.is_scalar:
                    new = binary("^", node, number(3))
                    yield self._edit(root, path, node, new, "factor", "claim.power", 2.2)
            if isinstance(node, Call) and self.scope.function(node.name) is ABS:
                yield self._edit(root, path, node, node.arguments[0], "factor", "claim.function.extra", 1.9)

    def extras(self, root: Node) -> Iterator[Edit]:
        """A term, a factor or a function too many."""
        for path, node in self.value_places(root):
            if isinstance(node, Binary) and node.operator in ("+", "-"):
                yield self._edit(root, path, node, node.left, "term", "claim.term.extra", 2.0, node.right)
                rest = node.right if node.operator == "+" else negated(node.right)
                yield self._edit(root, path, node, rest, "term", "claim.term.extra", 2.0, node.left)
            elif isinstance(node, Binary) and node.operator in ("*", "@", ".*", "/", "./"):
                yield self._edit(root, path, node, node.left, "factor", "claim.factor.part", 2.0, node.right)
                if node.operator not in ("/", "./"):
                    yield self._edit(
                        root, path, node, node.right, "factor", "claim.factor.part", 2.0, node.left
                    )
            elif isinstance(node, Call) and len(node.arguments) == 1 and not size_arguments(node):
                inner = node.arguments[0]
                yield self._edit(root, path, node, inner, "factor", "claim.function.extra", 2.1)

    def multiples(self, root: Node) -> Iterator[Edit]:
        """A factor 2 or a half at one part; a number left out."""
        for path, node in self.value_places(root):
            above = _at(root, path[:-1]) if path else None
            if not isinstance(above, Binary) or above.operator not in ("+", "-"):
                continue
            for factor in (number(2), binary("/", number(1), number(2))):
                new = binary("*", factor, node)
                yield self._edit(root, path, node, new, "factor", "claim.factor.inside", 1.9)

    def names(self, root: Node) -> Iterator[Edit]:
        """Another name in the place of one; labels in the place of their table of zeros and ones."""
        known = [*self.scope.symbols, *self.scope.parts, *self.scope.found_on_the_way]
        for path, node in self.value_places(root):
            if not isinstance(node, Name):
                continue
            symbol = self.scope.symbols.get(node.name)
            if symbol is not None and symbol.labels is not None:
                new = called(ONEHOT.name, node, name(write_dimension(symbol.labels)))
                yield self._edit(root, path, node, new, "shape", "claim.labels", 1.0)
                continue
            for other in known:
                if other != node.name:
                    yield self._edit(root, path, node, name(other), "factor", "claim.name", 2.0)

    def missing(self, root: Node, pool: Iterable[Node] | None = None) -> Iterator[Edit]:
        """A factor that is not there, beside one part."""
        chosen = list(self.pool if pool is None else pool)
        for path, node in self.value_places(root):
            shape = self.shape(node)
            if isinstance(node, NumberLiteral) and path:
                continue
            for factor in chosen:
                factor_shape = self.shape(factor)
                if factor_shape is None:
                    continue
                bare = isinstance(factor, Name)
                weight = 2.2 if bare else 2.5
                cause: Cause = "norm" if _is_norm(factor, self.scope) else "factor"
                options = [(factor, binary("*", factor, node)), (factor, binary("/", node, factor))]
                if not factor_shape.is_scalar:
                    options = [
                        option
                        for turn in (factor, turned(factor))
                        for option in ((turn, binary("*", turn, node)), (turn, binary("*", node, turn)))
                    ]
                    options.append((factor, binary(".*", factor, node)))
                    if shape is not None and shape == factor_shape.transposed:
                        options.append((turned(factor), binary(".*", turned(factor), node)))
                for shown, new in options:
                    yield self._edit(root, path, node, new, cause, "claim.factor.lacking", weight, shown)
                if not factor_shape.is_scalar:
                    for head, tail in _splits(node):
                        for turn in (factor, turned(factor)):
                            inner = binary(".*", turn, tail)
                            new = binary("*", head, inner)
                            yield self._edit(
                                root, path, node, new, cause, "claim.factor.lacking", weight + 0.1, turn
                            )

    # helpers

    def _edit(
        self,
        root: Node,
        path: Path,
        old: Node,
        new: Node,
        cause: Cause,
        key: str,
        weight: float,
        about: Node | None = None,
    ) -> Edit:
        return Edit(replaced(root, path, new), cause, key, weight, about or old, old, new)

    def _factors(self, node: Node) -> tuple[list[Node], list[Node]]:
        """Scalars and matrices of a chain of products."""
        flat: list[Node] = []
        while isinstance(node, Binary) and node.operator in ("*", "@"):
            flat.append(node.right)
            node = node.left
        flat.append(node)
        flat.reverse()
        scalars = [part for part in flat if (shape := self.shape(part)) is not None and shape.is_scalar]
        return scalars, [part for part in flat if part not in scalars]


def _times(factors: Sequence[Node]) -> Node:
    result = factors[0]
    for factor in factors[1:]:
        result = Binary("*", result, factor, NOWHERE)
    return result


def _splits(node: Node) -> Iterator[tuple[Node, Node]]:
    """A chain of products as two parts, in every way that the chain itself is not."""
    flat: list[Node] = []
    while isinstance(node, Binary) and node.operator in ("*", "@"):
        flat.append(node.right)
        node = node.left
    flat.append(node)
    flat.reverse()
    for place in range(1, len(flat) - 1):
        yield _times(flat[:place]), _times(flat[place:])


def _at(root: Node, path: Path) -> Node:
    for step in path:
        root = parts(root)[step]
    return root


def _is_norm(node: Node, scope: Scope) -> bool:
    return isinstance(node, Call) and scope.function(node.name) in (NORM2, SUMSQ)
