"""The second derivative of every function that has one, through the whole pipeline.

A rule that is right to first order can still be stated in a form whose own derivative is wrong
(a constant that should depend on the argument); differences of the gradient see it.
"""

from __future__ import annotations

import pytest

import dimcompat as dc
from dimcompat.functions import REGISTRY
from dimcompat.functions.record import Function

DIFFERENTIABLE = [
    record
    for record in REGISTRY.values()
    if not record.constant and record.domain[0] != "labels" and record.group != "of the user"
]
CONSTANT_SLOPE = {"step", "sign"}


def objective(record: Function) -> tuple[str, dict[str, str], str]:
    """A scalar objective that is curved in the example's first argument, and that argument's name."""
    call, shapes = record.example
    return f"sumsq({call})", shapes, next(name for name in shapes if name in call)


@pytest.mark.parametrize("record", DIFFERENTIABLE, ids=lambda record: record.name)
def test_second_order(record: Function) -> None:
    text, shapes, name = objective(record)
    try:
        derivation = dc.derive(text, name, shapes, order=2)
    except dc.UnsupportedError as error:
        pytest.fail(f"{text}: {error}")
    check = derivation.verification
    assert check is not None
    if record.name in CONSTANT_SLOPE:
        assert check.passed is not False
    else:
        assert check.passed, f"{text} by {name}: {derivation.results[0].expression}, {check}"
