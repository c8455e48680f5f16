"""Slips in one part: a sign, a power, a term or factor too many, a wrong name or function.

A module of its own because none of these is about how factors stand together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dimcompat.functions.labels import ONEHOT
from dimcompat.functions.reductions import NORM2, SUMSQ
from dimcompat.language.rewriting import Path, binary, called, name, negated, number, replaced, text_of
from dimcompat.language.scope import size_arguments
from dimcompat.language.slips import Edit, Slips, above
from dimcompat.language.syntax import Binary, BinaryOperator, Call, Name, Node, NumberLiteral, Unary
from dimcompat.language.writer import write_dimension
from dimcompat.records import dataclass
from dimcompat.shapes import broadcast
from dimcompat.verdict import Cause


@dataclass(frozen=True)
class PartSlips(Slips):
    """Each method proposes every place for one kind of slip."""

    def signs(self, root: Node) -> Iterator[Edit]:
        """The sign of one term turned."""
        for path, node in self.value_places(root):
            if isinstance(node, Binary) and node.operator in ("+", "-"):
                other: BinaryOperator = "-" if node.operator == "+" else "+"
                new = binary(other, node.left, node.right)
                yield self.edit(root, path, new, "sign", "claim.sign.term", 1.2, node.right)
                new = binary(node.operator, negated(node.left), node.right)
                yield self.edit(root, path, new, "sign", "claim.sign.term", 1.25, node.left)
            elif isinstance(node, Call) and not size_arguments(node):
                for place, argument in enumerate(node.arguments):
                    new = negated(argument)
                    yield self.edit(root, (*path, place), new, "sign", "claim.sign.term", 1.3)

    def powers(self, root: Node) -> Iterator[Edit]:
        """A square for its base, the next power, a norm for its square."""
        for path, node in self.value_places(root):
            if isinstance(node, Binary) and node.operator in ("^", ".^"):
                yield from self._other_powers(root, path, node)
            elif isinstance(node, Call) and self.scope.function(node.name) in (NORM2, SUMSQ):
                other = SUMSQ if self.scope.function(node.name) is NORM2 else NORM2
                new = called(other.name, *node.arguments)
                yield self.edit(root, path, new, "norm", "claim.norm", 1.4)
                if other is SUMSQ:
                    new = binary("^", node, number(3))
                    yield self.edit(root, path, new, "norm", "claim.norm", 1.9)
            elif not isinstance(node, (Unary, NumberLiteral)) and self.shape(node) is not None:
                operator: BinaryOperator = "^" if self.is_scalar(node) else ".^"
                new = binary(operator, node, number(2))
                yield self.edit(root, path, new, "factor", "claim.power", 1.8)

    def _other_powers(self, root: Node, path: Path, node: Binary) -> Iterator[Edit]:
        is_norm = isinstance(node.left, Call) and self.scope.function(node.left.name) is NORM2
        cause: Cause = "norm" if is_norm else "factor"
        key = "claim.norm" if is_norm else "claim.power"
        yield self.edit(root, path, node.left, cause, key, 1.8)
        if isinstance(node.right, NumberLiteral):
            for exponent in (node.right.value - 1, node.right.value + 1):
                if exponent not in (0, 1):
                    new = binary(node.operator, node.left, number(exponent))
                    yield self.edit(root, path, new, cause, key, 1.85)

    def extras(self, root: Node) -> Iterator[Edit]:
        """A term, a factor or a function too many."""
        for path, node in self.value_places(root):
            if isinstance(node, Binary) and node.operator in ("+", "-"):
                yield self.edit(root, path, node.left, "term", "claim.term.extra", 2.0, node.right)
                rest = node.right if node.operator == "+" else negated(node.right)
                yield self.edit(root, path, rest, "term", "claim.term.extra", 2.0, node.left)
            elif isinstance(node, Binary) and node.operator not in ("^", ".^"):
                yield self.edit(root, path, node.left, "factor", "claim.factor.part", 2.0, node.right)
                if node.operator not in ("/", "./"):
                    yield self.edit(root, path, node.right, "factor", "claim.factor.part", 2.0, node.left)
                left = node.left
                if isinstance(left, Binary) and left.operator == node.operator:
                    two = binary(node.operator, left.right, node.right)
                    yield self.edit(root, path, left.left, "factor", "claim.factor.part", 2.1, two)
            elif isinstance(node, Call) and len(node.arguments) == 1 and not size_arguments(node):
                inner = node.arguments[0]
                norm = self.scope.function(node.name) in (NORM2, SUMSQ)
                yield self.edit(root, path, inner, "norm" if norm else "factor", "claim.function.extra", 2.1)

    def multiples(self, root: Node) -> Iterator[Edit]:
        """A factor 2 or a half at one term."""
        for path, node in self.value_places(root):
            outer = above(root, path)
            if isinstance(outer, Binary) and outer.operator in ("+", "-"):
                for factor in (number(2), binary("/", number(1), number(2))):
                    new = binary("*", factor, node)
                    yield self.edit(root, path, new, "factor", "claim.factor.inside", 1.9)

    def names(self, root: Node) -> Iterator[Edit]:
        """Another name in the place of one; labels in the place of their table of zeros and ones."""
        known = [*self.scope.symbols, *self.scope.parts, *self.scope.found_on_the_way]
        for path, node in self.value_places(root):
            if not isinstance(node, Name):
                continue
            symbol = self.scope.symbols.get(node.name)
            if symbol is not None and symbol.labels is not None:
                new = called(ONEHOT.name, node, name(write_dimension(symbol.labels)))
                yield self.edit(root, path, new, "shape", "claim.labels", 1.0)
                continue
            for other in known:
                if other != node.name:
                    yield self.edit(root, path, name(other), "factor", "claim.name", 2.0)

    def functions(self, root: Node, names: Iterable[str]) -> Iterator[Edit]:
        """A function that was not applied to one part, or another one in its place."""
        chosen = list(names)
        for path, node in self.value_places(root):
            if isinstance(node, NumberLiteral) or self.shape(node) is None:
                continue
            for function in chosen:
                new = called(function, node)
                yield self.edit(root, path, new, "factor", "claim.function.missing", 2.0)
                single = isinstance(node, Call) and len(node.arguments) == 1 and not size_arguments(node)
                if isinstance(node, Call) and single and node.name != function:
                    renamed = replace(node, name=function)
                    yield self.edit(root, path, renamed, "factor", "claim.function.missing", 1.9)

    def everywhere(self, root: Node, edits: Iterable[Edit]) -> Iterator[Edit]:
        """These edits at every place where the same part stands, where there are several."""
        counts = Counter(text_of(node) for _, node in self.value_places(root))
        seen: set[tuple[str, str]] = set()
        for edit in edits:
            pair = text_of(edit.old), text_of(edit.new)
            if counts[pair[0]] > 1 and pair not in seen:
                seen.add(pair)
                tree = self._all_replaced(root, pair[0], edit.new)
                yield edit._replace(tree=tree, weight=edit.weight + 0.05)

    def _all_replaced(self, root: Node, text: str, new: Node) -> Node:
        found = [path for path, node in self.value_places(root) if text_of(node) == text]
        for path in sorted(found, key=len, reverse=True):
            root = replaced(root, path, new)
        return root

    def missing_terms(self, root: Node, pool: Iterable[Node]) -> Iterator[Edit]:
        """A name that was not added to, or subtracted from, one part."""
        chosen = list(pool)
        for path, node in self.value_places(root):
            if self.shape(node) is None or isinstance(node, NumberLiteral):
                continue
            for term in chosen:
                pair = (self.shape(node), self.shape(term))
                if None in pair or broadcast(shape for shape in pair if shape is not None) is None:
                    continue
                for new in (binary("+", node, term), binary("-", node, term)):
                    yield self.edit(root, path, new, "term", "claim.term.inside", 2.2, term)
