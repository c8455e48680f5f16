"""Sums over samples: rows, columns and entries picked by an index, and their sum in matrix form.

A module of its own because it is one idea: what depends on an index i is a stack with
one row for each i. The stack of ``X[i,:]*w`` is ``X*w``, a sum of scalars is the sum of
its stack, and a sum of outer products ``u_i*v_i'`` is the product of two stacks. Where a
part has no stack the sum stays as it is written; an index is never dropped or merged.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat.expressions.calls import call
from dimcompat.expressions.compounds import (
    Call,
    Chain,
    Diagonal,
    Hadamard,
    IndexSum,
    Pick,
    Product,
    Sum,
    Transpose,
)
from dimcompat.expressions.entrywise import entry_product, hadamard
from dimcompat.expressions.leaves import Index, Named, Ones, Zeros
from dimcompat.expressions.linear import combine, factors_of, scaled, size_of, split, stretch
from dimcompat.expressions.node import Expr
from dimcompat.expressions.products import diagonal, multiply, transpose
from dimcompat.expressions.rationals import UNIT
from dimcompat.expressions.traces import column_sums, row_sums, trace
from dimcompat.shapes import ONE, Shape


def pick(base: Expr, row: Index | None, col: Index | None) -> Expr:
    """Row ``base[row,:]``, column ``base[:,col]`` or entry ``base[row,col]``; a dimension 1 has no index."""
    row = None if base.shape.rows is ONE else row
    col = None if base.shape.cols is ONE else col
    if row is None and col is None:
        return base
    shape = Shape(base.shape.rows if row is None else ONE, base.shape.cols if col is None else ONE)
    match base:
        case Transpose():
            return transpose(pick(base.operand, col, row))
        case Sum():
            return combine(shape, ((pick(body, row, col), factor) for body, factor in base.terms))
        case Product():
            assert base.body is not None
            return scaled(base.coefficient, dict(base.scalars), pick(base.body, row, col))
        case Chain():
            first, last = pick(base.factors[0], row, None), pick(base.factors[-1], None, col)
            return multiply(first, *base.factors[1:-1], last)
        case Hadamard():
            return entry_product([(pick(part, row, col), power) for part, power in base.factors])
        case Ones() | Zeros():
            return type(base).make(shape)
        case Pick():
            return pick(base.base, base.row or row, base.col or col)
        case Call() if base.function.entrywise:
            arguments = tuple(pick(argument, row, col) for argument in base.arguments)
            return call(base.function, arguments, base.axis, base.sizes)
    if base.symmetric and row is None and col is not None:
        return transpose(Pick.make(base, col, None))
    return Pick.make(base, row, col)


def index_sum(index: Index, body: Expr) -> Expr:
    """The sum of a body over an index, in matrix form where there is one."""
    if index not in body.symbols:
        return multiply(size_of(index.dim), body)
    if isinstance(body, Chain) and body.shape.is_scalar:
        sides = _both_sides(body, index)
        if sides is not None:
            return _row_products_total(*sides)
    if body.shape.is_row:
        stacked = stack(body, index)
        if stacked is not None:
            return column_sums(stacked)
    elif body.shape.is_column:
        stacked = stack(transpose(body), index)
        if stacked is not None:
            return transpose(column_sums(stacked))
    coefficient, scalars, inner = split(body)
    constant = {base: power for base, power in scalars if index not in base.symbols}
    if coefficient != 1 or constant:
        rest = scaled(UNIT, {base: power for base, power in scalars if base not in constant}, inner)
        return scaled(coefficient, constant, index_sum(index, rest))
    if isinstance(body, Sum):
        return combine(body.shape, ((index_sum(index, part), factor) for part, factor in body.terms))
    if isinstance(inner, Diagonal) and not scalars:
        return diagonal(index_sum(index, inner.vector))
    if inner is not None:
        return _sum_of_products(index, scaled(UNIT, dict(scalars), None), inner, body)
    return IndexSum.make(index, body)


def _sum_of_products(index: Index, weight: Expr, inner: Expr, body: Expr) -> Expr:
    """``weight * inner`` summed: constant factors leave on both sides, outer products are stacks."""
    factors = list(factors_of(inner))
    before: list[Expr] = []
    after: list[Expr] = []
    while len(factors) > 1 and index not in factors[0].symbols:
        before.append(factors.pop(0))
    while len(factors) > 1 and index not in factors[-1].symbols:
        after.insert(0, factors.pop())
    if before or after:
        middle = multiply(weight, *factors)
        return multiply(*before, index_sum(index, middle), *after)
    for place in range(1, len(factors)):
        if factors[place].shape.rows is ONE:
            left = stack(transpose(multiply(*factors[:place])), index)
            right = stack(multiply(weight, *factors[place:]), index)
            if left is not None and right is not None:
                return multiply(transpose(left), right)
    return IndexSum.make(index, body)


def stack(row: Expr, index: Index) -> Expr | None:
    """The matrix whose i-th row is ``row`` for the i-th value of the index; None where none is known.

    ``row`` is 1×n (a scalar is 1×1), the stack m×n.
    """
    whole = Shape(index.dim, row.shape.cols)
    if index not in row.symbols:
        return stretch(row, whole)
    match row:
        case Pick():
            return _stacked_pick(row, index)
        case Named():
            return stack(row.definition, index)
        case Transpose():
            return _stacked_transpose(row, index)
        case Sum():
            parts = [(stack(body, index), factor) for body, factor in row.terms]
            known = [(part, factor) for part, factor in parts if part is not None]
            return combine(whole, known) if len(known) == len(parts) else None
        case Product():
            return _stacked_product(row, index, whole)
        case Hadamard():
            powers = [(stack(base, index), power) for base, power in row.factors]
            if any(isinstance(power, Expr) and index in power.symbols for _, power in powers):
                return None
            found = [(base, power) for base, power in powers if base is not None]
            return entry_product(found) if len(found) == len(powers) else None
        case Chain():
            return _stacked_chain(row, index)
        case Call():
            return _stacked_call(row, row.arguments, index)
        case _:
            return None


def _stacked_pick(node: Pick, index: Index) -> Expr | None:
    if index in node.base.symbols:
        return None
    if node.row is index and node.col is index:
        return None
    if node.row is index:
        return pick(node.base, None, node.col)
    return transpose(pick(node.base, node.row, None))


def _stacked_transpose(row: Transpose, index: Index) -> Expr | None:
    inner = row.operand
    if isinstance(inner, Pick) and inner.col is index and index not in inner.base.symbols:
        return transpose(pick(inner.base, inner.row, None))
    if isinstance(inner, Named):
        return stack(transpose(inner.definition), index)
    if isinstance(inner, Call):
        return _stacked_call(inner, tuple(transpose(argument) for argument in inner.arguments), index)
    return None


def _stacked_product(row: Product, index: Index, whole: Shape) -> Expr | None:
    factors: list[tuple[Expr, Fraction | Expr]] = []
    constant: dict[Expr, Fraction | Expr] = {}
    for base, power in row.scalars:
        if isinstance(power, Expr) and index in power.symbols:
            return None
        if index in base.symbols:
            column = stack(base, index)
            if column is None:
                return None
            factors.append((column, power))
        else:
            constant[base] = power
    if row.body is not None:
        body = stack(row.body, index)
        if body is None:
            return None
        factors.append((body, UNIT))
    return scaled(row.coefficient, constant, stretch(entry_product(factors), whole))


def _stacked_chain(row: Chain, index: Index) -> Expr | None:
    """``x_i'*A`` is ``X*A``; an inner product ``x_i'*A*z_i`` is the row sums of ``(X*A) .* Z``."""
    depends = [place for place, factor in enumerate(row.factors) if index in factor.symbols]
    first, last = row.factors[0], row.factors[-1]
    if depends == [0]:
        start = stack(first, index)
        return None if start is None else multiply(start, *row.factors[1:])
    if not row.shape.is_scalar:
        return None
    if depends == [len(row.factors) - 1]:
        end = stack(transpose(last), index)
        turned = [transpose(factor) for factor in reversed(row.factors[:-1])]
        return None if end is None else multiply(end, *turned)
    sides = _both_sides(row, index)
    return _row_products(*sides) if sides is not None else None


def _both_sides(product: Chain, index: Index) -> tuple[Expr, Expr] | None:
    """The stacks of ``x_i'*A`` and of ``z_i`` where ``x_i'*A*z_i`` depends on the index at both ends only."""
    first, *middle, last = product.factors
    if index not in first.symbols or index not in last.symbols:
        return None
    if any(index in factor.symbols for factor in middle):
        return None
    start, end = stack(first, index), stack(transpose(last), index)
    return (multiply(start, *middle), end) if start is not None and end is not None else None


def _row_products_total(left: Expr, right: Expr) -> Expr:
    """The sum of the products of the rows: ``tr(X'*Z)``, which is ``sumsq(X)`` where both are the same."""
    products = _row_products(left, right)
    if isinstance(products, Call) or products.shape.is_scalar or left.shape.is_column:
        return column_sums(products)
    return trace(multiply(transpose(left), right))


def _row_products(left: Expr, right: Expr) -> Expr:
    """The product of each row of one matrix with the same row of another, a column."""
    for rows, others in ((right, left), (left, right)):
        if isinstance(rows, Call) and rows.function.row_products is not None:
            return rows.function.row_products(others, rows)
    return row_sums(hadamard(left, right))


def _stacked_call(node: Call, arguments: tuple[Expr, ...], index: Index) -> Expr | None:
    if node.function.entrywise:
        stacks = [stack(argument, index) for argument in arguments]
        known = tuple(found for found in stacks if found is not None)
        return call(node.function, known, node.axis, node.sizes) if len(known) == len(stacks) else None
    by_rows = node.function.by_rows
    if by_rows is None or len(arguments) != 1:
        return None
    (argument,) = arguments
    argument = argument if argument.shape.is_row else transpose(argument)
    found = stack(argument, index) if argument.shape.is_row else None
    return None if found is None else by_rows(found)
