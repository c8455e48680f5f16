"""The question about a claim, its answer, and what both are made of.

A module of its own because the search for slips and the order of the guesses both speak of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from dimcompat.expressions import Expr
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import Path, binary, negated, number, replaced, text_of
from dimcompat.language.syntax import Binary, Node, NumberLiteral, Unary
from dimcompat.numeric.bench import ONE, Multiple
from dimcompat.program import Program
from dimcompat.records import dataclass
from dimcompat.shapes import Shape
from dimcompat.verdict import Cause, Derivative, Evidence, Fact, Formula, Said

MINUS_ONE = Multiple(Fraction(-1))


@dataclass(frozen=True, slots=True)
class Asked:
    """The question: the derivative, the contributions that were added in it, and where other derivatives are.

    ``apart`` finds the derivatives of both operands where the objective is a quotient or product of scalars.
    ``square`` is (name, formula, part) of a link that has a part as a factor twice.
    ``forms`` are other forms of the derivative by their name; ``others`` finds those by other names.
    """

    program: Program
    variable: str
    expected: Expr
    contributions: Sequence[Sequence[Expr]] = ()
    forms: Mapping[str, Expr] | None = None
    others: Callable[[], Mapping[str, Expr]] = dict
    square: tuple[str, str, str] | None = None
    apart: Callable[[], tuple[Expr, Expr] | None] = lambda: None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found; the sentences are told, the headline first."""

    cause: Cause
    told: tuple[Said, ...]
    shape: Shape | None = None
    repair: str | None = None
    evidence: Evidence | None = None


def said(key: str, **fields: Fact | Node) -> Said:
    """A sentence; trees become formulas."""
    facts: list[tuple[str, Fact]] = []
    for name, value in fields.items():
        plain = isinstance(value, str | Formula | Shape | Derivative)
        facts.append((name, value if plain else Formula(text_of(value))))  # type: ignore[arg-type]
    return Said(key, tuple(facts))


def scaled(root: Node, multiple: Multiple) -> Node:
    """A formula times a number, which goes to the front of a product."""
    path: Path = ()
    above: Binary | None = None
    node = root
    while isinstance(node, Binary) and node.operator in ("*", "@", ".*", "/", "./"):
        path, above, node = (*path, 0), node, node.left
    if isinstance(node, Unary) and node.operator == "-":
        return scaled(replaced(root, path, node.operand), replace(multiple, number=-multiple.number))
    if isinstance(node, NumberLiteral) and not multiple.dims:
        value = node.value * multiple.number
        if abs(value) == 1 and above is not None and above.operator in ("*", "@"):
            return replaced(root, path[:-1], above.right if value > 0 else negated(above.right))
        return replaced(root, path, number(value))
    if multiple == ONE:
        return root
    if multiple == MINUS_ONE:
        return replaced(root, path, negated(node))
    return replaced(root, path, binary("*", parse_expression(multiple.text), node))
