"""One contest: contenders that must agree before they are timed, and the row that they make.

A module of its own because no figure may be taken of answers that differ, whatever is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from harness.libraries import autograd_gradient, jax_gradient, same, torch_gradient
from harness.ours import size_text
from harness.problems import Problem
from harness.report import Report
from harness.timing import least

Calls = Mapping[str, Callable[[], Any]]


def gradients_of_others(
    libraries: Mapping[str, ModuleType], problem: Problem, inputs: Mapping[str, Any]
) -> dict[str, Callable[[], Any]]:
    """The frameworks that are installed, each with a value and gradient of the problem."""
    calls: dict[str, Callable[[], Any]] = {}
    if "jax" in libraries:
        calls["jax"] = jax_gradient(libraries["jax"], problem.objective, inputs, problem.wrt)
    if "torch" in libraries:
        calls["torch"] = torch_gradient(libraries["torch"], problem.objective, inputs, problem.wrt)
    if "autograd" in libraries:
        calls["autograd"] = autograd_gradient(problem.objective, inputs, problem.wrt)
    return calls


def agree(calls: Calls, where: str, form: Callable[[Any], Any] = lambda answer: answer) -> None:
    """End the run where a contender's answer, brought into a common form, is not that of ``by hand``."""
    wanted = form(calls["by hand"]())
    for name, call in calls.items():
        if not same(form(call()), wanted):
            raise SystemExit(f"{where}: {name} gives another answer")


def row_of_ratios(
    report: Report, problem: Problem, sizes: Mapping[str, int], calls: Calls, rounds: int
) -> dict[str, float]:
    """What the others take as multiples of ours; a row of the report says so."""
    seconds = least(calls, rounds)
    ratios = {name: seconds[name] / seconds["dimcompat"] for name in calls if name != "dimcompat"}
    ours = {"problem": problem.name, "size": size_text(sizes), "dimcompat µs": seconds["dimcompat"] * 1e6}
    report.rows.append(ours | ratios)
    return ratios
