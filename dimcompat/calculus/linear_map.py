"""The matrix of a linear expression: ``vec(E) = M*vec(g)`` for an expression E that is linear in g.

A module of its own because every Jacobian and Hessian is read off in this one way: the
engine pushes a symbol g backwards, and here the matrix that multiplies it is written
down, node by node, from the rules for vec (Magnus and Neudecker, *Matrix Differential
Calculus*, ch. 2 and 3): ``vec(A*X*B) = kron(B', A)*vec(X)``, ``vec(X') = K*vec(X)``,
``vec(H .* X) = diag(vec(H))*vec(X)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dimcompat import expressions as ex
from dimcompat.calculus.linear import adjoint
from dimcompat.errors import UnsupportedError
from dimcompat.expressions import Exponent, Expr
from dimcompat.expressions.rebuild import rebuilt
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.linear_algebra import DIAG, KRON, RESHAPE, VEC
from dimcompat.functions.record import Function
from dimcompat.messages import say
from dimcompat.shapes import ONE, Dim, Shape

Maps = dict[Expr, Expr]


def matrix_of(expression: Expr, g: Expr) -> Expr:
    """M with ``vec(expression) = M*vec(g)``, of shape (size of expression) × (size of g).

    ``expression`` is linear in the leaf ``g``. Raises UnsupportedError where a function stands around
    ``g`` whose matrix cannot be written down.
    """
    expression = _spread(expression, g)
    if g not in expression.symbols:
        return ex.zeros(expression.shape.size, g.shape.size)
    if expression.shape.is_scalar:
        return _row_of(expression, g)
    maps: Maps = {g: ex.identity(g.shape.size)}
    for node in distinct_nodes(expression, below=lambda node: g in node.symbols and not node.shape.is_scalar):
        if node not in maps and g in node.symbols:
            maps[node] = _row_of(node, g) if node.shape.is_scalar else _matrix(node, maps)
    return maps[expression]


def _spread(expression: Expr, g: Expr) -> Expr:
    """Products with a sum that holds g multiplied out where they make a vector: ``(g*x' + h*g')*x`` becomes
    ``(x'*x)*g + h*(g'*x)``, which needs no Kronecker product."""
    done: dict[Expr, Expr] = {}
    for node in distinct_nodes(expression, below=lambda node: g in node.symbols and not node.shape.is_scalar):
        made = rebuilt(node, lambda child: done.get(child, child)) if node.children else node
        done[node] = _multiplied_out(made, g)
    return done[expression]


def _multiplied_out(node: Expr, g: Expr) -> Expr:
    coefficient, scalars, body = ex.split(node)
    if not isinstance(body, ex.Chain) or not body.shape.is_vector:
        return node
    for place, factor in enumerate(body.factors):
        if isinstance(factor, ex.Sum) and g in factor.symbols:
            before, after = body.factors[:place], body.factors[place + 1 :]
            terms = (
                (_multiplied_out(ex.multiply(*before, ex.stretch(part, factor.shape), *after), g), weight)
                for part, weight in factor.terms
            )
            return ex.scaled(coefficient, dict(scalars), ex.combine(body.shape, terms))
    return node


def _row_of(scalar: Expr, g: Expr) -> Expr:
    """A scalar is linear in g as ``tr(N'*g)``, and its row is ``vec(N)'``."""
    return ex.transpose(VEC(adjoint(scalar, g, ex.number(1))))


def _matrix(node: Expr, maps: Maps) -> Expr:
    match node:
        case ex.Sum():
            terms = ((body, factor) for body, factor in node.terms if body in maps)
            return ex.add(*(ex.scale(factor, _stretched(body, node.shape, maps)) for body, factor in terms))
        case ex.Product():
            return _of_product(node, maps)
        case ex.Chain():
            return _of_chain(node.factors, maps)
        case ex.Hadamard():
            return _of_entries(node, maps)
        case ex.Transpose():
            return ex.multiply(ex.commutation(*node.operand.shape), maps[node.operand])
        case ex.Diagonal():
            return ex.multiply(_between(None, None, node.shape.rows), maps[node.vector])
        case ex.IndexSum():
            return ex.index_sum(node.index, maps[node.body])
        case ex.Call():
            return _of_call(node, maps)
        case _:
            raise _unsupported(say("E460.node", kind=type(node).__name__.lower()))


def _stretched(body: Expr, shape: Shape, maps: Maps) -> Expr:
    """A term of a sum, copied along the rows or columns that it lacks."""
    spread = KRON(_copies(body.shape.cols, shape.cols), _copies(body.shape.rows, shape.rows))
    return ex.multiply(spread, maps[body])


def _copies(own: Dim, wanted: Dim) -> Expr:
    return ex.identity(wanted) if own is wanted else ex.ones(wanted, ONE)


def _of_product(node: ex.Product, maps: Maps) -> Expr:
    """A scalar that holds g times a constant, ``(x'*g)*v``; or a constant times a body that holds it."""
    assert node.body is not None
    if node.body in maps:
        return ex.scaled(node.coefficient, dict(node.scalars), maps[node.body])
    place = next(place for place, (base, _) in enumerate(node.scalars) if base in maps)
    base, exponent = node.scalars[place]
    _require_degree_one(exponent)
    others = dict(node.scalars[:place] + node.scalars[place + 1 :])
    return ex.scaled(node.coefficient, others, ex.multiply(VEC(node.body), maps[base]))


def _of_chain(factors: Sequence[Expr], maps: Maps) -> Expr:
    """``vec(A*F*B) = kron(B', A)*vec(F)``."""
    before, inner, after = _around(factors, maps)
    if isinstance(inner, ex.Diagonal):
        return ex.multiply(_between(before, after, inner.shape.rows), maps[inner.vector])
    left = before if before is not None else ex.identity(inner.shape.rows)
    right = after if after is not None else ex.identity(inner.shape.cols)
    return ex.multiply(KRON(ex.transpose(right), left), maps[inner])


def _around(factors: Sequence[Expr], maps: Maps) -> tuple[Expr | None, Expr, Expr | None]:
    places = [place for place, factor in enumerate(factors) if factor in maps]
    if len(places) != 1:
        raise _unsupported(say("E460.product"))
    (place,) = places
    before, after = factors[:place], factors[place + 1 :]
    return (
        ex.multiply(*before) if before else None,
        factors[place],
        ex.multiply(*after) if after else None,
    )


def _between(before: Expr | None, after: Expr | None, dim: Dim) -> Expr:
    """D with ``vec(A*diag(v)*B) = D*v``: column i is ``kron(B[i,:]', A[:,i])`` (Khatri and Rao)."""
    left = before if before is not None else ex.identity(dim)
    right = ex.transpose(after) if after is not None else ex.identity(dim)
    return ex.hadamard(
        KRON(right, ex.ones(left.shape.rows, ONE)),
        KRON(ex.ones(right.shape.rows, ONE), left),
    )


def _of_entries(node: ex.Hadamard, maps: Maps) -> Expr:
    """``vec(H .* F) = diag(vec(H))*vec(F)``, and ``kron`` where a part of H is stretched."""
    place = next(place for place, (base, _) in enumerate(node.factors) if base in maps)
    inner, exponent = node.factors[place]
    others = node.factors[:place] + node.factors[place + 1 :]
    if any(base in maps for base, _ in others):
        raise _unsupported(say("E460.entrywise product"))
    _require_degree_one(exponent)
    shape = node.shape
    full = [item for item in others if item[0].shape == shape]
    columns = [item for item in others if item[0].shape != shape and item[0].shape.is_column]
    rows = [item for item in others if item[0].shape != shape and item[0].shape.is_row]
    across = _scaling(rows, inner.shape.cols, shape.cols)
    down = _scaling(columns, inner.shape.rows, shape.rows)
    factors = [KRON(across, down), maps[inner]]
    if full:
        factors.insert(0, ex.diagonal(VEC(ex.entry_product(full))))
    return ex.multiply(*factors)


def _scaling(vectors: Iterable[tuple[Expr, Exponent]], own: Dim, wanted: Dim) -> Expr:
    """What a stretched vector does along its dimension: it scales the entries, or the copies of one."""
    vectors = list(vectors)
    if not vectors:
        return _copies(own, wanted)
    vector = ex.entry_product(vectors)
    if own is wanted:
        return ex.diagonal(vector)
    return ex.transpose(vector) if vector.shape.is_row else vector


def _of_call(node: ex.Call, maps: Maps) -> Expr:
    """A call of a function that is linear in the argument which holds g."""
    places = [place for place, argument in enumerate(node.arguments) if argument in maps]
    function = node.function
    if not isinstance(function, Function) or len(places) != 1 or places[0] >= len(function.adjoints):
        raise _unsupported(say("E460.function", name=function.name))
    (place,) = places
    inner = node.arguments[place]
    if function is VEC or function is RESHAPE:
        return maps[inner]
    if function is DIAG:
        return _of_diagonal_entries(inner, maps)
    h = ex.Symbol.make("h", node.shape)
    back = function.adjoints[place](h, node.arguments, node.axis, node.sizes)
    if any(
        isinstance(part, ex.Call) and part.function is function and h in part.symbols
        for part in distinct_nodes(back)
    ):
        raise _unsupported(say("E460.function", name=function.name))
    return ex.multiply(ex.transpose(matrix_of(back, h)), maps[inner])


def _of_diagonal_entries(inner: Expr, maps: Maps) -> Expr:
    """D with ``diag(A*F*B) = D*vec(F)``: row i is ``kron(B[:,i]', A[i,:])``."""
    before = after = None
    if isinstance(inner, ex.Chain):
        before, inner, after = _around(inner.factors, maps)
        if isinstance(inner, ex.Transpose):  # a diagonal is that of the transpose
            first = ex.transpose(after) if after is not None else None
            last = ex.transpose(before) if before is not None else None
            before, inner, after = first, inner.operand, last
    if (before is None) != (after is None):
        return _of_one_sided_diagonal(before, inner, after, maps)
    left = before if before is not None else ex.identity(inner.shape.rows)
    right = ex.transpose(after) if after is not None else ex.identity(inner.shape.cols)
    spread = ex.hadamard(
        KRON(right, ex.ones(ONE, left.shape.cols)),
        KRON(ex.ones(ONE, right.shape.cols), left),
    )
    return ex.multiply(spread, maps[inner])


def _of_one_sided_diagonal(before: Expr | None, inner: Expr, after: Expr | None, maps: Maps) -> Expr:
    """``diag(F*B) = rowsum(F .* B')``, and ``diag(A*F) = rowsum(A .* F')``."""
    if after is not None:
        weights, turned = ex.transpose(after), maps[inner]
    else:
        assert before is not None
        weights, turned = before, ex.multiply(ex.commutation(*inner.shape), maps[inner])
    rows, cols = weights.shape
    return ex.multiply(KRON(ex.ones(ONE, cols), ex.identity(rows)), ex.diagonal(VEC(weights)), turned)


def _require_degree_one(exponent: Exponent) -> None:
    if exponent != 1:
        raise _unsupported(say("E460.power"))


def _unsupported(found: str) -> UnsupportedError:
    return UnsupportedError(say("E460", found=found), code="E460", hint=say("ask.gradient"))
