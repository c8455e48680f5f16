"""One thing that a generated function returns.

A module of its own because those that choose what is returned and the one that writes it share it.
"""

from __future__ import annotations

from dimcompat.expressions import Expr, Symbol
from dimcompat.records import dataclass
from dimcompat.shapes import Shape


@dataclass(frozen=True, slots=True)
class Output:
    """What it is called, and the variable whose form it takes; ``whole`` says what is made of it: the
    Hessian's block ``kron({0}, eye(m))``."""

    name: str
    expression: Expr
    like: Symbol | None = None
    matrix: bool = False  # always 2-D, as Jacobians and Hessians are
    key: tuple[str, str] | None = None
    whole: str = ""

    @property
    def shape(self) -> Shape:
        return self.expression.shape
