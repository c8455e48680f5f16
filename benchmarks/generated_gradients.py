"""Generated NumPy values and gradients beside NumPy by hand, JAX, PyTorch and HIPS autograd.

Eight problems in three sizes each; every time is compared only after all answers agree.
``python benchmarks/generated_gradients.py [--problem NAME] [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse

from harness.libraries import autograd_gradient, jax_gradient, same, torch_gradient
from harness.ours import compiled, drawn, size_text
from harness.problems import PROBLEMS
from harness.report import Report, main
from harness.timing import geometric, least

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
            if "jax" in libraries:
                calls["jax"] = jax_gradient(libraries["jax"], problem.objective, inputs, problem.wrt)
            if "torch" in libraries:
                calls["torch"] = torch_gradient(libraries["torch"], problem.objective, inputs, problem.wrt)
            if "autograd" in libraries:
                calls["autograd"] = autograd_gradient(problem.objective, inputs, problem.wrt)
            wanted = calls["by hand"]()
            for name, call in calls.items():
                if not same(call(), wanted):
                    raise SystemExit(f"{problem.name}, {size_text(sizes)}: {name} gives another answer")
            seconds = least(calls, options.rounds)
            ratios = {name: seconds[name] / seconds["dimcompat"] for name in calls if name != "dimcompat"}
            report.rows.append(
                {
                    "problem": problem.name,
                    "size": size_text(sizes),
                    "dimcompat µs": seconds["dimcompat"] * 1e6,
                }
                | ratios
            )
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
