"""The adjoint of a linear expression: what multiplies an upstream derivative.

A module of its own because every rule that a record states as a differential
(``d logdet(X) = tr(inv(X)*dX)``) becomes an adjoint here, so that no function has two
statements that could disagree.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.linear_algebra import DIAG
from dimcompat.functions.record import Function
from dimcompat.shapes import Shape


def adjoint(expression: Expr, change: Expr, upstream: Expr) -> Expr:
    """The derivative by ``change`` of a loss whose derivative by ``expression`` is ``upstream``.

    ``expression`` is linear in the leaf ``change``; the result has the shape of ``change``.
    """
    contributions: list[Expr] = []
    pending = [(expression, upstream)]
    while pending:
        node, above = pending.pop()
        if node is change:
            contributions.append(above)
        elif change in node.symbols:
            pending.extend(_through(node, change, above))
    if not contributions:
        return ex.zeros(*change.shape)
    return ex.add(*contributions)


def _through(node: Expr, change: Expr, above: Expr) -> Iterator[tuple[Expr, Expr]]:
    match node:
        case ex.Sum():
            for body, coefficient in node.terms:
                yield body, ex.scale(coefficient, reduced(above, body.shape))
        case ex.Product():
            yield from _through_product(node, change, above)
        case ex.Chain():
            for place, factor in enumerate(node.factors):
                if change in factor.symbols:
                    yield factor, around(node.factors[:place], above, node.factors[place + 1 :])
        case ex.Hadamard():
            for place, (base, exponent) in enumerate(node.factors):
                if change in base.symbols:
                    _require_linear(exponent == 1, node)
                    others = node.factors[:place] + node.factors[place + 1 :]
                    yield base, reduced(ex.entry_product([(above, ex.UNIT), *others]), base.shape)
        case ex.Transpose():
            yield node.operand, ex.transpose(above)
        case ex.Trace():
            yield node.operand, ex.multiply(above, ex.identity(node.operand.shape.rows))
        case ex.Diagonal():
            yield node.vector, ex.call(DIAG, (above,))
        case ex.Call():
            function = node.function
            assert isinstance(function, Function)
            _require_linear(bool(function.adjoints), node)
            for argument, rule in zip(node.arguments, function.adjoints, strict=False):
                if change in argument.symbols:
                    yield argument, rule(above, node.arguments, node.axis, node.sizes)
        case _:
            _require_linear(False, node)


def _through_product(node: ex.Product, change: Expr, above: Expr) -> Iterator[tuple[Expr, Expr]]:
    for place, (base, exponent) in enumerate(node.scalars):
        if change in base.symbols:
            _require_linear(exponent == 1, node)
            others = dict(node.scalars[:place] + node.scalars[place + 1 :])
            weight = above if node.body is None else inner_product(above, node.body)
            yield base, ex.scaled(node.coefficient, others, None, (weight, ex.UNIT))
    if node.body is not None and change in node.body.symbols:
        yield node.body, ex.scaled(node.coefficient, dict(node.scalars), above)


def _require_linear(holds: bool, node: Expr) -> None:
    if not holds:
        raise AssertionError(f"a differential must be linear in its change: {type(node).__name__}")


def around(before: tuple[Expr, ...], above: Expr, after: tuple[Expr, ...]) -> Expr:
    """``before' * above * after'``: the derivative by a factor of a matrix product."""
    left = [ex.transpose(factor) for factor in reversed(before)]
    right = [ex.transpose(factor) for factor in reversed(after)]
    return ex.multiply(*left, above, *right)


def reduced(above: Expr, shape: Shape) -> Expr:
    """An upstream derivative summed over the rows or columns along which an operand was stretched."""
    if shape.is_row and not above.shape.is_row:
        above = ex.column_sums(above)
    if shape.is_column and not above.shape.is_column:
        above = ex.row_sums(above)
    return above


def inner_product(left: Expr, right: Expr) -> Expr:
    """The sum of the products of the entries of two matrices of one shape."""
    if left.shape.is_row:
        return ex.multiply(left, ex.transpose(right))
    if left.shape.is_column:
        return ex.multiply(ex.transpose(left), right)
    return ex.trace(ex.multiply(ex.transpose(left), right))
