"""The check of a very deep network: it decides, and it sees one wrong derivative among hundreds."""

import pytest

from dimcompat import parse
from dimcompat.calculus.engine import derive_gradient
from dimcompat.expressions import UNIT, scale
from dimcompat.numeric.verification import verify

LAYERS = 400


@pytest.fixture(scope="module")
def network():
    lines = [f"h{l} = tanh(W{l}*{f'h{l - 1}' if l > 1 else 'x'} + b{l})" for l in range(1, LAYERS + 1)]
    shapes = {"x": "n", "y": "n"}
    for layer in range(1, LAYERS + 1):
        shapes |= {f"W{layer}": "n, n", f"b{layer}": "n"}
    program = parse("\n".join([*lines, f"1/2*sumsq(h{LAYERS} - y)"]), shapes)
    derivation = derive_gradient(program, [f"W{layer}" for layer in range(1, LAYERS + 1)])
    return program, {str(r.variable): r.expression for r in derivation.results}


def test_it_is_decided(network) -> None:
    program, results = network
    found = verify(program.operation, program.symbols, results)
    assert found.passed
    assert found.points >= 3


@pytest.mark.parametrize("layer", [1, 200, LAYERS])
@pytest.mark.parametrize("seed", [0, 1])
def test_one_wrong_derivative_is_seen(network, layer: int, seed: int) -> None:
    program, results = network
    name = f"W{layer}"
    wrong = results | {name: scale(UNIT * 101 / 100, results[name])}
    assert verify(program.operation, program.symbols, wrong, seed=seed).passed is False
