"""The page of the docs with the last figures: every script is run, and its JSON becomes a table.

``python benchmarks/page.py [--rounds N] [--only NAME …]`` writes ``docs/benchmarks.json`` and, from that,
``docs/benchmarks.md``; what ``--only`` leaves out stays as it was measured before.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from harness.report import shown

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
TOPICS = (
    "start_up",
    "derivation",
    "deep_network",
    "long_formulas",
    "generated_gradients",
    "product_chain",
    "generated_hessians",
    "first_number",
)
HEAD = """\
# Benchmarks

Made by `python benchmarks/page.py` from what the scripts in `benchmarks/` print with `--json`;
`nox -s benchmarks` runs them. Contenders take turns in one run, in one thread, after their answers were
found equal; each time is the least of several rounds. Figures are ratios: on a busy machine they are blurred.
[Where the time goes](speed.md) tells what figures that are not met are made of.
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", nargs="*", default=list(TOPICS), choices=TOPICS)
    options = parser.parse_args()
    kept = DOCS / "benchmarks.json"
    reports: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for topic in options.only:
        print(topic, file=sys.stderr)
        command = [sys.executable, str(HERE / f"{topic}.py"), "--json", "--rounds", str(options.rounds)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
        reports[topic] = json.loads(done.stdout) | {"day": str(datetime.date.today()), "load": load}
    reports = {topic: reports[topic] for topic in TOPICS if topic in reports}
    kept.write_text(json.dumps(reports, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (DOCS / "benchmarks.md").write_text(page(reports), encoding="utf-8")


def page(reports: dict[str, Any]) -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_topic(report) for report in reports.values())])


def _topic(report: dict[str, Any]) -> str:
    machine = dict(report["machine"])
    versions = ", ".join(f"{name} {machine[name]}" for name in list(machine)[2:])
    columns = report["columns"]
    lines = [f"## {report['title']}", "", _row(columns), _row([":--", *["--:"] * (len(columns) - 1)])]
    lines += [_row([shown(row.get(column)) for column in columns]) for row in report["rows"]]
    if report["figures"]:
        lines += ["", _row(["figure", "measured", "bound", ""]), _row([":--", "--:", "--:", ":--"])]
    for figure in report["figures"]:
        bound = ("≥ " if figure["least"] else "≤ ") + f"{figure['bound']:g}"
        lines.append(
            _row([figure["what"], shown(figure["value"]), bound, "" if figure["holds"] else "not met"])
        )
    load = f", load {report['load']:.1f}" if report.get("load") is not None else ""
    lines += ["", f"{report['day']}, {machine['processor']}, {machine['system']}{load}; {versions}.", ""]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells).replace("\n", " ") + " |"


if __name__ == "__main__":
    main()
