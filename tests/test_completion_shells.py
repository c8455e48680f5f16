"""Completion in the shells themselves: a line is typed, the tab key pressed, and read what is shown."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

COMMAND = shutil.which("dimcompat", path=str(Path(sys.executable).parent))
SECONDS = 20.0
KILL_LINE = b"\x15"

LINES = [
    ("dimcompat der", ["derive"]),
    ("dimcompat functions softm", ["softmax"]),
    ("dimcompat explain E20", ["E201", "E203", "E209"]),
    ("dimcompat derive x --w", ["--wrt"]),
    ("dimcompat derive x --format ma", ["markdown"]),
    ("dimcompat derive notes.", ["notes.dim", "notes.tex"]),
    ("dimcompat code x --wrt x -o notes.", ["notes.dim", "notes.tex"]),
    ("dimcompat weave notes.", ["notes.dim", "notes.tex"]),
]
INTERACTIVE = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(_DIMCOMPAT_COMPLETE=bash_source dimcompat)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'autoload -Uz compinit; compinit -u -D; eval "$(_DIMCOMPAT_COMPLETE=zsh_source dimcompat)"',
    ),
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    for name in ("notes.dim", "notes.tex", "other.txt"):
        (tmp_path / name).touch()
    return tmp_path


def environment() -> dict[str, str]:
    assert COMMAND is not None
    path = f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "TERM": "dumb", "PS1": "> ", "LC_ALL": "C.UTF-8"}


def needs(shell: str) -> None:
    if COMMAND is None:
        pytest.skip("the command dimcompat is not installed beside this Python")
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


class Terminal:
    """A shell at a terminal of its own."""

    def __init__(self, command: Sequence[str], where: Path) -> None:
        self.child, self.file = pty.fork()
        if self.child == 0:
            os.chdir(where)
            os.execvpe(command[0], list(command), environment())

    def shown(self, typed: bytes, awaited: Sequence[str]) -> str:
        """What appears after some keys, until all that is awaited is there, or time is up."""
        os.write(self.file, typed)
        end, found = time.monotonic() + SECONDS, ""
        while time.monotonic() < end and not all(word in found for word in awaited):
            if select.select([self.file], [], [], 0.2)[0]:
                found += os.read(self.file, 65536).decode(errors="replace")
        return found

    def close(self) -> None:
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.file)


@pytest.mark.parametrize("shell", INTERACTIVE)
def test_at_a_terminal(shell: str, here: Path) -> None:
    needs(shell)
    command, setting = INTERACTIVE[shell]
    terminal = Terminal(command, here)
    try:
        assert "ready" in terminal.shown(f"{setting}; echo rea''dy\n".encode(), ["\nready"])
        for typed, awaited in LINES:
            found = terminal.shown(f"{typed}\t\t".encode(), awaited)
            assert all(word in found for word in awaited), (typed, found)
            assert "other.txt" not in found
            terminal.shown(KILL_LINE + b"echo do''ne\n", ["done"])
    finally:
        terminal.close()


def test_in_fish(here: Path) -> None:
    """Fish tells what it would complete without a terminal."""
    needs("fish")
    asked = "; ".join(f"complete -C '{typed}'; echo '=='" for typed, _ in LINES)
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"_DIMCOMPAT_COMPLETE=fish_source dimcompat | source; {asked}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=here,
        env=environment() | {"HOME": str(here)},
    )
    assert done.stderr == ""
    answers = done.stdout.split("==\n")
    for (typed, awaited), answer in zip(LINES, answers, strict=False):
        names = [line.split("\t")[0] for line in answer.splitlines()]
        assert set(awaited) <= set(names) and "other.txt" not in names, (typed, answer)
