"""Trees tried at a few points: the shape and the numbers of a formula as it is typed, cheaply.

A module of its own because a wrong claim is repaired by trying thousands of edits: what an edit
leaves alone is computed once, and shapes are compared without building any expression. Whoever
believes a trial elaborates the tree afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dimcompat import operations
from dimcompat.errors import DimcompatError
from dimcompat.expressions import Expr, Symbol
from dimcompat.language.calls import called, check_call, holds_labels
from dimcompat.language.claim import meaning
from dimcompat.language.declarations import FILLINGS
from dimcompat.language.indices import is_index_sum
from dimcompat.language.rewriting import nodes
from dimcompat.language.scope import Scope
from dimcompat.language.syntax import Binary, Call, Index, Name, Node, NumberLiteral, Transpose, Unary
from dimcompat.numeric import evaluation
from dimcompat.numeric.machine import UNCOMPUTABLE, Array, Bound, Functions
from dimcompat.numeric.sampling import Point
from dimcompat.operations import Operation
from dimcompat.shapes import SCALAR, Shape, broadcast

LARGEST_EXPONENT = 64


class Value(NamedTuple):
    """A shape and the numbers at one point."""

    shape: Shape
    array: Array


class Trials:
    """The values of trees at given points, what is kept computed once for each; ``work`` counts the nodes
    that were computed."""

    def __init__(self, scope: Scope, points: Sequence[Point], functions: Functions) -> None:
        self.scope = scope
        self.points = points
        self.functions = functions
        self.work = 0
        self._kept: dict[int, Node] = {}
        self._known: list[dict[int, Value | None]] = [{} for _ in points]
        self._names: list[dict[str, Value | None]] = [{} for _ in points]
        self._calls: dict[object, Operation | None] = {}
        self._bound: dict[tuple[object, int], Bound] = {}

    def keep(self, root: Node) -> None:
        """Remember the values of this tree and its parts from now on."""
        self._kept.update((id(node), node) for node in nodes(root))

    def value(self, node: Node, at: int = 0) -> Value | None:
        """The value at a point, None where the parts do not fit together."""
        known = self._known[at]
        if id(node) in known:
            return known[id(node)]
        self.work += 1
        found = self._value(node, at)
        if id(node) in self._kept:
            known[id(node)] = found
        return found

    def of_expression(self, expression: Expr, at: int) -> Value:
        """The value of an expression at a point."""
        return Value(expression.shape, self._run(expression, expression, at, self.points[at].values))

    def _value(self, node: Node, at: int) -> Value | None:
        match node:
            case NumberLiteral():
                return Value(SCALAR, np.array([[evaluation.as_float(node.value)]]))
            case Name():
                names = self._names[at]
                if node.name not in names:
                    names[node.name] = self._meant(node, at)
                return names[node.name]
            case Unary():
                inner = self.value(node.operand, at)
                return inner if inner is None or node.operator == "+" else Value(inner.shape, -inner.array)
            case Transpose():
                inner = self.value(node.operand, at)
                return None if inner is None else Value(inner.shape.transposed, inner.array.T)
            case Binary():
                left, right = self.value(node.left, at), self.value(node.right, at)
                return None if left is None or right is None else combined(node, left, right)
            case Index():
                return self._meant(node, at)
            case Call():
                if is_index_sum(node, self.scope):
                    return self._meant(node, at)
                return self._call(node, at)

    def _meant(self, node: Node, at: int) -> Value | None:
        """The value of what is not taken apart here."""
        operation = meaning(node, self.scope)
        return None if operation is None else self.of_expression(operation.value, at)

    def _call(self, node: Call, at: int) -> Value | None:
        record = self.scope.function(node.name)
        if record is None:
            filling = node.name in FILLINGS and len(node.arguments) == 1
            return self.value(node.arguments[0], at) if filling else None
        given: list[Operation] = []
        values: dict[str, Array] = {}
        for place, argument in enumerate(node.arguments[: record.written]):
            labels = isinstance(argument, Name) and self.scope.operation(argument.name)
            if isinstance(labels, Operation) and holds_labels(labels):
                given.append(labels)
                continue
            value = self.value(argument, at)
            if value is None:
                return None
            hole = Symbol.make(f"argument {place}", value.shape)
            values[hole.name] = value.array
            given.append(operations.leaf(hole))
        rest = tuple(map(str, (_text(argument) for argument in node.arguments[record.written :])))
        key = (node.name, tuple(given), rest, tuple(_text(keyword.value) for keyword in node.keywords))
        if key not in self._calls:
            self._calls[key] = self._made(node, tuple(given))
        operation = self._calls[key]
        if operation is None:
            return None
        array = self._run(key, operation.value, at, {**self.points[at].values, **values})
        return Value(operation.shape, array)

    def _made(self, node: Call, given: tuple[Operation, ...]) -> Operation | None:
        try:
            check_call(node, self.scope)
            return called(node, given, self.scope)
        except DimcompatError:
            return None

    def _run(self, key: object, expression: Expr, at: int, values: Mapping[str, Array]) -> Array:
        sizes = self.points[at].sizes
        if (key, at) not in self._bound:
            self._bound[key, at] = evaluation.compiled(expression).bind(sizes, self.functions)
        shape = (expression.shape.rows.size(sizes), expression.shape.cols.size(sizes))
        try:
            (array,) = self._bound[key, at](values)
        except UNCOMPUTABLE:
            return np.full(shape, np.nan)
        return np.broadcast_to(np.asarray(array, dtype=np.float64), shape)


def _text(node: Node) -> str:
    from dimcompat.language.rewriting import text_of

    return text_of(node)


def combined(node: Binary, left: Value, right: Value) -> Value | None:
    """The value of a binary operator, None where its operands do not fit."""
    a, b = left.shape, right.shape
    x, y = left.array, right.array
    match node.operator:
        case "+" | "-" | ".*" | "./":
            shape = a if a == b else broadcast((a, b))
            if shape is None:
                return None
            if node.operator == "+":
                return Value(shape, x + y)
            if node.operator == "-":
                return Value(shape, x - y)
            return Value(shape, x * y if node.operator == ".*" else x / y)
        case "*" | "@":
            if a.is_scalar or b.is_scalar:
                return Value(a if b.is_scalar else b, x * y)
            return Value(Shape(a.rows, b.cols), x @ y) if a.cols is b.rows else None
        case "/":
            return Value(a, x / y) if b.is_scalar else None
        case ".^":
            return Value(a, _power(x, y)) if b.is_scalar else None
        case "^":
            if a.is_scalar:
                return Value(a, _power(x, y)) if b.is_scalar else None
            if not (a.is_square and b.is_scalar):
                return None
            if not np.isfinite(y[0, 0]):
                return None
            exponent = int(y[0, 0])
            if exponent != y[0, 0] or abs(exponent) > LARGEST_EXPONENT:
                return None
            try:
                return Value(a, np.linalg.matrix_power(x, exponent))
            except np.linalg.LinAlgError:
                return Value(a, np.full(x.shape, np.nan))


def _power(base: Array, exponent: Array) -> Array:
    found: Array = np.power(base, exponent)
    return found
