"""The lecture notes as HTML and PDF: `python examples/notes/build.py [FOLDER]`.

Weaves the notes anew, then writes a page and a document of each into FOLDER, `build` beside this file if none
is given. Documents need pdflatex, and xelatex with ctex for Chinese; without them the .tex files remain.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html import escape
from importlib.resources import files
from pathlib import Path

from dimcompat.derivation import Derivation
from dimcompat.renderers.html import HtmlPage, HtmlSpeller
from dimcompat.renderers.mathml import mathml
from dimcompat.renderers.whole_files import write_whole
from dimcompat.weaving import weave

HERE = Path(__file__).parent
NOTES = {"en": HERE / "matrix-derivatives.md", "zh": HERE / "matrix-derivatives.zh.md"}
ENGINE = {"en": "pdflatex", "zh": "xelatex"}
DOCUMENT = {
    "en": r"\documentclass[11pt]{article}\usepackage[T1]{fontenc}\usepackage{lmodern}",
    "zh": r"\documentclass[11pt,fontset=fandol]{ctexart}",
}
SETTING = r"""
\usepackage{amsmath,amssymb}
\usepackage[a4paper,margin=25mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.4em plus 0.2em}
\setlength{\emergencystretch}{3em}
\allowdisplaybreaks
\begin{document}
"""
STYLE = """
h2.section { padding: 0; margin-top: 2.6rem; font-size: 1.25rem; font-weight: 600; }
.derivation { border-left: 3px solid var(--line); padding-left: 1rem; margin: 1.2rem 0; }
"""
PIECE = re.compile(
    r"^```dimcompat.*\n(?P<source>[\s\S]*?)^```\n+<!-- dimcompat:begin -->[\s\S]*?<!-- dimcompat:end -->"
    r"|^(?P<level>#{1,2}) (?P<heading>.+)$"
    r"|^(?P<words>(?:(?!```|#).+\n?)+)",
    re.MULTILINE,
)
PHRASE = re.compile(
    r"`(?P<code>[^`]+)`|\$(?P<math>[^$]+)\$|\*\*(?P<bold>[^*]+)\*\*|(?P<plain>[^`$*]+|.)", re.DOTALL
)
SPECIAL = str.maketrans(
    {**{c: f"\\{c}" for c in "#%&_{}$"}, "\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}
)


def page(text: str, derivations: list[Derivation], lang: str) -> str:
    """The notes as one page without scripts."""

    def phrase(found: re.Match[str]) -> str:
        if found["code"]:
            return f"<code>{escape(found['code'])}</code>"
        if found["math"]:
            return mathml(found["math"])
        return f"<b>{escape(found['bold'])}</b>" if found["bold"] else escape(found["plain"])

    def derivation(source: str) -> str:
        found = derivations.pop(0)
        parts = "\n".join(HtmlPage(HtmlSpeller(lang, found)).parts(found, "all"))
        return f'<pre>{escape(source)}</pre>\n<div class="derivation">\n{parts}\n</div>'

    def heading(level: int, said: str) -> str:
        return f"<h1>{said}</h1>" if level == 1 else f'<h2 class="section">{said}</h2>'

    title, body = pieces(text, phrase, heading, derivation, "<p>{}</p>")
    style = files("dimcompat.renderers").joinpath("page.css").read_text("utf-8") + STYLE
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


def document(text: str, derivations: list[Derivation], lang: str) -> str:
    """The notes as a LaTeX document."""

    def phrase(found: re.Match[str]) -> str:
        if found["code"]:
            return rf"\texttt{{{found['code'].translate(SPECIAL)}}}"
        if found["math"]:
            return f"${found['math']}$"
        plain = (found["bold"] or found["plain"]).translate(SPECIAL)
        return rf"\textbf{{{plain}}}" if found["bold"] else plain

    def derivation(source: str) -> str:
        shown = derivations.pop(0).render("latex", lang=lang)
        return f"\\begin{{verbatim}}\n{source}\\end{{verbatim}}\n\n{shown}"

    def heading(level: int, said: str) -> str:
        return rf"\{'section' if level == 1 else 'subsection'}*{{{said}}}"

    _, body = pieces(text, phrase, heading, derivation, "{}")
    drawn = "\\usepackage{tikz}" if "tikzpicture" in body else ""
    return f"{DOCUMENT[lang]}{drawn}{SETTING}\n{body}\n\n\\end{{document}}\n"


def pieces(
    text: str,
    phrase: Callable[[re.Match[str]], str],
    heading: Callable[[int, str], str],
    derivation: Callable[[str], str],
    paragraph: str,
) -> tuple[str, str]:
    """The title and the body of notes, each piece written in its way."""
    title, written = "", []
    for found in PIECE.finditer(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)):
        if found["source"]:
            written.append(derivation(found["source"]))
        elif found["heading"]:
            said = PHRASE.sub(phrase, found["heading"])
            title = title or said
            written.append(heading(len(found["level"]), said))
        else:
            written.append(paragraph.format(PHRASE.sub(phrase, found["words"].strip())))
    return title, "\n\n".join(written)


def build(folder: Path) -> list[Path]:
    """Weave the notes and write pages and documents of them; what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for lang, path in NOTES.items():
        text = path.read_text(encoding="utf-8")
        woven = weave(text, path.name)
        if woven.text != text:
            write_whole(path, woven.text)
        derivations = [derivation for _, derivation in woven.derivations]
        name = path.name.removesuffix(".md")
        html, tex = folder / f"{name}.html", folder / f"{name}.tex"
        html.write_text(page(woven.text, [*derivations], lang), encoding="utf-8")
        tex.write_text(document(woven.text, [*derivations], lang), encoding="utf-8")
        written += [html, tex]
        if shutil.which(ENGINE[lang]):
            command = [ENGINE[lang], "-interaction=nonstopmode", "-halt-on-error", tex.name]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            written.append(tex.with_suffix(".pdf"))
    return written


if __name__ == "__main__":
    print(*build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "build"), sep="\n")
