"""The lecture notes in examples/notes are as `dimcompat weave` leaves them, in both languages.

After a change on purpose weave them anew, and read the difference:

    dimcompat weave examples/notes/*.md
"""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from dimcompat.weaving import Woven, weave
from dimcompat.weaving.blocks import markdown_blocks

NOTES = sorted((Path(__file__).parents[1] / "examples" / "notes").glob("*.md"))
GENERATED = re.compile(r"<!-- dimcompat:begin -->.*?<!-- dimcompat:end -->", re.DOTALL)
every_note = pytest.mark.parametrize("path", NOTES, ids=[path.name for path in NOTES])


def content(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@cache
def woven(path: Path) -> Woven:
    return weave(content(path), path.name)


@every_note
def test_weaving_again_changes_nothing(path: Path) -> None:
    assert woven(path).text == content(path), "weave them anew: dimcompat weave examples/notes/*.md"


@every_note
def test_every_derivation_is_checked(path: Path) -> None:
    found = [derivation.verification for _, derivation in woven(path).derivations]
    assert len(found) >= 10 and all(check is not None and check.passed for check in found)


@every_note
def test_the_ten_examples_of_the_principle(path: Path) -> None:
    sections = re.split(r"^## (\d+)\. ", GENERATED.sub("", content(path)), flags=re.MULTILINE)
    assert sections[1::2] == [str(number) for number in range(1, 11)]
    assert all("```dimcompat" in section for section in sections[2::2])
    results = (
        "\n".join(
            str(result.expression)
            for _, derivation in woven(path).derivations
            for result in derivation.results
        )
        .replace("softmax(z)", "a")
        .splitlines()
    )
    assert {
        "2*X'*(X*w - y)",
        "X'*dL_dS",
        "onehot(y, n)",
        "softmax(S) - onehot(y, c)",
        "diag(a) - a*a'",
        "(A + A')*w",
        "X'*diag(p.*(1 - p))*X",
    } <= set(results)


def test_both_languages_ask_the_same() -> None:
    asked = [[(b.options, b.source) for b in markdown_blocks(content(path))] for path in NOTES]
    assert len(asked) == 2 and asked[0] == asked[1]


def test_each_is_in_its_language() -> None:
    english, chinese = (content(path) for path in NOTES)
    assert not re.search(r"[\u4e00-\u9fff]", english)
    prose = re.sub(r"```.*?```|\$\$(?!\n\n).*?\$\$|\$[^$\n]*\$", " ", chinese, flags=re.DOTALL)
    assert not re.search(r"(?:[A-Za-z]{2,}[\s,.;]+){2,}[A-Za-z]{2,}", prose)


# ── pages and documents ──────────────────────────────────────────────────────────────────────────────


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notes_build", NOTES[0].with_name("build.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = builder()
    monkeypatch.setattr(build.shutil, "which", lambda _: None)
    before = [content(path) for path in NOTES]
    written = build.build(tmp_path)
    assert [path.suffix for path in written] == [".html", ".tex"] * 2
    assert before == [content(path) for path in NOTES]
    for page, document in (written[:2], written[2:]):
        text = content(page)
        assert text.count('<div class="derivation">') == 15 and "<script" not in text and "$" not in text
        assert len(re.findall(r'<h2 class="section">\d+\. ', text)) == 10
        assert content(document).count(r"\subsection*{") == 10
        assert content(document).count(r"\begin{verbatim}") == 15


@pytest.mark.tex
def test_documents(tmp_path: Path) -> None:
    written = builder().build(tmp_path)
    assert [path.suffix for path in written].count(".pdf") == 2
    assert all(path.read_bytes().startswith(b"%PDF") for path in written if path.suffix == ".pdf")
