"""Faults of shape, told in the text's own words: what stands where, how it differs, what would fit.

A module of its own because operators and records know only shapes; here their errors meet
the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dimcompat.errors import DimcompatError, Label, ShapeError
from dimcompat.language import syntax as tree
from dimcompat.language.calls import holds_labels
from dimcompat.language.edits import fits_around, suggestions
from dimcompat.language.excerpts import short
from dimcompat.language.meaning import ADDED, MULTIPLIED
from dimcompat.language.regrouping import redeclared, regrouped, square_wanted
from dimcompat.language.syntax import Node
from dimcompat.messages import Sentence, joined, say
from dimcompat.shapes import ONE, Shape

if TYPE_CHECKING:
    from dimcompat.language.elaborate import Elaborator

MOST_NAMES = 6


# ── names ────────────────────────────────────────────────────────────────────────────────────────────


def with_near_name(error: DimcompatError, node: tree.Name, at: Elaborator) -> DimcompatError:
    """The error for an unknown name, with what may have been meant."""
    scope = at.scope
    meant = None
    near = []
    for other in scope.near_names(node.name):
        operation = scope.operation(other)
        if operation is not None and not holds_labels(operation):
            near.append((other, operation))
    fitting = [other for other, operation in near if at.fits(node, operation)]
    product = scope.split(node.name)
    alike = [other for other, _ in near if other.casefold() == node.name.casefold()]
    if product is not None and not alike:
        meant = say("meant.product", instead="*".join(product))
    elif near:
        other = (fitting or alike or [near[0][0]])[0]
        meant = say("meant.name", instead=other, described=scope.described(other))
    said = [sentence for sentence in (meant, error.hint) if sentence]
    return error.at(node.span, hint=joined(said, "joined.sentences") if said else None)


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────────


def located(error: DimcompatError, node: Node, at: Elaborator) -> DimcompatError:
    """The error that a node's operator or function raised, with its place and its explanation."""
    parts = [part for part in tree.children(node) if at.shape(part) is not None]
    span = node.span
    if isinstance(node, tree.Call) and error.code == "E205" and len(parts) == 1:
        span = parts[0].span
    if not isinstance(error, ShapeError):
        return error.at(span)
    labels = tuple(Label(part.span, str(at.shape(part))) for part in parts)
    said = [*_operands(parts, at), *_difference(node, error.code, at)]
    names = _declared(node, at, {at.words(part) for part in parts})
    error.message = _with_shapes(error.message, said, names)
    error.args = (error.message,)
    grouped = regrouped(node, at)
    if grouped is not None:
        return error.at(grouped[0].span, labels=labels, hint=say("meant", instead=grouped[1]))
    return error.at(span, labels=labels, hint=_would_fit(node, at) or error.hint)


def _would_fit(node: Node, at: Elaborator) -> str | None:
    """What would fit instead of an operator or a call."""
    square = square_wanted(node, at)
    if square is not None:
        return say("meant.square", name=short(at.words(square)))
    suggestion = next(suggestions(node, at), None)
    declaration = None
    if suggestion is None or not fits_around(node, suggestion, at):
        declaration = redeclared(node, at)
    if declaration is not None:
        fields = {"instead": suggestion} if suggestion else {}
        key = "meant.or declared" if suggestion else "meant.declared"
        return say(key, declaration=declaration, **fields)
    return say("meant", instead=suggestion) if suggestion else None


def _with_shapes(message: str, said: list[str], names: list[str]) -> str:
    """The message with the shapes of the operands, and those of the names in them."""
    head = (
        dict(message.fields)["head"]
        if isinstance(message, Sentence) and message.key == "because"
        else message
    )
    if names and said:
        return say("located.said and names", head=head, said=_listed(said), names=joined(names))
    if said:
        return say("located.said", head=head, said=_listed(said))
    return say("located.names", head=head, names=joined(names)) if names else say("located", head=head)


def _operands(parts: list[Node], at: Elaborator) -> list[str]:
    found: list[str] = []
    for part in parts:
        if not _has_name(part):
            continue
        words = short(at.words(part))
        text = say("is", name=words, shape=at.shape(part))
        if text not in found:
            found.append(text)
    return found


def _has_name(root: Node) -> bool:
    return any(isinstance(node, (tree.Name, tree.Call)) for node in tree.postorder(root))


def _difference(node: Node, code: str, at: Elaborator) -> list[str]:
    """Which dimensions differ, or what else is in the way."""
    if isinstance(node, tree.Call):
        shapes = [shape for shape in map(at.shape, tree.children(node)) if shape is not None]
        return _not_square(shapes[0]) if len(shapes) == 1 and code == "E205" else []
    if not isinstance(node, tree.Binary):
        return []
    left, right = at.shape(node.left), at.shape(node.right)
    if left is None or right is None:
        return []
    if node.operator in MULTIPLIED:
        return [f"{left.cols} ≠ {right.rows}"]
    if node.operator in ADDED:
        pairs = [(left.rows, right.rows), (left.cols, right.cols)]
        different = [f"{a} ≠ {b}" for a, b in pairs if a is not b and ONE not in (a, b)]
        return list(dict.fromkeys(different)) or [say("E203.one side")]
    if node.operator == "/":
        return [say("E204.difference")]
    return _not_square(left) if node.operator == "^" and right.is_scalar else []


def _not_square(shape: Shape) -> list[str]:
    return [] if shape.is_square else [f"{shape.rows} ≠ {shape.cols}"]


def _listed(said: list[str]) -> str:
    return joined([joined(said[:-1]), said[-1]], "joined.last") if len(said) > 1 else said[0]


def _declared(node: Node, at: Elaborator, said: set[str]) -> list[str]:
    """``X is m×n`` for the names in the fault that are not one of its operands."""
    found: dict[str, str] = {}
    for part in tree.postorder(node):
        if isinstance(part, tree.Name) and at.scope.names_value(part.name) and part.name not in said:
            found.setdefault(part.name, say("is", name=part.name, shape=at.shape(part)))
            if len(found) > MOST_NAMES:
                return []
    return list(found.values())
