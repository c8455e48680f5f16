"""One factor of many results, moved into what they are made of: the results stay what they are."""

from __future__ import annotations

import numpy as np
import pytest
from codegen.generated import arguments, function_of

import dimcompat as dc

NETWORK = {"X": "m, n", "Y": "m, c", "W": "n, h", "b": "1, h", "V": "h, c", "d": "1, c"}
CASES = {
    "a network": ("H = tanh(X*W + b)\nR = H*V + d - Y\n1/(2*m)*sumsq(R)", ["W", "b", "V", "d"], NETWORK),
    "its residual twice in a result": (
        "H = X*W\n1/m*sumsq(H*H'*H - Y)",
        ["W", "X", "Y"],
        {"X": "m, n", "W": "n, c", "Y": "m, c"},
    ),
    "a factor without sizes": ("3*sumsq(A*B*C)", ["A", "B", "C"], {"A": "m, n", "B": "n, h", "C": "h, c"}),
    "columns and rows": (
        "1/m*sumsq(u*v' + A + w*z')",
        ["u", "v", "A", "w", "z"],
        {"u": "m", "v": "n", "A": "m, n", "w": "m", "z": "n"},
    ),
    "something on the way is needed as it is": (
        "D = tanh(A*B - Y)\n1/m*sum(D.*D) + tr(D'*E)",
        ["A", "B", "Y", "E"],
        {"A": "m, n", "B": "n, c", "Y": "m, c", "E": "m, c"},
    ),
    "vectors of a matrix": (
        "1/n*(x'*A*y + y'*A*z + z'*A*x)",
        ["x", "y", "z"],
        {"A": "n, n", "x": "n", "y": "n", "z": "n"},
    ),
}
SIZES = ({"m": 5, "n": 4, "h": 3, "c": 2}, {"m": 3, "n": 3, "h": 3, "c": 3}, {"m": 1, "n": 1, "h": 1, "c": 1})


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_results_are_the_formulas(name: str, sizes: dict[str, int]) -> None:
    text, wrt, shapes = CASES[name]
    derivation = dc.derive(text, wrt, shapes, verify=False)
    rng = np.random.default_rng(7)
    values = {
        key: rng.standard_normal([sizes.get(d, 1) for d in shape.split(", ")])
        for key, shape in shapes.items()
    }
    function = function_of(dc.generate(derivation, checks=False))
    before = {key: value.copy() for key, value in values.items()}
    value, *gradients = function(**arguments(function, values, sizes))
    assert np.isclose(value, dc.evaluate(derivation.objective, values, dims=sizes))
    for variable, found in zip(wrt, gradients, strict=True):
        expected = dc.evaluate(derivation.gradients[variable], values, dims=sizes)
        assert np.allclose(found, np.reshape(expected, np.shape(found)), rtol=1e-11, atol=1e-12), variable
    for key, array in values.items():
        assert np.array_equal(array, before[key]), key
        assert not any(np.shares_memory(array, gradient) for gradient in gradients)
    for place, gradient in enumerate(gradients):
        assert not any(np.shares_memory(gradient, other) for other in gradients[:place])


def test_a_network_divides_its_residual_alone() -> None:
    text, wrt, shapes = CASES["a network"]
    source = dc.generate(dc.derive(text, wrt, shapes, verify=False), checks=False)
    assert [line.strip() for line in source.splitlines() if line.endswith("/ m")] == ["t1 = R / m"]
