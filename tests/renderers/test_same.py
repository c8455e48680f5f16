r"""The same derivation in every format says the same: the same steps, and the same formulas in them.

Formulas are compared as they are read: each is set in MathML, and what its letters and signs are is compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from html import unescape
from xml.dom import minidom

import acceptance
import pytest
from page_cases import EXAMPLES, HOSTILE, WIDE, derived

import dimcompat as dc
from dimcompat.derivation import Derivation
from dimcompat.renderers.mathml import mathml
from dimcompat.renderers.unicode_formula import unicode_formula

CORPORA = ("identities", "programs", "samples", "upstream", "latex", "infer")
NUMBERED = {
    "text": r"^(\d+) ",
    "latex": r"\\textbf\{(\d+)\}\\quad",
    "markdown": r"^\*\*(\d+)\.\*\* ",
    "html": r'<span class="number">(\d+)</span>',
}
languages = pytest.mark.parametrize("lang", ["en", "zh"])


def cases_of_pages() -> Mapping[str, Derivation]:
    """All of them, by name."""
    return {name: derived(name) for name in (*EXAMPLES, *HOSTILE, *WIDE)}


@cache
def derivations() -> Mapping[str, Derivation]:
    """The cases of pages, and every eighth of the corpora."""
    cases = [case for name in CORPORA for case in acceptance.load(name)[::8]]
    return cases_of_pages() | {case["id"]: acceptance.derive(case, verify=False) for case in cases}


# ── formulas as they are read ────────────────────────────────────────────────────────────────────────


def letters(markup: str) -> str:
    """Letters and signs of markup, without spaces and what cannot be seen."""
    return re.sub(r"[\s\u2061]", "", unescape(re.sub(r"<[^>]*>", "", markup)))


def read(latex: str) -> str:
    """Letters and signs of a formula in LaTeX."""
    return letters(mathml(latex))


def rows(body: str) -> str:
    """A display of LaTeX without its remarks, signs of alignment and ends of lines."""
    remarks = r"\\\\\*?\s*&\\quad (?!\{\}).*|&\\qquad&.*|&& .*|\\qquad [^\n]*$"
    body = re.sub(remarks, "", body, flags=re.MULTILINE)
    return re.sub(r"\\\\\*?|&|\\(?:begin|end)\{aligned\}", " ", body)


def in_latex(text: str) -> list[str]:
    display = r"\\begin\{(align(?:at)?\*)\}(?:\{2\})?\n(.*?)\n\\end\{\1\}"
    answer = r"\\\[\n  \\boxed\{(.*?)\}\\qquad .*?\n\\\]"
    found = re.findall(f"{display}|{answer}", text, re.DOTALL)
    return [read(rows(body or boxed)) for _, body, boxed in found]


def in_markdown(text: str) -> list[str]:
    found = []
    for body in re.findall(r"^\$\$\n(.*?)\n\$\$$", text, re.DOTALL | re.MULTILINE):
        boxed = re.match(r"\\boxed\{(.*)\} \\qquad [^\n]*$", body, re.DOTALL)
        named = re.sub(
            r"\\mathop\{\\mathrm\{([^{}]*)\}\}", r"\\operatorname{\1}", boxed[1] if boxed else body
        )
        found.append(read(rows(named)))
    return found


def in_html(text: str) -> list[str]:
    found = re.findall(r'<div class="display"><table.*?</table>', text, re.DOTALL)
    shown = [letters(re.sub(r'<td class="remark">.*?</td>', "", table, flags=re.DOTALL)) for table in found]
    return [formula for formula in shown if not re.match(r"\(\d\)=", formula)]  # the key to a picture


FORMULAS: dict[str, Callable[[str], list[str]]] = {
    "latex": in_latex,
    "markdown": in_markdown,
    "html": in_html,
}


def test_the_readers_read() -> None:
    """The comparison sees formulas: those of least squares, by hand."""
    for name, found in FORMULAS.items():
        shown = found(derived("least squares").render(name))
        assert shown[0] == "J=(Xw−y)⊤(Xw−y)"
        assert shown[-1] == "∂J∂w=2X⊤(Xw−y)"
        assert shown[3].startswith("∂J∂w∼2Xm×nrm×1=2X⊤n×mrm×1"), name
        assert len(shown) == 6


@languages
def test_equations(lang: str) -> None:
    """Other forms of a result stand in a sentence where they are short, so only equations count."""
    for name, derivation in derivations().items() if lang == "en" else cases_of_pages().items():
        latex, markdown, html = (
            [shown for shown in found(derivation.render(form, lang=lang)) if set(shown) & set("=∼")]
            for form, found in FORMULAS.items()
        )
        assert latex == markdown, name
        assert latex == html, name


@languages
@pytest.mark.parametrize("steps", ["all", "brief", "none"])
def test_steps(lang: str, steps: str) -> None:
    for name, derivation in cases_of_pages().items():
        told = {
            form: re.findall(mark, derivation.render(form, lang=lang, steps=steps), re.MULTILINE)
            for form, mark in NUMBERED.items()
        }
        counted = [str(number + 1) for number in range(len(told["text"]))]
        assert all(numbers == counted for numbers in told.values()), (name, told)
        assert (told["text"] == []) is (steps == "none" or name == "unused"), name


def test_steps_of_the_corpora() -> None:
    for name, derivation in derivations().items():
        told = [re.findall(mark, derivation.render(form), re.MULTILINE) for form, mark in NUMBERED.items()]
        assert all(numbers == told[0] for numbers in told), name
        assert told[0] or name == "unused"


def test_results() -> None:
    """The answer in the text and in JSON is the one that the pages frame."""
    for name, derivation in derivations().items():
        said = json.loads(derivation.render("json"))
        answers = [found.rpartition("=")[2] for found in in_latex(derivation.render("latex", steps="none"))]
        text = "".join(derivation.render("text", width=4000, steps="none").split())
        assert len(said["results"]) == len(derivation.results)
        for result, told in zip(derivation.results, said["results"], strict=True):
            assert "".join(unicode_formula(result.expression).split()) in text, name
            assert read(told["latex"]).rpartition("=")[2] in answers, name
            assert told["text"] == str(result.expression), name
            page = letters(derivation.render("html", steps="none"))
            assert all(read(form["latex"]) in page for form in told.get("forms", ())), name


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────


def test_json_round_trips() -> None:
    for name, derivation in derivations().items():
        text = derivation.render("json")
        found = json.loads(text)
        assert json.dumps(found, ensure_ascii=False, indent=2) == text.rstrip("\n"), name
        assert len(found["steps"]) == len(derivation.steps), name


def test_formulas_in_json_read_back() -> None:
    """In the declared shapes, with no more than the object holds."""
    for name in ("least squares", "two orders", "Jacobian", "Hessian", "long names", "a product"):
        found = json.loads(derived(name).render("json"))
        shapes = {given["name"]: ", ".join(given["shape"]) for given in found["declarations"]}
        (result,) = found["results"]
        again = dc.parse(result["text"], shapes).objective
        assert str(again) == result["text"]
        assert [str(dim) for dim in again.shape] == result["shape"]
        assert dc.parse(found["objective"]["text"], shapes).objective is not None


# ── names that are commands elsewhere ────────────────────────────────────────────────────────────────

COMMANDS = """
    textbf quad medskip noindent hangindent hangafter begin end frac partial sum left right operatorname
    mathrm mathit mathbf text boxed qquad underset times top sim colon odot oslash lVert rVert cdots thinspace
    nabla exp cdot to alpha epsilon Theta lambda Sigma xrightarrow usepackage
"""


@pytest.mark.parametrize("name", HOSTILE)
@languages
def test_hostile_names_are_escaped(name: str, lang: str) -> None:
    latex = derived(name).render("latex", lang=lang)
    assert set(re.findall(r"\\([A-Za-z]+)", latex)) <= {*COMMANDS.split()}
    assert not re.search(r"(?<!\\)_(?!\{)|(?<!\\)[%#]", latex.partition("\n")[2])
    page = derived(name).render("html", lang=lang)
    body = minidom.parseString(re.search(r"<body>.*</body>", page, re.DOTALL)[0])  # type: ignore[index]
    tags = {node.tagName for node in body.getElementsByTagName("*")}
    assert not tags & {"script", "input", "style", "a", "img", "iframe"}
    markdown = re.sub(
        r"\$\$.*?\$\$|\$[^$]*\$", "", derived(name).render("markdown", lang=lang), flags=re.DOTALL
    )
    assert not re.search(r"(?<!\\)_", markdown)
    assert "\x1b" not in derived(name).render("text", lang=lang)
    names = {given["name"] for given in json.loads(derived(name).render("json", lang=lang))["declarations"]}
    assert names == {given.name for given in derived(name).declarations}
