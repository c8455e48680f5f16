"""The fields of a step as values that a sentence can hold.

A module of its own because titles, reasons and formulas all speak of the same derivatives,
and a long one must be called alike in all of them.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.derivation import Step
from dimcompat.expressions import Expr
from dimcompat.language.layout import layout
from dimcompat.language.notation import Layout, Name, Transposed
from dimcompat.messages import has
from dimcompat.renderers.blocks import Quotient, Sentence, Value, Word, sentence
from dimcompat.shapes import Dim, Shape

LONG = 3


def left_side(left: str | tuple[str, str] | Expr) -> str | Quotient | Layout:
    """The left side of an equation as a value."""
    if isinstance(left, Expr):
        return layout(left)
    return left if isinstance(left, str) else Quotient(*left)


def counted(kind: str, number: int) -> Sentence:
    """A number in words: twice, two, second."""
    key = f"{kind}.{number}"
    return sentence(key) if has(key) else sentence(f"{kind}.n", count=str(number))


def facts_of(facts: tuple[tuple[str, str | Expr | Dim | Shape], ...]) -> dict[str, Value]:
    """The facts of a step or a note as values; an attribute is called as the language calls it."""
    found: dict[str, Value] = {key: Word(fact) if isinstance(fact, str) else fact for key, fact in facts}
    attribute = found.get("attribute")
    if isinstance(attribute, Word) and has(f"attribute.{attribute.text}"):
        found["attribute"] = sentence(f"attribute.{attribute.text}")
    return found


def is_long(formula: Expr, sign: Quotient) -> bool:
    """Whether a derivative found before is spoken of by its sign alone."""
    if isinstance(formula, ex.Named):
        return formula.quotient == (sign.objective, sign.variable)
    return layout(formula).weight >= LONG


def signs_of(step: Step) -> dict[Expr, Quotient]:
    """The upstream derivative by its sign, where its formula is long."""
    upstream = step.upstream
    if upstream is None or not isinstance(upstream.left, tuple) or isinstance(upstream.right, ex.Named):
        return {}
    sign = Quotient(*upstream.left)
    return {upstream.right: sign} if sign.objective != sign.variable and is_long(upstream.right, sign) else {}


def with_turned(signs: dict[Expr, Quotient]) -> dict[Expr, Quotient | Layout]:
    """The signs of derivatives and of their transposes."""
    found: dict[Expr, Quotient | Layout] = {}
    for derivative, sign in signs.items():
        name = Name("", (sign.objective, str(sign.variable)))
        found |= {ex.transpose(derivative): Transposed(name), derivative: sign}
    return found
