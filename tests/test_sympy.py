"""To SymPy and back: the same expression, the same numbers, and what does not convert by its name."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import sympy as sp

import dimcompat as dc

m, n = sp.symbols("m n", integer=True, positive=True)
X, w, y = sp.MatrixSymbol("X", m, n), sp.MatrixSymbol("w", n, 1), sp.MatrixSymbol("y", m, 1)
a, i, j = sp.Symbol("a"), sp.Symbol("i", integer=True), sp.Symbol("j", integer=True)
SIZES = {"m": 3, "n": 2, "c": 4, "p": 2, "q": 3}
SQUARE, MATRIX, VECTOR = {"A": "n, n"}, {"X": "m, n"}, {"x": "n"}

SAME = [
    ("2*X'*(X*w - y)", {"X": "m, n", "w": "n", "y": "m"}),
    ("(X*w - y)'*(X*w - y)", {"X": "m, n", "w": "n", "y": "m"}),
    ("1/(2*m)*sumsq(X*w)", {"X": "m, n", "w": "n"}),
    ("X*W + b", {"X": "m, n", "W": "n, c", "b": "1, c"}),
    ("X.*v + 1", {"X": "m, n", "v": "m"}),
    ("X./v.^2", {"X": "m, n", "v": "m"}),
    ("Z = X*w\nsumsq(Z) + sum(Z)", {"X": "m, n", "w": "n"}),
    ("sum(exp(X))", MATRIX),
    ("mean(X)", MATRIX),
    ("mean(X, axis=0)", MATRIX),
    ("norm1(x)", VECTOR),
    ("norm(A*x)", {"A": "m, n", "x": "n"}),
    ("tr(A*B)", {"A": "m, n", "B": "n, m"}),
    ("dot(A, B)", {"A": "m, n", "B": "m, n"}),
    ("logdet(A)", SQUARE),
    ("det(A)*inv(A)'", SQUARE),
    ("A^3 + eye(n)", SQUARE),
    ("diag(x)*A", {**SQUARE, **VECTOR}),
    ("kron(A, B)", {"A": "m, n", "B": "p, q"}),
    ("relu(X) + step(X).*sign(X)", MATRIX),
    ("sigmoid(X)", MATRIX),
    ("tanh(x)./cosh(x) + atan(x) + erf(x) + abs(x)", VECTOR),
    ("softmax(X)", MATRIX),
    ("logsumexp(X)", MATRIX),
    ("logsumexp(X, axis=1)", MATRIX),
    ("maximum(a, b)", {"a": "scalar", "b": "scalar"}),
    ("x.^a", {**VECTOR, "a": "scalar"}),
    ("a^b", {"a": "scalar positive", "b": "scalar"}),
    ("ones(m,n) + X - zeros(m,n)", MATRIX),
    ("sum(i, log(det(A + X[i,:]'*X[i,:])))", {"X": "m, n", "A": "n, n"}),
    ("sum(i, det(A + v[i]*eye(n)))", {"v": "m", "A": "n, n"}),
    ("X*(A + A')", {**MATRIX, **SQUARE}),
    ("V*x", {"V": "2*n^2+1, n", **VECTOR}),
]
EQUAL = [  # comes back in other words
    ("logsoftmax(X, axis=0)", MATRIX),
    ("softplus(x) + gelu(x) + silu(x) + expm1(x) + log1p(exp(x)) + logit(sigmoid(x)/2)", VECTOR),
    ("maximum(x, y)", {"x": "n", "y": "n"}),
    ("minimum(X, a)", {"X": "m, n", "a": "scalar"}),
    ("pi*a^2 + e^a", {"a": "scalar"}),
    ("f(t) = t*sigmoid(a*t)\nf(x)", {"x": "n", "a": "scalar"}),
    (
        "sqrt(sinh(x)) + asinh(x) + acosh(1 + x) + atanh(x) + asin(x)+ acos(x) + sin(x) + cos(x) + tan(x)",
        VECTOR,
    ),
]


def values(program: dc.Program) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        name: rng.uniform(0.2, 0.9, [dim.size(SIZES) for dim in symbol.shape])
        for name, symbol in program.symbols.items()
    }


def numbers(expression: Any, given: dict[str, Any]) -> Any:
    """What SymPy computes, with explicit matrices."""
    found = expression.subs({sp.Symbol(k, integer=True, positive=True): v for k, v in SIZES.items()})
    for name, value in given.items():
        if value.shape == (1, 1):
            found = found.subs({s: value[0, 0] for s in found.free_symbols if s.name == name})
        else:
            found = found.subs(sp.MatrixSymbol(name, *value.shape), sp.Matrix(value))
    found = found.doit()
    for _ in range(3):  # SymPy leaves matrices of ones and slices as they are
        found = found.replace(lambda e: isinstance(e, sp.MatrixExpr), lambda e: e.doit().as_explicit()).doit()
    return np.array(sp.Matrix([found] if not found.is_Matrix else found).evalf()).astype(float)


@pytest.mark.parametrize(("text", "shapes"), SAME + EQUAL, ids=[text for text, _ in SAME + EQUAL])
def test_there_and_back(text: str, shapes: dict[str, str]) -> None:
    program = dc.parse(text, shapes)
    there = dc.to_sympy(program.objective)
    back = dc.from_sympy(there)
    assert back.shape == program.objective.shape
    if (text, shapes) in SAME:
        assert str(back) == str(program.objective.expanded)
    given = values(program)
    expected = dc.evaluate(program.objective, given, dims=SIZES)
    assert np.allclose(dc.evaluate(back, given, dims=SIZES), expected)
    assert np.allclose(numbers(there, given), expected)


@pytest.mark.parametrize(
    "text",
    [
        "diag(A)",
        "tr(A)*diag(A)'*x",
        "sum(f(x))",
        "abs(tr(A*(x - ones(n,1)*sum(x)/n)*x'))",
        "logdet(A*(x - ones(n,1)*sum(x)/n)*x' + eye(n))",
    ],
)
def test_there_and_back_without_numbers(text: str) -> None:
    program = dc.parse(text, {**SQUARE, **VECTOR, "f": "elementwise"})
    back = dc.from_sympy(dc.to_sympy(program.objective), {"f": "elementwise"})
    assert back is dc.parse(text, {**SQUARE, **VECTOR, "f": "elementwise"}).objective.expanded


def test_attributes_come_from_the_shapes() -> None:
    program = dc.parse("x'*A*x", {"A": "n, n symmetric", "x": "n"})
    there = dc.to_sympy(program.objective)
    assert dc.from_sympy(there, {"A": "n, n symmetric"}) is program.objective.expanded
    with pytest.raises(dc.ShapeError, match="A is n×n in SymPy") as caught:
        dc.from_sympy(there, {"A": "m, m"})
    assert caught.value.where == "shapes"


def test_a_gradient_goes_to_sympy() -> None:
    gradient = dc.derive("(X*w - y)'*(X*w - y)", "w", {"X": "m, n", "w": "n", "y": "m"}).gradient
    assert str(dc.to_sympy(gradient)) == str(2 * X.T * (X * w - y)) == "2*X.T*(X*w - y)"


def test_scalars_are_scalars_and_sympy_can_differentiate_them() -> None:
    loss = dc.to_sympy(dc.parse("sum(exp(X))", MATRIX).objective)
    assert isinstance(loss, sp.Trace)
    assert dc.from_sympy(loss.diff(X)) is dc.parse("exp(X)", MATRIX).objective.expanded


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (((X * w - y).T * (X * w - y))[0, 0], "sumsq(X*w - y)"),
        ((w.T * w), "w'*w"),
        (sp.Sum(sp.exp(X[i, j]), (i, 0, m - 1), (j, 0, n - 1)), "sum(exp(X))"),
        (sp.Sum(X[i, j] ** 2, (i, 0, m - 1), (j, 0, n - 1)), "sumsq(X)"),
        (sp.Sum(3, (i, 0, m - 1)), "3*m"),
        (sp.DotProduct(w, w), "w'*w"),
        (X / a, "X/a"),
        (m * X / n, "m*X/n"),
        ((X.T * X).inv(), "inv(X'*X)"),
        (X.conjugate(), "X"),
        (sp.hadamard_product(X, X), "X.^2"),
        (sp.HadamardPower(X, a), "X.^a"),
        (sp.Max(a, 0), "relu(a)"),
        (sp.Heaviside(a), "(1 + sign(a))/2"),
        (sp.log(sp.Abs(sp.Determinant(X.T * X))), "logdet(X'*X)"),
        (sp.Identity(n) * w, "w"),
        (X.applyfunc(sp.Lambda(a, a**2 + 1)), "X.^2 + 1"),
        (X.applyfunc(sp.Lambda(a, sp.Integer(3))), "3*ones(m,n)"),
        (0.1, "1/10"),
        (sp.Float(0.25) * a, "a/4"),
        (sp.sqrt(2) * sp.pi * sp.E, "sqrt(2)*pi*e"),
    ],
    ids=str,
)
def test_from_sympy(expression: Any, expected: str) -> None:
    shapes = {"X": "m, n", "w": "n", "y": "m", "a": "scalar"}
    found = dc.from_sympy(expression)
    assert str(found) == str(dc.parse(expected, shapes).objective)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        (sp.cot(a), "cot"),
        (sp.I * a, "ImaginaryUnit"),
        (sp.oo, "Infinity"),
        (sp.nan, "NaN"),
        (sp.Eq(a, 2), "Equality"),
        (sp.Matrix([[1, 2]]), "ImmutableDenseMatrix"),
        ([1], "list"),
        ("x", "str"),
        (X[0, 0], "MatrixElement"),
        (X[1, :], "MatrixSlice"),
        (X[::2, :], "MatrixSlice"),
        (sp.Sum(w[i, 0], (i, 1, n - 1)), "Sum"),
        (sp.BlockMatrix([[X]]), "BlockMatrix"),
        (sp.Piecewise((a, a > 0), (0, True)), "Piecewise"),
        (sp.Permanent(X.T * X), "Permanent"),
        (sp.FunctionMatrix(m, n, sp.Lambda((i, j), i + j)), "FunctionMatrix"),
        (sp.Integral(a, a), "Integral"),
        (sp.Derivative(sp.Function("g")(a), a), "Derivative"),
        (sp.Function("g")(a), "g"),
        (sp.Heaviside(a, 1), "Heaviside"),
        (sp.conjugate(a), "conjugate"),
    ],
    ids=str,
)
def test_what_does_not_convert_is_named(expression: Any, name: str) -> None:
    with pytest.raises(dc.UnsupportedError, match=rf"^{name} of SymPy is not converted") as caught:
        dc.from_sympy(expression)
    assert (caught.value.code, caught.value.where) == ("E498", "expression")


@pytest.mark.parametrize(
    ("text", "shapes", "name"),
    [
        ("vec(X)", MATRIX, "vec"),
        ("K(m,n)", MATRIX, "commutation"),
        ("pick(X, y)", {**MATRIX, "y": "m labels(n)"}, "class labels"),
        ("phi(X)", {**MATRIX, "phi": "function(m, n)"}, "unnamed function of a matrix"),
    ],
)
def test_what_sympy_has_no_form_for_is_named(text: str, shapes: dict[str, str], name: str) -> None:
    with pytest.raises(dc.UnsupportedError, match=f"SymPy has no form for .*{name}") as caught:
        dc.to_sympy(dc.parse(text, shapes).objective)
    assert caught.value.code == "E499"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (sp.MatAdd(X, sp.MatrixSymbol("B", m, m)), "E203"),
        (X * sp.MatrixSymbol("B", m, m), "E201"),
        (sp.MatrixSymbol("n", n, 1), "E135"),
        (sp.MatrixSymbol("A", 0, 2), "E211"),
        (sp.MatrixSymbol("A", n - 1, 2), "E211"),
        (sp.MatPow(X.T * X, sp.Rational(1, 2)), "E402"),
        (sp.Symbol("x y"), "E129"),
    ],
    ids=str,
)
def test_faults_of_shape_and_name(expression: Any, code: str) -> None:
    with pytest.raises(dc.DimcompatError) as caught:
        dc.from_sympy(expression)
    assert (caught.value.code, caught.value.where) == (code, "expression")


def test_deep_expressions() -> None:
    expression = a
    for _ in range(3000):
        expression = sp.sin(expression, evaluate=False)
    with pytest.raises(dc.DimcompatError):
        dc.from_sympy(expression)


def test_sympy_is_imported_when_it_is_asked_for() -> None:
    code = "import sys, dimcompat as dc; dc.to_sympy; dc.from_sympy; print('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
