"""The public API, as section 4 of the contract has it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dimcompat as dc

SHAPES = {"X": "m, n", "w": "n", "y": "m"}
LEAST_SQUARES = "(X*w - y)'*(X*w - y)"
X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
W = np.array([1.0, -1.0])
Y = np.array([1.0, 0.0, 2.0])
SLOPE = 2 * X.T @ (X @ W - Y)


# ── derive ───────────────────────────────────────────────────────────────────────────────────────────


def test_derive() -> None:
    d = dc.derive(LEAST_SQUARES, wrt="w", shapes=SHAPES)
    assert isinstance(d, dc.Derivation)
    assert str(d.gradient) == "2*X'*(X*w - y)"
    assert tuple(map(str, d.gradient.shape)) == ("n", "1")
    assert isinstance(d.steps, tuple) and all(isinstance(step, dc.Step) for step in d.steps)
    assert all(dataclasses.is_dataclass(step) for step in d.steps)
    check = d.verification
    assert isinstance(check, dc.Verification)
    assert check.passed is True and check.points >= 3 and set(check.dims) == {"m", "n"}
    assert check.max_relative_error is not None and check.max_relative_error < 1e-6


def test_the_printed_formula_reads_back() -> None:
    d = dc.derive("r = X*w - y; J = r'*r + sum(exp(r))", "w", SHAPES)
    text = str(d.gradient.expanded)
    again = dc.parse(text, SHAPES).objective
    values = {"X": X, "w": W, "y": Y}
    assert np.allclose(dc.evaluate(again, values), dc.evaluate(d.gradient, values))


def test_declarations_may_stand_in_the_source() -> None:
    d = dc.derive("X: m, n; w: n; y: m\n" + LEAST_SQUARES, "w")
    assert str(d.gradient) == "2*X'*(X*w - y)"


def test_several_variables() -> None:
    d = dc.derive(LEAST_SQUARES, ["w", "y"], SHAPES)
    assert list(d.gradients) == ["w", "y"]
    assert str(d.gradients["y"]) == "2*(y - X*w)" or str(d.gradients["y"]) == "-2*(X*w - y)"
    assert list(dc.derive(LEAST_SQUARES, "w, y", SHAPES).gradients) == ["w", "y"]
    with pytest.raises(AttributeError):
        _ = d.gradient


def test_the_seed_and_the_check() -> None:
    first, again = (dc.derive(LEAST_SQUARES, "w", SHAPES, seed=7).verification for _ in range(2))
    assert first == again
    assert dc.derive(LEAST_SQUARES, "w", SHAPES, verify=False).verification is None


def test_objective_may_be_chosen() -> None:
    d = dc.derive("A = w'*w; B = sum(w)", "w", {"w": "n"}, objective="A")
    assert str(d.gradient) == "2*w" and d.name == "A"
    assert str(dc.derive("A = w'*w; B = sum(w)", "w", {"w": "n"}).gradient) == "ones(n)"


def test_a_hessian() -> None:
    d = dc.derive("w'*A*w", "w", {"A": "n, n", "w": "n"}, order=2)
    assert str(d.hessians["w", "w"]) == "A + A'"


def test_a_jacobian() -> None:
    d = dc.derive("A*w", "w", {"A": "m, n", "w": "n"})
    assert str(d.gradient) == "A'"
    assert str(dc.derive("A*w", "w", {"A": "m, n", "w": "n"}, layout="numerator").gradient) == "A"


# ── evaluate ─────────────────────────────────────────────────────────────────────────────────────────


def test_evaluate_takes_arrays_of_any_dimension() -> None:
    gradient = dc.derive(LEAST_SQUARES, "w", SHAPES).gradient
    flat = dc.evaluate(gradient, {"X": X, "w": W, "y": Y})
    upright = dc.evaluate(gradient, {"X": X, "w": W[:, None], "y": Y[:, None]})
    lists = dc.evaluate(gradient, {"X": X.tolist(), "w": W.tolist(), "y": Y.tolist()})
    assert flat.shape == (2, 1)
    assert np.allclose(flat[:, 0], SLOPE)
    assert np.array_equal(flat, upright) and np.array_equal(flat, lists)


def test_evaluate_takes_scalars_of_every_kind() -> None:
    expression = dc.parse("s*t + b*w", {"s": "scalar", "t": "scalar", "b": "1, n", "w": "n"}).objective
    for scalar in (2, 2.0, np.float64(2), np.array(2), [2], [[2.0]]):
        found = dc.evaluate(expression, {"s": scalar, "t": 3, "b": [1, 2], "w": [1, 1]})
        assert found.shape == (1, 1) and found.item() == 9


def test_sizes_that_no_input_shows() -> None:
    expression = dc.parse("eye(n)*n").objective
    assert np.array_equal(dc.evaluate(expression, {}, dims={"n": 2}), 2 * np.eye(2))
    with pytest.raises(dc.ShapeError) as caught:
        dc.evaluate(expression, {})
    assert caught.value.code == "E221"


def test_a_gradient_knows_the_sizes_of_its_declarations() -> None:
    gradient = dc.derive("tr(A)", "A", {"A": "n, n"}).gradient
    assert str(gradient) == "eye(n)"
    assert np.array_equal(dc.evaluate(gradient, {"A": np.ones((3, 3))}), np.eye(3))


def test_labels_are_integers() -> None:
    gradient = dc.derive("sum(pick(S, y))", "S", {"S": "m, c", "y": "m labels(c)"}).gradient
    found = dc.evaluate(gradient, {"S": np.zeros((3, 4)), "y": [0, 3, 1]})
    assert np.array_equal(found, np.eye(4)[[0, 3, 1]])


def test_unnamed_functions_are_given_with_their_derivatives() -> None:
    d = dc.derive("f: elementwise; sum(f(X*w))", "w", {"X": "m, n", "w": "n"})
    found = dc.evaluate(d.gradient, {"X": X, "w": W}, functions={"f": (np.sin, np.cos)})
    assert np.allclose(found[:, 0], X.T @ np.cos(X @ W))


def test_results_in_program_names() -> None:
    d = dc.derive("Z = X*w; H = tanh(Z); J = sum(H.^2)", ["w", "Z"], SHAPES)
    H = np.tanh(X @ W)
    assert np.allclose(dc.evaluate(d.gradients["Z"], {"X": X, "w": W})[:, 0], 2 * H * (1 - H**2))
    assert np.allclose(dc.evaluate(d.gradients["w"], {"X": X, "w": W})[:, 0], X.T @ (2 * H * (1 - H**2)))


def test_values_that_do_not_fit() -> None:
    gradient = dc.derive(LEAST_SQUARES, "w", SHAPES).gradient
    with pytest.raises(dc.ShapeError, match="w") as shape:
        dc.evaluate(gradient, {"X": X, "w": Y, "y": Y})
    assert (shape.value.code, shape.value.where) == ("E222", "values")
    with pytest.raises(dc.UnknownNameError, match="y") as name:
        dc.evaluate(gradient, {"X": X, "w": W})
    assert (name.value.code, name.value.where) == ("E303", "values")


# ── parse ────────────────────────────────────────────────────────────────────────────────────────────


def test_parse() -> None:
    program = dc.parse("r = X*w - y; J = r'*r", SHAPES)
    assert isinstance(program, dc.Program)
    assert {name: str(shape) for name, shape in program.shapes.items()} == {
        "X": "m×n",
        "w": "n×1",
        "y": "m×1",
        "r": "m×1",
        "J": "1×1",
    }
    assert isinstance(program.objective, dc.Expr)
    found = dc.evaluate(program.objective, {"X": X, "w": W, "y": Y})
    assert found.item() == pytest.approx(float(np.sum((X @ W - Y) ** 2)))


def test_parse_with_inferred_shapes() -> None:
    program = dc.parse("sum(A*x)", infer=True)
    rows, cols = program.shapes["A"]
    assert program.shapes["x"].rows is cols and rows is not cols


# ── expressions without a text ───────────────────────────────────────────────────────────────────────

m, n, c = dc.dims("m n c")
M, v, z = dc.matrix("M", m, n), dc.vector("v", n), dc.vector("z", m)
S, s = dc.matrix("S", n, n, symmetric=True), dc.scalar("s")
k = dc.labels("k", m, c)

BUILT: dict[str, Callable[[], dc.Expr]] = {
    "M*v - z": lambda: M @ v - z,
    "(M*v - z)'": lambda: (M @ v - z).T,
    "M*v": lambda: M * v,
    "2*M + M/3 - 1": lambda: 2 * M + M / 3 - 1,
    "-M": lambda: -M,
    "+M": lambda: +M,
    "s*M/(1 + s)": lambda: s * M / (1 + s),
    "1/s": lambda: 1 / s,
    "1 - M": lambda: 1 - M,
    "0.5*M": lambda: 0.5 * M,
    "s^3": lambda: s**3,
    "s^0.5": lambda: s**0.5,
    "S^2": lambda: S**2,
    "S^-1": lambda: S**-1,
    "M .* M": lambda: dc.hadamard(M, M),
    "M .* z": lambda: dc.hadamard(M, z),
    "M ./ (1 + z)": lambda: dc.divide(M, 1 + z),
    "M .^ 2": lambda: dc.power(M, 2),
    "exp(M)": lambda: dc.exp(M),
    "exp(2)": lambda: dc.exp(2),
    "tr(S)": lambda: dc.tr(S),
    "logdet(S)": lambda: dc.logdet(S),
    "sum(M)": lambda: dc.sum(M),
    "sum(M, axis=0)": lambda: dc.sum(M, axis=0),
    "mean(M, axis=1)": lambda: dc.mean(M, axis=1),
    "softmax(M, axis=1)": lambda: dc.softmax(M, axis=1),
    "norm2(v)": lambda: dc.norm2(v),
    "dot(v, v)": lambda: dc.dot(v, v),
    "outer(z, v)": lambda: dc.outer(z, v),
    "kron(M, S)": lambda: dc.kron(M, S),
    "maximum(v, 2*v)": lambda: dc.maximum(v, 2 * v),
    "eye(n)": lambda: dc.eye(n),
    "ones(m, n)": lambda: dc.ones(m, n),
    "onehot(k, c)": lambda: dc.onehot(k, c),
    "pick(ones(m, c), k)": lambda: dc.pick(dc.ones(m, c), k),
    "m*M": lambda: m * M,
    "M/(2*m)": lambda: M / (2 * m),
}
BUILT_SHAPES = {
    "M": "m, n",
    "v": "n",
    "z": "m",
    "S": "n, n symmetric",
    "s": "scalar",
    "k": "m labels(c)",
}


@pytest.mark.parametrize("text", BUILT)
def test_building_means_what_the_text_means(text: str) -> None:
    built, read = BUILT[text](), dc.parse(text, BUILT_SHAPES).objective
    assert built is getattr(read, "expression", read)
    assert built.shape == read.shape


def test_derive_of_a_built_expression() -> None:
    r = M @ v - z
    d = dc.derive(r.T @ r, wrt=v)
    assert str(d.gradient) == "2*M'*(M*v - z)"
    assert d.verification is not None and d.verification.passed is True
    assert str(dc.derive(dc.logdet(S), wrt=S).gradient) == "inv(S)"
    assert list(dc.derive(v.T @ S @ v, wrt=[v, S]).gradients) == ["v", "S"]
    labelled = dc.derive(dc.sum(dc.pick(dc.matrix("Q", m, c), k)), wrt="Q")
    assert str(labelled.gradient) == "onehot(k, c)"


def test_attributes_are_kept() -> None:
    assert S.T is S
    assert str(dc.derive(v.T @ S @ v, wrt=v).gradient) == "2*S*v"
    positive = dc.vector("p", n, positive=True)
    check = dc.derive(dc.sum(dc.log(positive)), wrt=positive).verification
    assert check is not None and check.passed is True


def test_every_function_is_an_attribute() -> None:
    listed = dir(dc)
    for name in (
        "exp",
        "log",
        "softmax",
        "logsumexp",
        "tr",
        "det",
        "logdet",
        "inv",
        "diag",
        "vec",
        "kron",
        "adj",
    ):
        assert name in listed and callable(getattr(dc, name))
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = dc.no_such_thing


@pytest.mark.parametrize(
    ("build", "error", "code"),
    [
        (lambda: M @ M, dc.ShapeError, "E201"),
        (lambda: M + M.T, dc.ShapeError, "E203"),
        (lambda: dc.hadamard(v, z.T), dc.ShapeError, "E203"),
        (lambda: M / M, dc.ShapeError, "E204"),
        (lambda: dc.tr(M), dc.ShapeError, "E205"),
        (lambda: dc.inv(M), dc.ShapeError, "E205"),
        (lambda: M**2, dc.ShapeError, "E205"),
        (lambda: S**M, dc.ShapeError, "E206"),
        (lambda: M / 0, dc.UnsupportedError, "E405"),
        (lambda: S**0.5, dc.UnsupportedError, "E402"),
    ],
)
def test_building_checks_shapes(build: Callable[[], Any], error: type[dc.DimcompatError], code: str) -> None:
    with pytest.raises(error) as caught:
        build()
    assert caught.value.code == code


def test_what_is_no_expression_is_a_type_error() -> None:
    for build in (lambda: M + np.ones(3), lambda: M @ "w", lambda: dc.exp("M"), lambda: M + None):
        with pytest.raises(TypeError):
            build()


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "wrt", "error", "code", "span", "where"),
    [
        ("X*(w", "w", dc.ParseError, "E108", (2, 3), "source"),
        ("", "w", dc.ParseError, "E102", None, "source"),
        ("y'*X*X", "X", dc.ShapeError, "E201", (0, 6), "source"),
        ("X*w + y'", "w", dc.ShapeError, "E203", (0, 8), "source"),
        ("sum(Q*w)", "w", dc.UnknownNameError, "E301", (4, 5), "source"),
        ("w'*w", "Q", dc.UnknownNameError, "E301", (0, 1), "wrt"),
        ("tr(expm(X'*X))", "X", dc.UnsupportedError, "E418", (3, 7), "source"),
    ],
)
def test_errors(
    source: str, wrt: str, error: type[dc.DimcompatError], code: str, span: tuple[int, int] | None, where: str
) -> None:
    with pytest.raises(dc.DimcompatError) as caught:
        dc.derive(source, wrt, SHAPES)
    found = caught.value
    assert type(found) is error
    assert (found.code, found.where) == (code, where)
    assert span is None or found.span == span
    assert found.message and found.message in str(found)
    assert found.hint is None or isinstance(found.hint, str)


def test_a_hint_says_what_would_fit() -> None:
    with pytest.raises(dc.ShapeError) as caught:
        dc.derive("sum(X*y)", "y", SHAPES)
    assert caught.value.hint is not None and "X'*y" in caught.value.hint


@pytest.mark.parametrize(
    "given",
    [{"order": 3}, {"layout": "mixed"}, {"notation": "apl"}, {"order": 2, "upstream": True}],
    ids=str,
)
def test_options_that_are_not_there(given: dict[str, Any]) -> None:
    with pytest.raises(dc.UnsupportedError):
        dc.derive(LEAST_SQUARES, "w", SHAPES, **given)


# ── render ───────────────────────────────────────────────────────────────────────────────────────────


def test_json() -> None:
    found = json.loads(dc.derive(LEAST_SQUARES, ["w", "y"], SHAPES).render("json"))
    assert found["version"] == 1 and found["layout"] == "denominator"
    assert set(found["objective"]) == {"name", "text", "latex", "shape"}
    assert found["objective"]["name"] == "J" and found["objective"]["shape"] == ["1", "1"]
    assert [set(one) for one in found["declarations"]] == [{"name", "shape", "attributes"}] * 3
    first, second = found["results"]
    assert (first["wrt"], second["wrt"]) == ("w", "y")
    assert first["text"] == "2*X'*(X*w - y)" and first["shape"] == ["n", "1"]
    assert first["numpy"] == "2*X.T @ (X @ w - y)"
    assert first["decided_by"] == "dimensions" and first["candidates"] == 1
    assert found["steps"][0]["kind"] == "problem" and found["steps"][-1]["kind"] == "result"
    assert all(step["title"] and step["text"] and step["latex"] for step in found["steps"])
    product = next(step for step in found["steps"] if step["kind"] == "product")
    assert set(product) >= {"scalar", "wanted", "factors", "arranged", "decided_by", "candidates", "defines"}
    check = found["verification"]
    assert check["passed"] is True and check["points"] >= 3 and set(check["dims"]) == {"m", "n"}


def test_json_of_forms_notes_and_hessians() -> None:
    found = json.loads(dc.derive("logdet(S)", ["S", "u"], {"S": "n, n posdef", "u": "n"}).render("json"))
    forms = {form["name"]: form["text"] for form in found["results"][0]["forms"]}
    assert set(forms) == {"unconstrained", "independent entries"}
    assert found["declarations"][0]["attributes"] == ["posdef"]
    assert len(found["notes"]) == 1 and "u" in found["notes"][0]
    hessian = json.loads(dc.derive("v'*S*v", "v", {"S": "n, n", "v": "n"}, order=2).render("json"))
    assert hessian["results"][0]["wrt"] == ["v", "v"]


def test_json_of_what_was_not_checked() -> None:
    assert (
        json.loads(dc.derive(LEAST_SQUARES, "w", SHAPES, verify=False).render("json"))["verification"] is None
    )
    never_finite = json.loads(dc.derive("log(0 - exp(s))", "s", {"s": "scalar"}).render("json"))
    assert never_finite["verification"]["passed"] is None


@pytest.mark.parametrize("steps", ["all", "brief", "none"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_text(steps: str, width: int) -> None:
    text = dc.derive(LEAST_SQUARES, "w", SHAPES).render("text", steps=steps, width=width)
    assert "2·Xᵀ·(X·w − y)" in text
    assert max(map(len, text.splitlines())) <= width


def test_text_in_chinese() -> None:
    assert any("\u4e00" <= char <= "\u9fff" for char in dc.derive("w'*w", "w", {"w": "n"}).render(lang="zh"))


def test_the_package_says_what_it_is() -> None:
    assert dc.__version__.count(".") == 2
    assert set(dc.__all__) <= set(dir(dc))
    assert all(hasattr(dc, name) for name in dc.__all__)
