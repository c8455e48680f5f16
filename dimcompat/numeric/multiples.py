"""A claim that is a scalar formula times the derivative: a norm, a penalty's weight, a normalisation.

A module of its own because the factor is looked for among the scalars that the problem itself has,
and those are gathered here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from dimcompat.functions.exponentials import EXP
from dimcompat.functions.reductions import NORM2, SUM, SUMSQ
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import binary, called, name, number, places, text_of, turned
from dimcompat.language.syntax import Call, Node, NumberLiteral, Unary
from dimcompat.language.writer import write
from dimcompat.numeric.bench import Bench
from dimcompat.numeric.claim_points import SAME
from dimcompat.numeric.machine import Array
from dimcompat.program import Program
from dimcompat.verdict import Cause, Fact, Formula

MOST_SCALARS = 300
LONGEST_FORMULA = 2_000
EXPONENTS = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)

Found = tuple[Cause, str, dict[str, Fact], Node | None]


def scalar_multiple(bench: Bench, program: Program) -> Found | None:
    """The scalar that the claim has too much or lacks, confirmed at every point."""
    ratios = _ratios(bench)
    if ratios is None:
        return None
    objective = [bench.trials.of_expression(program.objective, at).array for at in range(len(bench.points))]
    scalar = all(value.size == 1 for value in objective)
    rows: list[tuple[Node, Array]] = []
    whole: list[tuple[Node, Array]] = []
    if scalar:
        typed = parse_expression(write(program.objective))
        numbers = np.array([float(value[0, 0]) for value in objective])
        whole = [(typed, numbers), (called(EXP.name, typed), np.exp(numbers))]
    for node in _scalars(bench, program):
        values = [bench.trials.value(node, at) for at in range(len(bench.points))]
        if all(value is not None and value.shape.is_scalar for value in values):
            rows.append((node, np.array([float(v.array[0, 0]) for v in values if v is not None])))
    for exponent in EXPONENTS:
        for node, row in (*rows, *whole):
            factors = ratios / np.power(row, exponent)
            multiple = bench.multiple(list(factors), broad=False) if np.isfinite(factors).all() else None
            if multiple is None or np.ptp(row) <= SAME * np.abs(row).max():
                continue
            return _told(bench, node, exponent, multiple.inverse.text)
    return None


def _ratios(bench: Bench) -> Array | None:
    root = bench.claim.root
    found = []
    for at in range(len(bench.points)):
        value = bench.trials.value(root, at)
        if value is None or value.shape != bench.shape:
            return None
        ratio = bench.ratio(value.array, at)
        if ratio is None:
            return None
        found.append(ratio)
    return np.array(found)


def _scalars(bench: Bench, program: Program) -> Iterator[Node]:
    """Scalars of the claim and of the right formula; for a vector or matrix there its norm and sums."""
    claim = bench.claim
    texts = [write(formula) for formula in (bench.expected, bench.expected.expanded, program.objective)]
    roots = [parse_expression(text) for text in texts if len(text) <= LONGEST_FORMULA]
    seen: set[str] = set()
    names = [key for key, symbol in claim.scope.symbols.items() if symbol.labels is None]
    nodes = [*map(name, names), *(node for root in (claim.root, *roots) for _, node in places(root))]
    for node in nodes:
        text = text_of(node)
        if text in seen or isinstance(node, NumberLiteral | Unary) or len(seen) > MOST_SCALARS:
            continue
        seen.add(text)
        value = bench.trials.value(node)
        if value is None:
            continue
        if value.shape.is_scalar:
            yield node
            continue
        if value.shape.is_column:
            yield binary("*", turned(node), node)
        yield called(NORM2.name, node)
        yield called(SUM.name, node)


def _told(bench: Bench, base: Node, exponent: float, rest: str) -> Found:
    scope = bench.claim.scope
    is_norm = isinstance(base, Call) and scope.function(base.name) in (NORM2, SUMSQ)
    root = bench.claim.root
    repair = root
    if exponent < 0:
        power = base if exponent == -1 else binary("^", base, _number(-exponent))
        repair = binary("*", power, root)
    else:
        power = base if exponent == 1 else binary("^", base, _number(exponent))
        repair = binary("/", root, power)
    if rest != "1":
        repair = binary("*", parse_expression(rest), repair)
    cause: Cause = "norm" if is_norm or abs(exponent) == 0.5 else "factor"
    verb = "missing" if exponent < 0 else "extra"
    key = f"claim.{'norm.scalar' if cause == 'norm' else 'scalar'}.{verb}"
    return cause, key, {"factor": Formula(text_of(power))}, repair


def _number(value: float) -> Node:
    return number(Fraction(value))
