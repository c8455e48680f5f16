"""What a product with ones, or of a factor with its own transpose, stands for.

A module of its own because the normal form has no sums of entries and no norms, only products;
the layout asks here which of them its author would know by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from dimcompat import expressions as ex
from dimcompat.expressions import Exponent, Expr
from dimcompat.shapes import ONE, Dim

LONGEST = 16


def is_leaf(factor: Expr) -> bool:
    """A name, transposed or not."""
    inner = factor.operand if isinstance(factor, ex.Transpose) else factor
    return isinstance(inner, (ex.Symbol, ex.Named))


def is_ones_row(factor: Expr) -> bool:
    return isinstance(factor, ex.Ones) and factor.shape.is_row


def is_ones_column(factor: Expr) -> bool:
    return isinstance(factor, ex.Ones) and factor.shape.is_column


def adds_lines(root: Expr) -> bool:
    """Whether a product, or a term of a sum or of a multiple of one, adds up rows or columns."""
    body = ex.split(root)[2]
    bodies = [ex.split(term)[2] for term, _ in body.terms] if isinstance(body, ex.Sum) else [body]
    chains = (matrix.factors for matrix in bodies if isinstance(matrix, ex.Chain))
    return any(is_ones_row(factors[0]) or is_ones_column(factors[-1]) for factors in chains)


def segments(factors: Sequence[Expr]) -> list[Sequence[Expr]]:
    """A matrix product cut where a column meets a row: what stands on each side of an outer product."""
    cuts = [place for place in range(1, len(factors)) if factors[place].shape.rows is ONE]
    bounds = [0, *cuts, len(factors)]
    return [factors[start:end] for start, end in pairwise(bounds)]


def half_of_square(node: Expr) -> tuple[Expr, ...] | None:
    """The factors of u where the node is ``u'*u`` or ``tr(U'*U)``; u has as few transposes as may be."""
    if isinstance(node, ex.Trace):
        if isinstance(node.operand, ex.MatrixPower) and node.operand.exponent == 2:
            return (node.operand.base,) if node.operand.base.symmetric else None
        if not isinstance(node.operand, ex.Chain):
            return None
        factors = node.operand.factors
        places = range(len(factors)) if len(factors) <= LONGEST else range(1)
    elif isinstance(node, ex.Chain) and node.shape.is_scalar:
        factors, places = node.factors, range(1)
    else:
        return None
    count = len(factors)
    if count % 2:
        return None
    for place in places:
        turned = factors[place:] + factors[:place]
        if all(ex.transpose(turned[index]) is turned[count - 1 - index] for index in range(count // 2)):
            halves = turned[: count // 2], turned[count // 2 :]
            return min(halves[::-1], key=lambda half: sum(factor.turned for factor in half))
    return None


def all_turned(node: ex.Hadamard) -> bool:
    """Whether every factor is transposed, so that one transpose of the whole does instead."""
    return all(isinstance(base, ex.Transpose) for base, _ in node.factors)


def sides_of_dot(node: ex.Trace) -> tuple[Expr, ...]:
    """X and Y where the node is ``tr(X'*Y)``; nothing where it is not."""
    factors = node.operand.factors if isinstance(node.operand, ex.Chain) else ()
    if len(factors) != 2 or len([side for side in factors if isinstance(side, ex.Transpose)]) != 1:
        return ()
    return tuple(side.operand if isinstance(side, ex.Transpose) else side for side in factors)


def in_one_shape(total: ex.Sum) -> tuple[tuple[Expr, Fraction], ...]:
    """The terms; beside an identity each in the sum's shape, since ``I - 1/n`` reads as a multiple of I."""
    matrices = (ex.split(body)[2] for body, _ in total.terms)
    if total.shape.is_vector or not any(isinstance(matrix, ex.Identity) for matrix in matrices):
        return total.terms
    stretched = ((ex.split_coefficient(ex.stretch(body, total.shape)), own) for body, own in total.terms)
    return tuple((body, own * coefficient) for (coefficient, body), own in stretched)


class SizesBelow:
    """The sizes that stand below a product, each until a sum over it takes it and is a mean."""

    def __init__(self, scalars: Iterable[tuple[Expr, Exponent]] = ()) -> None:
        self._waiting = {base.dim: base for base, own in scalars if isinstance(base, ex.Size) and own == -1}

    def __contains__(self, dim: Dim) -> bool:
        return dim in self._waiting

    @property
    def left(self) -> tuple[ex.Size, ...]:
        """Those that nothing took, in their order."""
        return tuple(self._waiting.values())

    def take(self, over: Sequence[Dim]) -> bool:
        """Whether all these dimensions stand below, from now on in the mean."""
        fits = len(set(over)) == len(over) and all(dim in self._waiting for dim in over)
        for dim in over if fits else ():
            del self._waiting[dim]
        return fits
