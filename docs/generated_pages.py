"""Pages that are written when the documentation is built: functions, errors, the gallery, the notes.

A module of its own because these say what the program knows already, so nobody writes them by hand: the
registry, the table of codes, what the examples print. `python docs/generated_pages.py` writes them into
docs/_generated, as every build does.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from dimcompat.api import derive, parse
from dimcompat.error_codes import CODES
from dimcompat.functions import REGISTRY, UNSUPPORTED, instead_of
from dimcompat.functions.record import Function
from dimcompat.messages import sentences
from dimcompat.renderers.catalogue import facts
from dimcompat.renderers.glyphs import UNICODE
from dimcompat.weaving.blocks import front_matter, lines_of

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
FAMILIES = {
    "1": ("How the text is written", "ParseError"),
    "2": ("What the shapes forbid", "ShapeError"),
    "3": ("Names that are not there", "UnknownNameError"),
    "4": ("What is not supported", "UnsupportedError"),
}


def functions_page() -> str:
    """A table of the registry for each group: names, what it is, shape, derivative."""
    lines = [
        "# Functions",
        "",
        "What may stand in a formula. `dimcompat functions NAME` shows the same of one",
    ]
    lines += ["function, with an example.", ""]
    for group in dict.fromkeys(record.group for record in REGISTRY.values()):
        lines += [
            f"## {group[0].upper()}{group[1:]}",
            "",
            "| function | | shape | derivative |",
            "|---|---|---|---|",
        ]
        lines += [_row(record) for record in REGISTRY.values() if record.group == group]
        lines.append("")
    lines += ["## Not supported", "", "| function | instead |", "|---|---|"]
    lines += [f"| `{name}` | {_prose(instead_of(name))} |" for name in UNSUPPORTED]
    return "\n".join(lines) + "\n"


def _row(record: Function) -> str:
    said: dict[str, list[str]] = {}
    for label, fact in facts(record, parse, UNICODE):
        said.setdefault(label, []).append(fact)
    names = "<br>".join(
        f"`{name}`" for name in (record.name, *", ".join(said.get("also", [])).split(", ")) if name
    )
    derivative = "<br>".join(map(_rule, said.get("derivative", [])))
    return (
        f"| {names} | {_prose(record.summary)} | {_prose(' '.join(said.get('shape', [])))} | {derivative} |"
    )


def _rule(said: str) -> str:
    """A statement of a derivative with its formula set apart."""
    for mark in (" becomes ", "entry by entry: "):
        words, found, formula = said.partition(mark)
        if found:
            return f"{_prose(words + mark)}`{formula}`"
    return f"`{said}`" if said.startswith("d ") else _prose(said)


def _prose(text: str) -> str:
    return re.sub(r"([\\*_<>|$\[\]])", r"\\\1", text)


def errors_page() -> str:
    """Every code with what it means, the message and the hint."""
    lines = ["# Errors", ""]
    lines += [
        "Every message begins with a code. What stands in ‹angle brackets› is filled in from your text.",
        "`dimcompat explain E201 --lang zh` says it in Chinese.",
        "",
    ]
    for digit, (title, name) in FAMILIES.items():
        lines += [f"## {title}", "", f"These are `dimcompat.{name}` in Python.", ""]
        for code, meaning in sorted(CODES.items()):
            if code[1] == digit:
                lines += [f"({code.lower()})=", f"### {code}: {_prose(meaning)}", ""]
                lines += _template(code)
    return "\n".join(lines)


def _template(code: str) -> Iterator[str]:
    said = sentences("en")
    if code in said:
        yield from (f"> {_prose(_filled(said[code]))}", "")
    if f"{code}.hint" in said:
        yield from (_prose(_filled(said[f"{code}.hint"])), "")


def _filled(text: str) -> str:
    return re.sub(
        r"\{(\w+)[^{}]*\}", r"‹\1›", text.replace("{{", "{\u200b").replace("}}", "\u200b}")
    ).replace("\u200b", "")


def gallery_page() -> str:
    """What each example prints, as formulas."""
    lines = ["# Gallery", "", "Each file in `examples/` with its command and what it derives.", ""]
    for path in sorted(EXAMPLES.glob("*.dim")):
        title, command, *source = path.read_text(encoding="utf-8").splitlines()
        text, options = "\n".join(source).strip(), shlex.split(command.removeprefix("# "))
        derivation = derive(
            text,
            options[options.index("--wrt") + 1],
            order=int(options[options.index("--order") + 1]) if "--order" in options else 1,
            upstream="--upstream" in options,
        )
        shown = derivation.render("markdown", lang="en")
        lines += [f"## {title.removeprefix('# ').rstrip('.')}", "", "```text", text, "```", ""]
        lines += ["```sh", command.removeprefix("# "), "```", "", shown]
    return "\n".join(lines)


def notes_page(name: str) -> str:
    """Lecture notes as they stand, without their front matter."""
    text = (EXAMPLES / "notes" / name).read_text(encoding="utf-8")
    lines = lines_of(text)
    return text[lines[front_matter(lines)].start :].lstrip("\n")


def pages() -> dict[str, str]:
    """Every generated page by its name."""
    return {
        "functions.md": functions_page(),
        "errors.md": errors_page(),
        "gallery.md": gallery_page(),
        "notes.md": notes_page("matrix-derivatives.md"),
        "notes-zh.md": notes_page("matrix-derivatives.zh.md"),
    }


def write(folder: Path = HERE / "_generated") -> None:
    """Write those pages that have changed, so that a build after no change does nothing."""
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(write())
