"""How Kronecker products and vecs act on their neighbours in a matrix product.

A module of its own because these are the rules by which Jacobians and Hessians of matrices
become readable, and they concern what stands beside a call, not its arguments: the mixed
product, what a column or a row in a Kronecker product lets in, and the commutation matrix,
which turns a Kronecker product around and moves to its right (Magnus and Neudecker, ch. 2 and 3).
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.record import Neighbours
from dimcompat.shapes import ONE


def _pair(factor: Expr, call: ex.Call) -> tuple[Expr, Expr] | None:
    """A and B where the factor is ``kron(A, B)``, transposed or not."""
    inner = factor.operand if isinstance(factor, ex.Transpose) else factor
    if not isinstance(inner, ex.Call) or inner.function is not call.function:
        return None
    left, right = inner.arguments
    return (left, right) if inner is factor else (ex.transpose(left), ex.transpose(right))


def _kron(call: ex.Call, left: Expr, right: Expr) -> Expr:
    return ex.call(call.function, (left, right))


def _mixed(left: Expr, right: Expr, call: ex.Call) -> Expr | None:
    """``kron(A, B)*kron(C, D) = kron(A*C, B*D)``; a column times a row stays the outer product it is."""
    first, second = _pair(left, call), _pair(right, call)
    if first is None or second is None or left.shape.is_column:
        return None
    (a, b), (c, d) = first, second
    if a.shape.cols is c.shape.rows and b.shape.cols is d.shape.rows:
        return _kron(call, ex.multiply(a, c), ex.multiply(b, d))
    return None


def _let_in(left: Expr, right: Expr, call: ex.Call) -> Expr | None:
    """``kron(x, B)*M = kron(x, B*M)`` for a column x, and ``M*kron(x', B) = kron(x', M*B)``."""
    pair = _pair(left, call)
    if pair is not None and not left.shape.is_column:
        a, b = pair
        if a.shape.is_column:
            return _kron(call, a, ex.multiply(b, right))
        if b.shape.is_column:
            return _kron(call, ex.multiply(a, right), b)
    pair = _pair(right, call)
    if pair is not None and not right.shape.is_row:
        a, b = pair
        if a.shape.is_row:
            return _kron(call, a, ex.multiply(left, b))
        if b.shape.is_row:
            return _kron(call, ex.multiply(left, a), b)
    return None


def _outer(left: Expr, right: Expr, call: ex.Call) -> Expr | None:
    """``kron(x, y)*z' = kron(x, y*z')`` for columns x and y, and ``z*kron(x', y') = kron(x', z*y')``."""
    pair = _pair(left, call)
    if pair is not None and left.shape.is_column:
        return _kron(call, pair[0], ex.multiply(pair[1], right))
    pair = _pair(right, call)
    if pair is not None and right.shape.is_row:
        return _kron(call, pair[0], ex.multiply(left, pair[1]))
    return None


def _commuted(left: Expr, right: Expr, call: ex.Call) -> Expr | None:
    """``K(p,m)*kron(A, B) = kron(B, A)*K(q,n)`` for A m×n, B p×q; K(1,n) is an identity."""
    pair = _pair(right, call)
    if isinstance(left, ex.Commutation) and pair is not None:
        a, b = pair
        if left.rows is b.shape.rows and left.cols is a.shape.rows:
            return ex.multiply(_kron(call, b, a), ex.commutation(b.shape.cols, a.shape.cols))
    pair = _pair(left, call)
    if isinstance(right, ex.Commutation) and pair is not None:
        b, a = pair
        if right.rows is b.shape.cols and right.cols is a.shape.cols and ONE in (a.shape.rows, b.shape.rows):
            return _kron(call, a, b)
    return None


def _past_diagonal(left: Expr, right: Expr, call: ex.Call) -> Expr | None:
    """``K(m,n)*diag(vec(A)) = diag(vec(A'))*K(m,n)`` for A m×n."""
    (matrix,) = call.arguments
    if not isinstance(left, ex.Commutation) or not isinstance(right, ex.Diagonal) or right.vector is not call:
        return None
    if (left.rows, left.cols) != matrix.shape:
        return None
    return ex.multiply(ex.diagonal(ex.call(call.function, (ex.transpose(matrix),))), left)


def _turned_vec(left: Expr, right: Expr, call: ex.Call) -> Expr | None:
    """``K(m,n)*vec(A) = vec(A')`` for A m×n, and ``vec(A)'*K(n,m) = vec(A')'``."""
    (matrix,) = call.arguments
    other = ex.call(call.function, (ex.transpose(matrix),))
    rows, cols = matrix.shape
    if right is call and isinstance(left, ex.Commutation) and (left.rows, left.cols) == (rows, cols):
        return other
    if (
        ex.transpose(left) is call
        and isinstance(right, ex.Commutation)
        and (right.cols, right.rows) == (rows, cols)
    ):
        return ex.transpose(other)
    return None


_SQUARE = {"A": "m, n", "B": "p, q"}

OF_KRON = (
    Neighbours(
        "kron(A, B)*kron(C, D) = kron(A*C, B*D)",
        _mixed,
        ("kron(A, B)*kron(C, D)", "kron(A*C, B*D)", {**_SQUARE, "C": "n, k", "D": "q, l"}),
    ),
    Neighbours(
        "kron(x, B)*M = kron(x, B*M)",
        _let_in,
        ("kron(x, B)*M", "kron(x, B*M)", {"x": "n", "B": "p, q", "M": "q, k"}),
    ),
    Neighbours(
        "kron(x, y)*z' = kron(x, y*z')",
        _outer,
        ("kron(x, y)*z'", "kron(x, y*z')", {"x": "m", "y": "n", "z": "k"}),
        optional=True,
    ),
    Neighbours(
        "K(p,m)*kron(A, B) = kron(B, A)*K(q,n)",
        _commuted,
        ("K(p, m)*kron(A, B)", "kron(B, A)*K(q, n)", _SQUARE),
    ),
)
OF_VEC = (
    Neighbours("K(m,n)*vec(A) = vec(A')", _turned_vec, ("K(m, n)*vec(A)", "vec(A')", {"A": "m, n"})),
    Neighbours(
        "K(m,n)*diag(vec(A)) = diag(vec(A'))*K(m,n)",
        _past_diagonal,
        ("K(m, n)*diag(vec(A))", "diag(vec(A'))*K(m, n)", {"A": "m, n"}),
    ),
)
