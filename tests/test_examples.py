"""The examples run as their first lines say, and print what their golden files hold.

A golden file is to be read, line by line, by whoever changes it: does every step follow from those before
it, is every symbol explained? After a change on purpose write them anew with

    DIMCOMPAT_GOLDEN=write pytest tests/test_examples.py

and read the difference. They are as wide as a terminal of 80 columns; the error that the check found, which
differs from machine to machine, stands there as 1e-11.
"""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import acceptance
import pytest
from click.testing import CliRunner
from tex_runs import complaints, document

import dimcompat as dc
from dimcompat.cli import main
from dimcompat.derivation import Derivation

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted((ROOT / "examples").glob("*.dim"))
every_example = pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])


def command(path: Path) -> list[str]:
    """The arguments of the command in an example's second line."""
    program, *arguments = shlex.split(path.read_text(encoding="utf-8").splitlines()[1].removeprefix("# "))
    assert program == "dimcompat"
    return arguments


@cache
def derived(path: Path) -> Derivation:
    """What the command of an example derives."""
    verb, source, *options = command(path)
    assert verb == "derive" and ROOT / source == path
    given: dict[str, Any] = {}
    while options:
        option = options.pop(0)
        if option == "--upstream":
            given["upstream"] = True
        elif option == "--wrt":
            given["wrt"] = options.pop(0)
        elif option == "--order":
            given["order"] = int(options.pop(0))
        else:
            raise AssertionError(f"{path.name} uses {option}, which this test does not know")
    return dc.derive(path.read_text(encoding="utf-8"), **given)


def test_every_numbered_example_of_the_principle_is_there() -> None:
    assert {path.stem[:2] for path in EXAMPLES} >= {f"{number:02}" for number in range(1, 11)}


@every_example
def test_example_begins_with_what_it_is_and_its_command(path: Path) -> None:
    first, second, *rest = path.read_text(encoding="utf-8").splitlines()
    assert (first.startswith("# ") and first.endswith((".", ":"))) or "; " in first
    assert second.startswith("# dimcompat derive examples/")
    assert rest and not any(line.startswith("#") for line in rest)


@every_example
def test_the_command_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main, [*command(path), "--format", "json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["verification"]["passed"] is True
    assert acceptance.step_faults(found) == []


@every_example
def test_golden(path: Path) -> None:
    derivation = derived(path)
    check = derivation.verification
    assert check is not None and check.passed is True
    shown = replace(derivation, verification=replace(check, max_relative_error=1e-11))
    text = shown.render("text", width=80).rstrip("\n") + "\n"
    golden = GOLDEN / f"{path.stem}.txt"
    if os.environ.get("DIMCOMPAT_GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert golden.exists(), f"no golden file: DIMCOMPAT_GOLDEN=write pytest {Path(__file__).name}"
    assert text == golden.read_text(encoding="utf-8")


@every_example
def test_nothing_is_cut_or_too_wide(path: Path) -> None:
    for width in (60, 80, 120):
        lines = derived(path).render("text", width=width).splitlines()
        assert "\x1b" not in "".join(lines)
        assert max(map(len, lines)) <= width, max(lines, key=len)


@pytest.mark.tex
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_documents_compile(lang: str, tmp_path: Path) -> None:
    fragments = {path.stem: derived(path).render("latex", lang=lang) for path in EXAMPLES}
    assert complaints(document(fragments, lang), lang, tmp_path) == []


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} <= {path.stem for path in EXAMPLES}


# ── the forms that the principle names ───────────────────────────────────────────────────────────────

RESULTS = {
    "01-least-squares": {"w": "2*X'*(X*w - y)"},
    "01-least-squares-samples": {"w": "2*X'*(X*w - y)"},
    "02-affine-layer": {"X": "dL_dS*W'", "W": "X'*dL_dS", "b": "ones(1,m)*dL_dS"},
    "03-entrywise": {"A": "1./A + exp(A)"},
    "03-picked-entries": {"A": "onehot(y, n)"},
    "03-row-sums": {"A": "dL_ds*ones(1,n)"},
    "04-cross-entropy": {"S": "softmax(S) - onehot(y, c)"},
    "07-quadratic-form": {"w": "(A + A')*w"},
}


@pytest.mark.parametrize("name", RESULTS)
def test_results(name: str) -> None:
    gradients = derived(ROOT / "examples" / f"{name}.dim").gradients
    assert {wrt: str(gradients[wrt]) for wrt in RESULTS[name]} == RESULTS[name]
