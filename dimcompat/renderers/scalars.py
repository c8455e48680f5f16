"""A product as if its factors were numbers.

A module of its own because JSON says it too, and has no explanations.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.expressions.rationals import times
from dimcompat.language.assembly import fraction
from dimcompat.language.layout import layout
from dimcompat.language.notation import Glue, Layout, Series, Terms


def scalar_product(factors: tuple[Expr, ...]) -> Layout:
    """The factors multiplied as if they were numbers, the number in front."""
    number = ex.UNIT
    items: list[tuple[Glue, Layout]] = []
    for factor in factors:
        own, body = ex.split_coefficient(factor)
        if isinstance(body, ex.Chain):
            body = ex.multiply(*(part for part in body.factors if not isinstance(part, ex.Ones)))
        number = times(number, own)
        if isinstance(body, ex.Number | ex.Ones | ex.Identity):  # each of them is the number 1
            continue
        shown = layout(body)
        plain = isinstance(shown, Series) and all(glue != "entry" for glue, _ in shown.items)
        items += (
            [("scale", item) for _, item in shown.items]
            if plain and isinstance(shown, Series)
            else [("scale", shown)]
        )
    if not items or (number is not ex.UNIT and abs(number) != 1):
        items.insert(0, ("scale", fraction(abs(number))))
    body_of = items[0][1] if len(items) == 1 else Series(tuple(items))
    return Terms(((True, body_of),)) if number.numerator < 0 else body_of
