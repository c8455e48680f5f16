"""Functions that move entries about: transpose, diag, vec, reshape, kron, dot, outer.

A module of its own because these are linear in each argument, whose place alone matters:
their adjoints are one another.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import ShapeError
from dimcompat.expressions import Expr
from dimcompat.functions.determinants import TR
from dimcompat.functions.kronecker import OF_KRON, OF_VEC
from dimcompat.functions.record import Arguments, Function, NumpyCode, Sizes
from dimcompat.functions.rules import Shapes, called, scalar, sized
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.shapes import ONE, Shape

TRANSPOSE: Function = Function(
    name="transpose",
    group="linear algebra",
    summary="transpose: X'",
    example=("tr(transpose(A)*X)", {"A": "m, n", "X": "m, n"}),
    shape=lambda shapes, axis, sizes: shapes[0].transposed,
    lowering=lambda x, axis, sizes: operations.transpose(x[0]),
    numpy=NumpyCode("np.transpose({0})"),
    latex=r"\operatorname{transpose}",
    parity="odd",
    transposition="commutes",
)


# ── diag, vec, reshape ───────────────────────────────────────────────────────────────────────────────


def _diag_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    (shape,) = shapes
    if shape.is_vector:
        return Shape(shape.size, shape.size)
    if not shape.is_square:
        raise ShapeError(say("E205.diag", shape=shape), code="E205")
    return Shape(shape.rows, ONE)


def _normal_diag(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """The diagonal matrix of a vector; the diagonal of a diagonal matrix, outer product, a sum with one."""
    (x,) = arguments
    if x.shape.is_vector:
        return ex.diagonal(x)
    match x:
        case ex.Diagonal():
            return x.vector
        case ex.Identity() | ex.Ones():
            return ex.ones(x.shape.rows, ONE)
        case ex.Chain():
            for place in range(1, len(x.factors)):
                if x.factors[place].shape.is_row:
                    column, row = ex.multiply(*x.factors[:place]), ex.multiply(*x.factors[place:])
                    return ex.hadamard(column, ex.transpose(row))
        case ex.Sum():
            terms = [ex.stretch(body, x.shape) for body, _ in x.terms]
            diagonals = [DIAG(term) for term in terms]
            if not all(map(_is_bare, diagonals, terms)):
                factors = (factor for _, factor in x.terms)
                return ex.add(*map(ex.scale, factors, diagonals))
    return None


def _is_bare(diagonal: Expr, term: Expr) -> bool:
    """Whether the diagonal of a term is nothing simpler than that."""
    call = called(diagonal, DIAG)
    return call is not None and call.arguments[0] in (term, ex.transpose(term))


def _diag_adjoint(g: Expr, arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr:
    """By a vector the diagonal of the upstream derivative; by a matrix a diagonal matrix of it."""
    shape = arguments[0].shape
    if shape.is_scalar:
        return g
    if not shape.is_vector:
        return ex.diagonal(g)
    return ex.transpose(DIAG(g)) if shape.is_row else DIAG(g)


DIAG: Function = Function(
    name="diag",
    group="linear algebra",
    summary="diagonal matrix of a vector; the diagonal of a square matrix, as a column",
    example=("tr(A*diag(x))", {"A": "n, n", "x": "n"}),
    shape=_diag_shape,
    build=_normal_diag,
    adjoints=(_diag_adjoint,),
    numpy=NumpyCode(
        "_diag({0})",
        """\
def _diag(x):
    return np.diagflat(x) if 1 in x.shape else np.diagonal(x).reshape(-1, 1)
""",
    ),
    latex=r"\operatorname{diag}",
    transposition="invariant",
)


def _normal_vec(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """A column is its own vec; of an outer product a Kronecker product; ``vec(reshape(v, m, n)) = v``."""
    (x,) = arguments
    if x.shape.is_column:
        return x
    if x.shape.is_row:
        return ex.transpose(x)
    if isinstance(x, ex.Ones):
        return ex.ones(x.shape.size, ONE)
    if isinstance(x, ex.Chain):
        for place in range(1, len(x.factors)):
            if x.factors[place].shape.is_row:  # vec(a*b') = kron(b, a)
                column, row = ex.multiply(*x.factors[:place]), ex.multiply(*x.factors[place:])
                return KRON(ex.transpose(row), column)
    inside = called(x, RESHAPE)
    return inside.arguments[0] if inside is not None else None


VEC: Function = Function(
    name="vec",
    group="linear algebra",
    summary="the columns of a matrix stacked in one column",
    example=("vec(X)'*a", {"X": "m, n", "a": "m*n"}),
    shape=lambda shapes, axis, sizes: Shape(shapes[0].size, ONE),
    build=_normal_vec,
    adjoints=(lambda g, x, axis, sizes: RESHAPE(g, sizes=tuple(x[0].shape)),),
    numpy=NumpyCode('np.reshape({0}, (-1, 1), order="F")'),
    latex=r"\operatorname{vec}",
    neighbours=OF_VEC,
)


def _reshape_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    rows, cols = sizes
    if shapes[0].size is not rows * cols:
        wanted = {"wanted": Shape(rows, cols), "other": rows * cols}
        raise ShapeError(say("E208.reshape", shape=shapes[0], size=shapes[0].size, **wanted), code="E208")
    return sized(shapes, axis, sizes)


def _normal_reshape(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """A call is of a column, and its value is neither a column nor a row."""
    (x,), (rows, cols) = arguments, sizes
    inside = called(x, VEC)
    whole = inside.arguments[0] if inside is not None else x
    if whole.shape == Shape(rows, cols):
        return whole
    if cols is ONE:
        return VEC(x)
    if rows is ONE:
        return ex.transpose(VEC(x))
    if isinstance(x, ex.Ones):
        return ex.ones(rows, cols)
    return None if x.shape.is_column else RESHAPE(VEC(x), sizes=sizes)


RESHAPE: Function = Function(
    name="reshape",
    group="linear algebra",
    summary="the entries, column by column, as an m×n matrix: the inverse of vec",
    example=("tr(A*reshape(v, m, n))", {"A": "n, m", "v": "m*n"}),
    sizes=(2,),
    shape=_reshape_shape,
    build=_normal_reshape,
    adjoints=(lambda g, x, axis, sizes: RESHAPE(g, sizes=tuple(x[0].shape)),),
    numpy=NumpyCode('np.reshape({0}, ({rows}, {cols}), order="F")'),
    latex=r"\operatorname{reshape}",
)


# ── products ─────────────────────────────────────────────────────────────────────────────────────────


def _kron_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    left, right = shapes
    return Shape(left.rows * right.rows, left.cols * right.cols)


def _normal_kron(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """With a scalar it is a multiple; of identities an identity; of a column and a row the outer product."""
    a, b = arguments
    if a.shape.is_scalar or b.shape.is_scalar:
        return ex.multiply(a, b)
    if isinstance(a, ex.Identity) and isinstance(b, ex.Identity):
        return ex.identity(a.shape.rows * b.shape.rows)
    if isinstance(a, ex.Ones) and isinstance(b, ex.Ones):
        return ex.ones(*_kron_shape((a.shape, b.shape), None, ()))
    inside = called(b, KRON)
    if inside is not None:  # kron(x', kron(x, B)) = kron(x*x', B)
        first, rest = inside.arguments
        if (a.shape.is_row and first.shape.is_column) or (a.shape.is_column and first.shape.is_row):
            return KRON(KRON(a, first), rest)
    if a.shape.is_column and b.shape.is_row:
        return ex.multiply(a, b)
    if a.shape.is_row and b.shape.is_column:
        return ex.multiply(b, a)
    return None


def _places(a: Shape, b: Shape) -> Expr:
    """P' with ``vec(kron(A, B)) = P*kron(vec(A), vec(B))`` (Magnus and Neudecker, ch. 3, th. 10)."""
    middle = KRON(ex.commutation(b.cols, a.rows), ex.identity(b.rows))
    return ex.transpose(KRON(ex.identity(a.cols), middle))


def _kron_adjoint_left(g: Expr, arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr:
    a, b = arguments
    weights = KRON(ex.identity(a.shape.size), ex.transpose(VEC(b)))
    return RESHAPE(ex.multiply(weights, _places(a.shape, b.shape), VEC(g)), sizes=tuple(a.shape))


def _kron_adjoint_right(g: Expr, arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr:
    a, b = arguments
    weights = KRON(ex.transpose(VEC(a)), ex.identity(b.shape.size))
    return RESHAPE(ex.multiply(weights, _places(a.shape, b.shape), VEC(g)), sizes=tuple(b.shape))


KRON: Function = Function(
    name="kron",
    group="linear algebra",
    summary="Kronecker product: the blocks A[i,j]*B",
    example=("tr(kron(A, B)*C)", {"A": "m, m", "B": "n, n", "C": "m*n, m*n"}),
    arity=2,
    shape=_kron_shape,
    build=_normal_kron,
    adjoints=(_kron_adjoint_left, _kron_adjoint_right),
    numpy=NumpyCode("np.kron({0}, {1})"),
    latex=r"{0} \otimes {1}",
    domain=("real", "real"),
    transposition="distributes",
    neighbours=OF_KRON,
)


def _dot_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    left, right = shapes
    vectors = left.is_vector and right.is_vector and left.size is right.size
    if left != right and not vectors:
        raise ShapeError(say("E208.dot", left=left, right=right), code="E208")
    return scalar(shapes, axis, sizes)


def _as_column(x: Operation) -> Operation:
    return operations.transpose(x) if x.shape.is_row and not x.shape.is_scalar else x


def _dot(x: tuple[Operation, ...], axis: int | None, sizes: Sizes) -> Operation:
    left, right = x
    if left.shape.is_vector:
        return operations.multiply(_as_row(left), _as_column(right))
    return operations.call(TR, (operations.multiply(operations.transpose(left), right),))


def _as_row(x: Operation) -> Operation:
    return x if x.shape.is_row else operations.transpose(x)


DOT: Function = Function(
    name="dot",
    group="linear algebra",
    summary="sum of the products of the entries: x'*y, of matrices tr(X'*Y)",
    example=("dot(x, y)", {"x": "n", "y": "n"}),
    arity=2,
    shape=_dot_shape,
    lowering=_dot,
    numpy=NumpyCode("np.vdot({0}, {1}).reshape(1, 1)"),
    latex=r"\langle {0}, {1} \rangle",
    domain=("real", "real"),
)


def _outer_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    for shape in shapes:
        if not shape.is_vector:
            raise ShapeError(say("E207.outer", shape=shape), code="E207")
    return Shape(shapes[0].size, shapes[1].size)


OUTER: Function = Function(
    name="outer",
    group="linear algebra",
    summary="outer product of two vectors: x*y'",
    example=("tr(A*outer(x, y))", {"A": "n, m", "x": "m", "y": "n"}),
    arity=2,
    shape=_outer_shape,
    lowering=lambda x, axis, sizes: operations.multiply(_as_column(x[0]), _as_row(x[1])),
    numpy=NumpyCode("np.outer({0}, {1})"),
    latex=r"\operatorname{outer}",
    domain=("real", "real"),
)

RECORDS = (TRANSPOSE, DIAG, VEC, RESHAPE, KRON, DOT, OUTER)
