"""Constant matrices that are written as calls: eye, ones, zeros, K.

A module of its own because their arguments are dimensions, and they have no derivative.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.functions.record import Function, NumpyCode
from dimcompat.functions.rules import sized
from dimcompat.shapes import Shape

EYE: Function = Function(
    name="eye",
    group="constants",
    summary="the n×n identity matrix",
    example=("x'*(A + eye(n))*x", {"x": "n", "A": "n, n"}),
    aliases=("I",),
    arity=0,
    sizes=(1,),
    shape=lambda shapes, axis, sizes: Shape(sizes[0], sizes[0]),
    constant=True,
    build=lambda arguments, axis, sizes: ex.identity(sizes[0]),
    numpy=NumpyCode("np.eye({rows})"),
    latex=r"I_{{rows}}",
    domain=(),
)

ONES: Function = Function(
    name="ones",
    group="constants",
    summary="all ones: a matrix ones(m,n), a column ones(n)",
    example=("x'*ones(n)", {"x": "n"}),
    arity=0,
    sizes=(1, 2),
    shape=sized,
    constant=True,
    build=lambda arguments, axis, sizes: ex.ones(sizes[0], sizes[1]),
    numpy=NumpyCode("np.ones(({rows}, {cols}))"),
    latex=r"\mathbf{1}_{{rows} \times {cols}}",
    domain=(),
)

ZEROS: Function = Function(
    name="zeros",
    group="constants",
    summary="all zeros: a matrix zeros(m,n), a column zeros(n)",
    example=("sumsq(x - zeros(n))", {"x": "n"}),
    arity=0,
    sizes=(1, 2),
    shape=sized,
    constant=True,
    build=lambda arguments, axis, sizes: ex.zeros(sizes[0], sizes[1]),
    numpy=NumpyCode("np.zeros(({rows}, {cols}))"),
    latex=r"\mathbf{0}_{{rows} \times {cols}}",
    domain=(),
)

COMMUTATION: Function = Function(
    name="K",
    group="constants",
    summary="the commutation matrix: K(m,n)*vec(A) = vec(A') for A: m×n",
    example=("a'*K(m,n)*vec(A)", {"a": "m*n", "A": "m, n"}),
    arity=0,
    sizes=(2,),
    shape=lambda shapes, axis, sizes: Shape(sizes[0] * sizes[1], sizes[0] * sizes[1]),
    constant=True,
    build=lambda arguments, axis, sizes: ex.commutation(sizes[0], sizes[1]),
    numpy=NumpyCode(
        "_commutation({rows}, {cols})",
        """\
def _commutation(rows, cols):
    order = np.arange(rows * cols).reshape(cols, rows).T.reshape(-1)
    return np.eye(rows * cols)[order]
""",
    ),
    latex=r"K_{{rows},{cols}}",
    domain=(),
)

RECORDS = (EYE, ONES, ZEROS, COMMUTATION)
