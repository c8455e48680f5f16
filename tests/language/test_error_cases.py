"""Inputs at fault: which error, where its caret stands, what it says, and that what it proposes is true."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from language.templates import TEMPLATES

from dimcompat.errors import DimcompatError, ParseError, ShapeError, UnknownNameError, UnsupportedError
from dimcompat.language.program import read

CORPUS = Path(__file__).parents[1] / "corpus"
SHAPES = {
    "X": "m, n",
    "Y": "m, n",
    "w": "n",
    "y": "m",
    "A": "n, n",
    "B": "n, n",
    "a": "scalar",
    "r": "1, n",
    "t": "m labels(c)",
    "Z": "m, c",
}
HINTED = re.compile(r"Did you mean (.+?)\?(?: |$)")


@dataclass(frozen=True)
class Fault:
    """One text and what is said about it; ``caret`` is the text under the caret."""

    text: str
    error: type[DimcompatError]
    code: str
    caret: str | None
    says: tuple[str, ...] = ()
    proposes: str | None = None


# fmt: off
FAULTS = [
    # sums and entry-by-entry operators
    Fault("X*w + y'", ShapeError, "E203", "X*w + y'", ("add m×1 and 1×m", "X*w is m×1", "y' is 1×m",
          "one side may be stretched, not both", "X is m×n, w is n×1, y is m×1"), "X*w + y"),
    Fault("sumsq(y' - X*w)", ShapeError, "E203", "y' - X*w", ("subtract 1×m and m×1",), "y - X*w"),
    Fault("w + y", ShapeError, "E203", "w + y", ("w is n×1, y is m×1, and n ≠ m",)),
    Fault("w - r", ShapeError, "E203", "w - r", ("not both",), "w - r'"),
    Fault("X + A", ShapeError, "E203", "X + A", ("m ≠ n",)),
    Fault("X.*w", ShapeError, "E203", "X.*w", ("multiply entry by entry m×n and n×1", "m ≠ n"), "X.*w'"),
    Fault("Z.*w", ShapeError, "E203", "Z.*w", ("m ≠ n",)),
    Fault("Z'.*X", ShapeError, "E203", "Z'.*X", ("c ≠ m", "m ≠ n"), "Z'*X"),
    Fault("w./r", ShapeError, "E203", "w./r", ("divide entry by entry", "not both"), "w./r'"),
    Fault("X./w", ShapeError, "E203", "X./w", ("m×n and n×1",), "X./w'"),
    # products
    Fault("w*X", ShapeError, "E201", "w*X", ("multiply n×1 by m×n", "w is n×1, X is m×n, and 1 ≠ m"), "X*w"),
    Fault("X*y", ShapeError, "E201", "X*y", ("X is m×n, y is m×1, and n ≠ m",), "X'*y"),
    Fault("X@y", ShapeError, "E201", "X@y", ("n ≠ m",), "X'@y"),
    Fault("X·y", ShapeError, "E201", "X·y", ("n ≠ m",), "X'*y"),
    Fault("w*w", ShapeError, "E201", "w*w", ("w is n×1, and 1 ≠ n",), "w'*w"),
    Fault("sum(X*Y)", ShapeError, "E201", "X*Y", ("n ≠ m",), "X'*Y"),
    Fault("sum(A@B + X*Y)", ShapeError, "E201", "X*Y", ("n ≠ m",), "X'*Y"),
    Fault("sum(A@w) + sum(X.*(X*Y))", ShapeError, "E201", "X*Y", ("n ≠ m",), "X.*Y"),
    Fault("(X*w - y)*(X*w - y)", ShapeError, "E201", "(X*w - y)*(X*w - y)", (
          "X*w - y is m×1, and 1 ≠ m", "X is m×n"), "(X*w - y)'*(X*w - y)"),
    Fault("X*(w\n + w) + X'*(w # n\n + w)", ShapeError, "E201", "X'*(w # n\n + w)", ("m ≠ n",), "X*(w + w)"),
    Fault("2 + w'*(y'*X)", ShapeError, "E201", "w'*(y'*X)", ("n ≠ 1",), "w'*(y'*X)'"),
    Fault("X'*A*w", ShapeError, "E201", "X'*A", ("m ≠ n", "X is m×n"), "X*A"),
    # division and powers
    Fault("y'*y/w", ShapeError, "E204", "y'*y/w", ("divide by a matrix", "w is n×1"), "y'*y./w"),
    Fault("X/A", ShapeError, "E204", "X/A", ("A is n×n",), "X*A^-1"),
    Fault("w/w", ShapeError, "E204", "w/w", ("/ divides by a scalar",), "w./w"),
    Fault("sum(w^2)", ShapeError, "E205", "w^2", ("only a square matrix has a power", "w is n×1"), "w.^2"),
    Fault("sum(w²)", ShapeError, "E205", "w²", ("only a square matrix has a power",), "w.^2"),
    Fault("X^-1", ShapeError, "E205", "X^-1", ("m ≠ n",), "X.^-1"),
    Fault("sum(X⁻ᵀ)", ShapeError, "E205", "X⁻ᵀ", ("m ≠ n",), "X.^-1"),
    Fault("2^A", ShapeError, "E206", "2^A", ("A is n×n",)),
    Fault("A^w", ShapeError, "E206", "A^w", ("exponent is a scalar", "w is n×1")),
    Fault("A^0.5", UnsupportedError, "E402", "A^0.5", ("integer",)),
    Fault("A^a", UnsupportedError, "E402", "A^a", ("integer",)),
    Fault("A^65", UnsupportedError, "E403", "A^65", ("64",)),
    Fault("A.^B", UnsupportedError, "E404", "A.^B", ("scalar",)),
    Fault("a + 1/0", UnsupportedError, "E405", "1/0", ("zero",)),
    # functions: shapes
    Fault("inv(X)", ShapeError, "E205", "X", ("inv", "m ≠ n")),
    Fault("1 + det(X*A)", ShapeError, "E205", "X*A", ("det", "X*A is m×n", "X is m×n, A is n×n")),
    Fault("tr(X')", ShapeError, "E205", "X'", ("X' is n×m", "n ≠ m", "X is m×n")),
    Fault("logdet(w)", ShapeError, "E205", "w", ("logdet", "w is n×1")),
    Fault("maximum(w, y)", ShapeError, "E203", "maximum(w, y)", ("w is n×1, and y is m×1",)),
    Fault("minimum(X, Y')", ShapeError, "E203", "minimum(X, Y')", ("Y' is n×m",), "minimum(X, Y)"),
    Fault("dot(X, Y')", ShapeError, "E208", "dot(X, Y')", ("X is m×n",), "dot(X, Y)"),
    Fault("outer(X, w)", ShapeError, "E207", "outer(X, w)", ("X is m×n",)),
    Fault("sum(reshape(w, m, m))", ShapeError, "E208", "reshape(w, m, m)", ("w is n×1",)),
    # functions: names and arguments
    Fault("foo(w)", UnknownNameError, "E306", "foo", ("'foo'",)),
    Fault("sum(sofmax(w))", UnknownNameError, "E306", "sofmax", ("'sofmax'",), "softmax(…)"),
    Fault("Exp(w)", UnknownNameError, "E306", "Exp", (), "exp(…)"),
    Fault("w(2)", UnknownNameError, "E306", "w", ("no function",)),
    Fault("tr(expm(A))", UnsupportedError, "E418", "expm", ("expm",)),
    Fault("logm(A)", UnsupportedError, "E418", "logm", ("logm",)),
    Fault("kron(A)", ParseError, "E136", "kron(A)", ("two arguments", "has one")),
    Fault("sum()", ParseError, "E136", "sum()", ("one argument", "has none")),
    Fault("exp(w, w, w)", ParseError, "E136", "exp(w, w, w)", ("one argument", "has three")),
    Fault("eye()", ParseError, "E136", "eye()", ("has none",)),
    Fault("K(m)", ParseError, "E136", "K(m)", ("two arguments",)),
    Fault("vector(1, 2)", ParseError, "E136", "vector(1, 2)", ("one argument",)),
    Fault("sum(X, 0)", ParseError, "E136", "sum(X, 0)", ("one argument",)),
    Fault("sum(X, dim=0)", ParseError, "E137", "dim", ("'dim'",)),
    Fault("exp(w, axis=0)", ParseError, "E137", "axis", ("'axis'",)),
    Fault("sum(X, axis=2)", ParseError, "E140", "2", ("0 or 1",)),
    Fault("sum(X, axis=w)", ParseError, "E140", "w", ("0 or 1",)),
    Fault("sum(X, axis=0, axis=1)", ParseError, "E123", "axis", ("twice",)),
    Fault("ones(w)", ParseError, "E141", "w", ("w is a value",)),
    Fault("ones(0)", ShapeError, "E211", "0", ("positive integer",)),
    Fault("eye(n-1)", UnsupportedError, "E411", "n-1", ()),
    Fault("zeros(sum(w))", ParseError, "E141", "w", ()),
    Fault("zeros(exp(2))", ParseError, "E131", "exp(2)", ()),
    Fault("exp(w) + vector(w)", ShapeError, "E215", "vector(w)", ("n×1",)),
    Fault("vector(1)", ShapeError, "E213", "vector(1)", ("vector(1)",)),
    Fault("exp(vector(1))", ShapeError, "E213", "vector(1)", ()),
    Fault("2*matrix(1)", ShapeError, "E213", "matrix(1)", ()),
    Fault("vector(1) + vector(2)", ShapeError, "E213", "vector(1)", ()),
    # labels
    Fault("t + y", ShapeError, "E214", "t", ("t holds class labels",)),
    Fault("exp(t)", ShapeError, "E214", "t", ()),
    Fault("-t", ShapeError, "E214", "t", ()),
    Fault("t'", ShapeError, "E214", "t", ()),
    Fault("t", ShapeError, "E214", "t", ()),
    Fault("s = t\nsum(s)", ShapeError, "E214", "t", ()),
    Fault("onehot(y, c)", ShapeError, "E209", "onehot(y, c)", ("labels", "y is m×1")),
    Fault("sum(pick(Z, y))", ShapeError, "E209", "pick(Z, y)", ("labels",)),
    Fault("pick(X', t)", ShapeError, "E208", "pick(X', t)", ("X' is n×m",), "pick(X, t)"),
    # names
    Fault("sumsq(X*W - y)", UnknownNameError, "E301", "W", ("W is not declared",), "w"),
    Fault("1/N*w'*w", UnknownNameError, "E301", "N", (), "n"),
    Fault("Xw - y", UnknownNameError, "E301", "Xw", (), "X*w"),
    Fault("q*w", UnknownNameError, "E301", "q", ()),
    Fault("lamda*w", UnknownNameError, "E301", "lamda", ()),
    Fault("a*exp", UnknownNameError, "E301", "exp", ()),
    Fault("w.^T", UnknownNameError, "E301", "T", ()),
    Fault("alpha = 2\nalhpa*w", UnknownNameError, "E301", "alhpa", (), "alpha"),
    Fault("q = q + w", UnknownNameError, "E305", "q", ("before its assignment",)),
    Fault("u = v\nv = w\nu", UnknownNameError, "E305", "v", ("before its assignment",)),
    Fault("w'*v\nv: n", UnknownNameError, "E305", "v", ("before its declaration",)),
    Fault("u: n\nu: m\nu'*u", ParseError, "E134", "u", ("'u'", "twice")),
    Fault("w: n\nw", ParseError, "E134", "w", ("twice",)),
    Fault("q = w\nq = w", ParseError, "E134", "q", ("twice",)),
    Fault("X = w", ParseError, "E134", "X", ("twice",)),
    Fault("n = 2\nn*w", ParseError, "E135", None, ("dimension",)),
    Fault("u: p\np: scalar\nu*p", ParseError, "E135", "p", ("dimension",)),
    Fault("w\ny", ParseError, "E144", "y", ("second expression",)),
    Fault("q: scalar", ParseError, "E143", "q: scalar", ("computes nothing",)),
    Fault("T: scalar\ntr(A^T*B)", ParseError, "E138", "A^T", ("transpose",)),
    Fault("T = 2\ntr(A**T*B)", ParseError, "E138", "A**T", ("transpose",)),
    Fault("A @ B * A", ParseError, "E139", "A @ B * A", ("@",), "A @ B.*A"),
    Fault("A*B + A@B", ParseError, "E139", "A*B", ("@",), "A.*B"),
    # declarations in the text
    Fault("D: m, p diagonal\nD", ShapeError, "E210", "diagonal", ("D is m×p",)),
    Fault("D: p posdef\nD", ShapeError, "E210", "posdef", ("D is p×1",)),
    Fault("D: p, q labels(c)\nD", ParseError, "E127", "labels(c)", ()),
    Fault("D: p positive labels(c)\nD", ParseError, "E127", "labels(c)", ()),
    Fault("D: p, q, s\nD", ShapeError, "E212", "s", ()),
    Fault("D: 0\nD", ShapeError, "E211", "0", ()),
    Fault("D: p-1\nD", UnsupportedError, "E411", "p-1", ()),
    Fault("D: (p+q+s+u)^64*(v+x+z+d)^64\nD", ParseError, "E145", "(p+q+s+u)^64*(v+x+z+d)^64", ()),
    # indices
    Fault("X[i,:]*w", UnknownNameError, "E307", "i", ("No sum binds the index i.",)),
    Fault("sum(i, X[j,:]*w*y[i])", UnknownNameError, "E307", "j", ("index j",)),
    Fault("sum(i, y[i]) + y[i]", UnknownNameError, "E307", "i", ()),
    Fault("sum(i, Z[i,t[j]])", UnknownNameError, "E307", "j", ()),
    Fault("sum(i, w)", ShapeError, "E216", "i", ("what i runs over", "w does not use it")),
    Fault("sum(i, sum(i, y[i]))", ShapeError, "E216", "i", ("sum(i, y[i])",)),
    Fault("sum(i, X[i,:]*w - w[i])", ShapeError, "E220", "w[i]", ("index i", "two dimensions here, m and n")),
    Fault("sum(i, w[i]*X[:,i]'*y[i])", ShapeError, "E220", "y[i]", ("n and m",)),
    Fault("sum(i, Z[i,i])", ShapeError, "E220", "Z[i,i]", ("m and c",)),
    Fault("sum(i, w[i]*Z[1,t[i]])", UnsupportedError, "E422", "1", ()),
    Fault("sum(w, X[w,:])", ParseError, "E151", "w", ("means something else", "w is n×1")),
    Fault("sum(m, y[m])", ParseError, "E151", "m", ("m is a dimension",)),
    Fault("q = w\nsum(q, w[q])", ParseError, "E151", "q", ("q is n×1",)),
    Fault("sum(w, X)", ParseError, "E136", "sum(w, X)", ("one argument",)),
    Fault("sum(i, i*y[i])", UnsupportedError, "E421", "i", ("not a number",)),
    Fault("sum(i, y[i]^i)", UnsupportedError, "E421", "i", ("not a number",)),
    Fault("sum(i, y[i]*sum(ones(i)))", ParseError, "E151", "i", ("i is a dimension",)),
    Fault("sum(i, X[1,:]*w + y[i])", UnsupportedError, "E422", "1", ("numbers as indices",)),
    Fault("w[-1]", UnsupportedError, "E422", "-1", ()),
    Fault("sum(i, y[i+1])", UnsupportedError, "E423", "i+1", ("neither bound by a sum nor a class label",)),
    Fault("sum(i, X[w,:]*w*y[i])", UnsupportedError, "E423", "w", ()),
    Fault("sum(i, X[m,:]*w*y[i])", UnsupportedError, "E423", "m", ()),
    Fault("sum(i, Z[i,t[m]])", UnsupportedError, "E423", "m", ()),
    Fault("sum(i, X[i]*w)", ShapeError, "E218", "X[i]", ("X is m×n", "one index")),
    Fault("sum(i, a[i]*y[i])", ShapeError, "E217", "a[i]", ("a is a scalar",)),
    Fault("sum(i, X[i,:,:])", ParseError, "E130", ":", ("third index",)),
    Fault("sum(i, X[1:3,:]*y[i])", UnsupportedError, "E413", ":", ()),
    Fault("sum(i, w'*X[i,:])", ShapeError, "E201", "w'*X[i,:]", ("w' is 1×n, X[i,:] is 1×n",), "w'*X[i,:]'"),
    Fault("sum(i, X[i,:] + w)", ShapeError, "E203", "X[i,:] + w", ("not both",), "X[i,:] + w'"),
    Fault("sum(i, t[i]*y[i])", ShapeError, "E214", "t[i]", ("t holds class labels",)),
    Fault("sum(i, t[i])", ShapeError, "E214", "t[i]", ("t holds class labels",)),
    Fault("sum(i, exp(t[i]))", ShapeError, "E214", "t[i]", ("t holds class labels",)),
    Fault("sum(i, X[i,t[i]])", ShapeError, "E219", "X[i,t[i]]", ("one of c classes", "X has n columns")),
    Fault("sum(i, w[t[i]])", ShapeError, "E219", "w[t[i]]", ("w has n entries",)),
    Fault("sum(i, X[t[i],:]*w)", ShapeError, "E219", "X[t[i],:]", ("X has m rows",)),
    Fault("sum(i, Z[i,t]*y[i])", ShapeError, "E223", "t", ("t holds m labels",)),
    Fault("l: labels(c)\nsum(i, Z[i,l[i]])", ShapeError, "E224", "l[i]", ("l holds labels and is 1×1",)),
    # not there
    Fault("f'(w)", UnknownNameError, "E306", "f'", ()),
    # functions of the text
    Fault("sin(t) = t\nsum(w)", ParseError, "E149", "sin", ("sin",)),
    Fault("f(t) = f(t)\nsum(w)", ParseError, "E150", "f", ("'f'",)),
    Fault("f: elementwise\nw + f", UnknownNameError, "E311", "f", ("f is a function",)),
    Fault("f(t) = t*w\nsum(w)", UnsupportedError, "E417", "w", ("w is n×1",)),
    # size
    Fault("a" + "*a" * 300, ParseError, "E133", "a" + "*a" * 201, ("200",)),
    Fault("w" + "'" * 5000, ParseError, "E133", "w" + "'" * 201, ("200",)),
    Fault("(9^9999)^9999", ParseError, "E146", "9^9999", ()),
    Fault("square(" * 30 + "9" + ")" * 30, ParseError, "E146", None, ()),
    Fault("(" * 5000 + "w" + ")" * 5000, ParseError, "E121", "(", ()),
    Fault("(" * 5000 + "w" + ")" * 4999, ParseError, "E108", "(", ()),
    # how the text is written
    Fault("", ParseError, "E102", None, ()),
    Fault("  \n\t\n# nothing", ParseError, "E102", None, ()),
    Fault("sum(w", ParseError, "E108", "(", ()),
    Fault("sum(w))", ParseError, "E109", ")", ()),
    Fault("(w]", ParseError, "E110", "]", ()),
    Fault("w +", ParseError, "E112", "+", ()),
    Fault("w * / w", ParseError, "E114", "* / ", ()),
    Fault("w\0", ParseError, "E103", "\0", ("U+0000",)),
    Fault("__import__('os')", ParseError, "E113", "'", ()),
    Fault("w.__class__", ParseError, "E105", ".__class__", ()),
    Fault("__import__(w)", UnknownNameError, "E306", "__import__", ()),
    Fault("w'*w % 2", ParseError, "E103", "%", ()),
    Fault("w'*w = a", ParseError, "E118", "=", ()),
]
# fmt: on


def fault_of(text: str, shapes: dict[str, str]) -> DimcompatError:
    with pytest.raises(DimcompatError) as caught:
        read(text, shapes)
    return caught.value


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: f"{case.code} {case.text[:40]!a}")
def test_fault(case: Fault) -> None:
    error = fault_of(case.text, SHAPES)
    assert (type(error), error.code) == (case.error, case.code)
    assert error.text is not None
    if case.caret is not None:
        assert error.span is not None
        assert error.text[slice(*error.span)].strip() == case.caret.strip() or "\0" in case.caret
    for part in case.says:
        assert part in error.message
    proposed = HINTED.search(error.hint or "")
    assert (proposed[1] if proposed else None) == case.proposes


def test_every_code_of_the_language_has_a_case() -> None:
    """The codes raised in elaboration; those of the grammar have their own tests."""
    grammar = {"E411", "E412", "E413", "E414"}
    ours = {code for code in TEMPLATES if code > "E132"} - grammar
    # shapes that are no text, very long texts, an argument of `read`, inference
    elsewhere = {"E147", "E148", "E304", "E491"}
    elsewhere |= {"E152", "E153", "E154", "E155", "E156", "E157", "E225", "E424"}  # LaTeX
    elsewhere |= {"E310"}  # claims
    assert ours - elsewhere <= {case.code for case in FAULTS}


@pytest.mark.parametrize(
    "case", [case for case in FAULTS if case.proposes and "…" not in case.proposes], ids=lambda c: c.text
)
def test_what_is_proposed_is_well_shaped(case: Fault) -> None:
    """The text with the edit in the place of the fault is read without a fault of shape there."""
    error = fault_of(case.text, SHAPES)
    assert error.span is not None and case.proposes is not None
    if "[" not in case.proposes:  # an index needs the sum around it
        read(case.proposes, SHAPES if "alpha" not in case.text else {**SHAPES, "alpha": "scalar"})
    before, after = case.text[: error.span[0]], case.text[error.span[1] :]
    read(f"{before}({case.proposes}){after}", SHAPES)


def test_labels_show_both_operands() -> None:
    text = "X*w + y'"
    error = fault_of(text, SHAPES)
    labels = [(text[slice(*label.span)], label.text) for label in error.labels]
    assert labels == [("X*w", "m×1"), ("y'", "1×m")]


def test_the_transpose_is_proposed_for_either_sign_of_a_power() -> None:
    for text in ("T: scalar\ntr(A^T*B)", "T: scalar\ntr(A**T*B)"):
        assert fault_of(text, SHAPES).hint == "Write A' for the transpose."


def test_messages_end_as_sentences() -> None:
    for case in FAULTS:
        if case.error is ShapeError:
            assert fault_of(case.text, SHAPES).message.endswith(".")


@pytest.mark.parametrize(
    ("shapes", "error", "code", "text", "caret"),
    [
        ({"x": "n n"}, ParseError, "E126", "n n", "n"),
        ({"x": "n, m, p"}, ShapeError, "E212", "n, m, p", "p"),
        ({"x": "m, n diagonal"}, ShapeError, "E210", "m, n diagonal", "diagonal"),
        ({"sin": "elementwise"}, ParseError, "E149", "elementwise", "elementwise"),
        ({"x": ""}, ParseError, "E102", "", None),
        ({"x": "n", "n": "scalar"}, ParseError, "E135", "n", "n"),
        ({"x": "n+"}, ParseError, "E112", "n+", "+"),
        ({"2x": "n"}, ParseError, "E129", "2x", "2x"),
        ({"W_1": "n", "W₁": "n"}, ParseError, "E134", "n", "n"),
    ],
)
def test_faults_in_shapes(
    shapes: dict[str, str], error: type[DimcompatError], code: str, text: str, caret: str | None
) -> None:
    found = fault_of("x'*x", shapes)
    assert (type(found), found.code, found.where, found.text) == (error, code, "shapes", text)
    assert found.span is None if caret is None else found.text[slice(*(found.span or ()))] == caret


def test_shapes_that_are_no_text() -> None:
    with pytest.raises(ParseError) as caught:
        read("x", {"x": (1.5, "n")})  # type: ignore[dict-item]
    assert (caught.value.code, caught.value.where, caught.value.span) == ("E147", "shapes", None)


def test_a_second_declaration_points_at_both() -> None:
    error = fault_of("u: n\nu: m\nu", {})
    assert error.span == (5, 6)
    assert [(label.span, label.text) for label in error.labels] == [((0, 1), "first declared here")]


def corpus_cases() -> list[dict[str, object]]:
    cases = [json.loads(line) for line in (CORPUS / "errors.jsonl").read_text("utf-8").splitlines()]
    later = ("index", "wrt", "hess")
    return [c for c in cases if "notation" not in c and not any(word in c["id"] for word in later)]


@pytest.mark.parametrize("case", corpus_cases(), ids=lambda case: case["id"])
def test_the_corpus(case: dict[str, str]) -> None:
    error = fault_of(case["text"], case["shapes"])  # type: ignore[arg-type]
    assert type(error).__name__ in case["error"]
    if "offending" in case and error.where == "source":
        assert error.span is not None
        start, end = error.span
        places = [found.span() for found in re.finditer(re.escape(case["offending"]), case["text"])]
        assert any(start < b and a < end for a, b in places)
