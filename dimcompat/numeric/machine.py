"""A flat program for NumPy: what evaluation costs when the same formula is computed many times.

A module of its own because two readers write such programs and must share nothing else:
`evaluation` writes them from expressions, `typed` from the objective as its author typed it.
Every distinct node takes one slot. Binding a program to sizes computes whatever depends on
sizes alone; running it then is one loop without any decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from itertools import islice
from typing import Any, NamedTuple

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
Instruction = tuple[int, Operator, tuple[int, ...], bool]
"""A slot, the operator whose value it holds, the slots of its operands, and whether it goes by matrix."""
MOST_ROUNDS = 5_000
"""How often the bodies of loops may run at one point, all together."""
UNCOMPUTABLE = (ArithmeticError, IndexError, ValueError, np.linalg.LinAlgError)
"""What NumPy raises where a well-shaped formula has no value, such as a label beyond the classes."""


@dataclass(slots=True)
class Machine:
    """A program under construction: slots are numbered in the order in which they are computed.

    ``formulas`` holds the writers of formulas by the slots of their parameters: functions of the user's that
    call each other share what they compute of one argument. ``kinks`` are the calls of functions with a kink,
    each with the record's formula of where it is, and ``loops`` the sums over an index that have such calls.
    ``known`` are the slots of the finished code whose values depend on sizes alone.
    ``rounds`` says of each loop within loops how often its body runs. ``shapes`` are those of all expressions
    in it, and ``unnamed`` the functions it calls that nobody defines.

    An operator of the ``code`` that is not `by matrix` takes stacks too: arrays with an axis in front. Some
    operators are made when sizes are known, by the makers that ``made`` has by their place in the code.
    """

    slots: int = 0
    constants: list[tuple[int, Maker]] = field(default_factory=list)
    inputs: dict[str, int] = field(default_factory=dict)
    code: list[Instruction] = field(default_factory=list)
    made: dict[int, OperatorMaker] = field(default_factory=dict)
    dims: set[Dim] = field(default_factory=set)
    rounds: list[Dim] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    unnamed: set[Any] = field(default_factory=set)
    formulas: dict[tuple[object, ...], Any] = field(default_factory=dict)
    kinks: list[tuple[Callable[..., Any], tuple[int, ...]]] = field(default_factory=list)
    loops: list[Any] = field(default_factory=list)
    known: set[int] = field(default_factory=set)

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

    def apply(self, operator: Operator, *operands: int, by_matrix: bool = False) -> int:
        """A slot for an operator applied to slots."""
        slot = self.slots
        self.slots += 1
        self.code.append((slot, operator, operands, by_matrix))
        return slot

    def apply_made(self, make: OperatorMaker, *operands: int, dims: Sequence[Dim] = ()) -> int:
        """A slot for an operator that needs to know sizes or the functions that were handed in."""
        self.made[len(self.code)] = make
        self.dims.update(dims)
        return self.apply(_unmade, *operands, by_matrix=True)

    @property
    def written(self) -> Written:
        """How far it has been written."""
        return Written(
            self.slots,
            len(self.constants),
            len(self.inputs),
            len(self.code),
            len(self.made),
            len(self.rounds),
        )

    def finish(self, outputs: Sequence[tuple[int, Shape]], after: Program | None = None) -> Program:
        """The program that computes these slots; one ``after`` another goes on where that one ends."""
        start, stop = after.stop if after is not None else _NOTHING, self.written
        inputs = tuple((slot, name) for name, slot in islice(self.inputs.items(), start.inputs, stop.inputs))
        folded = self._folded(start, stop)
        return Program(self, inputs, tuple(outputs), start, stop, folded)

    def _folded(self, start: Written, stop: Written) -> tuple[int, ...]:
        """The places in the code of what depends on constants alone."""
        known = self.known
        known.update(slot for slot, _ in self.constants[start.constants : stop.constants])
        if not known:
            return ()
        folded = []
        for place, (slot, _, operands, _) in enumerate(self.code[start.code : stop.code]):
            if known.issuperset(operands):
                known.add(slot)
                folded.append(place)
        return tuple(folded)


class Written(NamedTuple):
    """How much of everything a machine has."""

    slots: int
    constants: int
    inputs: int
    code: int
    made: int
    rounds: int


_NOTHING = Written(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Program:
    """A finished program: what was written into a machine between ``start`` and ``stop``.

    ``inputs`` are the declared names that it reads, but those that the one before it has read, with their
    slots; ``outputs`` are slots with their shapes. ``folded`` are the places, counted from its start, of the
    code that is run when sizes are known.
    """

    machine: Machine
    inputs: tuple[tuple[int, str], ...]
    outputs: tuple[tuple[int, Shape], ...]
    start: Written
    stop: Written
    folded: tuple[int, ...]

    @property
    def cost(self) -> int:
        """How many operators one run applies."""
        return self.stop.code - self.start.code

    def loops_fit(self, sizes: Sizes) -> bool:
        """Whether the bodies of its loops do not run too often for these sizes, all together."""
        rounds = self.machine.rounds[self.start.rounds : self.stop.rounds]
        return not rounds or sum(dim.size(sizes) for dim in rounds) <= MOST_ROUNDS

    def bind(self, sizes: Sizes, functions: Functions | None = None, after: Bound | None = None) -> Bound:
        """The program for these sizes, everything that depends on them alone computed; ``after`` is the one
        that it goes on from."""
        machine, start, stop = self.machine, self.start, self.stop
        known = [] if after is None else after.slots
        slots: list[Array | None] = [*known, *[None] * (stop.slots - start.slots)]
        for slot, make in machine.constants[start.constants : stop.constants]:
            slots[slot] = make(sizes)
        code = machine.code[start.code : stop.code]
        for place, make_operator in islice(machine.made.items(), start.made, stop.made):
            slot, _, operands, by_matrix = code[place - start.code]
            code[place - start.code] = slot, make_operator(sizes, functions or {}), operands, by_matrix
        outputs = tuple(slot for slot, _ in self.outputs)
        shapes = tuple((shape.rows.size(sizes), shape.cols.size(sizes)) for _, shape in self.outputs)
        if self.folded:
            code = _folded(code, self.folded, slots)
        return Bound(slots, self.inputs, code, outputs, shapes)


def _folded(code: list[Instruction], places: Sequence[int], slots: list[Any]) -> list[Instruction]:
    """The code without what is at these places, whose values are put into the slots."""
    with np.errstate(all="ignore"):
        for place in places:
            slot, operator, operands, _ = code[place]
            slots[slot] = _safely(operator, [slots[i] for i in operands])
    out = set(places)
    return [instruction for place, instruction in enumerate(code) if place not in out]


def _safely(operator: Operator, operands: list[Any]) -> Array:
    try:
        return operator(*operands)
    except np.linalg.LinAlgError:
        return np.full(operands[0].shape, np.nan)


def _unmade(*operands: Array) -> Array:
    raise TypeError("an operator that has not been made for any sizes")


@dataclass(frozen=True, slots=True)
class Bound:
    """A program with its sizes: values in, arrays out."""

    slots: list[Array | None]
    inputs: tuple[tuple[int, str], ...]
    code: list[Instruction]
    outputs: tuple[int, ...]
    shapes: tuple[tuple[int, int], ...]

    def __call__(self, values: Mapping[str, Array]) -> list[Array]:
        """Every output at these values; NaN throughout where a matrix has no inverse.

        The values are taken as they are: 2-D arrays of the right shapes. The caller holds
        ``np.errstate``, which would cost more than a small formula.
        """
        return self.outputs_of(self.inside(values))

    def inside(self, values: Mapping[str, Array], before: list[Any] | None = None) -> list[Any] | None:
        """Everything that is computed at these values, by slot, or None where a matrix has no inverse;
        ``before`` is what the program that this one goes on from has computed there."""
        slots: list[Any] = self.slots.copy() if before is None else [*before, *self.slots[len(before) :]]
        for slot, name in self.inputs:
            slots[slot] = values[name]
        try:
            for slot, operator, operands, _ in self.code:
                slots[slot] = operator(*[slots[i] for i in operands])
        except np.linalg.LinAlgError:
            return None
        return slots

    def outputs_of(self, inside: list[Any] | None) -> list[Array]:
        """The outputs among everything that was computed."""
        if inside is None:
            return [np.full(shape, np.nan) for shape in self.shapes]
        return [inside[slot] for slot in self.outputs]

    def stacked(self, values: Mapping[str, Array], count: int) -> list[Array]:
        """Every output at ``count`` points at once, each a stack; values that are not the same at all of
        the points are stacks as well."""
        slots: list[Any] = self.slots.copy()
        for slot, name in self.inputs:
            slots[slot] = values[name]
        try:
            for slot, operator, operands, by_matrix in self.code:
                given = [slots[i] for i in operands]
                slots[slot] = _by_matrix(operator, given) if by_matrix else operator(*given)
        except np.linalg.LinAlgError:
            points = [self(one_of(values, number)) for number in range(count)]
            return [
                np.stack([np.broadcast_to(one, shape) for one in found])
                for found, shape in zip(zip(*points, strict=True), self.shapes, strict=True)
            ]
        outputs = zip((slots[slot] for slot in self.outputs), self.shapes, strict=True)
        return [
            one if one.shape == (count, *shape) else np.broadcast_to(one, (count, *shape))
            for one, shape in outputs
        ]

    def largest_inside(self, values: Mapping[str, Array]) -> float:
        """The largest number that is met on the way to the outputs, which rounding is relative to."""
        numbers = (np.abs(array) for array in self.inside(values) or () if isinstance(array, np.ndarray))
        return max((float(array.max()) for array in numbers if np.isfinite(array).all()), default=0.0)


def _by_matrix(operator: Operator, operands: list[Any]) -> Array:
    """The values of an operator that takes matrices alone, for every matrix of the stacks among these."""
    counts = [len(operand) for operand in operands if _is_stack(operand)]
    if not counts:
        return operator(*operands)
    found = [operator(*(_at(operand, number) for operand in operands)) for number in range(counts[0])]
    return np.stack(found)


def one_of(values: Mapping[str, Array], number: int) -> dict[str, Array]:
    """The values at one of the points whose values are stacked."""
    return {name: _at(value, number) for name, value in values.items()}


def _at(operand: Any, number: int) -> Any:
    return operand[number] if _is_stack(operand) else operand


def _is_stack(operand: Any) -> bool:
    return isinstance(operand, np.ndarray) and operand.ndim == 3
