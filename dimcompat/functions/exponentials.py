"""Exponentials, logarithms, roots, and what is made of them: exp, log, sqrt, square, erf, gelu.

A module of its own, and on top of the other entry-by-entry files, because here the named
functions are recognised: ``exp(u)/sum(exp(u))`` is a softmax, ``1/(1 + exp(-u))`` a sigmoid,
``log(det(X))`` a logdet.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.expressions import Expr
from dimcompat.functions.determinants import DET, LOGDET
from dimcompat.functions.kinks import ABS
from dimcompat.functions.logistic import SIGMOID
from dimcompat.functions.record import (
    Arguments,
    Factors,
    Function,
    Identity,
    NumpyCode,
    Quotient,
    Sizes,
    exchange,
)
from dimcompat.functions.rules import HALF, PI, UNIT, called, entry_by_entry, reciprocal, same, square
from dimcompat.functions.softmax import LOGSOFTMAX, LOGSUMEXP, SOFTMAX

_HALF = Fraction(1, 2)
_E = ex.Constant.make("e")

_ERF = """\
def _erf(x):
    return np.vectorize(math.erf, otypes=[float])(x)
"""


# ── identities of exp ────────────────────────────────────────────────────────────────────────────────


def _exp_of_zero(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    zero = arguments[0] is ex.number(0) or isinstance(arguments[0], ex.Zeros)
    return ex.ones(*arguments[0].shape) if zero else None


def _exp_of_log(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``exp(k*log(u)) = u.^k``."""
    power, body = ex.split_coefficient(arguments[0])
    inside = called(body, LOG)
    return ex.entrywise_power(inside.arguments[0], power) if inside is not None else None


def _exp_of_logsoftmax(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    inside = called(arguments[0], LOGSOFTMAX)
    return SOFTMAX(inside.arguments[0], axis=inside.axis) if inside is not None else None


def _exp_of_shifted(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``exp(u - logsumexp(u)) = softmax(u)``, where the sum is over the softmax's axis."""
    (argument,) = arguments
    if not isinstance(argument, ex.Sum):
        return None
    for term, _ in argument.terms:
        for part in ex.factors_of(term):
            form = part.operand if isinstance(part, ex.Transpose) else part
            inside = called(form, LOGSUMEXP)
            if inside is None or (inside.axis is None and not inside.arguments[0].shape.is_vector):
                continue
            (u,) = inside.arguments
            softmax, shifted = SOFTMAX(u, axis=inside.axis), ex.subtract(u, inside)
            if argument is shifted:
                return softmax
            if argument is ex.transpose(shifted):
                return ex.transpose(softmax)
    return None


def _gathered_exponentials(factors: Factors, call: Expr) -> Factors | None:
    """``exp(u).^k = exp(k*u)`` and ``exp(u).*exp(-u) = 1``."""
    _, body = ex.split_coefficient(call.children[0])
    found = Fraction(0)
    others: Factors = {}
    members = 0
    for base, power in factors.items():
        inside = called(base, EXP)
        coefficient, argument = ex.split_coefficient(inside.arguments[0]) if inside else (found, None)
        if argument is body and isinstance(power, Fraction):
            found += coefficient * power
            members += 1
        else:
            others[base] = power
    if members == 0 or (members == 1 and factors.get(call, 0) in (0, 1)):
        return None
    merged = EXP(ex.scale(found, body))
    return others if found == 0 else {**others, merged: Fraction(1)}


def _divides(factors: Factors, *kinds: type[Expr]) -> bool:
    """Whether there is a divisor of one of these kinds; sums are written down only where one could be it."""
    return any(
        isinstance(base, kinds) and not isinstance(power, Expr) and power < 0
        for base, power in factors.items()
    )


def _exp_over_sum(factors: Factors, call: Expr) -> Factors | None:
    """``exp(u)/sum(exp(u)) = softmax(u)``, of a vector, along the rows or columns of a matrix."""
    (u,) = call.children
    if u.shape.is_scalar or not _divides(factors, ex.Chain, ex.Call, ex.Transpose):
        return None
    turned = ex.transpose(call)
    rows: list[tuple[Expr, Expr, Expr]] = []
    if u.shape.is_vector:
        rows.append((call, ex.total(call), SOFTMAX(u)))
        rows.append((turned, ex.total(call), ex.transpose(SOFTMAX(u))))
    else:
        for axis, sums in ((1, ex.row_sums(call)), (0, ex.column_sums(call))):
            rows.append((call, sums, SOFTMAX(u, axis=axis)))
            rows.append((turned, ex.transpose(sums), ex.transpose(SOFTMAX(u, axis=axis))))
    for form, sums, softmax in reversed(rows):
        found = exchange(factors, {form: 1, sums: -1}, {softmax: 1})
        found = found or exchange(factors, {form: 1, softmax: -1}, {sums: 1})
        if found is not None:
            return found
    return None


def _one_over_one_plus_exp(factors: Factors, call: Expr) -> Factors | None:
    """``1/(1 + exp(-u)) = sigmoid(u)``, and with the other sign ``1 - sigmoid(u)``."""
    if not _divides(factors, ex.Sum):
        return None
    _, beside_one = _sigmoids(call)
    return exchange(factors, {ex.add(UNIT, call): -1}, {beside_one: 1})


def _exp_times_sigmoid(factors: Factors, call: Expr) -> Factors | None:
    """``exp(-u).*sigmoid(u) = 1 - sigmoid(u)`` and ``exp(u).*(1 - sigmoid(u)) = sigmoid(u)``."""
    if not any(map(_has_sigmoid, factors)):
        return None
    above, beside_one = _sigmoids(call)
    return exchange(factors, {call: 1, beside_one: 1}, {above: 1})


def _has_sigmoid(base: Expr) -> bool:
    """Whether a factor is a sigmoid, or one less a sigmoid."""
    parts = [part for part, _ in base.terms] if isinstance(base, ex.Sum) else [base]
    return any(called(part, SIGMOID) is not None for part in parts)


def _sigmoids(call: Expr) -> tuple[Expr, Expr]:
    """``exp(u)/(1 + exp(u))`` and ``1/(1 + exp(u))``, by the sigmoid of what has no minus sign."""
    (u,) = call.children
    if ex.split_coefficient(u)[0] > 0:
        return SIGMOID(u), ex.subtract(UNIT, SIGMOID(u))
    opposite = SIGMOID(ex.scale(-1, u))
    return ex.subtract(UNIT, opposite), opposite


# ── identities of log ────────────────────────────────────────────────────────────────────────────────


def _log_of_one(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``log(1) = 0`` and ``log(e) = 1``."""
    (u,) = arguments
    if u is _E:
        return UNIT
    return ex.zeros(*u.shape) if u is UNIT or isinstance(u, ex.Ones) else None


def _log_of_exp(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    inside = called(arguments[0], EXP)
    return inside.arguments[0] if inside is not None else None


def _log_of_softmax(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    inside = called(arguments[0], SOFTMAX)
    return LOGSOFTMAX(inside.arguments[0], axis=inside.axis) if inside is not None else None


def _log_of_sum_of_exp(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``log(sum(exp(u))) = logsumexp(u)``, of all entries or along an axis."""
    (sums,) = arguments
    if not isinstance(sums, ex.Chain):
        return None
    for factor in sums.factors:
        form = factor.operand if isinstance(factor, ex.Transpose) else factor
        inside = called(form, EXP)
        if inside is None:
            continue
        u = inside.arguments[0] if form is factor else ex.transpose(inside.arguments[0])
        if sums is ex.total(factor):
            return LOGSUMEXP(u)
        if sums is ex.row_sums(factor):
            return LOGSUMEXP(u, axis=1)
        if sums is ex.column_sums(factor):
            return LOGSUMEXP(u, axis=0)
    return None


def _log_of_det(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``log(det(X)^k) = k*logdet(X)`` where it is defined, and ``log(abs(det(X))) = logdet(X)``."""
    (u,) = arguments
    power = Fraction(1)
    if isinstance(u, ex.Product) and u.coefficient == 1 and u.body is None and len(u.scalars) == 1:
        ((u, own),) = u.scalars
        if not isinstance(own, Fraction):
            return None
        power = own
    size = called(u, ABS)
    inside = called(size.arguments[0] if size is not None else u, DET)
    return ex.scale(power, LOGDET(inside.arguments[0])) if inside is not None else None


# ── records ──────────────────────────────────────────────────────────────────────────────────────────

EXP: Function = entry_by_entry(
    "exp",
    "exponential of each entry",
    lambda u: EXP(u),  # noqa: PLW0108 (the name is bound below)
    numpy="np.exp({0})",
    latex=r"\exp",
    identities=(
        Identity("the exponential of zero is one", _exp_of_zero, ("exp(0)", "1", {})),
        Identity("exp undoes log", _exp_of_log, ("exp(2*log(x))", "x.^2", {"x": "n"})),
        Identity(
            "exp(logsoftmax(u)) = softmax(u)",
            _exp_of_logsoftmax,
            ("exp(logsoftmax(S))", "softmax(S)", {"S": "m, c"}),
        ),
        Identity(
            "exp(u - logsumexp(u)) = softmax(u)",
            _exp_of_shifted,
            ("exp(S - logsumexp(S, axis=1))", "softmax(S)", {"S": "m, c"}),
        ),
    ),
    quotients=(
        Quotient(
            "exp(u)/sum(exp(u)) = softmax(u)", _exp_over_sum, ("exp(x)/sum(exp(x))", "softmax(x)", {"x": "n"})
        ),
        Quotient(
            "exp(u)./softmax(u) = sum(exp(u))",
            _exp_over_sum,
            ("y.*exp(x)./softmax(x)", "sum(exp(x))*y", {"x": "n", "y": "n"}),
        ),
        Quotient(
            "exp(u)./rowsum(exp(u)) = softmax(u)",
            _exp_over_sum,
            ("exp(S)./rowsum(exp(S))", "softmax(S)", {"S": "m, c"}),
        ),
        Quotient(
            "1./(1 + exp(-u)) = sigmoid(u)",
            _one_over_one_plus_exp,
            ("1./(1 + exp(-x))", "sigmoid(x)", {"x": "n"}),
        ),
        Quotient(
            "exp(u).*(1 - sigmoid(u)) = sigmoid(u)",
            _exp_times_sigmoid,
            ("exp(x)./(1 + exp(x))", "sigmoid(x)", {"x": "n"}),
        ),
        Quotient("exp(u).^k = exp(k*u)", _gathered_exponentials, ("1./exp(x)", "exp(-x)", {"x": "n"})),
        Quotient("exp(u).*exp(-u) = 1", _gathered_exponentials, ("exp(x).*exp(-x)", "ones(n)", {"x": "n"})),
    ),
)

LOG: Function = entry_by_entry(
    "log",
    "natural logarithm of each entry",
    reciprocal,
    numpy="np.log({0})",
    latex=r"\log",
    aliases=("ln",),
    domain="positive",
    identities=(
        Identity("the logarithm of one is zero", _log_of_one, ("log(1)", "0", {})),
        Identity("log undoes exp", _log_of_exp, ("log(exp(x))", "x", {"x": "n"})),
        Identity(
            "log(softmax(u)) = logsoftmax(u)",
            _log_of_softmax,
            ("log(softmax(S))", "logsoftmax(S)", {"S": "m, c"}),
        ),
        Identity(
            "log(sum(exp(u))) = logsumexp(u)",
            _log_of_sum_of_exp,
            ("log(sum(exp(S)))", "logsumexp(S)", {"S": "m, c"}),
        ),
        Identity(
            "log(rowsum(exp(u))) = logsumexp(u, axis=1)",
            _log_of_sum_of_exp,
            ("log(rowsum(exp(S)))", "logsumexp(S, axis=1)", {"S": "m, c"}),
        ),
        Identity("log(det(X)) = logdet(X)", _log_of_det, ("log(det(X))", "logdet(X)", {"X": "n, n posdef"})),
    ),
)

EXPM1: Function = entry_by_entry(
    "expm1",
    "exp(u) - 1, exact near zero",
    EXP,
    numpy="np.expm1({0})",
    latex=r"\operatorname{expm1}",
)

LOG1P: Function = entry_by_entry(
    "log1p",
    "log(1 + u), exact near zero",
    lambda u: reciprocal(ex.add(UNIT, u)),
    numpy="np.log1p({0})",
    latex=r"\operatorname{log1p}",
    domain="positive",
)

SQRT: Function = Function(
    name="sqrt",
    group="entry by entry",
    summary="square root of each entry: u.^(1/2)",
    example=("sum(sqrt(x))", {"x": "n"}),
    entrywise=True,
    shape=same,
    lowering=lambda u, axis, sizes: operations.entrywise_power(u[0], operations.leaf(HALF)),
    numpy=NumpyCode("np.sqrt({0})"),
    latex=r"\sqrt{{0}}",
    domain=("positive",),
    transposition="commutes",
)

SQUARE: Function = Function(
    name="square",
    group="entry by entry",
    summary="square of each entry: u.^2",
    example=("sum(square(x))", {"x": "n"}),
    entrywise=True,
    shape=same,
    lowering=lambda u, axis, sizes: operations.entrywise_power(u[0], operations.leaf(ex.number(2))),
    numpy=NumpyCode("np.square({0})"),
    latex=r"\operatorname{square}",
    parity="even",
    transposition="commutes",
)

ERF: Function = entry_by_entry(
    "erf",
    "error function: 2/sqrt(pi) times the integral of exp(-t^2) from 0 to u",
    lambda u: ex.hadamard(ex.number(2), ex.power(PI, -_HALF), EXP(ex.scale(-1, square(u)))),
    numpy="_erf({0})",
    helper=_ERF,
    latex=r"\operatorname{erf}",
    parity="odd",
)


def _normal_distribution(u: Expr) -> Expr:
    """``1/2*(1 + erf(u/sqrt(2)))``, the distribution of the standard normal."""
    return ex.hadamard(HALF, ex.add(UNIT, ERF(ex.hadamard(ex.power(ex.number(2), -_HALF), u))))


def _normal_density(u: Expr) -> Expr:
    """``exp(-u.^2/2)/sqrt(2*pi)``, the density of the standard normal."""
    scale = ex.power(ex.scale(2, PI), -_HALF)
    return ex.hadamard(scale, EXP(ex.scale(-_HALF, square(u))))


GELU: Function = entry_by_entry(
    "gelu",
    "u times the distribution of the standard normal, 1/2*u*(1 + erf(u/sqrt(2)))",
    lambda u: ex.add(_normal_distribution(u), ex.hadamard(u, _normal_density(u))),
    numpy="(0.5 * ({0}) * (1.0 + _erf(({0}) / math.sqrt(2.0))))",
    helper=_ERF,
    latex=r"\operatorname{gelu}",
)

RECORDS = (EXP, LOG, EXPM1, LOG1P, SQRT, SQUARE, ERF, GELU)
