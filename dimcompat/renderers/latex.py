r"""The derivation in LaTeX: a fragment for lecture notes that needs amsmath, or a document of its own.

A module of its own because a fragment must stand in anybody's notes: it defines nothing, and a document
compiles with pdflatex in English and with xelatex in Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence

from dimcompat.derivation import Derivation
from dimcompat.messages import text
from dimcompat.renderers.latex_speller import LatexSpeller
from dimcompat.renderers.latex_widths import looks
from dimcompat.renderers.pages import Page, Printed
from dimcompat.renderers.pictures import Picture
from dimcompat.renderers.stairs import Meanings
from dimcompat.renderers.tikz import tikz

PAGE = 74
"""How many letters a line has room for, with a little to spare for what an estimate misses."""

TOGETHER = 6
"""How many rows of a display stay on one page."""

SIGN, FURTHER, BESIDE = 3, 2, 4
"""Letters that a relation takes, the indent of a line that goes on, and the space before a remark."""

RELATIONS = {"=": "&=", "~": r"&\;\sim\;", "": r"&\quad{}"}
_PREAMBLES = {
    "en": "\\documentclass[11pt]{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}",
    "zh": "% xelatex\n\\documentclass[11pt,fontset=fandol]{ctexart}",
}
_SETTING = r"""\usepackage{amsmath}
\usepackage[a4paper,margin=25mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.4em plus 0.2em}
\setlength{\rightskip}{0pt plus 1fil}
\setlength{\lineskiplimit}{2pt}
\setlength{\lineskip}{3pt}
\allowdisplaybreaks[1]
\widowpenalty=10000 \clubpenalty=10000 \displaywidowpenalty=10000
"""


def render_latex(
    derivation: Derivation,
    *,
    steps: str = "all",
    standalone: bool = False,
    lang: str | None = None,
    pictures: bool = False,
) -> str:
    """The derivation as a LaTeX fragment, or as a document that compiles."""
    speller = LatexSpeller(lang, derivation)
    body = "\n\n".join(LatexPage(speller, pictures=pictures).parts(derivation, steps)) + "\n"
    has_pictures = "{tikzpicture}" in body
    if not standalone:
        return f"% needs \\usepackage{{amsmath{',tikz' if has_pictures else ''}}}\n" + body
    preamble = _PREAMBLES["zh" if (lang or "").lower().startswith("zh") else "en"]
    title = rf"\section*{{{speller.words(text('document.title', lang))}}}"
    drawn = "\\usepackage{tikz}\n" if has_pictures else ""
    return f"{preamble}\n{drawn}{_SETTING}\\begin{{document}}\n{title}\n{body}\\end{{document}}\n"


class LatexPage(Page):
    """Blocks in LaTeX; a step is one paragraph, so that its display stands close to its words."""

    def picture(self, picture: Picture) -> tuple[str, Meanings]:
        if not self.pictures:
            return super().picture(picture)
        drawing, found = tikz(picture, self.speller)
        return f"\n{drawing}", found.meanings

    def paragraph(self, said: str) -> str:
        return rf"\noindent {said}"

    def title(self, number: int, said: str) -> str:
        return rf"\medskip\noindent\hangindent=1.5em\hangafter=1 \textbf{{{number}}}\quad {said}"

    def together(self, title: str, said: Sequence[str], display: str) -> str:
        return " \\\\*\n".join((title, *said)) + "\n" + display

    def framed(self, rows: Sequence[Printed]) -> str:
        left = max((looks(row.left) for row in rows), default=0)
        right = max((looks(row.right) + (0 if row.relation else FURTHER) for row in rows), default=0)
        remark = max((looks(row.remark) for row in rows), default=0)
        beside = bool(remark) and left + SIGN + right + BESIDE + remark <= PAGE
        lines = []
        for row in rows:
            line = f"  {row.left} {RELATIONS[row.relation]} {row.right}"
            if row.remark:
                line += rf" &\qquad& {row.remark}" if beside else rf" \\{chr(10)}  &\quad {row.remark}"
            lines.append(line)
        body = (" \\\\*\n" if len(rows) <= TOGETHER else " \\\\\n").join(lines)
        start, end = (r"{alignat*}{2}", r"{alignat*}") if beside else (r"{align*}", r"{align*}")
        return f"\\begin{start}\n{body}\n\\end{end}"

    def boxed(self, left: str, lines: Sequence[str], shape: str) -> str:
        inside = f"{left} = {lines[0]}"
        if len(lines) > 1:
            rows = r" \\ &\quad{} ".join(lines)
            inside = rf"\begin{{aligned}} {left} &= {rows} \end{{aligned}}"
        return f"\\[\n  \\boxed{{{inside}}}\\qquad {shape}\n\\]"
