"""Whole processes: importing dimcompat and deriving in the terminal, beside ``import sympy``.

``python benchmarks/start_up.py [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse

from harness.report import Report, main
from harness.timing import least_processes

DERIVE = [
    "-m",
    "dimcompat",
    "derive",
    "sumsq(X*w - y)",
    "--wrt",
    "w",
    "-s",
    "X:m,n",
    "-s",
    "w:n",
    "-s",
    "y:m",
]
PROCESSES = {
    "python": ["-c", "pass"],
    "import dimcompat": ["-c", "import dimcompat"],
    "derive --no-verify --format json": [*DERIVE, "--no-verify", "--format", "json"],
    "derive": DERIVE,
    "import numpy": ["-c", "import numpy"],
    "import sympy": ["-c", "import sympy"],
}
BOUNDS = {"import dimcompat": 0.10, "derive --no-verify --format json": 0.20, "derive": 0.55}


def measure(options: argparse.Namespace) -> Report:
    report = Report("Whole processes beside `import sympy`", ("process", "ms", "processor ms", "of sympy"))
    seconds = least_processes(PROCESSES, options.rounds)
    sympy = seconds["import sympy"]
    for name, (elapsed, processor) in seconds.items():
        of_sympy = elapsed / sympy[0]
        report.rows.append(
            {"process": name, "ms": elapsed * 1e3, "processor ms": processor * 1e3, "of sympy": of_sympy}
        )
        if name in BOUNDS:
            report.bound(f"{name}, of `import sympy`", of_sympy, BOUNDS[name])
            report.bound(f"{name}, of `import sympy`, processor", processor / sympy[1], BOUNDS[name])
    return report


if __name__ == "__main__":
    main(measure, __doc__)
