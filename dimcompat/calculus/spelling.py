"""How a Jacobian or a Hessian is spelled: in textbook form, with diagonal matrices for scaled rows.

A module of its own because the simplifier prefers ``v.*M``, which is shorter, and whoever
reads a Jacobian looks for ``diag(v)*M``: that it is a matrix product is the point.
"""

from __future__ import annotations

from itertools import pairwise

from dimcompat import expressions as ex
from dimcompat.calculus.cost import cost
from dimcompat.calculus.diagonal_moves import entries_to_diagonal
from dimcompat.calculus.moves import factor_left, factor_right
from dimcompat.calculus.simplify import simplified
from dimcompat.expressions import Expr
from dimcompat.expressions.rebuild import rebuilt
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.record import Function


def as_matrix(expression: Expr) -> Expr:
    """The matrix in textbook form, its scaled rows and columns as products with diagonal matrices."""
    return with_diagonals(simplified(expression))


def with_diagonals(expression: Expr) -> Expr:
    """``diag(v)*M`` for ``v.*M``, in sums, products and Kronecker products."""
    done: dict[Expr, Expr] = {}

    def new(node: Expr) -> Expr:
        return done.get(node, node)

    for node in distinct_nodes(expression, below=_is_matrix_algebra):
        made = rebuilt(node, new) if _is_matrix_algebra(node) else node
        if isinstance(made, ex.Chain) and any(isinstance(factor, ex.Sum) for factor in made.factors):
            made = _opened(made)
        if isinstance(made, ex.Sum):
            made = min((made, *factor_left(made), *factor_right(made)), key=cost)
        done[node] = _scaled_rows(made) if isinstance(made, ex.Hadamard) else made
    return done[expression]


def _opened(chain: ex.Chain) -> Expr:
    """``diag(v)*S`` multiplied out where S is a sum with stretched rows or columns, so that these become
    outer products: ``W'*diag(p)*(eye(c) - p') = W'*(diag(p) - p*p')``."""
    factors = chain.factors
    for place, (left, right) in enumerate(pairwise(factors)):
        if isinstance(left, ex.Diagonal) and _stretches(right):
            vector, total = left.vector, right
        elif isinstance(right, ex.Diagonal) and _stretches(left):
            vector, total = ex.transpose(right.vector), left
        else:
            continue
        assert isinstance(total, ex.Sum)
        parts = ((with_diagonals(ex.hadamard(body, vector)), factor) for body, factor in total.terms)
        spread = ex.combine(total.shape, parts)
        inner = min((spread, *factor_left(spread), *factor_right(spread)), key=cost)
        return ex.multiply(*factors[:place], inner, *factors[place + 2 :])
    return chain


def _stretches(base: Expr) -> bool:
    shape = base.shape
    return isinstance(base, ex.Sum) and not shape.is_vector and any(b.shape.is_vector for b, _ in base.terms)


def _scaled_rows(entries: ex.Hadamard) -> Expr:
    """A product entry by entry as one with diagonal matrices; where it scales a sum with stretched rows or
    columns, their products are outer products: ``v .* (eye(n) - v') = diag(v) - v*v'``."""
    for place, (base, exponent) in enumerate(entries.factors):
        if exponent == 1 and isinstance(base, ex.Sum) and _stretches(base):
            others = entries.factors[:place] + entries.factors[place + 1 :]
            if others:
                parts = (
                    (ex.entry_product([(body, exponent), *others]), factor) for body, factor in base.terms
                )
                return with_diagonals(ex.combine(entries.shape, parts))
    return next(entries_to_diagonal(entries), entries)


def _is_matrix_algebra(node: Expr) -> bool:
    if isinstance(node, ex.Call):
        function = node.function
        return isinstance(function, Function) and len(function.adjoints) == len(node.arguments) > 1
    return isinstance(node, (ex.Sum, ex.Product, ex.Chain, ex.Transpose)) and not node.shape.is_vector
