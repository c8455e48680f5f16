"""A derivative in the names of its program: written out where names hide what cancels, then named again,
and told by a quotient that is known in place of what it is the quotient of.

A module of its own because a gradient, and a gradient that is differentiated once more, are to be
told in the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.calculus.cost import cost
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Equation, Step
from dimcompat.expressions import Expr, Named
from dimcompat.expressions.rebuild import folded, substituted, substituted_names
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.records import dataclass

MOST_PARTS_WRITTEN_OUT = 8
LONGEST_WRITTEN_OUT = 80
"""The cost of the longest formula that is given in declared names alone."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """``u = x/s``, a part of the program: where u is known, x is ``s*u``; what is below the line stays."""

    part: Named
    numerator: Expr
    product: Expr
    below: tuple[Expr, ...]


def put_back(
    left: tuple[str, str], variable: str, found: Expr, named: Expr, parts: Sequence[Named]
) -> tuple[Expr, Step | None]:
    """A derivative in the names of the program, and the step that says so, if it is not what was found.

    ``named`` is the derivative without the names of the way back.
    """
    expression, quotient = _in_own_names(named, parts)
    if expression is found:
        return expression, None
    told = quotient if quotient is not None and quotient.part in expression.symbols else None
    step = Step(
        "simplify",
        Equation(left, expression),
        variable=variable,
        before=found,
        wanted=expression.shape,
        reason="quotient" if told else None,
        facts=(("part", told.part), ("numerator", told.numerator), ("product", told.product)) if told else (),
    )
    return expression, step


def _in_own_names(named: Expr, parts: Sequence[Named]) -> tuple[Expr, Quotient | None]:
    """The shortest of the spellings: as it stands, written out and named again, by what a quotient is of."""
    if len(parts) > MOST_PARTS_WRITTEN_OUT or not parts:
        return named, None
    given = {part: part.definition for part in parts if part.definition.children}
    spellings = [(named, None), *_spellings(named, given)]
    whole = simplified(substituted_names(named))
    if cost(whole) <= LONGEST_WRITTEN_OUT:
        definitions = {part: substituted_names(part) for part in parts}
        outer_first = sorted(parts, key=lambda part: -definitions[part].order[2])
        spellings += _spellings(whole, {part: definitions[part] for part in outer_first if part in given})
    return min(((simplified(told), quotient) for told, quotient in spellings), key=lambda one: cost(one[0]))


def _spellings(formula: Expr, definitions: Mapping[Named, Expr]) -> Iterator[tuple[Expr, Quotient | None]]:
    """The formula with each part by its name, and then by each part that is a quotient."""
    formula = _by_names(formula, definitions)
    yield formula, None
    given = {part: part.definition for part in definitions}
    for part in definitions:
        quotient = _quotient(part)
        if quotient is not None:
            yield _by_names(_multiplied_out(formula, quotient), given), quotient


def _by_names(formula: Expr, definitions: Mapping[Named, Expr]) -> Expr:
    for part, definition in definitions.items():
        formula = folded(formula, definition, part)
    return formula


def _quotient(part: Named) -> Quotient | None:
    """The definition of a part as a quotient, if it is one: by scalars, or entry by entry."""
    coefficient, scalars, body = ex.split(part.definition)
    if body is None:
        return None
    entries = ex.entry_factors(body)
    factors = (*scalars, *entries)
    below = [(base, power) for base, power in factors if not isinstance(power, Expr) and power < 0]
    above = [factor for factor in factors if factor not in below]
    if not below or len(above) != 1 or above[0] not in entries or above[0][1] != 1:
        return None
    back = [(base, -power) for base, power in below]
    sign = 1 if coefficient > 0 else -1  # as it was typed: of y - X*w, not of X*w - y
    product = ex.scale(sign / coefficient, ex.entry_product([(part, ex.UNIT), *back]))
    return Quotient(part, ex.scale(Fraction(sign), above[0][0]), product, tuple(base for base, _ in below))


def _multiplied_out(whole: Expr, quotient: Quotient) -> Expr:
    coefficient, numerator = ex.split_coefficient(quotient.numerator)
    kept = {base: base for base in quotient.below}
    kept[numerator] = ex.scale(1 / coefficient, quotient.product)
    kept |= {ex.transpose(base): ex.transpose(other) for base, other in kept.items()}
    return substituted(whole, kept)


def parts_in(value: Expr, names: Iterable[str]) -> tuple[Named, ...]:
    """The parts of these names in a formula and in the definitions that it leads to."""
    wanted, found = set(names), dict[Named, None]()
    seen: set[Named] = set()
    pending = [value]
    while pending:
        for node in distinct_nodes(pending.pop()):
            if isinstance(node, Named) and node not in seen:
                seen.add(node)
                pending.append(node.definition)
                found |= {node: None} if node.name in wanted else {}
    return tuple(found)
