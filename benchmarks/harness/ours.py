"""A derivation as a compiled function, and one problem at one size ready to be measured.

A module of its own because three scripts ask it of the same problems.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dimcompat as dc
from harness import np
from harness.problems import Arrays, Problem


def compiled(
    source: str, wrt: Sequence[str], shapes: Mapping[str, str], *, order: int = 1
) -> Callable[..., Any]:
    """The NumPy function that dimcompat generates, without checks of its arguments."""
    derivation = dc.derive(source, wrt, shapes, order=order, verify=False)
    module: dict[str, Any] = {}
    exec(dc.generate(derivation, checks=False), module)
    return module["hessian" if order == 2 else "value_and_gradient"]


def drawn(problem: Problem, sizes: Mapping[str, int]) -> Arrays:
    """The inputs of a problem, the same in every run."""
    return problem.draw(sizes, np.random.default_rng(sum(sizes.values())))


def size_text(sizes: Mapping[str, int]) -> str:
    return " ".join(f"{name}={value}" for name, value in sizes.items())
