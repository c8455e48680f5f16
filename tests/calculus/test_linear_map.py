"""The matrix of a linear map, and the rules for Kronecker products that make it readable."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.calculus.linear_map import matrix_of
from dimcompat.calculus.spelling import as_matrix
from dimcompat.expressions import Expr
from dimcompat.functions import REGISTRY

SHAPES = {
    "A": "p, m",
    "B": "n, q",
    "G": "m, n",
    "H": "m, n",
    "S": "n, n",
    "N": "n, m",
    "g": "n",
    "a": "m",
    "b": "n",
    "c": "1, n",
    "s": "scalar",
}
SIZES = {"m": 3, "n": 4, "p": 2, "q": 5}

# text, the linear variable in it, the matrix
MAPS = [
    ("g", "g", "eye(n)"),
    ("S*g", "g", "S"),
    ("g'*B", "g", "B'"),
    ("s*g - 2*b.*g", "g", "s*eye(n) - 2*diag(b)"),
    ("(b'*g)*a", "g", "a*b'"),
    ("a*g'", "g", "kron(eye(n), a)"),
    ("g*a'", "g", "kron(a, eye(n))"),
    ("A*G*B", "G", "kron(B', A)"),
    ("G'", "G", "K(m, n)"),
    ("H.*G", "G", "diag(vec(H))"),
    ("a.*G", "G", "kron(eye(n), diag(a))"),
    ("c.*G", "G", "kron(diag(c), eye(m))"),
    ("H.*g'", "g", "diag(vec(H))*kron(eye(n), ones(m))"),
    ("G + ones(m)*sum(G, axis=0)", "G", "eye(m*n) + kron(eye(n), ones(m,m))"),
    ("G + sum(G)", "G", "eye(m*n) + ones(m*n, m*n)"),
    ("tr(N*G)*S", "G", "vec(S)*vec(N')'"),
    ("diag(g)", "g", "kron(ones(n), eye(n)).*kron(eye(n), ones(n))"),
    ("diag(b)*diag(g)*N", "g", None),
    ("A*diag(G*b)*H", "G", None),
    ("diag(N*G)", "G", None),
    ("diag(G*N)", "G", "kron(ones(1,n), eye(m))*diag(vec(N'))"),
    ("diag(B'*N*G*B)", "G", None),
    ("diag(S*diag(g))", "g", None),
    ("vec(G)", "G", "eye(m*n)"),
    ("reshape(vec(G), n, m)", "G", "eye(m*n)"),
    ("reshape(S*g, 1, n)", "g", "S"),
    ("kron(G, A)", "G", None),
    ("kron(A, G)", "G", None),
    ("kron(G', b)", "G", None),
    ("kron(g, a)", "g", "kron(eye(n), a)"),
    ("(g*b' + b*g')*b", "g", "(b'*b)*eye(n) + b*b'"),
]


def value_of(text: str | Expr, values: dict[str, np.ndarray]) -> np.ndarray:
    expression = dc.parse(text, SHAPES).objective if isinstance(text, str) else text
    return dc.evaluate(expression, values, dims=SIZES)


def draw(seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    shapes = dc.parse("s", SHAPES).shapes
    return {name: random.normal(size=[d.size(SIZES) for d in shape]) for name, shape in shapes.items()}


@pytest.mark.parametrize(("text", "name", "matrix"), MAPS, ids=[row[0] for row in MAPS])
def test_the_matrix_of_a_linear_map(text: str, name: str, matrix: str | None) -> None:
    program = dc.parse(text, SHAPES)
    expression = ex.plain(program.objective)
    found = matrix_of(expression, program.symbols[name])
    assert found.shape == (expression.shape.size, program.shapes[name].size)
    for seed in range(2):
        values = draw(seed)
        wanted = value_of(expression, values).reshape(-1, 1, order="F")
        flat = values[name].reshape(-1, 1, order="F")
        np.testing.assert_allclose(value_of(found, values) @ flat, wanted, atol=1e-9)
        np.testing.assert_allclose(value_of(as_matrix(found), values) @ flat, wanted, atol=1e-9)
        if matrix is not None:
            np.testing.assert_allclose(value_of(found, values), value_of(matrix, values), atol=1e-9)


def test_what_is_no_matrix_says_what_to_ask_for_instead() -> None:
    program = dc.parse("g + b", SHAPES)
    twice = ex.hadamard(program.symbols["g"], program.symbols["g"])
    with pytest.raises(dc.UnsupportedError) as raised:
        matrix_of(twice, program.symbols["g"])
    assert raised.value.code == "E460"
    assert "upstream" in str(raised.value.hint)


def test_what_does_not_hold_it_is_zero() -> None:
    program = dc.parse("a*g'", SHAPES)
    assert str(matrix_of(program.symbols["a"], program.symbols["g"])) == "zeros(m,n)"


# ── what stands beside a Kronecker product ───────────────────────────────────────────────────────────

ROWS = [row for record in REGISTRY.values() for row in record.neighbours]


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_neighbours(row: object) -> None:
    left, right, shapes = row.example  # type: ignore[attr-defined]
    sides = [dc.parse(text, shapes).objective for text in (left, right)]
    assert row.optional or ex.plain(sides[0]) is ex.plain(sides[1])  # type: ignore[attr-defined]
    random = np.random.default_rng(0)
    program = dc.parse(left, shapes)
    sizes = dict(zip("mnpqkl", (2, 3, 4, 5, 6, 7), strict=True))
    values = {name: random.normal(size=[d.size(sizes) for d in s]) for name, s in program.shapes.items()}
    numbers = [dc.evaluate(side, values, dims=sizes) for side in sides]
    np.testing.assert_allclose(*numbers, atol=1e-9)


def test_products_with_kronecker_products_keep_their_value() -> None:
    """Random products of everything that has a rule for its neighbours, rows and columns included."""
    shapes = {"X": "m, n", "x": "m", "r": "1, n", "S": "n, n", "y": "n"}
    sizes = {"m": 2, "n": 3}
    random = Random(5)
    leaves = {
        ("m", "n"): ["X"],
        ("m", "1"): ["x"],
        ("1", "n"): ["r", "y'"],
        ("n", "n"): ["S", "eye(n)"],
        ("n", "1"): ["y", "ones(n)"],
        ("n", "m"): ["X'"],
        ("1", "m"): ["x'"],
        ("m", "m"): ["eye(m)", "X*X'"],
        ("1", "1"): ["2"],
    }
    generator = np.random.default_rng(1)
    symbols = dc.parse("X", shapes).shapes
    values = {n: generator.normal(size=[d.size(sizes) for d in s]) for n, s in symbols.items()}
    for _ in range(300):
        dims = [(random.choice("mn1"), random.choice("mn1")) for _ in range(3)]
        factors = []
        for (a, b), (c, d) in pairwise(dims):
            left, right = random.choice(leaves[a, c]), random.choice(leaves[b, d])
            factors.append(f"kron({left}, {right})")
        a, b = dims[0]
        if a != "1" and b != "1" and random.random() < 0.5:
            factors.insert(0, f"K({b}, {a})")
        single = [dc.evaluate(dc.parse(factor, shapes).objective, values, dims=sizes) for factor in factors]
        text = "*".join(factors)
        wanted = np.linalg.multi_dot([*single, np.eye(single[-1].shape[1])])
        found = dc.evaluate(dc.parse(text, shapes).objective, values, dims=sizes)
        np.testing.assert_allclose(found, wanted, atol=1e-9, err_msg=text)
