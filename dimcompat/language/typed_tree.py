"""The layout of a tree as typed, whether or not it is well shaped.

A module of its own because a wrong claim is shown in its author's words in every notation, and
it may have no shapes to lay out by.
"""

from __future__ import annotations

import re
from fractions import Fraction

from dimcompat.language.notation import (
    Applied,
    Glue,
    Indexed,
    IndexItem,
    Integer,
    LabelIndex,
    Layout,
    Name,
    Power,
    Quotient,
    Rational,
    Series,
    Terms,
    Transposed,
)
from dimcompat.language.rewriting import text_of
from dimcompat.language.scope import size_arguments
from dimcompat.language.syntax import (
    All,
    Binary,
    Call,
    Index,
    Node,
    NumberLiteral,
    Transpose,
    Unary,
    postorder,
)
from dimcompat.language.syntax import Name as TypedName

_QUOTIENT = re.compile(r"d([^\W\d]\w*?)_d([^\W\d]\w*)")


def tree_layout(root: Node) -> Layout:
    """The layout of every operator and call as it was typed."""
    done: dict[int, Layout] = {}
    for node in postorder(root):
        done[id(node)] = _one(node, done)
    return done[id(root)]


def _one(node: Node, done: dict[int, Layout]) -> Layout:
    match node:
        case NumberLiteral():
            return _number(node.value)
        case TypedName():
            found = _QUOTIENT.fullmatch(node.name)
            return Name(node.name, (found[1], found[2]) if found is not None else None)
        case Unary():
            inner = done[id(node.operand)]
            return Terms(((True, inner),)) if node.operator == "-" else inner
        case Transpose():
            return Transposed(done[id(node.operand)])
        case Binary():
            return _binary(node, done[id(node.left)], done[id(node.right)])
        case Call():
            return _call(node, done)
        case Index():
            return Indexed(done[id(node.operand)], tuple(_item(item) for item in node.items))


def _number(value: Fraction) -> Layout:
    if value.denominator == 1:
        return Integer(int(value))
    return Rational(value.numerator, value.denominator)


def _binary(node: Binary, left: Layout, right: Layout) -> Layout:
    match node.operator:
        case "+" | "-":
            terms = left.terms if isinstance(left, Terms) else ((False, left),)
            return Terms((*terms, (node.operator == "-", right)))
        case "/" | "./":
            return Quotient(left, right, entrywise=node.operator == "./")
        case "^" | ".^":
            exponent = node.right
            if isinstance(exponent, Unary) and isinstance(exponent.operand, NumberLiteral):
                value = exponent.operand.value
                right = Integer(-int(value)) if value.denominator == 1 else right
            return Power(left, right, "entry" if node.operator == ".^" else "scalar")
        case _:
            glue: Glue = "entry" if node.operator == ".*" else "matrix"
            if isinstance(left, Terms) and len(left.terms) == 1 and isinstance(node.left, (Binary, Unary)):
                return Terms(((True, _series(left.terms[0][1], glue, right)),))
            return _series(left, glue, right)


def _series(left: Layout, glue: Glue, right: Layout) -> Layout:
    items: tuple[tuple[Glue, Layout], ...] = left.items if isinstance(left, Series) else (("scale", left),)
    return Series((*items, (glue, right)))


def _call(node: Call, done: dict[int, Layout]) -> Layout:
    keywords = {keyword.name: keyword.value for keyword in node.keywords}
    axis = keywords.get("axis")
    which = int(axis.value) if isinstance(axis, NumberLiteral) else None
    sizes = size_arguments(node)
    values = node.arguments[: len(node.arguments) - len(sizes)]
    inside, dims = (tuple(done[id(part)] for part in some) for some in (values, sizes))
    return Applied(node.name, inside, (), which, dims)


def _item(item: object) -> IndexItem:
    if isinstance(item, All):
        return None
    if isinstance(item, TypedName):
        return item.name
    if isinstance(item, Index) and isinstance(item.operand, TypedName) and len(item.items) == 1:
        (inner,) = item.items
        return LabelIndex(item.operand.name, None if isinstance(inner, All) else text_of(inner))
    return text_of(item)  # type: ignore[arg-type]
