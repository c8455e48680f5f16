"""What one slip in a formula is, and where slips can be: the ground that the kinds of slips stand on.

A module of its own because each kind has its own file and all of them take a tree apart alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dimcompat.language.indices import is_index_sum
from dimcompat.language.rewriting import Path, binary, parts, replaced
from dimcompat.language.scope import Scope, size_arguments
from dimcompat.language.syntax import Binary, Call, Node
from dimcompat.records import dataclass
from dimcompat.shapes import Shape
from dimcompat.verdict import Cause


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


@dataclass(frozen=True)
class Slips:
    """What slips need to know: names, the shape of a part if it has one, and formulas that may be missing."""

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

    def edit(
        self,
        root: Node,
        path: Path,
        new: Node,
        cause: Cause,
        key: str,
        weight: float,
        about: Node | None = None,
    ) -> Edit:
        """The tree with ``new`` in a place."""
        old = at(root, path)
        return Edit(replaced(root, path, new), cause, key, weight, about or old, old, new)

    def is_scalar(self, node: Node) -> bool:
        """Whether a part is known to be a scalar."""
        shape = self.shape(node)
        return shape is not None and shape.is_scalar


def at(root: Node, path: Path) -> Node:
    """The node in a place."""
    for step in path:
        root = parts(root)[step]
    return root


def above(root: Node, path: Path) -> Node | None:
    """The node that a place is in."""
    return at(root, path[:-1]) if path else None


def factors(node: Node) -> list[Node]:
    """The factors of a chain of matrix products."""
    flat: list[Node] = []
    while isinstance(node, Binary) and node.operator in ("*", "@"):
        flat.append(node.right)
        node = node.left
    flat.append(node)
    return flat[::-1]


def times(chain: Sequence[Node]) -> Node:
    """A chain of matrix products."""
    result = chain[0]
    for factor in chain[1:]:
        result = binary("*", result, factor)
    return result
