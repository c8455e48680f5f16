"""Many random cases, counted and told: what the slow tests of random objectives share."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest

MOST_TOLD = 40


def none_fails(
    cases: str, outcome: Callable[[int], str], usually: int, capsys: pytest.CaptureFixture[str]
) -> Counter[str]:
    """What became of as many cases as DIMCOMPAT_RANDOM says; every failure is printed, then any fails."""
    many = int(os.environ.get("DIMCOMPAT_RANDOM", usually))
    failures: list[str] = []
    outcomes: Counter[str] = Counter()
    for seed in range(many):
        try:
            outcomes[outcome(seed)] += 1
        except AssertionError as error:
            outcomes["failed"] += 1
            failures.append(str(error).splitlines()[0])
    with capsys.disabled():
        print(f"\n{many} random {cases}: {dict(outcomes)}")
        for failure in failures[:MOST_TOLD]:
            print("  " + failure[:500])
    assert not failures
    return outcomes
