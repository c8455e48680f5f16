"""Completion in shells: the scripts that click writes, run where the shell is there, and what is offered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from dimcompat.cli import main

COMMAND = shutil.which("dimcompat", path=str(Path(sys.executable).parent))


def offered(*arguments: str) -> list[str]:
    *before, typed = arguments
    complete = ShellComplete(main, {}, "dimcompat", "_DIMCOMPAT_COMPLETE")
    return [item.value for item in complete.get_completions(list(before), typed)]


def test_what_is_offered() -> None:
    assert offered("functions", "soft") == ["softmax", "softplus"]
    assert offered("functions", "logi") == ["logistic", "logit"]
    assert offered("explain", "e20")[:3] == ["E201", "E203", "E204"]
    assert offered("derive", "x", "--format", "") == ["text", "latex", "markdown", "html", "json"]
    assert offered("code", "x", "--target", "j") == ["jax"]
    assert offered("check", "x", "--layout", "a") == ["any"]
    assert offered("derive", "x", "--error-format", "") == ["text", "json"]
    assert {"check", "code", "derive", "explain", "functions", "repl", "shapes"} <= set(offered(""))
    assert "--wrt" in offered("derive", "x", "--w")


def test_what_is_offered_is_explained_in_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    complete = ShellComplete(main, {}, "dimcompat", "_DIMCOMPAT_COMPLETE")
    monkeypatch.setenv("DIMCOMPAT_LANG", "zh")
    assert [item.help for item in complete.get_completions(["functions"], "tra")] == [
        "迹，即对角元素之和",
        "转置：X'",
    ]
    assert complete.get_completions(["explain"], "E201")[0].help == "形状不能相乘"


def test_a_source_is_completed_as_a_file() -> None:
    complete = ShellComplete(main, {}, "dimcompat", "_DIMCOMPAT_COMPLETE")
    assert [item.type for item in complete.get_completions(["derive"], "no")] == ["file"]


def script(shell: str) -> str:
    assert COMMAND is not None
    env = {**os.environ, "_DIMCOMPAT_COMPLETE": f"{shell}_source"}
    done = subprocess.run([COMMAND], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(COMMAND is None, reason="the command is not installed")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_scripts(shell: str) -> None:
    text = script(shell)
    assert "_DIMCOMPAT_COMPLETE" in text and f"{shell}_complete" in text
    if shutil.which(shell):
        done = subprocess.run([shell, "-n"], input=text, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(COMMAND is None, reason="the command is not installed")
@pytest.mark.parametrize(("shell", "separator"), [("bash", " "), ("zsh", " "), ("fish", " ")])
def test_the_answer_to_each_shell(shell: str, separator: str) -> None:
    assert COMMAND is not None
    words = "dimcompat functions softm"
    env = {**os.environ, "_DIMCOMPAT_COMPLETE": f"{shell}_complete", "COMP_WORDS": words}
    env["COMP_CWORD"] = "softm" if shell == "fish" else "2"
    done = subprocess.run([COMMAND], capture_output=True, text=True, env=env, check=False)
    assert "softmax" in done.stdout and "softplus" not in done.stdout


@pytest.mark.skipif(COMMAND is None or not shutil.which("bash"), reason="no bash")
def test_in_bash() -> None:
    assert COMMAND is not None
    lines = [
        'eval "$(_DIMCOMPAT_COMPLETE=bash_source dimcompat)"',
        "complete -p dimcompat",
        "COMP_WORDS=(dimcompat explain E20); COMP_CWORD=2",
        "_dimcompat_completion dimcompat E20 explain",
        'echo "${COMPREPLY[@]}"',
    ]
    env = {**os.environ, "PATH": f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)], capture_output=True, text=True, env=env, check=False
    )
    assert done.stderr == ""
    assert "E201 E203 E204" in done.stdout


def test_the_help_says_how() -> None:
    text = CliRunner().invoke(main, ["--help"]).output
    assert 'eval "$(_DIMCOMPAT_COMPLETE=bash_source dimcompat)"' in text
    assert "_DIMCOMPAT_COMPLETE=fish_source dimcompat | source" in text
