"""Generated NumPy Hessians beside Hessians by hand and ``jit(jax.hessian)``.

The eight problems of the gradients in three sizes each; by matrices, the Hessian is that of their
stacked columns. ``python benchmarks/generated_hessians.py [--problem NAME] [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from harness import np
from harness.contest import agree, row_of_ratios
from harness.libraries import jax_hessian
from harness.ours import compiled, drawn, size_text
from harness.problems import PROBLEMS, Problem
from harness.report import Report, main
from harness.timing import geometric

COLUMNS = ("problem", "size", "dimcompat µs", "by hand", "jax")


def measure(options: argparse.Namespace) -> Report:
    report = Report("Generated NumPy Hessians; the others as multiples of them", COLUMNS)
    libraries = report.optional("jax")
    by_hand, by_jax = [], []
    for problem in PROBLEMS:
        if options.problem and options.problem not in problem.name:
            continue
        ours = compiled(problem.source, problem.hessian_wrt, problem.shapes, order=2)
        for sizes in problem.hessian_sizes[: 1 if options.quick else None]:
            inputs = drawn(problem, sizes)
            needed = ours.__code__.co_varnames[: ours.__code__.co_argcount]
            calls: dict[str, Callable[[], Any]] = {
                "dimcompat": lambda ours=ours, given={n: inputs[n] for n in needed}: ours(**given),
                "by hand": lambda problem=problem, inputs=inputs: problem.hessian_by_hand(**inputs),
            }
            if "jax" in libraries:
                calls["jax"] = jax_hessian(libraries["jax"], problem.objective, inputs, problem.hessian_wrt)
            agree(calls, f"{problem.name}, {size_text(sizes)}", partial(_blocks, problem, inputs))
            ratios = row_of_ratios(report, problem, sizes, calls, options.rounds)
            by_hand.append(1 / ratios["by hand"])
            by_jax += [ratios["jax"]] if "jax" in ratios else []
            if "jax" in ratios and (problem.name, sizes.get("m")) == ("matrix factorization", 100):
                report.bound("jit(jax.hessian), matrix factorization", ratios["jax"], 100, least=True)
    report.bound("of NumPy by hand, in the mean", geometric(by_hand), 1.1)
    report.bound("jit(jax.hessian), in the mean", geometric(by_jax), 5, least=True)
    return report


def _blocks(problem: Problem, inputs: Mapping[str, np.ndarray], found: Any) -> list[np.ndarray]:
    """A Hessian as its blocks in the order of the variables, entry by entry of their stacked columns."""
    names = problem.hessian_wrt
    if isinstance(found, dict):
        return [found[first, second] for first in names for second in names]
    if isinstance(found, tuple):  # of tuples: the axes of one variable and those of the other
        return [
            _stacked(np.asarray(block), inputs[first].ndim, inputs[second].ndim)
            for first, row in zip(names, found, strict=True)
            for second, block in zip(names, row, strict=True)
        ]
    return [found]


def _stacked(block: np.ndarray, first: int, second: int) -> np.ndarray:
    axes = [*reversed(range(first)), *(first + axis for axis in reversed(range(second)))]
    rows = int(np.prod(block.shape[:first]))
    return block.transpose(axes).reshape(rows, -1)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--problem", help="only the problems with this in their name")


if __name__ == "__main__":
    main(measure, __doc__, options)
