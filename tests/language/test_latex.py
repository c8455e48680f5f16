r"""LaTeX as it stands in notes means what the same formula means in the plain notation."""

from __future__ import annotations

import pytest

import dimcompat as dc
from dimcompat.errors import DimcompatError, ParseError, ShapeError, UnknownNameError, UnsupportedError
from dimcompat.language.latex import plain_name, read_latex

LS = {"X": "m, n", "w": "n", "y": "m"}
SAMPLES = {**LS, "λ": "scalar", "S": "m, c", "p": "m", "q": "m", "W": "n, c"}
SQUARE = {"A": "n, n", "B": "n, n", "C": "n, n posdef", "x": "n", "z": "n", "a": "scalar", "b": "scalar"}
NET = {"W_1": "h, n", "x": "n", "b_1": "h", "W_2": "k, h", "b_2": "k", "y": "k", "W_{hh}": "h, h"}
LABELS = {"S": "m, c", "y": "m labels(c)", "s": "1, c", "l": "labels(c)"}

FORMULAS = [
    # norms
    (r"\|Xw-y\|_2^2", "norm2(X*w - y)^2", LS),
    (r"\|Xw-y\|^2_2", "norm2(X*w - y)^2", LS),
    (r"\|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\left\| X w - y \right\|_{2}^{2}", "norm2(X*w - y)^2", LS),
    (r"\lVert Xw-y \rVert_2", "norm2(X*w - y)", LS),
    (r"\left\lVert Xw-y \right\rVert", "norm2(X*w - y)", LS),
    (r"\Vert Xw-y \Vert_1", "norm1(X*w - y)", LS),
    (r"||Xw-y||_2^2", "norm2(X*w - y)^2", LS),
    (r"\bigl\| Xw - y \bigr\|^2", "norm2(X*w - y)^2", LS),
    (r"\|w\|_1 + \|y\|_1", "norm1(w) + norm1(y)", LS),
    (r"\|X\|_F^2", "norm2(X)^2", LS),
    (r"\|X\|_{\mathrm{F}}^2", "norm2(X)^2", LS),
    (r"\|y\| \|w\|", "norm2(y)*norm2(w)", LS),
    (r"\big\lVert \, \|w\| y \big\rVert^2", "norm2(norm2(w)*y)^2", LS),
    # transposes, inverses, powers
    (r"w^\top X^\top X w", "w'*X'*X*w", LS),
    (r"w^T X^{T}X w", "w'*X'*X*w", LS),
    (r"(Xw-y)^{\mathsf T}(Xw-y)", "(X*w - y)'*(X*w - y)", LS),
    (r"(Xw-y)^\mathrm{T} (Xw-y)", "(X*w - y)'*(X*w - y)", LS),
    (r"(Xw-y)^{\text{T}} (Xw-y)", "(X*w - y)'*(X*w - y)", LS),
    (r"(Xw-y)'(Xw-y)", "(X*w - y)'*(X*w - y)", LS),
    (r"{X}^{\intercal} y", "X'*y", LS),
    (r"x^\top A^{-1} x", "x'*inv(A)*x", SQUARE),
    (r"x^\top A^{-T} z", "x'*inv(A)'*z", SQUARE),
    (r"x^\top A^{-\top} z", "x'*inv(A)'*z", SQUARE),
    (r"x^\top (A^{-1})^\top z", "x'*inv(A)'*z", SQUARE),
    (r"\operatorname{tr}(A^3)", "tr(A^3)", SQUARE),
    (r"\operatorname{tr} A^{2}B", "tr(A^2*B)", SQUARE),
    (r"a^{b}", "a^b", SQUARE),
    (r"a^{1/2} + a^{\frac{3}{2}}", "a^(1/2) + a^(3/2)", SQUARE),
    (r"a^2b", "a^2*b", SQUARE),
    (r"x^{\odot 2}", "x.^2", SQUARE),
    (r"-a^2", "-(a^2)", SQUARE),
    ("xᵀA⁻¹z + a² + ‖x‖²", "x'*inv(A)*z + a^2 + norm2(x)^2", SQUARE),
    # fractions and numbers
    (r"\frac{1}{2m}\|Xw-y\|^2", "1/(2*m)*norm2(X*w - y)^2", LS),
    (r"\frac{1}{2 m} w^\top w", "1/(2*m)*w'*w", LS),
    (r"\tfrac12 w^\top w", "1/2*w'*w", LS),
    (r"\dfrac1m w^\top w", "1/m*w'*w", LS),
    (r"\frac12\|w\|^2", "1/2*norm2(w)^2", LS),
    (r"\frac\lambda2 \|w\|_2^2", "λ/2*norm2(w)^2", SAMPLES),
    (r"\frac{w^\top X^\top y}{w^\top w}", "(w'*X'*y)/(w'*w)", LS),
    (r"0.5 \, w^\top w", "0.5*w'*w", LS),
    (r"1/2 w^\top w", "1/2*w'*w", LS),
    (r"\sqrt{w^\top w} + \sqrt[3]{w^\top w}", "sqrt(w'*w) + (w'*w)^(1/3)", LS),
    # products and juxtaposition
    (r"X\cdot w", "X*w", LS),
    (r"2 \times w", "2*w", LS),
    (r"w^\top(X^\top y)", "w'*(X'*y)", LS),
    (r"(Xw)(Xw)^\top", "(X*w)*(X*w)'", LS),
    (r"A \odot B C", "A.*(B*C)", SQUARE),
    (r"AB \odot C", "(A*B).*C", SQUARE),
    (r"A \odot B \odot C", "A.*B.*C", SQUARE),
    (r"A \circ B", "A.*B", SQUARE),
    (r"A \oslash C + B", "A./C + B", SQUARE),
    (r"A \otimes B", "kron(A, B)", SQUARE),
    (r"AB \otimes C + A \otimes B", "kron(A*B, C) + kron(A, B)", {**SQUARE}),
    (r"2*x^\top*A*z", "2*x'*A*z", SQUARE),
    (r"\langle A, B\rangle", "dot(A, B)", SQUARE),
    (r"\left\langle A x, z \right\rangle", "dot(A*x, z)", SQUARE),
    (r"A : B", "dot(A, B)", SQUARE),
    (r"-2 A : BC + a", "-dot(2*A, B*C) + a", SQUARE),
    # functions with and without brackets
    (r"\log\det C", "logdet(C)", SQUARE),
    (r"\log\left(\det(C)\right)", "logdet(C)", SQUARE),
    (r"\ln\det(A + C)", "logdet(A + C)", SQUARE),
    (r"\log|C|", "logdet(C)", SQUARE),
    (r"\log\left|\det A\right|", "logdet(A)", SQUARE),
    (r"|A| + |a|", "det(A) + abs(a)", SQUARE),
    (r"\lvert x^\top z \rvert", "abs(x'*z)", SQUARE),
    (r"\det A^{-1}", "det(inv(A))", SQUARE),
    (r"\operatorname{tr}(AB) + \mathrm{tr}(B)", "tr(A*B) + tr(B)", SQUARE),
    (r"\operatorname{Tr} AB + \text{tr} B", "tr(A*B) + tr(B)", SQUARE),
    (r"\tr(AB)", "tr(A*B)", SQUARE),
    (r"\exp(x^\top z) + \exp -a", "exp(x'*z) + exp(-a)", SQUARE),
    (r"e^{x^\top z} + e^a", "exp(x'*z) + exp(a)", SQUARE),
    (r"\sin a \cos b", "sin(a)*cos(b)", SQUARE),
    (r"\log a \cdot b", "log(a)*b", SQUARE),
    (r"\log a b + 1", "log(a*b) + 1", SQUARE),
    (r"\sin^2(a) + \cos^2 a", "sin(a).^2 + cos(a).^2", SQUARE),
    (r"\log(a)^2", "log(a)^2", SQUARE),
    (r"\sigma(Ax)", "sigmoid(A*x)", SQUARE),
    (r"\sigma\left(Ax\right)^\top z", "sigmoid(A*x)'*z", SQUARE),
    (r"\mathbf{1}^\top \log(1 + e^{-Ax})", "ones(n)'*log(1 + exp(-A*x))", SQUARE),
    (r"\max(0, Ax)", "maximum(0, A*x)", SQUARE),
    (r"\operatorname{ReLU}(Ax)", "relu(A*x)", SQUARE),
    (r"\operatorname{diag}(x) A", "diag(x)*A", SQUARE),
    (r"\operatorname{vec}(A)^\top \operatorname{vec}(B)", "vec(A)'*vec(B)", SQUARE),
    (r"\mathrm{softmax}(Ax)", "softmax(A*x)", SQUARE),
    (r"\arctan a + \tanh(b)", "atan(a) + tanh(b)", SQUARE),
    # sums
    (r"\sum_{i=1}^{m} (X_{i,:} w - y_i)^2", "sum(i, (X[i,:]*w - y[i])^2)", LS),
    (r"\sum_{i=1}^m (w^T x_i - y_i)^2", "sum(i, (w'*X[i,:]' - y[i])^2)", LS),
    (r"\sum_i \left(y_i - \mathbf{x}_i^\top \mathbf{w}\right)^2", "sum(i, (y[i] - X[i,:]*w)^2)", LS),
    (r"\frac1m \sum_{i} (w^\top x^{(i)} - y^{(i)})^2", "1/m*sum(i, (X[i,:]*w - y[i])^2)", LS),
    (r"\sum_{i,j} X_{ij}^2", "sum(i, sum(j, X[i,j]^2))", LS),
    (r"\sum_{i=1}^m\sum_{j=1}^n y_i X_{ij} w_j + 1", "sum(i, sum(j, y[i]*X[i,j]*w[j])) + 1", LS),
    (r"\sum_{ij} x_{ij} w_j", "sum(i, sum(j, X[i,j]*w[j]))", LS),
    (r"-\sum\nolimits_i p_i \log q_i", "-sum(i, p[i]*log(q[i]))", SAMPLES),
    (r"\sum_i p_i q_i - \sum_i p_i", "sum(i, p[i]*q[i]) - sum(i, p[i])", SAMPLES),
    (r"\sum_i -p_i \log p_i", "sum(i, -p[i]*log(p[i]))", SAMPLES),
    (r"\sum_{i=1}^m \left( \log \sum_{j=1}^c e^{S_{ij}} - S_{i,1} \right)", None, SAMPLES),
    (
        r"\sum_i \left(\log\sum_j \exp(S_{ij}) - S_{i,y_i}\right)",
        "sum(i, log(sum(j, exp(S[i,j]))) - S[i,y[i]])",
        LABELS,
    ),
    (r"\log\sum_j e^{s_j} - s_l", "log(sum(j, exp(s[j]))) - s[l]", LABELS),
    (r"\sum_i x_i x_i^\top", "sum(i, X[i,:]'*X[i,:])", LS),
    (r"\sum_i \|x_i\|^2 y_i", "sum(i, norm2(X[i,:]')^2*y[i])", LS),
    (r"\sum_i X[i,:] w", "sum(i, X[i,:]*w)", LS),
    # constants
    (r"\mathbf{1}^\top X w", "ones(m)'*X*w", LS),
    (r"X w - \mathbf{1}_m", "X*w - ones(m)", LS),
    (r"\mathbf 1_{m \times n} \odot X", "ones(m,n).*X", LS),
    (r"(X^\top X + \lambda I)^{-1} X^\top y", "inv(X'*X + λ*eye(n))*X'*y", SAMPLES),
    (r"(X^\top X + \lambda \mathbf{I}_n)^{-1} X^\top y", "inv(X'*X + λ*eye(n))*X'*y", SAMPLES),
    (r"\log\det(I + X^\top X)", "logdet(eye(n) + X'*X)", LS),
    # names
    (r"W_1x + b_1", "W_1*x + b_1", NET),
    (r"W_{2} \tanh(W_{1}x)", "W_2*tanh(W_1*x)", NET),
    (r"W_{hh} b_1", "W_hh*b_1", NET),
    (r"\mathbf{W}_1 \mathbf{x} + \boldsymbol{b}_1", "W_1*x + b_1", NET),
    (r"\boldsymbol{\theta}^\top \bm{\theta}", "θ'*θ", {"θ": "n"}),
    (r"\theta_0 + \theta_1", "θ_0 + θ_1", {"θ_0": "n", "θ_1": "n"}),
    (r"\vec{x}^\top \vec{z}", "x'*z", SQUARE),
    (r"\epsilon^\top\varepsilon", "ε'*ε", {"ε": "n"}),
    (r"\phi\varphi", "φ*φ", {"φ": "scalar"}),
    (r"\hat{y}^\top y", "y_hat'*y", {"y_hat": "n", "y": "n"}),
    (r"Xw", "Xw", {"Xw": "n", "X": "n, n", "w": "n"}),
    # wrappers
    (r"$\|Xw-y\|^2$", "norm2(X*w - y)^2", LS),
    (r"\[ \|Xw-y\|^2. \]", "norm2(X*w - y)^2", LS),
    ("\\begin{equation}\n\\|Xw-y\\|^2 % the loss\n\\end{equation}", "norm2(X*w - y)^2", LS),
    (r"\min_{w} \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\displaystyle \|Xw-y\|^2,", "norm2(X*w - y)^2", LS),
]  # fmt: skip

PROGRAMS = [
    (r"J = \|Xw-y\|^2", "J = norm2(X*w - y)^2", LS),
    (r"J(w) = \|Xw-y\|^2", "J = norm2(X*w - y)^2", LS),
    (r"\mathcal{L}(w, X) := \|Xw-y\|^2", "L = norm2(X*w - y)^2", LS),
    (r"r = Xw-y; J = r^\top r", "r = X*w - y; J = r'*r", LS),
    ("a^{(1)} = \\tanh(W_1x + b_1)\nL = \\|a^{(1)}\\|^2", "a__1 = tanh(W_1*x + b_1)\nL = norm2(a__1)^2", NET),
    (
        "\\begin{align}\nz^{(l)} &= W_1 x \\\\\n &\\quad + b_1 \\\\\nL &= {z^{(l)}}^T z^{(l)}\n\\end{align}",
        "z__l = W_1*x + b_1\nL = z__l'*z__l",
        NET,
    ),
    (r"\hat{y} = Xw; J = \|\hat{y} - y\|^2", "y_hat = X*w; J = norm2(y_hat - y)^2", LS),
    (
        r"X \in \mathbb{R}^{m \times n}, w \in \mathbb{R}^n, y \in R^m; J = \|Xw - y\|^2",
        "X: m, n; w: n; y: m; J = norm2(X*w - y)^2",
        {},
    ),
    (r"J = a x^\top z, \quad x, z \in R^{2n}, \; a \in R", "a: 1; x: 2*n; z: 2*n; J = a*x'*z", {}),
    (r"A \in \mathbb{S}^n_{++}; J = \log\det A", "A: n, n posdef; J = logdet(A)", {}),
    (r"J = x^\top z \text{ where } x, z \in \mathbb{R}^n", "x: n; z: n; J = x'*z", {}),
    (
        "% the loss\n$J = x^\\top z$, where $x \\in \\mathbb{R}^n$\nand $z \\in \\mathbb{R}^n$.",
        "x: n; z: n; J = x'*z",
        {},
    ),
    (r"$J = x^\top z$，其中 $x, z \in \mathbb{R}^n$。", "x: n; z: n; J = x'*z", {}),
    ("X: m, n\nw: n\nXw", "X: m, n\nw: n\nX*w", {}),
    (r"f(t) = t\sigma(t); J = \mathbf{1}^T f(x), x \in R^n", "f(t) = t*sigmoid(t); x: n; J = sum(f(x))", {}),
    (r"\nabla_w J = X^\top(Xw-y)", "X'*(X*w - y)", LS),
]  # fmt: skip


def names(shapes: dict[str, str]) -> dict[str, str]:
    return {plain_name(name): shape for name, shape in shapes.items()}


@pytest.mark.parametrize(("typed", "plain", "shapes"), [f for f in FORMULAS if f[1] is not None])
def test_formula(typed: str, plain: str, shapes: dict[str, str]) -> None:
    assert dc.parse(typed, shapes, notation="latex").objective is dc.parse(plain, names(shapes)).objective


@pytest.mark.parametrize(("typed", "plain", "shapes"), PROGRAMS)
def test_program(typed: str, plain: str, shapes: dict[str, str]) -> None:
    found, wanted = dc.parse(typed, shapes, notation="latex"), dc.parse(plain, names(shapes))
    assert found.name == wanted.name
    assert dict(found.shapes) == dict(wanted.shapes)
    assert str(found.objective) == str(wanted.objective)


@pytest.mark.parametrize(("typed", "plain", "shapes"), [f for f in FORMULAS if f[1] is not None])
def test_plain_text_of_a_program_reads_as_the_same(typed: str, plain: str, shapes: dict[str, str]) -> None:
    program = dc.parse(typed, shapes, notation="latex")
    assert dc.parse(program.text, names(shapes)).objective is program.objective


FAULTS = [
    (r"\frac{1}{2 \|Xw-y\|_2^2", ParseError, "E108", "{"),
    (r"\frac{w^\top w}", ParseError, "E153", r"\frac"),
    (r"\|Xw - z\|^2", UnknownNameError, "E301", "z"),
    (r"\foo(w)", ParseError, "E152", r"\foo"),
    (r"\lamdba w", ParseError, "E152", r"\lamdba"),
    (r"\|Xw - y", ParseError, "E108", r"\|"),
    (r"\left( Xw", ParseError, "E108", r"\left("),
    (r"Xw)", ParseError, "E109", ")"),
    (r"(Xw]", ParseError, "E110", "]"),
    (r"\left( Xw", ParseError, "E108", r"\left("),
    (r"\left( Xw \right.", ParseError, "E153", r"\right."),
    (r"w^\top w = y^\top y", ParseError, "E118", "="),
    (r"\sum y_i", ParseError, "E155", r"\sum"),
    (r"\sum_{i=0}^{m} y_i", UnsupportedError, "E424", r"\sum_{i=0}"),
    (r"\sum_{i=1}^{n} y_i", ShapeError, "E225", "n"),
    (r"\prod_i y_i", UnsupportedError, "E424", r"\prod"),
    (r"\|X\|_*", UnsupportedError, "E424", "_*"),
    (r"X^\dagger y", UnsupportedError, "E424", r"^\dagger"),
    (r"\mathbb{E} w", UnsupportedError, "E424", r"\mathbb"),
    (r"\log", ParseError, "E153", r"\log"),
    (r"\log * 1", ParseError, "E153", r"\log"),
    (r"w^{}", ParseError, "E117", None),
    (r"w +", ParseError, "E112", "+"),
    (r"w \odot", ParseError, "E112", r"\odot"),
    (r"Xw + y^\top", ShapeError, "E203", r"Xw + y^\top"),
    (r"X y", ShapeError, "E201", "X y"),
    (r"w^\top w^23", ParseError, "E115", "23"),
    (r"3 4", ParseError, "E115", "3 4"),
    (r"w! ", ParseError, "E103", "!"),
    (r"\mathbf{1}", ShapeError, "E213", r"\mathbf{1}"),
    (r"w \in Q", UnsupportedError, "E424", "Q"),
    (r"", ParseError, "E102", None),
    (r"\text{if} w", UnknownNameError, "E301", r"\text{if}"),
    (r"{" * 150 + "w" + "}" * 150, ParseError, "E121", "{"),
    (r"w^T T", ParseError, "E138", None),
    (r"\log_2 w", UnsupportedError, "E424", r"\log_2"),
    (r"\sum_i w_{i+1}", ParseError, "E154", "_{i+1}"),
    (r"J = a \\ K = b \\ ) c", ParseError, "E109", ")"),
    (r"w; w", ParseError, "E144", "w"),
    (r"(w; y)", ParseError, "E111", ";"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kind", "code", "at"), FAULTS)
def test_fault(typed: str, kind: type[DimcompatError], code: str, at: str | None) -> None:
    shapes = {**LS, "T": "scalar"} if " T" in typed else LS
    with pytest.raises(DimcompatError) as caught:
        dc.parse(typed, shapes, notation="latex")
    error = caught.value
    assert (type(error), error.code) == (kind, code), error.message
    assert error.text == typed
    if at is not None:
        assert error.span is not None
        assert typed[slice(*error.span)] == at


def test_unknown_commands_name_the_nearest_one() -> None:
    for typed, near in (
        (r"\lamdba", r"\lambda"),
        (r"\opertorname{tr} X", r"\operatorname"),
        (r"\frc12", r"\frac"),
    ):
        with pytest.raises(ParseError) as caught:
            dc.parse(typed, LS, notation="latex")
        assert near in (caught.value.hint or "")


def test_rows_of_a_matrix_are_noted() -> None:
    derivation = dc.derive(r"J = \sum_{i=1}^m (w^\top x_i - y_i)^2", "w", LS, notation="latex", verify=False)
    assert "x with an index is the row of X" in derivation.render("text")
    assert str(derivation.gradient) == "2*X'*(X*w - y)"


def test_latex_is_inferred() -> None:
    found = read_latex(r"\|Xw - y\|^2 + \lambda \|w\|^2", infer=True)
    assert found.inferred == {"X": "m, n", "w": "n", "y": "m", "λ": "scalar"}
    rows = read_latex(r"\sum_{i=1}^m (x_i^\top w - y_i)^2", {"X": "m, n"}, infer=True)
    assert rows.inferred == {"w": "n", "y": "m"}
    assert rows.samples == {"x": "X"}


def test_names_to_differentiate_by_may_be_latex() -> None:
    derivation = dc.derive(r"\theta^\top\theta", r"\theta", {r"\theta": "n"}, notation="latex", verify=False)
    assert str(derivation.gradient) == "2*θ"
    assert [plain_name(name) for name in (r"W_{hh}", r"a^{(l)}", r"\mathbf{w}", "w")] == [
        "W_hh",
        "a__l",
        "w",
        "w",
    ]
