r"""The derivation as one self-contained HTML page: MathML, a style for light and dark, no script.

A module of its own because a page must be read on a phone, in a notebook and on paper alike: every display
scrolls by itself where it is too wide, and what is copied is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from dimcompat.derivation import Derivation
from dimcompat.messages import text
from dimcompat.renderers.latex import render_latex
from dimcompat.renderers.latex_breaking import loosened
from dimcompat.renderers.latex_speller import LatexSpeller
from dimcompat.renderers.mathml import mathml
from dimcompat.renderers.pages import Page, Printed
from dimcompat.renderers.pictures import Picture
from dimcompat.renderers.stairs import Meanings
from dimcompat.renderers.svg import svg

INLINE = 16
"""How many letters a formula in a sentence may have without a place where the line may end."""

_MATH = "<math>(?:(?!</?math>).)*</math>"
_PUNCTUATED = re.compile(rf"\({_MATH}[,.;:)]*|{_MATH}[,.;:)，。；：、]+")

RELATIONS = {"=": "=", "~": r"\sim", "": ""}


def render_html(derivation: Derivation, *, steps: str = "all", lang: str | None = None) -> str:
    """The derivation as a page."""
    page = HtmlPage(HtmlSpeller(lang, derivation))
    body = "\n".join(page.parts(derivation, steps))
    source = escape(render_latex(derivation, steps=steps, lang=lang))
    title, summary = escape(text("document.title", lang)), escape(text("document.source", lang))
    style = files("dimcompat.renderers").joinpath("page.css").read_text("utf-8")
    language = "zh-CN" if (lang or "").lower().startswith("zh") else "en"
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
<details>
<summary>{summary}</summary>
<pre><code>{source}</code></pre>
</details>
</main>
</body>
</html>
"""


class HtmlSpeller(LatexSpeller):
    """Sentences in HTML, formulas as MathML."""

    def words(self, text: str) -> str:
        return escape(text)

    def inline(self, formula: str) -> str:
        return "".join(map(mathml, loosened(formula, INLINE)))


class HtmlPage(Page):
    """Blocks in HTML."""

    wide, boxed_wide = 54, 54

    def paragraph(self, said: str) -> str:
        return f"<p>{_tied(said)}</p>"

    def title(self, number: int, said: str) -> str:
        return f'<h2><span class="number">{number}</span> {_tied(said)}</h2>'

    def asked(self, wanted: str, display: str, given: str) -> str:
        said = map(self.paragraph, (wanted, given))
        return '<section class="problem">\n{}\n{display}\n{}\n</section>'.format(*said, display=display)

    def together(self, title: str, said: Sequence[str], display: str) -> str:
        rows = "".join(f"{self.paragraph(one)}\n" for one in said)
        return f'<section class="step">\n{title}\n{rows}{display}\n</section>'

    def framed(self, rows: Sequence[Printed]) -> str:
        lines = "".join(map(_table_row, rows))
        return f'<div class="display"><table role="presentation">\n{lines}</table></div>'

    def picture(self, picture: Picture) -> tuple[str, Meanings]:
        drawing, found = svg(picture, self.speller.lang)
        return f'\n<div class="display">{drawing}</div>', found.meanings

    def boxed(self, left: str, lines: Sequence[str], shape: str) -> str:
        rows = [
            Printed(left if not n else "", "=" if not n else "", line, "") for n, line in enumerate(lines)
        ]
        rows[-1] = rows[-1]._replace(remark=shape)
        return f'<section class="result">{self.framed(rows)}</section>'


def _tied(said: str) -> str:
    """Words in which no line begins with the comma after a formula, nor ends with the bracket before one."""
    return _PUNCTUATED.sub(r'<span class="tied">\g<0></span>', said)


def _table_row(row: Printed) -> str:
    left = mathml(row.left) if row.left else ""
    relation = mathml(RELATIONS[row.relation]) if RELATIONS[row.relation] else ""
    remark = row.remark.removeprefix(r"\text{").removesuffix("}") if r"\text{" in row.remark else ""
    beside = remark or (mathml(row.remark) if row.remark else "")
    indent = "" if row.relation else ' class="further"'
    right = mathml(row.right if row.relation else f"{{}} {row.right}", display=True)
    return (
        f'<tr><td class="left">{left}</td><td class="sign">{relation}</td>'
        f'<td{indent}>{right}</td><td class="remark">{beside}</td></tr>\n'
    )
