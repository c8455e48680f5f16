r"""What is written in LaTeX compiles: all corpora, every kind of step, names that are commands elsewhere.

English with pdflatex, Chinese with xelatex. Nothing may reach over the margin, and no font may lack a letter.
`nox -s compiled` runs these with everything they need.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import acceptance
import pytest
from page_cases import EXAMPLES, HOSTILE, WIDE, derived
from tex_runs import complaints, document

from dimcompat.derivation import Derivation
from dimcompat.renderers.latex_formula import latex_formula
from dimcompat.renderers.latex_widths import LETTER, looks

pytestmark = pytest.mark.tex

CORPORA = ("identities", "programs", "samples", "upstream", "latex", "infer")
languages = pytest.mark.parametrize("lang", ["en", "zh"])


@cache
def corpus() -> Mapping[str, Derivation]:
    """Every case of the corpora that asks for a derivative."""
    return {
        case["id"]: acceptance.derive(case, verify=False)
        for name in CORPORA
        for case in acceptance.load(name)
    }


def formulas(found: Any) -> Iterator[str]:
    """Every formula that the JSON object holds in LaTeX, however deep."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from [value] if key == "latex" else formulas(value)
    elif isinstance(found, list):
        for value in found:
            yield from formulas(value)


def test_the_corpora_are_whole() -> None:
    assert len(corpus()) == sum(len(acceptance.load(name)) for name in CORPORA) == 240


@languages
def test_every_derivation_of_the_corpora(lang: str, tmp_path: Path) -> None:
    fragments = {name: derivation.render("latex", lang=lang) for name, derivation in corpus().items()}
    assert complaints(document(fragments, lang), lang, tmp_path) == []


def test_every_formula_in_json(tmp_path: Path) -> None:
    boxes = {}
    for name, derivation in corpus().items():
        found = list(formulas(json.loads(derivation.render("json"))))
        assert len(found) > len(derivation.steps)
        boxes[name] = "\n".join(rf"\setbox0\hbox{{$\displaystyle {formula}$}}" for formula in found)
    assert complaints(document(boxes, "en"), "en", tmp_path) == []


@languages
@pytest.mark.parametrize("steps", ["all", "brief", "none"])
def test_pages(lang: str, steps: str, tmp_path: Path) -> None:
    fragments = {
        name: derived(name).render("latex", lang=lang, steps=steps) for name in (*EXAMPLES, *HOSTILE, *WIDE)
    }
    assert complaints(document(fragments, lang), lang, tmp_path) == []


@languages
def test_pages_with_pictures(lang: str, tmp_path: Path) -> None:
    fragments = {
        name: derived(name).render("latex", lang=lang, pictures=True) for name in (*EXAMPLES, *HOSTILE, *WIDE)
    }
    assert complaints(document(fragments, lang), lang, tmp_path) == []


@languages
def test_a_whole_document(lang: str, tmp_path: Path) -> None:
    whole = derived("least squares").render("latex", standalone=True, lang=lang)
    assert complaints(whole, lang, tmp_path) == []
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_widths_are_what_tex_finds(tmp_path: Path) -> None:
    """What breaks lines knows within a tenth, or two letters, how wide TeX will set a formula."""
    results = [result.expression for derivation in corpus().values() for result in derivation.results]
    texts = sorted({latex_formula(expression) for expression in results})
    boxes = "\n".join(rf"\setbox0\hbox{{$\displaystyle {text}$}}\typeout{{wide \the\wd0}}" for text in texts)
    assert complaints(document({"widths": boxes}, "en"), "en", tmp_path) == []
    log = (tmp_path / "page.log").read_text(encoding="utf-8", errors="replace")
    found = [float(width) / (LETTER * 10.95) for width in re.findall(r"^wide ([\d.]+)pt", log, re.MULTILINE)]
    assert len(found) == len(texts) > 150
    missed = [
        (text, looks(text), round(letters, 1))
        for text, letters in zip(texts, found, strict=True)
        if abs(looks(text) - letters) > max(2, letters / 10)
    ]
    assert missed == []


def test_a_fault_names_its_fragment(tmp_path: Path) -> None:
    fragments = {"good": "$x$", "bad": r"$\nosuchcommand$", "never read": "$y$"}
    assert complaints(document(fragments, "en"), "en", tmp_path) == ["bad: ! Undefined control sequence."]
    wide = document({"good": "$x$", "wide": r"\noindent\hbox to 50cm{}"}, "en")
    (said,) = complaints(wide, "en", tmp_path)
    assert said.startswith("wide: Overfull")
