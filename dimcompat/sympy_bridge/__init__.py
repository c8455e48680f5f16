"""To SymPy's matrix expressions and from them.

A room of its own because SymPy is another algebra with other conventions: its scalars are no
matrices, it does not broadcast, and a dimension is a symbol like any other. It is imported only
when one of the two functions here is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dimcompat.callers import require, require_mapping
from dimcompat.expressions import Expr


def to_sympy(expression: Expr) -> Any:
    """The expression in SymPy: a matrix expression, or for a 1×1 value a scalar one.

    Dimension symbols become positive integer symbols, named parts their definitions, sums of entries
    products with all-ones matrices, and a 1×1 product such as ``x'*A*x`` the trace of it. Raises
    UnsupportedError by name for what SymPy has no form for.
    """
    from dimcompat.sympy_bridge.writing import written

    require("expression", expression, Expr, "an expression")
    return written(expression)


def from_sympy(expression: Any, shapes: Mapping[str, str] | None = None) -> Expr:
    """An expression of SymPy as one of ours; the names have the shapes that they have there.

    ``shapes`` adds what SymPy does not say: ``{"A": "n, n symmetric"}``, ``{"f": "elementwise"}``. A symbol
    is a dimension where a matrix has it in its shape, or where it is a positive integer; any other is a
    scalar. Raises UnsupportedError by the name of a node that does not convert.
    """
    from dimcompat.sympy_bridge.reading import read

    require_mapping("shapes", shapes, 'a mapping from names to shapes, as in {"A": "n, n symmetric"}')
    return read(expression, shapes or {})


__all__ = ["from_sympy", "to_sympy"]
