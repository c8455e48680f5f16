"""Thirteen objectives whose matrix gradient SymPy gets right: the formula with its steps, beside SymPy.

Twice: for the first time (the names are new, and SymPy's cache is empty), and again (both remember what they
made of the same names).
``python benchmarks/derivation.py [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from harness import np
from harness.renaming import under_new_names
from harness.report import Report, main
from harness.timing import geometric, least

import dimcompat as dc

COLUMNS = (
    "objective",
    "by",
    "first ms",
    "verified ms",
    "sympy ms",
    "ms again",
    "verified ms again",
    "sympy ms again",
)


@dataclass(frozen=True)
class Objective:
    """As dimcompat reads it, and as a function of SymPy's symbols of the same names."""

    source: str
    wrt: str
    shapes: Mapping[str, str]
    sympy: Callable[..., Any]


def _least_squares(s, X, w, y):
    return (X * w - y).T * (X * w - y)


def _ridge(s, X, w, y, l):
    return (X * w - y).T * (X * w - y) + l * (w.T * w)


def _factorization(s, X, U, V):
    return s.Trace((X - U * V.T).T * (X - U * V.T))


DATA = {"X": "m, n", "w": "n", "y": "m"}
FACTORS = {"X": "m, n", "U": "m, k", "V": "n, k"}
SANDWICH = {"A": "p, n", "S": "n, n", "B": "n, p"}

OBJECTIVES = (
    Objective("x'*A*x", "x", {"x": "n", "A": "n, n"}, lambda s, x, A: x.T * A * x),
    Objective("(X*w - y)'*(X*w - y)", "w", DATA, _least_squares),
    Objective("(X*w - y)'*(X*w - y) + l*w'*w", "w", DATA | {"l": "scalar"}, _ridge),
    Objective(
        "(X*w - y)'*D*(X*w - y)",
        "w",
        DATA | {"D": "m, m"},
        lambda s, X, w, y, D: (X * w - y).T * D * (X * w - y),
    ),
    Objective(
        "tr(A*X*B)", "X", {"A": "p, m", "X": "m, n", "B": "n, p"}, lambda s, A, X, B: s.Trace(A * X * B)
    ),
    Objective("tr(X'*X)", "X", {"X": "m, n"}, lambda s, X: s.Trace(X.T * X)),
    Objective("tr(X'*C*X)", "X", {"X": "m, n", "C": "m, m"}, lambda s, X, C: s.Trace(X.T * C * X)),
    Objective("tr(S^3)", "S", {"S": "n, n"}, lambda s, S: s.Trace(S**3)),
    Objective(
        "tr((S.*A)*B)",
        "S",
        {"S": "n, n", "A": "n, n", "B": "n, n"},
        lambda s, S, A, B: s.Trace(s.HadamardProduct(S, A) * B),
    ),
    Objective("a'*inv(S)*b", "S", {"a": "n", "S": "n, n", "b": "n"}, lambda s, a, S, b: a.T * S.I * b),
    Objective("tr(A*inv(S)*B)", "S", SANDWICH, lambda s, A, S, B: s.Trace(A * S.I * B)),
    Objective("tr((X - U*V')'*(X - U*V'))", "U", FACTORS, _factorization),
    Objective("tr((X - U*V')'*(X - U*V'))", "V", FACTORS, _factorization),
)


def measure(options: argparse.Namespace) -> Report:
    report = Report("Formula with its steps, beside SymPy's matrix gradient", COLUMNS)
    libraries = report.optional("sympy")
    for objective in OBJECTIVES[: 2 if options.quick else None]:
        row = {"objective": objective.source, "by": objective.wrt} | _ours(objective, options.rounds)
        if "sympy" in libraries:
            _compare(libraries["sympy"], objective)
            row |= _sympys(libraries["sympy"], objective, options.rounds)
        report.rows.append(row)
    if "sympy" in libraries:
        _judge(report, "first ms", "verified ms", "sympy ms", "for the first time")
        _judge(report, "ms again", "verified ms again", "sympy ms again", "again")
    return report


def _judge(report: Report, plain: str, verified: str, sympy: str, when: str) -> None:
    times = [row[sympy] / row[plain] for row in report.rows]
    checked = [row[sympy] / row[verified] for row in report.rows]
    report.bound(f"faster than SymPy, in the mean, {when}", geometric(times), 100, least=True)
    report.bound(f"faster than SymPy, the worst, {when}", min(times), 40, least=True)
    report.bound(f"verified, faster than SymPy, in the mean, {when}", geometric(checked), 20, least=True)


def _gradient(source: str, wrt: Sequence[str], shapes: Mapping[str, str], verify: bool) -> str:
    return str(dc.derive(source, wrt, shapes, verify=verify).gradient)


def _ours(objective: Objective, rounds: int) -> dict[str, float]:
    question = objective.source, [objective.wrt], objective.shapes
    calls = {"first ms": partial(_gradient, verify=False), "verified ms": partial(_gradient, verify=True)}
    first = {name: under_new_names(*question, call, rounds) for name, call in calls.items()}
    found = least(first, rounds, once=True, clock=time.process_time)
    again = {"ms again": partial(calls["first ms"], *question)}
    again["verified ms again"] = partial(calls["verified ms"], *question)
    found |= least(again, rounds, clock=time.process_time)
    return {name: seconds * 1e3 for name, seconds in found.items()}


def _sympys(sympy: Any, objective: Objective, rounds: int) -> dict[str, float]:
    def first() -> float:
        sympy.core.cache.clear_cache()
        call = {"sympy": lambda: _theirs(sympy, objective)}
        return least(call, 1, once=True, clock=time.process_time)["sympy"]

    again = least({"sympy": lambda: _theirs(sympy, objective)}, rounds, clock=time.process_time)["sympy"]
    return {"sympy ms": min(first() for _ in range(rounds)) * 1e3, "sympy ms again": again * 1e3}


def _theirs(sympy: Any, objective: Objective) -> Any:
    dims = {name: sympy.Symbol(name, integer=True, positive=True) for name in "mnpk"}
    symbols = {}
    for name, shape in objective.shapes.items():
        rows, _, cols = shape.replace(" ", "").partition(",")
        symbols[name] = (
            sympy.Symbol(name)
            if shape == "scalar"
            else sympy.MatrixSymbol(name, dims[rows], dims[cols] if cols else 1)
        )
    return objective.sympy(sympy, *symbols.values()).diff(symbols[objective.wrt])


def _compare(sympy: Any, objective: Objective) -> None:
    """Both gradients at one point; the script ends where they differ."""
    sizes = dict(zip("mnpk", (4, 3, 2, 2), strict=True))
    random = np.random.default_rng(0)
    values = {}
    for name, shape in objective.shapes.items():
        parts = [] if shape == "scalar" else shape.replace(" ", "").split(",")
        values[name] = random.normal(size=[*(sizes[part] for part in parts), *[1] * (2 - len(parts))])
    ours = dc.evaluate(
        dc.derive(objective.source, objective.wrt, objective.shapes, verify=False).gradient, values
    )
    formula = _theirs(sympy, objective)
    formula = formula.subs({sympy.Symbol(name, integer=True, positive=True): n for name, n in sizes.items()})
    matrices = {symbol for symbol in formula.free_symbols if isinstance(symbol, sympy.MatrixSymbol)}
    for symbol in matrices:
        formula = formula.subs(symbol, sympy.Matrix(values[symbol.name]))
    formula = formula.subs({s: float(values[s.name][0, 0]) for s in formula.free_symbols if s.name in values})
    theirs = np.array(formula.doit().as_explicit().tolist(), dtype=float)
    if not np.allclose(ours, theirs.reshape(ours.shape), rtol=1e-8):
        raise SystemExit(f"{objective.source} by {objective.wrt}: SymPy gives another answer")


if __name__ == "__main__":
    main(measure, __doc__)
