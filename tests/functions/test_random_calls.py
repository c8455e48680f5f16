"""Random expressions full of functions: the normal form has the value of the text as typed."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest
from functions.reading import read, symbols
from functions.rule_tester import as_typed, differs, number, sample

from dimcompat.errors import ShapeError, UnsupportedError
from dimcompat.functions import REGISTRY

SHAPES = {"X": "n, n", "Y": "n, n", "x": "n", "y": "n", "A": "m, n", "s": "scalar"}
LEAVES = (["X"], ["x"], ["X", "x"], ["s"], ["x", "s"], ["A"], ["A", "x"], ["X", "Y"], ["x", "y"])
FUNCTIONS = [name for name, record in REGISTRY.items() if record.arity == 1 and record.sizes == (0,)]
FUNCTIONS = [name for name in FUNCTIONS if "labels" not in REGISTRY[name].domain]
OPERATORS = (".*", "./", "*", ".*", "./", "/", "+", "-")


def text(draw: random.Random, depth: int, leaves: list[str]) -> str:
    if depth == 0 or draw.random() < 0.15:
        return draw.choice(leaves)
    inner = text(draw, depth - 1, leaves)
    chance = draw.random()
    if chance < 0.45:
        return f"{draw.choice(FUNCTIONS)}({inner})"
    if chance < 0.6:
        return draw.choice(["({})'", "(-{})", "(1 + {})", "({}).^2", "({}).^-1", "({}).^3"]).format(inner)
    # the same part twice makes the factors meet
    other = text(draw, depth - 1, leaves) if draw.random() < 0.5 else f"{draw.choice(FUNCTIONS)}({inner})"
    return f"({inner} {draw.choice(OPERATORS)} {other})"


@pytest.mark.parametrize("seed", range(20))
def test_the_normal_form_has_the_value_of_the_text(seed: int) -> None:
    draw = random.Random(seed)
    compared = 0
    for number_of in range(60):
        typed = text(draw, draw.choice([2, 3, 4]), draw.choice(LEAVES))
        try:
            operation = read(typed, SHAPES)
        except (ShapeError, UnsupportedError):
            continue
        generator = np.random.default_rng(number_of)
        domain = draw.choice(["real", "unit"])
        values = {name: sample(symbol.shape, domain, generator) for name, symbol in symbols(SHAPES).items()}
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = as_typed(operation, values)
            if not np.isfinite(expected).all() or np.abs(expected).max() > 1e8:
                continue
            assert list(differs(number(operation.value, values), expected, 1e-5)) == [], typed
        compared += 1
    assert compared > 15
