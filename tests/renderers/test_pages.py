r"""Derivations on a page: LaTeX that compiles, Markdown, and HTML that is whole by itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from xml.dom import minidom

import acceptance
import pytest

import dimcompat as dc
from dimcompat.derivation import Derivation
from dimcompat.renderers.latex_breaking import broken
from dimcompat.renderers.latex_speller import looks, words
from dimcompat.renderers.mathml import mathml

EXAMPLES = {
    "least squares": ("(X*w - y)'*(X*w - y)", "w", {"X": "m, n", "w": "n", "y": "m"}, {}),
    "bias": ("sum(sigmoid(X*W + b) .* Y)", ["W", "b"], {"X": "m,n", "W": "n,c", "b": "1,c", "Y": "m,c"}, {}),
    "two orders": ("w'*A*w", "w", {"A": "n, n", "w": "n"}, {}),
    "projected": ("tr(A*X*B)", "X", {"A": "n, n", "X": "n, n symmetric", "B": "n, n"}, {}),
    "samples": ("sum(i, log(sum(j, exp(S[i,j]))) - S[i,y[i]])", "S", {"S": "m, c", "y": "m labels(c)"}, {}),
    "Hessian": ("sum(log(1 + exp(X*w)))", "w", {"X": "m, n", "w": "n"}, {"order": 2}),
    "Jacobian": ("A*tanh(B*x)", "x", {"A": "m, n", "B": "n, p", "x": "p"}, {}),
    "upstream": ("S = X*W", "W", {"X": "m, n", "W": "n, c"}, {"upstream": True}),
    "unused": ("x'*x", "z", {"x": "n", "z": "n"}, {}),
    "names": ("W__l*a_prev + W_hh*β1", "W_hh", {"W__l": "n,n", "a_prev": "n", "W_hh": "n,n", "β1": "n"}, {}),
}  # fmt: skip


@cache
def derived(name: str) -> Derivation:
    text, wrt, shapes, options = EXAMPLES[name]
    return dc.derive(text, wrt, shapes, verify=False, **options)  # type: ignore[arg-type]


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


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("x", "<mi>x</mi>"),
        (r"X^{\top} w", "<mrow><msup><mi>X</mi><mo>⊤</mo></msup><mi>w</mi></mrow>"),
        (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"W_{1}^{2}", "<msubsup><mi>W</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (r"\Sigma", '<mi mathvariant="normal">Σ</mi>'),
        (r"\mathbf{1}_{n}", "<msub><mn>𝟏</mn><mi>n</mi></msub>"),
        (r"-x", '<mrow><mo form="prefix">−</mo><mi>x</mi></mrow>'),
    ],
)
def test_mathml(latex: str, expected: str) -> None:
    assert mathml(latex) == f"<math>{expected}</math>"


# ── TeX ──────────────────────────────────────────────────────────────────────────────────────────────


def compiled(document: str, program: str, folder: Path) -> str:
    """The log of a TeX run; fails where the run does."""
    if shutil.which(program) is None:
        pytest.skip(
            f"{program} is not installed (Debian: texlive-latex-extra, texlive-xetex, texlive-lang-chinese)"
        )
    (folder / "page.tex").write_text(document, "utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    log = (folder / "page.log").read_text("utf-8", errors="replace")
    assert done.returncode == 0, "\n".join(re.findall(r"^!.*\n(?:.*\n){3}", log, re.M))
    return log


@pytest.mark.parametrize(("lang", "program"), [("en", "pdflatex"), ("zh", "xelatex")])
@pytest.mark.parametrize("pictures", [False, True])
def test_documents_compile(lang: str, program: str, pictures: bool, tmp_path: Path) -> None:
    whole = derived("least squares").render("latex", standalone=True, lang=lang, pictures=pictures)
    start = whole[: whole.index(r"\section*")]
    fragments = "\n\n".join(derived(name).render("latex", lang=lang, pictures=pictures) for name in EXAMPLES)
    log = compiled(f"{start}{fragments}\n\\end{{document}}\n", program, tmp_path)
    assert "Overfull" not in log
    assert "Missing character" not in log


def test_every_case_of_the_corpora_compiles(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (Debian: texlive-latex-extra)")
    fragments = []
    for corpus in ("identities", "programs", "samples", "upstream", "latex"):
        for case in acceptance.load(corpus)[::3]:
            options = {"order": 2} if case["kind"] == "hessian" else {}
            options |= {"upstream": True} if case["kind"] == "upstream" else {}
            derivation = dc.derive(
                case["text"],
                case["wrt"],
                case.get("shapes"),
                objective=case.get("objective"),
                notation=case.get("notation", "plain"),
                verify=False,
                **options,
            )
            fragments.append(derivation.render("latex"))
    whole = derived("least squares").render("latex", standalone=True)
    start = whole[: whole.index(r"\section*")]
    compiled(start + "\n\n".join(fragments) + "\n\\end{document}\n", "pdflatex", tmp_path)
