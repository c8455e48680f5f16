"""Matrix products, transposes and powers of matrices.

A module of its own because these three define each other: a transpose reverses a
product, and a factor meets its own inverse.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, takewhile

from dimcompat.errors import ShapeError
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
    Transpose,
)
from dimcompat.expressions.entrywise import entry_product, hadamard
from dimcompat.expressions.facts import is_orthogonal
from dimcompat.expressions.leaves import Commutation, Identity, Named, Ones, Symbol, Zeros
from dimcompat.expressions.line_sums import beside_ones
from dimcompat.expressions.linear import (
    chain_of,
    combine,
    factors_of,
    scaled,
    size_of,
    split,
    split_coefficient,
)
from dimcompat.expressions.node import Exponent, Expr
from dimcompat.expressions.quotients import beside_call
from dimcompat.expressions.rationals import UNIT, times
from dimcompat.expressions.remembered import remembered
from dimcompat.expressions.term_order import orientation_key
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.messages import say
from dimcompat.shapes import ONE, Shape

Scalars = list[tuple[Expr, Exponent]]


@remembered
def multiply(*factors: Expr) -> Expr:
    """The matrix product of any number of factors; scalars scale it.

    Raises ShapeError where the columns of a factor are not the rows of the next one.
    """
    coefficient = UNIT
    scalars: Scalars = []
    chain: list[Expr] = []
    for factor in factors:
        own, loose, body = split(factor)
        coefficient = times(coefficient, own)
        scalars.extend(loose)
        if body is not None:
            chain.extend(factors_of(body))
    for left, right in pairwise(chain):
        if left.shape.cols is not right.shape.rows:
            raise ShapeError(say("E201", left=left.shape, right=right.shape), code="E201")
    return _chain_product(coefficient, scalars, chain) if chain else scaled(coefficient, {}, None, *scalars)


def _chain_product(coefficient: Fraction, scalars: Scalars, chain: list[Expr]) -> Expr:
    shape = Shape(chain[0].shape.rows, chain[-1].shape.cols)
    zero = any(isinstance(factor, Zeros) for factor in chain)
    reduced, more = ([], []) if zero else reduce_chain(chain)
    if zero or any(isinstance(factor, Zeros) for factor in reduced):
        return Zeros.make(shape)
    scalars.extend((expression, UNIT) for expression in more)
    ones = [place for place, factor in enumerate(reduced) if factor.shape.rows is ONE]
    if reduced and reduced[-1].shape.cols is ONE:
        ones.append(len(reduced))
    if len(ones) > 1:
        for start, end in pairwise(ones):
            scalars.append((_inner(reduced[start:end]), UNIT))
        rest = reduced[: ones[0]] + reduced[ones[-1] :]
        if len(rest) < len(reduced):
            if rest:
                return _chain_product(coefficient, scalars, rest)
            reduced = []
    return scaled(coefficient, {}, _body(reduced) if reduced else None, *scalars)


def _body(factors: list[Expr]) -> Expr:
    if len(factors) == 1:
        return factors[0]
    if len(factors) == 2 and all(isinstance(factor, Ones) for factor in factors):
        return Ones.make(Shape(factors[0].shape.rows, factors[1].shape.cols))
    return Chain.make(tuple(factors), symmetric=is_palindrome(factors))


def is_palindrome(factors: list[Expr]) -> bool:
    """Whether a product equals its transpose because it reads the same from both ends."""
    return all(_are_transposes(left, right) for left, right in zip(factors, reversed(factors), strict=True))


def _are_transposes(one: Expr, other: Expr) -> bool:
    """Whether each is the other's transpose; of two names that is seen without making one."""
    if one.shape.rows is not other.shape.cols:
        return False
    if isinstance(one, (Symbol, Named)) and isinstance(other, (Symbol, Named)):
        return one is other and one.symmetric
    return transpose(one) is other


def reduce_chain(factors: list[Expr]) -> tuple[list[Expr], list[Expr]]:
    """The factors after every neighbour rule, and the scalars that fell out on the way."""
    done, scalars = list[Expr](), list[Expr]()
    pending, inverse_met = factors[::-1], False
    if (run := _leading_run(factors)) > 2:
        done.append(matrix_power(factors[0], run))
        del pending[-run:]
    while pending:
        factor = pending.pop()
        if isinstance(factor, Ones) and not factor.shape.is_vector:
            pending.append(Ones.make(Shape(ONE, factor.shape.cols)))
            factor = Ones.make(Shape(factor.shape.rows, ONE))
        if isinstance(factor, Identity) and (done or pending):
            continue
        if done and isinstance(done[-1], Identity):
            done.pop()
        merged = merge_neighbours(done[-1], factor) if done else None
        if merged is not None:
            done.pop()
            own, loose, body = split(merged)
            if own is not UNIT or loose:
                scalars.append(scaled(own, dict(loose), None))
            if body is not None:
                pending.extend(reversed(factors_of(body)))
            continue
        done.append(factor)
        inverse_met = inverse_met or _as_power(factor)[1] == -1
        if inverse_met:
            _cancel_inverse_of_product(done)
    return done, scalars


def _leading_run(factors: list[Expr]) -> int:
    """How many factors at the start are one and the same square matrix, which make one power."""
    first = factors[0]
    if len(factors) < 3 or factors[1] is not first or not first.shape.is_square:
        return 1
    run = len(list(takewhile(lambda factor: factor is first, factors)))
    short = run < 3 or isinstance(first, Commutation)
    return 1 if short or _as_power(matrix_power(first, 2)) != (first, 2) else run


def merge_neighbours(left: Expr, right: Expr) -> Expr | None:
    """What two neighbours in a product make together, or None."""
    left_base, left_exponent = _as_power(left)
    right_base, right_exponent = _as_power(right)
    if left_base is right_base and left.shape.is_square and not isinstance(left_base, (Chain, Commutation)):
        return matrix_power(left_base, left_exponent + right_exponent)
    if isinstance(left, Diagonal):
        if isinstance(right, Diagonal):
            return diagonal(hadamard(left.vector, right.vector))
        if right.shape.is_column:
            return hadamard(left.vector, right)
    if isinstance(right, Diagonal) and left.shape.is_row:
        return hadamard(left, transpose(right.vector))
    summed = beside_ones(left, right)
    if summed is not None:
        return summed
    if isinstance(left, Hadamard) and right.shape.is_column:
        return _past_row(left, right)
    if isinstance(right, Hadamard) and left.shape.is_row:
        turned = _past_row(transpose(right), transpose(left))
        return None if turned is None else transpose(turned)
    if is_orthogonal(left) and transpose(left) is right:
        return Identity.make(left.shape.rows)
    if isinstance(left, Commutation) and isinstance(right, Commutation) and transpose(left) is right:
        return Identity.make(left.shape.rows)
    return beside_call(left, right)


def _past_row(entries: Expr, column: Expr) -> Expr | None:
    """``(M .* v')*x = M*(v .* x)``, or None where nothing is stretched along the rows."""
    if not isinstance(entries, Hadamard) or entries.shape.is_vector:
        return None
    rows = [(base, exponent) for base, exponent in entries.factors if base.shape.is_row]
    if not rows:
        return None
    rest = [(base, exponent) for base, exponent in entries.factors if not base.shape.is_row]
    return multiply(entry_product(rest), hadamard(transpose(entry_product(rows)), column))


def _as_power(factor: Expr) -> tuple[Expr, int]:
    if isinstance(factor, MatrixPower):
        return factor.base, factor.exponent
    if isinstance(factor, Transpose) and isinstance(factor.operand, MatrixPower):
        return transpose(factor.operand.base), factor.operand.exponent
    return factor, 1


def _cancel_inverse_of_product(done: list[Expr]) -> None:
    """``inv(A*B)*A*B = I`` and ``A*B*inv(A*B) = I`` where the product itself stands beside its inverse."""
    for place in range(len(done) - 1, -1, -1):
        base, exponent = _as_power(done[place])
        if exponent != -1 or not isinstance(base, Chain):
            continue
        length = len(base.factors)
        if len(done) - place - 1 >= length and tuple(done[place + 1 : place + 1 + length]) == base.factors:
            done[place : place + 1 + length] = [Identity.make(base.shape.rows)]
        elif place >= length and tuple(done[place - length : place]) == base.factors:
            done[place - length : place + 1] = [Identity.make(base.shape.rows)]
        else:
            continue
        if len(done) > 1:
            done[:] = [factor for factor in done if not isinstance(factor, Identity)] or done[:1]
        return


def _inner(factors: list[Expr]) -> Expr:
    """A scalar product of two or more factors, in the one orientation that is printed."""
    if len(factors) == 2:
        column = transpose(factors[0])
        if any(isinstance(split(side)[2], (Hadamard, Ones)) for side in (column, factors[1])):
            return _sum_of_entries(hadamard(column, factors[1]))
    turned = turned_around(factors)
    if turned is None:
        return Chain.make(tuple(factors))
    coefficient, backwards = turned
    if backwards == factors and coefficient == -1:  # x'*(A - A')*x
        return scaled(Fraction(0), {}, None)
    if orientation_key(factors) <= orientation_key(backwards):
        return Chain.make(tuple(factors))
    return scaled(coefficient, {}, None, (Chain.make(tuple(backwards)), UNIT))


def turned_around(factors: list[Expr]) -> tuple[Fraction, list[Expr]] | None:
    """The factors of the transposed product and the sign in front; None where one is more than a body."""
    coefficient = UNIT
    turned: list[Expr] = []
    for factor in reversed(factors):
        own, scalars, body = split(transpose(factor))
        if body is None or scalars or isinstance(body, Zeros):
            return None
        coefficient = times(coefficient, own)
        turned.extend(factors_of(body))
    return coefficient, turned


def _sum_of_entries(column: Expr) -> Expr:
    coefficient, scalars, body = split(column)
    if body is None:
        return column
    if isinstance(body, Hadamard):
        powers = [exponent for _, exponent in body.factors]
        bases = [base for base, _ in body.factors]
        if powers in ([2], [1, 1]):
            return scaled(coefficient, dict(scalars), multiply(transpose(bases[0]), bases[-1]))
    ones = Ones.make(Shape(ONE, body.shape.rows))
    if isinstance(body, Ones):
        return scaled(coefficient, dict(scalars), size_of(body.shape.rows))
    return scaled(coefficient, dict(scalars), chain_of((ones, *factors_of(body))))


def transpose(expression: Expr) -> Expr:
    """The transpose, pushed to the leaves."""
    if expression.symmetric:
        return expression
    turned = expression._transposed
    if turned is None:
        for node in distinct_nodes(expression, below=_turns_inside):  # the expression itself is the last
            if node._transposed is None and not node.symmetric:
                turned = _transposed(node)
                if not isinstance(turned, Transpose):  # found by its operand, which must not hold it
                    node._transposed = turned
                    if turned._transposed is None and not isinstance(node, Transpose):
                        turned._transposed = node
    assert turned is not None
    return turned


def _turns_inside(node: Expr) -> bool:
    return node._transposed is None and isinstance(node, (Sum, Product, Chain, Hadamard))


def _transposed(expression: Expr) -> Expr:
    match expression:
        case Call() if expression.function.transposition == "distributes":
            return _call_of_transposes(expression)
        case Symbol() | Named() | MatrixPower() | Call() | Pick() | IndexSum():
            return Transpose.make(expression)
        case Transpose():
            return expression.operand
        case Ones():
            return Ones.make(expression.shape.transposed)
        case Zeros():
            return Zeros.make(expression.shape.transposed)
        case Commutation():
            return Commutation.make(expression.cols, expression.rows)
        case Sum():
            turned = ((transpose(body), factor) for body, factor in expression.terms)
            return combine(expression.shape.transposed, turned)
        case Product():
            assert expression.body is not None
            return scaled(expression.coefficient, dict(expression.scalars), transpose(expression.body))
        case Chain():
            return multiply(*(transpose(factor) for factor in reversed(expression.factors)))
        case Hadamard():
            return entry_product([(transpose(base), exponent) for base, exponent in expression.factors])
        case _:
            raise AssertionError(f"{type(expression).__name__} equals its transpose")


def _call_of_transposes(call: Call) -> Expr:
    from dimcompat.expressions.calls import call as called

    return called(call.function, tuple(map(transpose, call.arguments)), call.axis, call.sizes)


def prefers_transpose(*arguments: Expr) -> bool:
    """Whether a function that turns with its arguments is better written of their transposes."""
    turned = tuple(transpose(argument) for argument in arguments)
    return _orientation(turned) < _orientation(arguments)


def _orientation(arguments: tuple[Expr, ...]) -> tuple[int, int, list[object]]:
    transposes = sum(argument.turned for argument in arguments)
    rows = sum(argument.shape.is_row for argument in arguments)
    return (transposes, rows, [split_coefficient(argument)[1].order for argument in arguments])


def matrix_power(base: Expr, exponent: int) -> Expr:
    """An integer power of a square matrix; -1 is the inverse."""
    if not base.shape.is_square:
        raise ShapeError(say("E205.power", shape=base.shape), code="E205")
    if exponent == 0:
        return Identity.make(base.shape.rows)
    if exponent == 1 or isinstance(base, Identity):
        return base
    coefficient, scalars, body = split(base)
    if body is not base:
        powers = [(scalar, own * exponent) for scalar, own in scalars if not isinstance(own, Expr)]
        if len(powers) == len(scalars) and body is not None:
            return scaled(coefficient**exponent, {}, matrix_power(body, exponent), *powers)
        if body is None:
            return scaled(UNIT, {}, None, (base, Fraction(exponent)))
    return _body_power(base, exponent)


def _body_power(base: Expr, exponent: int) -> Expr:
    match base:
        case Diagonal():
            return diagonal(entry_product([(base.vector, Fraction(exponent))]))
        case MatrixPower():
            return matrix_power(base.base, base.exponent * exponent)
        case Transpose():
            return transpose(matrix_power(base.operand, exponent))
        case Chain() | Ones() | Zeros() if exponent > 0:
            return multiply(*factors_of(base) * exponent)
        case Chain() if len(blocks := _square_blocks(base)) > 1:
            inverse = [matrix_power(block, -1) for block in reversed(blocks)]
            return multiply(*inverse * -exponent)
        case Symbol() | Commutation() if exponent == -1 and (
            is_orthogonal(base) or isinstance(base, Commutation)
        ):
            return transpose(base)
    if prefers_transpose(base):
        return transpose(matrix_power(transpose(base), exponent))
    return MatrixPower.make(base, exponent)


def inverse(base: Expr) -> Expr:
    """The inverse of a square matrix."""
    return matrix_power(base, -1)


def _square_blocks(chain: Chain) -> list[Expr]:
    """A square product as a product of square matrices, as many as its dimensions allow."""
    blocks: list[Expr] = []
    block: list[Expr] = []
    for factor in chain.factors:
        block.append(factor)
        if factor.shape.cols is chain.shape.rows:
            blocks.append(chain_of(tuple(block)))
            block = []
    return blocks


def diagonal(vector: Expr) -> Expr:
    """The diagonal matrix of a column or a row."""
    if vector.shape.is_row and not vector.shape.is_scalar:
        vector = transpose(vector)
    coefficient, scalars, body = split(vector)
    if body is None:
        return vector
    if isinstance(body, Zeros):
        return Zeros.make(Shape(body.shape.rows, body.shape.rows))
    inner = Identity.make(body.shape.rows) if isinstance(body, Ones) else Diagonal.make(body)
    return scaled(coefficient, dict(scalars), inner)
