"""Where the declared names may lie: read off the functions and powers that they stand under.

A module of its own because it only reads formulas, and sampling only draws numbers. A fact is
found where a bare name is the argument; for anything else sampling tries several ranges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain

from dimcompat import expressions as ex
from dimcompat.expressions import Expr, Number, Operator, Symbol
from dimcompat.numeric.calls import origin_of
from dimcompat.operations import Operation

Facts = dict[str, frozenset[str]]


def of_operations(*operations: Operation) -> Facts:
    """What the objective as typed asks of each bare name."""
    return asked(every_operation(operations))


def asked(operations: Iterable[Operation], nodes: Iterable[Expr] = ()) -> Facts:
    """What these ask of each bare name, not counting what is below them."""
    by_operations = (fact for operation in operations for fact in _asked(operation))
    by_nodes = (fact for node in nodes for fact in _asked_by_node(node))
    return _gathered(chain(by_operations, by_nodes))


def every_node(*expressions: Expr) -> Iterator[Expr]:
    """Every distinct node, those behind named parts included."""
    waiting, seen = list(expressions), set(expressions)
    while waiting:
        node = waiting.pop()
        yield node
        below = (node.definition,) if isinstance(node, ex.Named) else node.children
        for child in below:
            if child not in seen:
                seen.add(child)
                waiting.append(child)


def records(*items: Operation | Expr) -> list[Operator]:
    """The function records that are called in these."""
    operations = every_operation([item for item in items if isinstance(item, Operation)])
    return called(operations, every_node(*(item for item in items if isinstance(item, Expr))))


def called(operations: Iterable[Operation], nodes: Iterable[Expr] = ()) -> list[Operator]:
    """The function records that these call, not counting what is below them, and those behind the records."""
    found: list[Operator] = []
    leaves: list[Expr] = []
    for operation in operations:
        if operation.function is not None:
            found.append(operation.function)
        elif operation.kind == "leaf":
            leaves.append(operation.value)
    found += _called(chain(every_node(*leaves), nodes))
    return list({record.name: record for record in _opened(found)}.values())


def _called(nodes: Iterable[Expr]) -> list[Operator]:
    return [node.function for node in nodes if isinstance(node, ex.Call)]


def _opened(called: list[Operator]) -> Iterator[Operator]:
    """These records and those that the formulas of the user's functions call."""
    waiting, seen = list(called), set(called)
    while waiting:
        record = waiting.pop()
        yield record
        origin = origin_of(record)
        if origin is None or origin.formula is None:
            continue
        for other in _called(every_node(origin.formula)):
            if other not in seen:
                seen.add(other)
                waiting.append(other)


def has_branches(operation: Operation) -> bool:
    """Whether there are branches in what an operation computes."""
    return any(map(is_branch, every_operation([operation])))


def is_branch(operation: Operation) -> bool:
    """Whether a number decides which formula holds, so that one random point shows one of them."""
    function = operation.function
    return (
        function is not None
        and all(operand.shape.is_scalar for operand in operation.operands)
        and any(getattr(record, "nonsmooth", None) is not None for record in _opened([function]))
    )


def every_operation(operations: Iterable[Operation]) -> Iterator[Operation]:
    waiting = list(operations)
    seen = set(waiting)
    while waiting:
        operation = waiting.pop()
        yield operation
        for operand in operation.operands:
            if operand not in seen:
                seen.add(operand)
                waiting.append(operand)


def _gathered(facts: Iterable[tuple[str, str]]) -> Facts:
    found: dict[str, set[str]] = {}
    for name, fact in facts:
        found.setdefault(name, set()).add(fact)
    return {name: frozenset(asked) for name, asked in found.items()}


def _asked(operation: Operation) -> Iterator[tuple[str, str]]:
    below = operation.operands
    match operation.kind:
        case "leaf":
            for node in every_node(operation.value):
                yield from _asked_by_node(node)
        case "call":
            domains = getattr(operation.function, "domain", ())
            yield from _bare(zip((operand.value for operand in below), domains, strict=False))
        case "divide" | "entrywise divide":
            yield from _bare([(below[1].value, "nonzero")])
        case "power" | "entrywise power":
            exponent = below[1].value
            fact = _by_exponent(exponent.value if isinstance(exponent, Number) else exponent)
            yield from _bare([(below[0].value, fact)])
        case _:
            return


def _asked_by_node(node: Expr) -> Iterator[tuple[str, str]]:
    match node:
        case ex.Call():
            yield from _bare(zip(node.arguments, getattr(node.function, "domain", ()), strict=False))
        case ex.Product():
            yield from _bare((base, _by_exponent(exponent)) for base, exponent in node.scalars)
        case ex.Hadamard():
            yield from _bare((base, _by_exponent(exponent)) for base, exponent in node.factors)
        case ex.MatrixPower():
            yield from _bare([(node.base, "square")])
        case _:
            return


def _bare(pairs: Iterable[tuple[Expr, str]]) -> Iterator[tuple[str, str]]:
    for argument, fact in pairs:
        if isinstance(argument, ex.Transpose):
            argument = argument.operand
        if isinstance(argument, Symbol) and fact != "real":
            yield argument.name, fact


def _by_exponent(exponent: Fraction | Expr) -> str:
    if isinstance(exponent, Expr) or exponent.denominator != 1:
        return "positive"
    return "nonzero" if exponent.numerator < 0 else "real"
