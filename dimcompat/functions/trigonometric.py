"""Circular and hyperbolic functions and their inverses.

A module of its own because they are a closed family: their derivatives and identities
need no other function.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.record import Arguments, Factors, Function, Identity, Quotient, Sizes, exchange
from dimcompat.functions.rules import UNIT, entry_by_entry, inverse_root, reciprocal, square


def _one_at_zero(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    zero = arguments[0] is ex.number(0) or isinstance(arguments[0], ex.Zeros)
    return ex.ones(*arguments[0].shape) if zero else None


def _sin_over_cos(factors: Factors, call: Expr) -> Factors | None:
    (u,) = call.children
    return exchange(factors, {SIN(u): 1, COS(u): -1}, {TAN(u): 1})


def _tan_times_cos(factors: Factors, call: Expr) -> Factors | None:
    (u,) = call.children
    return exchange(factors, {TAN(u): 1, COS(u): 1}, {SIN(u): 1})


def _sinh_over_cosh(factors: Factors, call: Expr) -> Factors | None:
    (u,) = call.children
    return exchange(factors, {SINH(u): 1, COSH(u): -1}, {TANH(u): 1})


def _tanh_times_cosh(factors: Factors, call: Expr) -> Factors | None:
    (u,) = call.children
    return exchange(factors, {TANH(u): 1, COSH(u): 1}, {SINH(u): 1})


SIN: Function = entry_by_entry(
    "sin",
    "sine",
    lambda u: COS(u),  # noqa: PLW0108 (the name is bound below)
    numpy="np.sin({0})",
    latex=r"\sin",
    parity="odd",
    quotients=(Quotient("sin(u)./cos(u) = tan(u)", _sin_over_cos, ("sin(x)./cos(x)", "tan(x)", {"x": "n"})),),
)

COS: Function = entry_by_entry(
    "cos",
    "cosine",
    lambda u: ex.scale(-1, SIN(u)),
    numpy="np.cos({0})",
    latex=r"\cos",
    parity="even",
    identities=(Identity("the cosine of zero is one", _one_at_zero, ("cos(0)", "1", {})),),
)

TAN: Function = entry_by_entry(
    "tan",
    "tangent",
    lambda u: ex.add(UNIT, square(TAN(u))),
    numpy="np.tan({0})",
    latex=r"\tan",
    parity="odd",
    domain="within one",
    quotients=(
        Quotient("tan(u).*cos(u) = sin(u)", _tan_times_cos, ("tan(x).*cos(x)", "sin(x)", {"x": "n"})),
    ),
)

ASIN: Function = entry_by_entry(
    "asin",
    "inverse sine",
    lambda u: inverse_root(ex.subtract(UNIT, square(u))),
    numpy="np.arcsin({0})",
    latex=r"\arcsin",
    aliases=("arcsin",),
    parity="odd",
    domain="within one",
)

ACOS: Function = entry_by_entry(
    "acos",
    "inverse cosine",
    lambda u: ex.scale(-1, inverse_root(ex.subtract(UNIT, square(u)))),
    numpy="np.arccos({0})",
    latex=r"\arccos",
    aliases=("arccos",),
    domain="within one",
)

ATAN: Function = entry_by_entry(
    "atan",
    "inverse tangent",
    lambda u: reciprocal(ex.add(UNIT, square(u))),
    numpy="np.arctan({0})",
    latex=r"\arctan",
    aliases=("arctan",),
    parity="odd",
)

SINH: Function = entry_by_entry(
    "sinh",
    "hyperbolic sine",
    lambda u: COSH(u),  # noqa: PLW0108 (the name is bound below)
    numpy="np.sinh({0})",
    latex=r"\sinh",
    parity="odd",
    quotients=(
        Quotient("sinh(u)./cosh(u) = tanh(u)", _sinh_over_cosh, ("sinh(x)./cosh(x)", "tanh(x)", {"x": "n"})),
    ),
)

COSH: Function = entry_by_entry(
    "cosh",
    "hyperbolic cosine",
    SINH,
    numpy="np.cosh({0})",
    latex=r"\cosh",
    parity="even",
    identities=(Identity("the hyperbolic cosine of zero is one", _one_at_zero, ("cosh(0)", "1", {})),),
)

TANH: Function = entry_by_entry(
    "tanh",
    "hyperbolic tangent",
    lambda u: ex.subtract(UNIT, square(TANH(u))),
    numpy="np.tanh({0})",
    latex=r"\tanh",
    parity="odd",
    quotients=(
        Quotient("tanh(u).*cosh(u) = sinh(u)", _tanh_times_cosh, ("tanh(x).*cosh(x)", "sinh(x)", {"x": "n"})),
    ),
)

ASINH: Function = entry_by_entry(
    "asinh",
    "inverse hyperbolic sine",
    lambda u: inverse_root(ex.add(square(u), UNIT)),
    numpy="np.arcsinh({0})",
    latex=r"\operatorname{arsinh}",
    parity="odd",
)

ACOSH: Function = entry_by_entry(
    "acosh",
    "inverse hyperbolic cosine",
    lambda u: inverse_root(ex.subtract(square(u), UNIT)),
    numpy="np.arccosh({0})",
    latex=r"\operatorname{arcosh}",
    domain="above one",
)

ATANH: Function = entry_by_entry(
    "atanh",
    "inverse hyperbolic tangent",
    lambda u: reciprocal(ex.subtract(UNIT, square(u))),
    numpy="np.arctanh({0})",
    latex=r"\operatorname{artanh}",
    parity="odd",
    domain="within one",
)

RECORDS = (SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, TANH, ASINH, ACOSH, ATANH)
