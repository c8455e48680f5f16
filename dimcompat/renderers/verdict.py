"""A verdict for people and programs: the headline, both formulas, the reason, a small example.

A module of its own because a verdict is no derivation: it has no steps, and what it shows is laid
out as two formulas below each other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dimcompat.errors import DimcompatError
from dimcompat.language.layout import layout
from dimcompat.language.parser import parse_expression
from dimcompat.language.typed_tree import tree_layout
from dimcompat.language.writer import write, write_shape
from dimcompat.messages import DEFAULT, language, sentences, text, told
from dimcompat.renderers.blocks import Speller
from dimcompat.renderers.glyphs import ASCII, UNICODE, Glyphs
from dimcompat.renderers.latex_formula import latex_formula
from dimcompat.renderers.text_speller import TextSpeller
from dimcompat.renderers.wrapping import columns, padded, wrapped
from dimcompat.shapes import Shape
from dimcompat.verdict import Derivative, Evidence, Fact, Formula, Said, Verdict

VERSION = 1
WHOLE = ("claim.layout", "claim.sign", "claim.factor.missing", "claim.factor.extra", "claim.factor.mean")
"""Headlines about the claim as a whole; the right formula says all that a mended claim would."""


def reason_text(told: Sequence[Said]) -> str:
    """The sentences as one text in English and plain notation."""
    return " ".join(_sentences(told, Plain(), DEFAULT))


class Plain:
    """Formulas as they are pasted back."""

    def formula(self, source: str) -> str:
        return source

    def shape(self, shape: Shape) -> str:
        return str(shape)

    def derivative(self, sign: Derivative) -> str:
        return f"d{sign.objective}_d{sign.variable}"


class Pretty(Plain):
    """Formulas as a terminal shows them."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self.speller: Speller = TextSpeller(None, glyphs)

    def formula(self, source: str) -> str:
        left, equals, right = source.partition(" = ")
        try:
            if equals:
                return f"{self.formula(left)} = {self.formula(right)}"
            return self.glyphs.notation.write(tree_layout(parse_expression(source)))
        except DimcompatError:
            return source

    def shape(self, shape: Shape) -> str:
        return self.glyphs.shape(shape)

    def derivative(self, sign: Derivative) -> str:
        return self.glyphs.quotient(sign.objective, sign.variable)


def _sentences(told: Sequence[Said], spelled: Plain, lang: str | None) -> list[str]:
    """Whole sentences: the headline with a capital letter and a full stop."""
    stop = text("claim.stop", lang)
    found = []
    for one in told:
        sentence = _said(one, spelled, lang)
        if not sentences(lang)[one.key].startswith("{"):
            sentence = sentence[:1].upper() + sentence[1:]
        found.append(sentence if sentence.endswith((".", "。")) else sentence + stop)
    return found


def _said(one: Said, spelled: Plain, lang: str | None) -> str:
    known = language(lang)
    return text(one.key, known, **{name: _fact(value, spelled, known) for name, value in one.facts})


def _fact(value: Fact, spelled: Plain, lang: str) -> str:
    match value:
        case Formula():
            return spelled.formula(value.text)
        case Shape():
            return spelled.shape(value)
        case Derivative():
            return spelled.derivative(value)
        case _:  # a sentence inside another one has no stop
            return str(told(value, lang)).rstrip(".。")


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────


def verdict_text(
    verdict: Verdict, *, lang: str | None = None, width: int = 80, glyphs: Glyphs = UNICODE
) -> str:
    """The verdict as a terminal shows it."""
    spelled = Pretty(glyphs)
    width = max(width, 40)
    headline = _said(verdict.told[0], spelled, lang)
    if verdict.cause not in ("right", "layout"):
        key = "claim.conditional" if verdict.cause == "conditional" else "claim.wrong"
        headline = text(key, lang, headline=headline)
    lines = wrapped(headline, width)
    shaped = verdict.shape != verdict.expected.shape
    shape = spelled.shape(verdict.shape) if verdict.shape is not None and shaped else ""
    rows = [(text("claim.row.claimed", lang), spelled.formula(verdict.claimed), shape)]
    if verdict.cause == "layout":
        here = text("claim.row.transpose", lang, shape=spelled.shape(verdict.expected.shape))
        rows.append((text("claim.row.here", lang), glyphs.notation.write(layout(verdict.expected)), here))
    elif not verdict.correct or spelled.formula(verdict.claimed) != glyphs.notation.write(
        layout(verdict.expected)
    ):
        beside = spelled.shape(verdict.expected.shape) if shaped else ""
        label = text("claim.row.simplest" if verdict.correct else "claim.row.right", lang)
        rows.append((label, glyphs.notation.write(layout(verdict.expected)), beside))
    if verdict.repair is not None and verdict.told[0].key not in WHOLE:
        mended = spelled.formula(verdict.repair)
        if mended != rows[-1][1]:
            rows.append((text("claim.row.repair", lang), mended, ""))
    label_width = max(columns(label) for label, _, _ in rows) + 3
    formula_width = max(columns(formula) for _, formula, _ in rows)
    for label, formula, beside in rows:
        shown = padded(formula, formula_width + 4) + beside if beside else formula
        lines.append(f"   {padded(label, label_width)}{shown}".rstrip())
    said = [*_sentences(verdict.told[1:], spelled, lang)]
    if verdict.cause == "layout":
        said.append(text("claim.why.layout", lang))
    for sentence in said:
        lines += ["   " + line for line in wrapped(sentence, width - 3)]
    if verdict.evidence is not None:
        lines += ["   " + line for line in wrapped(example_text(verdict.evidence, lang), width - 3)]
    return glyphs.fitted("\n".join(lines)).replace("\u00a0", " ") + "\n"


def example_text(evidence: Evidence, lang: str | None = None) -> str:
    """``smallest example: X = [2], w = [1]: the claim says 2, the slope is 4``."""
    values = ", ".join(f"{name} = {_matrix(rows)}".replace(" ", "\u00a0") for name, rows in evidence.values)
    alone = len(evidence.right) == 1 and len(evidence.right[0]) == 1
    if alone:
        claimed, right = _number(evidence.claimed[0][0]), _number(evidence.right[0][0])
    else:
        claimed, right = _matrix(evidence.claimed), _matrix(evidence.right)
    key = "claim.example" if values else "claim.example without values"
    if not values:
        values = ", ".join(f"{name} = {size}" for name, size in evidence.dims)
    return text(key if alone else "claim.example.matrix", lang, values=values, claimed=claimed, right=right)


def _matrix(rows: Sequence[Sequence[float]]) -> str:
    return "[" + "; ".join(", ".join(map(_number, row)) for row in rows) + "]"


def _number(value: float) -> str:
    if abs(value - round(value)) < 1e-9 and abs(value) < 1e9:
        return str(round(value))
    return f"{value:.4g}"


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────


def verdict_json(verdict: Verdict, *, lang: str | None = None) -> str:
    """The verdict as one object; its formulas are in plain text that reads back."""
    return json.dumps(as_object(verdict, lang=lang), ensure_ascii=False, indent=2) + "\n"


def as_object(verdict: Verdict, *, lang: str | None = None) -> dict[str, Any]:
    """The verdict as plain data."""
    found: dict[str, Any] = {
        "version": VERSION,
        "correct": verdict.correct,
        "cause": verdict.cause,
        "reason": " ".join(_sentences(verdict.told, Plain(), lang)),
        "objective": verdict.objective,
        "wrt": verdict.variable,
        "claimed": {
            "text": verdict.claimed,
            "shape": None if verdict.shape is None else list(write_shape(verdict.shape)),
        },
        "expected": {
            "text": write(verdict.expected),
            "latex": latex_formula(verdict.expected),
            "shape": list(write_shape(verdict.expected.shape)),
        },
    }
    if verdict.repair is not None:
        found["repair"] = verdict.repair
    evidence = verdict.evidence
    if evidence is not None:
        found["evidence"] = {
            "values": {name: [list(row) for row in rows] for name, rows in evidence.values},
            "dims": dict(evidence.dims),
            "claimed": [list(row) for row in evidence.claimed],
            "right": [list(row) for row in evidence.right],
            "entry": list(evidence.entry),
        }
    return found


__all__ = ["ASCII", "as_object", "example_text", "reason_text", "verdict_json", "verdict_text"]
