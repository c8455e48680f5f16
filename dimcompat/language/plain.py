"""Tokens of the plain notation, which reads like MATLAB and NumPy and takes Unicode as typed.

A module of its own because notations differ only here: the LaTeX reader makes the same tokens
and the parser cannot tell them apart. Every token holds its canonical spelling and its span in
the text as typed.

Read as their plain forms: full-width letters, digits and punctuation; the operators listed in
`precedence`; `′` for `'`; superscripts `x²`, `A⁻¹`, `A⁻ᵀ`; bars `‖x‖`, `‖x‖₁`, `‖X‖_F`.
Subscript digits are the plain spelling with an underscore: `W₁` is `W_1`. `∂L/∂Z` is the name
`dL_dZ`, `∇φ` the name `grad_φ`. A name that starts with a Greek letter goes on only with a
digit or an underscore (`β_1`), so `λw` is two names; `π` is a Greek letter like the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from dimcompat.errors import DimcompatError, Label, fault, shown
from dimcompat.language.precedence import PLAIN_SPELLING
from dimcompat.messages import has, say

MAX_DIGITS = 400


class Kind(Enum):
    """What a token is."""

    NAME = auto()
    NUMBER = auto()
    OPERATOR = auto()
    TRANSPOSE = auto()
    SUPERSCRIPT = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    COLON = auto()
    EQUALS = auto()
    SEPARATOR = auto()
    END = auto()


class Token(NamedTuple):
    """A token: its kind, its plain spelling and the offsets of what was typed.

    A SUPERSCRIPT is spelled `2`, `-1` or `-T`; the bars of a norm are `‖` and, with the norm's
    kind, `norm1` or `norm2`.
    """

    kind: Kind
    text: str
    start: int
    end: int


ENDS = (Kind.SEPARATOR, Kind.END)
ENDS_OPERAND = frozenset({Kind.NAME, Kind.NUMBER, Kind.TRANSPOSE, Kind.SUPERSCRIPT, Kind.CLOSE})

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOKALIKES = dict(zip("’‘′、【】\u3000\u00b5\u2126\u2206\u2225", "''',[] \u03bc\u03a9\u0394‖", strict=True))
_PLAIN = _FULL_WIDTH | {ord(typed): plain for typed, plain in _LOOKALIKES.items()}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789-T")
_CLOSER = {"(": ")", "[": "]", "‖": "‖"}

_GREEK = "Α-ΡΣ-Ωα-ωϐ-ϖϰϱϴϵ"
_NAME = rf"(?:[A-Za-z_][A-Za-z0-9_₀-₉{_GREEK}]*|[{_GREEK}](?:[0-9_₀-₉][A-Za-z0-9_₀-₉{_GREEK}]*)?)"
_SPELLINGS = sorted((s for s in PLAIN_SPELLING if PLAIN_SPELLING[s] != "'"), key=len, reverse=True)
_BLANK = r"[ \t\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\ufeff]"
_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "blank": rf"{_BLANK}+|#[^\n\r\x85\u2028\u2029]*",
            "separator": r"\r\n|[\n\r\x85\u2028\u2029;]",
            "name": _NAME,
            "number": r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![A-Za-z0-9_]))?",
            "transpose": r"'|ᵀ|⊤|\.T(?![A-Za-z0-9_])",
            "superscript": r"⁻ᵀ|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+",
            "operator": "|".join(map(re.escape, _SPELLINGS)),
            "open": r"[(\[]",
            "close": r"[)\]]",
            "bar": "‖",
            "comma": ",",
            "colon": ":",
            "equals": "=(?!=)",
            "derivative": "[∂∇]",
        }.items()
    )
)


@cache
def _derivative() -> re.Pattern[str]:
    """What ∂ and ∇ begin; compiled for those who write them, since it takes as long as all the rest."""
    partial = rf"∂{_BLANK}?{_NAME}{_BLANK}?[/∕]{_BLANK}?∂{_BLANK}?{_NAME}"
    return re.compile(rf"(?P<partial>{partial})|(?P<nabla>∇{_BLANK}?{_NAME})")


_NORM_SUFFIX = r"(?:_?([12₁₂])|_F)(?![A-Za-z0-9_₀-₉])"
_MISREAD = r"\\[A-Za-z]+|\.[A-Za-z_][A-Za-z0-9_]*|==|(?s:.)"
_INSTEAD = {
    "%": "comment",
    "{": "brace",
    "}": "brace",
    "|": "bar",
    "√": "root",
    "∑": "sum",
    "∂": "partial",
    "∇": "nabla",
    "==": "equals",
    "$": "dollar",
    '"': "quote",
    ".": "point",
    "!": "factorial",
    **dict.fromkeys((">", "<", "≥", "≤", "≠"), "comparison"),
}
"""What to write instead of a sign, by the name of the sentence that says so."""


def plain_characters(text: str) -> str:
    """The text with full-width and lookalike characters as their plain forms, each in its place."""
    return text.translate(_PLAIN)


def number(spelling: str, span: tuple[int, int]) -> Fraction:
    """The exact value of a spelled number, refused where it has too many digits written out."""
    mantissa, _, exponent = spelling.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    whole, decimals = whole.lstrip("0"), decimals.rstrip("0")
    if not whole and not decimals.strip("0"):
        return Fraction(0)
    sign = -1 if exponent.startswith("-") else 1
    digits = exponent.lstrip("+-").lstrip("0")
    shift = sign * int(digits or "0") if len(digits) < 7 else sign * 10**7
    if max(len(whole) + shift, 0) + max(len(decimals) - shift, 0) > MAX_DIGITS:
        raise fault("E107", span, found=shown(spelling), limit=MAX_DIGITS)
    return Fraction(int(whole + decimals or "0")) * Fraction(10) ** (shift - len(decimals))


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, the last of kind END. Brackets match, and newlines inside them are gone."""
    plain = plain_characters(text)
    found: list[Token] = []
    opened: list[Token] = []
    at = 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is not None and match.lastgroup == "derivative":
            match = _derivative().match(plain, at)
        if match is None:
            raise _misread(text, plain, at)
        start, at = match.span()
        group, spelling = match.lastgroup or "", match.group()
        if group in _PLAIN_KINDS:
            kind, plain_spelling = _PLAIN_KINDS[group]
            found.append(Token(kind, plain_spelling(spelling), start, at))
        elif group == "number":
            if plain.startswith(".", at) and not _TOKEN.match(plain, at):
                raise fault("E106", (start, at + 1), found=shown(text[start : at + 1]))
            found.append(Token(Kind.NUMBER, spelling, start, at))
        elif group == "open" or (group == "bar" and not _closes_norm(found, opened)):
            opened.append(Token(Kind.OPEN, spelling, start, at))
            found.append(opened[-1])
        elif group == "bar":
            opened.pop()
            suffix = re.compile(_NORM_SUFFIX).match(plain, at)
            at = suffix.end() if suffix else at
            norm = "norm1" if suffix and suffix[1] in ("1", "₁") else "norm2"
            found.append(Token(Kind.CLOSE, norm, start, at))
        elif group == "close":
            _check_closer(opened, spelling, text, start)
            opened.pop()
            found.append(Token(Kind.CLOSE, spelling, start, at))
        elif group == "separator" and not opened:
            found.append(Token(Kind.SEPARATOR, spelling, start, at))
        elif spelling == ";":
            raise _ends_inside(opened[-1], text, start)
    if opened:
        raise _never_closed(opened[-1], text)
    found.append(Token(Kind.END, "", len(text), len(text)))
    return found


def _plain_name(typed: str) -> str:
    """The plain spelling of a name: each run of subscript digits becomes `_` and digits."""
    if typed.isascii():
        return typed
    return re.sub("_?([₀-₉]+)", lambda run: "_" + run[1].translate(_SUBSCRIPTS), typed)


def _partial_name(typed: str) -> str:
    """`∂L/∂Z` as the name `dL_dZ`."""
    parts = typed.replace("∂", "").replace("∕", "/").split("/")
    return "_".join("d" + _plain_name(part.strip()) for part in parts)


_PLAIN_KINDS: dict[str, tuple[Kind, Callable[[str], str]]] = {
    "name": (Kind.NAME, _plain_name),
    "partial": (Kind.NAME, _partial_name),
    "nabla": (Kind.NAME, lambda typed: "grad_" + _plain_name(typed[1:].strip())),
    "operator": (Kind.OPERATOR, PLAIN_SPELLING.__getitem__),
    "transpose": (Kind.TRANSPOSE, str),
    "superscript": (Kind.SUPERSCRIPT, lambda typed: typed.translate(_SUPERSCRIPTS)),
    "comma": (Kind.COMMA, str),
    "colon": (Kind.COLON, str),
    "equals": (Kind.EQUALS, str),
}


def _closes_norm(found: list[Token], opened: list[Token]) -> bool:
    """A bar closes a norm where an operand has just ended and the innermost bracket is a bar."""
    return bool(opened) and opened[-1].text == "‖" and found[-1].kind in ENDS_OPERAND


def _check_closer(opened: list[Token], spelling: str, text: str, start: int) -> None:
    span, found = (start, start + 1), shown(text[start])
    if not opened:
        raise fault("E109", span, found=found)
    opener = opened[-1]
    if opener.text == "‖":
        raise _never_closed(opener, text)
    if _CLOSER[opener.text] != spelling:
        wanted = shown(_CLOSER[opener.text])
        labels = (_opened_here(opener),)
        raise fault("E110", span, labels=labels, found=found, opener=shown(text[opener.start]), wanted=wanted)


def _opened_here(opener: Token) -> Label:
    return Label((opener.start, opener.end), say("label.opened"))


def _never_closed(opener: Token, text: str) -> DimcompatError:
    bracket = say("bracket.norm bar" if opener.text == "‖" else "bracket")
    found, wanted = shown(text[opener.start]), shown(_CLOSER[opener.text])
    return fault("E108", (opener.start, opener.end), bracket=bracket, found=found, wanted=wanted)


def _ends_inside(opener: Token, text: str, start: int) -> DimcompatError:
    labels = (_opened_here(opener),)
    found, opening = shown(text[start]), shown(text[opener.start])
    before = text[: opener.start].rstrip()[-1:]
    blocks = opener.text == "[" and not (before.isalnum() or before in ("_", ")", "]", "'"))
    hint = say("E414.hint") if blocks else None
    return fault("E111", (start, start + 1), labels=labels, hint=hint, found=found, opener=opening)


def _without_module(plain: str, at: int, attribute: str) -> str | None:
    """What to write instead of ``np.exp``."""
    module = re.search(r"(?<![^\W\d])(np|numpy|torch|jnp|jax|math|scipy|tf)$", plain[max(0, at - 8) : at])
    return say("without module", module=module.group(), function=attribute[1:]) if module else None


def _misread(text: str, plain: str, at: int) -> DimcompatError:
    """The error for a place where no token starts."""
    match = re.compile(_MISREAD).match(plain, at)
    assert match is not None
    spelling, span = match.group(), match.span()
    found = shown(text[at : span[1]])
    if spelling.startswith("\\"):
        return fault("E104", span, found=found)
    if spelling.startswith(".") and len(spelling) > 1:
        hint = _without_module(plain, at, spelling)
        if hint is None and has(f"method{spelling}"):
            hint = say(f"method{spelling}")
        return fault("E105", span, found=found, hint=hint)
    instead = say(f"instead.{_INSTEAD[spelling]}") if spelling in _INSTEAD else None
    return fault("E103", span, found=found, hint=instead)
