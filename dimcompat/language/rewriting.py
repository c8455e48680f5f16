"""Trees taken apart and put together again: places in them, replacements, and their plain text.

A module of its own because a claim is repaired as its author typed it, also where it is
ill-shaped and has no expression; nothing here knows shapes or numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from dimcompat.language.precedence import BINARY, POSTFIX, PREFIX, Level, needs_brackets
from dimcompat.language.scope import size_arguments
from dimcompat.language.syntax import (
    All,
    Binary,
    BinaryOperator,
    Call,
    Index,
    IndexItem,
    Keyword,
    Name,
    Node,
    NumberLiteral,
    Transpose,
    Unary,
)

NOWHERE = (0, 0)
Path = tuple[int, ...]


# ── building ─────────────────────────────────────────────────────────────────────────────────────────


def number(value: Fraction | int) -> Node:
    """A number as it is typed: a fraction is a quotient."""
    value = Fraction(value)
    top: Node = NumberLiteral(Fraction(abs(value.numerator)), NOWHERE)
    if value < 0:
        top = Unary("-", top, NOWHERE)
    if value.denominator == 1:
        return top
    return Binary("/", top, NumberLiteral(Fraction(value.denominator), NOWHERE), NOWHERE)


def name(text: str) -> Node:
    """A name."""
    return Name(text, NOWHERE)


def binary(operator: BinaryOperator, left: Node, right: Node) -> Node:
    """Two operands around an operator."""
    return Binary(operator, left, right, NOWHERE)


def turned(node: Node) -> Node:
    """The transpose; that of a transpose is its operand."""
    return node.operand if isinstance(node, Transpose) else Transpose(node, NOWHERE)


def negated(node: Node) -> Node:
    """The negative; that of a negative is its operand."""
    if isinstance(node, Unary) and node.operator == "-":
        return node.operand
    return Unary("-", node, NOWHERE)


def called(function: str, *arguments: Node, axis: int | None = None) -> Node:
    """A call."""
    keywords = () if axis is None else (Keyword("axis", NOWHERE, number(axis), NOWHERE),)
    return Call(function, NOWHERE, arguments, keywords, NOWHERE)


# ── places ───────────────────────────────────────────────────────────────────────────────────────────


def parts(node: Node) -> tuple[Node, ...]:
    """The operands and arguments of a node, without the values of keywords and indices."""
    match node:
        case Unary() | Transpose():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Call():
            return node.arguments
        case Index():
            return (node.operand,)
        case _:
            return ()


def places(root: Node) -> Iterator[tuple[Path, Node]]:
    """Every node with its place, wholes before parts."""
    waiting: list[tuple[Path, Node]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        waiting.extend(((*path, number), part) for number, part in reversed(list(enumerate(parts(node)))))


def nodes(root: Node) -> Iterator[Node]:
    """Every node without its place, which costs less, wholes before parts."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(parts(node)))


def replaced(root: Node, path: Path, new: Node) -> Node:
    """The tree with ``new`` in a place; everything beside the way there is shared."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    inner = replaced(parts(root)[first], rest, new)
    match root:
        case Unary() | Transpose() | Index():
            return replace(root, operand=inner)
        case Binary():
            return replace(root, left=inner) if first == 0 else replace(root, right=inner)
        case Call():
            arguments = (*root.arguments[:first], inner, *root.arguments[first + 1 :])
            return replace(root, arguments=arguments)
        case _:
            raise ValueError("a leaf has no parts")


# ── plain text ───────────────────────────────────────────────────────────────────────────────────────


def text_of(root: Node) -> str:
    """The tree in plain text, with the brackets that it needs and no others."""
    return _written(root)[0]


def _written(node: Node) -> tuple[str, Level]:
    match node:
        case NumberLiteral():
            value = node.value
            if value.denominator == 1:
                return str(value), Level.ATOM
            return f"{value.numerator}/{value.denominator}", Level.PRODUCT
        case Name():
            return node.name, Level.ATOM
        case Unary():
            text, level = _written(node.operand)
            inner = f"({text})" if level < PREFIX["-"].level else text
            return node.operator + inner, Level.UNARY
        case Transpose():
            return _inside(node.operand) + "'", Level.POSTFIX
        case Binary():
            return _binary(node)
        case Call():
            inside = [_written(argument)[0] for argument in node.arguments]
            inside += [f"{keyword.name}={_written(keyword.value)[0]}" for keyword in node.keywords]
            sizes = size_arguments(node)
            if sizes and len(sizes) == len(node.arguments):
                return f"{node.name}({','.join(inside)})", Level.ATOM
            return f"{node.name}({', '.join(inside)})", Level.ATOM
        case Index():
            return f"{_inside(node.operand)}[{','.join(map(_item, node.items))}]", Level.POSTFIX


def _inside(node: Node) -> str:
    text, level = _written(node)
    return f"({text})" if needs_brackets(level, POSTFIX["'"], "left") else text


def _item(item: IndexItem) -> str:
    return ":" if isinstance(item, All) else _written(item)[0]


def _binary(node: Binary) -> tuple[str, Level]:
    row = BINARY[node.operator]
    left, left_level = _written(node.left)
    right, right_level = _written(node.right)
    if needs_brackets(left_level, row, "left"):
        left = f"({left})"
    signed = row.level is Level.POWER and right_level is Level.UNARY
    if not signed and needs_brackets(right_level, row, "right"):
        right = f"({right})"
    gap = " " if row.level is Level.SUM else ""
    return f"{left}{gap}{node.operator}{gap}{right}", row.level
