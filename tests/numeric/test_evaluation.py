"""Every class of node against NumPy by hand, and what users may hand in."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from dimcompat import expressions as ex
from dimcompat import operations as op
from dimcompat.errors import ShapeError, UnknownNameError
from dimcompat.expressions import Expr, Symbol
from dimcompat.numeric import typed
from dimcompat.numeric.evaluation import commutation, compiled, evaluate
from dimcompat.numeric.machine import Array
from dimcompat.numeric.sizes import prepared
from dimcompat.shapes import ONE, Dim, Shape

m, n, p = (Dim.symbol(name) for name in "mnp")


def symbol(name: str, rows: Dim | int = ONE, cols: Dim | int = ONE, *attributes: str) -> Symbol:
    rows, cols = (Dim.number(d) if isinstance(d, int) else d for d in (rows, cols))
    return Symbol.make(name, Shape(rows, cols), frozenset(attributes))


A, B = symbol("A", n, n), symbol("B", n, n)
S = symbol("S", n, n, "symmetric")
X, w, y, b = symbol("X", m, n), symbol("w", n), symbol("y", m), symbol("b", ONE, n)
a, c = symbol("a"), symbol("c")

rng = np.random.default_rng(5)
VALUES: dict[str, Array] = {
    "A": rng.standard_normal((3, 3)) + 2 * np.eye(3),
    "B": rng.standard_normal((3, 3)),
    "X": rng.uniform(0.5, 2, (4, 3)),
    "w": rng.standard_normal((3, 1)),
    "y": rng.standard_normal((4, 1)),
    "b": rng.standard_normal((1, 3)),
    "a": np.array([[1.7]]),
    "c": np.array([[-0.6]]),
}
VALUES["S"] = VALUES["B"] + VALUES["B"].T
V = {name: np.asarray(value) for name, value in VALUES.items()}

R = ex.subtract(ex.multiply(X, w), y)
CASES: list[tuple[str, Expr, Array]] = [
    ("number", ex.number(Fraction(3, 4)), np.array([[0.75]])),
    ("constant", ex.Constant.make("pi"), np.array([[np.pi]])),
    ("size", ex.multiply(ex.Size.make(m), w), 4 * V["w"]),
    ("polynomial size", ex.multiply(ex.Size.make(m * n + 2), w), 14 * V["w"]),
    ("symbol", X, V["X"]),
    ("identity", ex.add(A, ex.identity(n)), V["A"] + np.eye(3)),
    ("ones", ex.add(X, ex.ones(m, n)), V["X"] + 1),
    ("zeros", ex.hadamard(X, ex.zeros(m, n)), np.zeros((4, 3))),
    ("sum", ex.subtract(ex.scale(Fraction(1, 3), A), B), V["A"] / 3 - V["B"]),
    ("stretched row", ex.add(X, b), V["X"] + V["b"]),
    ("stretched column", ex.subtract(X, y), V["X"] - V["y"]),
    ("stretched scalar", ex.subtract(a, X), 1.7 - V["X"]),
    ("column and row", ex.add(X, y, b), V["X"] + V["y"] + V["b"]),
    ("product", ex.multiply(ex.number(2), a, X, w), 2 * 1.7 * V["X"] @ V["w"]),
    ("scalar powers", ex.multiply(ex.power(a, Fraction(-3)), X), V["X"] / 1.7**3),
    ("root", ex.multiply(ex.power(a, Fraction(1, 2)), X), np.sqrt(1.7) * V["X"]),
    ("negative base", ex.multiply(ex.power(c, Fraction(3)), X), (-0.6) ** 3 * V["X"]),
    ("symbolic exponent", ex.multiply(ex.power(a, c), X), 1.7**-0.6 * V["X"]),
    ("chain", ex.multiply(A, B, A), V["A"] @ V["B"] @ V["A"]),
    ("chain to a column", ex.multiply(A, B, w), V["A"] @ V["B"] @ V["w"]),
    ("inner product", ex.multiply(ex.transpose(w), A, w), V["w"].T @ V["A"] @ V["w"]),
    ("hadamard", ex.hadamard(X, y), V["X"] * V["y"]),
    ("entries to a power", ex.entrywise_power(X, Fraction(5, 2)), V["X"] ** 2.5),
    ("entries to a negative power", ex.hadamard(b, ex.entrywise_power(X, Fraction(-1))), V["b"] / V["X"]),
    ("entries to a scalar", ex.entrywise_power(X, c), V["X"] ** -0.6),
    ("inverse", ex.inverse(A), np.linalg.inv(V["A"])),
    ("power", ex.matrix_power(A, 3), V["A"] @ V["A"] @ V["A"]),
    ("negative power", ex.matrix_power(A, -2), np.linalg.inv(V["A"] @ V["A"])),
    ("transpose", ex.transpose(X), V["X"].T),
    ("trace", ex.trace(ex.multiply(A, B)), np.array([[np.trace(V["A"] @ V["B"])]])),
    ("diagonal", ex.diagonal(w), np.diag(V["w"][:, 0])),
    ("diagonal of a row", ex.diagonal(b), np.diag(V["b"][0])),
    ("column sums", ex.column_sums(X), V["X"].sum(0, keepdims=True)),
    ("row sums", ex.row_sums(X), V["X"].sum(1, keepdims=True)),
    ("total", ex.total(X), V["X"].sum().reshape(1, 1)),
    ("named", ex.multiply(ex.transpose(X), ex.Named.make("r", R)), V["X"].T @ (V["X"] @ V["w"] - V["y"])),
    ("symmetric", ex.multiply(S, w), V["S"] @ V["w"]),
]


@pytest.mark.parametrize(("expression", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_every_node(expression: Expr, expected: Array) -> None:
    found = evaluate(expression, VALUES, dims={"m": 4, "n": 3})
    assert found.shape == expected.shape
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_commutation() -> None:
    matrix = rng.standard_normal((2, 3))
    vec = matrix.reshape(-1, 1, order="F")
    np.testing.assert_array_equal(commutation(2, 3) @ vec, matrix.T.reshape(-1, 1, order="F"))
    found = evaluate(ex.commutation(m, n), {}, dims={"m": 2, "n": 3})
    np.testing.assert_array_equal(found, commutation(2, 3))


def test_an_unknown_node_is_an_error() -> None:
    class Strange(Expr):
        __slots__ = ()

    node = Strange._new((), Shape(ONE, ONE), symmetric=True)
    with pytest.raises(TypeError, match="Strange"):
        compiled(node)


def test_the_result_is_the_callers_own() -> None:
    values = {"X": np.ones((2, 3))}
    found = evaluate(X, values)
    found[:] = 7
    assert values["X"].max() == 1


def test_singular_matrices_give_nan() -> None:
    assert np.isnan(evaluate(ex.inverse(A), {"A": np.zeros((3, 3))})).all()
    assert np.isnan(evaluate(ex.inverse(ex.ones(n, n)), {}, dims={"n": 3})).all()


def test_numbers_beyond_floats_are_infinite() -> None:
    assert np.isinf(evaluate(ex.number(10**399), {})).all()


def test_no_warning_at_a_pole() -> None:
    assert np.isinf(evaluate(ex.power(a, Fraction(-1)), {"a": 0})).all()


def test_deep_nests_and_long_chains_of_names() -> None:
    node: Expr = w
    for number in range(3000):
        node = ex.Named.make(f"h_{number}", ex.add(ex.multiply(A, node), w))
    found = evaluate(node, {"A": np.eye(2) / 2, "w": np.ones(2)})
    np.testing.assert_allclose(found, 2 * np.ones((2, 1)))


def test_what_is_shared_is_computed_once() -> None:
    part = ex.Named.make("r", R)
    program = compiled(ex.multiply(ex.transpose(X), part), ex.multiply(part, ex.transpose(w)))
    assert program.cost == len(program.machine.code) <= 6


# ── values ───────────────────────────────────────────────────────────────────────────────────────────


def test_declarations_around_a_result_show_its_sizes() -> None:
    gradient = ex.scoped(ex.identity(n), [A, X])
    np.testing.assert_array_equal(evaluate(gradient, {"A": np.ones((3, 3))}), np.eye(3))
    with pytest.raises(ShapeError, match="the size of n is needed"):
        evaluate(gradient, {})


def test_values_may_have_fewer_axes() -> None:
    full = evaluate(ex.multiply(a, X, w), VALUES)
    fewer = evaluate(ex.multiply(a, X, w), {"a": 1.7, "X": V["X"].tolist(), "w": V["w"][:, 0]})
    np.testing.assert_array_equal(full, fewer)
    assert evaluate(b, {"b": [1, 2]}).shape == (1, 2)
    assert evaluate(a, {"a": [3]}).tolist() == [[3.0]]


@pytest.mark.parametrize(
    ("expression", "values", "dims", "message"),
    [
        (
            ex.multiply(X, w),
            {"w": [1, 2, 3], "X": np.ones((2, 4))},
            None,
            "X is declared m×n; n = 3 by w, and X has 4 columns",
        ),
        (
            ex.multiply(X, w),
            {"X": np.ones((2, 4)), "w": [1, 2, 3]},
            None,
            "w is declared n×1; n = 4 by X, and w has 3 rows",
        ),
        (X, {"X": np.ones((2, 4))}, {"n": 3}, "X is declared m×n; n = 3 by dims, and X has 4 columns"),
        (X, {"X": [1.0, 2.0]}, None, "X is declared m×n, and its value has one axis"),
        (w, {"w": np.ones((1, 3))}, None, "w is declared n×1, and w has 3 columns"),
        (a, {"a": [1, 2]}, None, "a is declared 1×1, and a has 2 rows"),
        (X, {"X": np.ones((2, 2, 2))}, None, "has 3 axes"),
        (X, {"X": np.ones((0, 2))}, None, "is empty"),
        (X, {"X": [["p", "q"]]}, None, "real numbers"),
        (X, {"X": [[1j, 2]]}, None, "real numbers"),
        (X, {"X": [[1, 2], [3]]}, None, "real numbers"),
        (ex.ones(m, n), {}, {"m": 2}, "the size of n is needed"),
        (ex.ones(m, n), {}, {"m": 2, "n": 0}, "positive integer"),
        (symbol("V", n + 1), {"V": np.ones(1)}, None, "no size of n"),
        (symbol("V", 3 * p, m), {"V": np.ones((4, 2))}, None, "no size of p"),
        (symbol("V", 3), {"V": np.ones(4)}, None, "V is declared 3×1, and V has 4 rows"),
    ],
)
def test_faults_of_values(
    expression: Expr, values: dict[str, object], dims: dict[str, int], message: str
) -> None:
    with pytest.raises(ShapeError) as caught:
        evaluate(expression, values, dims=dims)
    assert message in caught.value.message
    assert caught.value.where == "values"


def test_a_missing_name() -> None:
    with pytest.raises(UnknownNameError, match="no value for w") as caught:
        evaluate(ex.multiply(X, w), {"X": np.ones((2, 2))})
    assert caught.value.where == "values"


@pytest.mark.parametrize("spelling", ["dL_dZ", "∂L/∂Z"])
def test_both_spellings_of_a_derivative(spelling: str) -> None:
    assert evaluate(symbol("dL_dZ", m, n), {spelling: np.ones((2, 3))}).shape == (2, 3)


@pytest.mark.parametrize(
    ("dims", "shape", "sizes"),
    [
        ((n + 1, m), (4, 2), {"n": 3, "m": 2}),
        ((3 * p, 12 * p), (6, 24), {"p": 2}),
        ((n * n, ONE), (9, 1), {"n": 3}),
        ((m * n, n), (6, 3), {"m": 2, "n": 3}),
        ((m * n + n, m), (8, 3), {"m": 3, "n": 2}),
    ],
)
def test_sizes_are_solved(dims: tuple[Dim, Dim], shape: tuple[int, int], sizes: dict[str, int]) -> None:
    assert prepared([Symbol.make("V", Shape(*dims))], {"V": np.ones(shape)})[1] == sizes


def test_labels() -> None:
    labels = Symbol.make("y", Shape(m, ONE), labels=n)
    arrays, sizes = prepared([labels], {"y": [0, 2, 1.0]}, {"n": 3})
    assert arrays["y"].dtype == np.int64
    assert sizes == {"m": 3, "n": 3}
    with pytest.raises(ShapeError, match="from 0 to n - 1 = 2, and its value has 3"):
        prepared([labels], {"y": [0, 3]}, {"n": 3})
    with pytest.raises(ShapeError, match="and its value has -1"):
        prepared([labels], {"y": [0, -1]})
    with pytest.raises(ShapeError, match="integers"):
        prepared([labels], {"y": [0, 0.5]})


# ── as typed ─────────────────────────────────────────────────────────────────────────────────────────

L = op.leaf
TYPED: list[tuple[str, op.Operation, Array]] = [
    ("add", op.add(L(X), L(b)), V["X"] + V["b"]),
    ("subtract", op.subtract(L(y), L(X)), V["y"] - V["X"]),
    ("negate", op.negate(L(X)), -V["X"]),
    ("multiply", op.multiply(L(X), L(w)), V["X"] @ V["w"]),
    ("scale", op.multiply(L(X), L(a)), V["X"] * 1.7),
    ("outer", op.multiply(L(w), L(b)), V["w"] @ V["b"]),
    ("divide", op.divide(L(X), L(a)), V["X"] / 1.7),
    ("entrywise multiply", op.entrywise_multiply(L(X), L(y)), V["X"] * V["y"]),
    ("entrywise divide", op.entrywise_divide(L(y), L(X)), V["y"] / V["X"]),
    ("power", op.power(L(c), L(ex.number(3))), np.array([[(-0.6) ** 3]])),
    ("power by a name", op.power(L(a), L(c)), np.array([[1.7**-0.6]])),
    ("matrix power", op.power(L(A), L(ex.number(-2))), np.linalg.inv(V["A"] @ V["A"])),
    ("entrywise power", op.entrywise_power(L(X), L(ex.number(Fraction(1, 3)))), np.cbrt(V["X"])),
    ("transpose", op.transpose(L(X)), V["X"].T),
    ("part", op.multiply(op.part("q", op.add(L(A), L(B))), L(w)), (V["A"] + V["B"]) @ V["w"]),
    ("leaf", L(ex.identity(n)), np.eye(3)),
]


@pytest.mark.parametrize(("operation", "expected"), [case[1:] for case in TYPED], ids=[t[0] for t in TYPED])
def test_every_operation(operation: op.Operation, expected: Array) -> None:
    (found,) = typed.compiled(operation).bind({"m": 4, "n": 3})(VALUES)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_deep_operations() -> None:
    operation = L(a)
    for _ in range(5000):
        operation = op.negate(operation)
    assert typed.compiled(operation).bind({})(VALUES)[0].tolist() == [[1.7]]
