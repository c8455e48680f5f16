"""The layouts of nodes as they stand inside something, kept where the next formula finds them.

A module of its own because how long a layout is kept is no question of how a formula is laid out.
"""

from __future__ import annotations

from dimcompat.expressions import Expr
from dimcompat.language.notation import Layout


class KeptLayouts:
    """The layouts of one pass.

    A node with less than two transposes is never turned as a whole: it is laid out alike in every formula,
    and keeps its layout as long as it lives. That of any other node is the pass's own.
    """

    def __init__(self) -> None:
        self._own: dict[Expr, Layout] = {}

    def inside(self, node: Expr) -> Layout:
        kept: Layout | None = node._nested_layout
        return self._own[node] if kept is None else kept

    def is_new(self, node: Expr) -> bool:
        return node._nested_layout is None and node not in self._own

    def keep(self, node: Expr, made: Layout) -> None:
        if node.turned < 2:
            node._nested_layout = made
        else:
            self._own[node] = made
