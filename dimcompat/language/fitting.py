"""What operators and functions ask of their operands' shapes while sizes are still unknown.

A module of its own because these are the rules of the language's shapes turned into questions:
not "does this fit?" but "which sizes make it fit?". The functions' own rules stay in their
records: a call that does not fit as it is gets the least that makes its record's rule accept
it, by the table `REPAIRS`, so that a new function needs nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from types import MappingProxyType

from dimcompat.errors import ShapeError
from dimcompat.functions.record import Function
from dimcompat.language.meaning import ADDED, MULTIPLIED
from dimcompat.language.syntax import Node
from dimcompat.language.unification import Unification
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, Dim, Shape

Sizes = tuple[Dim, ...]
Answers = list[bool | None]


class Misfit(Exception):
    """No sizes make the operands of a node fit."""


@dataclass(frozen=True, slots=True)
class Open:
    """Two sizes that are equal, which does not say yet what each of them is."""

    node: Node
    left: Dim
    right: Dim


@dataclass(slots=True)
class Fitting:
    """The sizes found so far, and the equalities that are still open."""

    sizes: Unification = field(default_factory=Unification)
    open: list[Open] = field(default_factory=list)

    def equal(self, left: Dim, right: Dim, node: Node) -> None:
        """Makes two dimensions equal because of ``node``."""
        answer = self.sizes.equate(left, right)
        if answer is None:
            self.open.append(Open(node, left, right))
        elif not answer:
            raise Misfit

    def settle(self) -> Open | None:
        """Asks again what was open, now that all is known; the first equality that stays open."""
        before = -1
        while before != len(self.open):
            before, waiting, self.open = len(self.open), self.open, []
            for question in waiting:
                self.equal(question.left, question.right, question.node)
        return self.open[0] if self.open else None

    def binary(self, operator: str, left: Shape, right: Shape, node: Node) -> Shape:
        """The shape of two operands around an operator."""
        if operator in ADDED:
            return self.stretched(left, right, node)
        if operator in MULTIPLIED and not (left.is_scalar or right.is_scalar):
            self.equal(left.cols, right.rows, node)
            return Shape(left.rows, right.cols)
        if operator in MULTIPLIED:
            return right if left.is_scalar else left
        if not right.is_scalar:
            raise Misfit
        if operator == "^" and not left.is_scalar:
            self.equal(left.rows, left.cols, node)
        return left

    def stretched(self, left: Shape, right: Shape, node: Node) -> Shape:
        """The joint shape of two operands; one is stretched only where its kind has a 1 there.

        A column beside a matrix has the matrix's rows; two matrices have the same shape, though one
        of them could be a row or a column if it were declared as one.
        """
        joint = Shape(
            right.rows if left.rows is ONE else left.rows,
            right.cols if left.cols is ONE else left.cols,
        )
        if not any((joint.is_row, joint.is_column) == (s.is_row, s.is_column) for s in (left, right)):
            raise Misfit
        for one, other in zip(left, right, strict=True):
            if ONE not in (one, other):
                self.equal(one, other, node)
        return joint

    def call(self, record: Function, shapes: tuple[Shape, ...], axis: int | None, given: Sizes) -> Shape:
        """The shape of a call, its arguments made to fit by the first repair that its record accepts.

        Raises Misfit where none of them does.
        """
        for repair in REPAIRS.values():
            mark = self.sizes.mark()
            if all(repair(self.sizes, shapes, given)):
                found = tuple(map(self.sizes.shape, shapes))
                try:
                    return record.shape(found, *record.settled(found, axis, given))
                except ShapeError:
                    pass
            self.sizes.undo(mark)
        raise Misfit


def _as_it_is(sizes: Unification, shapes: tuple[Shape, ...], given: Sizes) -> Answers:
    return []


def _same_rows(sizes: Unification, shapes: tuple[Shape, ...], given: Sizes) -> Answers:
    return [sizes.equate(shape.rows, shapes[0].rows) for shape in shapes[1:]]


def _square(sizes: Unification, shapes: tuple[Shape, ...], given: Sizes) -> Answers:
    return [sizes.equate(*shape) for shape in shapes]


def _one_stretched(sizes: Unification, shapes: tuple[Shape, ...], given: Sizes) -> Answers:
    if len(shapes) != 2:
        return [False]
    pairs = zip(*shapes, strict=True)
    return [sizes.equate(one, other) for one, other in pairs if ONE not in (one, other)]


def _same_shape(sizes: Unification, shapes: tuple[Shape, ...], given: Sizes) -> Answers:
    pairs = [pair for shape in shapes[1:] for pair in zip(shape, shapes[0], strict=True)]
    return [sizes.equate(*pair) for pair in pairs]


def _same_size(sizes: Unification, shapes: tuple[Shape, ...], given: Sizes) -> Answers:
    total = shapes[0].size
    wanted = [shape.size for shape in shapes[1:]]
    if given:
        wanted.append(Shape(given[0], given[-1] if len(given) > 1 else ONE).size)
    return [sizes.equate(total, size) for size in wanted]


REPAIRS: Mapping[str, Callable[[Unification, tuple[Shape, ...], Sizes], Answers]] = MappingProxyType(
    {
        "as it is": _as_it_is,
        "as many rows": _same_rows,
        "square": _square,
        "one of them stretched": _one_stretched,
        "the same shape": _same_shape,
        "as many entries": _same_size,
    }
)
"""What may make the arguments of a call fit, from the least to the most that is asked of them."""
