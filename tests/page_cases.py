"""Derivations that pages are tested with: each kind of step, names that are commands elsewhere, what is wide.

A module of its own because the formats, TeX and the browser look at the same ones.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import dimcompat as dc
from dimcompat.derivation import Derivation

Case = tuple[str, str | list[str], dict[str, str], dict[str, Any]]

EXAMPLES: dict[str, Case] = {
    "least squares": ("(X*w - y)'*(X*w - y)", "w", {"X": "m, n", "w": "n", "y": "m"}, {}),
    "bias": ("sum(sigmoid(X*W + b) .* Y)", ["W", "b"], {"X": "m,n", "W": "n,c", "b": "1,c", "Y": "m,c"}, {}),
    "two orders": ("w'*A*w", "w", {"A": "n, n", "w": "n"}, {}),
    "projected": ("tr(A*X*B)", "X", {"A": "n, n", "X": "n, n symmetric", "B": "n, n"}, {}),
    "samples": ("sum(i, log(sum(j, exp(S[i,j]))) - S[i,y[i]])", "S", {"S": "m, c", "y": "m labels(c)"}, {}),
    "Hessian": ("sum(log(1 + exp(X*w)))", "w", {"X": "m, n", "w": "n"}, {"order": 2}),
    "Jacobian": ("A*tanh(B*x)", "x", {"A": "m, n", "B": "n, p", "x": "p"}, {}),
    "upstream": ("S = X*W", "W", {"X": "m, n", "W": "n, c"}, {"upstream": True}),
    "unused": ("x'*x", "z", {"x": "n", "z": "n"}, {}),
    "names": ("W__l*a_prev + W_hh*β1", "W_hh", {"W__l": "n,n", "a_prev": "n", "W_hh": "n,n", "β1": "n"}, {}),
}  # fmt: skip

_NAMES = ("input", "_", "x_", "frac", "x__end__left", "Σ_", "script_alert_1", "_mathrm_", "ϵ_Θ__λ")
HOSTILE: dict[str, Case] = {
    "a product": ("x_' * x__input + b_", "x_", {"x_": "n", "x__input": "n", "b_": "1"}, {}),
    "many": (
        "\n".join(f"{name}: left_{place}, right__{place}" for place, name in enumerate(_NAMES))
        + "\nend = "
        + " + ".join(f"sumsq({name})^2" for name in _NAMES),
        [*_NAMES],
        {},
        {},
    ),
    "parts": ("amp: n_\nbegin__item = exp(amp)\nhbox_ = sum(begin__item.^2)", "amp", {}, {}),
    "functions": (
        "catcode: elementwise\n_write: function(n_, 1)\nx_: n_\nsum(catcode(x_)) + _write(x_)",
        "x_",
        {},
        {},
    ),
}

WIDE: dict[str, Case] = {
    "deep": (
        "a_0: n\n"
        + "".join(f"W_{i}: n, n\na_{i} = tanh(W_{i}*a_{i - 1})\n" for i in range(1, 25))
        + "L = sumsq(a_24)",
        "W_1",
        {},
        {},
    ),
    "Hessian with kron": (
        "tr(X'*A*X*B*X'*C*X)",
        "X",
        {"X": "m, n", "A": "m, m", "B": "n, n", "C": "m, m"},
        {"order": 2},
    ),
    "long sum": (
        " + ".join(f"sumsq(A_{i}*X*B_{i} - C)" for i in range(1, 9)),
        "X",
        {"X": "m, n", "C": "p, q"}
        | {f"A_{i}": "p, m" for i in range(1, 9)}
        | {f"B_{i}": "n, q" for i in range(1, 9)},
        {},
    ),
    "long names": (
        "sumsq(design_matrix*weights_of_the_output_layer - measured_responses)",
        "weights_of_the_output_layer",
        {
            "design_matrix": "observations, features",
            "weights_of_the_output_layer": "features",
            "measured_responses": "observations",
        },
        {},
    ),
}  # fmt: skip


@cache
def derived(name: str) -> Derivation:
    """The derivation of a case, not checked."""
    text, wrt, shapes, options = (EXAMPLES | HOSTILE | WIDE)[name]
    return dc.derive(text, wrt, shapes, verify=False, **options)
