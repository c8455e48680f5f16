"""The tree as typed: nothing normalised, every node with its span.

A module of its own because three readers share it: the parser builds it, the elaborator
turns it into expressions, and the shapes command and the numeric check walk it as it stands.
Spans are offsets in the text as typed; brackets around a node are not part of its span, but
they are part of the span of what stands around it.

Operator chains make trees that are 100,000 deep, so nodes compare by identity and every walk
is a loop: use `postorder`, never recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, assert_never

from dimcompat.records import dataclass

Span = tuple[int, int]
BinaryOperator = Literal["+", "-", "*", "@", "/", ".*", "./", "^", ".^"]
PrefixOperator = Literal["-", "+"]


@dataclass(frozen=True, slots=True, eq=False)
class NumberLiteral:
    """A number, exact."""

    value: Fraction
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A name in its plain spelling: `W₁` is `W_1`, `∂L/∂Z` is `dL_dZ`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Unary:
    """A sign before its operand."""

    operator: PrefixOperator
    operand: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    """Two operands around an operator in its plain spelling."""

    operator: BinaryOperator
    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Transpose:
    """A transpose; `X^T` keeps its spelling in mind, since a declared `T` makes it an error."""

    operand: Node
    span: Span
    spelled_with_caret_T: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Keyword:
    """A named argument of a call, such as `axis=0`; its span runs from the name to the value."""

    name: str
    name_span: Span
    value: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call; the derivative of an unnamed function `f` is a call of `f'`, `‖x‖` one of `norm2`."""

    name: str
    name_span: Span
    arguments: tuple[Node, ...]
    keywords: tuple[Keyword, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class All:
    """The `:` of `X[i,:]`."""

    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """One or two indices after an operand."""

    operand: Node
    items: tuple[IndexItem, ...]
    span: Span


Node = NumberLiteral | Name | Unary | Binary | Transpose | Call | Index
IndexItem = All | Node


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """What follows a shape: `symmetric`, `posdef`, `diagonal`, `orthogonal`, `positive`, `labels(c)`."""

    name: str
    argument: Node | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ShapeSyntax:
    """The shape of a value: no dimension for `scalar` and a single label, one for a vector, two."""

    dimensions: tuple[Node, ...]
    attributes: tuple[Attribute, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ElementwiseType:
    """`f: elementwise`, an unnamed function applied entry by entry."""

    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class FunctionType:
    """`phi: function(m, c)`, an unnamed scalar function of a matrix (or `function(n)`, of a column)."""

    dimensions: tuple[Node, ...]
    span: Span


DeclaredType = ShapeSyntax | ElementwiseType | FunctionType


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """`X: m, n`."""

    name: str
    name_span: Span
    shape: DeclaredType
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """`Z = X*W + b`."""

    name: str
    name_span: Span
    value: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class FunctionDefinition:
    """`f(t) = t*sigmoid(t)`."""

    name: str
    name_span: Span
    parameter: str
    parameter_span: Span
    body: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """An expression that stands alone."""

    value: Node
    span: Span


Statement = Declaration | Definition | FunctionDefinition | Objective


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A text and the statements that stand in it."""

    text: str
    statements: tuple[Statement, ...]


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below `node`, as they stand in the text from left to right."""
    match node:
        case NumberLiteral() | Name():
            return ()
        case Unary() | Transpose():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Call():
            return (*node.arguments, *(keyword.value for keyword in node.keywords))
        case Index():
            return (node.operand, *(item for item in node.items if not isinstance(item, All)))
        case _:
            assert_never(node)


def postorder(root: Node) -> Iterator[Node]:
    """Every node below `root` and `root` itself, parts before wholes, by a loop."""
    found: list[Node] = []
    waiting = [root]
    while waiting:  # wholes first, the last part first: this backwards
        node = waiting.pop()
        found.append(node)
        waiting.extend(children(node))
    return reversed(found)


MAX_DIMENSION_POWER = 64


def dimension_fault(root: Node) -> tuple[str, Node] | None:
    """The code of what keeps `root` from being a dimension and the node at fault, or None.

    A dimension is made of names and positive integers with `+`, `*` and small powers.
    """
    for node in reversed(list(postorder(root))):
        match node:
            case NumberLiteral() | Unary(operand=NumberLiteral()):
                if not (isinstance(node, NumberLiteral) and node.value.denominator == 1 and node.value > 0):
                    return "E211", node
            case Binary(operator="^", right=exponent):
                small = isinstance(exponent, NumberLiteral) and 1 <= exponent.value <= MAX_DIMENSION_POWER
                if not (small and isinstance(exponent, NumberLiteral) and exponent.value.denominator == 1):
                    return "E412", exponent
            case Name() | Binary(operator="+" | "*"):
                pass
            case Binary() | Unary():
                return "E411", node
            case _:
                return "E131", node
    return None
