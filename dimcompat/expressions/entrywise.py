"""Entry-by-entry products and powers.

A module of its own because this product has rules that the matrix product has not:
order is immaterial, exponents add, and a column times a row is an outer product.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from dimcompat.errors import UnsupportedError
from dimcompat.expressions.compounds import Chain, Diagonal, Hadamard, Product, Transpose
from dimcompat.expressions.leaves import Identity, Ones, Zeros
from dimcompat.expressions.linear import (
    entry_factors,
    exact_power,
    exponent_of,
    exponent_product,
    exponent_sum,
    is_integer,
    joint_shape,
    scaled,
    split,
    stretch,
    unstretched,
)
from dimcompat.expressions.node import Exponent, Expr
from dimcompat.expressions.quotients import rewrite_factors
from dimcompat.expressions.rationals import UNIT, times
from dimcompat.expressions.remembered import remembered
from dimcompat.messages import say
from dimcompat.shapes import ONE, Shape

Powers = dict[Expr, Exponent]


def hadamard(*factors: Expr) -> Expr:
    """The entry-by-entry product; scalars, rows and columns are stretched.

    Raises ShapeError where two factors have different dimensions, neither of them 1.
    """
    return entry_product([(factor, UNIT) for factor in factors])


def power(base: Expr, exponent: Exponent | int) -> Expr:
    """A power of a scalar."""
    return scaled(UNIT, {}, None, (base, _exponent(exponent)))


def entrywise_power(base: Expr, exponent: Exponent | int) -> Expr:
    """The power of each entry."""
    return entry_product([(base, _exponent(exponent))])


def _exponent(exponent: Exponent | int) -> Exponent:
    return exponent_of(exponent) if isinstance(exponent, Expr) else Fraction(exponent)


def entry_product(factors: Iterable[tuple[Expr, Exponent]]) -> Expr:
    """The entry-by-entry product of bases with exponents, in normal form."""
    return _entry_product(tuple(factors))


@remembered
def _entry_product(factors: tuple[tuple[Expr, Exponent], ...]) -> Expr:
    shape = joint_shape(base.shape for base, _ in factors)
    coefficient = UNIT
    scalars: list[tuple[Expr, Exponent]] = []
    collected: Powers = {}
    pending = list(reversed(factors))
    while pending:
        base, exponent = pending.pop()
        if base.shape.is_scalar:
            scalars.append((base, exponent))
            continue
        factor, loose, body = _loosen(base, exponent)
        coefficient = times(coefficient, factor)
        scalars.extend(loose)
        if isinstance(body, Hadamard) and (exponent == 1 or is_integer(exponent)):
            pending.extend((inner, exponent_product(own, exponent)) for inner, own in body.factors)
        elif isinstance(body, Zeros):
            if not isinstance(exponent, Expr) and exponent < 0:
                raise UnsupportedError(say("E405"), code="E405")
            return Zeros.make(shape)
        elif not isinstance(body, Ones) and exponent != 0:
            _collect(collected, body, exponent)
    if any(isinstance(base, (Product, Hadamard)) and is_integer(own) for base, own in collected.items()):
        return scaled(
            coefficient, {}, entry_product([*collected.items(), (Ones.make(shape), UNIT)]), *scalars
        )
    collected = _without_stretching(collected, shape, scalars)
    if not shape.is_scalar and collected:
        rewritten = rewrite_factors(collected)
        if rewritten is not None:
            again = [*rewritten[0].items(), (Ones.make(shape), UNIT)]
            return scaled(coefficient, {}, entry_product(again), *scalars)
    return scaled(coefficient, {}, _assemble(collected, shape), *scalars)


def _without_stretching(collected: Powers, shape: Shape, scalars: list[tuple[Expr, Exponent]]) -> Powers:
    """``(v*ones(1,n)) .* M = v .* M``: what another factor stretches need not be written out."""
    inner = {base: unstretched(base) for base in collected if base.shape == shape and not shape.is_vector}
    if not any(found is not None for found in inner.values()) or all(inner.values()):
        return collected
    small: Powers = {}
    for base, exponent in collected.items():
        found = inner.get(base)
        if found is None:
            _collect(small, base, exponent)
        elif found.shape.is_scalar:
            scalars.append((found, exponent))
        elif not is_integer(exponent):
            _collect(small, found, exponent)
        else:
            for part, power in entry_factors(found):
                _collect(small, part, exponent_product(power, exponent))
    return small


def _collect(collected: Powers, base: Expr, exponent: Exponent) -> None:
    merged = exponent_sum(collected[base], exponent) if base in collected else exponent
    if merged == 0:
        del collected[base]
    else:
        collected[base] = merged


def _loosen(base: Expr, exponent: Exponent) -> tuple[Fraction, list[tuple[Expr, Exponent]], Expr]:
    """The numbers and scalars that leave a power, and the body that stays."""
    coefficient, scalars, body = split(base)
    if body is base or body is None:
        return UNIT, [], base
    if not isinstance(exponent, Expr) and exponent.denominator == 1:
        loose = [(scalar, exponent_product(own, exponent)) for scalar, own in scalars]
        return coefficient**exponent.numerator, loose, body
    if isinstance(body, Ones) and coefficient > 0:
        return UNIT, [(scaled(coefficient, dict(scalars), None), exponent)], body
    root = exact_power(coefficient, exponent)
    if root is None or coefficient == 1:
        return UNIT, [], base
    return root, [], Product.make(UNIT, scalars, body) if scalars else body


def _assemble(collected: Powers, shape: Shape) -> Expr | None:
    """The factors as one expression of the shape; None for the scalar 1."""
    full = {base: own for base, own in collected.items() if base.shape == shape}
    columns = {base: own for base, own in collected.items() if base.shape.is_column and base not in full}
    rows = {base: own for base, own in collected.items() if base.shape.is_row and base not in full}
    if not full:
        if not columns and not rows:
            return None if shape.is_scalar else Ones.make(shape)
        if not rows:
            return stretch(_entries(columns), shape)
        if not columns:
            return stretch(_entries(rows), shape)
        return _outer(_entries(columns), _entries(rows))
    diagonal: list[Expr] = [
        base for base, own in full.items() if isinstance(base, (Identity, Diagonal)) and own == 1
    ]
    if diagonal and (columns or rows or len(diagonal) > 1):
        return _on_diagonal(diagonal, {base: own for base, own in collected.items() if base not in diagonal})
    outers = [base for base, own in full.items() if own == 1 and _junction(base)]
    if outers and (columns or rows or len(outers) > 1):
        return _joint_outer(outers, {base: own for base, own in collected.items() if base not in outers})
    return _entries(collected)


def _on_diagonal(matrices: list[Expr], others: Powers) -> Expr:
    """``diag(u) .* (v*w')`` is ``diag(u .* v .* w)``; what is no column or row stays beside it."""
    from dimcompat.expressions.products import transpose

    vectors: list[tuple[Expr, Exponent]] = [(m.vector, UNIT) for m in matrices if isinstance(m, Diagonal)]
    rest: list[tuple[Expr, Exponent]] = []
    for base, exponent in others.items():
        if base.shape.is_column:
            vectors.append((base, exponent))
        elif base.shape.is_row:
            vectors.append((transpose(base), exponent))
        else:
            rest.append((base, exponent))
    coefficient, scalars, vector = split(entry_product(vectors)) if vectors else (UNIT, (), None)
    if vector is None or isinstance(vector, Ones):
        inner: Expr = (
            matrices[0] if isinstance(matrices[0], Identity) else Identity.make(matrices[0].shape.rows)
        )
    else:
        inner = Diagonal.make(vector)
    body = entry_product([(inner, UNIT), *rest]) if rest else inner
    return scaled(coefficient, dict(scalars), body)


def _entries(factors: Powers) -> Expr:
    if len(factors) == 1:
        ((base, exponent),) = factors.items()
        if exponent == 1:
            return base
    shape = joint_shape(base.shape for base in factors)
    return Hadamard.make(shape, tuple(sorted(factors.items(), key=lambda item: item[0].order)))


def _outer(column: Expr, row: Expr) -> Expr:
    left = column.factors if isinstance(column, Chain) else (column,)
    right = row.factors if isinstance(row, Chain) else (row,)
    return Chain.make((*left, *right), symmetric=_mirrored(column, row))


def _mirrored(column: Expr, row: Expr) -> bool:
    return isinstance(row, Transpose) and row.operand is column


def _junction(body: Expr) -> int:
    """The place at which an outer product ``u*v'`` turns from the column to the row; 0 where it is none."""
    if isinstance(body, Chain) and not body.shape.is_vector:
        for place in range(1, len(body.factors)):
            if body.factors[place].shape.rows is ONE:
                return place
    return 0


def _joint_outer(outers: list[Expr], others: Powers) -> Expr:
    """``v .* (a*b') .* (c*d') = (v .* a .* c)*(b .* d)'``; what is no column or row stays beside it."""
    columns = [(base, own) for base, own in others.items() if base.shape.is_column]
    rows = [(base, own) for base, own in others.items() if base.shape.is_row]
    rest = [(base, own) for base, own in others.items() if not base.shape.is_vector]
    for outer in outers:
        assert isinstance(outer, Chain)
        place = _junction(outer)
        columns.append((_chain(outer.factors[:place]), UNIT))
        rows.append((_chain(outer.factors[place:]), UNIT))
    left_factor, left_scalars, left = split(entry_product(columns))
    right_factor, right_scalars, right = split(entry_product(rows))
    assert left is not None and right is not None
    joint = (
        Ones.make(Shape(left.shape.rows, right.shape.cols))
        if _both_ones(left, right)
        else _outer(left, right)
    )
    body = entry_product([(joint, UNIT), *rest]) if rest else joint
    return scaled(left_factor * right_factor, {}, body, *left_scalars, *right_scalars)


def _both_ones(left: Expr, right: Expr) -> bool:
    return isinstance(left, Ones) and isinstance(right, Ones)


def _chain(factors: tuple[Expr, ...]) -> Expr:
    return factors[0] if len(factors) == 1 else Chain.make(factors)
