r"""Formulas as MathML Core, from the LaTeX that our own printers write.

A module of its own because a browser needs no script to show MathML: one small grammar for the commands that
the LaTeX notation uses, so that a formula is the same on every page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from dimcompat.functions import REGISTRY
from dimcompat.language.notation import Layout
from dimcompat.renderers.latex_formula import latex_layout
from dimcompat.renderers.latex_names import greek_letters

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_SIGNS = {
    "odot": "⊙", "oslash": "⊘", "otimes": "⊗", "cdot": "⋅", "times": "×", "sim": "∼",
    "cdots": "⋯", "colon": ":", "to": "→", "in": "∈", "circ": "∘",
}  # fmt: skip
_IDENTIFIERS = {"top": "⊤", "partial": "∂", "nabla": "∇", "ell": "ℓ", "infty": "∞"}
_FENCES = {"lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "langle": "⟨", "rangle": "⟩"}
_SPACES = {
    "quad": "1em",
    "qquad": "2em",
    ";": "0.28em",
    ",": "0.17em",
    ":": "0.22em",
    " ": "0.25em",
    "!": "0em",
    "thinspace": "0.17em",
}
_OPERATORS = {record.latex[1:] for record in REGISTRY.values() if record.latex[1:].isalpha()}
_BOLD = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
_GREEK = greek_letters()
_OPENING = '<mo stretchy="false">(</mo>'
_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~"}
_THIN = '<mspace width="0.17em"></mspace>'
_APPLY = "<mo>&#x2061;</mo>"


def mathml(formula: str, *, display: bool = False) -> str:
    """A formula in LaTeX, of our own printers, as a ``math`` element."""
    kind = ' display="block"' if display else ""
    return f"<math{kind}>{_row(_Reader(formula).until(''))}</math>"


def mathml_layout(node: Layout) -> str:
    """A layout as a ``math`` element."""
    return mathml(latex_layout(node))


class _Reader:
    """A place in the pieces of a formula."""

    def __init__(self, formula: str) -> None:
        self.pieces: list[str] = _TOKEN.findall(formula)
        self.place = 0

    def next(self) -> str:
        self.place += 1
        return self.pieces[self.place - 1]

    def peek(self) -> str:
        while self.place < len(self.pieces) and self.pieces[self.place].isspace():
            self.place += 1
        return self.pieces[self.place] if self.place < len(self.pieces) else ""

    def until(self, stop: str) -> list[str]:
        """The elements up to a piece, which is passed over."""
        found: list[str] = []
        while self.peek() != stop:
            piece = self.next()
            if piece in ("^", "_"):
                base = found.pop() if found else "<mrow></mrow>"
                found.append(self.scripted(base, piece))
            elif piece == "'":
                marks = "′"
                while self.peek() == "'":
                    marks += "′"
                    self.next()
                prime = f'<mo lspace="0" rspace="0">{marks}</mo>'  # the letter is raised by itself
                found.append(_row([found.pop(), prime]))
            elif piece == "-" and (not found or found[-1].startswith("<mo")):
                found.append('<mo form="prefix">−</mo>')
            elif piece == ")" and _OPENING in found:
                start = len(found) - 1 - found[::-1].index(_OPENING)
                found[start:] = [_row([*found[start:], *self.element(piece)])]
            else:
                if piece[1:] in _OPERATORS and found and not found[-1].startswith("<mo"):
                    found.append(_THIN)
                found += self.element(piece)
        if stop:
            self.next()
        return found

    def scripted(self, base: str, first: str) -> str:
        """A base with what stands below and above it."""
        scripts = {first: self.argument()}
        if self.peek() in ("^", "_") and self.peek() != first:
            second = self.next()
            scripts[second] = self.argument()
        below, above = scripts.get("_"), scripts.get("^")
        tall = base.startswith("<mo>∑")
        kind = ("munder", "mover", "munderover") if tall else ("msub", "msup", "msubsup")
        if below is None:
            return f"<{kind[1]}>{base}{above}</{kind[1]}>"
        if above is None:
            return f"<{kind[0]}>{base}{below}</{kind[0]}>"
        return f"<{kind[2]}>{base}{below}{above}</{kind[2]}>"

    def argument(self) -> str:
        """What stands in braces, or the next piece."""
        self.peek()
        piece = self.next()
        return _row(self.until("}") if piece == "{" else self.element(piece))

    def text(self) -> str:
        """The letters in braces, as they are."""
        self.next()
        found = ""
        while (piece := self.next()) != "}":
            found += _GREEK.get(piece[1:], piece[1:]) if piece.startswith("\\") else piece
        return found

    def element(self, piece: str) -> list[str]:
        """The elements that a piece stands for."""
        if piece[0].isdigit():
            return [f"<mn>{piece}</mn>"]
        if piece == "{":
            return [_row(self.until("}"))]
        if piece.startswith("\\"):
            return self.command(piece[1:])
        if piece.isalpha():
            return [f"<mi>{escape(piece)}</mi>"]
        if piece in "()[]|:":
            return [f'<mo stretchy="false">{piece}</mo>']
        if piece == "/":
            return ['<mo lspace="0" rspace="0">/</mo>']
        return [] if piece in "~&" else [f"<mo>{'−' if piece == '-' else escape(piece)}</mo>"]

    def command(self, name: str) -> list[str]:
        if name in _GREEK:
            upright = ' mathvariant="normal"' if name[0].isupper() else ""
            return [f"<mi{upright}>{_GREEK[name]}</mi>"]
        if name in _SIGNS:
            return [f"<mo>{_SIGNS[name]}</mo>"]
        if name in _IDENTIFIERS:
            return [f"<mi>{_IDENTIFIERS[name]}</mi>"]
        if name in _FENCES:
            return [f'<mo stretchy="false">{_FENCES[name]}</mo>']
        if name in _SPACES:
            return [f'<mspace width="{_SPACES[name]}"></mspace>']
        if name in _OPERATORS:
            apart = self.peek() not in ("(", "")
            if self.peek() in ("^", "_"):
                return [f"<mi>{name}</mi>"]
            return [f"<mi>{name}</mi>", _APPLY, *([_THIN] if apart else [])]
        if name in "_%&#${}":
            return [f"<mi>{escape(name)}</mi>"]
        found = self.structure(name)
        return [found, _APPLY] if name == "operatorname" and self.peek() not in ("_", "^") else [found]

    def structure(self, name: str) -> str:
        """A command that takes arguments, or the sign of a sum."""
        match "\\" + name:
            case r"\frac":
                return f"<mfrac>{self.argument()}{self.argument()}</mfrac>"
            case r"\sqrt":
                return f"<msqrt>{self.argument()}</msqrt>"
            case r"\sum":
                return "<mo>∑</mo>"
            case r"\underset":
                below = self.argument()
                return f'<munder class="shaped">{self.argument()}{below}</munder>'
            case r"\xrightarrow":
                label = f'<mpadded lspace="0.3em" width="+0.6em">{self.argument()}</mpadded>'
                return f'<mover><mo stretchy="true">→</mo>{label}</mover>'
            case r"\left":
                return self.stretched()
            case r"\Bigl" | r"\Bigr":
                return f'<mo stretchy="false">{self.fence()}</mo>'
            case r"\operatorname":
                return f"<mi>{escape(self.text())}</mi>"
            case r"\hat" | r"\bar" | r"\tilde":
                return f'<mover accent="true">{self.argument()}<mo>{_ACCENTS[name]}</mo></mover>'
            case r"\mathrm":
                return f'<mi mathvariant="normal">{escape(self.text())}</mi>'
            case r"\mathit":
                return f'<mi class="word">{escape(self.text())}</mi>'
            case r"\mathbf":
                return f"<mn>{escape(self.text()).translate(_BOLD)}</mn>"
        raise AssertionError(f"\\{name} is not in the notation")

    def stretched(self) -> str:
        opener = self.fence()
        inside = self.until(r"\right")
        return f"<mrow><mo>{opener}</mo>{_row(inside)}<mo>{self.fence()}</mo></mrow>"

    def fence(self) -> str:
        self.peek()
        piece = self.next()
        return _FENCES.get(piece[1:], piece) if piece.startswith("\\") else piece


def _row(elements: Sequence[str]) -> str:
    return elements[0] if len(elements) == 1 else f"<mrow>{''.join(elements)}</mrow>"
