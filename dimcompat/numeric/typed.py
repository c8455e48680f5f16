"""The objective exactly as its author typed it, as a flat program.

A module of its own because the numeric check rests on it: it reads operations, one operator at
a time, and shares no rewriting with the expressions whose derivatives it checks. Only leaves
are read as expressions.
"""

from __future__ import annotations

from functools import cached_property
from typing import assert_never

import numpy as np

from dimcompat.expressions import Index, Number
from dimcompat.functions.record import Origin
from dimcompat.numeric.calls import origin_of
from dimcompat.numeric.evaluation import BodyWriter, Writer, like, matrix_power, power, transpose, write_call
from dimcompat.numeric.loops import Loop, picked
from dimcompat.numeric.machine import Machine, Program
from dimcompat.operations import Operation, free_indices, leaf


def compiled(*operations: Operation, shifted: frozenset[str] = frozenset()) -> Program:
    """The program that computes these operations, what they share computed once.

    Parts with a name in ``shifted`` have an input of that name added to their value.
    """
    machine = Machine()
    slots = written(machine, *operations, shifted=shifted)
    return machine.finish([(slot, each.shape) for slot, each in zip(slots, operations, strict=True)])


def written(machine: Machine, *operations: Operation, shifted: frozenset[str] = frozenset()) -> list[int]:
    """The slots of a machine that hold the values of these operations."""
    reader = _Reader(machine, Writer(machine), operations, shifted)
    return [reader.write(root) for root in operations]


class _Reader:
    """Writes operations into a machine, each once; all of them are below the roots."""

    def __init__(
        self,
        machine: Machine,
        leaves: Writer,
        roots: tuple[Operation, ...],
        shifted: frozenset[str] = frozenset(),
    ) -> None:
        self.machine, self.leaves, self.roots, self.shifted = machine, leaves, roots, shifted
        self.slots: dict[Operation, int] = {}

    @cached_property
    def free(self) -> dict[Operation, frozenset[Index]]:
        """The indices that each operation depends on."""
        found: dict[Operation, frozenset[Index]] = {}
        for root in self.roots:
            found |= free_indices(root)
        return found

    def write(self, root: Operation) -> int:
        """The slot of an operation, everything below it written first."""
        slots = self.slots
        waiting = [root]
        while waiting:
            operation = waiting[-1]
            if operation in slots:
                waiting.pop()
                continue
            found = self.elsewhere(operation)
            if found is not None:
                slots[operation] = found
                continue
            below = operation.operands if operation.kind != "index sum" else ()
            missing = [operand for operand in below if operand not in slots]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            slot = self._written(operation)
            if operation.name in self.shifted:
                slot = self.machine.apply(np.add, slot, self.machine.input(operation.name))
            slots[operation] = slot
        return slots[root]

    def elsewhere(self, operation: Operation) -> int | None:
        """The slot of an operation that is computed in another place, or None."""
        return None

    def indexed(self, index: Index | None) -> int | None:
        """The slot of an index, or None where there is none."""
        return None

    def _written(self, operation: Operation) -> int:
        machine, below = self.machine, operation.operands
        if operation.kind == "index sum":
            return self._total(operation)
        at = [self.slots[operand] for operand in below]
        match operation.kind:
            case "leaf":
                return self.leaves.write(operation.value)
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
                return machine.apply(transpose, *at)
            case "pick":
                row, col = map(self.indexed, operation.indices)
                return picked(machine, at[0], row, col)
            case "call":
                return self._call(operation, at)
            case _:
                assert_never(operation.kind)

    def _total(self, operation: Operation) -> int:
        """A sum over an index: its body for each value of the index, one after the other."""
        (index,) = operation.indices
        assert index is not None
        body = _BodyReader(self, Loop(self.machine, index.dim), index)
        return body.loop.total(body.write(operation.operands[0]), operation.shape)

    def _call(self, operation: Operation, at: list[int]) -> int:
        function = operation.function
        assert function is not None
        origin = origin_of(function)
        if origin is not None and origin.typed is not None:
            return self._by_formula(origin, origin.typed, at)
        return write_call(self.machine, function, operation.axis, operation.sizes, at)

    def _by_formula(self, origin: Origin, formula: Operation, at: list[int]) -> int:
        """The formula of a function as its author typed it, at every entry of the argument."""
        key = (_Reader, origin.parameters, tuple(at))
        if key not in self.machine.formulas:
            inside = self.machine.formulas[key] = _Reader(self.machine, self.leaves, (formula,))
            inside.slots |= {leaf(p): slot for p, slot in zip(origin.parameters, at, strict=True)}
        return like(self.machine, self.machine.formulas[key].write(formula), at[0])


class _BodyReader(_Reader):
    """Writes the body of a sum over an index; what does not depend on the index is written ``around`` it."""

    def __init__(self, around: _Reader, loop: Loop, index: Index) -> None:
        super().__init__(loop.inside, BodyWriter(loop, index, around.leaves), around.roots, around.shifted)
        self.free = around.free
        self.loop, self.index, self.around = loop, index, around

    def elsewhere(self, operation: Operation) -> int | None:
        """The slot that holds what the reader around it has computed, unless it depends on the index."""
        if self.index in self.free[operation]:
            return None
        return self.loop.take(self.around.write(operation))

    def indexed(self, index: Index | None) -> int | None:
        """The slot of this sum's index, or of one of a sum around it."""
        if index is None or index is self.index:
            return None if index is None else self.loop.index
        outside = self.around.indexed(index)
        return None if outside is None else self.loop.take(outside)


def _power(machine: Machine, operation: Operation, at: list[int]) -> int:
    base, exponent = operation.operands
    if not isinstance(exponent.value, Number):
        return machine.apply(np.power, *at)
    value = exponent.value.value
    if operation.kind == "power" and not base.shape.is_scalar:
        return machine.apply(matrix_power(int(value)), at[0])
    return machine.apply(power(value), at[0])
