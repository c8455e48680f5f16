"""The benchmark scripts run, compare before they time, and say what is missing; no time is judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
SCRIPTS = sorted(path.stem for path in BENCHMARKS.glob("*.py") if path.stem != "page")


def run(*arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(BENCHMARKS.parent)}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_harness(code: str) -> Any:
    """What a piece of code prints as JSON, run beside the scripts."""
    return json.loads(run("-c", f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r})\n{code}"))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_gives_rows_of_its_columns(script: str) -> None:
    report = json.loads(run(str(BENCHMARKS / f"{script}.py"), "--quick", "--json"))
    assert report["rows"]
    for row in report["rows"]:
        assert row.keys() <= set(report["columns"])
        assert all(value is None or isinstance(value, str) or value > 0 for value in row.values())
    assert {"processor", "python", "numpy"} <= report["machine"].keys()
    assert all(figure["holds"] in (True, False) for figure in report["figures"])


def test_a_table_says_what_was_not_met_and_what_is_missing() -> None:
    text = in_harness(
        "import json\nfrom harness.report import Report\n"
        "report = Report('T', ('name', 'ms'), [{'name': 'a', 'ms': 1.234}], missing=['fast'])\n"
        "report.bound('slow', 3.0, 2.0)\nreport.bound('good', 3.0, 2.0, least=True)\n"
        "report.bound('none', float('nan'), 2.0)\nprint(json.dumps(report.as_text()))"
    )
    assert "fast is not installed: left out" in text
    assert "slow: 3 (≤ 2)   NOT MET" in text
    assert "good: 3 (≥ 2)\n" in text + "\n"
    assert "none" not in text
    assert "1.23" in text


def test_contenders_take_turns() -> None:
    calls = in_harness(
        "import json\nfrom harness.timing import least\ncalls = []\n"
        "least({'a': lambda: calls.append('a'), 'b': lambda: calls.append('b')}, 3, once=True)\n"
        "print(json.dumps(calls))"
    )
    assert calls == ["a", "b"] * 3


def test_an_exponent_and_a_mean() -> None:
    exponent, mean = in_harness(
        "import json\nfrom harness.timing import exponent, geometric\n"
        "print(json.dumps([exponent([1, 10, 100], [2, 20 * 10, 20000]), geometric([0.5, 2.0])]))"
    )
    assert exponent == pytest.approx(2)
    assert mean == pytest.approx(1)


def test_there_is_one_thread() -> None:
    assert (
        in_harness("import os, json, harness\nprint(json.dumps(os.environ['OPENBLAS_NUM_THREADS']))") == "1"
    )


def test_another_answer_is_seen() -> None:
    found = in_harness(
        "import json\nfrom harness.libraries import same\n"
        "print(json.dumps([same([1.0], [1.0]), same([1.0], [1.001]), same([[1.0]], [1.0])]))"
    )
    assert found == [True, False, False]


@pytest.mark.parametrize("order", [1, 2])
def test_what_is_written_by_hand_is_what_is_generated(order: int) -> None:
    """The scripts end where answers differ; here all eight problems are compared, without a clock."""
    found = in_harness(
        "import json\nfrom harness.libraries import same\nfrom harness.ours import compiled, drawn\n"
        "from harness.problems import PROBLEMS\nfrom generated_hessians import _blocks\nfound = {}\n"
        "for p in PROBLEMS:\n"
        "    inputs = drawn(p, p.hessian_sizes[0])\n"
        f"    if {order == 2}:\n"
        "        ours = compiled(p.source, p.hessian_wrt, p.shapes, order=2)\n"
        "        names = ours.__code__.co_varnames[: ours.__code__.co_argcount]\n"
        "        mine = ours(**{n: inputs[n] for n in names})\n"
        "        hand = p.hessian_by_hand(**inputs)\n"
        "        found[p.name] = same(_blocks(p, inputs, mine), _blocks(p, inputs, hand))\n"
        "    else:\n"
        "        found[p.name] = same(compiled(p.source, p.wrt, p.shapes)(**inputs), p.by_hand(**inputs))\n"
        "print(json.dumps(found))"
    )
    assert len(found) == 8
    assert all(found.values()), found
