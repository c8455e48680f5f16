"""The prompt: what each kind of line answers, piped input, a terminal, what is loaded when."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dimcompat.errors import DimcompatError
from dimcompat.options import Fault
from dimcompat.repl.session import Finished, Session, is_open
from dimcompat.repl.terminal import completer

DECLARED = "X: m, n; w: n; y: m"


def said(*lines: str) -> list[str]:
    session = Session("en")
    return [session.answer(line) for line in (DECLARED, *lines)][1:]


def piped(text: str, *, code: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dimcompat", "repl"] if not code else [sys.executable, "-c", code]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", "DIMCOMPAT_LANG": "en"}
    return subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", env=env, check=False
    )


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────


def test_declarations_and_assignments_stay() -> None:
    assert Session().answer(DECLARED) == "X   m×n\nw   n×1\ny   m×1"
    assert said("r = X*w - y", "f(t) = t^2", "sum(f(r))") == ["r   m×1", "f   a function", "sum(f(r))   1×1"]


def test_an_expression_shows_its_shape() -> None:
    assert said("X*w") == ["X*w   m×1"]
    assert said("2*X'*(X*w - y) # a comment; no statement", "# nothing", "") == [
        "2*X'*(X*w - y)   n×1",
        "",
        "",
    ]


def test_a_derivative() -> None:
    shown, result = said("d sumsq(X*w - y) / w", "_")
    assert "│ ∂J/∂w = 2·Xᵀ·(X·w − y)        n×1 │" in shown and "checked at" in shown
    assert result == "2*X'*(X*w - y)   n×1"


@pytest.mark.parametrize("line", ["d J / w", "d J/w", "d J / d w", ":derive w", ":d w", "d J / w, y"])
def test_spellings_of_a_derivative(line: str) -> None:
    assert "∂J/∂w" in said("J = sumsq(X*w - y)", line)[-1]


def test_a_declared_d_is_a_name() -> None:
    assert said("d: scalar", "d*w / 2")[1] == "d*w/2   n×1"


def test_the_last_result_stands_for_itself() -> None:
    assert said("X*w", "_ + y", "_ / 2")[1:] == ["X*w + y   m×1", "(X*w + y)/2   m×1"]
    with pytest.raises(DimcompatError, match="_ is not declared") as caught:
        said("2*_")
    assert caught.value.span == (2, 3)


def test_a_hessian_and_a_check() -> None:
    lines = said("J = sumsq(X*w - y)", ":hessian w", ":check w X'*(X*w - y)", ":check w = 2*X'*(X*w - y)")
    assert "2·Xᵀ·X" in lines[1]
    assert lines[2].startswith("wrong: a factor 2 is missing")
    assert "right" in lines[3].split("\n")[0]


def test_latex_shapes_and_code() -> None:
    _, latex, shapes, _, code = said("X'*(X*w - y)", ":latex", ":shapes", "d sumsq(X*w - y) / w", ":code")
    assert latex == "X^{\\top} (X w - y)"
    assert shapes.startswith("X   m×n\n") and "├─ X'" in shapes
    assert code.startswith("import numpy as np")


def test_latex_of_a_derivation() -> None:
    assert "\\begin{align*}" in said("d sumsq(X*w) / w", ":latex")[1]


def test_steps_source_and_forget() -> None:
    assert "as if scalar" not in said(":steps none", "d sumsq(w) / w")[1]
    assert said("X*w", ":source")[1] == "X: m, n\nw: n\ny: m\nX*w"
    assert said("X*w", ":forget", ":shapes")[1:] == ["", ""]


def test_questions() -> None:
    session = Session("en")
    assert session.answer("?tr").startswith("tr\n")
    assert "logsumexp" in session.answer("?")
    assert session.answer("?e201").startswith("E201")
    session.answer("w: n")
    assert session.answer("?w") == "w   n×1   from  w: n"
    assert ":latex" in session.answer(":help")
    assert session.answer("?:code").startswith(":code [TARGET]")
    for line in ("?nosuch", ":nosuch", ":derive", ":code", ":latex", ":steps few", ":check w"):
        with pytest.raises(Fault):
            session.answer(line)


def test_a_name_is_given_a_new_meaning() -> None:
    session = Session("en")
    for line in (DECLARED, "r = X*w - y", "J = sumsq(r)", "r = y - X*w"):
        session.answer(line)
    assert session.answer("J") == "r'*r   1×1"
    assert session.source() == "X: m, n\nw: n\ny: m\nr = y - X*w\nJ = sumsq(r)"
    with pytest.raises(DimcompatError) as caught:
        session.answer("w: n+1")  # r does not fit any more
    assert caught.value.code == "E201"
    assert session.answer("w") == "w   n×1"


def test_a_new_meaning_may_use_later_names() -> None:
    session = Session("en")
    for line in (DECLARED, "a = sum(w)", "b = sum(y)", "a = 2*b"):
        session.answer(line)
    assert session.answer("?a") == "a   1×1   from  a = 2*b"


@pytest.mark.parametrize(
    ("line", "code", "offending"),
    [
        ("w*X", "E201", "w*X"),
        ("r = X*w + w", "E203", "X*w + w"),
        ("d sumsq(w*X) / w", "E201", "w*X"),
        ("d sumsq(X*w) / v", "E301", "v"),
        ("foo", "E301", "foo"),
        ("n: 2, 3", "E135", "n"),
    ],
)
def test_errors_show_the_line_that_was_typed(line: str, code: str, offending: str) -> None:
    with pytest.raises(DimcompatError) as caught:
        said(line)
    error = caught.value
    assert error.code == code
    assert error.text is not None and error.span is not None
    assert error.text[slice(*error.span)] == offending or code == "E135"
    assert "\n" not in error.text or code == "E135"


def test_open_brackets() -> None:
    assert is_open("sum(X*w") and is_open("d (X*w")
    assert not is_open("sum(X)") and not is_open(":check w (x") and not is_open("sum(x))")


def test_the_end() -> None:
    for line in (":quit", ":q", " :quit "):
        with pytest.raises(Finished):
            Session().answer(line)


def test_completion() -> None:
    session = Session("en")
    session.answer("softness: n")
    complete = completer(session.completions)
    assert [complete("soft", number) for number in range(4)] == ["softmax", "softness", "softplus", None]
    assert complete(":de", 0) == ":derive" and complete("?trac", 0) is None and complete("?tr", 0) == "?tr"


# ── piped input ──────────────────────────────────────────────────────────────────────────────────────


def test_piped_lines_are_answered_without_a_prompt() -> None:
    done = piped("X: m, n; w: n\nsumsq(X*\n  w)\n")
    assert (done.stdout, done.stderr, done.returncode) == ("X   m×n\nw   n×1\nsumsq(X*w)   1×1\n", "", 0)


def test_faults_are_told_and_the_rest_is_answered() -> None:
    done = piped("w: n\nfoo\nw'*w\n:nope\nsum(w")
    assert done.stdout == "w   n×1\nw'*w   1×1\n"
    assert done.stderr.startswith("error E301: foo is not declared.\n    foo\n    ^^^\n")
    assert "there is no command :nope" in done.stderr and "E108" in done.stderr
    assert done.returncode == 2


def test_nothing_is_read_after_the_end() -> None:
    done = piped(":quit\nfoo\n")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_bytes_that_are_no_text() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dimcompat", "repl"], input=b"\xff\xfe", capture_output=True, check=False
    )
    assert done.returncode == 2 and b"not UTF-8" in done.stderr


def test_no_numpy_at_the_start() -> None:
    code = (
        "import sys; from dimcompat.repl import run; status = run('en'); "
        "print(status, {'numpy', 'sympy', 'readline'} & sys.modules.keys())"
    )
    assert piped("X: m, n\nsum(X)\n", code=code).stdout.splitlines()[-1] == "0 set()"


# ── a terminal ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_at_a_terminal(tmp_path: Path) -> None:
    import pty

    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background has it ignored
        env = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "dumb", "DIMCOMPAT_LANG": "en"}
        os.execve(sys.executable, [sys.executable, "-m", "dimcompat", "repl"], env)
    seen = ""

    def until(wanted: str, typed: str = "") -> None:
        nonlocal seen
        os.write(terminal, typed.encode())
        seen, end = "", time.monotonic() + 20
        while wanted not in seen:
            assert time.monotonic() < end, seen
            if select.select([terminal], [], [], 0.2)[0]:
                seen += os.read(terminal, 4096).decode(errors="replace")

    try:
        until("dim> ")
        until("dim> ", "softness: n\n")
        assert re.search(r"softness +n", seen)
        until("softness", "softn\t")  # completed
        until("dim> ", "\n")
        until("half a line", "half a line")
        time.sleep(0.3)  # a signal that comes just before Python waits for a key is told at the next one
        until("dim> ", "\x03")  # Ctrl-C
        assert "Traceback" not in seen
        until("...", "sum(softness\n")
        until("dim> ", ")\n")
        assert "1×1" in seen
        time.sleep(0.3)  # until the key is waited for
        until("\n", "\x04")  # Ctrl-D
        _, status = os.waitpid(child, 0)
        child = 0
    finally:
        os.close(terminal)
        if child:
            os.kill(child, 9)
            os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert "softness: n" in (tmp_path / "dimcompat" / "history").read_text()
