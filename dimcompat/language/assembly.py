"""Small pieces of a layout: dimensions, numbers, and what goes above and below a fraction line.

A module of its own because none of it looks at what surrounds it; `layout` decides, this assembles.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import lru_cache

from dimcompat import expressions as ex
from dimcompat.expressions import Exponent, Expr
from dimcompat.language.notation import (
    Applied,
    Glue,
    Integer,
    Layout,
    Name,
    Power,
    Quotient,
    Rational,
    Series,
    Terms,
)
from dimcompat.language.sums import half_of_square
from dimcompat.shapes import NAMES_AT_HAND, Dim

UNIT, HALF = Fraction(1), Fraction(1, 2)
Scalars = tuple[tuple[Expr, Exponent], ...]
Items = list[tuple[Glue, Layout]]
Place = tuple[int, ...]


@lru_cache(maxsize=NAMES_AT_HAND)
def dimension(dim: Dim) -> Layout:
    """A dimension as arithmetic."""
    terms: list[tuple[bool, Layout]] = []
    for monomial, factor in dim.terms:
        names: list[Layout] = [
            Name(name) if power == 1 else Power(Name(name), Integer(power), "scalar")
            for name, power in monomial
        ]
        numbers: list[Layout] = [Integer(factor)] if factor != 1 or not names else []
        terms.append((False, series([("scale", item) for item in numbers + names])))
    return terms[0][1] if len(terms) == 1 else Terms(tuple(terms))


def leaf(node: Expr) -> Layout:
    """A number, a name or a constant matrix."""
    match node:
        case ex.Number():
            return fraction(node.value)
        case ex.Constant() | ex.Index():
            return Name(node.name)
        case ex.Symbol() | ex.Named():
            return Name(node.name, node.quotient)
        case ex.Size():
            return dimension(node.dim)
        case ex.Identity():
            return Applied("eye", sizes=(dimension(node.shape.rows),))
        case ex.Ones() | ex.Zeros():
            dims = (node.shape.rows,) if node.shape.is_column else node.shape
            return Applied(
                "ones" if isinstance(node, ex.Ones) else "zeros", sizes=tuple(map(dimension, dims))
            )
        case ex.Commutation():
            return Applied("K", sizes=(dimension(node.rows), dimension(node.cols)))
        case _:
            raise AssertionError(f"no layout for {type(node).__name__}")


def series(items: Items) -> Layout:
    return items[0][1] if len(items) == 1 else Series(tuple(items))


def signed_layout(negative: bool, body: Layout) -> Layout:
    return Terms(((True, body),)) if negative else body


def fraction(value: Fraction) -> Layout:
    value_above = abs(value.numerator)
    body: Layout = (
        Integer(value_above) if value.denominator == 1 else Rational(value_above, value.denominator)
    )
    return signed_layout(value < 0, body)


def turning_sum(scalars: Scalars, body: Expr | None) -> Place | None:
    """The way to a factor that can take in a minus, a sum with a negative term to an odd power.

    The way begins with -1 for the body or the index of a scalar; indices of factors follow. A sum that
    stands there twice is left alone, one with a number, as ``1 - p``, is turned only if there is no other.
    """
    found: list[tuple[Place, ex.Sum]] = []
    ways: list[tuple[Place, Expr, Exponent]] = []
    if body is not None:
        ways.append(((-1,), body, UNIT))
    ways += [((index,), base, own) for index, (base, own) in enumerate(scalars)]
    while ways:
        way, node, exponent = ways.pop(0)
        if isinstance(exponent, Expr) or exponent.denominator != 1 or exponent % 2 == 0:
            continue
        match node:
            case ex.Sum() if any(own < 0 for _, own in node.terms):
                found.append((way, node))
            case ex.Chain() if not node.shape.is_scalar or _stands_plainly(node):
                ways += [((*way, index), factor, UNIT) for index, factor in enumerate(node.factors)]
            case ex.Hadamard():
                ways += [((*way, index), base, own) for index, (base, own) in enumerate(node.factors)]
            case ex.Call() if len(getattr(node.function, "adjoints", ())) == len(node.arguments):
                ways += [((*way, index), argument, UNIT) for index, argument in enumerate(node.arguments)]
            case ex.Diagonal():
                ways.append(((*way, 0), node.vector, UNIT))
    uses = Counter(
        spelling for _, node in found for spelling in {node, ex.split_coefficient(ex.transpose(node))[1]}
    )
    once = [(way, node) for way, node in found if uses[node] == 1]
    plain = [way for way, node in once if not any(isinstance(body, ex.Number) for body, _ in node.terms)]
    return next(iter([*plain, *(way for way, _ in once)]), None)


def _stands_plainly(chain: ex.Chain) -> bool:
    """Whether an inner product is written factor by factor, not as a square or a sum of entries."""
    ends = (chain.factors[0], chain.factors[-1])
    return half_of_square(chain) is None and not any(isinstance(end, ex.Ones) for end in ends)


def quotient_of(
    coefficient: Fraction, above: Items, entries_below: Items, below: Items | None = None
) -> Layout:
    """Coefficient and factors over what divides them; a lone fraction of numbers stays in front."""
    top, bottom = coefficient.numerator, coefficient.denominator
    below = below or []
    if bottom != 1 and top != 1 and not below and above:
        above = [("scale", Rational(top, bottom)), *above]
    elif bottom != 1 and not below and not above and not entries_below:
        return Rational(top, bottom)
    else:
        if top != 1 or not above:
            above = [("scale", Integer(top)), *above]
        if bottom != 1:
            below = [("scale", Integer(bottom)), *below]
    result = series(above)
    if entries_below:
        result = Quotient(result, series(entries_below), entrywise=True)
    return Quotient(result, series(below)) if below else result
