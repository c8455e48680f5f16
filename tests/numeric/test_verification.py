"""The tester tested: right formulas pass, wrong ones are caught, and what was not computed is not claimed."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from dimcompat import expressions as ex
from dimcompat import operations as op
from dimcompat.derivation import Verification
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions.record import NumpyCode
from dimcompat.numeric.second_order import verify_second
from dimcompat.numeric.verification import verify
from dimcompat.operations import Operation
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

m, n = Dim.symbol("m"), Dim.symbol("n")
L = op.leaf


def symbol(name: str, rows: Dim = ONE, cols: Dim = ONE, *attributes: str) -> Symbol:
    return Symbol.make(name, Shape(rows, cols), frozenset(attributes))


class Record:
    """As much of a function record as expressions and numbers read."""

    parity = transposition = unit_sums = "none"

    def __init__(self, name: str, code: str, domain: str = "real", *, scalar: bool = False) -> None:
        self.name, self.numpy, self.domain, self.scalar = name, NumpyCode(code), (domain,), scalar

    def shape_of(self, arguments: tuple[Expr, ...], axis: int | None, sizes: tuple[Dim, ...]) -> Shape:
        return SCALAR if self.scalar else arguments[0].shape

    def settled(
        self, shapes: tuple[Shape, ...], axis: int | None, sizes: tuple[Dim, ...]
    ) -> tuple[int | None, tuple[Dim, ...]]:
        return axis, sizes

    def rewrite(self, arguments: tuple[Expr, ...], axis: int | None, sizes: tuple[Dim, ...]) -> None:
        return None


log = Record("t_log", "np.log({0})", "positive")
logarithm = Record("t_log_anywhere", "np.log({0})")
modulus = Record("t_abs", "np.abs({0})")
sign = Record("t_sign", "np.sign({0})")
relu = Record("t_relu", "np.maximum({0}, 0)")
step = Record("t_step", "({0} > 0) * 1.0")
never = Record("t_never", "{0} * np.nan")
jump = Record("t_jump", "np.floor({0} * 1e9)")
total = Record("t_sum", "np.sum({0}, keepdims=True)", scalar=True)
logdet = Record("t_logdet", "np.linalg.slogdet({0})[1].reshape(1, 1)", "square", scalar=True)


def call(record: Record, *arguments: Any) -> Any:
    if isinstance(arguments[0], Operation):
        return op.call(record, arguments)
    return ex.call(record, arguments)


A, S, P, D = (
    symbol("A", n, n),
    symbol("S", n, n, "symmetric"),
    symbol("P", n, n, "posdef"),
    symbol("D", n, n, "diagonal"),
)
X, W = symbol("X", m, n), symbol("W", m, n)
w, y, v = symbol("w", n), symbol("y", m), symbol("v", n)
a, k = symbol("a"), symbol("k")
SYMBOLS = {s.name: s for s in (A, S, P, D, X, W, w, y, v, a, k)}


def t(expression: Expr) -> Expr:
    return ex.transpose(expression)


def check(operation: Operation, seed: int = 0, **results: Expr) -> Verification:
    return verify(operation, SYMBOLS, results, seed=seed)


residual = op.subtract(op.multiply(L(X), L(w)), L(y))
squares = op.multiply(op.transpose(residual), residual)
R = ex.subtract(ex.multiply(X, w), y)
GRADIENT = ex.scale(2, ex.multiply(t(X), R))
quadratic = op.multiply(op.multiply(op.transpose(L(w)), L(A)), L(w))


@pytest.mark.parametrize("seed", range(5))
def test_least_squares(seed: int) -> None:
    found = check(squares, seed, w=GRADIENT, X=ex.scale(2, ex.multiply(R, t(w))), y=ex.scale(-2, R))
    assert found.passed is True
    assert found.points == 3
    assert found.max_relative_error is not None and 0 < found.max_relative_error < 1e-8
    assert set(found.dims) == {"m", "n"}


WRONG: list[tuple[str, Operation, dict[str, Expr]]] = [
    ("factor", squares, {"w": ex.multiply(t(X), R)}),
    ("sign", squares, {"w": ex.scale(-1, GRADIENT)}),
    ("term", squares, {"w": ex.scale(2, ex.multiply(t(X), X, w))}),
    ("a small factor", squares, {"w": ex.scale(Fraction(100001, 100000), GRADIENT)}),
    ("a small term", squares, {"w": ex.add(GRADIENT, ex.scale(Fraction(1, 10**5), w))}),
    ("one of several", squares, {"y": ex.scale(-2, R), "w": ex.scale(2, GRADIENT)}),
    ("transpose", quadratic, {"A": ex.multiply(w, t(v))}),
    ("half of a sum", quadratic, {"w": ex.scale(2, ex.multiply(A, w))}),
    ("transposed matrix", op.multiply(op.transpose(L(v)), op.multiply(L(A), L(w))), {"w": ex.multiply(A, v)}),
    ("zero", squares, {"w": ex.zeros(n, ONE)}),
    ("not zero", squares, {"v": v}),
    (
        "off the diagonal only",
        op.multiply(op.transpose(L(v)), op.multiply(L(A), L(w))),
        {"A": ex.hadamard(ex.identity(n), ex.multiply(v, t(w)))},
    ),
    (
        "the size of the other dimension",
        op.divide(squares, L(ex.Size.make(m))),
        {"w": ex.multiply(ex.power(ex.Size.make(n), Fraction(-1)), GRADIENT)},
    ),
    (
        "not finite",
        squares,
        {
            "w": ex.hadamard(
                GRADIENT, ex.power(ex.subtract(ex.Size.make(m), ex.Size.make(m)), Fraction(1)), call(never, w)
            )
        },
    ),
]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("operation", "results"), [c[1:] for c in WRONG], ids=[c[0] for c in WRONG])
def test_wrong_formulas_are_caught(operation: Operation, results: dict[str, Expr], seed: int) -> None:
    assert check(operation, seed, **results).passed is False


def test_sizes_that_are_equal_at_one_assignment_only() -> None:
    """Right where m = 3 and wrong elsewhere: one assignment of sizes would not do."""
    objective = op.multiply(L(ex.Size.make(m)), op.multiply(op.transpose(L(w)), L(w)))
    for size in (2, 3, 5):
        assert check(objective, w=ex.scale(2 * size, w)).passed is False


def test_right_formulas_with_rules() -> None:
    assert check(call(logdet, L(A)), A=t(ex.inverse(A))).passed
    assert check(call(logdet, L(A)), A=ex.inverse(A)).passed is False
    inverse = op.power(L(A), L(ex.number(-1)))
    quad = op.multiply(op.transpose(L(v)), op.multiply(inverse, L(w)))
    right = ex.scale(-1, ex.multiply(t(ex.inverse(A)), v, t(w), t(ex.inverse(A))))
    assert check(quad, A=right).passed
    gram = call(logdet, op.multiply(L(X), op.transpose(L(X))))
    assert check(gram, X=ex.scale(2, ex.multiply(ex.inverse(ex.multiply(X, t(X))), X))).passed
    assert check(gram, X=ex.multiply(ex.inverse(ex.multiply(X, t(X))), X)).passed is False


# ── sets ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("matrix", [S, P])
def test_symmetric_variables_have_the_projected_gradient(matrix: Symbol) -> None:
    objective = op.multiply(op.transpose(L(v)), op.multiply(L(matrix), L(w)))
    outer = ex.multiply(v, t(w))
    half = ex.scale(Fraction(1, 2), ex.add(outer, t(outer)))
    name = matrix.name
    assert check(objective, **{name: half}).passed
    assert check(objective, **{name: outer}).passed is False
    assert check(objective, **{name: ex.scale(2, half)}).passed is False
    assert verify(objective, SYMBOLS, {name: outer}, on_set=False).passed
    assert verify(objective, SYMBOLS, {name: half}, on_set=False).passed is False


def test_diagonal_variables() -> None:
    objective = op.multiply(op.transpose(L(v)), op.multiply(L(D), L(w)))
    assert check(objective, D=ex.diagonal(ex.hadamard(v, w))).passed
    assert check(objective, D=ex.multiply(v, t(w))).passed is False


# ── where differences say little ─────────────────────────────────────────────────────────────────────


def test_ranges_are_tried_until_the_objective_is_finite() -> None:
    assert check(call(total, call(log, L(w))), w=ex.entrywise_power(w, Fraction(-1))).passed
    inside = op.subtract(L(y), op.multiply(L(X), L(w)))
    gradient = ex.scale(
        -1, ex.multiply(t(X), ex.entrywise_power(ex.subtract(y, ex.multiply(X, w)), Fraction(-1)))
    )
    assert check(call(total, call(logarithm, inside)), w=gradient).passed
    assert check(call(total, call(logarithm, inside)), w=ex.scale(-1, gradient)).passed is False


def test_far_away_domains() -> None:
    objective = call(logarithm, op.subtract(L(a), L(ex.number(100))))
    gradient = ex.power(ex.subtract(a, ex.number(100)), Fraction(-1))
    assert check(objective, a=gradient).passed
    assert check(objective, a=ex.power(a, Fraction(-1))).passed is False


def test_a_term_that_is_tiny_beside_the_others() -> None:
    ridge = op.multiply(L(ex.number(Fraction(1, 10**6))), op.multiply(op.transpose(L(w)), L(w)))
    objective = op.add(ridge, call(total, L(w)))
    assert check(objective, w=ex.add(ex.ones(n, ONE), ex.scale(Fraction(2, 10**6), w))).passed
    assert check(objective, w=ex.ones(n, ONE)).passed is False


def test_no_finite_point() -> None:
    negative = op.negate(op.multiply(op.transpose(L(w)), L(w)))
    assert check(call(logarithm, negative), w=w) == Verification(None, None, 0)
    assert check(call(total, call(never, L(w))), w=w) == Verification(None, None, 0)


def test_an_objective_without_differences_decides_nothing() -> None:
    assert check(call(total, call(jump, L(w))), w=w).passed is not True


def test_no_result_is_no_pass() -> None:
    assert check(squares).passed is None


@pytest.mark.parametrize("seed", range(10))
def test_kinks_are_kept_away_from(seed: int) -> None:
    assert check(call(total, call(modulus, L(X))), seed, X=call(sign, X)).passed
    assert check(
        call(total, call(relu, op.multiply(L(X), L(w)))),
        seed,
        w=ex.multiply(t(X), call(step, ex.multiply(X, w))),
    ).passed
    assert (
        check(
            call(total, call(relu, op.multiply(L(X), L(w)))), seed, w=ex.multiply(t(X), ex.ones(m, ONE))
        ).passed
        is False
    )


def test_a_large_objective_with_a_tiny_derivative() -> None:
    small = op.multiply(L(ex.number(Fraction(1, 10**4))), op.multiply(op.transpose(L(w)), L(w)))
    for factor, visible in ((10**2, True), (10**7, False)):
        big = op.multiply(L(ex.number(factor)), op.multiply(op.transpose(L(y)), L(y)))
        assert check(op.add(big, small), w=ex.scale(Fraction(1, 5000), w)).passed is (
            True if visible else None
        )
        assert check(op.add(big, small), w=ex.scale(Fraction(1, 4000), w)).passed is (
            False if visible else None
        )


def test_a_derivative_that_is_zero() -> None:
    constant = op.multiply(L(A), op.power(L(A), L(ex.number(-1))))
    objective = op.multiply(op.transpose(L(v)), op.multiply(constant, L(w)))
    assert check(objective, A=ex.zeros(n, n)).passed
    assert check(objective, A=ex.scale(Fraction(1, 10**6), A)).passed is False
    assert check(squares, w=GRADIENT, v=ex.zeros(n, ONE)).passed


def test_powers() -> None:
    objective = op.power(L(a), L(k))
    right = ex.multiply(k, ex.power(a, ex.subtract(k, ex.number(1))))
    assert check(objective, a=right).passed
    assert check(objective, a=ex.power(a, ex.subtract(k, ex.number(1)))).passed is False


# ── more than gradients ──────────────────────────────────────────────────────────────────────────────


def test_jacobians() -> None:
    product = op.multiply(L(X), L(w))
    assert check(product, w=t(X)).passed
    assert verify(product, SYMBOLS, {"w": X}, layout="numerator").passed
    assert check(product, w=ex.scale(2, t(X))).passed is False
    assert check(op.multiply(L(a), L(X)), a=X).passed
    assert verify(op.multiply(L(a), L(X)), SYMBOLS, {"a": X}, layout="numerator").passed
    assert check(op.transpose(L(X)), X=ex.commutation(n, m)).passed
    assert check(op.transpose(L(X)), X=ex.commutation(m, n)).passed is False


def test_upstream() -> None:
    upstream = symbol("dL_dZ", m, ONE)
    objective = op.multiply(op.transpose(L(upstream)), op.multiply(L(X), L(w)))
    assert check(objective, w=ex.multiply(t(X), upstream), X=ex.multiply(upstream, t(w))).passed


def test_second_derivatives() -> None:
    gradients = {"w": GRADIENT}
    right = ex.scale(2, ex.multiply(t(X), X))
    assert verify_second(squares, SYMBOLS, gradients, {("w", "w"): right}).passed
    assert verify_second(squares, SYMBOLS, gradients, {("w", "w"): ex.multiply(t(X), X)}).passed is False
    wrong_gradient = {"w": ex.multiply(t(X), R)}
    assert verify_second(squares, SYMBOLS, wrong_gradient, {("w", "w"): ex.multiply(t(X), X)}).passed is False
    both = {"w": GRADIENT, "y": ex.scale(-2, R)}
    blocks = {
        ("w", "w"): right,
        ("w", "y"): ex.scale(-2, t(X)),
        ("y", "w"): ex.scale(-2, X),
        ("y", "y"): ex.scale(2, ex.identity(m)),
    }
    assert verify_second(squares, SYMBOLS, both, blocks).passed
    assert verify_second(squares, SYMBOLS, both, {**blocks, ("y", "y"): ex.identity(m)}).passed is False


def test_second_derivatives_by_a_scalar_and_a_vector() -> None:
    objective = op.multiply(op.power(L(a), L(ex.number(2))), op.multiply(op.transpose(L(v)), L(w)))
    gradients = {"a": ex.multiply(ex.number(2), a, t(v), w), "w": ex.multiply(a, a, v)}
    blocks = {
        ("a", "a"): ex.multiply(ex.number(2), t(v), w),
        ("a", "w"): ex.multiply(ex.number(2), a, t(v)),
        ("w", "a"): ex.multiply(ex.number(2), a, v),
        ("w", "w"): ex.zeros(n, n),
    }
    assert verify_second(objective, SYMBOLS, gradients, blocks).passed
    assert verify_second(objective, SYMBOLS, gradients, {**blocks, ("a", "w"): t(v)}).passed is False


# ── the check itself ─────────────────────────────────────────────────────────────────────────────────


def test_the_seed_decides() -> None:
    assert check(squares, 4, w=GRADIENT) == check(squares, 4, w=GRADIENT)
    assert check(squares, 4, w=GRADIENT) != check(squares, 5, w=GRADIENT)


def test_an_objective_computed_by_another() -> None:
    def loops(values: Any, sizes: Any) -> Any:
        rows = range(sizes["m"])
        return np.array([[sum(float((values["X"][i] @ values["w"] - values["y"][i])[0]) ** 2 for i in rows)]])

    assert verify(squares, SYMBOLS, {"w": GRADIENT}, objective=loops).passed
    assert verify(squares, SYMBOLS, {"w": ex.scale(2, GRADIENT)}, objective=loops).passed is False


def test_the_derivative_by_a_part() -> None:
    part = op.part("r", residual)
    objective = op.add(op.multiply(op.transpose(part), part), op.multiply(op.transpose(L(y)), L(y)))
    named = ex.Named.make("r", R)
    assert check(objective, r=ex.scale(2, named), w=GRADIENT).passed
    assert check(objective, r=ex.scale(2, named), w=ex.scale(2, GRADIENT)).passed is False
    assert check(objective, r=named).passed is False


def test_a_result_of_the_wrong_shape_fails() -> None:
    assert check(squares, w=t(GRADIENT)) == Verification(False, None, 0)
    assert check(op.multiply(L(X), L(w)), w=X) == Verification(False, None, 0)
    assert check(op.multiply(L(a), L(X)), a=t(X)).passed is False


def test_points_are_counted() -> None:
    assert verify(squares, SYMBOLS, {"w": GRADIENT}, points=5).points == 5


def test_the_report_is_plain_data() -> None:
    found = check(squares, w=GRADIENT)
    assert type(found.max_relative_error) is float
    assert all(type(size) is int for size in found.dims.values())


def test_many_variables_are_checked_in_groups() -> None:
    count = 300
    weights = [symbol(f"W_{number}", n, n, "orthogonal") for number in range(count)]
    layer = L(w)
    for number, weight in enumerate(weights):
        layer = op.part(f"h_{number}", op.add(L(w), op.multiply(L(weight), layer)))
    objective = op.multiply(op.transpose(L(v)), layer)
    values: Expr = w
    layers: list[Expr] = [w]
    for number, weight in enumerate(weights):
        values = ex.Named.make(f"h_{number}", ex.add(w, ex.multiply(weight, values)))
        layers.append(values)
    back: Expr = v
    results: dict[str, Expr] = {}
    for number in reversed(range(count)):
        results[f"W_{number}"] = ex.multiply(back, t(layers[number]))
        back = ex.Named.make(f"dJ_dh_{number}", ex.multiply(t(weights[number]), back))
    symbols = SYMBOLS | {weight.name: weight for weight in weights}
    assert verify(objective, symbols, results).passed
    results["W_150"] = ex.scale(Fraction(3, 2), results["W_150"])
    assert verify(objective, symbols, results).passed is False


def test_a_small_check_is_quick_enough_to_be_always_on() -> None:
    for _ in range(20):
        assert check(squares, w=GRADIENT).passed
    assert math.isfinite(check(squares, w=GRADIENT).max_relative_error or 0.0)
