"""The derivation as the contract's JSON object.

A module of its own because this object is a promise to other programs: its keys are those of
the contract, formulas are in plain text that reads back, and nothing in it depends on a terminal.
"""

from __future__ import annotations

import json
from math import isinf
from typing import Any

from dimcompat.derivation import Derivation, Result
from dimcompat.expressions import Expr
from dimcompat.language.layout import layout
from dimcompat.language.notation import Layout
from dimcompat.language.writer import write, write_layout, write_shape
from dimcompat.renderers.glyphs import UNICODE, PlainScalars
from dimcompat.renderers.headings import formula_of, heading, notes, objective_layout, right_side
from dimcompat.renderers.latex_formula import latex_derivative, latex_layout
from dimcompat.renderers.latex_names import latex_name
from dimcompat.renderers.numpy_formula import numpy_formula
from dimcompat.renderers.scalars import scalar_product
from dimcompat.renderers.text_speller import TextSpeller
from dimcompat.renderers.told import Told, told_steps

VERSION = 1


def render_json(derivation: Derivation, *, steps: str = "all", lang: str | None = None) -> str:
    """The contract's object as text."""
    return json.dumps(as_object(derivation, steps=steps, lang=lang), ensure_ascii=False, indent=2) + "\n"


def as_object(derivation: Derivation, *, steps: str = "all", lang: str | None = None) -> dict[str, Any]:
    """The contract's object."""
    speller = TextSpeller(lang, UNICODE)
    found: dict[str, Any] = {
        "version": VERSION,
        "layout": derivation.layout,
        "objective": {
            "name": derivation.name,
            **_spelled_layout(objective_layout(derivation)),
            "shape": list(write_shape(derivation.objective.shape)),
        },
        "declarations": [
            {
                "name": given.name,
                "shape": list(write_shape(given.shape)),
                "attributes": list(given.attributes),
            }
            for given in derivation.declarations
        ],
        "results": [_result(result) for result in derivation.results],
        "steps": [_step(told, speller) for told in told_steps(derivation, all_kinds=True) if steps != "none"],
    }
    remarks = [_plain_spaces(speller.say(said)) for remark in notes(derivation) for said in remark.sentences]
    if remarks:
        found["notes"] = remarks
    check = derivation.verification
    found["verification"] = check and {
        "passed": check.passed,
        "max_relative_error": _finite(check.max_relative_error),
        "points": check.points,
        "dims": dict(check.dims),
    }
    return found


def _spelled(expression: Expr) -> dict[str, str]:
    return _spelled_layout(layout(expression))


def _spelled_layout(node: Layout) -> dict[str, str]:
    return {"text": write_layout(node), "latex": latex_layout(node)}


def _plain_spaces(text: str) -> str:
    return text.replace("\u00a0", " ")


def _finite(error: float | None) -> float | None:
    """JSON has no infinity."""
    return None if error is None or isinf(error) else error


def _result(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = {
        "wrt": result.variable if isinstance(result.variable, str) else list(result.variable),
        **_spelled(result.expression),
        "shape": list(write_shape(result.expression.shape)),
        "numpy": numpy_formula(result.expression),
        "decided_by": result.decided_by,
        "candidates": result.candidates,
    }
    if result.forms:
        found["forms"] = [{"name": form.name, **_spelled(form.expression)} for form in result.forms]
    if result.differential is not None:
        found["differential"] = _spelled(result.differential)
    return found


def _step(told: Told, speller: TextSpeller) -> dict[str, Any]:
    step = told.step
    title = heading(told)
    lead = speller.spell(title.lead) + " " if title.lead is not None else ""
    said = speller.say(title.title) if title.title is not None else ""
    plain, latex = _equation(step.equation.left, right_side(step))
    found: dict[str, Any] = {
        "kind": step.kind,
        "decided_by": step.decided_by,
        "title": _plain_spaces(lead + said).strip(),
        "text": plain,
        "latex": latex,
    }
    if step.decided_by is None:
        del found["decided_by"]
    if step.scalar:
        found["scalar"] = PlainScalars().write(scalar_product(step.scalar))
    if step.wanted is not None:
        found["wanted"] = list(write_shape(step.wanted))
    if step.factors:
        found["factors"] = [
            {"text": write(factor), "shape": list(write_shape(factor.shape))} for factor in step.factors
        ]
    if step.arranged is not None:
        found["arranged"] = write(step.arranged)
    if step.candidates:
        found["candidates"] = [write(candidate.expression) for candidate in step.candidates]
    if step.names:
        found["names"] = [_equation(named.left, formula_of(named))[0] for named in step.names]
    if step.defines is not None:
        found["defines"] = step.defines
    return found


def _equation(left: str | tuple[str, str] | Expr, right: Layout) -> tuple[str, str]:
    """``left = right`` in plain text and in LaTeX."""
    if isinstance(left, str):
        sides = left, latex_name(left)
    elif isinstance(left, Expr):
        sides = write(left), latex_layout(layout(left))
    else:
        sides = f"d{left[0]}_d{left[1]}", latex_derivative(*left)
    return f"{sides[0]} = {write_layout(right)}", f"{sides[1]} = {latex_layout(right)}"
