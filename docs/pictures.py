"""The pictures of README, made anew: `python docs/pictures.py`, or `nox -s pictures`.

A page on paper, one on a desk in the dark, one in Chinese on a phone. Needs pdflatex and pdftoppm (Debian:
poppler-utils) for the first, Chromium and the extra `test` for the others.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import dimcompat as dc

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
EXAMPLES = HERE.parent / "examples"
sys.path.insert(0, str(HERE.parent / "tests"))

DESK, PHONE = 720, 400
END = "document.querySelector('details').getBoundingClientRect().top"
"""Where the derivation on a page ends."""


def derived(example: str) -> dc.Derivation:
    """An example, by its file."""
    return dc.derive((EXAMPLES / f"{example}.dim").read_text(encoding="utf-8"), "w")


def paper(folder: Path) -> None:
    """The first page of a document."""
    tex = folder / "paper.tex"
    tex.write_text(derived("01-least-squares").render("latex", standalone=True, lang="en"), encoding="utf-8")
    for command in (
        ["pdflatex", "-interaction=batchmode", "-halt-on-error", tex.name],
        ["pdftoppm", "-png", "-r", "100", "-singlefile", "paper.pdf", str(PICTURES / "paper")],
    ):
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def screens(folder: Path) -> None:
    """A page on a desk in the dark, and one on a phone in Chinese."""
    from browser import Browser

    page = folder / "page.html"
    with Browser() as browser:
        for name, example, lang, width, dark in (
            ("desk", "07-quadratic-form", "en", DESK, True),
            ("phone", "01-least-squares", "zh", PHONE, False),
        ):
            page.write_text(derived(example).render("html", lang=lang), encoding="utf-8")
            browser.open(page)
            browser.show(width, dark=dark, scale=1.25)
            (PICTURES / f"{name}.png").write_bytes(browser.picture(round(browser.value(END))))


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        paper(Path(scratch))
        screens(Path(scratch))
