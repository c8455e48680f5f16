"""From the text to the first number: derive, generate and run once, beside JAX jit's first call.

The eight problems in their smallest sizes: for the first time, each round under names that were not seen
before, and again. JAX compiles anew each time.
``python benchmarks/first_number.py [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse
from functools import partial

from harness.libraries import jax_gradient, same
from harness.ours import compiled, drawn
from harness.problems import PROBLEMS
from harness.renaming import under_new_names
from harness.report import Report, main
from harness.timing import geometric, least

COLUMNS = ("problem", "first ms", "again ms", "jax ms", "times", "times again")


def measure(options: argparse.Namespace) -> Report:
    report = Report("Text to first number, smallest sizes", COLUMNS)
    libraries = report.optional("jax")
    for problem in PROBLEMS[: 2 if options.quick else None]:
        inputs = drawn(problem, problem.sizes[0])

        def ours(source, wrt, shapes, problem=problem, inputs=inputs):
            named = dict(zip(shapes, (inputs[name] for name in problem.shapes), strict=True))
            return compiled(source, wrt, shapes)(**named)

        wanted = problem.by_hand(**inputs)
        if not same(ours(problem.source, problem.wrt, problem.shapes), wanted):
            raise SystemExit(f"{problem.name}: another answer")
        question = problem.source, problem.wrt, problem.shapes
        fresh = under_new_names(*question, ours, options.rounds)
        again = least({"ours": partial(ours, *question)}, options.rounds)["ours"]
        row = {
            "problem": problem.name,
            "first ms": least({"ours": fresh}, options.rounds, once=True)["ours"] * 1e3,
            "again ms": again * 1e3,
        }
        if "jax" in libraries:
            jax = libraries["jax"]

            def theirs(jax=jax, problem=problem, inputs=inputs):
                return jax_gradient(jax, problem.objective, inputs, problem.wrt)()

            if not same(theirs(), wanted):
                raise SystemExit(f"{problem.name}: JAX gives another answer")
            row["jax ms"] = least({"jax": theirs}, options.rounds, once=True)["jax"] * 1e3
            row["times"], row["times again"] = (
                row["jax ms"] / row["first ms"],
                row["jax ms"] / row["again ms"],
            )
        report.rows.append(row)
    if "jax" in libraries:
        for column, when in (("times", "for the first time"), ("times again", "again")):
            figure = geometric([row[column] for row in report.rows])
            report.bound(f"JAX jit's first call, in the mean, {when}", figure, 50, least=True)
    return report


if __name__ == "__main__":
    main(measure, __doc__)
