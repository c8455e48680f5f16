"""How long an expression is for its reader: operators and calls, and charges for what reads badly.

A module of its own because "the form that a textbook prints" is decided by this one
number; the moves only propose. The count follows the text that the writer makes.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.expressions import Exponent, Expr
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.shapes import ONE, Dim

STRETCHED_BESIDE_AN_IDENTITY = 2
LONG_MULTIPLE_OF_THE_IDENTITY = 2
OPENED_SCALAR = 2


def cost(expression: Expr) -> int:
    """The number of operators and calls in its text, plus the charges; remembered on the node."""
    if expression._cost is None:
        if all(child._cost is not None for child in expression.children):
            expression._cost = _cost(expression)
            return expression._cost
        for node in distinct_nodes(expression, below=lambda node: node._cost is None):
            if node._cost is None:
                node._cost = _cost(node)
    assert expression._cost is not None
    return expression._cost


def _cost(node: Expr) -> int:
    turned = ex.outer_transpose(node)
    return _plain_cost(node) if turned is None else 1 + _plain_cost(turned)


def _plain_cost(node: Expr) -> int:
    match node:
        case ex.Number():
            return (node.value.denominator != 1) + (node.value < 0)
        case ex.Constant() | ex.Symbol() | ex.Named():
            return 0
        case ex.Size():
            return _dim_cost(node.dim)
        case ex.Identity() | ex.Ones() | ex.Zeros() | ex.Commutation():
            return 1
        case ex.Sum():
            return _sum_cost(node)
        case ex.Product():
            return _product_cost(node.coefficient, node.scalars, node.body)
        case ex.Chain():
            return _chain_cost(node)
        case ex.Hadamard():
            return _powers_cost(node.factors)
        case ex.MatrixPower():
            return cost(node.base) + (1 if node.exponent == -1 else 1 + (node.exponent < 0))
        case ex.Transpose():
            return 1 + cost(node.operand)
        case ex.Index():
            return 0
        case ex.Pick():
            return cost(node.base)
        case ex.Trace() | ex.Diagonal() | ex.IndexSum() | ex.Call():
            return 1 + sum(cost(child) for child in node.children)
        case _:
            raise AssertionError(f"no cost for {type(node).__name__}")


def _dim_cost(dim: Dim) -> int:
    text = str(dim)
    return text.count("*") + text.count("+") + text.count("^")


def _sum_cost(node: ex.Sum) -> int:
    return _terms_cost(node, [factor for _, factor in node.terms])


def _terms_cost(node: ex.Sum, factors: list[Fraction]) -> int:
    total = len(node.terms) - 1
    identity = not node.shape.is_vector and any(isinstance(body, ex.Identity) for body, _ in node.terms)
    for (body, _), factor in zip(node.terms, factors, strict=True):
        if isinstance(body, ex.Number):
            total += cost(ex.number(abs(factor)))
            continue
        total += _with_coefficient(abs(factor), body)
        if identity and not body.shape.is_scalar and body.shape.is_vector:
            total += STRETCHED_BESIDE_AN_IDENTITY
    return total


def _with_coefficient(coefficient: Fraction, body: Expr) -> int:
    if isinstance(body, ex.Product):
        return _product_cost(coefficient, body.scalars, body.body)
    return cost(body) + (coefficient.numerator != 1) + (coefficient.denominator != 1)


def _product_cost(
    coefficient: Fraction, scalars: tuple[tuple[Expr, Exponent], ...], body: Expr | None
) -> int:
    plain = _one_fraction_cost(coefficient, scalars, body)
    only = body if not scalars else None
    if body is None and len(scalars) == 1 and scalars[0][1] == 1:
        only = scalars[0][0]
    if isinstance(only, ex.Sum):
        return min(plain, _spread_cost(only, coefficient))
    return plain


def _spread_cost(total: ex.Sum, coefficient: Fraction) -> int:
    """A number times a sum, written term by term."""
    factors = [factor * coefficient for _, factor in total.terms]
    return _terms_cost(total, factors) + all(factor < 0 for factor in factors)


def _one_fraction_cost(
    coefficient: Fraction, scalars: tuple[tuple[Expr, Exponent], ...], body: Expr | None
) -> int:
    above = below = total = 0
    if abs(coefficient.numerator) != 1:
        above += 1
    if coefficient.denominator != 1:
        below += 1
    for base, exponent in scalars:
        total += cost(base) + _exponent_cost(exponent)
        if _is_negative(exponent):
            below += 1
        else:
            above += 1
    if body is not None:
        above += 1
        total += cost(body)
        if isinstance(body, ex.Identity) and any(cost(b) and not _is_negative(e) for b, e in scalars):
            total += LONG_MULTIPLE_OF_THE_IDENTITY
    total += (coefficient < 0 and not _takes_a_minus(scalars, body)) + max(above - 1, 0)
    if below:
        total += 1 + (below - 1)
    return total


def _takes_a_minus(scalars: tuple[tuple[Expr, Exponent], ...], body: Expr | None) -> bool:
    """Whether a minus in front goes into a sum among the factors, as in ``-(a - b)*x = (b - a)*x``."""
    factors = list(scalars)
    if body is not None:
        for factor in ex.factors_of(body):
            factors.extend(ex.entry_factors(factor))
    return any(
        isinstance(base, ex.Sum) and exponent in (1, -1, 3, -3) and any(own < 0 for _, own in base.terms)
        for base, exponent in factors
    )


def _exponent_cost(exponent: Exponent) -> int:
    if isinstance(exponent, Expr):
        return 1 + cost(exponent)
    exponent = abs(exponent)
    if exponent == 1:
        return 0
    return 1 if exponent.denominator == 1 or exponent == Fraction(1, 2) else 2


def _is_negative(exponent: Exponent) -> bool:
    return not isinstance(exponent, Expr) and exponent < 0


def _chain_cost(node: ex.Chain) -> int:
    factors = node.factors
    if len(factors) == 2 and isinstance(factors[1], ex.Sum) and ex.transpose(factors[1]) is factors[0]:
        return 1 + cost(factors[1])
    total = len(factors) - 1 + sum(cost(factor) for factor in factors)
    total += OPENED_SCALAR * _opens_a_scalar(factors)
    if isinstance(factors[0], ex.Ones) or isinstance(factors[-1], ex.Ones):
        total -= 1
        if isinstance(factors[0], ex.Ones) and isinstance(factors[-1], ex.Ones):
            total -= 2
    return total


def _opens_a_scalar(factors: tuple[Expr, ...]) -> bool:
    """Whether a vector stands outside of a sum that has an outer product in it: ``(a*x'*A + B)*x`` tears the
    number ``x'*A*x`` apart. Beside a derivative that is not given it may: a matrix is read off there."""
    for total, last in ((factors[0], factors[1]), (factors[-1], factors[-2])):
        given = isinstance(last, ex.Symbol) and last.quotient is not None
        if isinstance(total, ex.Sum) and last.shape.is_vector and not last.shape.is_scalar and not given:
            bodies = (ex.split(body)[2] for body, _ in total.terms)
            products = (body.factors for body in bodies if isinstance(body, ex.Chain))
            if any(factor.shape.rows is ONE for factors in products for factor in factors[1:]):
                return True
    return False


def _powers_cost(factors: tuple[tuple[Expr, Exponent], ...]) -> int:
    total = len(factors) - 1
    if all(_is_negative(exponent) for _, exponent in factors):
        total += 1
    return total + sum(cost(base) + _exponent_cost(exponent) for base, exponent in factors)
