"""One language at a time: no English sentence in Chinese output, no Chinese character in English output."""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

import dimcompat as dc
from dimcompat.errors import CODES, UnsupportedError
from dimcompat.functions import REGISTRY
from dimcompat.messages import ENVIRONMENT, known_language, language, sentences, text
from dimcompat.messages.error_titles_zh import TITLES
from dimcompat.messages.functions_zh import GROUPS, SUMMARIES
from dimcompat.messages.help_zh import HELP
from dimcompat.renderers.error_help import meanings
from dimcompat.renderers.mimebundle import embedded

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.dim"))
ENGLISH = re.compile(r"(?:[A-Za-z]{2,}[\s,.;:]+){2,}[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def test_a_sentence_is_in_its_language() -> None:
    for key, said in sentences("zh").items():
        words = re.sub(r"\{[^{}]*\}", " ", said)
        assert not ENGLISH.search(words), key
        if re.search(r"[A-Za-z]{3,}", re.sub(r"\{[^{}]*\}", "", sentences("en")[key])):
            assert CHINESE.search(said), key
    for key, said in sentences("en").items():
        assert not CHINESE.search(said), key


def test_what_stands_beside_the_sentences_is_in_its_language() -> None:
    named = (SUMMARIES, GROUPS, TITLES, HELP, meanings("zh"))
    chinese = [re.sub(r"`[^`]*`", "", said) for table in named for said in table.values()]
    assert [said for said in chinese if ENGLISH.search(said)] == []
    formulas = ["sigmoid", "softplus"]  # their summaries are formulas, the same in every language
    assert [name for name, said in SUMMARIES.items() if not CHINESE.search(said)] == formulas
    assert all(CHINESE.search(said) for table in (GROUPS, TITLES, HELP) for said in table.values())
    english = [*(record.summary for record in REGISTRY.values()), *CODES.values(), *HELP]
    assert [said for said in (*english, *meanings("en").values()) if CHINESE.search(said)] == []


@cache
def derived(path: Path) -> dc.Derivation:
    options = path.read_text(encoding="utf-8").splitlines()[1].split()
    return dc.derive(
        path.read_text(encoding="utf-8"),
        options[options.index("--wrt") + 1],
        order=2 if "--order" in options else 1,
        upstream="--upstream" in options,
    )


def words(derivation: dc.Derivation, lang: str) -> list[str]:
    """What a derivation says between its formulas."""
    html = re.sub(r"<style>.*?</style>", "", embedded(derivation, lang=lang), flags=re.DOTALL)
    html = re.sub(r"<math.*?</math>", " ¤ ", html, flags=re.DOTALL)
    blocks = re.split(r"</?(?:p|h2|td|div|section|table)[^>]*>", html)
    shown = json.loads(derivation.render("json", lang=lang))
    titles = [step["title"] for step in shown["steps"]]
    return [unescape(re.sub(r"<[^>]*>", "", block)) for block in blocks] + titles


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_a_derivation_is_in_one_language(path: Path) -> None:
    derivation = derived(path)
    assert [said for said in words(derivation, "zh") if ENGLISH.search(said)] == []
    assert [said for said in words(derivation, "en") if CHINESE.search(said)] == []
    assert sum(bool(CHINESE.search(said)) for said in words(derivation, "zh")) > 3
    for form in ("text", "latex", "markdown", "html", "json"):
        assert not CHINESE.search(re.sub(r"font.*", "", derivation.render(form, lang="en"))), form
        assert CHINESE.search(derivation.render(form, lang="zh")), form


def test_the_terms_of_the_field() -> None:
    said = "\n".join(sentences("zh").values())
    assert all(term in said for term in ("维度相容原理", "分母布局", "逐元素", "上游导数"))


# ── which language ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "DIMCOMPAT_LANG": "en"}, "en"),
        ({"LANG": "C.UTF-8", "DIMCOMPAT_LANG": "zh"}, "zh"),
        ({"DIMCOMPAT_LANG": "fr"}, "en"),
        ({"DIMCOMPAT_LANG": "", "LANG": "zh"}, "zh"),
    ],
)
def test_the_environment(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: str) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert language() == language(None) == expected
    assert language("zh") == "zh" and language("en") == "en"
    assert text("row.walk") == sentences(expected)["row.walk"]
    said = dc.derive("w'*w", "w", {"w": "n"}, verify=False).render("latex", standalone=True)
    assert ("分母布局" in said and "ctexart" in said) is (expected == "zh")


def test_tags() -> None:
    assert [known_language(tag) for tag in ("zh", "zh-CN", "ZH_tw.UTF-8", "en-GB")] == [
        "zh",
        "zh",
        "zh",
        "en",
    ]
    assert known_language("Chinese (Simplified)_China.936") == "zh"
    assert [known_language(tag) for tag in ("", "C", "fr", "eng")] == [None] * 4
    with pytest.raises(UnsupportedError, match="no messages"):
        language("fr")
