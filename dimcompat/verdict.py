"""What a check of a claim found: plain data, the sentences by their keys.

A module of its own because it is the seam between judging and telling: whoever judges a claim
knows no language, and whoever prints a verdict never computes.
"""

from __future__ import annotations

from typing import Literal

from dimcompat.expressions import Expr
from dimcompat.records import dataclass
from dimcompat.shapes import Shape

Cause = Literal[
    "right",
    "layout",
    "conditional",
    "shape",
    "transpose",
    "order",
    "factor",
    "sign",
    "term",
    "broadcast",
    "entrywise",
    "norm",
    "variable",
    "other",
]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in a sentence, in plain text; how it is spelled is the renderer's business."""

    text: str


@dataclass(frozen=True, slots=True)
class Derivative:
    """The sign of a derivative in a sentence: ∂J/∂w."""

    objective: str
    variable: str


Fact = str | Formula | Shape | Derivative


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: its key and its fields."""

    key: str
    facts: tuple[tuple[str, Fact], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A small point at which claim and derivative differ.

    ``values`` are the declared names there, as nested lists; ``dims`` the sizes; ``claimed`` and ``right``
    the two values, and ``entry`` where they differ most, counted from 0.
    """

    values: tuple[tuple[str, tuple[tuple[float, ...], ...]], ...]
    dims: tuple[tuple[str, int], ...]
    claimed: tuple[tuple[float, ...], ...]
    right: tuple[tuple[float, ...], ...]
    entry: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim is the derivative, and if not, why.

    ``reason`` is the whole explanation as one text in English; ``told`` are its sentences, the headline
    first, for other languages and notations. ``shape`` is the claim's, None where its parts do not fit
    together. ``repair`` is the corrected claim in plain text where an edit of it makes it right; ``edited``
    are the parts of the claim that were at fault.
    """

    correct: bool
    cause: Cause
    reason: str
    told: tuple[Said, ...]
    claimed: str
    shape: Shape | None
    expected: Expr
    objective: str
    variable: str
    evidence: Evidence | None = None
    repair: str | None = None
