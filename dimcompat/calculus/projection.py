"""The gradient on a set of structured matrices: symmetric, positive definite or diagonal.

A module of its own because three forms of one derivative are in use in books, and a
reader must be told which is which: the projection of the unconstrained gradient, that
gradient itself, and the form for independent entries (Matrix Cookbook, eq. 138).
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Form
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions.linear_algebra import DIAG


def is_symmetric_set(symbol: Symbol | None) -> bool:
    """Whether a variable runs over symmetric matrices only."""
    return symbol is not None and bool(symbol.attributes & {"symmetric", "posdef"})


def is_diagonal_set(symbol: Symbol | None) -> bool:
    """Whether a variable runs over diagonal matrices only."""
    return symbol is not None and "diagonal" in symbol.attributes


def projected(symbol: Symbol | None, gradient: Expr) -> Expr:
    """The unconstrained gradient G projected on the variable's set: (G + G')/2, or diag(diag(G))."""
    if is_diagonal_set(symbol):
        return ex.diagonal(ex.call(DIAG, (gradient,)))
    if is_symmetric_set(symbol):
        return ex.scale(Fraction(1, 2), ex.add(gradient, ex.transpose(gradient)))
    return gradient


def forms_of(symbol: Symbol | None, gradient: Expr) -> tuple[Form, ...]:
    """The other forms that are in use, each under its name."""
    if is_diagonal_set(symbol):
        return (Form("unconstrained", gradient),)
    if not is_symmetric_set(symbol):
        return ()
    both = ex.add(gradient, ex.transpose(gradient))
    independent = ex.subtract(both, ex.diagonal(ex.call(DIAG, (gradient,))))
    return (Form("unconstrained", gradient), Form("independent entries", simplified(independent)))


def set_of(symbol: Symbol | None) -> str:
    """The attribute that names the set a variable runs over; empty where it is free."""
    if symbol is None:
        return ""
    return next((name for name in ("diagonal", "posdef", "symmetric") if name in symbol.attributes), "")
