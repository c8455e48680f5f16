"""``f(t) = t*sigmoid(t)``: the formula of a function, read as scalar arithmetic.

A module of its own because a formula has a scope of its own: its parameter hides the names of
the text, scalars of the text stand for themselves, and nothing in it may have a shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dimcompat import operations
from dimcompat.errors import fault, shown
from dimcompat.expressions import Symbol
from dimcompat.functions.user import UserFunction, by_formula
from dimcompat.language import syntax as tree
from dimcompat.language.calls import holds_labels
from dimcompat.language.declarations import FILLINGS
from dimcompat.language.elaborate import MAX_DEPTH, Elaborator
from dimcompat.language.scope import Scope
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.records import dataclass
from dimcompat.shapes import SCALAR

MOST_OPENED = 5_000
"""How many operators a formula may have with all formulas that it calls written out."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How many operators a formula has and how deep they nest, the formulas that it calls opened."""

    operators: int
    depth: int


def read_function(
    definition: tree.FunctionDefinition, scope: Scope, text: str, extents: dict[str, Extent]
) -> UserFunction:
    """The function that a text defines; ``extents`` holds those of the functions above it, and then its own.

    Raises a located DimcompatError where the formula is not scalar arithmetic.
    """
    parameter = Symbol.make(definition.parameter, SCALAR, frozenset({"parameter"}))
    scalars = _scalars(scope)
    inside = _inside(scope, parameter, scalars)
    _refuse_itself(definition)
    for node in tree.postorder(definition.body):
        _refuse_matrices(node, inside, definition.name)
    elaborator = Elaborator(inside, text)
    typed = elaborator.elaborate(definition.body)
    extents[definition.name] = _extent(definition, extents)
    leaves = {leaf for operation in operations.postorder(typed) for leaf in operation.value.symbols}
    used = [name for name, symbol in scalars.items() if symbol in leaves]
    parameters = (parameter, *(scalars[name] for name in used))
    record = by_formula(definition.name, typed.value, parameters, typed)
    meant = (scope.operation(name) for name in used)
    return UserFunction(record, tuple(operation for operation in meant if operation is not None))


def _scalars(scope: Scope) -> dict[str, Symbol]:
    """The scalars of the text, each as it stands in a formula: a number about which nothing is known."""
    found: dict[str, Symbol] = {}
    for name in (*scope.symbols, *scope.parts):
        operation = scope.operation(name)
        if operation is not None and operation.shape.is_scalar and not holds_labels(operation):
            found[name] = Symbol.make(name, SCALAR)
    return found


def _inside(scope: Scope, parameter: Symbol, scalars: Mapping[str, Symbol]) -> Scope:
    """What names mean in the formula."""
    symbols = {**scope.symbols, **scalars, parameter.name: parameter}
    parts = {name: part for name, part in scope.parts.items() if name not in symbols}
    later = {name: kind for name, kind in scope.later.items() if name != parameter.name}
    functions = {
        name: replace(given, scalars=tuple(operations.leaf(scalars[_name(s)]) for s in given.scalars))
        for name, given in scope.functions.items()
    }
    return replace(scope, symbols=symbols, parts=parts, later=later, functions=functions)


def _name(scalar: Operation) -> str:
    assert scalar.name is not None or isinstance(scalar.value, Symbol)
    return scalar.name if scalar.name is not None else scalar.value.name  # type: ignore[attr-defined]


def _refuse_itself(definition: tree.FunctionDefinition) -> None:
    for node in tree.postorder(definition.body):
        if isinstance(node, tree.Call) and node.name.rstrip("'") == definition.name:
            raise fault("E150", node.name_span, found=shown(node.name))


def _refuse_matrices(node: tree.Node, scope: Scope, name: str) -> None:
    """Refuses whatever is more than arithmetic of numbers."""
    match node:
        case tree.Transpose() | tree.Index():
            what = "E417.transpose" if isinstance(node, tree.Transpose) else "E417.index"
            raise fault("E417", node.span, found=say(what), name=name)
        case tree.Name():
            operation = scope.operation(node.name)
            if operation is not None and not operation.shape.is_scalar:
                found = say("E417.shape", name=node.name, shape=operation.shape)
                raise fault("E417", node.span, found=found, name=name)
        case tree.Call():
            record = scope.function(node.name)
            if node.name in FILLINGS or (record is not None and not record.entrywise):
                found = say("E417.function", name=node.name)
                raise fault("E417", node.name_span, found=found, name=name)


def _extent(definition: tree.FunctionDefinition, extents: Mapping[str, Extent]) -> Extent:
    """Refuses a formula that is too long to be computed in good time, with all that it calls."""
    operators = depth = 0
    for node in tree.postorder(definition.body):
        if isinstance(node, tree.Call):
            called = extents.get(node.name.rstrip("'"), Extent(0, 0))
            operators, depth = operators + called.operators, max(depth, called.depth)
        operators += not isinstance(node, (tree.Name, tree.NumberLiteral))
        if operators > MOST_OPENED:
            raise fault("E148", node.span, limit=MOST_OPENED)
    if depth + 1 > MAX_DEPTH:
        raise fault("E133", definition.name_span, limit=MAX_DEPTH)
    return Extent(operators, depth + 1)
