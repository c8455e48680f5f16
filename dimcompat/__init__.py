"""dimcompat: derivatives of matrix expressions, every step shown and every answer checked.

The public names, nothing else. They are looked up when they are used, so that
``import dimcompat`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "dimcompat.api": ("derive", "evaluate", "generate", "parse"),
    "dimcompat.building": ("dims", "divide", "hadamard", "labels", "matrix", "power", "scalar", "vector"),
    "dimcompat.checking": ("check",),
    "dimcompat.derivation": ("Derivation", "Step", "Verification"),
    "dimcompat.errors": (
        "DimcompatError",
        "ParseError",
        "ShapeError",
        "UnknownNameError",
        "UnsupportedError",
    ),
    "dimcompat.expressions": ("Expr",),
    "dimcompat.notebook": ("load_ipython_extension",),
    "dimcompat.program": ("Program",),
    "dimcompat.sympy_bridge": ("from_sympy", "to_sympy"),
    "dimcompat.verdict": ("Evidence", "Verdict"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["__version__", *_HOME_OF]  # noqa: PLE0604 - the table above is the one list of names


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is not None:
        return getattr(import_module(home), name)
    if name.startswith("_"):
        raise AttributeError(f"module 'dimcompat' has no attribute {name!r}")
    if find_spec(f"dimcompat.{name}") is not None:
        return import_module(f"dimcompat.{name}")
    from dimcompat.building import function
    from dimcompat.errors import UnknownNameError

    try:
        return function(name)
    except UnknownNameError:
        raise AttributeError(f"dimcompat has no function or name {name!r}") from None


def __dir__() -> list[str]:
    from dimcompat.functions import REGISTRY

    return sorted({*__all__, *REGISTRY})
