r"""The words of LaTeX that are read: Greek letters, functions, and commands that say nothing of meaning.

A module of its own because these are tables: a further spelling is a further word in one of them. The
functions are not listed; what the printer writes for a function's record is what is read as it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from dimcompat.functions import ALIASES, REGISTRY
from dimcompat.likeness import most_like
from dimcompat.messages import say


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


GREEK: dict[str, tuple[str, ...]] = {}
"""Command without its backslash: the names that it may stand for, the likeliest first."""

for _word in words(
    """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau
    upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
):
    _kind = "CAPITAL" if _word[0].isupper() else "SMALL"
    _letter = unicodedata.lookup(f"GREEK {_kind} LETTER {_word.upper().replace('LAMBDA', 'LAMDA')}")
    GREEK[_word] = (_letter, _word)
GREEK |= {
    "epsilon": ("ε", "ϵ", "epsilon"),
    "varepsilon": ("ε", "ϵ", "epsilon"),
    "phi": ("φ", "ϕ", "phi"),
    "varphi": ("φ", "ϕ", "phi"),
    "vartheta": ("ϑ", "θ", "theta"),
    "varrho": ("ϱ", "ρ", "rho"),
    "varsigma": ("ς",),
    "varpi": ("ϖ",),
    "ell": ("ell", "l"),
}

OPERATORS = {
    "cdot": "*",
    "times": "*",
    "ast": "*",
    "odot": ".*",
    "circ": ".*",
    "oslash": "./",
    "div": "/",
    "otimes": "⊗",
    "colon": ":",
}
"""Commands that stand between two operands; ``⊗`` and ``:`` are calls in the plain notation."""

ENTRYWISE = (".*", "./")
UPRIGHT = ("mathrm", "text", "textrm", "mathsf", "mathtt", "operatorname", "operatorname*", "mathop", "rm")
STYLES = words(
    """mathbf boldsymbol bm mathit mathnormal mathcal mathfrak mathscr pmb symbf textbf textit vec mathbb
    underline bold"""
)
"""Commands that only change how their argument looks."""

ACCENTS = {
    "hat": "hat",
    "widehat": "hat",
    "bar": "bar",
    "overline": "bar",
    "tilde": "tilde",
    "widetilde": "tilde",
}
FRACTIONS = ("frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac")
TRANSPOSES = ("T", r"\top", r"\intercal", r"\prime", "⊤", "ᵀ", r"\transpose")
RELATIONS = (":=", "=", r"\coloneqq", r"\triangleq", r"\equiv", r"\doteq")

BLANKS = frozenset(
    words(
        """quad qquad displaystyle textstyle scriptstyle limits nolimits nonumber notag big Big bigg Bigg bigl
        Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm allowbreak noindent hfill medspace thickspace
        thinspace negthinspace enspace"""
    )
)
"""Commands that are spaces or sizes."""

UNREAD = {word: say(f"latex.{word}") for word in ("prod", "int", "lim", "dagger", "pm", "mathbb")}
"""Commands that are understood and have no counterpart, with what to do instead."""

OTHERS = words(
    """sum sqrt left right in nabla partial langle rangle lVert rVert Vert lvert rvert vert begin end label
    tag where R reals"""
)


def _functions() -> Iterator[tuple[str, str]]:
    """Commands and the functions that they stand for."""
    for record in REGISTRY.values():
        spelled = record.latex
        if spelled.startswith("\\") and spelled[1:].isalpha():
            yield spelled[1:], record.name
    for name in (*REGISTRY, *ALIASES):
        if len(name) > 1 and name.isalpha():
            yield name, name


FUNCTIONS = dict(reversed(list(_functions())))
"""Command, or word in upright letters, to the name of a function."""

WORDS = {
    "Tr": "tr",
    "sgn": "sign",
    "lse": "logsumexp",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
}


def function_named(word: str) -> str | None:
    """The function that a command or an upright word stands for."""
    for spelled in (word, WORDS.get(word, word), word.lower() if len(word) > 1 else word):
        if spelled in FUNCTIONS:
            return FUNCTIONS[spelled]
    return None


def nearest(command: str) -> str | None:
    """The known command that is this one, or is spelled most like it; None where none is alike."""
    known = {*GREEK, *FUNCTIONS, *OPERATORS, *UPRIGHT, *STYLES, *ACCENTS, *FRACTIONS, *BLANKS, *OTHERS}
    known |= {"top", "intercal", "prime"}
    word = command.lstrip("\\")
    same = [word] if word in known else sorted(o for o in known if o.casefold() == word.casefold())
    close = [other for other in sorted(known - BLANKS) if len(other) > 1]
    found = same or most_like(word[:60], close, 1, 0.7)
    return "\\" + found[0] if found else None
