"""Which way round an expression is shorter to write.

A module of its own because it is asked by printers and by the cost of a form, and
changes no expression: transposes stay at the leaves whatever is printed.
"""

from __future__ import annotations

from dimcompat.expressions.compounds import Call, Chain, Hadamard, Sum
from dimcompat.expressions.node import Expr
from dimcompat.expressions.products import transpose


def outer_transpose(expression: Expr) -> Expr | None:
    """The transpose of a sum or product that is shorter to write with one transpose around it:
    ``(A*X*B + B*X*A)'``. None where the transposes at the leaves are as short."""
    distributes = isinstance(expression, Call) and expression.function.transposition == "distributes"
    if expression.turned < 2 or not (distributes or isinstance(expression, Sum | Chain | Hadamard)):
        return None
    turned = transpose(expression)
    saved = expression.turned - turned.turned - 1
    one_sided = distributes and not all(child.turned for child in expression.children)
    return turned if saved >= (2 if one_sided or isinstance(expression, Chain) else 1) else None
