"""The value of an expression, and the flat program that computes it.

A module of its own because it is the one place that says what each class of node means in
numbers. The objective as its author typed it has a reader of its own, `typed`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import numpy as np

from dimcompat import expressions as ex
from dimcompat.expressions import Expr, Symbol
from dimcompat.numeric import calls, zero_products
from dimcompat.numeric import sizes as given
from dimcompat.numeric.loops import Loop, picked
from dimcompat.numeric.machine import Array, Functions, Machine, Operator, Program, Sizes
from dimcompat.numeric.zero_products import meets_infinity, passes_on
from dimcompat.shapes import Dim


def evaluate(
    expression: Expr,
    values: Mapping[str, Any],
    *,
    dims: Mapping[str, int] | None = None,
    functions: Mapping[str, Any] | None = None,
) -> Array:
    """The value of an expression as a 2-D float array.

    ``values`` are arrays of up to two axes by declared name, ``dims`` sizes that no value
    shows, ``functions`` what unnamed functions stand for, with their derivatives. NaN where a
    matrix has no inverse.
    """
    declared = expression.declared if isinstance(expression, ex.Scoped) else frozenset()
    expression = ex.plain(expression)
    needed = symbols_of(expression)
    showing = [symbol for symbol in declared if symbol.name in values and symbol not in needed]
    arrays, sizes = given.prepared([*needed, *showing], values, dims)
    program = compiled(expression)
    given.require(program.machine.dims, sizes)
    with np.errstate(all="ignore"):
        (result,) = program.bind(sizes, functions)(arrays)
    shape = (expression.shape.rows.size(sizes), expression.shape.cols.size(sizes))
    return np.array(np.broadcast_to(np.asarray(result, dtype=np.float64), shape))


def compiled(*expressions: Expr) -> Program:
    """The program that computes these expressions, what they share computed once.

    Indices that no sum binds, as in a step for one sample, have different values as far as may be.
    """
    return writer_of(Machine(), *expressions).program(expressions)


def writer_of(machine: Machine, *expressions: Expr) -> Writer:
    """A writer into this machine for expressions like these."""
    leaves = frozenset[Expr]().union(*(expression.symbols for expression in expressions))
    indices = [leaf for leaf in leaves if isinstance(leaf, ex.Index)]
    free = sorted(indices, key=lambda index: (index.name, str(index.dim)))
    return Writer(machine, {index: _sample(machine, index, at) for at, index in enumerate(free)})


def _sample(machine: Machine, index: ex.Index, wanted: int) -> int:
    dim = index.dim
    return machine.constant(lambda sizes: wanted % dim.size(sizes), dim)  # type: ignore[arg-type, return-value]


def symbols_of(*expressions: Expr) -> list[Symbol]:
    """The declared names that the value depends on, those behind named parts included, by name."""
    found: dict[str, Symbol] = {}
    seen: set[Expr] = set()
    waiting = list(expressions)
    while waiting:
        for leaf in waiting.pop().symbols - seen:
            seen.add(leaf)
            if isinstance(leaf, Symbol):
                found[leaf.name] = leaf
            elif isinstance(leaf, ex.Named):
                waiting.append(leaf.definition)
    return [found[name] for name in sorted(found)]


class Writer:
    """Writes expressions into a machine, every distinct node once."""

    def __init__(self, machine: Machine, known: Mapping[Any, int] | None = None) -> None:
        self.machine = machine
        self.slots: dict[Expr, int] = dict(known or {})
        self.rooted: set[Expr] = set()  # what may be infinite, a root below the line being zero

    def program(self, expressions: Sequence[Expr], after: Program | None = None) -> Program:
        """The program that computes these, ``after`` what has been written before."""
        outputs = [(self.write(expression), expression.shape) for expression in expressions]
        return self.machine.finish(outputs, after)

    def write(self, expression: Expr) -> int:
        """The slot that holds this expression's value."""
        slots = self.slots
        waiting = [expression]
        opened: set[Expr] = set()  # what stands on top once more when all below it has been written
        while waiting:
            node = waiting[-1]
            if node not in slots:
                if node not in opened:
                    found = self.elsewhere(node)
                    if found is not None:
                        slots[waiting.pop()] = found
                        continue
                    missing = [child for child in _below(node) if child not in slots]
                    if missing:
                        opened.add(node)
                        waiting += missing
                        continue
                slots[node] = self._node(node)
            waiting.pop()
        return slots[expression]

    def elsewhere(self, node: Expr) -> int | None:
        """The slot of a node that is computed in another place, or None."""
        return None

    def _node(self, node: Expr) -> int:
        machine, at = self.machine, self.slots
        machine.shapes.append(node.shape)
        if self.rooted and passes_on(node) and not self.rooted.isdisjoint(_below(node)):
            self.rooted.add(node)
        match node:  # the most frequent first
            case ex.Symbol():
                return machine.input(node.name)
            case ex.Named():
                return at[node.definition]
            case ex.Chain():
                return self._chain(node)
            case ex.Product():
                if meets_infinity(node.scalars):
                    self.rooted.add(node)
                return self._product(node)
            case ex.Sum():
                bodies, factors = zip(*node.terms, strict=True)
                return machine.apply(_adding(tuple(map(as_float, factors))), *(at[body] for body in bodies))
            case ex.Call():
                return self._call(node)
            case ex.Hadamard():
                if meets_infinity(node.factors):
                    self.rooted.add(node)
                return self._times([self._powered(*factor) for factor in node.factors], node)
            case ex.Transpose():
                return machine.apply(transpose, at[node.operand])
            case ex.MatrixPower():
                return machine.apply(matrix_power(node.exponent), at[node.base])
            case ex.Trace():
                return machine.apply(_trace, at[node.operand])
            case ex.Number():
                return machine.number(as_float(node.value))
            case ex.Constant():
                return machine.number(_CONSTANTS[node.name])
            case ex.Size():
                dim = node.dim
                return machine.constant(lambda sizes: np.array([[float(dim.size(sizes))]]), dim)
            case ex.Scoped():
                return at[node.expression]
            case ex.Identity():
                rows = node.shape.rows
                return machine.constant(lambda sizes: np.eye(rows.size(sizes)), rows)
            case ex.Ones():
                return self._filled(node, np.ones)
            case ex.Zeros():
                return self._filled(node, np.zeros)
            case ex.Commutation():
                m, n = node.rows, node.cols
                return machine.constant(lambda sizes: commutation(m.size(sizes), n.size(sizes)), m, n)
            case ex.Diagonal():
                return machine.apply(np.diagflat, at[node.vector], by_matrix=True)
            case ex.Pick():
                row, col = (None if index is None else at[index] for index in (node.row, node.col))
                return picked(machine, at[node.base], row, col)
            case ex.IndexSum():
                body = BodyWriter(Loop(machine, node.index.dim), node.index, self)
                slot = body.write(node.body)
                if node.body in self.rooted:
                    self.rooted.add(node)
                return body.loop.total(slot, node.shape)
            case _:
                raise TypeError(f"an expression of an unknown class, {type(node).__name__}")

    def _filled(self, node: Expr, fill: Any) -> int:
        rows, cols = node.shape
        return self.machine.constant(lambda sizes: fill((rows.size(sizes), cols.size(sizes))), rows, cols)

    def _product(self, node: ex.Product) -> int:
        slots = [self._powered(*factor) for factor in node.scalars]
        if node.body is not None:
            slots.append(self.slots[node.body])
        product = self._times(slots, node) if slots else self.machine.number(1.0)
        if node.coefficient is ex.UNIT or node.coefficient == 1:
            return product
        return self.machine.apply(partial(np.multiply, as_float(node.coefficient)), product)

    def _times(self, slots: Sequence[int], node: Expr) -> int:
        product, operator = slots[0], zero_products.times if node in self.rooted else np.multiply
        for slot in slots[1:]:
            product = self.machine.apply(operator, product, slot)
        return product

    def _chain(self, node: ex.Chain) -> int:
        slots = [self.slots[factor] for factor in node.factors]
        if node in self.rooted:
            chain = partial(zero_products.chain, from_right=node.shape.is_column)
            return self.machine.apply(chain, *slots, by_matrix=True)
        if len(slots) == 2:
            return self.machine.apply(np.matmul, *slots)
        return self.machine.apply(_from_right if node.shape.is_column else _from_left, *slots)

    def _powered(self, base: Expr, exponent: Fraction | Expr) -> int:
        slot = self.slots[base]
        if exponent is ex.UNIT or exponent == 1:
            return slot
        if isinstance(exponent, Expr):
            return self.machine.apply(np.power, slot, self.slots[exponent])
        return self.machine.apply(power(exponent), slot)

    def _call(self, node: ex.Call) -> int:
        return write_call(
            self.machine, node.function, node.axis, node.sizes, [self.slots[a] for a in node.arguments]
        )


class BodyWriter(Writer):
    """Writes the body of a sum over an index; what does not depend on the index is written ``around`` it."""

    def __init__(self, loop: Loop, index: ex.Index, around: Writer) -> None:
        super().__init__(loop.inside, {index: loop.index})
        self.loop, self.index, self.around = loop, index, around
        self.rooted = around.rooted

    def elsewhere(self, node: Expr) -> int | None:
        """The slot that holds what the writer around it has computed, unless it depends on the index."""
        return None if self.index in node.symbols else self.loop.take(self.around.write(node))


def _below(node: Expr) -> tuple[Expr, ...]:
    """What must be computed before a node; a sum over an index sees to its own body."""
    kind = type(node)
    if kind is ex.Named:
        return (node.definition,)  # type: ignore[attr-defined]
    return () if kind is ex.IndexSum else node.children


def write_call(
    machine: Machine,
    function: ex.Operator,
    axis: int | None,
    dims: tuple[Dim, ...],
    operands: Sequence[int],
) -> int:
    """A slot for a call of a function record; one that a formula defines is computed by it."""
    origin = calls.origin_of(function)
    if origin is not None and origin.formula is not None:
        key = (Writer, origin.parameters, tuple(operands))
        if key not in machine.formulas:
            machine.formulas[key] = Writer(machine, dict(zip(origin.parameters, operands, strict=True)))
        return like(machine, machine.formulas[key].write(origin.formula), operands[0])
    kink = getattr(function, "nonsmooth", None)
    if kink is not None:
        machine.kinks.append((kink, tuple(operands)))
    unnamed = calls.is_unnamed(function)
    if unnamed:
        machine.unnamed.add(function)
    elif not dims:
        by_matrix = not calls.takes_stacks(function)
        return machine.apply(calls.known(function, axis), *operands, by_matrix=by_matrix)

    def make(sizes: Sizes, functions: Functions) -> Operator:
        return calls.bound(function, axis, dims, sizes, functions)

    return machine.apply_made(make, *operands, dims=dims)


def like(machine: Machine, slot: int, operand: int) -> int:
    """A value for every entry of an operand, where it does not depend on it."""
    return machine.apply(_like, slot, operand)


def _like(value: Array, entries: Array) -> Array:
    return np.broadcast_to(value, np.broadcast_shapes(value.shape, entries.shape))


# ── operators ────────────────────────────────────────────────────────────────────────────────────────

_CONSTANTS = {"pi": math.pi, "e": math.e}


def as_float(value: Fraction) -> float:
    """The nearest float; infinite beyond the largest one."""
    if value is ex.UNIT:
        return 1.0
    try:
        return value.numerator / value.denominator
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def power(exponent: Fraction) -> Operator:
    """Entry by entry; an integer exponent stays one, so that negative bases work."""
    if exponent == -1:
        return np.reciprocal
    if exponent == 2:
        return np.square
    if exponent == Fraction(1, 2):
        return np.sqrt
    value = as_float(exponent)
    return lambda base: np.power(base, value)


def matrix_power(exponent: int) -> Operator:
    """An integer power of a square matrix."""
    if exponent == -1:
        return np.linalg.inv
    return lambda base: np.linalg.matrix_power(base, exponent)


def commutation(rows: int, cols: int) -> Array:
    """K with ``K vec(A) = vec(A')`` where A has these rows and columns."""
    order = np.arange(rows * cols).reshape(cols, rows).T.reshape(-1)
    return np.eye(rows * cols)[order]


def _adding(factors: tuple[float, ...]) -> Operator:
    """The sum of values, each multiplied by its factor."""
    return _PAIRS.get(factors) or partial(_sum, factors)


_PAIRS: dict[tuple[float, ...], Operator] = {(1.0, 1.0): np.add, (1.0, -1.0): np.subtract}


def _sum(factors: tuple[float, ...], *bodies: Array) -> Array:
    total = bodies[0] if factors[0] == 1.0 else factors[0] * bodies[0]
    for factor, body in zip(factors[1:], bodies[1:], strict=True):
        if factor == 1.0:
            total = total + body
        elif factor == -1.0:
            total = total - body
        else:
            total = total + factor * body
    return total


def _from_left(*factors: Array) -> Array:
    return reduce(np.matmul, factors)


def _from_right(*factors: Array) -> Array:
    product = factors[-1]
    for factor in reversed(factors[:-1]):
        product = factor @ product
    return product


def transpose(operand: Array) -> Array:
    """The transpose of a matrix, or of each in a stack."""
    return operand.swapaxes(-1, -2)


def _trace(operand: Array) -> Array:
    return np.asarray(operand.trace(axis1=-2, axis2=-1)[..., np.newaxis, np.newaxis])
