"""Whether two programs have the same value, at random numbers: what is read in two ways means the same."""

from __future__ import annotations

import numpy as np

import dimcompat as dc
from dimcompat.program import Program

SIZES = {"m": 4, "n": 3, "c": 5}


def alike(one: Program, other: Program) -> bool:
    """Whether two objectives are equal at random positive values of their names."""
    random = np.random.default_rng(3)
    values = {}
    for name, symbol in one.symbols.items():
        shape = tuple(dim.size(SIZES) for dim in symbol.shape)
        classes = symbol.labels and symbol.labels.size(SIZES)
        values[name] = random.integers(0, classes, shape) if classes else random.uniform(0.2, 1.5, shape)
    first, second = (dc.evaluate(program.operation.value, values, dims=SIZES) for program in (one, other))
    return first.shape == second.shape and bool(np.allclose(first, second, rtol=1e-10))
