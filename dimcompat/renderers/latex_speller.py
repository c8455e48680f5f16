r"""Sentences with formulas in LaTeX: words escaped, formulas between dollar signs.

A module of its own because what a reader's own names hold must never be read as a command.
"""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter

from dimcompat import expressions as ex
from dimcompat.derivation import Derivation
from dimcompat.language.layout import layout
from dimcompat.language.notation import Applied, Layout, Name, Notation, Piece, Power, Transposed
from dimcompat.language.notation import Quotient as Division
from dimcompat.language.precedence import Level
from dimcompat.messages import sentences
from dimcompat.renderers.blocks import Equality, Quotient, Sentence, Speller, Value, Walk, Word
from dimcompat.renderers.latex_formula import LatexNotation, latex_dimension, latex_shape
from dimcompat.renderers.latex_names import latex_name
from dimcompat.shapes import Dim, Shape

_WORDS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"$<$", ">": r"$>$", "|": r"$|$",
    "“": "``", "”": "''", "·": r"$\cdot$", "∇": r"$\nabla$", "×": r"$\times$", "−": "$-$", "∂": r"$\partial$",
    "ᵀ": r"$^{\top}$", "…": r"\dots{}", "–": "--", "—": "---", "→": r"$\to$", "≥": r"$\geq$",
    "Σ": r"$\Sigma$", "\u00a0": "~",
}  # fmt: skip
_GREEK = re.compile("[Α-Ωα-ωϐ-ϖ]")


def words(text: str) -> str:
    """Words in LaTeX, nothing in them a command."""
    spelled = "".join(_WORDS.get(letter, letter) for letter in text)
    return _GREEK.sub(lambda found: f"${latex_name(found[0])}$", spelled)


class SentenceNotation(LatexNotation):
    """Formulas inside a sentence: signs of derivatives on one line, in brackets where they are factors."""

    def name(self, node: Name) -> Piece:
        if node.quotient is not None:
            return Piece("/".join(quotient_parts(*node.quotient)), Level.UNARY)
        return super().name(node)

    def stands_apart(self, item: Layout) -> bool:
        return (isinstance(item, Name) and item.quotient is not None) or super().stands_apart(item)


class LatexScalars(LatexNotation):
    """Everything as if it were a number: nothing is turned, products have no sign."""

    glue = {"scale": " ", "matrix": " ", "entry": " "}  # noqa: RUF012

    def power(self, node: Power, done: dict[Layout, Piece]) -> Piece:
        return super().power(Power(node.base, node.exponent, "scalar"), done)

    def transposed(self, node: Transposed, done: dict[Layout, Piece]) -> Piece:
        return done[node.operand]

    def quotient(self, node: Division, done: dict[Layout, Piece]) -> Piece:
        return super().quotient(replace(node, entrywise=False), done)


def factor_text(notation: Notation, node: Layout) -> str:
    """A factor of a product, in brackets where it needs them."""
    piece = notation.piece(node)
    apart = notation.stands_apart(node) and isinstance(node, Applied)
    return notation.bracketed(piece.text) if apart else notation.operand(piece, "*", "right")


class LatexSpeller(Speller):
    """Sentences for a LaTeX page; ``names`` are those of the derivation, which are set as formulas."""

    def __init__(self, lang: str | None, derivation: Derivation) -> None:
        super().__init__(lang)
        self.notation: Notation = LatexNotation()
        self.scalars: Notation = LatexScalars()
        self.sentence_notation: Notation = SentenceNotation()
        self.names = names_of(derivation)

    # in words

    def words(self, text: str) -> str:
        return words(text) if self._is_latin else words(text).replace("``", "“").replace("''", "”")

    @property
    def _is_latin(self) -> bool:
        return not (self.lang or "").lower().startswith("zh")

    def say(self, said: Sentence) -> str:
        fields = dict(said.fields)
        parts = Formatter().parse(sentences(self.lang)[said.key])
        return "".join(
            self.words(literal) + (self.spell(fields[name]) if name is not None else "")
            for literal, name, _, _ in parts
        )

    def spell(self, value: Value) -> str:
        if isinstance(value, Word):
            return self.name(value.text) if value.text in self.names else self.words(value.text)
        return super().spell(value)

    def inline(self, formula: str) -> str:
        return f"${formula}$"

    def name(self, name: str) -> str:
        return self.inline(latex_name(name))

    def formula(self, node: Layout) -> str:
        return self.inline(self.tex(node))

    def equality(self, value: Equality) -> str:
        left = value.left
        sides = [latex_name(left) if isinstance(left, str) else self.tex(left)]
        for side in value.sides:
            spelled = self.tex(side)
            if spelled != sides[-1]:
                sides.append(spelled)
        return self.inline(" = ".join(sides))

    def tex(self, value: Quotient | Layout | ex.Expr) -> str:
        """A formula as it stands inside a sentence, without the signs around it."""
        if isinstance(value, Quotient):
            return "/".join(quotient_parts(value.objective, value.variable))
        return self.sentence_notation.write(layout(value) if isinstance(value, ex.Expr) else value)

    def quotient(self, objective: str, variable: str | tuple[str, str]) -> str:
        above, below = quotient_parts(objective, variable)
        return self.inline(f"{above}/{below}")

    def shape(self, shape: Shape) -> str:
        return self.inline(latex_shape(shape))

    def dimension(self, dim: Dim) -> str:
        return self.inline(latex_dimension(dim))

    def scalar(self, node: Layout) -> str:
        return self.inline(self.scalars.write(node))

    def walk(self, walk: Walk) -> str:
        signs = dict(walk.signs)
        text = latex_dimension(walk.edges[0].start)
        for edge in walk.edges:
            above = self.tex(signs.get(edge.factor, edge.factor))
            text += rf" \xrightarrow{{{above}}} {latex_dimension(edge.end)}"
        return self.inline(text)

    # in formulas

    def math(self, node: Layout) -> str:
        return self.notation.write(node)

    def stacked(self, value: Quotient) -> str:
        above, below = quotient_parts(value.objective, value.variable)
        return rf"\frac{{{above}}}{{{below}}}"


def quotient_parts(objective: str, variable: str | tuple[str, str]) -> tuple[str, str]:
    r"""What stands above and below: ``\partial J`` and ``\partial w``."""
    if isinstance(variable, str):
        return rf"\partial {latex_name(objective)}", rf"\partial {latex_name(variable)}"
    first, second = map(latex_name, variable)
    below = rf"\partial {first}\,\partial {second}"
    if first == second:
        below = rf"\partial {{{first}}}^{{2}}" if "^" in first else rf"\partial {first}^{{2}}"
    return rf"\partial^{{2}} {latex_name(objective)}", below


def names_of(derivation: Derivation) -> frozenset[str]:
    """Every name that a sentence may speak of."""
    found = {derivation.name, derivation.loss, *(given.name for given in derivation.declarations)}
    for step in derivation.steps:
        for equation in (step.equation, *step.names, step.through, step.upstream):
            if equation is None:
                continue
            left = equation.left
            found |= {left} if isinstance(left, str) else set(left) if isinstance(left, tuple) else set()
            symbols = equation.right.symbols
            found |= {leaf.name for leaf in symbols if isinstance(leaf, ex.Symbol | ex.Named | ex.Index)}
        found |= {part.strip() for part in (step.variable or "").split(",") if part.strip()}
        found |= {fact for _, fact in step.facts if isinstance(fact, str) and len(fact) == 1}
        for _, fact in step.facts:
            if isinstance(fact, ex.Expr):
                found |= {leaf.name for leaf in fact.symbols if isinstance(leaf, ex.Symbol | ex.Named)}
    return frozenset(found)
