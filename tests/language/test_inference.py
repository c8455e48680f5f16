"""Inference: the kinds of letters, the most general dimensions, faults told as shapes, and the corpus."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dimcompat import api
from dimcompat.cli import main
from dimcompat.errors import DimcompatError, ShapeError, UnsupportedError
from dimcompat.language.inference import LETTERS, infer, kind, read_inferred
from dimcompat.language.unification import Unification
from dimcompat.shapes import ONE, Dim

CORPUS = Path(__file__).parent.parent / "corpus"


def cases(*files: str) -> Iterator[dict[str, Any]]:
    for file in files:
        for line in (CORPUS / f"{file}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


# ── the kinds ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("a g b_1 λ μ ϕ α_2 alpha _c", "scalar"),
        ("h z w_i x1 prev _y", "column"),
        ("A Z W1 Σ Φ_2 S_B I Data _X", "matrix"),
    ],
)
def test_the_kind_is_that_of_the_first_letter(names: str, expected: str) -> None:
    assert {name: kind(name) for name in names.split()} == dict.fromkeys(names.split(), expected)


# ── what is inferred ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # products, transposes, sums
        ("sumsq(X*w - y)", "X: m, n; w: n; y: m"),
        ("A @ x", "A: m, n; x: n"),
        ("A·B", "A: m, n; B: n, p"),
        ("tr(A*X*B)", "A: m, n; X: n, p; B: p, m"),
        ("norm2(Z - A*X*B)^2", "Z: m, n; A: m, p; X: p, q; B: q, n"),
        ("sumsq(A*X + X*B)", "A: m, m; X: m, n; B: n, n"),
        ("x'*A*y", "x: m; A: m, n; y: n"),
        ("A'*B", "A: m, n; B: m, p"),
        ("a*X*b", "a: scalar; X: m, n; b: scalar"),
        ("(x'*y)*z", "x: m; y: m; z: n"),
        ("x*y'", "x: m; y: n"),
        ("X/a - Y/tr(Y)", "X: m, m; a: scalar; Y: m, m"),
        ("-x + 2*y", "x: m; y: m"),
        # equal shapes are preferred; a kind is stretched where it must be
        ("X + Y", "X: m, n; Y: m, n"),
        ("X.*Y ./ Z", "X: m, n; Y: m, n; Z: m, n"),
        ("X*w + b", "X: m, n; w: n; b: scalar"),
        ("X*W + v'", "X: m, n; W: n, p; v: p"),
        ("X + x", "X: m, n; x: m"),
        ("X.*(x'*A)", "X: m, n; x: p; A: p, n"),
        ("X - mean(X, axis=0)", "X: m, n"),
        ("X*w + X", "X: m, n; w: n"),
        ("maximum(X, Y) + minimum(0, Y)", "X: m, n; Y: m, n"),
        ("maximum(x, X)", "x: m; X: m, n"),
        # powers
        ("X^2*A", "X: m, m; A: m, n"),
        ("X^-1", "X: m, m"),
        ("X^T*A", "X: m, n; A: m, p"),
        ("A^-T*x", "A: m, m; x: m"),
        ("x.^2 + y", "x: m; y: m"),
        ("a^b*x", "a: scalar; b: scalar; x: m"),
        # functions
        ("exp(A*x) + softmax(y)", "A: m, n; x: n; y: m"),
        ("w'*softmax(A*x)", "w: m; A: m, n; x: n"),
        ("det(A*B)", "A: m, n; B: n, m"),
        ("logdet(X) + tr(inv(Y))*adj(Z)", "X: m, m; Y: n, n; Z: p, p"),
        ("diag(x)*A", "x: m; A: m, n"),
        ("diag(X)'*y", "X: m, m; y: m"),
        ("vec(X)'*v", "X: m, n; v: m*n"),
        ("kron(A, B)*x", "A: m, n; B: p, q; x: n*q"),
        ("kron(X, X) - kron(Y, Y)", "X: m, n; Y: m, n"),
        ("vec(X)'*vec(Y) + sum(X.*Y)", "X: m, n; Y: m, n"),
        ("dot(x, y) + dot(A, B)", "x: m; y: m; A: n, p; B: n, p"),
        ("dot(x, y')", "x: m; y: m"),
        ("A*outer(x, y)", "A: m, n; x: n; y: p"),
        ("transpose(A)*B", "A: m, n; B: m, p"),
        ("sum(X, axis=1) + colsum(Y)'", "X: m, n; Y: p, m"),
        ("norm1(x) + norm2(X) + mean(y)", "x: m; X: n, p; y: q"),
        ("logsumexp(X, axis=1) + y", "X: m, n; y: m"),
        # constants bring dimensions of their own
        ("A + eye(n)", "A: n, n"),
        ("x - ones(N)", "x: N"),
        ("1/m*ones(1, m)*X*w", "X: m, n; w: n"),
        ("K(m, n)*vec(A)", None),
        ("reshape(v, r, s)*w", "v: r*s; w: s"),
        ("vector(1) - X*w", "X: m, n; w: n"),
        ("pi*x + e", "x: m"),
        ("X - π*Y", "X: m, n; Y: m, n"),
        # labels
        ("sum(pick(S, y))", "S: m, n; y: m labels(n)"),
        ("sum(onehot(y, c).*S)", "y: m labels(c); S: m, c"),
        ("-log(p[y])", "p: m; y: labels(m)"),
        # sums over an index tie dimensions
        ("sum(i, (X[i,:]*w - y[i])^2)", "X: m, n; w: n; y: m"),
        ("sum(j, sumsq(W*X[:,j] + v))", "W: m, n; X: n, p; v: m"),
        ("sum(i, x[i]) + sum(i, y[i])", "x: m; y: n"),
        ("sum(i, sum(j, x[i]*A[i,j]*y[j]))", "x: m; A: m, n; y: n"),
        ("sum(i, sum(j, A[i,j]*(z[i] - z[j])^2))", "A: m, m; z: m"),
        ("sum(i, log(sum(j, exp(S[i,j]))) - S[i,y[i]])", "S: m, n; y: m labels(n)"),
        ("sum(i, M[y[i],:]*w)", "M: m, n; y: p labels(m); w: n"),
        ("sum(i, X[i,:]'*X[i,:])*y", "X: m, n; y: n"),
        # programs
        ("u = tanh(A*x)\nv = B*u - y\nv'*v", "A: m, n; x: n; B: p, m; y: p"),
        ("h = x\nL = norm2(h - A*h)", "x: m; A: m, m"),
        # functions of the user
        ("f: elementwise; sum(f(X*w) - f'(y))", "X: m, n; w: n; y: m"),
        ("phi: function(m, c); phi(X*W)", "X: m, n; W: n, c"),
        ("f(t) = a*t; f(X*w)", "a: scalar; X: m, n; w: n"),
        # names that mean something are not dimensions
        ("m'*A*p", "m: n; A: n, q; p: q"),
        ("sum(m, A[m,:]*x)", "A: n, p; x: p"),
        # what has no letter of the alphabet
        ("λ*x'*Σ*x", "λ: scalar; x: m; Σ: m, m"),
        ("I - A*B", "I: m, n; A: m, p; B: p, n"),
        ("W₁*x", "W_1: m, n; x: n"),
    ],
)
def test_the_most_general_shapes(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(UnsupportedError):
            infer(text)
        return
    found = "; ".join(f"{name}: {shape}" for name, shape in infer(text).items())
    assert found == expected


@pytest.mark.parametrize(
    ("text", "shapes", "expected"),
    [
        ("X: p, q\nX*w", {}, {"w": "q"}),
        ("X*w", {"X": "p, q"}, {"w": "q"}),
        ("X*w", {"X": ("p", 3)}, {"w": "3"}),
        ("X*w", {"w": "n+1"}, {"X": "m, n + 1"}),
        ("X*W + b", {"b": "1, c"}, {"X": "m, n", "W": "n, c"}),
        ("A*x", {"A": "n, n symmetric"}, {"x": "n"}),
        ("A*x", {"x": "m"}, {"A": "n, m"}),
        ("vec(X)'*v", {"v": "r*s"}, None),
        ("vec(X)'*kron(B, A)*vec(X)", {"A": "m, m", "B": "n, n"}, None),
        ("vec(X)'*kron(B, A)*vec(X)", {"X": "m, n", "A": "m, m"}, {"B": "n, n"}),
        ("pick(S, y)", {"y": "m labels(c)"}, {"S": "m, c"}),
        ("pick(S, y)", {"S": "m, c"}, {"y": "m labels(c)"}),
        ("a*m*x", {"x": "m"}, {"a": "scalar"}),
        ("X*w - y", {"X": "m, n", "w": "n", "y": "m"}, {}),
    ],
)
def test_declared_shapes_stand(text: str, shapes: dict[str, Any], expected: dict[str, str] | None) -> None:
    if expected is None:
        with pytest.raises(UnsupportedError):
            infer(text, shapes)
    else:
        assert infer(text, shapes) == expected
        read_inferred(text, shapes)


def test_there_are_names_for_any_number_of_dimensions() -> None:
    text = " + ".join(f"sum(X{number})" for number in range(30))
    dims = [dim for shape in infer(text).values() for dim in shape.split(", ")]
    assert dims[: len(LETTERS) + 1] == [*LETTERS, "m1"]
    assert len(set(dims)) == 60
    read_inferred(text)


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "at", "known"),
    [
        ("x*y", "x*y", "x: m; y: n"),
        ("x + y'", "x + y'", "x: m; y: n"),
        ("X*w - w'", "X*w - w'", "X: m, n; w: n"),
        ("det(x)", "x", "x: m"),
        ("w*X", "w*X", "w: m; X: n, p"),
        ("x^2", "x^2", "x: m"),
        ("X/y", "X/y", "X: m, n; y: p"),
        ("eye(n)*A*eye(m) + A'", "eye(n)*A*eye(m) + A'", "A: n, m"),
        ("eye(n) - eye(m) + A", "eye(n) - eye(m)", None),
        ("outer(X, y)", "outer(X, y)", "X: m, n; y: p"),
        ("dot(X, y)", "dot(X, y)", "X: m, n; y: p"),
        ("Z = A*x\nZ*y", "Z*y", "y: p"),
    ],
)
def test_what_does_not_fit_is_told_where_it_stands(text: str, at: str, known: str | None) -> None:
    with pytest.raises(ShapeError) as caught:
        read_inferred(text)
    error = caught.value
    assert error.span is not None
    assert text[slice(*error.span)] == at
    if known is not None:
        assert error.hint is not None and known in error.hint


@pytest.mark.parametrize(
    ("text", "at", "sizes"),
    [
        ("vec(A) - vec(B)", "vec(A) - vec(B)", "m*n and p*q"),
        ("vec(X)'*kron(B, A)*vec(X)", "vec(X)'*kron(B, A)", "m*n"),
    ],
)
def test_sizes_that_are_equal_in_more_than_one_way(text: str, at: str, sizes: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        infer(text)
    error = caught.value
    assert error.code == "E491"
    assert sizes in error.message
    assert error.span is not None and text[slice(*error.span)] == at
    assert error.hint is not None and "m, n" in error.hint and "Declare" in error.hint


@pytest.mark.parametrize(
    ("text", "shapes", "code"),
    [
        ("X*w +", {}, "E112"),
        ("exp", {}, "E301"),
        ("nosuch(x)", {}, "E306"),
        ("X: m, n\nX: n\nX*w", {}, "E134"),
        ("X*w", {"X": "m,,n"}, "E125"),
        ("X*w", {"X": 1.5}, "E147"),
        ("sum(X, axis=2)", {}, "E140"),
        ("Z = Y; Y = X; Z", {}, "E305"),
        ("sum(pick(S, y) + y)", {}, "E214"),
        ("X^T*T", {}, "E138"),
        ("X: n, m symmetric\nX*w", {}, "E210"),
    ],
)
def test_other_faults_are_those_of_reading(text: str, shapes: dict[str, Any], code: str) -> None:
    with pytest.raises(DimcompatError) as caught:
        read_inferred(text, shapes)
    assert caught.value.code == code


# ── sizes ────────────────────────────────────────────────────────────────────────────────────────────


def test_equalities_of_sizes() -> None:
    sizes, n = Unification(), Dim.symbol("n")
    a, b, c, d = (sizes.fresh() for _ in range(4))
    assert sizes.equate(a, a) is True
    assert sizes.equate(n, n) is True
    assert sizes.equate(n, Dim.symbol("m")) is False
    assert sizes.equate(a, ONE) is False
    assert sizes.equate(a * b, a) is False
    assert sizes.equate(a, a + 1) is False
    assert sizes.equate(a * b, c * d) is None
    assert sizes.equate(a * b, n) is None
    mark = sizes.mark()
    assert sizes.equate(a * b, a * c) is True
    assert sizes.dim(c) is b
    sizes.undo(mark)
    assert sizes.dim(c) is c
    assert sizes.equate(a * a, d * d) is True
    assert sizes.dim(d) is a
    assert sizes.equate(d, n * b) is True
    assert sizes.dim(a) is n * b


# ── the whole way ────────────────────────────────────────────────────────────────────────────────────


def test_a_derivation_says_what_was_inferred() -> None:
    derivation = api.derive("sumsq(X*w - y)", "w", {"y": "m"}, infer=True, verify=False)
    assert str(derivation.gradient) == "2*X'*(X*w - y)"
    note = derivation.notes[0]
    assert (note.key, dict(note.facts)) == ("inferred", {"declarations": "X: m, n; w: n"})
    assert derivation.render("text").splitlines()[0] == "inferred: X: m, n; w: n"
    assert [declared.name for declared in derivation.declarations] == ["y", "X", "w"]
    told = json.loads(derivation.render("json"))
    assert told["notes"] == ["inferred: X: m, n; w: n"]


def test_nothing_to_infer_is_not_mentioned() -> None:
    derivation = api.derive("sum(x)", "x", {"x": "n"}, infer=True, verify=False)
    assert derivation.notes == ()


def test_the_command_infers() -> None:
    done = CliRunner().invoke(main, ["derive", "X*w - w'", "--wrt", "w", "--infer"])
    assert done.exit_code == 2
    assert "Read by their first letters: X: m, n; w: n." in " ".join(done.stderr.split())
    done = CliRunner().invoke(main, ["derive", "w'*X*w", "--wrt", "w", "--infer", "--no-verify"])
    assert done.exit_code == 0
    assert done.stdout.startswith("inferred: w: m; X: m, m\n")


def test_parse_infers() -> None:
    assert str(api.parse("A*x", infer=True).shapes["A"]) == "m×n"


def test_long_and_deep_sources_are_inferred_in_good_time() -> None:
    layers = "\n".join(f"h{k} = tanh(W{k}*h{k - 1} + p{k})" for k in range(1, 1001))
    start = time.process_time()
    assert len(infer(f"h0 = x\n{layers}\nsumsq(h1000 - y)")) == 2002
    assert len(infer("x" + " + x*a - y" * 5_000)) == 3
    assert infer("(" * 150 + "X" + ")'" * 150 + "*x") == {"X": "m, n", "x": "n"}
    assert time.process_time() - start < 10
