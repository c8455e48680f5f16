"""How a Jacobian or a Hessian is spelled: in textbook form, with diagonal matrices for scaled rows.

A module of its own because the simplifier prefers ``v.*M``, which is shorter, and whoever
reads a Jacobian looks for ``diag(v)*M``: that it is a matrix product is the point.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.calculus.moves import entries_to_diagonal
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
        done[node] = next(entries_to_diagonal(made), made) if isinstance(made, ex.Hadamard) else made
    return done[expression]


def _is_matrix_algebra(node: Expr) -> bool:
    if isinstance(node, ex.Call):
        function = node.function
        return isinstance(function, Function) and len(function.adjoints) == len(node.arguments) > 1
    return isinstance(node, ex.Sum | ex.Product | ex.Chain | ex.Transpose) and not node.shape.is_vector
