"""The textbook form: what is printed, that it is stable, that it ends, and that it has no history."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from calculus.formulas import close, point, read, value

import dimcompat as dc
from dimcompat.calculus.cost import cost
from dimcompat.calculus.simplify import simplified

SHAPES = {
    **dict.fromkeys("ABC", "n, n"),
    **dict.fromkeys("apwxz", "n"),
    **dict.fromkeys("uvy", "m"),
    **dict.fromkeys("st", "scalar"),
    "X": "m, n",
    "Y": "m, n",
    "S": "n, n symmetric",
    "P": "n, n posdef",
    "D": "n, n diagonal",
    "Q": "n, n orthogonal",
    "b": "1, n",
    "k": "m labels(n)",
}

TEXTBOOK = {
    "like terms": [
        ("x + x + z", "2*x + z"),
        ("2*x - x", "x"),
        ("x - x", "zeros(n)"),
        ("3*X + Y - 2*X", "X + Y"),
        ("1/2*x + 1/3*x", "5/6*x"),
        ("0*X + Y", "Y"),
        ("A*(x + z) - A*x", "A*z"),
        ("(A + B)*x - B*x", "A*x"),
        ("-(x - z)", "z - x"),
        ("y.*(1 - u) - u.*(1 - y)", "y - u"),
    ],
    "a scalar product meets its transpose": [
        ("x'*z + z'*x", "2*x'*z"),
        ("x'*A*z + z'*A'*x", "2*x'*A*z"),
        ("x'*A'*z + z'*A*x", "2*z'*A*x"),
        ("x'*A*x + x'*A'*x", "2*x'*A*x"),
        ("(x'*z)*x + (z'*x)*x", "2*(x'*z)*x"),
        ("s*x'*z - t*z'*x", "(x'*z)*(s - t)"),
    ],
    "polynomials": [
        ("3*s^2 + 2*s + 1", "1 + 2*s + 3*s^2"),
        ("4*x.^3 + 3*x.^2", "3*x.^2 + 4*x.^3"),
        ("4*A^3 + 3*A^2", "3*A^2 + 4*A^3"),
    ],
    "powers of a norm below the line": [
        ("x/norm2(x) - (z'*x)*x/norm2(x)^3", "x/norm2(x) - (x'*z)*x/norm2(x)^3"),
        ("eye(n)/norm2(x) - x*x'/norm2(x)^3", "eye(n)/norm2(x) - x*x'/norm2(x)^3"),
    ],
    "common factors": [
        ("A*w + A'*w", "(A + A')*w"),
        ("A*w + B*w", "(A + B)*w"),
        ("A*x + A*z", "A*(x + z)"),
        ("X'*X*w - X'*y", "X'*(X*w - y)"),
        ("2*X'*X*w - 2*X'*y", "2*X'*(X*w - y)"),
        ("x'*A*z + x'*B*z", "x'*(A + B)*z"),
        ("s*X + s*Y", "s*(X + Y)"),
        ("x.*z + x.*w", "x.*(w + z)"),
        ("tr(A) + tr(B)", "tr(A + B)"),
        ("kron(A, B) + kron(A, C)", "kron(A, B + C)"),
    ],
    "a symmetric name has no transpose": [
        ("S*w + S'*w", "2*S*w"),
        ("2*S*w - S*w", "S*w"),
        ("(S*A)'", "A'*S"),
        ("inv(P)'", "inv(P)"),
    ],
    "transposes at the leaves": [
        ("(X*A)'", "A'*X'"),
        ("(A*X')'", "X*A'"),
        ("(A + B')'", "A' + B"),
        ("(x'*A)'", "A'*x"),
        ("inv(A')", "inv(A)'"),
    ],
    "one outer transpose where that is shorter": [
        ("(A*B*C)'", "(A*B*C)'"),
        ("C'*B'*A'", "(A*B*C)'"),
        ("(A*X'*Y)' + (Y'*X*A)'", "(A*X'*Y + Y'*X*A)'"),
    ],
    "inverses, determinants and orthogonal names": [
        ("inv(A)*A*x", "x"),
        ("A*inv(A)", "eye(n)"),
        ("inv(inv(A))", "A"),
        ("inv(A*B)", "inv(B)*inv(A)"),
        ("inv(2*A)", "inv(A)/2"),
        ("A^2*inv(A)", "A"),
        ("A*A*A", "A^3"),
        ("det(A*B)", "det(A)*det(B)"),
        ("det(A')", "det(A)"),
        ("det(inv(A))", "1/det(A)"),
        ("det(2*A)", "2^n*det(A)"),
        ("det(A)*inv(A)*A", "det(A)*eye(n)"),
        ("logdet(A')", "logdet(A)"),
        ("logdet(inv(A))", "-logdet(A)"),
        ("Q'*Q", "eye(n)"),
        ("Q*Q'*x", "x"),
    ],
    "traces": [
        ("tr(A*B) - tr(B*A)", "0"),
        ("tr(x*z')", "x'*z"),
        ("tr(A')", "tr(A)"),
        ("tr(A*B') + tr(B*A')", "2*dot(A, B)"),
    ],
    "ones, zeros and identities are absorbed": [
        ("ones(1,m)*X*ones(n,1)", "sum(X)"),
        ("ones(1,m)*ones(m,1)", "m"),
        ("ones(m,n).*X", "X"),
        ("ones(m,1)*x' + X", "X + x'"),
        ("ones(m,n) - X", "1 - X"),
        ("X + zeros(m,n)", "X"),
        ("eye(m)*X", "X"),
        ("X*eye(n)*x", "X*x"),
        ("sum(s*X)", "s*sum(X)"),
        ("sum(x.*z)", "x'*z"),
    ],
    "diagonal matrices": [
        ("diag(x)*z", "x.*z"),
        ("diag(x)*diag(z)", "diag(x.*z)"),
        ("diag(diag(x))", "x"),
        ("diag(ones(n))*A", "A"),
    ],
    "functions keep their names": [
        ("exp(x)./sum(exp(x))", "softmax(x)"),
        ("exp(X)./rowsum(exp(X))", "softmax(X)"),
        ("exp(x)./(1 + exp(x))", "sigmoid(x)"),
        ("1./(1 + exp(-x))", "sigmoid(x)"),
        ("log(sum(exp(x)))", "logsumexp(x)"),
        ("softmax(X) - onehot(k, n)", "softmax(X) - onehot(k, n)"),
        ("diag(softmax(x)) - softmax(x)*softmax(x)'", "diag(softmax(x)) - softmax(x)*softmax(x)'"),
        ("sinh(x)./cosh(x)", "tanh(x)"),
        ("step(x).*x", "relu(x)"),
        ("abs(x).*sign(x)", "x"),
        ("exp(log(s))", "s"),
        ("log(exp(s))", "s"),
    ],
    "powers": [
        ("s*(1/s)*x", "x"),
        ("s^2/s", "s"),
        ("sqrt(s)*sqrt(s)", "s"),
        ("sqrt(x'*x)^2", "x'*x"),
        ("norm2(x)^2", "x'*x"),
        ("x/sqrt(x'*x)", "x/norm2(x)"),
        ("(x.*x).^2", "x.^4"),
        ("m*s/m", "s"),
        ("(X*w - y)'*(X*w - y)", "sumsq(X*w - y)"),
    ],
}
ROWS = [(group, text, wanted) for group, rows in TEXTBOOK.items() for text, wanted in rows]
TEXTS = [text for _, text, _ in ROWS]


@pytest.mark.parametrize(("group", "text", "wanted"), ROWS, ids=[text for _, text, _ in ROWS])
def test_textbook_form(group: str, text: str, wanted: str) -> None:
    assert str(simplified(read(text, SHAPES))) == wanted


@pytest.mark.parametrize("text", TEXTS)
def test_stable_and_true(text: str) -> None:
    typed = read(text, SHAPES)
    short = simplified(typed)
    values = point(SHAPES)
    assert simplified(short) is short
    assert simplified(read(str(short), SHAPES)) is short, "the printed form reads back to another one"
    assert short.shape == typed.shape
    assert close(value(short, values), value(typed, values))
    assert cost(short) <= cost(typed)


# ── independence of history ──────────────────────────────────────────────────────────────────────────

PRINT_ALL = """
import json, sys
from calculus.formulas import read
from dimcompat.calculus.simplify import simplified
texts, shapes = json.load(sys.stdin)
print(json.dumps({text: str(simplified(read(text, shapes))) for text in texts}, sort_keys=True))
"""


def printed(texts: list[str], hash_seed: str) -> bytes:
    """What a fresh process prints for these texts, simplified in this order."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-c", PRINT_ALL],
        input=json.dumps([texts, SHAPES]).encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(paths)},
    )
    return done.stdout


def test_what_is_printed_depends_on_nothing_derived_before() -> None:
    sums = [f"{left} {sign} {right}" for left in TERMS for right in TERMS[:6] for sign in "+-"]
    texts = [*TEXTS, *sums]
    expected = printed(texts, "0")
    assert len(json.loads(expected)) == len(set(texts))
    for seed in ("1", "12345"):
        shuffled = texts[:]
        Random(seed).shuffle(shuffled)
        assert printed(shuffled, seed) == expected


TERMS = ["A*x", "A'*x", "B*A*x", "(x'*z)*x", "s*x", "x.*z", "softmax(x)", "exp(x)", "inv(A)*x", "X'*y"]


@pytest.mark.parametrize("text", [f"{left} + {right}" for left in TERMS for right in TERMS if left < right])
def test_the_order_of_the_terms_does_not_matter(text: str) -> None:
    turned = " + ".join(reversed(text.split(" + ")))
    assert simplified(read(text, SHAPES)) is simplified(read(turned, SHAPES))


# ── it ends ──────────────────────────────────────────────────────────────────────────────────────────


def names(letter: str, count: int, shape: str) -> dict[str, str]:
    return {f"{letter}_{number}": shape for number in range(count)}


MANY = {
    **names("A", 100, "n, n"),
    **names("x", 100, "n"),
    **names("s", 100, "scalar"),
    "B": "n, n",
    "w": "n",
}
ADVERSARIAL = {
    "a hundred terms": " + ".join(f"A_{i}*x_{i}" for i in range(100)),
    "a hundred terms, one factor on the right": " + ".join(f"A_{i}*w" for i in range(100)),
    "a hundred terms, one factor on the left": " + ".join(f"B*x_{i}" for i in range(100)),
    "a hundred terms that share in pairs": " + ".join(f"A_{i // 2}*x_{i % 7}" for i in range(100)),
    "products of sums": " + ".join(f"(s_{i} + s_{39 - i})*x_{i}" for i in range(40)),
    "entry by entry": " + ".join(f"x_{i}.*x_{(i * 37) % 40}" for i in range(40)),
    "transposed products": " + ".join(f"x_{i}'*A_{i}*x_{(i * 7) % 30}" for i in range(30)),
    "quotients": " + ".join(f"s_{i}/s_{(i + 1) % 50}" for i in range(50)),
    "thirty sums multiplied": "*".join(f"(A_{i} + A_{i + 1})" for i in range(30)),
    "powers of one name": " + ".join(f"s_0^{i}" for i in range(100)),
    "a deep nest": "(" * 60 + "w" + "".join(f" + A_{i}*x_{i})*s_{i}" for i in range(60)),
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_simplifying_ends(name: str) -> None:
    typed = read(ADVERSARIAL[name], MANY)
    short = simplified(typed)
    values = point(MANY)
    assert simplified(short) is short
    assert cost(short) <= cost(typed)
    assert close(value(short, values), value(typed, values))


def test_what_a_hundred_terms_share_is_taken_out() -> None:
    for side in ("left", "right"):
        short = simplified(read(ADVERSARIAL[f"a hundred terms, one factor on the {side}"], MANY))
        assert str(short).count("*") == 1


@pytest.mark.parametrize(
    ("text", "name", "shapes", "wanted"),
    [
        ("p = softmax(W*x); -log(p[y])", "W", "W: c,n; x: n; y: scalar labels(c)", "(p - onehot(y, c)')*x'"),
        ("mean((x - mean(x)).^2)", "x", "x: n", "2*(x - mean(x))/n"),
        ("s = sqrt(w'*S*w); a'*w/s", "w", "w: n; a: n; S: n,n symmetric", "a/s - (a'*w)*S*w/s^3"),
        ("(a'*x)*(x'*S*x)", "x", "a: n; x: n; S: n,n symmetric", "2*(a'*x)*S*x + (x'*S*x)*a"),
        (
            "p = sigmoid(X*w + b); -1/m*sum(y.*log(p) + (1-y).*log(1-p))",
            "b",
            "X: m,n; w: n; b: scalar; y: m",
            "mean(p - y)",
        ),
    ],
)
def test_textbook_gradients(text: str, name: str, shapes: str, wanted: str) -> None:
    declared = dict(item.split(": ", 1) for item in shapes.split("; "))
    derivation = dc.derive(text, name, declared)
    assert str(derivation.gradient) == wanted
    assert derivation.verification is not None and derivation.verification.passed


def test_a_hessian_is_that_of_the_gradient_as_it_is_told() -> None:
    source = "p = 1./(1 + exp(-X*w)); -sum(y.*log(p) + (1 - y).*log(1 - p))"
    derivation = dc.derive(source, "w", {"X": "m, n", "w": "n", "y": "m"}, order=2)
    assert str(derivation.gradient) == "X'*diag(p.*(1 - p))*X"
