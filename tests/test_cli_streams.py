"""The command line's streams and files: every encoding, whole files, streams that are closed or full."""

from __future__ import annotations

import json
import os
import shlex
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from command_line import LEAST_SQUARES, process, run

from dimcompat.renderers.whole_files import write_whole

# ── streams ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
@pytest.mark.parametrize(
    "form", [[], ["--format", "json"], ["--lang", "zh"], ["--steps", "brief"], ["--pictures"]]
)
def test_no_stream_crashes(encoding: str, form: list[str]) -> None:
    done = process("derive", *LEAST_SQUARES, *form, encoding=encoding)
    assert done.returncode == 0 and done.stderr == b""
    text = done.stdout.decode(encoding)
    assert "2*X'*(X*w - y)" in text
    if "json" in form:
        assert json.loads(text)["results"][0]["wrt"] == "w"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_errors_on_any_stream(encoding: str) -> None:
    done = process("derive", "矩阵*x − σ", "--wrt", "x", "-s", "x:n", encoding=encoding)
    assert done.returncode == 2 and b"error E" in done.stderr and b"Traceback" not in done.stderr
    for command in (["shapes", "X'*X", "-s", "X:m,n"], ["functions"], ["functions", "softmax"], ["--help"]):
        assert process(*command, encoding=encoding).returncode == 0


def test_a_closed_pipe_ends_quietly() -> None:
    command = f"{sys.executable} -m dimcompat functions | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.stderr == b"" and done.stdout.startswith(b"entry by entry")


def test_width_follows_the_terminal() -> None:
    for columns in ("60", "120"):
        for more in ([], ["--pictures"]):
            text = process("derive", *LEAST_SQUARES, *more, COLUMNS=columns).stdout.decode()
            assert max(map(len, text.splitlines())) <= int(columns)


def test_colours_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO

    from dimcompat.renderers.streams import coloured, has_colours

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert has_colours(Terminal()) and not has_colours(StringIO())
    monkeypatch.setenv("NO_COLOR", "")
    assert not has_colours(Terminal())
    assert coloured("J\n1  x\n       y\n").count("\x1b[1m") == 2


# ── output files ─────────────────────────────────────────────────────────────────────────────────────


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")
    path.chmod(0o600)
    done = process("derive", *LEAST_SQUARES, "-o", str(path), encoding="ascii")
    assert done.returncode == 0 and done.stdout == b""
    assert "2·Xᵀ·(X·w − y)" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_fault_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")
    assert process("derive", "X*w + ", *LEAST_SQUARES[1:], "-o", str(path)).returncode == 2
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    done = process("derive", *LEAST_SQUARES, "-o", str(tmp_path / "none" / "out.txt"))
    assert done.returncode == 2 and b"cannot write" in done.stderr and b"Traceback" not in done.stderr


def test_half_a_file_is_never_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / "out.txt", "text")
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link_and_what_it_points_to_is_written(tmp_path: Path) -> None:
    for name, target in (("link", "old.txt"), ("dangling", "new.txt")):
        link = tmp_path / name
        link.symlink_to(target)
        (tmp_path / "old.txt").write_text("old")
        assert run("code", *LEAST_SQUARES, "-o", str(link)).exit_code == 0
        assert link.is_symlink() and "def " in (tmp_path / target).read_text()


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with ThreadPoolExecutor() as pool:
            read = pool.submit(pipe.read_text, encoding="utf-8")
            write_whole(path, "∂\n")
            assert stat.S_ISFIFO(pipe.lstat().st_mode) and link.is_symlink()
            assert read.result(timeout=10) == "∂\n"


def test_a_loop_of_links_and_a_directory_are_faults(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path, said in ((loop, "symbolic links"), (tmp_path, "is a directory")):
        done = run("code", *LEAST_SQUARES, "-o", str(path))
        assert done.exit_code == 2 and said in done.stderr
    assert list(tmp_path.iterdir()) == [loop] and loop.is_symlink()


def test_a_dash_is_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("derive", "code"):
        assert run(command, *LEAST_SQUARES, "-o", "-").stdout == run(command, *LEAST_SQUARES).stdout != ""
    Path("notes.md").write_text("nothing here\n")
    assert run("weave", "notes.md", "-o", "-").stdout == "nothing here\n"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.md"]


# ── standard streams that fail, and a machine that is too small ──────────────────────────────────────


def shell(*arguments: str, redirected: str) -> subprocess.CompletedProcess[bytes]:
    line = shlex.join([sys.executable, "-m", "dimcompat", *arguments])
    return subprocess.run(["sh", "-c", f"{line} {redirected}"], capture_output=True, check=False)


@pytest.mark.parametrize("redirected", [">&-", ">/dev/full"])
@pytest.mark.parametrize(
    "arguments",
    [["derive", *LEAST_SQUARES, "--no-verify"], ["code", *LEAST_SQUARES], ["functions"], ["--help"]],
    ids=lambda arguments: arguments[0],
)
def test_standard_output_closed_or_full(arguments: list[str], redirected: str) -> None:
    done = shell(*arguments, redirected=redirected)
    assert done.returncode == 2 and done.stdout == b""
    assert done.stderr.startswith(b"error: cannot ") and done.stderr.count(b"\n") == 1


def test_a_file_is_written_without_standard_output(tmp_path: Path) -> None:
    done = shell("code", *LEAST_SQUARES, "-o", str(tmp_path / "out.py"), redirected=">&-")
    assert done.returncode == 0 and done.stderr == b""
    assert "def " in (tmp_path / "out.py").read_text()


@pytest.mark.parametrize("arguments", [["shapes", "-"], ["shapes"], ["repl"]])
def test_standard_input_closed(arguments: list[str]) -> None:
    done = shell(*arguments, redirected="<&-")
    assert done.returncode == 2 and done.stdout == b""
    assert done.stderr.startswith(b"error: cannot read ") and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", ">&- 2>&-", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize("arguments", [["shapes", "X*w + "], ["shapes", "--none"]])
def test_standard_error_closed_or_full(arguments: list[str], redirected: str) -> None:
    done = shell(*arguments, redirected=redirected)
    assert done.returncode == 2 and done.stdout == done.stderr == b""


@pytest.mark.parametrize(
    ("refuse", "said"), [("lambda *_, **__: bytearray(1 << 60)", "memory"), ("refuse", "too deeply")]
)
def test_too_much_for_the_machine(refuse: str, said: str) -> None:
    program = (
        "import sys, dimcompat.api\n"
        "from dimcompat.cli import main\n"
        "def refuse(*_, **__): refuse()\n"
        f"dimcompat.api.derive = {refuse}\n"
        "main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", program, "derive", *LEAST_SQUARES]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 2 and done.stdout == b"" and done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"error: this ") and said.encode() in done.stderr
    done = subprocess.run([*command, "--error-format", "json"], capture_output=True, check=False)
    told = json.loads(done.stderr)
    assert done.returncode == 2 and told["error"] == "Fault" and said in told["message"]


@pytest.mark.parametrize(
    "module",
    ["dimcompat.cli", "click", "dimcompat.renderers.streams", "dimcompat.commands.derive", "numpy"],
)
def test_an_interrupt_while_modules_load_is_quiet(module: str) -> None:
    code = f"""if True:
        import sys

        class Interrupted:
            def find_spec(name, path=None, target=None):
                if name == {module!r}:
                    raise KeyboardInterrupt

        sys.meta_path.insert(0, Interrupted)
        from dimcompat.__main__ import main

        main()
    """
    done = subprocess.run(
        [sys.executable, "-c", code, "derive", *LEAST_SQUARES], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, b"")
