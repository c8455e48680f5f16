"""Steps in their place: what was said just before, and which of several uses this is.

A module of its own because a sentence may lean on the one before it, and a step by itself
does not know its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dimcompat.derivation import Derivation, Step


@dataclass(frozen=True, slots=True)
class Told:
    """A step, the one before it, and (k, n) where it is the k-th of n steps through one link by one name.

    ``loss`` is the name of what is differentiated. ``heard`` says that an earlier step gave the same reason,
    ``chosen_before`` that an earlier one explained what decides where dimensions cannot.
    """

    step: Step
    before: Step | None = None
    use: tuple[int, int] | None = None
    loss: str = ""
    heard: bool = False
    chosen_before: bool = False


def told_steps(derivation: Derivation, *, all_kinds: bool = False) -> Iterator[Told]:
    """The steps in order; the problem and the results, which have a place of their own, only if asked for."""
    uses = Counter(_link(step) for step in derivation.steps if step.through is not None)
    seen: Counter[object] = Counter()
    before: Step | None = None
    reasons: set[object] = set()
    chosen = False
    for step in derivation.steps:
        if step.kind in ("problem", "result") and not all_kinds:
            continue
        use = None
        if step.through is not None and uses[_link(step)] > 1:
            seen[_link(step)] += 1
            use = (seen[_link(step)], uses[_link(step)])
        reason = (step.kind, step.reason, dict(step.facts).get("function"))
        yield Told(step, before, use, derivation.loss, reason in reasons, chosen)
        reasons.add(reason)
        chosen = chosen or step.junctions is not None
        before = step


def _link(step: Step) -> object:
    return (step.variable, step.equation.left, step.through)
