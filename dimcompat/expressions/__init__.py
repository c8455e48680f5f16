"""Expressions in normal form: the nodes and the constructors that make them.

The rest of the project imports from here; how the constructors share the work is a
matter of this package alone.
"""

from dimcompat.expressions import operators
from dimcompat.expressions.calls import call
from dimcompat.expressions.compounds import (
    Call,
    Chain,
    Diagonal,
    Hadamard,
    IndexSum,
    MatrixPower,
    Pick,
    Product,
    Sum,
    Trace,
    Transpose,
)
from dimcompat.expressions.entrywise import entry_product, entrywise_power, hadamard, power
from dimcompat.expressions.leaves import (
    Commutation,
    Constant,
    Identity,
    Index,
    Named,
    Number,
    Ones,
    Size,
    Symbol,
    Zeros,
)
from dimcompat.expressions.linear import (
    add,
    combine,
    entry_factors,
    exponent_expression,
    exponent_of,
    exponent_product,
    exponent_sum,
    factors_of,
    joint_shape,
    number,
    scale,
    scaled,
    size_of,
    split,
    split_coefficient,
    stretch,
    subtract,
)
from dimcompat.expressions.node import Exponent, Expr, Operator
from dimcompat.expressions.orientation import outer_transpose
from dimcompat.expressions.products import (
    diagonal,
    inverse,
    matrix_power,
    multiply,
    transpose,
)
from dimcompat.expressions.rationals import UNIT
from dimcompat.expressions.samples import index_sum, pick, stack
from dimcompat.expressions.scope import Scoped, plain, scoped
from dimcompat.expressions.traces import column_sums, row_sums, total, trace
from dimcompat.shapes import Dim, Shape


def ones(rows: Dim, cols: Dim) -> Expr:
    """All ones, rows×cols."""
    return Ones.make(Shape(rows, cols))


def zeros(rows: Dim, cols: Dim) -> Expr:
    """All zeros, rows×cols."""
    return Zeros.make(Shape(rows, cols))


def identity(dim: Dim) -> Expr:
    """The dim×dim identity."""
    return Identity.make(dim)


def commutation(rows: Dim, cols: Dim) -> Expr:
    """``K(rows, cols)``, for which ``K(m,n)*vec(A) = vec(A')`` where A is m×n."""
    return Commutation.make(rows, cols)


__all__ = [
    "UNIT",
    "Call",
    "Chain",
    "Commutation",
    "Constant",
    "Diagonal",
    "Exponent",
    "Expr",
    "Hadamard",
    "Identity",
    "Index",
    "IndexSum",
    "MatrixPower",
    "Named",
    "Number",
    "Ones",
    "Operator",
    "Pick",
    "Product",
    "Scoped",
    "Size",
    "Sum",
    "Symbol",
    "Trace",
    "Transpose",
    "Zeros",
    "add",
    "call",
    "column_sums",
    "combine",
    "commutation",
    "diagonal",
    "entry_factors",
    "entry_product",
    "entrywise_power",
    "exponent_expression",
    "exponent_of",
    "exponent_product",
    "exponent_sum",
    "factors_of",
    "hadamard",
    "identity",
    "index_sum",
    "inverse",
    "joint_shape",
    "matrix_power",
    "multiply",
    "number",
    "ones",
    "operators",
    "outer_transpose",
    "pick",
    "plain",
    "power",
    "row_sums",
    "scale",
    "scaled",
    "scoped",
    "size_of",
    "split",
    "split_coefficient",
    "stack",
    "stretch",
    "subtract",
    "total",
    "trace",
    "transpose",
    "zeros",
]
