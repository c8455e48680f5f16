"""Nothing heavy is loaded before it is used, held in fresh interpreters: see docs/architecture.md."""

from __future__ import annotations

import subprocess
import sys

import pytest

LEAST_SQUARES = ["(X*w - y)'*(X*w - y)", "--wrt", "w", "-s", "X:m,n", "-s", "w:n", "-s", "y:m"]


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after the code."""
    report = "\nimport sys; print('\\n' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def loaded_by_command(*arguments: str) -> set[str]:
    return loaded_by(
        "import contextlib, io, sys\n"
        f"sys.argv = ['dimcompat', *{list(arguments)!r}]\n"
        "from dimcompat.cli import main\n"
        "out = io.TextIOWrapper(io.BytesIO(), encoding='utf-8')\n"
        "with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):\n"
        "    with contextlib.suppress(SystemExit):\n"
        "        main()"
    )


def test_import_is_light() -> None:
    assert loaded_by("import dimcompat") & {"numpy", "sympy", "rich"} == set()


@pytest.mark.parametrize(
    ("arguments", "banned"),
    [
        (["--help"], {"numpy", "sympy", "rich"}),
        (["derive", "X*w + ", "--wrt", "w", "-s", "X:m,n", "-s", "w:n"], {"numpy", "sympy", "rich"}),
        (["derive", "X*w + w", "--wrt", "w", "-s", "X:m,n", "-s", "w:n"], {"numpy", "sympy", "rich"}),
        (["derive", "nosuch(w)", "--wrt", "w", "-s", "w:n"], {"numpy", "sympy", "rich"}),
        (["derive", *LEAST_SQUARES, "--no-verify"], {"numpy", "sympy"}),
    ],
    ids=["help", "syntax error", "shape error", "unknown name", "derive --no-verify"],
)
def test_command_is_light(arguments: list[str], banned: set[str]) -> None:
    assert loaded_by_command(*arguments) & banned == set()


def test_a_format_loads_what_it_says() -> None:
    ours = {
        name.removeprefix("dimcompat.")
        for name in loaded_by_command("derive", *LEAST_SQUARES, "--no-verify", "--format", "json")
        if name.startswith("dimcompat.")
    }
    assert {"commands.derive", "renderers.json", "calculus.engine", "language.program"} <= ours
    others = {"commands.check", "commands.code", "reference", "weaving", "asking", "translated_help"}
    pages = {f"renderers.{name}" for name in ("text", "latex", "markdown", "html", "outline", "explanations")}
    drawn = {f"renderers.{name}" for name in ("wrapping", "pictures", "drawing", "stairs", "characters")}
    at_fault = {"renderers.errors", "language.faults", "language.edits", "language.spellings"}
    unused = {"language.latex_words", "language.formulas", "functions.user", "calculus.definitions"}
    checks = {"numeric", "checking", "codegen"}
    assert ours & (others | pages | drawn | at_fault | unused | checks) == set()
