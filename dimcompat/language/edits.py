"""What would fit instead: small edits of an ill-shaped operator or call, tried one by one.

A module of its own because a suggestion must be true: each edit is made of operations as the
text itself is, and proposed only when it is well shaped, if possible with all that stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import DimcompatError
from dimcompat.language import syntax as tree
from dimcompat.language.calls import called
from dimcompat.language.meaning import ADDED, MULTIPLIED, OPERATIONS
from dimcompat.language.precedence import BINARY, POSTFIX, Level, needs_brackets
from dimcompat.language.syntax import Node
from dimcompat.operations import Operation

if TYPE_CHECKING:
    from dimcompat.language.elaborate import Elaborator

LONGEST_HINT = 120


def one_line(words: str) -> str:
    """A piece of the text without its comments and line ends."""
    return re.sub(r"\s*[\r\n\x85\u2028\u2029]\s*", " ", re.sub(r"#[^\r\n\x85\u2028\u2029]*", "", words))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an edited expression: its text, how tightly it holds together, its operation."""

    text: str
    level: Level
    operation: Operation


def suggestions(node: Node, at: Elaborator) -> Iterator[str]:
    """Small edits of ``node`` that are well shaped; first those that fit the whole expression."""
    local: list[str] = []
    for edit in _edits(node, at):
        if len(edit.text) > LONGEST_HINT:
            continue
        if at.fits(node, edit.operation):
            yield edit.text
        else:
            local.append(edit.text)
    yield from local


def entrywise(node: tree.Binary, at: Elaborator) -> str:
    """The product in ``node`` as an entry-by-entry one."""
    joined = _joined(".*", _piece(node.left, at), _piece(node.right, at))
    return joined.text if joined is not None else ".*"


def _edits(node: Node, at: Elaborator) -> Iterator[Piece]:
    if isinstance(node, tree.Call):
        yield from _call_edits(node, at)
    if not isinstance(node, tree.Binary):
        return
    left, right = _piece(node.left, at), _piece(node.right, at)
    if left is None or right is None:
        return
    for operator, *pair in _trials(node, left, right, at):
        if None not in pair:
            joined = _joined(operator, *pair)
            if joined is not None:
                yield joined


def _trials(
    node: tree.Binary, left: Piece, right: Piece, at: Elaborator
) -> Iterator[tuple[str, Piece | None, Piece | None]]:
    operator = node.operator
    bare_left, bare_right = _untransposed(node.left, at), _untransposed(node.right, at)
    turned_left = None if bare_left else _transposed(left)
    turned_right = None if bare_right else _transposed(right)
    if operator in MULTIPLIED:
        if operator == "*" and at.mixes_products:
            yield ".*", left, right
        yield operator, turned_left, right
        yield operator, left, turned_right
        yield operator, bare_left, right
        yield operator, left, bare_right
        if not (left.operation.shape.is_vector and right.operation.shape.is_vector):
            yield operator, right, left
        yield ".*", left, right
    elif operator in ADDED:
        yield operator, left, bare_right
        yield operator, bare_left, right
        yield operator, left, turned_right
        yield operator, turned_left, right
        if operator == ".*":
            yield "*", left, right
    elif operator == "/":
        yield "./", left, right
        minus_one = Piece("-1", Level.UNARY, operations.leaf(ex.number(-1)))
        yield "*", left, _joined("^", right, minus_one)
    elif operator == "^":
        yield ".^", left, right


def _joined(operator: str, left: Piece | None, right: Piece | None) -> Piece | None:
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
    return _piece(node.operand, at) if isinstance(node, tree.Transpose) else None


def _piece(node: Node, at: Elaborator) -> Piece | None:
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
    pieces = [piece for argument in call.arguments if (piece := _piece(argument, at)) is not None]
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
