"""Derivations put into somebody's own notes, where blocks ask for them, and again after a change.

A room of its own because the file belongs to its author: what stands between the marks is written anew,
and every other byte stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dimcompat.asking import Question, read_question
from dimcompat.errors import DimcompatError, Label
from dimcompat.messages import joined, say
from dimcompat.options import Fault
from dimcompat.records import dataclass
from dimcompat.weaving.blocks import (
    LATEX,
    MARKDOWN,
    Block,
    Marks,
    front_matter,
    latex_blocks,
    lines_of,
    markdown_blocks,
)

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation

KINDS = {".md": "markdown", ".markdown": "markdown", ".tex": "latex"}
_LANG = re.compile(r"""lang(?:uage)?:\s*["']?([A-Za-z-]+)""")
_SENTINEL, _WRITTEN = 7e-77, "7e-77"
_ANY_ERROR = r"(?:\d+e-?\d+|0)"


@dataclass(frozen=True, slots=True)
class Woven:
    """Notes with their derivations: the line of each block with what was derived, and how many differ."""

    text: str
    derivations: tuple[tuple[int, Derivation], ...]
    changed: int


def kind_of(name: str) -> str:
    """Markdown or LaTeX, by the end of a file's name. Raises Fault where it is neither."""
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None:
        raise Fault(say("weave.kind", name=name, kinds=joined(list(KINDS), "joined.names")))
    return kind


def weave(text: str, name: str, *, lang: str | None = None) -> Woven:
    """The notes with a derivation below each block. ``name`` is that of their file.

    The language is that of a block's ``--lang``, else ``lang``, else the one that a Markdown file states in
    its front matter. Raises Fault where a block is at fault, a DimcompatError where a source is; both say
    in which line of the file.
    """
    kind = kind_of(name)
    try:
        blocks = list(markdown_blocks(text) if kind == "markdown" else latex_blocks(text))
    except Fault as fault:
        raise Fault(say("weave.in file", name=name, said=fault.message)) from fault
    lang = lang or (_stated_language(text) if kind == "markdown" else None)
    marks = MARKDOWN if kind == "markdown" else LATEX
    newline = next((line.ending for line in lines_of(text)), "") or "\n"
    pieces: list[str] = []
    derivations: list[tuple[int, Derivation]] = []
    done = changed = 0
    for block in blocks:
        question, derivation = _answered(block, text, name)
        chosen = replace(question, lang=question.lang or lang)
        derivations.append((block.number, derivation))
        start, end = block.region or (block.after, block.after)
        old = text[start:end]
        new = _region(derivation, chosen, kind, marks, block.indent, newline)
        if block.region is not None and _says_the_same(old, derivation, chosen, kind, marks, block, newline):
            new = old
        elif block.region is None:
            new = newline * 2 + new
        changed += new != old
        pieces += [text[done:start], new]
        done = end
    return Woven("".join([*pieces, text[done:]]), tuple(derivations), changed)


def _stated_language(text: str) -> str | None:
    """What the front matter of a Markdown file states, where it is one of ours."""
    from dimcompat.messages import known_language

    lines = lines_of(text)
    stated = [_LANG.match(line.text) for line in lines[: front_matter(lines)]]
    return next((known_language(found[1]) for found in stated if found is not None), None)


def _answered(block: Block, text: str, name: str) -> tuple[Question, Derivation]:
    try:
        question = read_question(block.options)
        return question, question.derive(block.source)
    except Fault as fault:
        said = say("weave.in file and line", name=name, number=block.number, said=fault.message)
        raise Fault(said) from fault
    except DimcompatError as error:
        raise _located(error, block, text, name) from error


def _located(error: DimcompatError, block: Block, text: str, name: str) -> DimcompatError:
    """The error, pointing into the file instead of into the block or its options."""
    labels: tuple[Label, ...] = ()
    if error.where == "source" and error.span is not None:
        start, end = error.span
        # an end stands just after a character: the place of that character decides which line it is in
        span = block.place(start), max(block.place(max(end - 1, start)) + (end > start), block.place(start))
        labels = tuple(
            Label((block.place(label.span[0]), block.place(label.span[1])), label.text)
            for label in error.labels
        )
    else:
        asked, part = block.options, error.text or ""
        at = asked.find(part) if part else -1
        inside = error.span if at >= 0 and error.span is not None else (0, len(asked.rstrip()))
        base = block.options_at + max(at, 0)
        span = base + inside[0], base + inside[1]
    return error.at(span, text=text, where=name, labels=labels)


def _region(
    derivation: Derivation, question: Question, kind: str, marks: Marks, indent: str, newline: str
) -> str:
    """What is written below a block, from mark to mark."""
    shown = derivation.render(kind, steps=question.steps, lang=question.lang, pictures=question.pictures)
    body = shown.strip("\n")
    lines = [marks.begin, "", *body.split("\n"), "", marks.end]
    return newline.join(indent + line if line else "" for line in lines)


def _says_the_same(
    old: str,
    derivation: Derivation,
    question: Question,
    kind: str,
    marks: Marks,
    block: Block,
    newline: str,
) -> bool:
    """Whether what stands there differs in the digits of the check's error alone, as machines do."""
    check = derivation.verification
    if check is None or check.max_relative_error is None:
        return False
    masked = replace(derivation, verification=replace(check, max_relative_error=_SENTINEL))
    pattern = re.escape(_region(masked, question, kind, marks, block.indent, newline))
    return re.fullmatch(pattern.replace(re.escape(_WRITTEN), _ANY_ERROR), old) is not None
