"""What a formula needs to be computed: declared names, sizes, functions that the user hands in.

A module of its own because it decides the arguments of the generated function.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dimcompat import expressions as ex
from dimcompat.codegen.foresight import parts_first
from dimcompat.derivation import Derivation
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions.record import Function
from dimcompat.records import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """``symbols`` in the order of declaration; ``dims`` every dimension symbol that may be used, those
    ``given_dims`` by no argument's shape; ``functions`` the unnamed ones with their names."""

    symbols: tuple[Symbol, ...]
    dims: tuple[str, ...]
    given_dims: frozenset[str]
    functions: dict[Function, str]


def needs_of(derivation: Derivation, outputs: Sequence[Expr]) -> Needs:
    """What the outputs of a derivation need, of which all nodes are given."""
    found: set[Symbol] = set()
    used: set[str] = set()
    functions: dict[Function, str] = {}
    nodes = _with_formulas(outputs)
    for dim in {dim for node in nodes for dim in node.shape}:
        used |= dim.symbols
    for node in nodes:
        match node:
            case ex.Symbol():
                found.add(node)
                used |= node.labels.symbols if node.labels is not None else set()
            case ex.Size() | ex.Index():
                used |= node.dim.symbols
            case ex.IndexSum():
                used |= node.index.dim.symbols
            case ex.Call():
                function = node.function
                used |= {name for dim in node.sizes for name in dim.symbols}
                if isinstance(function, Function) and function.origin and function.origin.formula is None:
                    functions[function] = _name_of(function)
    declared = [declared.symbol for declared in derivation.declarations]
    variables = {str(name) for r in derivation.results for name in _pair(r.variable)}
    shown = {name for symbol in found for dim in symbol.shape for name in dim.symbols}
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


def _pair(variable: str | tuple[str, str]) -> tuple[str, ...]:
    return (variable,) if isinstance(variable, str) else variable


def _name_of(function: Function) -> str:
    """The name in the record's own code: ``f_prime`` for f'."""
    return function.numpy.expression.partition("(")[0]


def _with_formulas(nodes: Iterable[Expr]) -> set[Expr]:
    """These nodes, and those of formulas of functions that they call; not their own parameters."""
    seen = set(nodes)
    pending = [node for node in seen if isinstance(node, ex.Call)]
    for call in pending:
        origin = call.function.origin if isinstance(call.function, Function) else None
        if origin is not None and origin.formula is not None:
            new = [node for node in parts_first((origin.formula,)) if node not in seen]
            seen.update(new)
            pending += [node for node in new if isinstance(node, ex.Call)]
    return seen.difference(*map(_own_parameter, pending))


def _own_parameter(call: ex.Call) -> tuple[Expr, ...]:
    """What a function of the user calls its argument: no value of the source."""
    origin = call.function.origin if isinstance(call.function, Function) else None
    return origin.parameters[:1] if origin is not None else ()
