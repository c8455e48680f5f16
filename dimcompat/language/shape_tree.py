"""Every subexpression of a source with its shape, as typed.

A module of its own because only the `shapes` command asks for it, and a tree of all pieces of
a long text is not made for anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping

from dimcompat.language import syntax as tree
from dimcompat.language.declarations import ShapeLike
from dimcompat.language.program import Formula, Reading
from dimcompat.records import dataclass
from dimcompat.shapes import Shape


@dataclass(frozen=True, slots=True, eq=False)
class ShapeNode:
    """A subexpression: the offsets of its text, its shape, and the parts that have one.

    ``name`` is what the program calls the whole formula, on its topmost node only.
    """

    source: str
    span: tuple[int, int]
    shape: Shape
    children: tuple[ShapeNode, ...]
    name: str | None = None

    @property
    def text(self) -> str:
        """The subexpression as typed."""
        return self.source[slice(*self.span)]


def typed_tree(text: str, shapes: Mapping[str, ShapeLike] | None = None) -> tuple[ShapeNode, ...]:
    """The formulas of a source in their order. Raises what `read` raises."""
    reading = Reading(text)
    reading.program(shapes or {}, None)
    return tuple(_shape_node(formula, text) for formula in reading.formulas)


def _shape_node(formula: Formula, text: str) -> ShapeNode:
    done: dict[int, ShapeNode] = {}
    for node in tree.postorder(formula.root):
        shape = formula.elaborator.shape(node)
        if shape is not None:
            below = tuple(done[id(part)] for part in tree.children(node) if id(part) in done)
            name = formula.name if node is formula.root else None
            done[id(node)] = ShapeNode(text, node.span, shape, below, name)
    return done[id(formula.root)]
