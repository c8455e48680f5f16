"""Generated NumPy code against the true derivatives of the corpus, with 2-D and with 1-D arguments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from codegen import generated

every_case = pytest.mark.parametrize("case_id", generated.CASES)


@every_case
def test_corpus(case_id: str) -> None:
    case = generated.CASES[case_id]
    derivation = generated.derived(case)
    for checks in (True, False):
        source = dc_generate(derivation, checks)
        function = generated.function_of(source)
        for values, dims, expected, objective in generated.points(case):
            for form in (values, generated.flat(values, derivation)):
                found = generated.derivatives(
                    function(**generated.arguments(function, form, dims)), derivation, case
                )
                if "" in found:
                    assert relative(found.pop(""), objective) <= generated.TOLERANCE, source
                for name, truth in expected.items():
                    assert relative(found[name], truth) <= generated.TOLERANCE, source


def dc_generate(derivation: object, checks: bool) -> str:
    from dimcompat.codegen import generate

    return generate(derivation, "numpy", checks=checks)


def relative(actual: object, expected: object) -> float:
    """The largest error, relative to the largest entry; infinite where there are more or fewer entries."""
    found, truth = np.asarray(actual, float), np.asarray(expected, float)
    if found.size != truth.size:
        return math.inf
    if 1 not in truth.shape and truth.ndim == 2 and found.shape != truth.shape:
        return math.inf
    return float(np.abs(found.reshape(-1) - truth.reshape(-1)).max() / max(1e-9, np.abs(truth).max()))
