"""What functions are called elsewhere, and formulas for those that are not here under any name.

A module of its own because these are no functions of the language: only a fault asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dimcompat.functions.kinks import MAXIMUM, MINIMUM
from dimcompat.functions.logistic import SIGMOID
from dimcompat.functions.reductions import NORM1, NORM2

INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("max", "amax", "pmax", "fmax"), f"{MAXIMUM.name}(a, b)"),
        **dict.fromkeys(("min", "amin", "pmin", "fmin"), f"{MINIMUM.name}(a, b)"),
        **dict.fromkeys(("frob", "fro", "frobenius", "normF", "norm_F", "l2", "l2norm"), f"{NORM2.name}(X)"),
        **dict.fromkeys(("l1", "l1norm", "norm_1"), f"{NORM1.name}(x)"),
        "norm_2": f"{NORM2.name}(x)",
        "σ": f"{SIGMOID.name}(…)",
        "expit": f"{SIGMOID.name}(…)",
        "Σ": "sum(i, …)",
        **dict.fromkeys(("KL", "kl", "kl_div", "kl_divergence", "KLD"), "sum(p.*log(p./q))"),
        **dict.fromkeys(("var", "variance"), "mean((x - mean(x)).^2)"),
        **dict.fromkeys(("std", "stdev", "stddev"), "sqrt(mean((x - mean(x)).^2))"),
        **dict.fromkeys(("cross_entropy", "crossentropy", "CE", "ce", "xent"), "-sum(Y.*logsoftmax(S))"),
        **dict.fromkeys(("binary_cross_entropy", "bce", "BCE"), "-sum(y.*log(p) + (1 - y).*log(1 - p))"),
        **dict.fromkeys(("mse", "MSE"), "mean((x - y).^2)"),
        **dict.fromkeys(("mae", "MAE"), "mean(abs(x - y))"),
        "entropy": "-sum(p.*log(p))",
    }
)
"""What to write for a function that is not there by this name."""

BY_ORDER: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {NORM2.name: MappingProxyType({1: NORM1.name, 2: NORM2.name})}
)
"""What a function is called whose second argument would say which one is meant, as in ``norm(x, 1)``."""
