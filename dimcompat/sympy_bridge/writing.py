"""Our expressions in SymPy's terms.

A module of its own because it is one walk over our nodes; what each function is called there is
in `functions.sympy_forms`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from dimcompat import expressions as ex
from dimcompat.errors import UnsupportedError
from dimcompat.expressions import Expr
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.record import Function
from dimcompat.functions.sympy_forms import OF_ENTRIES, OF_MATRICES, OF_PAIRS
from dimcompat.messages import say
from dimcompat.shapes import Dim, Shape


def written(expression: Expr) -> Any:
    """The expression in SymPy, scalars as scalars. Raises UnsupportedError by name for what has no form."""
    root = ex.plain(expression).expanded
    done: dict[Expr, Any] = {}
    for node in distinct_nodes(root):
        try:
            done[node] = _node(node, done)
        except NotImplementedError as error:  # raised by SymPy's own simplifications
            raise _no_form(say("E499.refused", formula=str(node), said=str(error))) from error
    return done[root]


def size(dim: Dim) -> Any:
    """A dimension: a polynomial in symbols that are positive integers."""
    terms = (
        sp.Mul(factor, *(sp.Symbol(name, integer=True, positive=True) ** power for name, power in monomial))
        for monomial, factor in dim.terms
    )
    return sp.Add(*terms)


def _no_form(what: str, hint: str | None = None) -> UnsupportedError:
    return UnsupportedError(say("E499", what=what), code="E499", hint=hint, where="expression")


def _node(node: Expr, done: dict[Expr, Any]) -> Any:
    match node:
        case ex.Number():
            return _rational(node.value)
        case ex.Constant():
            return sp.pi if node.name == "pi" else sp.E
        case ex.Size():
            return size(node.dim)
        case ex.Symbol():
            return _symbol(node)
        case ex.Index():
            return _index(node)
        case ex.Identity():
            return sp.Identity(size(node.shape.rows))
        case ex.Ones():
            return sp.OneMatrix(*map(size, node.shape))
        case ex.Zeros():
            return sp.ZeroMatrix(*map(size, node.shape))
        case ex.Sum():
            terms = [_times(_rational(c), _stretch(done[body], body, node.shape)) for body, c in node.terms]
            return sp.Add(*terms) if node.shape.is_scalar else sp.MatAdd(*terms)
        case ex.Product():
            scalars = (done[base] ** _exponent(power, done) for base, power in node.scalars)
            scale = sp.Mul(_rational(node.coefficient), *scalars)
            return scale if node.body is None else _times(scale, done[node.body])
        case ex.Chain():
            product = _times(*(done[factor] for factor in node.factors))
            return sp.Trace(product) if node.shape.is_scalar else product
        case ex.Hadamard():
            powers = ((base, _raised(done[base], _exponent(power, done))) for base, power in node.factors)
            factors = [_stretch(value, base, node.shape) for base, value in powers]
            return factors[0] if len(factors) == 1 else sp.HadamardProduct(*factors)
        case ex.MatrixPower():
            base = done[node.base]
            return sp.Inverse(base) if node.exponent == -1 else sp.MatPow(base, node.exponent)
        case ex.Transpose():
            return sp.Transpose(done[node.operand])
        case ex.Trace():
            return sp.Trace(done[node.operand])
        case ex.Diagonal():
            return sp.DiagMatrix(done[node.vector])
        case ex.Pick():
            return _pick(done[node.base], node, done)
        case ex.IndexSum() if node.shape.is_scalar:
            return sp.Sum(done[node.body], (_index(node.index), 0, size(node.index.dim) - 1))
        case ex.IndexSum():
            raise _no_form(say("E499.sum", formula=str(node)))
        case ex.Call():
            return _call(node, [done[argument] for argument in node.arguments])
        case ex.Commutation():
            raise _no_form(say("E499.commutation", formula=str(node)))
        case _:
            raise _no_form(say("E499.node", kind=type(node).__name__, formula=str(node)))


def _index(index: ex.Index) -> Any:
    """The symbol of an index."""
    return sp.Symbol(index.name, integer=True, nonnegative=True)


def _rational(value: Fraction) -> Any:
    return sp.Rational(value.numerator, value.denominator)


def _exponent(exponent: ex.Exponent, done: dict[Expr, Any]) -> Any:
    return done[exponent] if isinstance(exponent, Expr) else _rational(exponent)


def _symbol(symbol: ex.Symbol) -> Any:
    if symbol.labels is not None:
        raise _no_form(say("E499.labels", formula=str(symbol)))
    if symbol.shape.is_scalar:
        assumed = {"positive": True} if "positive" in symbol.attributes else {}
        return sp.Symbol(symbol.name, **assumed)
    return sp.MatrixSymbol(symbol.name, *map(size, symbol.shape))


def _times(*factors: Any) -> Any:
    """The matrix product, flat, the number in front; a product of numbers where nothing else is there."""
    scale = sp.Mul(*(factor for factor in factors if not factor.is_Matrix))
    matrices = [factor for factor in factors if factor.is_Matrix]
    if not matrices:
        return scale
    flat = [part for matrix in matrices for part in (matrix.args if matrix.is_MatMul else (matrix,))]
    if scale != 1 or not flat[0].is_Matrix:
        inner = [part for part in flat if not part.is_Matrix]
        flat = [sp.Mul(scale, *inner), *(part for part in flat if part.is_Matrix)]
    return flat[0] if len(flat) == 1 else sp.MatMul(*flat)


def _raised(base: Any, exponent: Any) -> Any:
    return base if exponent == 1 else sp.HadamardPower(base, exponent)


def _stretch(value: Any, node: Expr, shape: Shape) -> Any:
    """A value of this node in a shape: SymPy does not broadcast, so it is a product with ones."""
    if node.shape == shape:
        return value
    rows, cols = map(size, shape)
    if node.shape.is_scalar:
        return _times(value, sp.OneMatrix(rows, cols))
    if node.shape.is_column:
        return _times(value, sp.OneMatrix(1, cols))
    return _times(sp.OneMatrix(rows, 1), value)


def _pick(base: Any, node: ex.Pick, done: dict[Expr, Any]) -> Any:
    row, col = (None if index is None else done[index] for index in (node.row, node.col))
    if node.shape.is_scalar:
        return base[0 if row is None else row, 0 if col is None else col]
    return base[row, :] if row is not None else base[:, col]


def _call(node: ex.Call, arguments: list[Any]) -> Any:
    function, name = node.function, node.function.name
    origin = function.origin if isinstance(function, Function) else None
    if origin is not None:
        return _of_the_user(node, arguments)
    if name in OF_ENTRIES:
        return _entrywise(lambda t: OF_ENTRIES[name](sp, t), arguments[0])
    if name in OF_PAIRS:
        theirs, sign = OF_PAIRS[name]
        if node.shape.is_scalar:
            return getattr(sp, theirs)(*arguments)
        left, right = (_stretch(a, of, node.shape) for a, of in zip(arguments, node.arguments, strict=True))
        apart = sp.MatAdd(left, _times(sp.Integer(-1), right)).applyfunc(sp.Abs)
        half = sp.Rational(1, 2)
        return sp.MatAdd(_times(half, left), _times(half, right), _times(sign * half, apart))
    if name in OF_MATRICES:
        return OF_MATRICES[name](sp, *arguments, axis=node.axis)
    raise _no_form(say("E499.node", kind=name, formula=str(node)))


def _entrywise(function: Any, argument: Any) -> Any:
    """A function of one number: applied to it, or to every entry of a matrix."""
    if not argument.is_Matrix:
        return function(argument)
    t = sp.Dummy("t")
    return sp.matrices.expressions.applyfunc.ElementwiseApplyFunction(sp.Lambda(t, function(t)), argument)


def _of_the_user(node: ex.Call, arguments: list[Any]) -> Any:
    """A function that the text declares, by its name, or that it defines, by its formula."""
    assert isinstance(node.function, Function) and node.function.origin is not None
    origin = node.function.origin
    if origin.formula is not None:
        formula, parameters = written(origin.formula), [_symbol(p) for p in origin.parameters]
        given = dict(zip(parameters[1:], arguments[1:], strict=True))
        return _entrywise(
            lambda t: formula.subs({**given, parameters[0]: t}, simultaneous=True), arguments[0]
        )
    if origin.shape is not None:
        raise _no_form(say("E499.function", formula=str(node)))
    unnamed, t = sp.Function(origin.base), sp.Dummy("t")
    derived = sp.Derivative(unnamed(t), (t, origin.order)) if origin.order else unnamed(t)
    return _entrywise(lambda at: derived.subs(t, at), arguments[0])
