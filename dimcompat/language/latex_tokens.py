r"""The pieces of a LaTeX text as typed: commands, letters, numbers, brackets and their partners.

A module of its own because it knows how LaTeX is written and nothing of what a formula means: every
letter stands alone, spaces and sizes say nothing, and a bar closes what a bar has opened.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from dimcompat.errors import DimcompatError, Label, fault, shown
from dimcompat.language.latex_words import BLANKS, FRACTIONS, OPERATORS
from dimcompat.language.plain import plain_characters
from dimcompat.language.precedence import PLAIN_SPELLING
from dimcompat.messages import say

OPENERS = {"(": ")", "[": "]", "{": "}", "‖": "‖", "|": "|", "⟨": "⟩"}
_DELIMITERS = {
    "(": "(", ")": "(", "[": "[", "]": "[", r"\{": "(", r"\}": "(", r"\lbrace": "(", r"\rbrace": "(",
    "|": "|", r"\|": "‖", r"\vert": "|", r"\Vert": "‖", r"\lvert": "|", r"\rvert": "|", r"\lVert": "‖",
    r"\rVert": "‖", r"\langle": "⟨", r"\rangle": "⟨", "⟨": "⟨", "⟩": "⟨", "‖": "‖",
    r"\lbrack": "[", r"\rbrack": "[",
}  # fmt: skip
_OPENING = ("(", "[", r"\{", r"\lbrace", r"\lvert", r"\lVert", r"\langle", "⟨", r"\lbrack")
_CLOSING = (")", "]", r"\}", r"\rbrace", r"\rvert", r"\rVert", r"\rangle", "⟩", r"\rbrack")

_GREEK = "Α-ΡΣ-Ωα-ωϐ-ϖϰϱϴϵ"
_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "blank": r"[ \t\f\v\u00a0\u2000-\u200a\u202f\u205f~]+|%[^\n\r]*(?:\r\n|[\n\r](?=[ \t]*\S))?"
            r"|\\[ ,;:!>/]|\$(?!\$)|\\[()]|\\(?:label|tag\*?)\s*\{[^{}]*\}",
            "align": "&",
            "sided": r"\\(?:left|right)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\[{}|]|[^\s\\])",
            "row": r"\\\\(?:\s*\[[^\]\n]*\])?|\$\$|\\[\[\]]|\\(?:begin|end)\s*\{[A-Za-z]+\*?\}(?:\{\d+\})?",
            "joint": r"其中|以及|而且|且|、",
            "line": r"\r\n|[\n\r\x85\u2028\u2029]",
            "semicolon": ";",
            "command": r"\\operatorname\*|\\[A-Za-z]+|\\[{}|]",
            "number": r"\d+(?:\.\d+)?|\.\d+",
            "letter": rf"[A-Za-z{_GREEK}]",
            "bar": r"\|\|?|‖",
            "raised": r"⁻ᵀ|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+",
            "symbol": r":=|\.\*|\./|\.\^|\*\*|(?s:.)",
        }.items()
    )
)


class Raw(NamedTuple):
    """A piece of the text: its kind, what it says, and its offsets.

    Kinds: letter, number, command, symbol, open and close (with the plain bracket), break, end.
    """

    kind: str
    text: str
    start: int
    end: int


class Pieces(NamedTuple):
    """The pieces of a text, the last of kind end, and for each opening bracket the place of its closer."""

    raws: list[Raw]
    partner: dict[int, int]
    text: str


def pieces(text: str) -> Pieces:
    """The pieces of a text. Raises a ParseError where a bracket has no partner."""
    return _double_bars(_matched(_cut(text), text))


def _cut(text: str) -> list[Raw]:
    plain = plain_characters(text)
    found: list[Raw] = []
    single = at = 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        assert match is not None
        start, at = match.span()
        group, word = match.lastgroup or "", match.group()
        if group == "number" and single:
            word, at = word[0], start + 1
        if group in ("blank", "align") or (group == "command" and word[1:] in BLANKS):
            if group == "align" and plain[at:].lstrip(" \t")[:1] == "-":
                while found and found[-1].kind == "break":
                    found.pop()
            continue
        if group == "symbol" and word.isspace():
            continue
        single = max(single - 1, 0) if group in ("number", "letter", "command") else 0
        if word in ("^", "_"):
            single = 1
        elif group == "command" and word[1:] in FRACTIONS:
            single = 2
        found.append(_raw(group, word, start, at))
    return [*found, Raw("end", "", len(text), len(text))]


def _raw(group: str, word: str, start: int, end: int) -> Raw:
    if group == "sided":
        side = "open" if word.startswith(r"\left") else "close"
        delimiter = word.removeprefix(r"\left").removeprefix(r"\right").strip()
        if delimiter not in _DELIMITERS:
            wanted = say("latex.delimiter")
            raise fault("E153", (start, end), found=shown(word[:6].rstrip()), wanted=wanted)
        return Raw(side, _DELIMITERS[delimiter], start, end)
    if group in ("row", "line", "semicolon"):
        return Raw("break", ";" if group == "semicolon" else "", start, end)
    if word in _OPENING or word == "{":
        return Raw("open", _DELIMITERS.get(word, word), start, end)
    if word in _CLOSING or word == "}":
        return Raw("close", _DELIMITERS.get(word, "{"), start, end)
    if group == "bar" or word in (r"\|", r"\Vert", r"\vert", r"\mid"):
        return Raw("bar", "|" if word in ("|", r"\vert", r"\mid") else "‖", start, end)
    if group == "raised":
        return Raw("symbol", word, start, end)
    if group == "joint":
        return Raw("symbol", ",", start, end)
    if group == "command" and word[1:] in OPERATORS:
        return Raw("symbol", OPERATORS[word[1:]], start, end)
    if group == "symbol":
        return Raw("symbol", PLAIN_SPELLING.get(word, word), start, end)
    return Raw(group, word, start, end)


def _matched(raws: list[Raw], text: str) -> Pieces:
    """The pieces with their brackets matched, and without the breaks that end nothing."""
    opened: list[int] = []
    partner: dict[int, int] = {}
    kept: list[Raw] = []
    for place, raw in enumerate(raws):
        kind = raw.kind
        if kind == "break" and (opened or _goes_on(kept, raws[place + 1 :])):
            if raw.text == ";" and opened:
                opener = kept[opened[-1]]
                opening = shown(text[opener.start : opener.end])
                raise fault("E111", raw[2:], found=shown(";"), opener=opening)
            continue
        if kind == "bar":
            closes = opened and kept[opened[-1]].text == raw.text and _ends_operand(kept[-1])
            raw = raw._replace(kind="close" if closes else "open")
        if raw.kind == "open":
            opened.append(len(kept))
        elif raw.kind == "close":
            _check(raw, kept, opened, text)
            partner[opened.pop()] = len(kept)
        kept.append(raw)
    if opened:
        raise _unclosed(kept[opened[-1]], text)
    return Pieces(kept, partner, text)


def _double_bars(found: Pieces) -> Pieces:
    r"""The pieces with ``\left|\left| … \right|\right|`` as the bars of a norm."""
    raws, partner, text = found
    merged: dict[int, Raw] = {}
    for outer, closer in partner.items():
        inner = outer + 1
        if raws[outer].text == "|" == raws[inner].text and partner.get(inner) == closer - 1:
            pairs = (raws[outer], raws[inner]), (raws[closer - 1], raws[closer])
            if all(first.end == second.start for first, second in pairs):
                (first, second), (third, last) = pairs
                merged[inner] = Raw("open", "‖", first.start, second.end)
                merged[closer - 1] = Raw("close", "‖", third.start, last.end)
    if not merged:
        return found
    dropped = {place - 1 if raw.kind == "open" else place + 1 for place, raw in merged.items()}
    kept = [place for place in range(len(raws)) if place not in dropped]
    places = {place: number for number, place in enumerate(kept)}
    pairs_kept = {places[o]: places[c] for o, c in partner.items() if o in places}
    return Pieces([merged.get(place, raws[place]) for place in kept], pairs_kept, text)


def _goes_on(before: list[Raw], after: list[Raw]) -> bool:
    """Whether a new line goes on with what stands before it."""
    following = next((raw for raw in after if raw.kind != "break"), None)
    if not before or before[-1].kind == "break" or following is None:
        return False
    binary = {"+", "*", "/", ".*", "./", "=", "⊗", "^", "_"}
    return before[-1].text in {*binary, "-"} or following.text in binary


def _ends_operand(raw: Raw) -> bool:
    return raw.kind in ("letter", "number", "command", "close") or raw.text == "'"


def _check(raw: Raw, kept: list[Raw], opened: list[int], text: str) -> None:
    typed = shown(text[raw.start : raw.end])
    if not opened:
        raise fault("E109", raw[2:], found=typed)
    opener = kept[opened[-1]]
    if opener.text != raw.text:
        if opener.text == "{":
            raise _unclosed(opener, text)
        typed_opener = shown(text[opener.start : opener.end])
        label = Label((opener.start, opener.end), say("label.opened"))
        wanted = shown(OPENERS[opener.text])
        raise fault("E110", raw[2:], labels=(label,), found=typed, opener=typed_opener, wanted=wanted)


def _unclosed(opener: Raw, text: str) -> DimcompatError:
    kinds = {"{": "bracket.brace", "‖": "bracket.norm bar", "|": "bracket.bar"}
    found, wanted = shown(text[opener.start : opener.end]), shown(OPENERS[opener.text])
    bracket = say(kinds.get(opener.text, "bracket"))
    return fault("E108", opener[2:], bracket=bracket, found=found, wanted=wanted)
