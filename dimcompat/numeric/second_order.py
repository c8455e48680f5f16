"""The numeric check of second derivatives.

A module of its own because it is two checks of the first order: the gradients against the
objective as typed, and every block against differences of those gradients. Differences of
differences would be too rough to tell a wrong block from a right one.
"""

from __future__ import annotations

from collections.abc import Mapping

from dimcompat.derivation import Verification
from dimcompat.expressions import Expr, Symbol
from dimcompat.numeric.machine import Functions
from dimcompat.numeric.verification import verify
from dimcompat.numeric.visit import Objective
from dimcompat.operations import Operation, leaf


def verify_second(
    operation: Operation,
    symbols: Mapping[str, Symbol],
    gradients: Mapping[str, Expr],
    blocks: Mapping[tuple[str, str], Expr],
    *,
    seed: int = 0,
    points: int = 3,
    on_set: bool = False,
    objective: Objective | None = None,
    functions: Functions | None = None,
) -> Verification:
    """Check the blocks of a Hessian, entry (i, j) of (u, v) being ∂²J/∂vec(u)_i∂vec(v)_j.

    ``gradients`` are the unconstrained first derivatives, in their variables' shapes. Where they
    have been simplified with the attributes of a variable they hold for steps on its set only:
    ``on_set=True`` then (the gradients must be the projected ones).
    """
    first = verify(
        operation,
        symbols,
        gradients,
        seed=seed,
        points=points,
        on_set=on_set,
        objective=objective,
        functions=functions,
    )
    found = [first]
    for name, gradient in gradients.items():
        by = {second: block for (first_name, second), block in blocks.items() if first_name == name}
        if by:
            found.append(
                verify(
                    leaf(gradient),
                    symbols,
                    by,
                    seed=seed,
                    points=points,
                    layout="numerator",
                    on_set=on_set,
                    jacobian=True,
                    functions=functions,
                )
            )
    return joined(found)


def joined(found: list[Verification]) -> Verification:
    """One report on several checks: passed where all of them are, None where one decided nothing."""
    errors = [one.max_relative_error for one in found if one.max_relative_error is not None]
    failed = next((one for one in found if one.passed is False), None)
    if failed is not None:
        return failed
    undecided = next((one for one in found if one.passed is None), None)
    if undecided is not None or not found:
        return Verification(None, None, 0, why="unclear" if undecided is None else undecided.why)
    return Verification(True, max(errors), min(one.points for one in found), found[0].dims)
