"""What would fit instead: small edits of an ill-shaped operator or call, tried one by one.

A module of its own because a suggestion must be true: each edit is made of operations as the
text itself is, and proposed only when it is well shaped, if possible with all that stands around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import DimcompatError
from dimcompat.functions.constants import ONES
from dimcompat.language import syntax as tree
from dimcompat.language.calls import called
from dimcompat.language.excerpts import one_line
from dimcompat.language.meaning import ADDED, MULTIPLIED, OPERATIONS
from dimcompat.language.precedence import BINARY, POSTFIX, Level, needs_brackets
from dimcompat.language.surroundings import summed_up
from dimcompat.language.syntax import Node
from dimcompat.language.writer import write_dimension
from dimcompat.operations import Operation
from dimcompat.records import dataclass
from dimcompat.shapes import ONE

if TYPE_CHECKING:
    from dimcompat.language.elaborate import Elaborator

LONGEST_HINT = 120


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an edited expression: its text, how tightly it holds together, its operation; is it a matrix
    product made one that stretches?"""

    text: str
    level: Level
    operation: Operation
    stretched: bool = False


def suggestions(node: Node, at: Elaborator) -> Iterator[str]:
    """Small edits of ``node`` that are well shaped; first those that fit the whole expression, and last those
    that stretch a vector over a matrix."""
    found: dict[tuple[bool, bool], list[str]] = {}
    for edit in _edits(node, at):
        if len(edit.text) <= LONGEST_HINT:
            key = edit.stretched, not at.fits(node, edit.operation)
            found.setdefault(key, []).append(edit.text)
    for key in sorted(found):
        yield from found[key]


def fits_around(node: Node, suggestion: str, at: Elaborator) -> bool:
    """Whether a suggestion fits the whole expression."""
    return any(edit.text == suggestion and at.fits(node, edit.operation) for edit in _edits(node, at))


def entrywise(node: tree.Binary, at: Elaborator) -> str:
    """The product in ``node`` as an entry-by-entry one."""
    made = joined(".*", piece_of(node.left, at), piece_of(node.right, at))
    return made.text if made is not None else ".*"


def _edits(node: Node, at: Elaborator) -> Iterator[Piece]:
    if isinstance(node, tree.Call):
        yield from _call_edits(node, at)
    if not isinstance(node, tree.Binary):
        return
    left, right = piece_of(node.left, at), piece_of(node.right, at)
    if left is None or right is None:
        return
    for operator, *pair in _trials(node, left, right, at):
        if None not in pair:
            made = joined(operator, *pair)
            if made is not None:
                stretched = operator == ".*" and node.operator in MULTIPLIED
                shapes = (left.operation.shape, right.operation.shape)
                yield replace(made, stretched=stretched and shapes[0] != shapes[1])


def _trials(
    node: tree.Binary, left: Piece, right: Piece, at: Elaborator
) -> Iterator[tuple[str, Piece | None, Piece | None]]:
    operator = node.operator
    bare_left, bare_right = _untransposed(node.left, at), _untransposed(node.right, at)
    turned_left = None if bare_left else _transposed(left)
    turned_right = None if bare_right else _transposed(right)
    if operator in MULTIPLIED:
        same = left.operation.shape == right.operation.shape and left.operation.shape.is_vector
        if (operator == "*" and at.mixes_products) or (same and summed_up(node, at)):
            yield ".*", left, right
        yield operator, turned_left, right
        yield operator, left, turned_right
        yield operator, bare_left, right
        yield operator, left, bare_right
        if not (left.operation.shape.is_vector and right.operation.shape.is_vector):
            yield operator, right, left
        yield ".*", left, right
    elif operator in ADDED:
        outer = _spread(node, left, right, at) if operator in ("+", "-") else None
        if outer is not None and _is_outer(node, left, right, at):
            yield operator, *outer
        yield operator, left, bare_right
        yield operator, bare_left, right
        yield operator, left, turned_right
        yield operator, turned_left, right
        if operator == ".*":
            yield "*", left, right
    elif operator == "/":
        yield "./", left, right
        minus_one = Piece("-1", Level.UNARY, operations.leaf(ex.number(-1)))
        yield "*", left, joined("^", right, minus_one)
    elif operator == "^":
        yield ".^", left, right


def _spread(
    node: tree.Binary, left: Piece, right: Piece, at: Elaborator
) -> tuple[Piece | None, Piece | None] | None:
    """A column and a row with the column written out as a matrix: each entry with each of the other."""
    shapes = left.operation.shape, right.operation.shape
    for column, row in ((0, 1), (1, 0)):
        if shapes[column].is_column and shapes[row].is_row and not shapes[column].is_scalar:
            cols = shapes[row].cols
            ones = operations.leaf(ex.ones(ONE, cols))
            spread = Piece(f"{ONES.name}(1,{write_dimension(cols)})", Level.ATOM, ones)
            return (joined("*", left, spread), right) if not column else (left, joined("*", right, spread))
    return None


def _is_outer(node: tree.Binary, left: Piece, right: Piece, at: Elaborator) -> bool:
    """Whether a column and a row are rather meant with each other than one of them turned."""
    words = {
        at.words(part.operand if isinstance(part, tree.Transpose) else part)
        for part in (node.left, node.right)
    }
    return len(words) == 1 or left.operation.shape.size is not right.operation.shape.size


def joined(operator: str, left: Piece | None, right: Piece | None) -> Piece | None:
    """Two pieces around an operator, with the brackets that they need; None where they do not fit."""
    if left is None or right is None:
        return None
    try:
        operation = OPERATIONS[operator](left.operation, right.operation)
    except DimcompatError:
        return None
    row = BINARY[operator]
    sides = []
    for piece, side in ((left, "left"), (right, "right")):
        signed = side == "right" and row.level is Level.POWER and piece.level is Level.UNARY
        bare = signed or not needs_brackets(piece.level, row, "left" if side == "left" else "right")
        sides.append(piece.text if bare else f"({piece.text})")
    gap = " " if row.level is Level.SUM else ""
    return Piece(f"{sides[0]}{gap}{operator}{gap}{sides[1]}", row.level, operation)


def _transposed(piece: Piece) -> Piece | None:
    if piece.operation.shape.is_scalar:
        return None
    bracketed = needs_brackets(piece.level, POSTFIX["'"], "left")
    text = f"({piece.text})'" if bracketed else f"{piece.text}'"
    return Piece(text, Level.POSTFIX, operations.transpose(piece.operation))


def _untransposed(node: Node, at: Elaborator) -> Piece | None:
    return piece_of(node.operand, at) if isinstance(node, tree.Transpose) else None


def piece_of(node: Node, at: Elaborator) -> Piece | None:
    """A part of the text as it stands; None where it has not been read."""
    operation = at.done.get(id(node))
    if operation is None:
        return None
    match node:
        case tree.NumberLiteral():
            value = node.value
            if value.denominator != 1:
                return Piece(at.words(node), Level.ATOM, operation)
            return Piece(str(value), Level.ATOM, operation)
        case tree.Unary(operand=tree.NumberLiteral(value=value)) if value.denominator == 1:
            return Piece(f"{node.operator}{value}", Level.UNARY, operation)
        case tree.Unary():
            level = Level.UNARY
        case tree.Binary():
            level = BINARY[node.operator].level
        case tree.Transpose():
            level = Level.POSTFIX
        case _:
            level = Level.ATOM
    return Piece(one_line(at.words(node)), level, operation)


def _call_edits(call: tree.Call, at: Elaborator) -> Iterator[Piece]:
    """One argument transposed, or two of them swapped."""
    pieces = [piece for argument in call.arguments if (piece := piece_of(argument, at)) is not None]
    if len(pieces) < 2 or len(pieces) < len(call.arguments) or call.keywords:
        return
    bare = [(place, _untransposed(argument, at)) for place, argument in enumerate(call.arguments)]
    turned = [(place, _transposed(piece)) for place, piece in enumerate(pieces)]
    trials = [
        [*pieces[:place], piece, *pieces[place + 1 :]]
        for place, piece in (*bare, *turned)
        if piece is not None
    ]
    for trial in (*trials, pieces[::-1]):
        try:
            operation = called(call, tuple(piece.operation for piece in trial), at.scope)
        except DimcompatError:
            continue
        yield Piece(f"{call.name}({', '.join(piece.text for piece in trial)})", Level.ATOM, operation)
