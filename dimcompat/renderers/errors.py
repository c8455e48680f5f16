"""An error as a message: the line at fault, carets under the parts, what was found, what would fit.

A module of its own because errors are data until here, and because this must run when nothing
heavy is loaded and whatever the text holds: tabs, wide characters, control characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from dimcompat.errors import DimcompatError, Label
from dimcompat.messages import has, language, say, text, told
from dimcompat.renderers.wrapping import columns, wrapped

INDENT = "    "
WINDOW = 100
_NEWLINE = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


def error_text(
    error: DimcompatError, *, lang: str | None = None, width: int = 80, ascii: bool = False
) -> str:
    """The message, ending with a newline; ``ascii`` leaves out what not every stream can show."""
    lang = language(lang)
    lines: list[str] = []
    elsewhere = error.where != "source"
    key, number = "error.place" if elsewhere else "error", 1
    if error.text is not None and error.span is not None:
        labels = [Label(label.span, told(label.text, lang)) for label in error.labels]
        number, count, shown = _shown(error.text, error.span, labels)
        if count > 1:
            key = "error.line of" if elsewhere else "error.line"
        lines += [INDENT + line for line in shown]
    where = say(f"where.{error.where}") if has(f"where.{error.where}") else error.where
    head, *rest = _head_first(told(error.message, lang))
    lines.insert(0, text(key, lang, code=error.code, said=head, where=where, number=number))
    for said in (*rest, told(error.hint, lang) or ""):
        lines += [INDENT + line for line in wrapped(said, max(width, 40) - len(INDENT))]
    whole = "\n".join(line.rstrip() for line in lines) + "\n"
    return _plain(whole) if ascii else whole


def error_json(error: DimcompatError, lang: str | None = None) -> str:
    """The error as one JSON object on a line; spans are offsets in the text that ``where`` names."""
    lang = language(lang)
    return _json(
        {
            "error": type(error).__name__,
            "code": error.code,
            "message": told(error.message, lang),
            "hint": told(error.hint, lang),
            "where": error.where,
            "span": error.span,
            "labels": [{"span": label.span, "text": told(label.text, lang)} for label in error.labels],
        }
    )


def fault_json(message: str, lang: str | None = None) -> str:
    """A fault that is no fault of the source, with the same fields."""
    return _json(
        {
            "error": "Fault",
            "code": None,
            "message": told(message, language(lang)),
            "hint": None,
            "where": None,
            "span": None,
            "labels": [],
        }
    )


def _json(fields: dict[str, object]) -> str:
    return json.dumps(fields) + "\n"


def fault_text(message: str, lang: str | None = None) -> str:
    """A fault that is no fault of the source, such as a file that cannot be read."""
    return text("fault", lang, said=message) + "\n"


def _head_first(message: str) -> tuple[str, ...]:
    """What is wrong goes to the first line, what explains it below the source."""
    for mark in (": ", ". ", "：", "。"):
        head, found, rest = message.partition(mark)
        if found and rest and "\n" not in head and columns(head) > 12:
            return head, rest[:1].upper() + rest[1:] if mark == ". " else rest
    return (message,)


def _shown(text: str, span: tuple[int, int], labels: Sequence[Label]) -> tuple[int, int, list[str]]:
    """The number of the line at fault, how many there are, and the line with what is marked in it."""
    start, end = max(0, min(span[0], len(text))), max(0, min(span[1], len(text)))
    bounds = [0, *(match.end() for match in _NEWLINE.finditer(text))]
    number = max(place for place, begin in enumerate(bounds) if begin <= start)
    begin = bounds[number]
    stop = bounds[number + 1] if number + 1 < len(bounds) else len(text)
    line = text[begin:stop].rstrip("\n\r\x85\u2028\u2029")
    inside = [label for label in labels if begin <= label.span[0] <= label.span[1] <= begin + len(line)]
    marks = [(label.span[0] - begin, label.span[1] - begin, label.text) for label in inside]
    if not marks:
        marks = [(start - begin, min(end - begin, len(line)), "")]
    low, high = min(mark[0] for mark in marks), max(mark[1] for mark in marks)
    first, last = _window(len(line), low, high)
    before, after = "…" if first else "", "…" if last < len(line) else ""
    offsets = [len(before)]
    picture = before
    for character in line[first:last]:
        picture += _visible(character)
        offsets.append(columns(picture))
    spans = [
        (offsets[max(s, first) - first], offsets[max(min(e, last), s, first) - first], label)
        for s, e, label in sorted(marks)
    ]
    return number + 1, len(bounds), [picture + after, _carets(spans), *_names(spans)]


def _window(length: int, low: int, high: int) -> tuple[int, int]:
    """The part of a long line that is shown: around what is marked."""
    if length <= WINDOW:
        return 0, length
    first = max(0, min(low - 20, length - WINDOW))
    return first, min(length, max(first + WINDOW, min(high + 10, first + 2 * WINDOW)))


def _visible(character: str) -> str:
    if character == "\t":
        return "    "
    return character if character.isprintable() else "�"


def _carets(spans: Sequence[tuple[int, int, str]]) -> str:
    line = ""
    for start, end, _ in spans:
        line += " " * (start - len(line)) + "^" * (max(end, start + 1) - max(start, len(line)))
    return line


def _names(spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """The labels below their carets, on as many lines as keep them apart."""
    lines: list[str] = []
    for start, _, label in spans:
        if not label:
            continue
        for place, line in enumerate(lines):
            if columns(line) + 2 <= start:
                lines[place] = line + " " * (start - columns(line)) + label
                break
        else:
            lines.append(" " * start + label)
    return lines


_ASCII: dict[str, str | int | None] = {
    "×": "x",
    "…": "~",
    "≠": "!=",
    "—": "-",
    "–": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "�": "?",
}


def _plain(text: str) -> str:
    return text.translate(str.maketrans(_ASCII))
