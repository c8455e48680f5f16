"""The constructors keep shape and value, whatever they are given, and make equal expressions one object."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from dimcompat import expressions as ex
from dimcompat.calculus.simplify import simplified
from dimcompat.expressions import Expr
from dimcompat.numeric.evaluation import evaluate
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

SIZES = {"m": 3, "n": 4}
DIMS = (ONE, Dim.symbol("m"), Dim.symbol("n"))


def size(dim: Dim) -> int:
    return dim.size(SIZES)


class Pairs:
    """Random expressions, each with the number matrix that NumPy computes for the same operations."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        draw = np.random.default_rng(seed)
        self.leaves: dict[Shape, list[Expr]] = {}
        self.values: dict[str, np.ndarray] = {}
        for rows in DIMS:
            for cols in DIMS:
                shape = Shape(rows, cols)
                for letter in "AB":
                    name = f"{letter}_{rows}_{cols}"
                    self.leaves.setdefault(shape, []).append(ex.Symbol.make(name, shape))
                    self.values[name] = draw.uniform(0.5, 1.5, (size(rows), size(cols)))
        square = Shape(DIMS[1], DIMS[1])
        mirrored = ex.Symbol.make("S", square, frozenset({"symmetric"}))
        self.leaves[square].append(mirrored)
        half = draw.uniform(0.5, 1.5, (3, 3))
        self.values["S"] = half + half.T

    def grow(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        if depth == 0:
            leaf = self.random.choice(self.leaves[shape])
            return leaf, self.values[leaf.name]  # type: ignore[attr-defined]
        kinds = ["add", "subtract", "multiply", "hadamard", "divide", "transpose", "power", "ones"]
        if shape.is_scalar:
            kinds += ["total", "trace", "number", "trace"]
        elif shape.is_row:
            kinds += ["column sums"]
        elif shape.is_square:
            kinds += ["diagonal", "inverse", "identity"]
        return getattr(self, self.random.choice(kinds).replace(" ", "_"))(depth - 1, shape)

    def pair(self, depth: int, shape: Shape) -> tuple[tuple[Expr, np.ndarray], tuple[Expr, np.ndarray]]:
        small = self.random.choice([shape, SCALAR, Shape(shape.rows, ONE), Shape(ONE, shape.cols)])
        both = [self.grow(depth, shape), self.grow(depth, small)]
        self.random.shuffle(both)
        return both[0], both[1]

    def add(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        (left, a), (right, b) = self.pair(depth, shape)
        return ex.add(left, right), a + b

    def subtract(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        (left, a), (right, b) = self.pair(depth, shape)
        return ex.subtract(left, right), a - b

    def hadamard(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        (left, a), (right, b) = self.pair(depth, shape)
        return ex.hadamard(left, right), a * b

    def divide(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        (left, a), (right, b) = self.pair(depth, shape)
        if np.min(np.abs(b)) < 1e-3:
            return left if left.shape == shape else ex.add(left, right), a if left.shape == shape else a + b
        return ex.hadamard(left, ex.entrywise_power(right, -1)), a / b

    def multiply(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        inner = self.random.choice(DIMS)
        left, a = self.grow(depth, Shape(shape.rows, inner))
        right, b = self.grow(depth, Shape(inner, shape.cols))
        return ex.multiply(left, right), a @ b

    def transpose(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        inner, a = self.grow(depth, shape.transposed)
        return ex.transpose(inner), a.T

    def power(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        base, a = self.grow(depth, shape)
        exponent = self.random.choice([2, 3, -1]) if np.min(np.abs(a)) > 1e-2 else 2
        return ex.entrywise_power(base, exponent), a**exponent

    def ones(self, _: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        return ex.ones(*shape), np.ones((size(shape.rows), size(shape.cols)))

    def number(self, _: int, __: Shape) -> tuple[Expr, np.ndarray]:
        value = Fraction(self.random.choice([-2, -1, 1, 2, 3]), self.random.choice([1, 2]))
        return ex.number(value), np.array([[float(value)]])

    def total(self, depth: int, _: Shape) -> tuple[Expr, np.ndarray]:
        inner, a = self.grow(depth, Shape(self.random.choice(DIMS), self.random.choice(DIMS)))
        return ex.total(inner), np.array([[a.sum()]])

    def trace(self, depth: int, _: Shape) -> tuple[Expr, np.ndarray]:
        dim = self.random.choice(DIMS[1:])
        inner, a = self.grow(depth, Shape(dim, dim))
        return ex.trace(inner), np.array([[np.trace(a)]])

    def column_sums(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        inner, a = self.grow(depth, Shape(self.random.choice(DIMS), shape.cols))
        return ex.column_sums(inner), a.sum(axis=0, keepdims=True)

    def diagonal(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        inner, a = self.grow(depth, Shape(shape.rows, ONE))
        return ex.diagonal(inner), np.diag(a[:, 0])

    def identity(self, _: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        return ex.identity(shape.rows), np.eye(size(shape.rows))

    def inverse(self, depth: int, shape: Shape) -> tuple[Expr, np.ndarray]:
        inner, a = self.grow(depth, shape)
        if abs(np.linalg.det(a)) < 1e-2:
            return inner, a
        return ex.inverse(inner), np.linalg.inv(a)


def close(found: np.ndarray, expected: np.ndarray) -> bool:
    scale = max(1.0, float(np.abs(expected).max()))
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-6, atol=1e-7 * scale)


@pytest.mark.parametrize("seed", range(8))
def test_normal_form_and_textbook_form_keep_shape_and_value(seed: int) -> None:
    pairs = Pairs(seed)
    for _ in range(120):
        shape = Shape(pairs.random.choice(DIMS), pairs.random.choice(DIMS))
        expression, expected = pairs.grow(pairs.random.randint(1, 5), shape)
        if not np.all(np.isfinite(expected)) or np.abs(expected).max() > 1e6:
            continue
        assert expression.shape == shape
        assert close(evaluate(expression, pairs.values, dims=SIZES), expected), str(expression)
        short = simplified(expression)
        assert short.shape == shape
        assert close(evaluate(short, pairs.values, dims=SIZES), expected), f"{expression}  →  {short}"
        assert simplified(short) is short, f"{short} is not stable"
        assert ex.transpose(ex.transpose(expression)) is expression


def symbol(name: str, rows: Dim | int, cols: Dim | int, *attributes: str) -> Expr:
    one = {1: ONE}
    return ex.Symbol.make(
        name,
        Shape(one.get(rows, rows), one.get(cols, cols)),
        frozenset(attributes),  # type: ignore[arg-type]
    )


M, N = DIMS[1], DIMS[2]
A, B = symbol("A", N, N), symbol("B", N, N)
X = symbol("X", M, N)
x, z, w = symbol("x", N, 1), symbol("z", N, 1), symbol("w", N, 1)
y = symbol("y", M, 1)
S = symbol("S", N, N, "symmetric")
Q = symbol("Q", N, N, "orthogonal")

HALF = Fraction(1, 2)

SAME = {
    "like terms": (X + X, 2 * X),
    "a scalar product equals its transpose": (x.T @ A @ z, z.T @ A.T @ x),
    "transposes at the leaves": ((X @ x).T, x.T @ X.T),
    "no transpose of a symmetric name": (S.T, S),
    "an inverse meets its matrix": (A @ ex.inverse(A) @ x, x),
    "the inverse of a product of square matrices": (ex.inverse(A @ B), ex.inverse(B) @ ex.inverse(A)),
    "a product beside its own inverse": (X @ ex.inverse(X.T @ X) @ X.T @ X, X),
    "powers of one matrix": (A @ A, A**2),
    "orthogonal": (Q.T @ Q @ x, x),
    "traces rotate": (ex.trace(A @ B), ex.trace(B @ A)),
    "traces turn": (ex.trace(A @ B), ex.trace(B.T @ A.T)),
    "the trace of an outer product": (ex.trace(x @ z.T), z.T @ x),
    "the identity is absorbed": (A @ ex.identity(N) @ x, A @ x),
    "ones meet ones": (ex.ones(ONE, N) @ ex.ones(N, ONE), ex.Size.make(N)),
    "entries summed are an inner product": (ex.total(ex.hadamard(x, z)), x.T @ z),
    "a diagonal matrix times a column": (ex.diagonal(x) @ z, ex.hadamard(x, z)),
    "stretching along an outer product": (ex.hadamard(y, y @ x.T), ex.hadamard(y, y) @ x.T),
    "zero": (X - X, ex.zeros(M, N)),
    "signs leave a sum": (-(x - z), z - x),
    "a dimension under a root": (
        ex.power(ex.size_of(N * N * M), HALF),
        ex.size_of(N) * ex.power(ex.size_of(M), HALF),
    ),
    "a sum of dimensions under a root": (
        ex.power(4 * ex.power(ex.size_of(N + 1), 2), HALF),
        2 * ex.size_of(N + 1),
    ),
    "dimensions under one root": (
        ex.power(ex.size_of(M * N), Fraction(-1, 2)),
        ex.power(ex.size_of(N) * ex.size_of(M), Fraction(-1, 2)),
    ),
    "the norm of ones": (
        ex.power(ex.total(ex.ones(N, N)) * ex.size_of(M), HALF),
        ex.size_of(N) * ex.power(ex.size_of(M), HALF),
    ),
    "a number under a root": (ex.power(4 * (x.T @ x), Fraction(1, 2)), 2 * ex.power(x.T @ x, Fraction(1, 2))),
}


@pytest.mark.parametrize("name", SAME)
def test_equal_expressions_are_one_object(name: str) -> None:
    left, right = SAME[name]
    assert left is right


def test_a_root_of_a_square_is_not_the_base() -> None:
    s = symbol("s", 1, 1)
    for number in (s, s - ex.size_of(N), ex.size_of(M) - ex.size_of(N)):  # only dimensions are positive
        assert ex.power(ex.power(number, 2), HALF) is not number


def test_a_column_and_a_row_are_not_stretched_into_each_other() -> None:
    total = ex.add(X, x.T, y)
    without = ex.subtract(total, X)
    assert without.shape == Shape(M, N)
    assert "ones" in str(without)


def test_expressions_are_frozen() -> None:
    with pytest.raises(AttributeError):
        X.shape = Shape(N, M)
