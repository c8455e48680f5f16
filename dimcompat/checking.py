"""Is this gradient right? A claim read beside its source, judged, and told.

A module of its own because it is the one verb that needs all rooms: the derivation for the truth,
the language for the claim, numbers for the verdict, sentences for the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Literal

from dimcompat.api import derive, parse, require_source
from dimcompat.calculus.engine import derive_gradient
from dimcompat.callers import require, whole_number, within_limits
from dimcompat.derivation import Derivation
from dimcompat.errors import DimcompatError, UnsupportedError
from dimcompat.expressions import Expr, Named, plain, split_coefficient
from dimcompat.expressions.rebuild import substituted_names
from dimcompat.language.claim import read_claim, scope_of
from dimcompat.language.latex import plain_name
from dimcompat.language.within import name_in
from dimcompat.language.writer import write
from dimcompat.messages import say
from dimcompat.program import Program
from dimcompat.verdict import Verdict

Layout = Literal["denominator", "numerator", "any"]


@within_limits
def check(
    source: str | Expr,
    wrt: str | Expr,
    claim: str | Expr,
    shapes: Mapping[str, str] | None = None,
    *,
    objective: str | None = None,
    order: int = 1,
    layout: Layout = "denominator",
    infer: bool = False,
    notation: str = "plain",
    seed: int = 0,
) -> Verdict:
    """Judge a claimed derivative of a source by one name; a wrong one gets a cause and a reason.

    The claim may use the source's names, ``dL_dZ`` for derivatives by its parts, and names that the
    derivation has given to parts of its result, and may have ``dJ_dw =`` or the like in front. An ill-shaped
    claim is wrong; one that cannot be read raises a DimcompatError whose ``where`` is ``claim``. With
    ``layout="any"`` the derivative is meant in denominator layout; a claim in the other one has the cause
    ``layout``.
    """
    from dimcompat.numeric.claims import diagnose
    from dimcompat.numeric.diagnosis import Asked
    from dimcompat.renderers.verdict import reason_text

    require_source(source, shapes, objective)
    require("wrt", wrt, (str, Expr), "E440.name asked")
    require("claim", claim, (str, Expr, int, float, Fraction), "E440.source")
    seed = whole_number("seed", seed, 0)
    program = parse(source, shapes, objective=objective, notation=notation, infer=infer)
    variable = name_in(plain_name(str(wrt)) if notation == "latex" else str(wrt), program)
    derivation = derive(
        source,
        variable,
        shapes,
        objective=objective,
        order=order,
        layout="denominator" if layout == "any" else layout,
        infer=infer,
        notation=notation,
        seed=seed,
    )
    if derivation.verification is not None and derivation.verification.passed is False:
        raise UnsupportedError(say("E495"), code="E495", where="source")
    result = derivation.results[0]
    expected = plain(result.expression)
    text = str(claim)
    on_the_way = _named_by_the_derivation(program, expected)
    if order == 1 and _mentions_derivatives(text):
        on_the_way |= _on_the_way(program, variable)
    read = read_claim(text, variable, scope_of(program), on_the_way, notation=notation)

    @cache
    def others() -> Mapping[str, Expr]:
        names = [name for name, symbol in program.symbols.items() if symbol.labels is None]
        return _derivatives(program, [name for name in (*names, *program.parts) if name != variable])

    asked = Asked(
        program,
        variable,
        expected,
        _contributions(program, derivation, variable),
        {form.name: form.expression for form in result.forms},
        others if order == 1 else dict,
        _square(derivation),
        lambda: _apart(program, variable),
        seed,
    )
    found = diagnose(read, asked)
    return Verdict(
        correct=found.cause == "right",
        cause=found.cause,
        reason=reason_text(found.told),
        told=found.told,
        claimed=read.text,
        shape=found.shape,
        expected=derivation.gradient if order == 1 else derivation.hessians[variable, variable],
        objective=derivation.name,
        variable=variable,
        evidence=found.evidence,
        repair=found.repair,
    )


def _mentions_derivatives(text: str) -> bool:
    return any(sign in text for sign in ("_d", "∂", "partial", "nabla", "∇", "/d"))


def _named_by_the_derivation(program: Program, result: Expr) -> dict[str, Expr]:
    """What a result has names for that are not the source's, so that it can be handed in as it is printed."""
    found: dict[str, Expr] = {}
    pending = [result]
    while pending:
        names = [leaf for leaf in pending.pop().symbols if isinstance(leaf, Named)]
        for leaf in sorted(names, key=lambda leaf: leaf.name):
            if leaf.name not in found and leaf.name not in program.parts:
                found[leaf.name] = leaf.definition
                pending.append(leaf.definition)
    return found


def _on_the_way(program: Program, variable: str) -> dict[str, Expr]:
    """The derivatives by the source's parts, by the names that a claim has for them."""
    names = [name for name in program.parts if name not in (program.name, variable)]
    return {f"d{program.name}_d{name}": value for name, value in _derivatives(program, names).items()}


def _derivatives(program: Program, names: Iterable[str]) -> dict[str, Expr]:
    """The derivatives by these names, none where they cannot all be found."""
    names = list(names)
    if not names or not program.operation.shape.is_scalar:
        return {}
    try:
        derivation = derive_gradient(program, names)
    except DimcompatError:
        return {}
    return {str(result.variable): plain(result.expression) for result in derivation.results}


def _contributions(program: Program, derivation: Derivation, variable: str) -> tuple[tuple[Expr, ...], ...]:
    steps = [step for step in derivation.steps if step.kind == "collect" and step.variable == variable]
    kept = frozenset(program.parts)
    return tuple(tuple(substituted_names(term, kept) for term in step.terms) for step in reversed(steps))


def _apart(program: Program, variable: str) -> tuple[Expr, Expr] | None:
    """The derivatives of numerator and denominator, or of both factors, of a scalar objective."""
    whole = program.operation.operands[0] if program.operation.kind == "part" else program.operation
    if whole.kind not in ("divide", "entrywise divide", "multiply", "entrywise multiply"):
        return None
    if not all(operand.shape.is_scalar for operand in whole.operands):
        return None
    pair = [_derivatives(replace(program, operation=operand), [variable]) for operand in whole.operands]
    return (pair[0][variable], pair[1][variable]) if all(pair) else None


def _square(derivation: Derivation) -> tuple[str, str, str] | None:
    """The link that has a part as a factor twice, so that its derivative has a 2 that it has not itself."""
    for step in derivation.steps:
        if step.kind != "product" or step.through is None or step.variable is None:
            continue
        before, _ = split_coefficient(step.through.right)
        after, _ = split_coefficient(step.equation.right)
        if after == 2 * before and isinstance(step.through.left, str) and step.occurrence is None:
            return step.through.left, write(step.through.right), step.variable
    return None
