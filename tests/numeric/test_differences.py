"""One direction against its differences: what a step shows, and what it leaves open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dimcompat.numeric.differences import compare


def test_comparison_at_a_kink() -> None:
    def compared(objective: Callable[[float], float], predicted: float) -> bool | None:
        def along(which: list[int], steps: Sequence[float]) -> Any:
            assert which == [0]
            return np.array([[[objective(step)]] for step in steps])

        (found,) = compare(along, np.array([[objective(0.0)]]), np.array([[[predicted]]]), [1.0])
        return found.agrees

    assert compared(lambda s: abs(s - 1e-8), -1.0) is None
    assert compared(lambda s: abs(s - 7e-5), -1.0) is True
    assert compared(lambda s: abs(s - 7e-5), 1.0) is False
    # on the kink itself the differences are the mean of both slopes, and any slope between may be meant
    assert compared(lambda s: max(s, 0.0) + s * s, 0.5) is True
    assert compared(lambda s: max(s, 0.0) + s * s, 0.0) is None
    assert compared(lambda s: max(s, 0.0) + s * s, 1.01) is False
    assert compared(lambda s: max(s, 0.0) + s * s, -0.01) is False


def test_directions_are_judged_one_by_one() -> None:
    """A wrong prediction is found beside right ones, and beside a kink that decides nothing."""
    functions = [lambda s: 3 * s, lambda s: 3 * s, lambda s: abs(s - 1e-8), lambda s: s * s]

    def along(which: list[int], steps: Sequence[float]) -> Any:
        return np.array([[[functions[number](step), step]] for number in which for step in steps])

    predicted = np.array([[[3.0, 1.0]], [[3.1, 1.0]], [[-1.0, 1.0]], [[0.0, 1.0]]])
    found = compare(along, np.zeros((1, 2)), predicted, [1.0] * 4)
    assert [one.agrees for one in found] == [True, False, None, True]
