"""Coefficients, scalars and sums: like terms meet here.

A module of its own because scaling and adding must agree on one thing, how a term is
split into a rational coefficient and a body: a sum maps bodies to coefficients, a
product is coefficient · scalars with exponents · at most one body that is not a scalar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, isqrt, lcm

from dimcompat.errors import ShapeError, UnsupportedError
from dimcompat.expressions.compounds import Chain, Hadamard, Product, Sum
from dimcompat.expressions.leaves import Number, Ones, Size, Zeros
from dimcompat.expressions.node import Exponent, Expr
from dimcompat.expressions.quotients import rewrite_factors
from dimcompat.expressions.rationals import UNIT, rational, times
from dimcompat.expressions.remembered import remembered
from dimcompat.expressions.term_order import term_order
from dimcompat.messages import say
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

_ONE = Number.make(1)


def number(value: Fraction | int) -> Expr:
    """An exact rational number."""
    return Number.make(value)


def size_of(dim: Dim) -> Expr:
    """A dimension used as a number: arithmetic of its symbols."""
    terms: list[tuple[Expr, Fraction]] = []
    for monomial, factor in dim.terms:
        powers = {Size.make(Dim.symbol(name)): Fraction(power) for name, power in monomial}
        terms.append((scaled(UNIT, powers, None), Fraction(factor)))
    return combine(SCALAR, terms)


def split(expression: Expr) -> tuple[Fraction, tuple[tuple[Expr, Exponent], ...], Expr | None]:
    """Coefficient, scalars with exponents, and the body that is not a scalar (or None)."""
    if expression._split is None:
        expression._split = _split(expression)
    return expression._split


def _split(expression: Expr) -> tuple[Fraction, tuple[tuple[Expr, Exponent], ...], Expr | None]:
    if isinstance(expression, Number):
        return expression.value, (), None
    if isinstance(expression, Product):
        return expression.coefficient, expression.scalars, expression.body
    if expression.shape.is_scalar:
        return UNIT, ((expression, UNIT),), None
    return UNIT, (), expression


def split_coefficient(expression: Expr) -> tuple[Fraction, Expr]:
    """The rational coefficient and what it multiplies."""
    if isinstance(expression, Number):
        return expression.value, _ONE
    if isinstance(expression, Product) and expression.coefficient != 1:
        return expression.coefficient, _unscaled(expression)
    return UNIT, expression


def _unscaled(product: Product) -> Expr:
    if not product.scalars and product.body is not None:
        return product.body
    if product.body is None and len(product.scalars) == 1 and product.scalars[0][1] == 1:
        return product.scalars[0][0]
    return Product.make(UNIT, product.scalars, product.body)


def exponent_of(expression: Expr) -> Exponent:
    """A scalar expression as an exponent: a fraction where it is a number."""
    return expression.value if isinstance(expression, Number) else expression


def exponent_sum(left: Exponent, right: Exponent) -> Exponent:
    if not isinstance(left, Expr) and not isinstance(right, Expr):
        return left + right
    return exponent_of(add(exponent_expression(left), exponent_expression(right)))


def exponent_product(left: Exponent, right: Exponent) -> Exponent:
    if not isinstance(left, Expr) and not isinstance(right, Expr):
        return left * right
    return exponent_of(
        scaled(UNIT, {}, None, (exponent_expression(left), UNIT), (exponent_expression(right), UNIT))
    )


def exponent_expression(exponent: Exponent) -> Expr:
    return Number.make(exponent) if not isinstance(exponent, Expr) else exponent


def is_integer(exponent: Exponent) -> bool:
    return not isinstance(exponent, Expr) and exponent.denominator == 1


def scale(coefficient: Fraction | int, expression: Expr) -> Expr:
    """A rational multiple."""
    if coefficient is UNIT:
        return expression
    own, scalars, body = split(expression)
    product = own * coefficient
    return expression if product == own else scaled(product, dict(scalars), body)


def scaled(
    coefficient: Fraction,
    scalars: Mapping[Expr, Exponent],
    body: Expr | None,
    *more: tuple[Expr, Exponent],
) -> Expr:
    """The normal form of coefficient · scalars with exponents · body.

    ``more`` are further scalars with exponents; they may be any scalar expressions.
    """
    if coefficient is UNIT and body is not None and not scalars and not more:
        return body
    collected: dict[Expr, Exponent] = {}
    pending: list[tuple[Expr, Exponent]] = [*more]
    if scalars:
        pending.extend(reversed(list(scalars.items())))
    if body is not None:
        own, own_scalars, body = split(body)
        coefficient = times(coefficient, own)
        pending.extend(own_scalars)
    while pending:
        base, exponent = pending.pop()
        factor, parts = _open(base, exponent)
        coefficient = times(coefficient, factor)
        if parts is None:
            merged = exponent_sum(collected[base], exponent) if base in collected else exponent
            if merged == 0:
                del collected[base]
            else:
                collected[base] = merged
        else:
            pending.extend(parts)
    if any(isinstance(base, (Product, Number)) and is_integer(own) for base, own in collected.items()):
        return scaled(coefficient, {}, body, *collected.items())
    shape = body.shape if body is not None else SCALAR
    if coefficient == 0 or isinstance(body, Zeros):
        return Zeros.make(shape)
    if collected:
        rewritten = rewrite_factors(collected, body)
        if rewritten is not None:
            return scaled(coefficient, rewritten[0], rewritten[1])
    return _product(coefficient, collected, body)


def _product(coefficient: Fraction, scalars: dict[Expr, Exponent], body: Expr | None) -> Expr:
    if not scalars:
        if body is None:
            return Number.make(coefficient)
        if coefficient == 1:
            return body
    if len(scalars) == 1 and body is None and coefficient == 1:
        ((base, exponent),) = scalars.items()
        if exponent == 1:
            return base
    ordered = tuple(sorted(scalars.items(), key=lambda item: item[0].order))
    return Product.make(coefficient, ordered, body)


def _open(base: Expr, exponent: Exponent) -> tuple[Fraction, list[tuple[Expr, Exponent]] | None]:
    """A power of a scalar as a number and the powers it is made of; None where it is a factor itself."""
    if exponent == 0:
        return UNIT, []
    if isinstance(base, Number):
        if base.value == 0 and not isinstance(exponent, Expr) and exponent < 0:
            raise UnsupportedError(say("E405"), code="E405")
        root = exact_power(base.value, exponent)
        return (UNIT, None) if root is None else (root, [])
    if isinstance(base, Product):
        if not isinstance(exponent, Expr) and exponent.denominator == 1:
            parts = [(inner, exponent_product(power, exponent)) for inner, power in base.scalars]
            return base.coefficient**exponent.numerator, parts
        root = exact_power(base.coefficient, exponent)
        if root is not None and base.coefficient != 1:
            return root, [(_unscaled(base), exponent)]
        if not isinstance(exponent, Expr):
            return UNIT, _sizes_out(base, exponent)
    return UNIT, None


def _sizes_out(base: Product, exponent: Fraction) -> list[tuple[Expr, Exponent]] | None:
    """``sqrt(m*n^2) = n*sqrt(m)`` for dimensions, which are positive; None where there are none."""
    powers = {inner: exponent_product(power, exponent) for inner, power in base.scalars}
    out = {inner: power for inner, power in powers.items() if is_integer(power) and _is_size(inner)}
    if not out:
        return None
    rest = {inner: power for inner, power in base.scalars if inner not in out}
    return [*out.items(), (_product(base.coefficient, rest, None), exponent)]


def _is_size(expression: Expr) -> bool:
    """Whether it is a dimension, or a sum of products of them."""
    if isinstance(expression, Sum):
        return all(factor > 0 and _is_size(body) for body, factor in expression.terms)
    if isinstance(expression, Product):
        return all(_is_size(inner) for inner, _ in expression.scalars)
    return isinstance(expression, Size) or (isinstance(expression, Number) and expression.value > 0)


def exact_power(value: Fraction, exponent: Exponent) -> Fraction | None:
    """``value ** exponent`` where that is rational for certain, or None."""
    if value == 1:
        return UNIT
    if isinstance(exponent, Expr):
        return None
    if exponent.denominator == 1:
        return value**exponent.numerator if abs(exponent) <= 10_000 else None
    if value >= 0 and exponent.denominator == 2:
        top, bottom = isqrt(value.numerator), isqrt(value.denominator)
        if top * top == value.numerator and bottom * bottom == value.denominator:
            return Fraction(top, bottom) ** exponent.numerator
    return None


def subtract(left: Expr, right: Expr) -> Expr:
    """``left - right``, broadcasting like `add`."""
    return add(left, scale(-1, right))


@remembered
def add(*terms: Expr) -> Expr:
    """The sum; scalars, rows and columns are stretched to the shape of the largest term.

    Raises ShapeError where two terms have different dimensions, neither of them 1.
    """
    shape = joint_shape(term.shape for term in terms)
    return combine(shape, ((term, UNIT) for term in terms))


def combine(shape: Shape, terms: Iterable[tuple[Expr, Fraction]]) -> Expr:
    """The sum of ``(term, coefficient)`` pairs, stretched to the shape."""
    return _combined(shape, tuple(terms))


@remembered
def _combined(shape: Shape, terms: tuple[tuple[Expr, Fraction], ...]) -> Expr:
    collected: dict[Expr, Fraction] = {}
    for term, coefficient in terms:
        own, body = split_coefficient(term)
        inner = body.terms if isinstance(body, Sum) else ((body, UNIT),)
        for part, factor in inner:
            if not isinstance(part, Zeros):
                weight = times(times(own, coefficient), factor)
                collected[part] = collected[part] + weight if part in collected else weight
    collected = {body: factor for body, factor in collected.items() if factor}
    if collected and not shape.is_scalar:
        collected = _fit(collected, shape)
    return _sum(shape, collected) if collected else Zeros.make(shape)


def _sum(shape: Shape, collected: dict[Expr, Fraction]) -> Expr:
    if len(collected) == 1:
        ((body, factor),) = collected.items()
        return scale(factor, body)
    ordered = sorted(collected.items(), key=term_order)
    content = _content([factor for _, factor in ordered])
    if ordered[0][1].numerator < 0:
        content = -content
    if content == 1:
        return Sum.make(shape, tuple((body, rational(factor)) for body, factor in ordered))
    total = Sum.make(shape, tuple((body, rational(factor / content)) for body, factor in ordered))
    return (
        Product.make(content, ((total, UNIT),), None) if shape.is_scalar else Product.make(content, (), total)
    )


def _content(coefficients: list[Fraction]) -> Fraction:
    if coefficients[0] is UNIT and all(factor.denominator == 1 for factor in coefficients):
        return UNIT
    return Fraction(
        gcd(*(factor.numerator for factor in coefficients)),
        lcm(*(factor.denominator for factor in coefficients)),
    )


def joint_shape(shapes: Iterable[Shape]) -> Shape:
    """The shape that stretched operands share; raises ShapeError where there is none."""
    rows, cols = ONE, ONE
    for shape in shapes:
        if shape.rows is not ONE and rows is not ONE and shape.rows is not rows:
            raise ShapeError(say("E203.rows", first=shape.rows, second=rows), code="E203")
        if shape.cols is not ONE and cols is not ONE and shape.cols is not cols:
            raise ShapeError(say("E203.columns", first=shape.cols, second=cols), code="E203")
        rows = rows if shape.rows is ONE else shape.rows
        cols = cols if shape.cols is ONE else shape.cols
    return Shape(rows, cols)


def _fit(collected: dict[Expr, Fraction], shape: Shape) -> dict[Expr, Fraction]:
    """Terms stretched by hand where nothing else gives the sum its shape, and not where something does."""
    if all(body.shape == shape and not is_stretched(body) for body in collected):
        return collected
    if any(body.shape == shape and not is_stretched(body) for body in collected):
        fitted: dict[Expr, Fraction] = {}
        for body, factor in collected.items():
            inner = unstretched(body)
            own, small = split_coefficient(inner) if inner is not None else (UNIT, body)
            parts = small.terms if isinstance(small, Sum) else ((small, UNIT),)
            for part, weight in parts:
                more = times(times(factor, own), weight)
                fitted[part] = fitted[part] + more if part in fitted else more
        fitted = {body: factor for body, factor in fitted.items() if factor}
        settled = not any(map(is_stretched, fitted))
        return fitted if not fitted or settled else _fit(fitted, shape)
    groups: dict[Shape, dict[Expr, Fraction]] = {}
    for body, factor in collected.items():
        inner = unstretched(body)
        own, small = split_coefficient(inner) if inner is not None else (UNIT, body)
        for part, weight in small.terms if isinstance(small, Sum) else ((small, UNIT),):
            members = groups.setdefault(part.shape, {})
            more = times(times(factor, own), weight)
            members[part] = members[part] + more if part in members else more
    groups = {own: {b: f for b, f in members.items() if f} for own, members in groups.items()}
    groups = {own: members for own, members in groups.items() if members}
    full = groups.pop(shape, {})
    scalars = groups.pop(SCALAR, {})
    if groups:  # the scalars ride on the first of the rows or columns
        first = min(groups, key=lambda item: (str(item.rows), str(item.cols)))
        groups[first].update(scalars)
    elif scalars:
        groups[SCALAR] = scalars
    for own_shape, members in groups.items():
        factor, body = split_coefficient(stretch(_sum(own_shape, members), shape))
        full[body] = full.get(body, 0) + factor
    return {body: factor for body, factor in full.items() if factor}


def stretch(expression: Expr, shape: Shape) -> Expr:
    """A scalar, row or column written out in a larger shape, with a matrix product with ones."""
    own = expression.shape
    if own == shape:
        return expression
    coefficient, scalars, body = split(expression)
    if body is None:
        return scaled(coefficient, dict(scalars), Ones.make(shape))
    factors = body.factors if isinstance(body, Chain) else (body,)
    if own.rows is not shape.rows:
        factors = (Ones.make(Shape(shape.rows, ONE)), *factors)
    if own.cols is not shape.cols:
        factors = (*factors, Ones.make(Shape(ONE, shape.cols)))
    chain: Expr = (
        Ones.make(shape) if all(isinstance(factor, Ones) for factor in factors) else Chain.make(factors)
    )
    return scaled(coefficient, dict(scalars), chain)


def is_stretched(body: Expr) -> bool:
    """Whether a product with ones at one end writes a smaller term out in a larger shape."""
    inner = split(body)[2]
    if isinstance(inner, Chain):
        first, last = inner.factors[0], inner.factors[-1]
        return (isinstance(first, Ones) and first.shape.cols is ONE) or (
            isinstance(last, Ones) and last.shape.rows is ONE
        )
    return isinstance(inner, Ones)


def unstretched(body: Expr) -> Expr | None:
    """The scalar, row or column that was stretched to this body, or None."""
    if not is_stretched(body):
        return None
    coefficient, scalars, inner = split(body)
    if not isinstance(inner, Chain):
        return scaled(coefficient, dict(scalars), None)
    first = inner.factors[0]
    from_above = isinstance(first, Ones) and first.shape.cols is ONE
    rest = inner.factors[1:] if from_above else inner.factors[:-1]
    return scaled(coefficient, dict(scalars), chain_of(rest))


def chain_of(factors: tuple[Expr, ...]) -> Expr:
    """The product of factors between which no rule applies."""
    return factors[0] if len(factors) == 1 else Chain.make(factors)


def factors_of(body: Expr) -> tuple[Expr, ...]:
    """The factors of a matrix product; the body itself where it is none."""
    return body.factors if isinstance(body, Chain) else (body,)


def entry_factors(body: Expr) -> tuple[tuple[Expr, Exponent], ...]:
    """The factors of an entry-by-entry product; the body itself where it is none."""
    return body.factors if isinstance(body, Hadamard) else ((body, UNIT),)
