"""Edits that need more than the operator at fault: factors behind it that belong together, a matrix that
must be square, a name that is declared with another shape than the formula asks for.

A module of its own because in ``x'*A*x / x'*x`` and in ``-y*X*w`` the operator at fault is not the one that
was meant to be first, and what stands around it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dimcompat import operations
from dimcompat.errors import DimcompatError
from dimcompat.expressions import Symbol
from dimcompat.language import syntax as tree
from dimcompat.language.edits import Piece, joined, piece_of
from dimcompat.language.meaning import MULTIPLIED
from dimcompat.language.surroundings import summed_up
from dimcompat.language.syntax import Node
from dimcompat.language.writer import write_dimension
from dimcompat.records import dataclass
from dimcompat.shapes import Shape

if TYPE_CHECKING:
    from dimcompat.language.elaborate import Elaborator

MOST_BEHIND = 4


@dataclass(frozen=True, slots=True)
class Chain:
    """The products that go on from a node: the outermost of them, and the factors behind the node."""

    top: tree.Binary
    behind: tuple[Piece, ...]


def chains(node: tree.Binary, at: Elaborator) -> Iterator[Chain]:
    """The products that start with a node, the longest first."""
    above = {id(part): whole for whole in tree.postorder(at.root or node) for part in tree.children(whole)}
    found: list[Chain] = []
    top, behind = node, list[Piece]()
    while isinstance(outer := above.get(id(top)), tree.Binary) and outer.left is top:
        piece = _elaborated(outer.right, at) if outer.operator in MULTIPLIED else None
        if piece is None or len(behind) == MOST_BEHIND:
            break
        top = outer
        behind.append(piece)
        found.append(Chain(top, tuple(behind)))
    return reversed(found)


def regrouped(node: Node, at: Elaborator) -> tuple[Node, str] | None:
    """A product or quotient and what it should be, the factors behind the operator taken together."""
    if not isinstance(node, tree.Binary) or node.operator not in (*MULTIPLIED, "/"):
        return None
    left, right = piece_of(node.left, at), piece_of(node.right, at)
    if left is None or right is None:
        return None
    for chain in chains(node, at):
        rest: Piece | None = right
        for factor in chain.behind:
            rest = joined("*", rest, factor)
        if rest is None:
            continue
        if node.operator == "/" and rest.operation.shape.is_scalar:
            whole = joined("/", left, rest)
        elif node.operator != "/" and rest.operation.shape == left.operation.shape and summed_up(node, at):
            whole = joined(".*", left, rest)
        else:
            continue
        if whole is not None and at.fits(chain.top, whole.operation):
            return chain.top, whole.text
    return None


def square_wanted(node: Node, at: Elaborator) -> Node | None:
    """The matrix of ``x'*A*x`` that must be square, where a fault in this product shows that it is not."""
    if not isinstance(node, tree.Binary) or node.operator not in MULTIPLIED:
        return None
    outer, inner = node, node.left
    if not (isinstance(inner, tree.Binary) and inner.operator in MULTIPLIED):
        top = next((chain.top for chain in chains(node, at) if len(chain.behind) == 1), None)
        if top is None:
            return None
        outer, inner = top, node
    first, middle, last = inner.left, inner.right, outer.right
    shape = at.shape(middle)
    turned = isinstance(first, tree.Transpose) and at.words(first.operand) == at.words(last)
    return middle if turned and shape is not None and not shape.is_square else None


def redeclared(node: Node, at: Elaborator) -> str | None:
    """The declaration with which a product fits all that stands around it: ``x: n``."""
    if not isinstance(node, tree.Binary) or node.operator not in MULTIPLIED:
        return None
    left, right = at.done.get(id(node.left)), at.done.get(id(node.right))
    if left is None or right is None:
        return None
    for part, shape in (
        (node.right, Shape(left.shape.cols, right.shape.cols)),
        (node.left, Shape(left.shape.rows, right.shape.rows)),
    ):
        symbol = at.done[id(part)].value
        if not isinstance(part, tree.Name) or not isinstance(symbol, Symbol) or not symbol.shape.is_column:
            continue
        other = operations.leaf(Symbol.make(symbol.name, shape))
        pair = (left, other) if part is node.right else (other, right)
        if shape.is_column and at.fits(node, operations.multiply(*pair)):
            return f"{symbol.name}: {write_dimension(shape.rows)}"
    return None


def _elaborated(node: Node, at: Elaborator) -> Piece | None:
    """A part that stands behind the fault and so has not been read yet."""
    trial = type(at)(at.scope, at.text, at.done, indices=at.indices, trial=True)
    try:
        trial.elaborate(node)
    except DimcompatError:
        return None
    return piece_of(node, trial)
