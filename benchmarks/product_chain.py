"""``sumsq(A*B*C*x - y)`` as it is typed: generated NumPy multiplies from the vector's side.

JAX, PyTorch and autograd multiply the matrices first, as the text has it.
``python benchmarks/product_chain.py [--size N] [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse

from harness.contest import agree, gradients_of_others
from harness.ours import compiled, drawn
from harness.problems import PROBLEMS
from harness.report import Report, main
from harness.timing import least

(CHAIN,) = (problem for problem in PROBLEMS if problem.name == "chain of products")


def measure(options: argparse.Namespace) -> Report:
    size = 50 if options.quick else options.size
    report = Report(f"{CHAIN.source} as typed, n = {size}", ("by", "ms", "times"))
    libraries = report.optional("jax", "torch", "autograd")
    inputs = drawn(CHAIN, {"n": size})
    ours = compiled(CHAIN.source, CHAIN.wrt, CHAIN.shapes)
    calls = {"dimcompat": lambda: ours(**inputs), "by hand": lambda: CHAIN.by_hand(**inputs)}
    calls |= gradients_of_others(libraries, CHAIN, inputs)
    agree(calls, CHAIN.name)
    seconds = least(calls, options.rounds)
    for name, found in seconds.items():
        report.rows.append({"by": name, "ms": found * 1e3, "times": found / seconds["dimcompat"]})
    for name in ("jax", "torch"):
        if name in seconds:
            report.bound(name, seconds[name] / seconds["dimcompat"], 40, least=True)
    return report


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=1000, help="n (1000)")


if __name__ == "__main__":
    main(measure, __doc__, options)
