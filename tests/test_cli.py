"""The command line: what is printed where, exit statuses, streams of every encoding, whole files."""

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
from click.testing import CliRunner, Result

from dimcompat import __version__
from dimcompat.cli import main
from dimcompat.derivation import Verification
from dimcompat.renderers.streams import write_whole

LEAST_SQUARES = ["(X*w - y)'*(X*w - y)", "--wrt", "w", "-s", "X:m,n", "-s", "w:n", "-s", "y:m"]


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def process(
    *arguments: str, encoding: str = "utf-8", stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "80", **environment}
    return subprocess.run(
        [sys.executable, "-m", "dimcompat", *arguments],
        input=stdin,
        capture_output=True,
        env=env,
        check=False,
    )


# ── derive ───────────────────────────────────────────────────────────────────────────────────────────


def test_derive_prints_the_derivation() -> None:
    done = process("derive", *LEAST_SQUARES)
    text = done.stdout.decode()
    assert done.returncode == 0 and done.stderr == b""
    assert "│ ∂J/∂w = 2·Xᵀ·(X·w − y)        n×1 │" in text
    assert "checked at" in text and "\x1b" not in text


def test_derive_as_json() -> None:
    done = run("derive", *LEAST_SQUARES, "--format", "json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert found["results"][0]["text"] == "2*X'*(X*w - y)"
    assert found["verification"]["passed"] is True


@pytest.mark.parametrize("source", ["-log(x)", "-o*x", "-x - 2", "-s'*s*x", "-a-b*x"])
def test_a_source_may_begin_with_a_minus(source: str) -> None:
    shapes = ["-sx:scalar", "-s", "o:scalar", "-s", "a:scalar", "-s", "b:scalar", "-s", "s:n"]
    done = run("derive", *shapes, source, "--wrt", "x", "--no-verify")
    assert done.exit_code == 0 and "∂J/∂x   for   J = " in done.stdout


def test_a_single_name_with_a_minus_needs_two_dashes() -> None:
    done = run("derive", "-x", "--wrt", "x", "-s", "x:scalar")
    assert done.exit_code == 2 and "must have -- before it" in done.stderr
    assert run("derive", "--wrt", "x", "-s", "x:scalar", "--no-verify", "--", "-x").exit_code == 0
    typo = run("derive", "x", "--wtr", "x", "-s", "x:scalar")
    assert typo.exit_code == 2 and "--wrt" in typo.stderr and "minus" not in typo.stderr


def test_no_verify() -> None:
    assert (
        json.loads(run("derive", *LEAST_SQUARES, "--format", "json", "--no-verify").stdout)["verification"]
        is None
    )


@pytest.mark.parametrize("wrt", [["--wrt", "x", "--wrt", "y"], ["--wrt", "x,y"], ["--wrt", "x, y"]])
def test_several_names(wrt: list[str]) -> None:
    done = run("derive", "x'*y", *wrt, "-s", "x:n", "-s", "y:n", "--format", "json")
    assert [result["wrt"] for result in json.loads(done.stdout)["results"]] == ["x", "y"]


def test_numerator_layout() -> None:
    done = run("derive", *LEAST_SQUARES, "--layout", "numerator", "--format", "json")
    assert json.loads(done.stdout)["results"][0]["shape"] == ["1", "n"]


def test_chinese() -> None:
    assert "先当作实数" in process("derive", *LEAST_SQUARES, "--lang", "zh").stdout.decode()


def test_brief_and_none() -> None:
    assert "as if scalar" not in run("derive", *LEAST_SQUARES, "--steps", "brief").stdout
    assert "through" not in run("derive", *LEAST_SQUARES, "--steps", "none").stdout


def test_a_file_and_standard_input(tmp_path: Path) -> None:
    source = "x: n\nx'*x\n"
    path = tmp_path / "square.dim"
    path.write_bytes(b"\xef\xbb\xbf" + source.encode())
    from_file = process("derive", str(path), "--wrt", "x")
    piped = process("derive", "-", "--wrt", "x", stdin=source.encode())
    unnamed = process("derive", "--wrt", "x", stdin=source.encode())
    assert "2·x" in from_file.stdout.decode()
    assert from_file.stdout == piped.stdout == unnamed.stdout


def test_a_failed_check_exits_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Verification(False, 0.5, 3, {"n": 3})
    monkeypatch.setattr("dimcompat.numeric.verification.verify", lambda *_, **__: wrong)
    done = run("derive", *LEAST_SQUARES)
    assert done.exit_code == 1
    assert "FAILED" in done.stderr and "FAILED" in done.stdout


def test_what_could_not_be_checked_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dimcompat.numeric.verification.verify", lambda *_, **__: Verification(None, None, 0))
    done = run("derive", *LEAST_SQUARES, "--format", "json")
    assert done.exit_code == 0
    assert done.stderr.startswith("warning: ")
    assert json.loads(done.stdout)["verification"]["passed"] is None


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_shape_error_points_at_both_operands() -> None:
    done = process("derive", "X*w + y'", *LEAST_SQUARES[1:])
    shown = done.stderr.decode().splitlines()
    assert done.returncode == 2 and done.stdout == b""
    assert shown[0].startswith("error E203: cannot add m×1 and 1×m")
    assert shown[1:4] == ["    X*w + y'", "    ^^^   ^^", "    m×1   1×m"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["derive", "X*w", "--wrt", "w", "-s", "X"],
        ["derive", "X*w", "--wrt", "w", "-s", "X:m,n", "-s", "X:m,n"],
        ["derive", "missing.dim", "--wrt", "w"],
        ["derive", "", "--wrt", "w"],
        ["derive", "x'*x", "-s", "x:n"],
        ["derive", "x'*x", "-s", "x:n", "--wrt", "z"],
        ["derive", "x'*x", "-s", "x:n", "--wrt", "x", "--format", "word"],
        ["derive", "x'*x", "-s", "x:n", "--wrt", "x", "--order", "3"],
        ["derive", "x'*x", "-s", "x:n n", "--wrt", "x"],
        ["shapes", "X*nosuch", "-s", "X:m,n"],
        ["functions", "nosuch"],
        ["nosuch"],
    ],
)
def test_a_fault_is_one_message_and_status_two(arguments: list[str]) -> None:
    done = process(*arguments)
    assert done.returncode == 2
    assert done.stdout == b"" and done.stderr.strip()
    assert b"Traceback" not in done.stderr


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(b"\xff\xfe\xfa")
    done = process("derive", str(path), "--wrt", "x")
    assert done.returncode == 2 and b"not UTF-8" in done.stderr


# ── streams ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
@pytest.mark.parametrize("form", [[], ["--format", "json"], ["--lang", "zh"], ["--steps", "brief"]])
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
        text = process("derive", *LEAST_SQUARES, COLUMNS=columns).stdout.decode()
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


# ── the other commands ───────────────────────────────────────────────────────────────────────────────


def test_shapes_draws_a_tree() -> None:
    done = process("shapes", "r = X*w - y; r'*r", "-s", "X:m,n", "-s", "w:n", "-s", "y:m")
    assert done.stdout.decode().splitlines() == [
        "r = X*w - y   m×1",
        "├─ X*w        m×1",
        "│  ├─ X       m×n",
        "│  └─ w       n×1",
        "└─ y          m×1",
        "r'*r          1×1",
        "├─ r'         1×m",
        "│  └─ r       m×1",
        "└─ r          m×1",
    ]


def test_functions_are_listed() -> None:
    from dimcompat.functions import ALIASES, REGISTRY

    text = run("functions").stdout
    words = set(text.replace(",", " ").split())
    assert set(REGISTRY) | set(ALIASES) <= words


def test_every_function_shows_its_facts() -> None:
    from dimcompat.functions import REGISTRY

    for name in REGISTRY:
        done = run("functions", name)
        assert done.exit_code == 0, (name, done.output, done.exception)
        assert "derivative" in done.stdout and "example" in done.stdout


def test_an_alias_and_a_near_miss() -> None:
    assert run("functions", "ln").stdout.startswith("log\n")
    assert "did you mean softmax" in process("functions", "softmx").stderr.decode()


def test_version_and_module() -> None:
    assert __version__ in process("--version").stdout.decode()
    assert "derive" in process("--help").stdout.decode()


# ── check ────────────────────────────────────────────────────────────────────────────────────────────

CHECK = ["check", *LEAST_SQUARES, "--claim"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["2*X'*(X*w - y)"], 0),
        (["X'*(X*w - y)"], 1),
        (["2*X*X"], 1),
        (["2*(X*w - y)'*X"], 1),
        (["2*(X*w - y)'*X", "--layout", "any"], 0),
        (["2*(X*w - y)'*X", "--layout", "numerator"], 0),
        (["X'*(X*w - y)", "--layout", "any"], 1),
        (["2*X'*(X*w - "], 2),
        (["2*X'*(X*q - y)"], 2),
    ],
)
def test_check_statuses(arguments: list[str], status: int) -> None:
    done = run(*CHECK, *arguments)
    assert done.exit_code == status, done.output
    assert bool(done.stdout) is (status != 2)


def test_check_prints_the_verdict() -> None:
    done = process(*CHECK, "X'*(X*w - y)")
    assert done.returncode == 1 and done.stderr == b""
    assert done.stdout.decode().startswith("wrong: a factor 2 is missing\n")
    plain = process(*CHECK, "X'*(X*w - y)", encoding="ascii")
    assert b"X'*(X*w - y)" in plain.stdout and plain.stdout.isascii()


def test_check_as_json() -> None:
    done = run(*CHECK, "X'*(X*w - y)", "--format", "json", "--lang", "zh")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert found["cause"] == "factor" and found["reason"].startswith("缺少因子 2")


def test_check_points_into_the_claim() -> None:
    done = run(*CHECK, "2*X'*(X*q - y)")
    assert "in claim" in done.stderr and "^" in done.stderr
