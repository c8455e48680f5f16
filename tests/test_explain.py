"""What an error code means: words, an example that raises it, a cure that works; errors as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner, Result

import dimcompat as dc
from dimcompat import functions
from dimcompat.cli import main
from dimcompat.errors import CODES
from dimcompat.messages.error_examples import EXAMPLES, Example
from dimcompat.renderers.error_help import meanings


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"DIMCOMPAT_LANG": "en", "COLUMNS": "80"})


def play(example: Example, text: str) -> None:
    if example.kind == "python":
        exec(text, {"dc": dc})
    else:
        dc.parse(text, notation=example.kind)


def test_every_code_has_an_entry() -> None:
    assert EXAMPLES.keys() == CODES.keys()
    for lang in ("en", "zh"):
        assert meanings(lang).keys() == CODES.keys()
    assert all(re.search(r"[\u4e00-\u9fff]", said) for said in meanings("zh").values())


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions as they are before an example adds one."""
    monkeypatch.setattr(functions, "REGISTRY", dict(functions.REGISTRY))


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_raises_it_and_the_cure_does_not(code: str) -> None:
    example = EXAMPLES[code]
    with pytest.raises(dc.DimcompatError) as caught:
        play(example, example.wrong)
    assert caught.value.code == code
    play(example, example.right)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explain(code: str, lang: str) -> None:
    done = run("explain", code.lower(), "--lang", lang)
    assert done.exit_code == 0 and done.stderr == ""
    lines = done.stdout.split("\n")
    assert lines[0].startswith(code)
    example = EXAMPLES[code]
    for shown in (example.wrong, example.right):
        assert {f"    {line}" for line in shown.split("\n")} <= set(lines)
    assert (f"error {code}" in done.stdout) == (example.kind != "python")


def test_explain_lists_the_codes() -> None:
    done = run("explain")
    assert [line.split("  ")[0] for line in done.stdout.splitlines()] == sorted(CODES)
    assert run("explain", "E999").exit_code == 2


# ── errors as JSON ───────────────────────────────────────────────────────────────────────────────────

DECLARED = ("-s", "X:m,n", "-s", "w:n")
AS_JSON = ("--error-format", "json")


def told(*arguments: str) -> dict[str, Any]:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    found: dict[str, Any] = json.loads(done.stderr)
    assert list(found) == ["error", "code", "message", "hint", "where", "span", "labels"]
    return found


@pytest.mark.parametrize(
    "command",
    [
        ("derive", "w*X", "--wrt", "w"),
        ("check", "w*X", "--wrt", "w", "--claim", "w"),
        ("shapes", "w*X"),
        ("code", "w*X", "--wrt", "w"),
    ],
    ids=lambda command: command[0],
)
def test_errors_as_json(command: tuple[str, ...]) -> None:
    found = told(*command, *DECLARED, *AS_JSON)
    assert (found["error"], found["code"], found["where"]) == ("ShapeError", "E201", "source")
    assert found["span"] == [0, 3] and found["hint"] == "Did you mean X*w?"
    assert found["labels"] == [{"span": [0, 1], "text": "n×1"}, {"span": [2, 3], "text": "m×n"}]


def test_other_faults_as_json() -> None:
    assert told("derive", "x'*x", "--wrt", "y", "-s", "x:n", *AS_JSON)["where"] == "wrt"
    assert told("derive", "nosuch.dim", "--wrt", "x", *AS_JSON)["code"] is None
    assert "--wrt" in told("derive", "x'*x", *AS_JSON)["message"]
    assert told("derive", *AS_JSON, "x'*x", "--wrt", "x", "--order", "7")["error"] == "Fault"


def test_text_is_the_default() -> None:
    assert run("shapes", "w*X", *DECLARED).stderr.startswith("error E201")
