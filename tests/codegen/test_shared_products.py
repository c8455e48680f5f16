"""Products that are transposes of each other are computed once, and those that only look so are not.

Every result is compared with the formula's own value, whatever the code shares.
"""

from __future__ import annotations

import numpy as np
import pytest
from codegen.generated import arguments, function_of

import dimcompat as dc

SQUARE = {"S": "n, n", "A": "n, k", "B": "n, k", "C": "k, n"}
CASES = {
    "an inverse": ("sum((inv(S)*A).*B) + sum((A'*inv(S)).*C)", SQUARE),
    "an inverse, transposed": ("sum((inv(S)*A).*B) + sum((A'*inv(S)').*C)", SQUARE),
    "a diagonal": ("sum((diag(d)*A).*B) + sum((A'*diag(d)).*C)", SQUARE | {"d": "n"}),
    "labels": (
        "sum((onehot(y, 3)*A).*B) + sum((A'*onehot(y, 3)').*C)",
        {"A": "3, k", "B": "n, k", "C": "k, n", "y": "n labels(3)"},
    ),
    "Kronecker": (
        "sum((kron(P, S)*A).*B) + sum((A'*kron(P, S)).*C)",
        {"P": "m, m", "S": "n, n", "A": "m*n, k", "B": "m*n, k", "C": "k, m*n"},
    ),
    "a Gram matrix": (
        "sum((A'*A).*B) + sum((A'*A*C).*D)",
        {"A": "m, n", "B": "n, n", "C": "n, k", "D": "n, k"},
    ),
    "an inner and an outer product": (
        "(x'*x)*sum((x*x').*B) + sum(x*x'*C)",
        {"x": "n", "B": "n, n", "C": "n, k"},
    ),
    "a longer chain": (
        "sum((A*S*C).*D) + sum((C'*S*A').*E)",
        {"A": "m, n", "S": "n, n", "C": "n, k", "D": "m, k", "E": "k, m"},
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("square", [True, False])
def test_the_code_computes_the_formula(name: str, size: int, square: bool) -> None:
    text, shapes = CASES[name]
    wrt = [variable for variable in shapes if variable not in ("y", "P", "S", "d")]
    derivation = dc.derive(text, wrt, shapes, verify=False)
    sizes = {"n": size, "k": size if square else size + 1, "m": size if square else size + 2}
    rng = np.random.default_rng(size)
    values = {name: _drawn(shape, sizes, rng) for name, shape in shapes.items()}
    function = function_of(dc.generate(derivation, checks=False))
    value, *gradients = function(**arguments(function, values, sizes))
    assert np.isclose(value, dc.evaluate(derivation.objective, values, dims=sizes))
    for variable, found in zip(wrt, gradients, strict=True):
        expected = dc.evaluate(derivation.gradients[variable], values, dims=sizes)
        assert np.allclose(found, np.reshape(expected, np.shape(found))), variable


def _drawn(shape: str, sizes: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    if "labels" in shape:
        return rng.integers(0, 3, sizes["n"])
    dims = [int(eval(part, {}, sizes)) for part in shape.split(", ")]
    array = rng.standard_normal(dims)
    return array + 3 * np.eye(*dims) if len(dims) == 2 and dims[0] == dims[1] else array
