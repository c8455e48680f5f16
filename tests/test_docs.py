"""What the documentation generates is complete, and its Python runs."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from functools import cache
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from click.testing import CliRunner

from dimcompat.cli import main
from dimcompat.error_codes import CODES
from dimcompat.functions import ALIASES, REGISTRY
from dimcompat.messages import sentences

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@cache
def generated() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generated_pages", DOCS / "generated_pages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_function_is_in_the_table() -> None:
    rows = [line for line in generated().functions_page().splitlines() if line.startswith("| `")]
    cells = [row.split(" | ") for row in rows]
    named = [name for row in cells for name in re.findall(r"`(\w+)`", row[0])]
    assert len(named) == len(set(named)) and {*REGISTRY, *ALIASES} <= set(named)
    supported = [row for row in cells if len(row) == 4]
    assert len(supported) == len(REGISTRY)
    assert [row[0] for row in supported if not (row[1].strip() and row[3].strip(" |"))] == []


def test_every_error_is_in_the_list() -> None:
    page = generated().errors_page()
    assert re.findall(r"^### (E\d+):", page, re.MULTILINE) == sorted(CODES)
    fields = {
        name
        for code in CODES
        for key in (code, f"{code}.hint")
        for _, name, _, _ in Formatter().parse(sentences("en").get(key, ""))
        if name is not None
    }
    assert {name for name in fields if f"‹{name}›" not in page} == set()


def test_every_example_is_in_the_gallery() -> None:
    page = generated().gallery_page()
    examples = sorted((ROOT / "examples").glob("*.dim"))
    assert page.count("\n## ") == len(examples) and page.count(r"\boxed") >= len(examples)
    assert all(path.read_text(encoding="utf-8").splitlines()[1][2:] in page for path in examples)


def test_notes_without_their_front_matter() -> None:
    assert generated().notes_page("matrix-derivatives.md").startswith("# Matrix derivatives")
    assert generated().notes_page("matrix-derivatives.zh.md").startswith("# 用维度相容原理")


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    generated().write(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    generated().write(tmp_path)
    assert times == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} and len(times) == 5


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8").partition("{toctree}")[2]
    pages = {path.stem for path in DOCS.glob("*.md")} - {"index"}
    assert {line for line in index.split() if "/" not in line} >= pages
    assert {f"_generated/{name.removesuffix('.md')}" for name in generated().pages()} <= set(index.split())


# ── the tutorial ─────────────────────────────────────────────────────────────────────────────────────

TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^(```+)(\w+)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
BLOCKS = [(kind, body) for _, kind, body in FENCED.findall(TUTORIAL)]
COMMANDS = [line for kind, body in BLOCKS if kind == "sh" for line in body.splitlines()]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_of_the_tutorial(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts = [body for kind, body in BLOCKS if kind == "text"]
    (tmp_path / "regression.dim").write_text(texts[0], encoding="utf-8")
    (tmp_path / "notes.md").write_text(next(t for t in texts if t.startswith("```")), encoding="utf-8")
    (tmp_path / "notes.tex").write_text(next(t for t in texts if t.startswith("%")), encoding="utf-8")
    program, *arguments = shlex.split(line)
    done = CliRunner().invoke(main, arguments)
    assert program == "dimcompat" and done.exit_code == (1 if arguments[0] == "check" else 0), done.output


def test_the_picture_of_the_tutorial_is_what_is_drawn() -> None:
    (picture,) = (body for kind, body in BLOCKS if kind == "text" and "┆" in body)
    (line,) = (line for line in COMMANDS if "--pictures" in line)
    done = CliRunner().invoke(main, [*shlex.split(line)[1:], "--no-verify"], env={"COLUMNS": "80"})
    assert picture in done.output


def test_python_of_the_tutorial(capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = (body for kind, body in BLOCKS if kind == "python")
    names: dict[str, object] = {}
    exec(compile(source, "tutorial", "exec"), names)
    assert str(names["d"].gradient) == "2*X'*(X*w - y)"  # type: ignore[attr-defined]
    assert "def value_and_gradient(X" in capsys.readouterr().out
