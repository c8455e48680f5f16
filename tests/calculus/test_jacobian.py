"""Jacobians: the forms that textbooks print, the differential beside them, layouts and parts."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from random_expressions import SHAPES, Grower, variables_in
from random_runs import none_fails

import dimcompat as dc
from dimcompat import expressions as ex

SQUARE = {"A": "n, n", "X": "n, n"}
VECTORS = [
    ("softmax(x)", "x", {"x": "n"}, "diag(softmax(x)) - softmax(x)*softmax(x)'"),
    ("exp(x)/sum(exp(x))", "x", {"x": "n"}, "diag(softmax(x)) - softmax(x)*softmax(x)'"),
    ("(A*x).*b", "x", {"A": "m, n", "x": "n", "b": "m"}, "A'*diag(b)"),
    ("relu(W*x)", "x", {"W": "m, n", "x": "n"}, "W'*diag(step(W*x))"),
    ("(b'*x)*sin(x)", "x", {"b": "n", "x": "n"}, "b*sin(x)' + (b'*x)*diag(cos(x))"),
    ("x/norm2(x)", "x", {"x": "n"}, "eye(n)/norm2(x) - x*x'/norm2(x)^3"),
    ("V*tanh(W*x)", "x", {"V": "k, c", "W": "c, n", "x": "n"}, "W'*diag(1 - tanh(W*x).^2)*V'"),
    (
        "softmax(W*x)",
        "x",
        {"W": "c, n", "x": "n"},
        "W'*(diag(softmax(W*x)) - softmax(W*x)*softmax(W*x)')",
    ),
    ("x'*A", "x", {"A": "n, m", "x": "n"}, "A"),
    ("(x'*A*x)*x", "x", {"A": "n, n", "x": "n"}, "(A + A')*x*x' + (x'*A*x)*eye(n)"),
    ("x + z", "z", {"x": "n", "z": "scalar"}, "ones(n)"),
    ("inv(A + t*X)", "t", {**SQUARE, "t": "scalar"}, "-inv(A + t*X)*X*inv(A + t*X)"),
]


@pytest.mark.parametrize(("text", "name", "shapes", "wanted"), VECTORS, ids=[row[0] for row in VECTORS])
def test_the_textbook_form(text: str, name: str, shapes: dict[str, str], wanted: str) -> None:
    derivation = dc.derive(text, name, shapes)
    assert str(derivation.gradient) == wanted
    assert derivation.results[0].differential is None
    assert derivation.verification is not None and derivation.verification.passed


MATRICES = [
    ("A*X*B", {"A": "p, m", "X": "m, n", "B": "n, q"}, "kron(B, A')", "A*dX*B"),
    ("inv(X)", SQUARE, "-kron(inv(X), inv(X)')", "-inv(X)*dX*inv(X)"),
    ("X'", {"X": "m, n"}, "K(n,m)", "dX'"),
    ("X'*X", {"X": "m, n"}, "kron(eye(n), X)*(eye(n^2) + K(n,n))", "X'*dX + dX'*X"),
    ("A.*X", SQUARE, "diag(vec(A))", "A.*dX"),
    ("kron(X, X)", {"X": "m, n"}, None, "kron(X, dX) + kron(dX, X)"),
    ("X*A*X", SQUARE, "kron(A*X, eye(n)) + kron(eye(n), A'*X')", "X*A*dX + dX*A*X"),
    ("X*b", {"X": "m, n", "b": "n"}, "kron(b, eye(m))", "dX*b"),
    ("det(X)*A", SQUARE, None, "det(X)*tr(dX*inv(X))*A"),
]


@pytest.mark.parametrize(("text", "shapes", "wanted", "change"), MATRICES, ids=[row[0] for row in MATRICES])
def test_matrices_by_matrices(text: str, shapes: dict[str, str], wanted: str | None, change: str) -> None:
    derivation = dc.derive(text, "X", shapes)
    (result,) = derivation.results
    assert wanted is None or str(result.expression) == wanted
    assert str(result.differential) == change
    assert derivation.verification is not None and derivation.verification.passed


def test_layouts() -> None:
    shapes = {"A": "m, n", "x": "n", "t": "scalar"}
    derivation = dc.derive("t*A*x", ["x", "t", "A"], shapes, layout="numerator")
    found = {name: str(gradient) for name, gradient in derivation.gradients.items()}
    assert found == {"x": "t*A", "t": "A*x", "A": "t*kron(x', eye(m))"}
    assert derivation.verification is not None and derivation.verification.passed


def test_an_unused_variable_is_zero() -> None:
    derivation = dc.derive("A*x", ["y", "B", "t"], {"A": "m, n", "x": "n", "y": "n", "B": "p, q", "t": "1"})
    found = {name: str(gradient) for name, gradient in derivation.gradients.items()}
    assert found == {"y": "zeros(n,m)", "B": "zeros(p*q,m)", "t": "zeros(m)"}
    assert [note.key for note in derivation.notes] == ["unused variable"] * 3


def test_an_intermediate_and_the_names_of_a_program() -> None:
    source = "X: m, n\nw: n\nz = X*w\np = exp(z)\np"
    assert str(dc.derive(source, "z").gradient) == "diag(exp(z))"
    through = dc.derive(source, "w").gradient
    assert str(through) == "X'*diag(exp(z))"
    assert str(through.expanded) == "X'*diag(exp(X*w))"


def test_a_structured_variable_is_not_projected() -> None:
    derivation = dc.derive("S*S", "S", {"S": "n, n symmetric"})
    assert str(derivation.gradient) == "kron(eye(n), S) + kron(S, eye(n))"
    assert [note.key for note in derivation.notes] == ["not projected"]
    assert derivation.verification is not None and derivation.verification.passed


def test_the_steps_lead_from_a_loss_to_the_matrix() -> None:
    steps = dc.derive("A*X*B", "X", {"A": "p, m", "X": "m, n", "B": "n, q"}).steps
    assert [(step.kind, step.reason) for step in steps] == [
        ("problem", None),
        ("rule", "any loss"),
        ("product", None),
        ("rule", "forwards"),
        ("rule", "read off with vec"),
        ("result", None),
    ]
    assert str(steps[2].equation.right) == "A'*dL_dF*B'"


def test_an_unknown_variable() -> None:
    with pytest.raises(dc.UnknownNameError):
        dc.derive("A*x", "q", {"A": "m, n", "x": "n"})


# ── random objectives ────────────────────────────────────────────────────────────────────────────────

OBJECTIVES = [("m", "1"), ("n", "1"), ("1", "n"), ("m", "n"), ("n", "n"), ("n", "m")]
SHORT_RUNS, EACH = 5, 40


def outcome(seed: int) -> str:
    """What became of one random Jacobian: right or undecided; anything else fails."""
    random = Random(seed)
    names: list[str] = []
    text = ""
    while not names or len(text) > 250:
        text = Grower(random).grow(random.choice(OBJECTIVES), random.randint(1, 5))
        names = variables_in(text)
    name = random.choice(names)
    shown = f"seed {seed}: {text!r} by {name}"
    try:
        derivation = dc.derive(text, name, SHAPES, seed=seed)
    except dc.UnsupportedError as error:
        assert error.code == "E405", f"{shown}: {error}"
        return "divides by zero"
    except Exception as error:
        raise AssertionError(f"{shown}: {type(error).__name__}: {error}") from error
    result = derivation.results[0].expression.expanded
    again = ex.plain(dc.parse(str(result), SHAPES).objective)
    assert again is result, f"{shown}: {result} reads as {again}"
    check = derivation.verification
    assert check is not None
    assert check.passed is not False, f"{shown}: {result} misses by {check.max_relative_error}"
    return "right" if check.passed else "undecided"


@pytest.mark.parametrize("run", range(SHORT_RUNS))
def test_random_jacobians(run: int) -> None:
    outcomes = Counter(outcome(2_000_000 + run * EACH + number) for number in range(EACH))
    assert outcomes["right"] >= 0.9 * EACH, outcomes


@pytest.mark.slow
def test_many_random_jacobians(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = none_fails("Jacobians", outcome, 3000, capsys)
    assert outcomes["right"] >= 0.97 * outcomes.total()
