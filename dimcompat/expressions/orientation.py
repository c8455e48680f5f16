"""Which way round an expression is shorter to write.

A module of its own because it is asked by printers and by the cost of a form, and
changes no expression: transposes stay at the leaves whatever is printed.
"""

from __future__ import annotations

from dimcompat.expressions.compounds import Call, Chain, Hadamard, Product, Sum
from dimcompat.expressions.leaves import Named, Symbol
from dimcompat.expressions.node import Expr
from dimcompat.expressions.products import transpose


def outer_transpose(expression: Expr) -> Expr | None:
    """The transpose of a sum or product that is shorter to write with one transpose around it:
    ``(A*X*B + B*X*A)'``. None where the transposes at the leaves are as short."""
    if expression.turned < 2:
        return None
    distributes = isinstance(expression, Call) and expression.function.transposition == "distributes"
    if not (distributes or isinstance(expression, (Sum, Chain, Hadamard))):
        return None
    one_sided = distributes and not all(child.turned for child in expression.children)
    most = expression.turned - (3 if one_sided or isinstance(expression, Chain) else 2)
    if most < _untransposed(expression):
        return None
    turned = transpose(expression)
    return turned if turned.turned <= most else None


def _untransposed(expression: Expr) -> int:
    """How many names of a sum or product its transpose has to transpose, at the least."""
    match expression:
        case Symbol() | Named():
            return not expression.symmetric
        case Sum():
            return sum(_untransposed(body) for body, _ in expression.terms)
        case Product(body=Expr() as body):
            return _untransposed(body)
        case Chain():
            return sum(not own.symmetric for own in expression.factors if isinstance(own, (Symbol, Named)))
        case _:
            return 0
