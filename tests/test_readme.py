"""README says what is so: its derivation is what the tool prints, its Python runs, both languages agree.

After a change on purpose write the derivation anew with

    DIMCOMPAT_GOLDEN=write pytest tests/test_readme.py
"""

from __future__ import annotations

import io
import os
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner

from dimcompat.cli import main

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}
every_readme = pytest.mark.parametrize("lang", READMES)
FENCED = re.compile(
    r"^(?P<mark><!-- \S+ -->\n)?(?P<fence>```+)(?P<kind>\w*)[^\n]*\n(?P<body>.*?)^(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)
ERROR = re.compile(r"\b\d+e-?\d+\b")


def blocks(lang: str) -> list[tuple[str, str, str]]:
    """The fenced blocks: the mark above, the language, the text."""
    text = READMES[lang].read_text(encoding="utf-8")
    return [((found["mark"] or "").strip(), found["kind"], found["body"]) for found in FENCED.finditer(text)]


def marked(lang: str, mark: str) -> str:
    (body,) = (body for found, _, body in blocks(lang) if found == f"<!-- {mark} -->")
    return body


def printed(lang: str) -> str:
    """What README's command prints now."""
    command = marked("en", "command:derive").rpartition("&& dimcompat ")[2]
    done = CliRunner().invoke(main, [*shlex.split(command), "--lang", lang], env={"COLUMNS": "80"})
    assert done.exit_code == 0
    return done.stdout.rstrip("\n") + "\n"


@every_readme
def test_the_derivation_is_what_the_tool_prints(lang: str) -> None:
    shown, now = marked(lang, "derivation:least-squares"), printed(lang)
    if os.environ.get("DIMCOMPAT_GOLDEN") == "write":
        path = READMES[lang]
        path.write_text(path.read_text(encoding="utf-8").replace(shown, now), encoding="utf-8")
        shown = marked(lang, "derivation:least-squares")
    assert ERROR.sub("…", shown) == ERROR.sub("…", now)


@every_readme
def test_python_blocks_run_and_give_what_they_say(lang: str) -> None:
    names: dict[str, object] = {}
    sources = [body for _, kind, body in blocks(lang) if kind == "python"]
    assert len(sources) >= 2
    said: list[str] = []
    for source in sources:
        for statement in re.split(r"\n(?=\S)", source.strip()):
            code, _, comment = statement.partition("  # ")
            out = io.StringIO()
            with redirect_stdout(out):
                try:
                    value = eval(compile(code.strip(), "README", "eval"), names)
                except SyntaxError:
                    value = None
                    exec(compile(code, "README", "exec"), names)
            given = out.getvalue().strip() or ("" if value is None else str(value))
            if comment.strip() and "\n" not in given:
                assert given == comment.strip(), code
            elif comment.strip():
                assert ERROR.sub("…", given + "\n") == ERROR.sub("…", printed("en")), code
            said.append(given)
    assert any(said)


def test_both_languages_have_the_same_commands() -> None:
    def alike(lang: str) -> list[tuple[str, str, str]]:
        bare = r"[ \t]*#.*"
        return [
            (mark, kind, re.sub(bare, "", body) if kind == "sh" else re.sub(r"  #.*", "", body))
            for mark, kind, body in blocks(lang)
            if kind != "text"
        ]

    assert alike("en") == alike("zh")
    assert [mark for mark, _, _ in blocks("en")] == [mark for mark, _, _ in blocks("zh")]


def test_both_languages_have_the_same_sections() -> None:
    levels = {
        lang: re.findall(r"^(#+) ", FENCED.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
        for lang, path in READMES.items()
    }
    assert levels["en"] == levels["zh"]


def test_the_chinese_one_is_chinese() -> None:
    prose = FENCED.sub("", READMES["zh"].read_text(encoding="utf-8"))
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->", " ", prose)
    assert not re.search(r"(?:[A-Za-z]{2,}[\s,.;:]+){3,}[A-Za-z]{2,}", prose)
    assert all(term in prose for term in ("维度相容原理", "分母布局", "逐元素", "上游导数"))


@every_readme
def test_links_lead_somewhere(lang: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", READMES[lang].read_text(encoding="utf-8"))
    assert links and [link for link in links if not (ROOT / link).exists()] == []


def test_the_pictures_are_small_and_described() -> None:
    shown = {
        lang: re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
        for lang, path in READMES.items()
    }
    assert [path for _, path in shown["en"]] == [path for _, path in shown["zh"]]
    assert len(shown["en"]) >= 3 and all(
        len(said) > 10 for pictures in shown.values() for said, _ in pictures
    )
    for _, path in shown["en"]:
        data = (ROOT / path).read_bytes()
        assert data.startswith(b"\x89PNG") and len(data) < 200_000
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} <= {
        Path(p).name for _, p in shown["en"]
    }
