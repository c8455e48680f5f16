r"""Names in LaTeX: ``W_{1}``, ``W^{(l)}``, ``\theta``, ``\hat{y}``, ``a_{\mathrm{prev}}``.

A module of its own because it is the one table of Greek letters, and the one place that escapes.
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
_GREEK = frozenset(_WORDS.split())
_LIKE_LATIN = dict(
    zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True)  # capitals that LaTeX has no command for
)
_VARIANTS = {
    "ϵ": r"\epsilon",
    "ε": r"\varepsilon",
    "ϕ": r"\phi",
    "φ": r"\varphi",
    "ϑ": r"\vartheta",
    "ς": r"\varsigma",
    "…": r"\cdots",
}
ACCENTS = ("hat", "bar", "tilde")
"""Subscripts that are written above a name; read back, they are the same subscripts."""

_PARTS = re.compile(r"(?P<base>[^\d_]+)(?P<digits>\d+)?$")
_SPLIT = re.compile(r"[^_]+(_[^_]+)*(__[^_]+(_[^_]+)*)?|[^_]+_")
_RUN = re.compile(r"[ -~]+|.")


def latex_name(name: str) -> str:
    """A name in LaTeX, balanced and escaped."""
    primes = len(name) - len(name.rstrip("'"))
    name = name[: len(name) - primes]
    if not _SPLIT.fullmatch(name):
        return _word(name) + "'" * primes
    base, _, above = name.partition("__")
    stem, _, below = base.partition("_")
    found = _PARTS.match(stem)
    subscripts = [part for part in below.split("_") if part]
    if found and found["digits"]:
        stem = found["base"]
        subscripts.insert(0, found["digits"])
    text = _word(stem)
    if subscripts and subscripts[0] in ACCENTS:
        text = f"\\{subscripts.pop(0)}{{{text}}}"
    if base.endswith("_"):
        text += r"\_"
    if subscripts:
        text += "_{" + ",".join(_word(part, upright=True) for part in subscripts) + "}"
    if above:
        text += "^{(" + ",".join(_word(part, upright=True) for part in above.split("_")) + ")}"
    return text + "'" * primes


def _word(word: str, *, upright: bool = False) -> str:
    """A word of a name; Greek stands outside the font of the others, which need not hold it."""
    if word in _GREEK:
        return "\\" + word
    if len(word) == 1:
        return _letter(word)
    if word.isdigit():
        return word
    font = r"\mathrm" if upright else r"\mathit"
    return "".join(
        f"{font}{{{''.join(map(_escaped, run))}}}" if len(run) > 1 else _letter(run)
        for run in _RUN.findall(word)
    )


def _letter(letter: str) -> str:
    if letter in _VARIANTS:
        return _VARIANTS[letter]
    if letter in _LIKE_LATIN:
        return _LIKE_LATIN[letter]
    spelled = unicodedata.name(letter, "").split()
    if spelled[:1] == ["GREEK"] and len(spelled) >= 4:
        word = spelled[-1].lower().replace("lamda", "lambda")
        word = word.capitalize() if "CAPITAL" in spelled else word
        if word in _GREEK:
            return "\\" + word
    return _escaped(letter)


def _escaped(letter: str) -> str:
    return "\\" + letter if letter in "_&%$#{}" else letter


def greek_letters() -> dict[str, str]:
    """The letter of every Greek command, without its backslash."""
    found = {}
    for word in _GREEK:
        kind = "CAPITAL" if word[0].isupper() else "SMALL"
        found[word] = unicodedata.lookup(f"GREEK {kind} LETTER {word.upper().replace('LAMBDA', 'LAMDA')}")
    commands = {command[1:]: letter for letter, command in _VARIANTS.items() if letter.isalpha()}
    return found | commands
