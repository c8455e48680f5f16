"""From the text to the first number: derive, generate and run once, beside JAX jit's first call.

The eight problems in their smallest sizes; nothing is kept from one round to the next.
``python benchmarks/first_number.py [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse

from harness.libraries import jax_gradient, same
from harness.ours import compiled, drawn
from harness.problems import PROBLEMS
from harness.report import Report, main
from harness.timing import geometric, least

COLUMNS = ("problem", "dimcompat ms", "jax ms", "times")


def measure(options: argparse.Namespace) -> Report:
    report = Report("Text to first number, smallest sizes", COLUMNS)
    libraries = report.optional("jax")
    ratios = []
    for problem in PROBLEMS[: 2 if options.quick else None]:
        inputs = drawn(problem, problem.sizes[0])

        def ours(problem=problem, inputs=inputs):
            return compiled(problem.source, problem.wrt, problem.shapes)(**inputs)

        wanted = problem.by_hand(**inputs)
        if not same(ours(), wanted):
            raise SystemExit(f"{problem.name}: another answer")
        row = {"problem": problem.name, "dimcompat ms": least({"ours": ours}, options.rounds)["ours"] * 1e3}
        if "jax" in libraries:
            jax = libraries["jax"]

            def theirs(jax=jax, problem=problem, inputs=inputs):
                return jax_gradient(jax, problem.objective, inputs, problem.wrt)()

            if not same(theirs(), wanted):
                raise SystemExit(f"{problem.name}: JAX gives another answer")
            row["jax ms"] = least({"jax": theirs}, options.rounds, once=True)["jax"] * 1e3
            row["times"] = row["jax ms"] / row["dimcompat ms"]
            ratios.append(row["times"])
        report.rows.append(row)
    report.bound("JAX jit's first call, in the mean", geometric(ratios), 50, least=True)
    return report


if __name__ == "__main__":
    main(measure, __doc__)
