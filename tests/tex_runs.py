"""TeX runs of tests: fragments into one document, and what TeX says of each.

A module of its own because hundreds of fragments go into one run, and a fault must still name its fragment.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import dimcompat as dc

ENGINE = {"en": "pdflatex", "zh": "xelatex"}
_PIECE = re.compile(
    r"^fragment (?P<name>.*)$|^(?P<said>! \S.*|Overfull .*|Missing character.*)$", re.MULTILINE
)


def document(fragments: Mapping[str, str], lang: str) -> str:
    """One document, in the setting that the project's own documents have."""
    product = dc.derive("sumsq(X*w)", "w", {"X": "m, n", "w": "n"}, verify=False)
    whole = product.render("latex", standalone=True, lang=lang, pictures=True)
    start = whole[: whole.index(r"\section*")]
    body = "\n\n".join(f"\\typeout{{fragment {name}}}\n{text}" for name, text in fragments.items())
    return f"{start}\n{body}\n\\end{{document}}\n"


def complaints(document: str, lang: str, folder: Path) -> list[str]:
    """What TeX has against a document: errors, letters that a font lacks, what reaches over the margin."""
    (folder / "page.tex").write_text(document, encoding="utf-8")
    command = [ENGINE[lang], "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"max_print_line": "2000"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    log = (folder / "page.log").read_text(encoding="utf-8", errors="replace")
    name, found = "the preamble", []
    for piece in _PIECE.finditer(log):
        name = piece["name"] or name
        found += [f"{name}: {piece['said']}"] if piece["said"] else []
    if done.returncode and not found:
        found.append(f"{name}: {ENGINE[lang]} ended with {done.returncode}")
    return found
