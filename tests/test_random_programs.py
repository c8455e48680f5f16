"""Random programs through the whole pipeline: none wrong, none crashing.

A hundred in the default run; `DIMCOMPAT_RANDOM=5000 pytest -m slow` runs as many as it says and prints
the figures.
"""

from __future__ import annotations

from collections import Counter

import pytest
from random_programs import SHAPES, program
from random_runs import none_fails

import dimcompat as dc

RUNS, EACH = 4, 25


def outcome(seed: int) -> str:
    """What became of one random program: right, undecided or dividing by zero; anything else fails."""
    text, names = program(seed)
    shown = f"seed {seed}: {text!r} by {names}"
    try:
        derivation = dc.derive(text, names, SHAPES, seed=seed)
    except dc.UnsupportedError as error:
        assert error.code == "E405", f"{shown}: {error}"
        return "divides by zero"
    except Exception as error:
        raise AssertionError(f"{shown}: {type(error).__name__}: {error}") from error
    check = derivation.verification
    assert check is not None
    results = {name: str(result) for name, result in derivation.gradients.items()}
    assert check.passed is not False, f"{shown}: {results} miss by {check.max_relative_error}"
    for name, result in derivation.gradients.items():
        assert result.expanded.shape == result.shape, f"{shown}: {name}"
    return "right" if check.passed else "undecided"


@pytest.mark.parametrize("run", range(RUNS))
def test_random_programs(run: int) -> None:
    outcomes = Counter(outcome(2_000_000 + run * EACH + number) for number in range(EACH))
    assert outcomes["right"] >= 0.6 * EACH, outcomes


@pytest.mark.slow
def test_many_random_programs(capsys: pytest.CaptureFixture[str]) -> None:
    none_fails("programs", outcome, 1000, capsys)
