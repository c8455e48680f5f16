r"""How wide a formula is on the page, estimated from its LaTeX.

A module of its own because it is a small table of font metrics: what breaks lines must know before TeX or a
browser does that `\odot` takes more room than a letter, a superscript less, and a shape below its factor none
where the factor is wider.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import field
from math import ceil

from dimcompat.records import dataclass

LETTER = 0.52
"""The width of an average letter in em: the unit that line widths are counted in."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_ARGUMENTS = {r"\frac": 2, r"\underset": 2, r"\sqrt": 1, r"\xrightarrow": 1, "^": 1, "_": 1}
_FENCES = {r"\left", r"\right", r"\Bigl", r"\Bigr"}
_NOTHING = {"$", "&", r"\mathop", r"\mathrm", r"\mathit", r"\mathbf", r"\operatorname"}
_NOTHING |= {r"\hat", r"\bar", r"\tilde"}
_BINARY = dict.fromkeys(("+", "-", r"\odot", r"\oslash", r"\otimes", r"\times"), 0.78) | {r"\cdot": 0.28}
_RELATIONS = {"=": 0.78, r"\sim": 0.78, r"\in": 0.67, r"\to": 1.0, r"\colon": 0.0}
_LETTERS = (
    (0.28, "[].:'|"), (0.34, "ilt~"), (0.39, "()"), (0.44, ",jrI"), (0.72, "w"), (0.88, "mHKNX"),
    (1.03, "MW"),
)  # fmt: skip
_WIDTHS = {
    r"\quad": 1.0, r"\qquad": 2.0, r"\;": 0.28, r"\:": 0.22, r"\,": 0.17, r"\!": -0.17, r"\ ": 0.33,
    r"\lVert": 0.5, r"\rVert": 0.5, r"\lvert": 0.28, r"\rvert": 0.28, r"\langle": 0.39, r"\rangle": 0.39,
    r"\sum": 1.44, r"\nabla": 0.83, r"\top": 0.78, r"\partial": 0.58, r"\cdots": 1.34, r"\dots": 1.34,
    r"\thinspace": 0.17,
} | {letter: width for width, letters in _LETTERS for letter in letters}  # fmt: skip
_NAMED = re.compile(r"\\(?:arc|log|exp|det|sin|cos|tan|cot|max|min|lim)[a-z]*$")
_AROUND, _FENCE, _SMALLER, _SMALLEST = 0.44, 0.7, 0.7, 0.5


@dataclass(slots=True)
class _Group:
    """What stands between braces: its width so far, how large its letters are, what awaits an argument."""

    scale: float = 1.0
    display: bool = True
    text: bool = False
    width: float = 0.0
    script: float = 0.0
    operand: bool = False
    awaited: list[tuple[str, list[float]]] = field(default_factory=list)

    def inner(self) -> tuple[float, bool]:
        """How large the letters of the next argument are, and whether fractions in it are."""
        command, done = self.awaited[-1] if self.awaited else ("", [])
        small = command in ("^", "_", r"\xrightarrow") or (command == r"\underset" and not done)
        if small or (command == r"\frac" and not self.display):
            return max(_SMALLEST, self.scale * _SMALLER), False
        return self.scale, self.display and command != r"\frac"

    def take(self, width: float, script: float = 0.0) -> None:
        """A piece, or the argument that is awaited."""
        while self.awaited:
            command, done = self.awaited[-1]
            done.append(width)
            if len(done) < _ARGUMENTS[command]:
                return
            self.awaited.pop()
            if command in ("^", "_"):
                self.width += max(0.0, width - self.script)
                self.script = max(width, self.script)
                return
            padding = {r"\frac": 0.24, r"\underset": 0.0, r"\sqrt": 0.83, r"\xrightarrow": 1.0}[command]
            width, script = max(done) + padding * self.scale, 0.0
        self.width += width
        self.script = script
        self.operand = True


def looks(formula: str) -> int:
    """How many average letters wide a formula is on the page; words count where they stand in ``\\text``."""
    return ceil(reaches(formula)[-1])


def reaches(formula: str, places: Collection[int] = ()) -> list[float]:
    """How many letters stand before each of these places, which are outside braces, and how many in all."""
    groups, found = [_Group()], []
    wanted = set(places)
    text = False
    for piece in _TOKEN.finditer(formula):
        token, group = piece.group(), groups[-1]
        if piece.start() in wanted:
            found.append(group.width / LETTER)
        if token in _ARGUMENTS:
            group.awaited.append((token, []))
        elif token == "{":
            scale, display = group.inner()
            groups.append(_Group(scale, display, text or group.text))
            text = False
        elif token == "}":
            if len(groups) > 1:
                groups.pop()
                groups[-1].take(group.width)
        elif token == r"\text":
            text = True
        elif token == "$":
            group.text = not group.text
        elif token in _FENCES:
            group.take(_FENCE * group.scale - _WIDTHS["("])
        elif token not in _NOTHING:
            _piece(group, token)
    return [*found, sum(group.width for group in groups) / LETTER]


def _piece(group: _Group, token: str) -> None:
    """One sign, letter or name of a function."""
    scale = group.inner()[0]
    between = _AROUND if group.operand and scale == 1.0 else 0.0
    if group.text and token == " ":
        group.take(0.33)
    elif token.isspace():
        return
    elif token in _BINARY and not group.text:
        group.take(scale * (_BINARY[token] + between))
        group.operand = False
    elif token in _RELATIONS and not group.text:
        group.take(scale * (_RELATIONS[token] + between + 0.12))
        group.operand = False
    else:
        group.take(scale * _letter(token), _WIDTHS[token] if token == r"\sum" else 0.0)


def _letter(token: str) -> float:
    if token in _WIDTHS:
        return _WIDTHS[token]
    if _NAMED.match(token):
        return 0.5 * (len(token) - 1) + 0.17
    if token.startswith("\\"):
        return 0.72 if token[1:2].isupper() else 0.56
    return 1.0 if ord(token) > 0x2E7F else 0.78 if token.isupper() else 0.5
