"""Tests every fact of one function record against numbers; `faults` lists what does not hold.

A reference is an independent NumPy spelling of the function, on 2-D arrays:
``reference(*arguments, axis=…, sizes=…)``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from functions.reading import read, symbols

from dimcompat import expressions as ex
from dimcompat.calculus.linear import adjoint
from dimcompat.errors import ShapeError
from dimcompat.expressions import Expr
from dimcompat.functions.record import Function
from dimcompat.numeric import typed
from dimcompat.numeric.evaluation import evaluate
from dimcompat.operations import Operation
from dimcompat.shapes import ONE, SCALAR, Dim, Shape, as_dim

Array = Any
Reference = Callable[..., Array]

SIZES = {"m": 3, "n": 5, "p": 2, "q": 7, "c": 4}
M, N, P, Q = (as_dim(name) for name in "mnpq")
SHAPES = (
    *(SCALAR, Shape(N, ONE), Shape(ONE, N), Shape(M, N), Shape(N, M), Shape(N, N), Shape(P, Q)),
    *(Shape(M * N, ONE), Shape(ONE, M * N)),
)
STEP = 1e-5
RANGES = {
    "positive": (0.4, 2.0),
    "nonzero": (0.4, 2.0),
    "unit": (0.15, 0.85),
    "above one": (1.2, 2.5),
    "within one": (-0.85, 0.85),
}


@dataclass(frozen=True)
class Case:
    """One call at one point."""

    symbols: tuple[Expr, ...]
    axis: int | None
    sizes: tuple[Dim, ...]
    values: dict[str, Array]

    @property
    def arrays(self) -> list[Array]:
        return [self.values[symbol.name] for symbol in self.symbols]


def size(shape: Shape) -> tuple[int, int]:
    return shape.rows.size(SIZES), shape.cols.size(SIZES)


def sample(shape: Shape, domain: str, random: np.random.Generator) -> Array:
    rows, cols = size(shape)
    if domain == "labels":
        return random.integers(0, SIZES["c"], (rows, cols))
    if domain == "posdef":
        root = random.normal(size=(rows, cols))
        return root @ root.T + np.eye(rows)
    values = random.uniform(*RANGES.get(domain, (-1.5, 1.5)), (rows, cols))
    return values + 3 * np.eye(rows) if domain == "square" and rows == cols else values


def cases(record: Function, seed: int = 0) -> list[Case]:
    """Every call that the shape rule takes, over scalars, columns, rows, matrices and square ones."""
    random = np.random.default_rng(seed)
    found = []
    classes = as_dim("c")
    shapes = [[*SHAPES, Shape(M, classes), Shape(ONE, classes)] for _ in range(record.arity)]
    axes = (None,) if record.axis == "none" else (None, 0, 1)
    sizes = [s for count in record.sizes for s in product((M, N, classes), repeat=count)]
    for chosen, axis, given in product(product(*shapes), axes, sizes):
        declared = tuple(
            ex.Symbol.make(name, shape, frozenset(), classes if domain == "labels" else None)
            for name, shape, domain in zip("abc", chosen, record.domain, strict=False)
        )
        try:
            record.shape_of(declared, axis, given)
        except ShapeError:
            continue
        if "labels" in record.domain and classes not in (*given, chosen[0].cols):
            continue
        drawn = {
            symbol.name: sample(symbol.shape, domain, random)
            for symbol, domain in zip(declared, record.domain, strict=True)
        }
        found.append(Case(declared, axis, given, drawn))
    return found


# ── what must hold ───────────────────────────────────────────────────────────────────────────────────


def faults(record: Function, reference: Reference) -> list[str]:
    """Every fact of the record that numbers contradict."""
    found: list[str] = []
    tried = cases(record)
    if not tried:
        return ["no shape fits"]
    for case in tried:
        where = f"{[str(s.shape) for s in case.symbols]} axis={case.axis} sizes={case.sizes}"
        for rule in (value, derivative, differential, adjoints, transposition, parity, unit_sums):
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.extend(f"{rule.__name__}: {where}: {fault}" for fault in rule(record, reference, case))
    found.extend(examples(record))
    return found


def differs(left: Array, right: Array, tolerance: float = 1e-6) -> Iterator[str]:
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if left.shape != right.shape:
        yield f"shapes {left.shape} and {right.shape}"
    elif not np.allclose(left, right, rtol=tolerance, atol=tolerance):
        yield f"{left.ravel()[:4]} and {right.ravel()[:4]}"


def number(expression: Expr, values: dict[str, Array]) -> Array:
    return evaluate(expression, values, dims=SIZES)


def refer(case: Case, reference: Reference, arrays: list[Array]) -> Array:
    sizes = tuple(dim.size(SIZES) for dim in case.sizes)
    return np.atleast_2d(np.asarray(reference(*arrays, axis=case.axis, sizes=sizes), dtype=float))


def value(record: Function, reference: Reference, case: Case) -> Iterator[str]:
    """Shape, the normal form, and the NumPy code."""
    expected = refer(case, reference, case.arrays)
    normal = record(*case.symbols, axis=case.axis, sizes=case.sizes)
    shape = record.shape_of(case.symbols, case.axis, case.sizes)
    if normal.shape != shape or size(shape) != expected.shape:
        yield f"shape {shape}, normal form {normal.shape}, value {expected.shape}"
        return
    yield from differs(number(normal, case.values), expected)
    settled = record.settled(tuple(s.shape for s in case.symbols), case.axis, case.sizes)
    yield from differs(run(record, case.arrays, *settled), expected)


def run(record: Function, arrays: list[Array], axis: int | None, sizes: tuple[Dim, ...]) -> Array:
    """The record's NumPy code."""
    from dimcompat.numeric.calls import bound

    return bound(record, axis, sizes, SIZES, {})(*arrays)


def slope(case: Case, reference: Reference, changes: list[Array]) -> Array:
    """The central difference along a change of all arguments."""
    ahead = [a + STEP * change for a, change in zip(case.arrays, changes, strict=True)]
    behind = [a - STEP * change for a, change in zip(case.arrays, changes, strict=True)]
    return (refer(case, reference, ahead) - refer(case, reference, behind)) / (2 * STEP)


def only(case: Case, place: int, change: Array) -> list[Array]:
    return [change if k == place else 0 * array for k, array in enumerate(case.arrays)]


def derivative(record: Function, reference: Reference, case: Case) -> Iterator[str]:
    """Entry by entry, one formula for each argument."""
    for place, formula in enumerate(record.derivative):
        expected = slope(case, reference, only(case, place, np.ones_like(case.arrays[place])))
        yield from differs(number(formula(*case.symbols), case.values), expected)


def differential(record: Function, reference: Reference, case: Case) -> Iterator[str]:
    """Along a random change, and its adjoint against it."""
    if record.differential is None:
        return
    random = np.random.default_rng(1)
    for place, symbol in enumerate(case.symbols):
        change = random.normal(size=case.arrays[place].shape)
        marks = [ex.zeros(*s.shape) for s in case.symbols]
        marks[place] = ex.Symbol.make("change", symbol.shape)
        formula = record.differential(case.symbols, tuple(marks), case.axis, case.sizes)
        expected = slope(case, reference, only(case, place, change))
        yield from differs(number(formula, case.values | {"change": change}), expected)
        upstream = ex.Symbol.make("upstream", formula.shape)
        turned = adjoint(formula, marks[place], upstream)
        yield from pairs(turned, symbol, change, expected, case, random)


def adjoints(record: Function, reference: Reference, case: Case) -> Iterator[str]:
    """<adjoint(G), dX> = <G, f(dX)> for each argument that has a rule."""
    random = np.random.default_rng(2)
    shape = record.shape_of(case.symbols, case.axis, case.sizes)
    for place, rule in enumerate(record.adjoints):
        change = random.normal(size=case.arrays[place].shape)
        turned = rule(ex.Symbol.make("upstream", shape), case.symbols, case.axis, case.sizes)
        expected = slope(case, reference, only(case, place, change))
        yield from pairs(turned, case.symbols[place], change, expected, case, random)


def pairs(
    turned: Expr, symbol: Expr, change: Array, expected: Array, case: Case, random: np.random.Generator
) -> Iterator[str]:
    if turned.shape != symbol.shape:
        yield f"adjoint {turned.shape}, argument {symbol.shape}"
        return
    upstream = random.normal(size=expected.shape)
    back = number(turned, case.values | {"upstream": upstream})
    yield from differs(np.sum(back * change), np.sum(upstream * expected))


def transposition(record: Function, reference: Reference, case: Case) -> Iterator[str]:
    """What transposed arguments do."""
    if record.transposition == "none":
        return
    axis, sizes = record.settled(tuple(s.shape for s in case.symbols), case.axis, case.sizes)
    plain = run(record, case.arrays, axis, sizes)
    swapped = 1 - axis if record.transposition == "swaps axis" and axis is not None else axis
    turned = run(record, [array.T for array in case.arrays], swapped, sizes)
    yield from differs(turned, plain if record.transposition == "invariant" else plain.T)


def parity(record: Function, reference: Reference, case: Case) -> Iterator[str]:
    """What the sign of the first argument does."""
    if record.parity == "none":
        return
    opposite = [-case.arrays[0], *case.arrays[1:]]
    plain, turned = refer(case, reference, case.arrays), refer(case, reference, opposite)
    yield from differs(turned, plain if record.parity == "even" else -plain)


def unit_sums(record: Function, reference: Reference, case: Case) -> Iterator[str]:
    """Along which axis the value sums to one."""
    if record.unit_sums == "none":
        return
    axis = 1
    if record.unit_sums == "axis":
        axis, _ = record.settled(tuple(s.shape for s in case.symbols), case.axis, case.sizes)
    sums = refer(case, reference, case.arrays).sum(axis=axis)
    yield from differs(sums, np.ones_like(sums))


def examples(record: Function) -> Iterator[str]:
    """Both sides of every identity: equal numbers as typed, and one normal form."""
    for row in (*record.identities, *record.quotients):
        left, right, shapes = row.example
        for seed in range(3):
            yield from (f"{row.name}: {fault}" for fault in one_example(left, right, shapes, seed))


def one_example(left: str, right: str, shapes: dict[str, str], seed: int) -> Iterator[str]:
    random = np.random.default_rng(seed)
    sides = read(left, shapes), read(right, shapes)
    declared = symbols(shapes)
    domains = {
        name: "labels" if s.labels is not None else "posdef" if "posdef" in s.attributes else "unit"
        for name, s in declared.items()
    }
    values = {name: sample(s.shape, domains[name], random) for name, s in declared.items()}
    if sides[0].value is not sides[1].value:
        yield "it does not act"
    numbers = [as_typed(side, values) for side in sides]
    yield from differs(*numbers)
    yield from differs(number(sides[0].value, values), numbers[0])


def as_typed(operation: Operation, values: dict[str, Array]) -> Array:
    bound = typed.compiled(operation).bind(SIZES)
    with np.errstate(all="ignore"):
        return np.atleast_2d(bound({name: np.asarray(array) for name, array in values.items()})[0])
