"""Sums over an index in a flat program: a program of its own for one value of the index, run for each.

A module of its own because both writers of programs need it and must share nothing else. What
does not depend on the index is computed outside, once; nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

import numpy as np

from dimcompat.numeric.machine import Array, Functions, Machine, Operator, Sizes
from dimcompat.records import dataclass
from dimcompat.shapes import Dim, Shape

_INDEX = "index"


@dataclass(slots=True)
class Loop:
    """The body of a sum over an index that runs over ``dim``, while it is written into ``inside``."""

    outside: Machine
    dim: Dim
    inside: Machine = field(default_factory=Machine)
    taken: dict[int, int] = field(default_factory=dict)

    @property
    def index(self) -> int:
        """The slot in the body that holds the value of the index, which counts from 0."""
        return self.inside.input(_INDEX)

    def take(self, slot: int) -> int:
        """The slot in the body that holds what a slot outside does."""
        if slot not in self.taken:
            self.taken[slot] = self.inside.input(str(slot))
        return self.taken[slot]

    def total(self, slot: int, shape: Shape) -> int:
        """The slot outside that holds the sum of a slot of the body, a value of ``shape``."""
        if self.inside.is_kinked:
            self.outside.loops.append(self)
        self.outside.shapes += self.inside.shapes
        self.outside.unnamed |= self.inside.unnamed
        program, dim = self.inside.finish([(slot, shape)]), self.dim
        names = [str(outer) for outer in self.taken]
        self.outside.rounds += [dim * inner for inner in self.inside.rounds] or [dim]

        def make(sizes: Sizes, functions: Functions) -> Operator:
            body, count = program.bind(sizes, functions), dim.size(sizes)

            def run(*operands: Array) -> Array:
                values = dict(zip(names, operands, strict=True))
                total = np.zeros(body.shapes[0])
                for index in range(count):
                    values[_INDEX] = index  # type: ignore[assignment]
                    total = total + body(values)[0]
                return total

            return run

        return self.outside.apply_made(make, *self.taken, dims=(*self.inside.dims, dim))

    def stacked(self, outputs: Sequence[tuple[int, Shape]]) -> int:
        """The slot outside that holds these outputs of the body, one below the other, for every value of the
        index: an array of three axes, the index first."""
        program, dim = self.inside.finish(outputs), self.dim
        names = [str(outer) for outer in self.taken]

        def make(sizes: Sizes, functions: Functions) -> Operator:
            body, count = program.bind(sizes, functions), dim.size(sizes)

            def run(*operands: Array) -> Array:
                values = dict(zip(names, operands, strict=True))
                rounds = ({**values, _INDEX: index} for index in range(count))
                return np.stack([np.vstack(body(each)) for each in rounds])  # type: ignore[arg-type]

            return run

        return self.outside.apply_made(make, *self.taken, dims=(*self.inside.dims, dim))


def picked(machine: Machine, base: int, row: int | None, col: int | None) -> int:
    """The slot of a row, a column or an entry of what another one holds, by slots that hold indices."""
    if row is not None and col is not None:
        return machine.apply(_entry, base, row, col)
    if row is not None:
        return machine.apply(_row, base, row)
    return base if col is None else machine.apply(_column, base, col)


def _row(base: Array, row: int) -> Array:
    return base[..., row : row + 1, :]


def _column(base: Array, col: int) -> Array:
    return base[..., :, col : col + 1]


def _entry(base: Array, row: int, col: int) -> Array:
    return base[..., row : row + 1, col : col + 1]
