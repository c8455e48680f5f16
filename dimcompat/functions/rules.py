"""What several records share: shape rules, and the frame of a function applied entry by entry.

A module of its own so that the files of records stay tables: whatever a record needs
besides its own facts is here.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.errors import ShapeError
from dimcompat.expressions import Expr
from dimcompat.functions.record import (
    Derivative,
    Domain,
    Function,
    Identity,
    NumpyCode,
    Quotient,
    ShapeRule,
    Sizes,
)
from dimcompat.messages import joined, say
from dimcompat.shapes import ONE, SCALAR, Shape, broadcast

Shapes = tuple[Shape, ...]

# ── formulas ─────────────────────────────────────────────────────────────────────────────────────────

ZERO = ex.number(0)
UNIT = ex.number(1)
HALF = ex.number(Fraction(1, 2))
PI = ex.Constant.make("pi")


def square(u: Expr) -> Expr:
    """``u.^2``."""
    return ex.entrywise_power(u, 2)


def reciprocal(u: Expr) -> Expr:
    """``1./u``."""
    return ex.entrywise_power(u, -1)


def inverse_root(u: Expr) -> Expr:
    """``u.^(-1/2)``."""
    return ex.entrywise_power(u, Fraction(-1, 2))


def nothing(u: Expr) -> Expr:
    """Zeros of the shape of ``u``."""
    return ex.zeros(*u.shape)


def called(expression: Expr, function: Function) -> ex.Call | None:
    """The expression as a call of this function, or None."""
    if isinstance(expression, ex.Call) and expression.function is function:
        return expression
    return None


# ── shapes ───────────────────────────────────────────────────────────────────────────────────────────


def same(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    """The argument's own shape."""
    return shapes[0]


def reduced(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    """One number; with axis 0 one for each column, with axis 1 one for each row."""
    if axis is None:
        return SCALAR
    return Shape(ONE, shapes[0].cols) if axis == 0 else Shape(shapes[0].rows, ONE)


def stretched(name: str) -> ShapeRule:
    """The joint shape of all arguments, one of them stretched where it is smaller."""

    def rule(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
        joint = broadcast(shapes)
        if joint is None:
            listed = joined([str(shape) for shape in shapes], "joined.and")
            raise ShapeError(say("E203.compare", name=name, shapes=listed), code="E203")
        return joint

    return rule


def square_only(name: str, result: ShapeRule) -> ShapeRule:
    """The shape by another rule, of a square matrix only."""

    def rule(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
        if not shapes[0].is_square:
            raise ShapeError(say("E205.square", name=name, shape=shapes[0]), code="E205")
        return result(shapes, axis, sizes)

    return rule


def scalar(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    """One number."""
    return SCALAR


def sized(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    """The sizes that the call was given."""
    return Shape(sizes[0], sizes[1])


# ── the frame of a record ────────────────────────────────────────────────────────────────────────────


def entry_by_entry(
    name: str,
    summary: str,
    *derivative: Derivative,
    numpy: str,
    latex: str,
    helper: str = "",
    aliases: tuple[str, ...] = (),
    domain: Domain = "real",
    nonsmooth: Derivative | None = None,
    parity: str = "none",
    identities: tuple[Identity, ...] = (),
    quotients: tuple[Quotient, ...] = (),
) -> Function:
    """The record of a function of one number, or of two numbers, applied entry by entry."""
    arity = len(derivative)
    arguments, declared = (("x", {"x": "n"}), ("x, y", {"x": "n", "y": "n"}))[arity - 1]
    return Function(
        name=name,
        group="entry by entry",
        summary=summary,
        example=(f"sum({name}({arguments}))", declared),
        aliases=aliases,
        arity=arity,
        entrywise=True,
        shape=same if arity == 1 else stretched(name),
        derivative=derivative,
        numpy=NumpyCode(numpy, helper),
        latex=latex,
        domain=(domain,) * arity,
        nonsmooth=nonsmooth,
        parity=parity,  # type: ignore[arg-type]
        transposition="commutes",
        identities=identities,
        quotients=quotients,
    )
