"""The command line: what is printed where, and exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import LEAST_SQUARES, process, run

from dimcompat import __version__
from dimcompat.derivation import Verification

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


def test_pictures() -> None:
    plain, pictured = (run("derive", *LEAST_SQUARES, *more).stdout for more in ([], ["--pictures"]))
    added = [line for line in pictured.splitlines() if line not in plain.splitlines()]
    assert "edges that touch match" in "".join(added) and len(added) > 8
    assert all(line in pictured.splitlines() for line in plain.splitlines())
    assert "┆" not in run("derive", *LEAST_SQUARES, "--steps", "brief", "--pictures").stdout
    document = run("derive", *LEAST_SQUARES, "--format", "latex", "--standalone", "--pictures").stdout
    assert "\\usepackage{tikz}" in document and document.count("\\begin{tikzpicture}") == 2
    page = [run("derive", *LEAST_SQUARES, "--format", "html", *more).stdout for more in ([], ["--pictures"])]
    assert page[0] == page[1] and page[0].count("<svg") == 2


def test_pictures_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "picture.txt"
    assert process("derive", *LEAST_SQUARES, "--pictures", "-o", str(path), encoding="ascii").returncode == 0
    assert "┆" in path.read_text("utf-8")


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
