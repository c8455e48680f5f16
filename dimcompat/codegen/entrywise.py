"""Sums and entry-by-entry products as values: who is stretched, and what is added where it stands.

A module of its own because the same question is asked of every term: a column among matrices needs an
axis, a diagonal matrix touches the diagonal alone, labels touch one entry in each row.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.codegen.algebra import UNIT, Algebra, axes_of
from dimcompat.codegen.values import Op, Value
from dimcompat.expressions import Exponent, Expr
from dimcompat.functions.labels import ONEHOT

Values = Mapping[Expr, Value]


def among(algebra: Algebra, value: Value, expression: Expr, whole: ex.Expr) -> Value:
    """An operand as it stands among others of the shape of ``whole``."""
    if not whole.shape.is_vector and expression.shape.is_column and not expression.shape.is_scalar:
        return algebra.column(value)
    return value


def sum_of(algebra: Algebra, node: ex.Sum, values: Values) -> Value:
    """Diagonal matrices and labels are added to the rest in place, if there is a rest."""
    axes = axes_of(node.shape)
    plain: list[tuple[Value, Fraction]] = []
    diagonals: list[tuple[Value, Fraction]] = []
    labels: list[tuple[Value, Fraction]] = []
    fills = False
    for body, factor in node.terms:
        scalar, inner = _unscaled(algebra, body, values)
        if isinstance(inner, ex.Diagonal | ex.Identity) and len(axes) == 2:
            entries = algebra.number(1) if isinstance(inner, ex.Identity) else values[inner.vector]
            diagonals.append((algebra.scale(factor, entries, scalar), UNIT))
        elif _is_labels(inner) and len(axes) == 2:
            one = algebra.number(1)
            weight = algebra.scale(factor, one, scalar) if scalar is not None else algebra.number(factor)
            assert isinstance(inner, ex.Call)
            labels.append((algebra.make(Op.PAIR, weight, values[inner.arguments[0]]), UNIT))
        else:
            plain.append((among(algebra, values[body], body, node), factor))
            fills = fills or body.shape == node.shape
    if not fills:
        return algebra.sum([(among(algebra, values[b], b, node), f) for b, f in node.terms], axes)
    result = algebra.sum(_on_blocks(algebra, plain), axes)
    for pair, _ in labels:
        rows = algebra.places(node.shape.rows)
        result = algebra.make(Op.ADD_LABELS, result, *pair.operands, rows, axes=axes)
    if diagonals:
        added = algebra.sum(diagonals, axes[:1] if any(v.axes for v, _ in diagonals) else ())
        result = algebra.make(Op.ADD_DIAGONAL, result, added, axes=axes)
    return result


def _on_blocks(algebra: Algebra, terms: list[tuple[Value, Fraction]]) -> list[tuple[Value, Fraction]]:
    """``kron(A, B)*K + kron(eye, C)``: C is added to the blocks on the diagonal while the rest is filled."""
    filled = [term for term in terms if term[0].op is Op.KRON_COMMUTED and len(term[0].operands) == 2]
    blocks = [term for term in terms if term[0].op is Op.EYE_KRON]
    if len(filled) != 1 or len(blocks) != 1:
        return terms
    ((whole, factor),), ((block, weight),) = filled, blocks
    first, second = whole.operands
    assert isinstance(block.facts, tuple)
    if not first.axes[0] is second.axes[1] is block.facts[0]:
        return terms
    parts = (algebra.scale(factor, first), second, algebra.scale(weight, block.operands[0]))
    made = algebra.make(Op.KRON_COMMUTED, *parts, axes=whole.axes)
    return [(made, UNIT), *(term for term in terms if term not in (filled[0], blocks[0]))]


def _unscaled(algebra: Algebra, body: Expr, values: Values) -> tuple[Value | None, Expr]:
    if isinstance(body, ex.Product) and body.body is not None:
        return scalar_of(algebra, body.scalars, values), body.body
    return None, body


def _is_labels(body: Expr) -> bool:
    return isinstance(body, ex.Call) and body.function is ONEHOT and not body.shape.is_vector


def product_of(algebra: Algebra, node: ex.Product, values: Values) -> Value:
    """Coefficient, scalars and what they multiply."""
    scalar = scalar_of(algebra, node.scalars, values)
    if node.body is None:
        return algebra.scale(node.coefficient, scalar) if scalar else algebra.number(node.coefficient)
    return algebra.scale(node.coefficient, values[node.body], scalar)


def scalar_of(algebra: Algebra, scalars: tuple[tuple[Expr, Exponent], ...], values: Values) -> Value | None:
    """The product of scalars with exponents."""
    if not scalars:
        return None
    return algebra.product([_power(algebra, values[base], power, values) for base, power in scalars])


def _power(algebra: Algebra, value: Value, exponent: Exponent, values: Values) -> tuple[Value, Fraction]:
    if isinstance(exponent, Expr):
        return algebra.make(Op.POWER, value, values[exponent], axes=value.axes), UNIT
    return value, exponent


def hadamard_of(algebra: Algebra, node: ex.Hadamard, values: Values) -> Value:
    """Columns are multiplied with each other before they meet a matrix."""
    columns: list[tuple[Value, Fraction]] = []
    others: list[tuple[Value, Fraction]] = []
    for base, exponent in node.factors:
        power = _power(algebra, values[base], exponent, values)
        stretched = not node.shape.is_vector and base.shape.is_column and not base.shape.is_scalar
        (columns if stretched else others).append(power)
    if columns:
        others.append((algebra.column(algebra.product(columns)), UNIT))
    found = algebra.product(others)
    return algebra.stretch(found, axes_of(node.shape))
