"""What one place of an operand contributes to a derivative: plain data, and two words for it.

A module of its own because the rules for products and those for everything else both
make it, and the way back reads it.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.derivation import Candidate, Decision, Edge, Junctions, StepKind
from dimcompat.expressions import Expr
from dimcompat.operations import Operation
from dimcompat.records import dataclass

Fact = tuple[str, str | Expr]


@dataclass(frozen=True, slots=True)
class Contribution:
    """The derivative by one place of one operand (by ``places`` of them at once), and how it was found."""

    operand: Operation
    kind: StepKind
    value: Expr
    scalar: tuple[Expr, ...]
    factors: tuple[Expr, ...]
    decided_by: Decision = "dimensions"
    walk: tuple[Edge, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    junctions: Junctions | None = None
    reason: str | None = None
    facts: tuple[Fact, ...] = ()
    places: int = 1


def is_one(upstream: Expr) -> bool:
    """Whether an upstream derivative goes without saying."""
    return isinstance(upstream, ex.Number) and upstream.value == 1


def with_upstream(upstream: Expr, *factors: Expr) -> tuple[Expr, ...]:
    """The factors of a scalar derivative, the upstream one last unless it is 1."""
    return factors if is_one(upstream) else (*factors, upstream)
