"""A result together with the declarations it was derived from.

A module of its own because it is for the user alone: ``eye(n)`` says nothing of where
the size n is to be read, so the gradient of ``tr(X)`` could not be evaluated from the
value of X. Nothing inside the project makes or meets such a node: it is put around what
is handed out, and taken off what comes back.
"""

from __future__ import annotations

from collections.abc import Iterable

from dimcompat.expressions.leaves import Index, Size, Symbol
from dimcompat.expressions.node import Expr, fill
from dimcompat.expressions.rebuild import substituted_names
from dimcompat.expressions.walk import distinct_nodes


class Scoped(Expr):
    """An expression that remembers declared names which its own formula does not show."""

    __slots__ = ("declared", "expression")
    expression: Expr
    declared: frozenset[Symbol]

    @classmethod
    def make(cls, expression: Expr, declared: frozenset[Symbol]) -> Scoped:
        facts = (expression, declared)
        node = cls._find(*facts)
        if node is None:
            node = cls._new(facts, expression.shape, (expression,), symmetric=expression.symmetric)
            fill(node, "expression", expression)
            fill(node, "declared", declared)
        return node

    @staticmethod
    def told(*_: object) -> str:
        return "scoped"

    @property
    def expanded(self) -> Expr:
        return scoped(substituted_names(self.expression), self.declared)


def scoped(expression: Expr, declared: Iterable[Symbol]) -> Expr:
    """The expression with the declarations that show the sizes it needs; itself where it shows them."""
    shown: set[str] = set()
    needed: set[str] = set()
    for node in distinct_nodes(substituted_names(expression)):
        rows, cols = node.shape
        needed |= rows.symbols | cols.symbols | _sizes_in(node)
        if isinstance(node, Symbol):
            shown |= rows.symbols | cols.symbols
    missing = needed - shown
    if not missing:
        return expression
    helpful = frozenset(s for s in declared if missing & {name for dim in s.shape for name in dim.symbols})
    return Scoped.make(expression, helpful) if helpful else expression


def _sizes_in(node: Expr) -> frozenset[str]:
    return node.dim.symbols if isinstance(node, (Size, Index)) else frozenset()


def plain(expression: Expr) -> Expr:
    """The expression itself, without the declarations around it."""
    return expression.expression if isinstance(expression, Scoped) else expression
