"""Reading: declarations, names, dimensions, the objective, what calls mean; nothing is slow or unsafe."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from dimcompat import expressions as ex
from dimcompat.errors import DimcompatError, ShapeError, UnknownNameError
from dimcompat.functions import REGISTRY
from dimcompat.language.program import read
from dimcompat.language.shape_tree import ShapeNode, typed_tree
from dimcompat.language.within import name_in, read_expression
from dimcompat.shapes import Dim, Shape

CORPUS = Path(__file__).parents[1] / "corpus"
SHAPES = {
    "X": "m, n",
    "w": "n",
    "y": "m",
    "A": "n, n",
    "a": "scalar",
    "r": "1, n",
    "t": "m labels(c)",
    "Z": "m, c",
}


def shape_of(text: str, shapes: dict[str, Any] | None = None) -> str:
    return str(read(text, SHAPES if shapes is None else shapes).operation.value.shape)


def same(left: str, right: str, shapes: dict[str, Any] | None = None) -> bool:
    known = SHAPES if shapes is None else shapes
    return read(left, known).operation.value is read(right, known).operation.value


# ── declarations ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("m, n", "m×n"),
        ("n", "n×1"),
        ("1, c", "1×c"),
        ("scalar", "1×1"),
        ("1", "1×1"),
        ("n+1, 2*p", "(n + 1)×2*p"),
        ("(n+1)^2", "(n^2 + 2*n + 1)×1"),
        (("m", "n"), "m×n"),
        (("m", 3), "m×3"),
        ((Dim.symbol("m") + 1,), "(m + 1)×1"),
        ((), "1×1"),
        (5, "5×1"),
        (Shape(Dim.symbol("m"), Dim.number(2)), "m×2"),
    ],
)
def test_shapes_passed_beside_the_text(declared: Any, expected: str) -> None:
    assert str(read("X", {"X": declared}).symbols["X"].shape) == expected


def test_declarations_in_the_text_and_beside_it() -> None:
    program = read("X: m, n\ny: m labels(c); S: n, n posdef\nsum(X*S*w)", {"w": "n positive"})
    assert list(program.symbols) == ["w", "X", "y", "S"]
    assert program.symbols["w"].attributes == {"positive"}
    assert program.symbols["S"].attributes == {"posdef"}
    assert program.symbols["y"].labels is Dim.symbol("c") and program.symbols["y"].attributes == frozenset()
    assert program.symbols["X"].labels is None
    assert program.text.startswith("X: m, n")


# ── names ────────────────────────────────────────────────────────────────────────────────────────────


def test_parts_keep_their_names() -> None:
    program = read("r = X*w - y\nJ = r'*r", {"X": "m, n", "w": "n", "y": "m"})
    assert (program.name, list(program.parts)) == ("J", ["r", "J"])
    assert {str(symbol) for symbol in program.operation.value.symbols} == {"r"}
    (part,) = program.operation.value.symbols
    assert isinstance(part, ex.Named) and part.definition is program.parts["r"].value
    assert str(program.shapes["r"]) == "m×1"


def test_dimensions_are_scalars() -> None:
    program = read("1/(2*m)*sumsq(X*w)", SHAPES)
    assert program.operation.value.shape.is_scalar
    assert same("m*w", "w*m") and shape_of("c + 0*a") == "1×1"
    assert same("k*tr(eye(k))", "tr(eye(k))^2")  # a dimension that only a constant mentions
    assert same("2*tr(eye(3))", "6")


def test_constants_unless_declared() -> None:
    assert isinstance(read("pi").operation.value, ex.Constant)
    assert isinstance(read("e", {}).operation.value, ex.Constant)
    assert read("π").operation.value is read("pi").operation.value
    assert isinstance(read("e", {"e": "n"}).operation.value, ex.Symbol)
    assert isinstance(read("sum(x)*e", {"x": "e"}).operation.value, ex.Product)


def test_functions_only_where_a_bracket_follows() -> None:
    program = read("K*I*inv(I)*sum(sum)", {"K": "n, n", "I": "n, n", "sum": "n"})
    assert {str(symbol) for symbol in program.operation.value.symbols} == {"K", "sum"}
    assert same("trace(A)", "tr(A)") and same("ln(a)", "log(a)") and same("norm(w)", "norm2(w)")


@pytest.mark.parametrize(
    ("text", "shapes", "objective", "name"),
    [
        ("w'*w", {"w": "n"}, None, "J"),
        ("2*w", {"w": "n"}, None, "F"),
        ("J'*J", {"J": "n"}, None, "L"),
        ("L*J'*J", {"J": "n", "L": "scalar"}, None, "E"),
        ("x'*x", {"x": "J"}, None, "L"),
        ("L*J'*J*E*H", {"J": "n", "L": "scalar", "E": "scalar", "H": "scalar"}, None, "J_1"),
        ("2*F", {"F": "n"}, None, "L"),
        ("q = w'*w", {"w": "n"}, None, "q"),
        ("q = w'*w\n2*q", {"w": "n"}, None, "J"),
        ("q = w'*w\np = 2*q", {"w": "n"}, "q", "q"),
        ("q = w'*w\n2*q", {"w": "n"}, "J", "J"),
        ("w'*w\nq = 2*w'*w", {"w": "n"}, None, "J"),
    ],
)
def test_the_objective(text: str, shapes: dict[str, str], objective: str | None, name: str) -> None:
    assert read(text, shapes, objective=objective).name == name


def test_an_objective_that_is_not_there() -> None:
    with pytest.raises(UnknownNameError) as caught:
        read("q = w'*w", {"w": "n"}, objective="w")
    assert (caught.value.code, caught.value.where, caught.value.span) == ("E304", "objective", (0, 1))


# ── operators and calls ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("X*w", "m×1"),
        ("X@w", "m×1"),
        ("a*X", "m×n"),
        ("X/a", "m×n"),
        ("X + r", "m×n"),
        ("X - y", "m×n"),
        ("X + a", "m×n"),
        ("X.*r", "m×n"),
        ("a./X", "m×n"),
        ("X.^a", "m×n"),
        ("A^-2", "n×n"),
        ("a^a", "1×1"),
        ("A^T", "n×n"),
        ("X^T", "n×m"),
        ("A⁻ᵀ", "n×n"),
        ("+X", "m×n"),
        ("A*-inv(A)", "n×n"),
        ("sum(X, axis=0)", "1×n"),
        ("rowsum(X)", "m×1"),
        ("colsum(X)", "1×n"),
        ("mean(X, axis=1)", "m×1"),
        ("softmax(X)", "m×n"),
        ("logsumexp(X, axis=1)", "m×1"),
        ("vec(X)", "m*n×1"),
        ("reshape(vec(X), m, n)", "m×n"),
        ("kron(X, A)", "m*n×n^2"),
        ("outer(y, w)", "m×n"),
        ("ones(q, 3)", "q×3"),
        ("ones(n)", "n×1"),
        ("zeros(n+1)", "(n + 1)×1"),
        ("eye(2*n)", "2*n×2*n"),
        ("K(m, n)*vec(X)", "m*n×1"),
        ("onehot(t, c)", "m×c"),
        ("pick(Z, t)", "m×1"),
        ("diag(w)", "n×n"),
        ("diag(A)", "n×1"),
        ("‖X*w − y‖²", "1×1"),
        ("X + matrix(1)", "m×n"),
        ("vector(2*a).*w", "n×1"),
        ("w - vector(1)", "n×1"),
        ("w./vector(3)", "n×1"),
    ],
)
def test_shapes_of_expressions(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def test_filled_constants_are_written_out() -> None:
    assert same("w + vector(2)", "w + 2*ones(n)")
    assert same("vector(a).*w", "a*w")
    assert same("X - matrix(1)", "X - ones(m, n)")


def test_operations_are_as_typed() -> None:
    operation = read("(X*w - y)'*(X*w - y)", SHAPES).operation
    assert operation.kind == "multiply" and operation.operands[0].kind == "transpose"
    assert operation.operands[1].kind == "subtract"
    assert read("dot(w, w)", SHAPES).operation.kind == "multiply"  # a spelling of w'*w
    assert read("onehot(t, c)", SHAPES).operation.kind == "leaf"
    assert read("exp(w)", SHAPES).operation.kind == "call"


@pytest.mark.parametrize("name", REGISTRY)
def test_every_record_is_read(name: str) -> None:
    text, shapes = REGISTRY[name].example
    assert read(text, shapes).operation.value.shape.is_scalar


# ── the corpus ───────────────────────────────────────────────────────────────────────────────────────


def corpus(*names: str) -> list[dict[str, Any]]:
    lines = [line for name in names for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def test_the_corpus_is_read() -> None:
    faults = []
    for case in corpus("identities", "programs", "upstream", "samples"):
        try:
            read(case["text"], case.get("shapes"))
        except DimcompatError as error:
            faults.append((case["id"], error.code, str(error)))
    assert faults == []


OPERATOR_PAIRS = list(itertools.product(["+", "-", "*", ".*", "./", "/", "^", ".^"], repeat=2))


def round_trip_fault(text: str, shapes: dict[str, str]) -> str | None:
    try:
        expression = read(text, shapes).operation.value
    except DimcompatError:
        return None
    written = str(expression)
    try:
        again = read(written, shapes).operation.value
    except DimcompatError as error:
        return f"{text} -> {written}: {error}"
    return None if again is expression else f"{text} -> {written} -> {again}"


@pytest.mark.parametrize("case", corpus("identities", "claims"), ids=lambda case: case["id"])
def test_the_corpus_reads_back(case: dict[str, Any]) -> None:
    for text in filter(None, (case["text"], case.get("claim"), case.get("textbook"))):
        if "=" not in text.replace("axis=", ""):
            assert round_trip_fault(text, case["shapes"]) is None


@pytest.mark.parametrize("pair", OPERATOR_PAIRS, ids=" ".join)
def test_pairs_of_operators_read_back(pair: tuple[str, str]) -> None:
    first, second = pair
    shapes = {"a": "scalar", "b": "scalar", "x": "n", "y": "n", "r": "1, n", "A": "n, n", "B": "n, n"}
    sides = itertools.product(
        ["a", "x", "r", "A", "2"], ["b", "y", "B", "2", "y'", "-1"], ["a", "y", "A'", "3", "x'"]
    )
    texts = [t for p, q, s in sides for t in (f"({p}{first}{q}){second}{s}", f"{p}{first}({q}{second}{s})")]
    texts = [text for text in texts if "./(y-y)" not in text]  # a division by zero
    assert [found for text in texts if (found := round_trip_fault(text, shapes))] == []


# ── texts that stand beside a program ────────────────────────────────────────────────────────────────


def test_claims_use_the_names_of_a_program() -> None:
    program = read("r = X*w - y\nJ = r'*r + tr(eye(k))", {"X": "m, n", "w": "n", "y": "m"})
    found = ex.Named.make("dJ_dr", ex.scale(2, program.parts["r"].value), ("J", "r"))
    claim = read_expression("X'*∂J/∂r/m + k*ones(n) + 0*w", program, found_on_the_way={"dJ_dr": found})
    assert str(claim.shape) == "n×1" and found in claim.value.symbols
    assert read_expression("X'*r", program).value.shape == program.symbols["w"].shape
    assert read_expression("ones(q)", program).shape.rows is Dim.symbol("q")
    with pytest.raises(ShapeError) as caught:
        read_expression("X*r", program)
    assert (caught.value.where, caught.value.text, caught.value.span) == ("claim", "X*r", (0, 3))
    assert caught.value.hint == "Did you mean X'*r?"


def test_names_to_differentiate_by() -> None:
    program = read("r = X*w\nr'*r", {"X": "m, n", "w": "n"})
    assert (name_in(" w ", program), name_in("r", program)) == ("w", "r")
    with pytest.raises(UnknownNameError) as caught:
        name_in("W", program)
    assert (caught.value.where, caught.value.span, caught.value.hint) == (
        "wrt",
        (0, 1),
        "Did you mean w? w is n×1.",
    )
    with pytest.raises(UnknownNameError, match="m is not") as caught:
        name_in("m", program)
    assert caught.value.hint == "The text has the names X, w, r."


# ── every subexpression with its shape ───────────────────────────────────────────────────────────────


def flat(node: ShapeNode) -> list[tuple[str, str]]:
    return [(node.text, str(node.shape)), *(pair for child in node.children for pair in flat(child))]


def test_every_subexpression_has_its_shape() -> None:
    first, second = typed_tree("r = X*w - vector(1)\nr'*ones(m, 1)", {"X": "m, n", "w": "n"})
    assert (first.name, second.name) == ("r", None)
    assert flat(first) == [
        ("X*w - vector(1)", "m×1"),
        ("X*w", "m×1"),
        ("X", "m×n"),
        ("w", "n×1"),
        ("vector(1)", "m×1"),
        ("1", "1×1"),
    ]
    assert flat(second) == [("r'*ones(m, 1)", "1×1"), ("r'", "1×m"), ("r", "m×1"), ("ones(m, 1)", "m×1")]


def test_long_sums_have_shapes_at_every_link() -> None:
    (root,) = typed_tree("r" + "+r" * 98 + "+X", {"r": "1, n", "X": "m, n"})
    assert (str(root.shape), str(root.children[0].shape), len(root.children)) == ("m×n", "1×n", 2)
