"""The logistic family: sigmoid, logit, softplus, silu.

A module of its own because these four are derivatives and inverses of one another and
need no other function.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.record import Arguments, Function, Identity, Sizes
from dimcompat.functions.rules import UNIT, called, entry_by_entry, reciprocal

_STABLE_SIGMOID = """\
def _sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)
"""


def _undo_sigmoid(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    inside = called(arguments[0], SIGMOID)
    return inside.arguments[0] if inside is not None else None


def _undo_logit(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    inside = called(arguments[0], LOGIT)
    return inside.arguments[0] if inside is not None else None


SIGMOID: Function = entry_by_entry(
    "sigmoid",
    "1/(1 + exp(-u))",
    lambda u: ex.hadamard(SIGMOID(u), ex.subtract(UNIT, SIGMOID(u))),
    numpy="_sigmoid({0})",
    helper=_STABLE_SIGMOID,
    latex=r"\sigma",
    aliases=("logistic",),
    identities=(Identity("sigmoid undoes logit", _undo_logit, ("sigmoid(logit(x))", "x", {"x": "n"})),),
)

LOGIT: Function = entry_by_entry(
    "logit",
    "log(u/(1 - u)), the inverse of sigmoid",
    lambda u: reciprocal(ex.hadamard(u, ex.subtract(UNIT, u))),
    numpy="(np.log({0}) - np.log1p(-({0})))",
    latex=r"\operatorname{logit}",
    domain="unit",
    identities=(Identity("logit undoes sigmoid", _undo_sigmoid, ("logit(sigmoid(x))", "x", {"x": "n"})),),
)

SOFTPLUS: Function = entry_by_entry(
    "softplus",
    "log(1 + exp(u))",
    SIGMOID,
    numpy="np.logaddexp(0.0, {0})",
    latex=r"\operatorname{softplus}",
)

SILU: Function = entry_by_entry(
    "silu",
    "u times sigmoid(u)",
    lambda u: ex.hadamard(SIGMOID(u), ex.add(UNIT, ex.hadamard(u, ex.subtract(UNIT, SIGMOID(u))))),
    numpy="(({0}) * _sigmoid({0}))",
    helper=_STABLE_SIGMOID,
    latex=r"\operatorname{silu}",
)

RECORDS = (SIGMOID, LOGIT, SOFTPLUS, SILU)
