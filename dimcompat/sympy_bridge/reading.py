"""SymPy's expressions as ours.

A module of its own because it is one walk over SymPy's nodes, by the operators of the language,
so that shapes are checked and what comes back is in normal form.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from itertools import chain, count
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from dimcompat import expressions as ex
from dimcompat.building import function, matrix
from dimcompat.errors import DimcompatError, ShapeError, UnsupportedError, fault, shown
from dimcompat.expressions import Expr, operators
from dimcompat.functions.sympy_forms import NAMED_THERE
from dimcompat.language.declarations import Declarations, declare_passed
from dimcompat.language.parser import parse_name
from dimcompat.messages import say
from dimcompat.shapes import ONE, Dim

WHERE = "expression"


def read(expression: Any, shapes: Mapping[str, str]) -> Expr:
    """An expression of SymPy as one of ours. Raises UnsupportedError by the name of what does not convert."""
    try:
        root = sp.sympify(expression, strict=True)
    except sp.SympifyError:
        raise _not_converted(expression) from None
    if not isinstance(root, sp.Basic):
        raise _not_converted(expression)
    try:
        return Reader(root, shapes).node(root)
    except DimcompatError as error:
        raise error.at(None, where=WHERE if error.where in ("source", "name") else error.where) from None
    except RecursionError:
        found, limit = say("E121.expression"), say("E121.few hundred")
        raise fault("E121", None, found=found, limit=limit).at(None, where=WHERE) from None


def _not_converted(node: Any, hint: str | None = None) -> UnsupportedError:
    name = type(node).__name__
    message = say("E498", kind=name, found=shown(str(node)))
    return UnsupportedError(message, code="E498", hint=hint, where=WHERE)


def dimension(value: Any) -> Dim:
    """A size: a polynomial with positive integer coefficients in symbols."""
    value = sp.expand(value)
    match value:
        case sp.Integer() if value > 0:
            return Dim.number(int(value))
        case sp.Symbol():
            return Dim.symbol(parse_name(value.name, WHERE).name)
        case sp.Add():
            return reduce(Dim.__add__, map(dimension, value.args))
        case sp.Mul():
            return reduce(Dim.__mul__, map(dimension, value.args))
        case sp.Pow() if value.exp.is_Integer and value.exp > 0:
            return dimension(value.base) ** int(value.exp)
    raise fault("E211", None, found=shown(str(value))).at(None, where=WHERE)


class Reader:
    """One expression while it is read; ``bound`` are the meanings of parameters and indices."""

    def __init__(self, root: Any, shapes: Mapping[str, str]) -> None:
        self.declared = Declarations()
        declare_passed(self.declared, shapes)
        symbols = root.atoms(sp.MatrixSymbol)
        inner = {symbol for m in symbols for side in m.shape for symbol in side.free_symbols}
        constants = root.atoms(sp.Identity, sp.OneMatrix, sp.ZeroMatrix)
        inner |= {symbol for c in constants for side in c.shape for symbol in side.free_symbols}
        self.dimensions = {symbol.name for symbol in inner} | set(self.declared.dimensions)
        self.taken = {symbol.name for symbol in root.atoms(sp.Symbol, sp.MatrixSymbol)} | set(shapes)
        clash = {m.name for m in symbols} & self.dimensions
        if clash:
            raise fault("E135", None, found=shown(min(clash))).at(None, where=WHERE)
        self.bound: dict[Any, Expr] = {}

    def node(self, node: Any) -> Expr:
        """What a node stands for."""
        if node in self.bound:
            return self.bound[node]
        if isinstance(node, sp.MatrixExpr):
            return self.matrix(node)
        return self.scalar(node)

    def matrix(self, node: Any) -> Expr:
        match node:
            case sp.MatrixSymbol():
                return self.symbol(node)
            case sp.Identity():
                return ex.identity(dimension(node.shape[0]))
            case sp.ZeroMatrix():
                return ex.zeros(*map(dimension, node.shape))
            case sp.OneMatrix():
                return ex.ones(*map(dimension, node.shape))
            case sp.MatAdd():
                return reduce(operators.plus, map(self.node, node.args))
            case sp.MatMul():
                return reduce(operators.times, map(self.node, node.args))
            case sp.MatPow():  # the inverse too
                return operators.to_the(self.node(node.base), self.node(node.exp))
            case sp.Transpose() | sp.Adjoint():
                return ex.transpose(self.node(node.arg))
            case sp.HadamardProduct():
                return reduce(operators.entry_times, map(self.node, node.args))
            case sp.HadamardPower():
                return operators.entry_to_the(self.node(node.base), self.node(node.exp))
            case ElementwiseApplyFunction():
                return self.applied(node)
            case sp.matrices.expressions.MatrixSlice():
                return self.slice(node)
        return self.named(node)

    def scalar(self, node: Any) -> Expr:
        match node:
            case sp.Rational():
                return ex.number(Fraction(int(node.p), int(node.q)))
            case sp.Float():
                return operators.as_expression(float(node))
            case sp.Symbol():
                return self.symbol(node)
            case sp.Add():
                return reduce(operators.plus, map(self.node, node.args))
            case sp.Mul():
                return reduce(operators.entry_times, map(self.node, node.args))
            case sp.Pow():
                return operators.entry_to_the(self.node(node.base), self.node(node.exp))
            case sp.Sum():
                return self.sum(node)
            case sp.matrices.expressions.matexpr.MatrixElement():
                return self.element(node)
            case sp.DotProduct():
                return function("dot")(*map(self.node, node.args))
            case sp.Max() | sp.Min():
                pairwise = function("maximum" if isinstance(node, sp.Max) else "minimum")
                return reduce(pairwise, map(self.node, node.args))
            case sp.Heaviside():
                return self.heaviside(node)
            case sp.log() if isinstance(node.args[0], sp.Abs) and isinstance(
                node.args[0].args[0], sp.Determinant
            ):
                return function("logdet")(self.node(node.args[0].args[0].arg))
            case AppliedUndef():
                return self.undefined(node)
        if node is sp.pi or node is sp.E:
            return ex.Constant.make("pi" if node is sp.pi else "e")
        return self.named(node)

    def named(self, node: Any) -> Expr:
        """A function that both have; where it has other arguments than ours, it does not convert."""
        name = NAMED_THERE.get(type(node).__name__)
        if name is None or not node.args:
            listed = isinstance(node, sp.MatrixBase)
            raise _not_converted(node, say("E498.matrix") if listed else None)
        return function(name)(*map(self.node, node.args))

    def symbol(self, node: Any) -> Expr:
        """A declared name, or a dimension used as a number."""
        is_dimension = node.name in self.dimensions or (node.is_integer and node.is_positive)
        if not isinstance(node, sp.MatrixSymbol) and is_dimension and node.name not in self.declared.symbols:
            return ex.size_of(Dim.symbol(parse_name(node.name, WHERE).name))
        rows, cols = map(dimension, node.shape) if isinstance(node, sp.MatrixSymbol) else (ONE, ONE)
        declared = self.declared.symbols.get(node.name)
        if declared is None:
            positive = bool(node.is_positive) if isinstance(node, sp.Symbol) else False
            return matrix(node.name, rows, cols, positive=positive)
        if declared.shape != (rows, cols):
            found = matrix(node.name, rows, cols).shape
            message = say("E222.sympy", name=node.name, found=found, declared=declared.shape)
            raise ShapeError(message, code="E222", where="shapes")
        return declared

    def applied(self, node: Any) -> Expr:
        """A function of one number on every entry: its body, with the matrix for its parameter."""
        parameter, *others = node.function.variables
        if others:
            raise _not_converted(node)
        operand = self.node(node.expr)
        outer = dict(self.bound)
        self.bound[parameter] = operand
        try:
            value = self.node(node.function.expr)
        finally:
            self.bound = outer
        return (
            value if value.shape == operand.shape else operators.entry_times(value, ex.ones(*operand.shape))
        )

    def heaviside(self, node: Any) -> Expr:
        operand, at_zero = node.args
        if at_zero == 0:
            return function("step")(self.node(operand))
        if at_zero == sp.Rational(1, 2):
            return operators.over(
                operators.plus(ex.number(1), function("sign")(self.node(operand))), ex.number(2)
            )
        raise _not_converted(node, say("E498.heaviside"))

    def undefined(self, node: Any) -> Expr:
        """An unnamed function, where the shapes declare it."""
        name = node.func.__name__
        declared = self.declared.functions.get(name)
        if declared is None or len(node.args) != 1:
            raise _not_converted(node, say("E498.declare", name=name))
        return ex.call(declared.record, (self.node(node.args[0]),))

    def sum(self, node: Any) -> Expr:
        """A sum over indices, each from 0 to a dimension less 1."""
        outer = dict(self.bound)
        indices = []
        for symbol, low, high in node.limits:
            if low != 0:
                raise _not_converted(node, say("E498.sum"))
            indices.append(ex.Index.make(self.free_name(symbol.name), dimension(high + 1)))
            self.bound[symbol] = indices[-1]
        try:
            body = self.node(node.function)
        finally:
            self.bound = outer
        return reduce(lambda value, index: ex.index_sum(index, value), indices, body)

    def free_name(self, wanted: str) -> str:
        """The name of an index: the one that it has, or another one where ours are not written like that."""
        used = {index.name for index in self.bound.values() if isinstance(index, ex.Index)}
        if wanted.isidentifier() and not wanted.startswith("_") and wanted not in used:
            return wanted
        others = chain("ijk", (f"i{number}" for number in count(1)))
        return next(name for name in others if name not in used | self.taken | self.dimensions)

    def index(self, node: Any, entry: Any, dim: Dim) -> ex.Index | None:
        """An index of a sum; 0 in a dimension 1 is none."""
        bound = self.bound.get(entry)
        if isinstance(bound, ex.Index) and bound.dim is dim:
            return bound
        if entry == 0 and dim is ONE:
            return None
        raise _not_converted(node, say("E498.index"))

    def element(self, node: Any) -> Expr:
        base = self.node(node.parent)
        row, col = (self.index(node, at, dim) for at, dim in zip((node.i, node.j), base.shape, strict=True))
        return ex.pick(base, row, col)

    def slice(self, node: Any) -> Expr:
        """One row or one column; a slice of everything is the whole."""
        base = self.node(node.parent)
        picked: list[ex.Index | None] = []
        sides = zip((node.rowslice, node.colslice), base.shape, node.parent.shape, strict=True)
        for (start, stop, step), dim, length in sides:
            if step == 1 and start == 0 and sp.expand(stop - length) == 0:
                picked.append(None)
            elif step == 1 and sp.expand(stop - start) == 1:
                picked.append(self.index(node, start, dim))
            else:
                raise _not_converted(node)
        return ex.pick(base, *picked)
