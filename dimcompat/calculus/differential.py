"""The differential of an objective: its change dF, linear in the change dX of a variable.

A module of its own because it goes forwards, operation by operation as typed, where the engine
goes backwards: for matrices by matrices it is the form that most readers want, and the one in
which books state their rules (Magnus and Neudecker, *Matrix Differential Calculus*, ch. 8).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.calculus.simplify import simplified
from dimcompat.expressions import Expr
from dimcompat.functions.exponentials import LOG
from dimcompat.functions.record import Function
from dimcompat.operations import Operation, postorder

Changes = dict[Operation, Expr]


class NoRule(Exception):
    """A record states no rule that goes forwards; the way back is there for all of them."""


def differential(root: Operation, changes: Mapping[Expr, Expr]) -> Expr:
    """dF for an objective F whose leaves change by ``changes``, leaf to change of the same shape; zeros
    where it depends on none of them. Raises NoRule where a record states none to go by."""
    found: Changes = {}
    for operation in postorder(root):
        change = changes.get(operation.value)
        if change is None:
            depends = any(operand in found for operand in operation.operands)
            change = simplified(_change(operation, found)) if depends else None
        if change is not None:
            found[operation] = change
    return found.get(root, ex.zeros(*root.shape))


def _change(operation: Operation, found: Changes) -> Expr:
    values = [operand.value for operand in operation.operands]
    changes = [found.get(operand, ex.zeros(*operand.shape)) for operand in operation.operands]
    match operation.kind:
        case "part":
            return changes[0]
        case "add":
            return ex.add(*changes)
        case "subtract":
            return ex.subtract(*changes)
        case "negate":
            return ex.scale(-1, changes[0])
        case "transpose":
            return ex.transpose(changes[0])
        case "multiply":
            return ex.add(ex.multiply(changes[0], values[1]), ex.multiply(values[0], changes[1]))
        case "entrywise multiply":
            return ex.add(ex.hadamard(changes[0], values[1]), ex.hadamard(values[0], changes[1]))
        case "divide" | "entrywise divide":
            return _of_quotient(values, changes)
        case "power" if not values[0].shape.is_scalar:
            return _of_matrix_power(values[0], values[1], changes[0])
        case "power" | "entrywise power":
            return _of_power(values, changes)
        case "pick":
            return ex.pick(changes[0], *operation.indices)
        case "index sum":
            (index,) = operation.indices
            assert index is not None
            return ex.index_sum(index, changes[0])
        case "call":
            return _of_call(operation, tuple(values), changes)
        case _:
            raise AssertionError(f"a {operation.kind} does not change")


def _of_quotient(values: list[Expr], changes: list[Expr]) -> Expr:
    above, below = values
    first = ex.hadamard(changes[0], ex.entrywise_power(below, -1))
    return ex.subtract(first, ex.hadamard(above, changes[1], ex.entrywise_power(below, -2)))


def _of_power(values: list[Expr], changes: list[Expr]) -> Expr:
    base, exponent = values
    lower = ex.exponent_of(ex.subtract(exponent, ex.number(1)))
    change = ex.hadamard(exponent, ex.entrywise_power(base, lower), changes[0])
    if _is_zero(changes[1]):
        return change
    whole = ex.entrywise_power(base, ex.exponent_of(exponent))
    return ex.add(change, ex.hadamard(whole, ex.call(LOG, (base,)), changes[1]))


def _of_matrix_power(base: Expr, exponent: Expr, change: Expr) -> Expr:
    """``d(X^3) = dX*X^2 + X*dX*X + X^2*dX``; ``d inv(X) = -inv(X)*dX*inv(X)``."""
    assert isinstance(exponent, ex.Number)
    power = int(exponent.value)
    if power < 0:
        pairs = [(-low, power - 1 + low) for low in range(1, 1 - power)]
    else:
        pairs = [(low, power - 1 - low) for low in range(power)]
    if not pairs:
        return ex.zeros(*base.shape)
    terms = (ex.multiply(ex.matrix_power(base, a), change, ex.matrix_power(base, b)) for a, b in pairs)
    return ex.scale(Fraction(-1 if power < 0 else 1), ex.add(*terms))


def _of_call(operation: Operation, values: tuple[Expr, ...], changes: list[Expr]) -> Expr:
    function = operation.function
    if not isinstance(function, Function):
        raise NoRule
    if function.differential is not None:
        return function.differential(values, tuple(changes), operation.axis, operation.sizes)
    if function.derivative:
        places = [place for place, change in enumerate(changes) if not _is_zero(change)]
        slopes = (ex.hadamard(function.derivative[place](*values), changes[place]) for place in places)
        return ex.add(ex.zeros(*operation.shape), *slopes)
    if function.lowering is not None:
        leaves = tuple(_leaf(value) for value in values)
        lowered = function.lowering(leaves, operation.axis, operation.sizes)
        return _through(lowered, dict(zip(leaves, changes, strict=True)))
    terms: list[Expr] = []
    for place, change in enumerate(changes):
        if not _is_zero(change):
            if place >= len(function.adjoints):
                raise NoRule
            arguments = (*values[:place], change, *values[place + 1 :])
            terms.append(ex.call(function, arguments, operation.axis, operation.sizes))
    return ex.add(ex.zeros(*operation.shape), *terms)


def _leaf(value: Expr) -> Operation:
    return Operation("leaf", (), value)


def _through(root: Operation, known: Changes) -> Expr:
    """The change of a short expression of operations, those of its leaves known."""
    found = dict(known)
    for operation in postorder(root):
        if operation not in found and operation.operands:
            found[operation] = _change(operation, found)
    return found[root]


def _is_zero(change: Expr) -> bool:
    return isinstance(change, ex.Zeros) or change is ex.number(0)
