"""A flat program for NumPy: what evaluation costs when the same formula is computed many times.

A module of its own because two readers write such programs and must share nothing else:
`evaluation` writes them from expressions, `typed` from the objective as its author typed it.
Every distinct node takes one slot. Binding a program to sizes computes whatever depends on
sizes alone; running it then is one loop without any decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dimcompat.records import dataclass
from dimcompat.shapes import Dim, Shape

Array = NDArray[Any]
Sizes = Mapping[str, int]
Functions = Mapping[str, Sequence[Callable[..., Any]] | Callable[..., Any]]
Operator = Callable[..., Array]
Maker = Callable[[Sizes], Array]
OperatorMaker = Callable[[Sizes, Functions], Operator]
UNCOMPUTABLE = (ArithmeticError, IndexError, ValueError, np.linalg.LinAlgError)
"""What NumPy raises where a well-shaped formula has no value, such as a label beyond the classes."""


@dataclass(slots=True)
class Machine:
    """A program under construction: slots are numbered in the order in which they are computed.

    ``formulas`` holds the writers of formulas by the slots of their parameters: functions of the user's that
    call each other share what they compute of one argument. ``kinks`` are the calls of functions with a kink,
    each with the record's formula of where it is, and ``loops`` the sums over an index that have such calls.
    ``rounds`` says of each loop within loops how often its body runs.
    """

    slots: int = 0
    constants: list[tuple[int, Maker]] = field(default_factory=list)
    inputs: dict[str, int] = field(default_factory=dict)
    code: list[tuple[int, OperatorMaker, tuple[int, ...]]] = field(default_factory=list)
    dims: set[Dim] = field(default_factory=set)
    rounds: list[Dim] = field(default_factory=list)
    formulas: dict[tuple[object, ...], Any] = field(default_factory=dict)
    kinks: list[tuple[Callable[..., Any], tuple[int, ...]]] = field(default_factory=list)
    loops: list[Any] = field(default_factory=list)

    @property
    def is_kinked(self) -> bool:
        """Whether a function with a kink is called anywhere."""
        return bool(self.kinks or self.loops)

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def constant(self, make: Maker, *dims: Dim) -> int:
        """A slot for what depends on these dimensions alone."""
        slot = self._slot()
        self.constants.append((slot, make))
        self.dims.update(dims)
        return slot

    def number(self, value: float) -> int:
        """A slot for a number."""
        array = np.array([[value]])
        return self.constant(lambda sizes: array)

    def input(self, name: str) -> int:
        """The slot of a declared name; there is one for each name."""
        if name not in self.inputs:
            self.inputs[name] = self._slot()
        return self.inputs[name]

    def apply(self, operator: Operator, *operands: int) -> int:
        """A slot for an operator applied to slots."""
        return self.apply_made(lambda sizes, functions: operator, *operands)

    def apply_made(self, make: OperatorMaker, *operands: int, dims: Sequence[Dim] = ()) -> int:
        """A slot for an operator that needs to know sizes or the functions that were handed in."""
        slot = self._slot()
        self.code.append((slot, make, operands))
        self.dims.update(dims)
        return slot

    def finish(self, outputs: Sequence[tuple[int, Shape]]) -> Program:
        """The program that computes these slots."""
        return Program(self, tuple(outputs))


@dataclass(frozen=True, slots=True)
class Program:
    """A finished program; ``outputs`` are slots with their shapes."""

    machine: Machine
    outputs: tuple[tuple[int, Shape], ...]

    @property
    def cost(self) -> int:
        """How many operators one run applies."""
        return len(self.machine.code)

    def loops_at_most(self, most: int, sizes: Sizes) -> bool:
        """Whether the bodies of its loops run no more often than that for these sizes, all together."""
        return sum(dim.size(sizes) for dim in self.machine.rounds) <= most

    def bind(self, sizes: Sizes, functions: Functions | None = None) -> Bound:
        """The program for these sizes, everything that depends on them alone computed."""
        machine = self.machine
        slots: list[Array | None] = [None] * machine.slots
        known = set()
        for slot, make in machine.constants:
            slots[slot] = make(sizes)
            known.add(slot)
        code: list[tuple[int, Operator, tuple[int, ...]]] = []
        with np.errstate(all="ignore"):
            for slot, make_operator, operands in machine.code:
                operator = make_operator(sizes, functions or {})
                if known.issuperset(operands):
                    slots[slot] = _safely(operator, [slots[i] for i in operands])
                    known.add(slot)
                else:
                    code.append((slot, operator, operands))
        inputs = tuple((slot, name) for name, slot in machine.inputs.items())
        outputs = tuple(slot for slot, _ in self.outputs)
        shapes = tuple((shape.rows.size(sizes), shape.cols.size(sizes)) for _, shape in self.outputs)
        return Bound(slots, inputs, tuple(code), outputs, shapes)


def _safely(operator: Operator, operands: list[Any]) -> Array:
    try:
        return operator(*operands)
    except np.linalg.LinAlgError:
        return np.full(operands[0].shape, np.nan)


@dataclass(frozen=True, slots=True)
class Bound:
    """A program with its sizes: values in, arrays out."""

    slots: list[Array | None]
    inputs: tuple[tuple[int, str], ...]
    code: tuple[tuple[int, Operator, tuple[int, ...]], ...]
    outputs: tuple[int, ...]
    shapes: tuple[tuple[int, int], ...]

    def __call__(self, values: Mapping[str, Array]) -> list[Array]:
        """Every output at these values; NaN throughout where a matrix has no inverse.

        The values are taken as they are: 2-D arrays of the right shapes. The caller holds
        ``np.errstate``, which would cost more than a small formula.
        """
        try:
            slots = self._run(values)
        except np.linalg.LinAlgError:
            return [np.full(shape, np.nan) for shape in self.shapes]
        return [slots[slot] for slot in self.outputs]

    def _run(self, values: Mapping[str, Array]) -> list[Any]:
        slots: list[Any] = self.slots.copy()
        for slot, name in self.inputs:
            slots[slot] = values[name]
        for slot, operator, operands in self.code:
            slots[slot] = operator(*[slots[i] for i in operands])
        return slots

    def largest_inside(self, values: Mapping[str, Array]) -> float:
        """The largest number that is met on the way to the outputs, which rounding is relative to."""
        try:
            slots = self._run(values)
        except np.linalg.LinAlgError:
            return 0.0
        numbers = (np.abs(array) for array in slots if isinstance(array, np.ndarray))
        return max((float(array.max()) for array in numbers if np.isfinite(array).all()), default=0.0)
