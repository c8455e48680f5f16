"""What a formula needs to be computed: declared names, sizes, functions that the user hands in.

A module of its own because it decides the arguments of the generated function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimcompat import expressions as ex
from dimcompat.derivation import Derivation
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions.record import Function
from dimcompat.shapes import Dim


@dataclass(frozen=True, slots=True)
class Needs:
    """``symbols`` in the order of declaration; ``dims`` every dimension symbol that may be used, those
    ``given_dims`` by no argument's shape; ``functions`` the unnamed ones with their names."""

    symbols: tuple[Symbol, ...]
    dims: tuple[str, ...]
    given_dims: frozenset[str]
    functions: dict[Function, str]


def needs_of(derivation: Derivation, expressions: Sequence[Expr]) -> Needs:
    """What the outputs of a derivation need."""
    found: set[Symbol] = set()
    dims: set[str] = set()
    used: set[str] = set()
    functions: dict[Function, str] = {}
    nodes = _nodes(expressions)
    for dim in {dim for node in nodes for dim in node.shape}:
        used |= dim.symbols
    for node in nodes:
        match node:
            case ex.Symbol():
                found.add(node)
                used |= node.labels.symbols if node.labels is not None else set()
            case ex.Size() | ex.Index():
                used |= node.dim.symbols
            case ex.Call():
                function = node.function
                used |= {name for dim in node.sizes for name in dim.symbols}
                if isinstance(function, Function) and function.origin and function.origin.formula is None:
                    functions[function] = _name_of(function)
    declared = [declared.symbol for declared in derivation.declarations]
    variables = {str(name) for r in derivation.results for name in _pair(r.variable)}
    shown = {name for symbol in found for dim in symbol.shape for name in _showing(dim, symbol)}
    for symbol in sorted(declared, key=lambda symbol: symbol.name not in variables):
        missing = used - shown
        helps = {name for dim in symbol.shape for name in dim.symbols}
        if symbol not in found and missing & helps:
            found.add(symbol)
            shown |= helps
    order = {symbol: place for place, symbol in enumerate(declared)}
    symbols = sorted(found, key=lambda symbol: (order.get(symbol, len(order)), symbol.name))
    dims = used | {name for symbol in symbols for dim in symbol.shape for name in dim.symbols}
    ordered = [name for symbol in symbols for dim in symbol.shape for name in sorted(dim.symbols)]
    names = dict.fromkeys([*ordered, *sorted(dims)])
    handed = sorted(functions.items(), key=lambda item: (item[1].partition("_prime")[0], len(item[1])))
    return Needs(tuple(symbols), tuple(names), frozenset(dims - shown), dict(handed))


def _showing(dim: Dim, symbol: Symbol) -> frozenset[str]:
    return dim.symbols


def _pair(variable: str | tuple[str, str]) -> tuple[str, ...]:
    return (variable,) if isinstance(variable, str) else variable


def _name_of(function: Function) -> str:
    """The name in the record's own code: ``f_prime`` for f'."""
    return function.numpy.expression.partition("(")[0]


def _nodes(expressions: Sequence[Expr]) -> list[Expr]:
    """Every distinct node, those of named parts and of formulas of functions included."""
    seen: set[Expr] = set()
    pending = list(expressions)
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending.extend(node.children)
            if isinstance(node, ex.Named):
                pending.append(node.definition)
            if isinstance(node, ex.IndexSum):
                pending.append(node.index)
            if isinstance(node, ex.Call) and isinstance(node.function, Function):
                origin = node.function.origin
                if origin is not None and origin.formula is not None:
                    parameters = set(origin.parameters)
                    seen |= parameters
                    pending.append(origin.formula)
    return list(seen - _parameters(seen))


def _parameters(nodes: set[Expr]) -> set[Expr]:
    """The parameters of the functions that are called: no values of the source, unless declared too."""
    given: set[Expr] = set()
    for node in nodes:
        if isinstance(node, ex.Call) and isinstance(node.function, Function) and node.function.origin:
            given |= set(node.function.origin.parameters[:1])
    return given
