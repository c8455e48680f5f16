"""Hessians: the textbook's formulas, blocks, programs, and derivatives of gradients read again."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from random_expressions import SHAPES, Grower, variables_in
from random_runs import none_fails

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.calculus.reading import as_operation

REGRESSION = {"X": "m, n", "w": "n", "y": "m", "l": "scalar"}
TEXTBOOK = [
    ("sumsq(X*w - y)", "w", REGRESSION, "2*X'*X"),
    ("sumsq(X*w - y) + l*w'*w", "w", REGRESSION, "2*(X'*X + l*eye(n))"),
    ("log(sum(exp(x)))", "x", {"x": "n"}, "diag(softmax(x)) - softmax(x)*softmax(x)'"),
    (
        "logsumexp(A*x + b)",
        "x",
        {"A": "m, n", "x": "n", "b": "m"},
        "A'*(diag(softmax(A*x + b)) - softmax(A*x + b)*softmax(A*x + b)')*A",
    ),
    ("x'*A*x", "x", {"x": "n", "A": "n, n"}, "A + A'"),
    ("x'*A*x", "x", {"x": "n", "A": "n, n symmetric"}, "2*A"),
    (
        "norm2(X*w - y)",
        "w",
        REGRESSION,
        "X'*(eye(m)/norm2(X*w - y) - (X*w - y)*(X*w - y)'/norm2(X*w - y)^3)*X",
    ),
    ("sum(exp(X*w)) - y'*X*w", "w", REGRESSION, "X'*diag(exp(X*w))*X"),
    ("(a'*x)*(b'*x)", "x", {"a": "n", "b": "n", "x": "n"}, "a*b' + b*a'"),
    ("sum(log(x))", "x", {"x": "n"}, "-diag(1./x.^2)"),
    ("exp(a'*x)", "x", {"a": "n", "x": "n"}, "exp(a'*x)*a*a'"),
    ("a^2*b^3", "a", {"a": "scalar", "b": "scalar"}, "2*b^3"),
    ("(a'*X*b)^2", "X", {"a": "m", "X": "m, n", "b": "n"}, "2*kron(b, a)*kron(b, a)'"),
    ("sumsq(X)", "X", {"X": "m, n"}, "2*eye(m*n)"),
    ("tr(X'*A*X)", "X", {"X": "m, n", "A": "m, m"}, "kron(eye(n), A + A')"),
    ("logdet(X)", "X", {"X": "n, n"}, "-kron(inv(X), inv(X)')*K(n,n)"),
    (
        "tr(X*A*X'*B)",
        "X",
        {"X": "m, n", "A": "n, n", "B": "m, m"},
        "kron(A', B) + kron(A, B')",
    ),
]


@pytest.mark.parametrize(("text", "name", "shapes", "wanted"), TEXTBOOK, ids=[row[0] for row in TEXTBOOK])
def test_the_textbook_form(text: str, name: str, shapes: dict[str, str], wanted: str) -> None:
    derivation = dc.derive(text, name, shapes, order=2)
    found = str(derivation.hessians[name, name])
    assert found == wanted
    assert derivation.verification is not None and derivation.verification.passed
    assert derivation.steps[0].kind == "problem"
    assert derivation.steps[-1].kind == "result"


LOGISTIC = "X: m, n\nw: n\ny: m\np = sigmoid(X*w)\nL = -sum(y.*log(p) + (1 - y).*log(1 - p))"
NETWORK = "X: m, n\nY: m, c\nV: n, h\nW: h, c\nH = tanh(X*V)\nL = sumsq(H*W - Y)"


def test_logistic_regression_in_the_names_of_its_program() -> None:
    derivation = dc.derive(LOGISTIC, "w", order=2)
    assert str(derivation.gradient) == "X'*diag(p.*(1 - p))*X"
    assert derivation.gradient.expanded.shape == derivation.gradient.shape
    assert "p" not in str(derivation.gradient.expanded).replace("exp", "")
    assert derivation.verification is not None and derivation.verification.passed


def test_by_a_part_of_a_program() -> None:
    derivation = dc.derive(LOGISTIC, "p", order=2)
    assert str(derivation.gradient) == "diag(y./p.^2 + (1 - y)./(1 - p).^2)"
    assert derivation.verification is not None and derivation.verification.passed


def test_the_blocks_of_every_pair() -> None:
    derivation = dc.derive("x'*A*y + y'*y", ["x", "y"], {"x": "n", "A": "n, m", "y": "m"}, order=2)
    found = {pair: str(block) for pair, block in derivation.hessians.items()}
    assert found == {("x", "x"): "zeros(n,n)", ("x", "y"): "A", ("y", "x"): "A'", ("y", "y"): "2*eye(m)"}
    assert derivation.verification is not None and derivation.verification.passed


def test_a_network_stays_short() -> None:
    derivation = dc.derive(NETWORK, ["V", "W"], order=2)
    assert derivation.verification is not None and derivation.verification.passed
    for block in derivation.hessians.values():
        assert len(str(block)) < 200
    assert str(derivation.hessians["W", "W"]) == "2*kron(eye(c), H'*H)"


def test_names_of_the_two_derivations_never_clash() -> None:
    steps = dc.derive("sum(log(1 + exp(X*w))) - y'*X*w", "w", REGRESSION, order=2).steps
    named: dict[str, str] = {}
    for step in steps:
        for part in step.names[:-1]:
            assert isinstance(part.left, str)
            assert part.left not in named, f"{part.left} names {named[part.left]} and {part.right}"
            named[part.left] = str(part.right)


def test_structured_variables_are_not_projected() -> None:
    derivation = dc.derive("tr(S*S)", "S", {"S": "n, n posdef"}, order=2)
    assert str(derivation.gradient) == "2*K(n,n)"
    assert [note.key for note in derivation.notes] == ["not projected"]
    assert derivation.verification is not None and derivation.verification.passed


def test_only_scalars_have_a_hessian() -> None:
    with pytest.raises(dc.UnsupportedError) as raised:
        dc.derive("A*x", "x", {"A": "m, n", "x": "n"}, order=2)
    assert raised.value.code == "E461"


@pytest.mark.parametrize("seed", range(150))
def test_an_expression_read_as_operations_is_the_same(seed: int) -> None:
    random = Random(seed)
    text = Grower(random).grow(random.choice([("1", "1"), ("m", "n"), ("n", "1"), ("n", "n")]), 4)
    expression = ex.plain(dc.parse(text, SHAPES).objective)
    operation = as_operation(expression, frozenset(SHAPES))
    assert operation.value is expression, f"{text}: {operation.value} is not {expression}"


# ── random objectives ────────────────────────────────────────────────────────────────────────────────

SHORT_RUNS, EACH = 4, 25


def outcome(seed: int) -> str:
    """What became of one random Hessian: right or undecided; anything else fails."""
    random = Random(seed)
    names: list[str] = []
    text = ""
    while not names or len(text) > 250:
        text = Grower(random).grow(("1", "1"), random.randint(1, 4))
        names = variables_in(text)
    name = random.choice(names)
    shown = f"seed {seed}: {text!r} by {name}"
    try:
        derivation = dc.derive(text, name, SHAPES, order=2, seed=seed)
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
def test_random_hessians(run: int) -> None:
    outcomes = Counter(outcome(3_000_000 + run * EACH + number) for number in range(EACH))
    assert outcomes["right"] >= 0.9 * EACH, outcomes


def test_a_constant_that_is_all_rounding_does_not_fail() -> None:
    assert outcome(2163) in ("right", "undecided")


@pytest.mark.slow
def test_many_random_hessians(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = none_fails("Hessians", outcome, 3000, capsys)
    assert outcomes["right"] >= 0.97 * outcomes.total()
