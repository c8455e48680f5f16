"""How deriving grows with the length of the formula: sums of k quadratic forms, products of k factors.

``python benchmarks/long_formulas.py [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from harness import np
from harness.report import Report, main
from harness.timing import exponent, least

import dimcompat as dc

Family = Callable[[int], tuple[str, "str | list[str]", dict[str, str]]]
COLUMNS = ("formula", "k", "ms", "ms a part", "steps")
SIZES = (16, 32, 64, 128, 256, 512, 1000)


def sum_of_forms(k: int) -> tuple[str, str, dict[str, str]]:
    """``x'*A1*x + x'*A2*x + …`` by x."""
    shapes = {"x": "n"} | {f"A{i}": "n, n" for i in range(1, k + 1)}
    return " + ".join(f"x'*A{i}*x" for i in range(1, k + 1)), "x", shapes


def product(names: list[str]) -> str:
    """The factors in brackets of halves: in a row each nests one deeper, and 200 levels are allowed."""
    if len(names) == 1:
        return names[0]
    middle = len(names) // 2
    return f"({product(names[:middle])}*{product(names[middle:])})"


def product_of_factors(k: int) -> tuple[str, str, dict[str, str]]:
    """``a'*A1*A2*…*X*…*b`` by X, the factor in the middle."""
    names = [f"A{i}" for i in range(1, k)]
    names.insert(k // 2, "X")
    return f"a'*{product(names)}*b", "X", {"a": "n", "b": "n"} | dict.fromkeys(names, "n, n")


def product_by_all(k: int) -> tuple[str, list[str], dict[str, str]]:
    """``a'*A1*A2*…*b`` by every factor."""
    names = [f"A{i}" for i in range(1, k + 1)]
    return f"a'*{product(names)}*b", names, {"a": "n", "b": "n"} | dict.fromkeys(names, "n, n")


FAMILIES: dict[str, Family] = {
    "sum of k quadratic forms": sum_of_forms,
    "product of k factors, by one": product_of_factors,
}


BY_ALL = "product of k factors, by all"
"""A thousand results of a thousand factors each: the answer alone grows with the square, so there is no
bound."""


def measure(options: argparse.Namespace) -> Report:
    report = Report("Deriving long formulas", COLUMNS)
    for name, family in (FAMILIES | {BY_ALL: product_by_all}).items():
        sizes = SIZES[:2] if options.quick or name == BY_ALL else SIZES
        _compare(family)
        seconds = []
        for k in sizes:
            source, wrt, shapes = family(k)

            def call(source=source, wrt=wrt, shapes=shapes):
                return dc.derive(source, wrt, shapes, verify=False)

            rounds = options.rounds if k < 200 else min(options.rounds, 5)
            taken = least({"ours": call}, rounds, once=True, clock=time.process_time)
            seconds.append(taken["ours"])
            report.rows.append(
                {"formula": name, "k": k, "ms": seconds[-1] * 1e3, "ms a part": seconds[-1] * 1e3 / k}
                | {"steps": len(call().steps)}
            )
        if len(sizes) > 2:
            short = sum(k <= 256 for k in sizes)
            report.bound(f"{name}, exponent up to 256", exponent(sizes[:short], seconds[:short]), 1.2)
            report.bound(f"{name}, exponent up to 1000", exponent(sizes, seconds), 1.05)
    return report


def _compare(family) -> None:
    """The derivative of a short one, beside a difference quotient taken by the package's own check."""
    source, wrt, shapes = family(4)
    verification = dc.derive(source, wrt, shapes).verification
    if verification is None or not verification.passed or not np.isfinite(verification.max_relative_error):
        raise SystemExit(f"{source}: not verified")


if __name__ == "__main__":
    main(measure, __doc__)
