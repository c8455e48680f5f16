"""Expressions as values: one case for each class of node.

A module of its own because it is the one place here that walks an expression; products of matrices,
entry-by-entry arithmetic and calls have modules of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.codegen.algebra import Algebra, axes_of
from dimcompat.codegen.chains import Chains
from dimcompat.codegen.entrywise import hadamard_of, product_of, sum_of
from dimcompat.codegen.factors import Factor, Kind, dense
from dimcompat.codegen.foresight import Foresight, one_less_sigmoid, parts_first
from dimcompat.codegen.functions import called, sigmoid_of_small
from dimcompat.codegen.grids import between, spreads
from dimcompat.codegen.values import Graph, Op, Value
from dimcompat.errors import UnsupportedError
from dimcompat.expressions import Expr
from dimcompat.functions.exponentials import EXP, LOG
from dimcompat.functions.formulas import at
from dimcompat.functions.labels import ONEHOT
from dimcompat.functions.linear_algebra import KRON
from dimcompat.functions.logistic import SIGMOID, SOFTPLUS
from dimcompat.functions.record import Function
from dimcompat.functions.rules import called as called_as
from dimcompat.messages import say
from dimcompat.shapes import ONE

SPELLED_OUT = 3  # powers of a matrix up to this one are products


class Lowering:
    """Writes expressions as values, each distinct node once; ``symmetric`` are nodes known to be so."""

    def __init__(
        self,
        graph: Graph,
        foresight: Foresight,
        *,
        written_out: bool,
        symmetric: frozenset[Expr] = frozenset(),
    ) -> None:
        self.algebra = Algebra(graph)
        self.chains = Chains(self.algebra)
        self.values: dict[Expr, Value] = {}
        self.written_out = written_out
        self.symmetric = symmetric
        self.inverted = foresight.inverses
        self.both_sided = foresight.both_sided
        for product in foresight.products:  # so that a longer product finds them as parts of its own
            self.lower(product)
        self._write(foresight.order)

    def lower(self, expression: Expr) -> Value:
        """The value of an expression."""
        if expression not in self.values:
            self._write(parts_first((expression,)))
        return self.values[expression]

    def _write(self, nodes: Iterable[Expr]) -> None:
        """The values of nodes whose parts stand before them."""
        for node in nodes:
            if node not in self.values:
                self.values[node] = value = self._node(node)
                if node.symmetric and len(value.axes) == 2:
                    self.algebra.symmetric.add(value)

    def _node(self, node: Expr) -> Value:
        algebra, values = self.algebra, self.values
        axes = axes_of(node.shape)
        match node:
            case ex.Symbol():
                return algebra.make(Op.INPUT, facts=node, axes=axes)
            case ex.Commutation() | ex.Chain():
                return self.chains.product(self._factors(node))
            case ex.Number():
                return algebra.number(node.value)
            case ex.Constant():
                return algebra.make(Op.CONSTANT, facts=node.name)
            case ex.Size():
                return algebra.size(node.dim)
            case ex.Index():
                return algebra.make(Op.INDEX, facts=(node,))
            case ex.Scoped():
                return values[node.expression]
            case ex.Named():
                value = values[node.definition]
                algebra.graph.names.setdefault(value, node.name)
                return value
            case ex.Identity():
                return algebra.make(Op.EYE, facts=axes, axes=axes)
            case ex.Ones() | ex.Zeros():
                return algebra.filled(int(isinstance(node, ex.Ones)), axes)
            case ex.Sum() if (sigmoid := one_less_sigmoid(node)) is not None:
                opposite = algebra.scale(Fraction(-1), values[sigmoid.arguments[0]])
                if sigmoid in self.both_sided and self.written_out:
                    return sigmoid_of_small(algebra, opposite)
                return called(algebra, sigmoid, (opposite,), written_out=self.written_out)
            case ex.Sum():
                return sum_of(algebra, node, values)
            case ex.Product():
                return product_of(algebra, node, values)
            case ex.Hadamard():
                return hadamard_of(algebra, node, values)
            case ex.MatrixPower():
                return self._matrix_power(node)
            case ex.Transpose():
                return algebra.transpose(values[node.operand])
            case ex.Trace():
                return self._trace(node.operand)
            case ex.Diagonal():
                return algebra.make(Op.DIAG, values[node.vector], axes=axes)
            case ex.Pick():
                return algebra.picked(values[node.base], node.row, node.col, axes)
            case ex.IndexSum():
                return algebra.make(Op.LOOP, values[node.body], facts=node.index, axes=axes)
            case ex.Call():
                return self._call(node)
            case _:
                raise UnsupportedError(say("E497", name=type(node).__name__), code="E497", where="target")

    # ── products of matrices ─────────────────────────────────────────────────────────────────────────

    def _factors(self, node: Expr) -> list[Factor]:
        parts = list(node.factors) if isinstance(node, ex.Chain) else [node]
        found: list[Factor] = []
        while parts:
            ends = range(len(parts), 2, -1) if spreads(parts[0]) else ()
            for end in ends:
                whole = node in self.symmetric and end == len(parts) and not found
                value = between(self.algebra, self.values, parts[:end], symmetric=whole)
                if value is not None:
                    found.append(Factor(Kind.DENSE, value.axes[0], value.axes[1], (value,)))
                    del parts[:end]
                    break
            else:
                found.extend(self._factor(parts.pop(0)))
        return found

    def _factor(self, part: Expr) -> Iterable[Factor]:
        rows, cols = part.shape
        turned = isinstance(part, ex.Transpose)
        inner = part.operand if isinstance(part, ex.Transpose) else part
        match inner:
            case ex.Diagonal():
                yield Factor(Kind.DIAGONAL, rows, cols, (self.values[inner.vector],))
            case ex.Ones():
                if not part.shape.is_vector:
                    yield Factor(Kind.ONES, rows, ONE)
                    rows = ONE
                yield Factor(Kind.ONES, rows, cols)
            case ex.MatrixPower() if inner.exponent == -1 and inner not in self.inverted:
                yield Factor(Kind.INVERSE, rows, cols, (self._turned(inner.base, turned),))
            case ex.MatrixPower() if 0 < inner.exponent <= SPELLED_OUT:
                for _ in range(inner.exponent):
                    yield Factor(Kind.DENSE, rows, cols, (self._turned(inner.base, turned),))
            case ex.Commutation():
                dims = (inner.cols, inner.rows) if turned else (inner.rows, inner.cols)
                yield Factor(Kind.COMMUTATION, rows, cols, inner=dims)
            case ex.Call() if inner.function is ONEHOT and not part.shape.is_vector:
                yield Factor(Kind.LABELS, rows, cols, (self.values[inner.arguments[0]],), turned)
            case ex.Call() if inner.function is KRON and not _has_vector(inner):
                yield self._kron(inner, turned)
            case _:
                yield Factor(Kind.DENSE, rows, cols, (self.values[part],))

    def _turned(self, part: Expr, turned: bool) -> Value:
        value = self.values[part]
        return self.algebra.transpose(value) if turned else value

    def _kron(self, call: ex.Call, turned: bool) -> Factor:
        sides = [ex.transpose(side) if turned else side for side in call.arguments]
        values = []
        for side, given in zip(sides, call.arguments, strict=True):
            values.append(None if isinstance(side, ex.Identity) else self._turned(given, turned))
        left, right = (side.shape for side in sides)
        rows, cols = left.rows * right.rows, left.cols * right.cols
        return Factor(Kind.KRON, rows, cols, tuple(values), inner=(*left, *right))

    def _matrix_power(self, node: ex.MatrixPower) -> Value:
        algebra, base = self.algebra, self.values[node.base]
        if node.exponent == -1:
            return algebra.make(Op.INVERSE, base, axes=base.axes)
        if 0 < node.exponent <= SPELLED_OUT:
            return self.chains.product(list(self._factor(node)))
        return algebra.make(Op.MATRIX_POWER, base, facts=node.exponent, axes=base.axes)

    def _trace(self, operand: Expr) -> Value:
        """Term by term, so that no product is formed whose diagonal alone counts."""
        algebra, values = self.algebra, self.values
        if not isinstance(operand, ex.Sum):
            return self._trace_of_term(operand)
        terms = []
        for body, factor in operand.terms:
            if body.shape.is_scalar:
                value = algebra.product(
                    [(values[body], Fraction(1)), (algebra.size(operand.shape.rows), Fraction(1))]
                )
            elif body.shape.is_vector:
                value = algebra.total(values[body])
            else:
                value = self._trace_of_term(body)
            terms.append((value, factor))
        return algebra.sum(terms)

    def _trace_of_term(self, body: Expr) -> Value:
        algebra, values = self.algebra, self.values
        match body:
            case ex.Chain() | ex.MatrixPower():
                return self.chains.trace(self._factors(body))
            case ex.Diagonal():
                return algebra.total(values[body.vector])
            case ex.Identity():
                return algebra.size(body.shape.rows)
        return algebra.total(algebra.diagonal(values[body]))

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────

    def _call(self, node: ex.Call) -> Value:
        arguments = tuple(self.values[argument] for argument in node.arguments)
        blocks = any(isinstance(argument, ex.Identity) for argument in node.arguments)
        if node.function is KRON and blocks and not _has_vector(node):
            return dense(self.algebra, self._kron(node, turned=False))
        sigmoid = called_as(node.arguments[0], SIGMOID) if node.function is LOG else None
        if sigmoid is not None:  # log(sigmoid(u)) = -softplus(-u)
            opposite = self.algebra.scale(Fraction(-1), self.values[sigmoid.arguments[0]])
            return self.algebra.scale(Fraction(-1), self._softplus(sigmoid, opposite))
        exponential = _one_plus_exp(node.arguments[0]) if node.function is LOG else None
        if exponential is not None:  # log(1 + exp(u)) = softplus(u)
            return self._softplus(exponential, self.values[exponential.arguments[0]])
        if node in self.both_sided and self.written_out:
            return sigmoid_of_small(self.algebra, arguments[0])
        origin = node.function.origin if isinstance(node.function, Function) else None
        if origin is not None and origin.formula is not None:
            formula = at(origin.formula, dict(zip(origin.parameters, node.arguments, strict=True)))
            return self.algebra.stretch(self.lower(formula), axes_of(node.shape))
        return called(self.algebra, node, arguments, written_out=self.written_out)

    def _softplus(self, inner: ex.Call, value: Value) -> Value:
        """The softplus of a value, which has the shape of the call's argument."""
        call = called_as(SOFTPLUS(inner.arguments[0]), SOFTPLUS)
        assert call is not None
        return called(self.algebra, call, (value,), written_out=self.written_out)


def _one_plus_exp(node: Expr) -> ex.Call | None:
    """The exponential in ``1 + exp(u)``."""
    if isinstance(node, ex.Sum) and len(node.terms) == 2:
        (first, one), (second, factor) = node.terms
        if first is ex.number(1) and one == factor == 1:
            return called_as(second, EXP)
    return None


def _has_vector(call: ex.Call) -> bool:
    return any(argument.shape.is_vector for argument in call.arguments)
