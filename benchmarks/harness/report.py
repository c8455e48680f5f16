"""What a script found: rows of a table, and figures beside the bounds that they are to meet.

A module of its own because a person reads the same thing as a table that the page in the docs is made
of as JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module, metadata, util
from pathlib import Path
from types import ModuleType
from typing import Any

Cell = str | float | int | None
LIBRARIES = ("numpy", "sympy", "jax", "torch", "autograd")


@dataclass(frozen=True)
class Figure:
    """A measured number and what it should be: at most ``bound``, or at least where ``least`` is set."""

    what: str
    value: float
    bound: float
    least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.bound if self.least else self.value <= self.bound


@dataclass
class Report:
    """One topic: a table and its figures; ``missing`` names libraries that are not installed."""

    title: str
    columns: Sequence[str]
    rows: list[dict[str, Cell]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def bound(self, what: str, value: float, bound: float, *, least: bool = False) -> None:
        """Add a figure, unless what it compares with is missing."""
        if not math.isnan(value):
            self.figures.append(Figure(what, value, bound, least))

    def optional(self, *names: str) -> dict[str, ModuleType]:
        """The libraries among these that are installed, imported; the others are noted."""
        found = {name: import_module(name) for name in names if util.find_spec(name) is not None}
        self.missing += [name for name in names if name not in found]
        return found

    def as_json(self) -> dict[str, Any]:
        figures = [asdict(figure) | {"holds": figure.holds} for figure in self.figures]
        return {
            "title": self.title,
            "machine": machine(),
            "columns": list(self.columns),
            "rows": self.rows,
            "figures": figures,
            "missing": self.missing,
        }

    def as_text(self) -> str:
        lines = [self.title, "", *table(self.columns, self.rows), ""]
        lines += [f"{name} is not installed: left out" for name in self.missing]
        for figure in self.figures:
            sign = "≥" if figure.least else "≤"
            verdict = "" if figure.holds else "   NOT MET"
            lines.append(f"{figure.what}: {shown(figure.value)} ({sign} {figure.bound:g}){verdict}")
        return "\n".join(lines)


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> list[str]:
    """The lines of a table, numbers to the right."""
    cells = [list(columns), *([shown(row.get(column)) for column in columns] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]


def shown(cell: Cell) -> str:
    """Three digits are as many as a time is worth."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    if isinstance(cell, float):
        return f"{cell:.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return str(cell)


def machine() -> dict[str, str]:
    """What the figures come from: the processor, the system, and the versions of the libraries."""
    found = {"processor": _processor(), "system": platform.system(), "python": platform.python_version()}
    for name in LIBRARIES:
        if util.find_spec(name) is not None:
            found[name] = metadata.version(name)
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


Measure = Callable[[argparse.Namespace], Report]


def main(
    measure: Measure, document: str | None, options: Callable[[argparse.ArgumentParser], None] | None = None
) -> None:
    """Read the options, measure, print the table or the JSON."""
    parser = argparse.ArgumentParser(
        description=document, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15, help="rounds of which the least counts (15)")
    parser.add_argument("--json", action="store_true", help="print JSON, not a table")
    parser.add_argument(
        "--quick", action="store_true", help="the smallest sizes and one round, to try it out"
    )
    if options is not None:
        options(parser)
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds = 1
    report = measure(chosen)
    print(json.dumps(report.as_json(), indent=1, ensure_ascii=False) if chosen.json else report.as_text())
    sys.stdout.flush()
