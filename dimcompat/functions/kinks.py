"""Functions with a kink or a jump: abs, sign, step, relu, maximum, minimum.

A module of its own because their derivatives are made of each other, and because their
value at the kink is a convention that is stated once: ``step(0) = sign(0) = 0``, and where
`maximum` or `minimum` ties, each side has half.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.record import (
    Arguments,
    Factors,
    Function,
    Identity,
    Quotient,
    Rewrite,
    Sizes,
    exchange,
)
from dimcompat.functions.rules import HALF, UNIT, called, entry_by_entry, nothing

# ── derivatives ──────────────────────────────────────────────────────────────────────────────────────


def _is_zero(u: Expr) -> bool:
    return u is ex.number(0) or isinstance(u, ex.Zeros)


def _above(a: Expr, b: Expr) -> Expr:
    """1 where a > b, 1/2 where they tie, else 0; beside a bare zero it is the step of `relu`."""
    if _is_zero(b):
        return ex.hadamard(STEP(a), ex.ones(*ex.joint_shape((a.shape, b.shape))))
    if _is_zero(a):
        return ex.subtract(ex.ones(*ex.joint_shape((a.shape, b.shape))), STEP(b))
    return ex.hadamard(HALF, ex.add(UNIT, SIGN(ex.subtract(a, b))))


# ── identities ───────────────────────────────────────────────────────────────────────────────────────


def _factor_outside(function: Callable[[], Function], degree: int) -> Rewrite:
    """``relu(2*u) = 2*relu(u)`` and ``sign(2*u) = sign(u)``: of degree 1 and 0."""

    def rewrite(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
        coefficient, body = ex.split_coefficient(arguments[0])
        magnitude = abs(coefficient)
        if magnitude in (0, 1):
            return None
        return ex.scale(magnitude**degree, function()(ex.scale(coefficient / magnitude, body)))

    return rewrite


def _at(function: Callable[[Fraction], Fraction | int]) -> Rewrite:
    """The value at a number, and at zeros."""

    def rewrite(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
        if isinstance(arguments[0], ex.Number):
            return ex.number(function(arguments[0].value))
        return arguments[0] if isinstance(arguments[0], ex.Zeros) else None

    return rewrite


def _already_positive(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    return called(arguments[0], ABS) or called(arguments[0], RELU)


def _maximum_with_zero(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    for zero, other in (arguments, arguments[::-1]):
        if _is_zero(zero) and zero.shape.is_scalar:
            return RELU(other)
    return None


def _minimum_with_zero(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    for zero, other in (arguments, arguments[::-1]):
        if _is_zero(zero) and zero.shape.is_scalar:
            return ex.scale(-1, RELU(ex.scale(-1, other)))
    return None


def _of_equals(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    return arguments[0] if arguments[0] is arguments[1] else None


# ── identities among factors ─────────────────────────────────────────────────────────────────────────


def _argument_factors(call: Expr) -> tuple[dict[Expr, int], Fraction] | None:
    """The factors that stand for the argument in a product, and the coefficient they lack."""
    assert isinstance(call, ex.Call)
    coefficient, scalars, body = ex.split(call.arguments[0])
    parts = [*scalars, *(ex.entry_factors(body) if body is not None else ())]
    if not parts or any(not isinstance(power, Fraction) or power.denominator != 1 for _, power in parts):
        return None
    return {base: power.numerator for base, power in parts if isinstance(power, Fraction)}, coefficient


def _step_times_argument(factors: Factors, call: Expr) -> Factors | None:
    """``step(u).*u = relu(u)``."""
    found = _argument_factors(call)
    if found is None or abs(found[1]) != 1:
        return None
    parts, coefficient = found
    sign = {ex.number(-1): 1} if coefficient < 0 else {}
    return exchange(factors, {call: 1, **parts}, {RELU(call.children[0]): 1, **sign})


def _relu_times_argument(factors: Factors, call: Expr) -> Factors | None:
    """``relu(u).*u = relu(u).^2``."""
    found = _argument_factors(call)
    if found is None or abs(found[1]) != 1:
        return None
    parts, coefficient = found
    sign = {ex.number(-1): 1} if coefficient < 0 else {}
    return exchange(factors, {call: 1, **parts}, {call: 2, **sign})


def _step_is_one_or_zero(factors: Factors, call: Expr) -> Factors | None:
    """``step(u).^k = step(u)``, and it changes nothing beside ``relu(u)``."""
    power = factors.get(call)
    if not isinstance(power, Fraction) or power <= 0:
        return None
    positive = factors.get(RELU(call.children[0]), 0)
    if isinstance(positive, Fraction) and positive > 0:
        return {base: own for base, own in factors.items() if base is not call}
    return {**factors, call: Fraction(1)} if power != 1 else None


def _abs_times_sign(factors: Factors, call: Expr) -> Factors | None:
    """``abs(u).*sign(u) = u``, ``sign(u)./abs(u) = 1./u`` and ``u.*sign(u) = abs(u)``."""
    found = _argument_factors(call)
    if found is None:
        return None
    parts, coefficient = found
    if abs(coefficient) != 1:
        return None
    sign = {ex.number(-1): 1} if coefficient < 0 else {}
    magnitude = ABS(call.children[0])
    inverse = {base: -power for base, power in parts.items()}
    return (
        exchange(factors, {call: 1, magnitude: 1}, {**parts, **sign})
        or exchange(factors, {call: 1, magnitude: -1}, {**inverse, **sign})
        or exchange(factors, {call: 1, **parts}, {magnitude: 1, **sign})
        or exchange(factors, {call: 3}, {call: 1})
    )


def _even_power_of_abs(factors: Factors, call: Expr) -> Factors | None:
    """``abs(u).^2 = u.^2`` and ``u./abs(u) = sign(u)``."""
    found = _argument_factors(call)
    if found is None or abs(found[1]) != 1:
        return None
    parts, coefficient = found
    sign = {ex.number(-1): 1} if coefficient < 0 else {}
    twice = {base: 2 * power for base, power in parts.items()}
    return exchange(factors, {call: 2}, twice) or exchange(
        factors, {call: -1, **parts}, {SIGN(call.children[0]): 1, **sign}
    )


# ── records ──────────────────────────────────────────────────────────────────────────────────────────

STEP: Function = entry_by_entry(
    "step",
    "1 where the entry is positive, else 0",
    nothing,
    numpy="np.heaviside({0}, 0.0)",
    latex=r"\operatorname{step}",
    nonsmooth=lambda u: u,
    identities=(
        Identity("at a number", _at(lambda value: int(value > 0)), ("step(3)", "1", {})),
        Identity(
            "a positive factor does not matter",
            _factor_outside(lambda: STEP, 0),
            ("step(2*x)", "step(x)", {"x": "n"}),
        ),
    ),
    quotients=(
        Quotient("step(u).*u = relu(u)", _step_times_argument, ("step(x).*x", "relu(x)", {"x": "n"})),
        Quotient("a step is 0 or 1", _step_is_one_or_zero, ("step(x).*relu(x)", "relu(x)", {"x": "n"})),
    ),
)

SIGN: Function = entry_by_entry(
    "sign",
    "1, 0 or -1, as the entry is positive, zero or negative",
    nothing,
    numpy="np.sign({0})",
    latex=r"\operatorname{sign}",
    parity="odd",
    nonsmooth=lambda u: u,
    identities=(
        Identity("at a number", _at(lambda value: (value > 0) - (value < 0)), ("sign(-3)", "-1", {})),
        Identity(
            "a positive factor does not matter",
            _factor_outside(lambda: SIGN, 0),
            ("sign(2*x)", "sign(x)", {"x": "n"}),
        ),
    ),
    quotients=(
        Quotient("abs(u).*sign(u) = u", _abs_times_sign, ("abs(x).*sign(x)", "x", {"x": "n"})),
        Quotient("u.*sign(u) = abs(u)", _abs_times_sign, ("x.*sign(x)", "abs(x)", {"x": "n"})),
        Quotient("sign(u)./abs(u) = 1./u", _abs_times_sign, ("sign(x)./abs(x)", "1./x", {"x": "n"})),
    ),
)

ABS: Function = entry_by_entry(
    "abs",
    "absolute value",
    SIGN,
    numpy="np.abs({0})",
    latex=r"\lvert {0} \rvert",
    parity="even",
    nonsmooth=lambda u: u,
    identities=(
        Identity("at a number", _at(abs), ("abs(-3)", "3", {})),
        Identity(
            "a positive factor goes outside",
            _factor_outside(lambda: ABS, 1),
            ("abs(2*x)", "2*abs(x)", {"x": "n"}),
        ),
        Identity("what is not negative stays", _already_positive, ("abs(relu(x))", "relu(x)", {"x": "n"})),
    ),
    quotients=(
        Quotient("abs(u).^2 = u.^2", _even_power_of_abs, ("abs(x).^2", "x.^2", {"x": "n"})),
        Quotient("u./abs(u) = sign(u)", _even_power_of_abs, ("x./abs(x)", "sign(x)", {"x": "n"})),
    ),
)

RELU: Function = entry_by_entry(
    "relu",
    "the entry where it is positive, else 0",
    STEP,
    numpy="np.maximum({0}, 0.0)",
    latex=r"\operatorname{relu}",
    nonsmooth=lambda u: u,
    identities=(
        Identity("at a number", _at(lambda value: max(value, Fraction(0))), ("relu(-3)", "0", {})),
        Identity(
            "a positive factor goes outside",
            _factor_outside(lambda: RELU, 1),
            ("relu(2*x)", "2*relu(x)", {"x": "n"}),
        ),
        Identity("what is not negative stays", _already_positive, ("relu(abs(x))", "abs(x)", {"x": "n"})),
    ),
    quotients=(
        Quotient("relu(u).*u = relu(u).^2", _relu_times_argument, ("relu(x).*x", "relu(x).^2", {"x": "n"})),
    ),
)

MAXIMUM: Function = entry_by_entry(
    "maximum",
    "the larger of two entries",
    _above,
    lambda a, b: _above(b, a),
    numpy="np.maximum({0}, {1})",
    latex=r"\max",
    nonsmooth=ex.subtract,
    identities=(
        Identity("maximum(0, u) = relu(u)", _maximum_with_zero, ("maximum(0, x)", "relu(x)", {"x": "n"})),
        Identity("of two equals", _of_equals, ("maximum(x, x)", "x", {"x": "n"})),
    ),
)

MINIMUM: Function = entry_by_entry(
    "minimum",
    "the smaller of two entries",
    lambda a, b: _above(ex.scale(-1, a), ex.scale(-1, b)),
    lambda a, b: _above(ex.scale(-1, b), ex.scale(-1, a)),
    numpy="np.minimum({0}, {1})",
    latex=r"\min",
    nonsmooth=ex.subtract,
    identities=(
        Identity("minimum(0, u) = -relu(-u)", _minimum_with_zero, ("minimum(x, 0)", "-relu(-x)", {"x": "n"})),
        Identity("of two equals", _of_equals, ("minimum(x, x)", "x", {"x": "n"})),
    ),
)

RECORDS = (STEP, SIGN, ABS, RELU, MAXIMUM, MINIMUM)
