"""Generated NumPy values and gradients beside NumPy by hand, JAX, PyTorch and HIPS autograd.

Eight problems in three sizes each; every time is compared only after all answers agree.
``python benchmarks/generated_gradients.py [--problem NAME] [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse

from harness.contest import agree, gradients_of_others, row_of_ratios
from harness.ours import compiled, drawn, size_text
from harness.problems import PROBLEMS
from harness.report import Report, main
from harness.timing import geometric

OTHERS = ("jax", "torch", "autograd")
COLUMNS = ("problem", "size", "dimcompat µs", "by hand", "jax", "torch", "autograd")


def measure(options: argparse.Namespace) -> Report:
    report = Report("Generated NumPy, value and gradient; the others as multiples of it", COLUMNS)
    libraries = report.optional(*OTHERS)
    by_hand, by_jax = [], []
    for problem in PROBLEMS:
        if options.problem and options.problem not in problem.name:
            continue
        ours = compiled(problem.source, problem.wrt, problem.shapes)
        for sizes in problem.sizes[: 1 if options.quick else None]:
            inputs = drawn(problem, sizes)
            calls = {
                "dimcompat": lambda ours=ours, inputs=inputs: ours(**inputs),
                "by hand": lambda problem=problem, inputs=inputs: problem.by_hand(**inputs),
            }
            calls |= gradients_of_others(libraries, problem, inputs)
            agree(calls, f"{problem.name}, {size_text(sizes)}")
            ratios = row_of_ratios(report, problem, sizes, calls, options.rounds)
            by_hand.append(1 / ratios["by hand"])
            by_jax += [1 / ratios["jax"]] if "jax" in ratios else []
    report.bound("of NumPy by hand, in the mean", geometric(by_hand), 1.05)
    report.bound("of NumPy by hand, the worst", max(by_hand), 1.25)
    report.bound("of JAX jit, in the mean", geometric(by_jax), 0.4)
    return report


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--problem", help="only the problems with this in their name")


if __name__ == "__main__":
    main(measure, __doc__, options)
