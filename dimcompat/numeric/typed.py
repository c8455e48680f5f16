"""The objective exactly as its author typed it, as a flat program.

A module of its own because the numeric check rests on it: it reads operations, one operator at
a time, and shares no rewriting with the expressions whose derivatives it checks. Only leaves
are read as expressions.
"""

from __future__ import annotations

from typing import assert_never

import numpy as np

from dimcompat.expressions import Number
from dimcompat.functions.record import Origin
from dimcompat.numeric.calls import origin_of
from dimcompat.numeric.evaluation import Writer, like, matrix_power, power, write_call
from dimcompat.numeric.machine import Machine, Program
from dimcompat.operations import Operation, leaf


def compiled(*operations: Operation, shifted: frozenset[str] = frozenset()) -> Program:
    """The program that computes these operations, what they share computed once.

    Parts with a name in ``shifted`` have an input of that name added to their value.
    """
    machine = Machine()
    leaves = Writer(machine)
    slots: dict[Operation, int] = {}
    for root in operations:
        _write(machine, leaves, slots, root, shifted)
    return machine.finish([(slots[root], root.shape) for root in operations])


def _write(
    machine: Machine,
    leaves: Writer,
    slots: dict[Operation, int],
    root: Operation,
    shifted: frozenset[str] = frozenset(),
) -> int:
    """The slot of an operation, everything below it written first."""
    waiting = [root]
    while waiting:
        operation = waiting[-1]
        missing = [operand for operand in operation.operands if operand not in slots]
        if operation in slots or not missing:
            waiting.pop()
            if operation not in slots:
                slot = _written(machine, leaves, slots, operation)
                if operation.name in shifted:
                    slot = machine.apply(np.add, slot, machine.input(operation.name))
                slots[operation] = slot
            continue
        waiting.extend(missing)
    return slots[root]


def _written(machine: Machine, leaves: Writer, slots: dict[Operation, int], operation: Operation) -> int:
    below = operation.operands
    at = [slots[operand] for operand in below]
    match operation.kind:
        case "leaf":
            return leaves.write(operation.value)
        case "part":
            return at[0]
        case "add":
            return machine.apply(np.add, *at)
        case "subtract":
            return machine.apply(np.subtract, *at)
        case "negate":
            return machine.apply(np.negative, *at)
        case "multiply":
            scaling = below[0].shape.is_scalar or below[1].shape.is_scalar
            return machine.apply(np.multiply if scaling else np.matmul, *at)
        case "divide" | "entrywise divide":
            return machine.apply(np.divide, *at)
        case "entrywise multiply":
            return machine.apply(np.multiply, *at)
        case "power" | "entrywise power":
            return _power(machine, operation, at)
        case "transpose":
            return machine.apply(np.transpose, *at)
        case "call":
            assert operation.function is not None
            origin = origin_of(operation.function)
            if origin is not None and origin.typed is not None:
                return _by_formula(machine, leaves, origin, at)
            return write_call(machine, operation.function, operation.axis, operation.sizes, at)
        case _:
            assert_never(operation.kind)


def _by_formula(machine: Machine, leaves: Writer, origin: Origin, at: list[int]) -> int:
    """The formula of a function as its author typed it, at every entry of the argument."""
    assert origin.typed is not None
    slots = {leaf(parameter): slot for parameter, slot in zip(origin.parameters, at, strict=True)}
    return like(machine, _write(machine, leaves, slots, origin.typed), at[0])


def _power(machine: Machine, operation: Operation, at: list[int]) -> int:
    base, exponent = operation.operands
    if not isinstance(exponent.value, Number):
        return machine.apply(np.power, *at)
    value = exponent.value.value
    if operation.kind == "power" and not base.shape.is_scalar:
        return machine.apply(matrix_power(int(value)), at[0])
    return machine.apply(power(value), at[0])
