"""What is said of a claim that is a number times the derivative.

A module of its own because the same number is told in several ways: as what is missing, as what is
too much, as a mean in place of a sum, or as the product rule's second term.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat.numeric.bench import Multiple
from dimcompat.numeric.diagnosis import said
from dimcompat.verdict import Formula, Said

TWO = Multiple(Fraction(2))


def factor_words(multiple: Multiple, square: tuple[str, str, str] | None) -> tuple[Said, ...]:
    """The sentences for a claim that is ``multiple`` times the derivative.

    ``square`` is (name, formula, part) of a link of the objective that has a part as a factor twice.
    """
    times = said("claim.times", count=Formula(multiple.text))
    sign = (said("claim.also.sign"),) if multiple.number < 0 else ()
    too_much = Multiple(abs(multiple.number), multiple.dims)
    missing = too_much.inverse
    if missing == TWO and square is not None:
        link, formula, part = square
        why = said("claim.why.twice", link=Formula(f"{link} = {formula}"), part=Formula(part))
        return said("claim.factor.missing", factor=Formula(missing.text)), why, *sign
    if missing.is_whole:
        key = "claim.factor.mean" if missing.dims and missing.number == 1 else "claim.factor.missing"
        return said(key, factor=Formula(missing.text)), times, *sign
    if too_much.is_whole:
        return said("claim.factor.extra", factor=Formula(too_much.text)), times, *sign
    return said("claim.factor.wrong", count=Formula(multiple.text)), *sign
