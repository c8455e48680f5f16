"""`check` as a user calls it: options, forms of a claim, faults, what a verdict holds, how it is printed."""

from __future__ import annotations

import dataclasses
import json

import pytest

import dimcompat as dc
from dimcompat.messages import sentences
from dimcompat.renderers.glyphs import ASCII
from dimcompat.renderers.verdict import as_object, verdict_json, verdict_text

SQUARES = "(X*w - y)'*(X*w - y)"
LS = {"X": "m, n", "w": "n", "y": "m"}
NET = "S = X*W\nL = sum(S.^2)"
WEIGHTS = {"X": "m, n", "W": "n, c"}


def test_a_verdict_is_data() -> None:
    verdict = dc.check(SQUARES, wrt="w", claim="2*X'*(X*w - y)", shapes=LS)
    assert isinstance(verdict, dc.Verdict) and dataclasses.is_dataclass(verdict)
    assert verdict.correct and verdict.cause == "right" and verdict.reason == "The claim is right."
    assert str(verdict.expected) == "2*X'*(X*w - y)" and verdict.claimed == "2*X'*(X*w - y)"
    assert verdict.evidence is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        verdict.correct = False  # type: ignore[misc]


@pytest.mark.parametrize(
    "front",
    [
        "",
        r"\nabla_w J = ",
        r"\nabla_{w} J(w) = ",
        "∇_w J = ",
        "∇J = ",
        "grad_w J = ",
        "dJ_dw = ",
        "dJ/dw = ",
        "∂J/∂w = ",
        "∂J/∂w=",
        r"\frac{\partial J}{\partial w} = ",
        r"\partial J/\partial w = ",
        "gradient = ",
    ],
)
def test_what_stands_in_front(front: str) -> None:
    assert dc.check(SQUARES, "w", front + "2*X'*(X*w - y)", LS).correct


LONG = "(3 - s^2)/(1/2 + tanh((pi/(1/2 + tanh(t)^2)/(1/2 + tanh(s)^2))^3)^2)"


@pytest.mark.parametrize("order", [1, 2])
def test_a_result_is_right_as_it_is_printed(order: int) -> None:
    """A long one has parts that the derivation named; nobody else can name them."""
    shapes = {"s": "scalar", "t": "scalar"}
    derivation = dc.derive(LONG, "s", shapes, order=order)
    result = derivation.results[0].expression
    printed = str(result)
    assert printed != str(result.expanded)
    assert dc.check(LONG, "s", printed, shapes, order=order).correct
    assert not dc.check(LONG, "s", f"2*({printed})", shapes, order=order).correct
    with pytest.raises(dc.UnknownNameError):
        dc.check("s^2", "s", "2*s_1", shapes)


def test_the_variable_in_front_is_the_one_asked_for() -> None:
    for front in ("dJ_dww = ", "dJ/dv = ", "∂J/∂y = ", "dJ_dw_1 = "):
        with pytest.raises(dc.UnknownNameError) as caught:
            dc.check(SQUARES, "w", front + "2*X'*(X*w - y)", LS)
        assert caught.value.code == "E310" and caught.value.where == "claim"


def test_behind_latex_a_claim_needs_no_command() -> None:
    assert dc.check("x'*x", "x", r"\nabla_x J = 2x", {"x": "n"}).correct
    assert dc.check("x'*x", "x", r"\frac{dJ}{dx} = 2x", {"x": "n"}).correct
    with pytest.raises(dc.ParseError):
        dc.check("x'*x", "x", "dJ_dx = 2x", {"x": "n"})


@pytest.mark.parametrize(
    ("source", "shapes", "wrt", "claim", "cause", "words"),
    [
        (
            "-sum(Y.*logsoftmax(X*W, axis=1))",
            WEIGHTS | {"Y": "m, c"},
            "W",
            "X*(softmax(X*W) - Y)",
            "transpose",
            ("X should be X'", "each row of Y adds up to 1"),
        ),
        (
            "-sum(Y.*logsoftmax(X*W + b, axis=1))",
            WEIGHTS | {"Y": "m, c", "b": "1, c"},
            "b",
            "softmax(X*W + b) - Y",
            "broadcast",
            ("A sum is forgotten", "each row of Y adds up to 1"),
        ),
        (
            "tr(X'*A*X)",
            {"A": "n, n", "X": "n, p"},
            "X",
            "2*X'*A",
            "conditional",
            ("a symmetric A", "other layout"),
        ),
    ],
)
def test_one_slip_beside_a_silent_condition(
    source: str, shapes: dict[str, str], wrt: str, claim: str, cause: str, words: tuple[str, ...]
) -> None:
    verdict = dc.check(source, wrt, claim, shapes)
    assert verdict.cause == cause and all(word in verdict.reason for word in words), verdict.reason


LATEX = {"X": "m, n", "w": "n", "y": "m", "A": "n, n", "x": "n"}


@pytest.mark.parametrize(
    ("source", "wrt", "claim", "cause"),
    [
        (r"\|Xw-y\|_2^2", "w", r"\nabla_w L = 2X^\top(Xw-y)", "right"),
        (r"\|Xw-y\|_2^2", "w", r"\nabla_w J = 2X(Xw-y)", "transpose"),
        (r"\frac{1}{2m}\|Xw-y\|^2", "w", r"\frac{1}{2m} X^\top(Xw-y)", "factor"),
        (r"x^\top A x", "x", r"\frac{\partial f}{\partial x} = 2Ax", "conditional"),
        (r"x^\top A x", "x", r"x^\top(A + A^\top)", "layout"),
        (r"\sum_{i=1}^m (w^\top x_i - y_i)^2", "w", r"2\sum_{i=1}^m (w^\top x_i - y_i)", "shape"),
        (r"\|Xw-y\|_2", "w", r"2X^\top(Xw-y)", "norm"),
    ],
)
def test_claims_in_latex(source: str, wrt: str, claim: str, cause: str) -> None:
    shapes = {name: shape for name, shape in LATEX.items() if name != "x" or "Xw" not in source}
    shapes.pop("x", None) if r"\sum" in source else None
    assert dc.check(source, wrt, claim, shapes, notation="latex").cause == cause


def test_names_of_the_program_and_derivatives_on_the_way() -> None:
    assert dc.check(NET, "W", "2*X'*S", WEIGHTS).correct
    assert dc.check(NET, "W", "X'*dL_dS", WEIGHTS).correct
    assert dc.check(NET, "W", "dL_dW = X'*∂L/∂S", WEIGHTS).correct
    assert dc.check(NET, "W", "X*dL_dS", WEIGHTS).cause == "transpose"


@pytest.mark.parametrize(
    "claim", [r"2X^\top(Xw-y)", r"\nabla_w J = 2X^{T}(Xw - y)", r"2X^\top X w - 2X^\top y"]
)
def test_latex(claim: str) -> None:
    assert dc.check(r"\|Xw-y\|_2^2", "w", claim, LS, notation="latex").correct
    assert dc.check(SQUARES, "w", claim, LS).correct


def test_latex_names() -> None:
    shapes = {"A": "n, n", "θ": "n"}
    verdict = dc.check(r"\theta^\top A\theta", r"\theta", r"2A\theta", shapes, notation="latex")
    assert verdict.cause == "conditional" and verdict.claimed == "2*A*θ"


def test_layouts() -> None:
    row, column = "2*(X*w - y)'*X", "2*X'*(X*w - y)"
    assert dc.check(SQUARES, "w", row, LS).cause == "layout"
    assert dc.check(SQUARES, "w", row, LS, layout="any").cause == "layout"
    assert dc.check(SQUARES, "w", row, LS, layout="numerator").correct
    assert dc.check(SQUARES, "w", column, LS, layout="numerator").cause == "layout"


def test_jacobians_and_hessians() -> None:
    shapes = {"A": "m, n", "x": "n"}
    assert dc.check("A*x", "x", "A'", shapes).correct
    assert dc.check("A*x", "x", "A", shapes).cause == "layout"
    assert dc.check("x'*A*x", "x", "A + A'", {"A": "n, n", "x": "n"}, order=2).correct
    assert dc.check("x'*A*x", "x", "2*A", {"A": "n, n", "x": "n"}, order=2).cause == "conditional"


def test_objective_and_inference() -> None:
    source = "r = A*x\nJ = sumsq(r)\nK = sum(r)"
    shapes = {"A": "m, n", "x": "n"}
    assert dc.check(source, "x", "2*A'*r", shapes, objective="J").correct
    assert dc.check("x'*A*x", "A", "x*x'", infer=True).correct


def test_an_intermediate() -> None:
    assert dc.check(NET, "S", "2*S", WEIGHTS).correct
    assert dc.check(NET, "S", "S", WEIGHTS).cause == "factor"


@pytest.mark.parametrize(
    ("claim", "kind", "offending"),
    [
        ("2*X'*(X*w - y", dc.ParseError, "("),
        ("2*X'*(Z*w - y)", dc.UnknownNameError, "Z"),
        ("dJ/dw = 2*X'*(X*z - y)", dc.UnknownNameError, "z"),
        ("w + X*X + Q", dc.UnknownNameError, "Q"),
        ("foo(X)", dc.UnknownNameError, "foo"),
        ("dJ_dX = 2*X'*(X*w - y)", dc.UnknownNameError, "X"),
        ("", dc.ParseError, None),
        ("2*X'*(X*w - y) = 0", dc.ParseError, None),
    ],
)
def test_a_claim_that_cannot_be_read(
    claim: str, kind: type[dc.DimcompatError], offending: str | None
) -> None:
    with pytest.raises(kind) as caught:
        dc.check(SQUARES, "w", claim, LS)
    error = caught.value
    assert error.where == "claim"
    if offending is not None:
        assert error.span is not None and error.text is not None
        assert error.text[slice(*error.span)] == offending


def test_an_ill_shaped_claim_is_judged() -> None:
    verdict = dc.check(SQUARES, "w", "X*X", LS)
    assert verdict.cause == "shape" and verdict.shape is None and not verdict.correct
    assert "cannot multiply" in verdict.reason


def test_faults_of_the_source_stay_its_own() -> None:
    with pytest.raises(dc.UnknownNameError) as caught:
        dc.check(SQUARES, "v", "w", LS)
    assert caught.value.where == "wrt"
    with pytest.raises(dc.ShapeError) as other:
        dc.check("X*X", "X", "X", {"X": "m, n"})
    assert other.value.where == "source"


def test_expressions_are_taken_too() -> None:
    m, n = dc.dims("m n")
    A, x = dc.matrix("A", m, n), dc.vector("x", n)
    assert dc.check(dc.sumsq(A @ x), x, 2 * A.T @ (A @ x)).correct


def test_the_same_seed_gives_the_same_verdict() -> None:
    first, second = (dc.check(SQUARES, "w", "X'*(X*w + y)", LS, seed=5) for _ in range(2))
    assert first == second


# ── printed ──────────────────────────────────────────────────────────────────────────────────────────


def test_text_as_drawn() -> None:
    text = verdict_text(dc.check(SQUARES, "w", "X'*(X*w - y)", LS))
    assert text == (
        "wrong: a factor 2 is missing\n"
        "   claimed   Xᵀ·(X·w − y)\n"
        "   right     2·Xᵀ·(X·w − y)\n"
        "   J = rᵀ·r has r as a factor twice, so the product rule gives two equal terms;\n"
        "   the claim has one.\n"
        "   smallest example: X = [1], w = [2], y = [1]: the claim says 1, the slope is 2\n"
    )


def test_layout_as_drawn() -> None:
    text = verdict_text(dc.check(SQUARES, "w", "2*(X*w - y)'*X", LS))
    assert text == (
        "right, in the other layout: the claim is the transpose of the derivative here\n"
        "   claimed   2·(X·w − y)ᵀ·X    1×n\n"
        "   here      2·Xᵀ·(X·w − y)    n×1, its transpose\n"
        "   Nothing is wrong with the claim in a text that keeps that layout throughout.\n"
    )


def test_text_in_ascii_and_in_chinese() -> None:
    verdict = dc.check(SQUARES, "w", "2*X*(X*w - y)", LS)
    plain = verdict_text(verdict, glyphs=ASCII)
    assert plain.isascii() and "2*X'*(X*w - y)" in plain
    chinese = verdict_text(verdict, lang="zh")
    assert chinese.startswith("错误：缺少转置")


def test_json() -> None:
    verdict = dc.check(SQUARES, "w", "X'*(X*w - y)", LS)
    found = json.loads(verdict_json(verdict))
    assert found == as_object(verdict)
    assert found["cause"] == "factor" and found["correct"] is False
    assert found["expected"] == {
        "text": "2*X'*(X*w - y)",
        "latex": found["expected"]["latex"],
        "shape": ["n", "1"],
    }
    assert found["claimed"] == {"text": "X'*(X*w - y)", "shape": ["n", "1"]}
    assert found["repair"] == "2*X'*(X*w - y)"
    assert found["evidence"]["claimed"] == [[1.0]]
    assert json.loads(verdict_json(dc.check(SQUARES, "w", "X*X", LS)))["claimed"]["shape"] is None


def test_every_sentence_of_a_claim_is_in_both_languages() -> None:
    english = {key for key in sentences("en") if key.startswith("claim.")}
    assert english == {key for key in sentences("zh") if key.startswith("claim.")}


def test_a_long_claim_and_long_names() -> None:
    long = " + ".join(["2*X'*(X*w - y)"] * 1000)
    assert dc.check(SQUARES, "w", long, LS).cause == "factor"
    name = "w" * 5000
    source = f"sumsq({name})"
    assert dc.check(source, name, f"{name}", {name: "n"}).cause == "factor"
    deep = "(" * 150 + "X'*(X*w - y)" + ")" * 150
    assert dc.check(SQUARES, "w", deep, LS).cause == "factor"


BRANCHED = {"s": "scalar", "t": "scalar", "x": "n", "z": "n", "A": "n, n"}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("objective", "wrt", "one_side", "right"),
    [
        ("relu(s)", "s", "1", "step(s)"),
        ("abs(s)", "s", "1", "sign(s)"),
        ("maximum(s, t)", "s", "1", "step(s - t)"),
        ("maximum(s, 0)*t", "t", "s", "relu(s)"),
        ("relu(x'*A*x)", "x", "(A + A')*x", "step(x'*A*x)*(A + A')*x"),
        ("relu(1 - s*x'*z)", "x", "-s*z", "-s*step(1 - s*x'*z)*z"),
    ],
)
def test_right_on_one_side_of_a_kink_is_not_right(
    objective: str, wrt: str, one_side: str, right: str, seed: int
) -> None:
    shapes = {name: shape for name, shape in BRANCHED.items() if name in objective}
    verdict = dc.check(objective, wrt, one_side, shapes, seed=seed)
    assert not verdict.correct and verdict.cause == "conditional"
    assert verdict.reason.startswith("Right on")
    assert dc.check(objective, wrt, right, shapes, seed=seed).correct


def test_an_exponent_that_is_no_number_is_no_proposal() -> None:
    shapes = {"t": "scalar", "C": "m, m"}
    verdict = dc.check("L = norm2(t*inv(eye(m) + C'*C))", "t", "tr(C^-2)", shapes)
    assert not verdict.correct
