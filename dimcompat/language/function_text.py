"""The functions that an expression calls as the statements that a source would have for them.

A module of its own because it goes the other way: an expression that was handed out knows what its
functions are, and its text alone does not say.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.expressions import Expr, Symbol
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.record import Function, Origin
from dimcompat.language.writer import write


def statements_for(expression: Expr) -> list[str]:
    """Declarations and definitions of the user's functions in an expression, each after what it needs."""
    found: dict[str, None] = {}
    for node in distinct_nodes(expression):
        if isinstance(node, ex.Call) and isinstance(node.function, Function) and node.function.origin:
            origin = _root(node.function.origin)
            for scalar, argument in zip(origin.parameters[1:], node.arguments[1:], strict=True):
                if not (isinstance(argument, Symbol) and argument.name == scalar.name):
                    found.setdefault(f"{scalar.name} = {write(argument)}")
            _declare(origin, found)
    return list(found)


def _root(origin: Origin) -> Origin:
    root = origin.root.origin if origin.root is not None else None
    return root if root is not None else origin


def _declare(origin: Origin, found: dict[str, None]) -> None:
    """Adds the statement for a function after those for the functions that its formula calls."""
    pending = [(origin, False)]
    while pending:
        one, ready = pending.pop()
        if ready or one.formula is None:
            found.setdefault(_statement(one))
        else:
            pending.append((one, True))
            for node in distinct_nodes(one.formula):
                if isinstance(node, ex.Call) and isinstance(node.function, Function) and node.function.origin:
                    pending.append((_root(node.function.origin), False))


def _statement(origin: Origin) -> str:
    if origin.formula is not None:
        return f"{origin.base}({origin.parameters[0].name}) = {write(origin.formula)}"
    if origin.shape is not None:
        return f"{origin.base}: function({origin.shape.rows}, {origin.shape.cols})"
    return f"{origin.base}: elementwise"
