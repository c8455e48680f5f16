r"""Derivations on a page: LaTeX, Markdown, and HTML that is whole by itself."""

from __future__ import annotations

import re
from xml.dom import minidom

import pytest
from page_cases import EXAMPLES, derived

import dimcompat as dc
from dimcompat.renderers.latex_breaking import broken, loosened
from dimcompat.renderers.latex_speller import words
from dimcompat.renderers.latex_widths import looks
from dimcompat.renderers.mathml import mathml

every_example = pytest.mark.parametrize("name", EXAMPLES)
languages = pytest.mark.parametrize("lang", ["en", "zh"])
steps = pytest.mark.parametrize("steps", ["all", "brief", "none"])


@every_example
@languages
@steps
def test_every_format_is_written(name: str, lang: str, steps: str) -> None:
    derivation = derived(name)
    latex = derivation.render("latex", lang=lang, steps=steps)
    for line in latex.splitlines():
        assert line.count("$") % 2 == 0, line
    assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")
    assert latex.count(r"\boxed") == len(derivation.results)
    assert not re.search(r"[·−∂ᵀ⊙“”×]", latex) or lang == "zh"
    markdown = derivation.render("markdown", lang=lang, steps=steps)
    assert r"\operatorname" not in markdown
    blocks = markdown.split("\n$$\n")
    assert len(blocks) % 2 == 1
    assert all("$" not in block for block in blocks[1::2])
    page = derivation.render("html", lang=lang, steps=steps)
    body = minidom.parseString(re.search(r"<body>.*</body>", page, re.S)[0])  # type: ignore[index]
    assert body.getElementsByTagName("math")
    assert not re.search(r"<script|https?://(?!www.w3.org)|\ssrc=|\shref=", page)
    assert "prefers-color-scheme: dark" in page and "@media print" in page


@every_example
def test_formats_say_the_same(name: str) -> None:
    """The result stands in every format, and the steps are as many."""
    derivation = derived(name)
    told = len(re.findall(r"^\d+ ", derivation.render("text"), re.M))
    latex, markdown = derivation.render("latex"), derivation.render("markdown")
    assert len(re.findall(r"\\textbf\{\d+\}", latex)) == told
    assert len(re.findall(r"^\*\*\d+\.\*\*", markdown, re.M)) == told
    assert derivation.render("html").count('class="number"') == told


def test_a_product_step_in_latex() -> None:
    text = derived("least squares").render("latex")
    assert r"&\;\sim\; 2\;\underset{m\times n}{X}\;\underset{m\times 1}{r}" in text
    assert r"&= 2\;\underset{n\times m}{X^{\top}}\;\underset{m\times 1}{r}" in text
    assert r"\text{the only order that is $n \times 1$}" in text
    assert r"\boxed{\frac{\partial J}{\partial w} = 2 X^{\top} (X w - y)}\qquad n \times 1" in text
    assert "\\documentclass" not in text
    assert derived("least squares").render("latex", standalone=True).startswith("\\documentclass")


def test_words_are_escaped() -> None:
    assert words(r"<b> x_% \input") == r"$<$b$>$ x\_\% \textbackslash{}input"
    hostile = dc.derive("x_' * x__input + b_", "x_", {"x_": "n", "x__input": "n", "b_": "1"}, verify=False)
    page = hostile.render("html")
    assert "<input" not in page
    minidom.parseString(re.search(r"<body>.*</body>", page, re.S)[0])  # type: ignore[index]
    assert r"\input" not in hostile.render("latex").replace(r"\mathrm{input}", "")


@pytest.mark.parametrize("width", [20, 40])
def test_long_formulas_are_broken(width: int) -> None:
    formula = r"X^{\top} \left( \frac{a}{b} + " + " + ".join(f"A_{{{n}}} B" for n in range(30)) + r" \right)"
    lines = broken(formula, width)
    assert all(looks(line) <= width for line in lines) and len(lines) > 3
    assert r"\left" not in "".join(lines)
    assert "".join(lines).replace(" ", "").replace("Bigl", "left").replace(
        "Bigr", "right"
    ) == formula.replace(" ", "")


def test_long_formulas_in_a_sentence_may_end_a_line_at_their_signs() -> None:
    assert loosened("r = X w - y", 20) == ["r = X w - y"]
    assert loosened("r = X w - y", 5) == ["r", "{} = X w", "{} - y"]
    assert loosened(r"\frac{a + b}{c} + \left( d \right)", 3) == [
        r"\frac{a + b}{c}",
        r"{} + \Bigl( d \Bigr)",
    ]


def test_a_derivative_in_a_sentence_is_no_quotient_of_what_stands_beside_it() -> None:
    text = derived("Hessian with kron").render("latex")
    assert r"$A (\partial L/\partial G) B X^{\top} C X$" in text


def test_a_comma_stays_with_the_formula_before_it() -> None:
    page = derived("least squares").render("html")
    assert not re.search(r"</math>[,.;:]", re.sub(r'<span class="tied">.*?</span>', "", page))
    assert '<span class="tied"><math>' in page


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x", "<mi>x</mi>"),
        (r"X^{\top} w", "<mrow><msup><mi>X</mi><mi>⊤</mi></msup><mi>w</mi></mrow>"),
        (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"W_{1}^{2}", "<msubsup><mi>W</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (r"\Sigma", '<mi mathvariant="normal">Σ</mi>'),
        (r"\mathbf{1}_{n}", "<msub><mn>𝟏</mn><mi>n</mi></msub>"),
        (r"f'", '<mrow><mi>f</mi><mo lspace="0" rspace="0">′</mo></mrow>'),
        (r"-x", '<mrow><mo form="prefix">−</mo><mi>x</mi></mrow>'),
    ],
)
def test_mathml(latex: str, expected: str) -> None:
    assert mathml(latex) == f"<math>{expected}</math>"
