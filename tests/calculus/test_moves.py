"""Every move proposes what its row says, and nothing that differs in shape or value."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import numpy as np
import pytest
from calculus.formulas import SIZES, close, point, read, value
from random_expressions import SHAPES, Grower

from dimcompat.calculus.cost import cost
from dimcompat.calculus.moves import MOVES, Move
from dimcompat.expressions import Expr
from dimcompat.expressions.rebuild import substituted
from dimcompat.expressions.walk import distinct_nodes

every_move = pytest.mark.parametrize("move", MOVES, ids=[move.name for move in MOVES])

NARROWED = {
    "as declared": {},
    "one row": {"m": "1", "p": "1"},
    "one column": {"n": "1", "q": "1"},
    "square": {"m": "n", "p": "n", "q": "n"},
    "all one": {"m": "1", "n": "1", "p": "1", "q": "1"},
}


def proposals(move: Move, expression: Expr) -> list[Expr]:
    """What a move makes of an expression, at any of its nodes, with the rest around it."""
    return [
        substituted(expression, {node: proposal})
        for node in distinct_nodes(expression)
        for proposal in move.propose(node)
    ]


def narrowed(shapes: dict[str, str], replacements: dict[str, str]) -> dict[str, str]:
    return {
        name: re.sub(r"[a-z]\b", lambda dim: replacements.get(dim[0], dim[0]), shape)
        for name, shape in shapes.items()
    }


def test_names_are_distinct() -> None:
    assert [name for name, count in Counter(move.name for move in MOVES).items() if count > 1] == []


@every_move
def test_the_example_is_proposed(move: Move) -> None:
    left, right, shapes = move.example
    found, wanted = read(left, shapes), read(right, shapes)
    values = point(shapes)
    assert found is not wanted, "the constructors alone do this: the move is not needed"
    assert close(value(found, values), value(wanted, values)), "the example is false"
    made = proposals(move, found)
    if "sum(i" not in right:
        assert wanted in made
        return
    # A bound index may have been given another name.
    assert any(cost(one) == cost(wanted) and close(value(one, values), value(wanted, values)) for one in made)


@every_move
@pytest.mark.parametrize("narrow", NARROWED)
def test_proposals_of_the_example_keep_shape_and_value(move: Move, narrow: str) -> None:
    left, right, shapes = move.example
    shapes = narrowed(shapes, NARROWED[narrow])
    values = point(shapes)
    for text in (left, right):
        for node in distinct_nodes(read(text, shapes)):
            expected = value(node, values)
            for proposal in move.propose(node):
                assert proposal.shape == node.shape, f"{node}  →  {proposal}"
                assert close(value(proposal, values), expected), f"{node}  →  {proposal}"


# Two terms for each move, in all shapes that broadcasting allows: most faults are row and column mix-ups.
TERMS = {
    ("m", "n"): [
        "X",
        "y*x'",
        "y.*X",
        "X.*b",
        "X*A",
        "C*X",
        "X + y",
        "X - b",
        "s*X",
        "diag(y)*X",
        "X*diag(x)",
    ],
    ("n", "n"): ["A", "A'", "x*z'", "z*x'", "x.*A", "diag(x)", "eye(n)", "A*S", "S*A", "inv(P)", "s*D", "Q"],
    ("n", "1"): [
        "x",
        "A*x",
        "A'*x",
        "x.*z",
        "x.^2",
        "s*z",
        "dot(x, z)*x",
        "b'",
        "diag(A)",
        "X'*y",
        "D*x",
        "ones(n)",
    ],
    ("1", "n"): ["b", "x'", "b.*x'", "y'*X", "ones(1, n)", "z'*A", "s*b", "ones(1, m)*X"],
    ("1", "1"): [
        "s",
        "t^2",
        "x'*z",
        "x'*A*z",
        "tr(A)",
        "tr(A*S)",
        "sum(X)",
        "y'*X*x",
        "s*t",
        "1",
        "1/s",
        "sum(x)",
    ],
}


def pairs(rows: str, cols: str) -> list[str]:
    terms = TERMS[rows, cols]
    return [f"{left} {sign} {right}" for left in terms for right in terms for sign in "+-" if left != right]


@pytest.mark.parametrize("shape", TERMS, ids=["×".join(shape) for shape in TERMS])
def test_proposals_for_sums_of_two_terms(shape: tuple[str, str]) -> None:
    values = point(SHAPES, sizes=SIZES)
    tried: Counter[str] = Counter()
    weight = {"1": "s"}.get(shape[0], {"m": "C", "n": "A"}.get(shape[0], ""))
    for text in pairs(*shape):
        for whole in (text, f"{weight}*({text})"):
            node = read(whole, SHAPES)
            expected = value(node, values)
            for move in MOVES:
                for proposal in move.propose(node):
                    tried[move.name] += 1
                    assert proposal.shape == node.shape, f"{move.name}: {node}  →  {proposal}"
                    assert close(value(proposal, values), expected), f"{move.name}: {node}  →  {proposal}"
    assert len(tried) >= 3, tried


@pytest.mark.parametrize("seed", range(4))
def test_proposals_for_random_expressions(seed: int) -> None:
    random = Random(seed)
    tried = 0
    with np.errstate(all="ignore"):
        for number in range(60):
            grower = Grower(random)
            text = grower.grow(random.choice(list(TERMS)), random.randint(2, 4))
            values = point(SHAPES, seed=number, sizes=SIZES)
            for node in distinct_nodes(read(text, SHAPES)):
                expected = value(node, values)
                if not np.isfinite(expected).all() or np.abs(expected).max() > 1e6:
                    continue
                for move in MOVES:
                    for proposal in move.propose(node):
                        tried += 1
                        assert proposal.shape == node.shape, f"{move.name}: {node}  →  {proposal}"
                        found = value(proposal, values)
                        assert close(found, expected, 1e-6), f"{move.name}: {node}  →  {proposal}"
    assert tried > 20
