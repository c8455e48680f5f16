"""The adjoint of a linear expression L: ⟨adjoint(G), dX⟩ = ⟨G, L(dX)⟩ for every G and dX."""

from __future__ import annotations

import numpy as np
import pytest
from calculus.formulas import SIZES, point, read, value

from dimcompat import expressions as ex
from dimcompat.calculus.linear import adjoint, around, inner_product, reduced
from dimcompat.shapes import ONE, Dim, Shape

m, n = Dim.symbol("m"), Dim.symbol("n")
SHAPES = {
    "dX": "m, n",
    "dA": "n, n",
    "dx": "n",
    "db": "1, n",
    "ds": "scalar",
    "A": "n, n",
    "B": "n, n",
    "C": "m, m",
    "X": "m, n",
    "S": "n, n symmetric",
    "P": "n, n posdef",
    "x": "n",
    "z": "n",
    "y": "m",
    "b": "1, n",
    "s": "scalar",
    "t": "scalar",
    "k": "m labels(n)",
}
LINEAR = {
    "dX": """
        dX; -2*dX; dX'; C*dX*A; dX'*C'*0 + 3*A*dX'*C; C*dX*x; y'*dX; y'*dX*x; tr(dX'*X); dot(dX, X)*x;
        s*dX/t; dX.*X; dX./exp(X); y.*dX; dX.*b; sum(dX); sum(dX, axis=0); sum(dX, axis=1); mean(dX);
        mean(dX, axis=0); vec(dX); vec(dX'); kron(A, dX); kron(dX, C); kron(x, dX); pick(dX, k);
        (dX*x)*z'; (dX*x).*X; dX*x + sum(dX); dX + y*(ones(1,m)*dX); X.*(dX*x); X.*(y'*dX);
        (y'*dX*x)*(y'*dX*x)*0 + dX; dX - dX*x*z'; C*(dX + X.*dX)*A; ones(m,n)*(y'*dX*x); diag(dX*x)*X;
        dX*diag(x); tr(A*dX'*X); (y'*dX*x)*X; 2*(dX'*y) + A*dX'*y
    """,
    "dA": """
        dA; dA'; dA + dA'; tr(dA); tr(A*dA); tr(dA)*A; diag(dA); diag(diag(dA)); A*dA*B' - B*dA'*A;
        inv(A)*dA*inv(A); x'*dA*z; x'*dA*x; (x'*dA*z)*A; S*dA + dA*S; kron(dA, A) + kron(A, dA);
        vec(dA)'*vec(A); dA.*A.*B; logdet(P)*dA; reshape(vec(dA), n, n); K(n,n)*vec(dA); (dA*x).*(B*z);
        eye(n).*dA; ones(1,n)*dA*ones(n,1); tr(dA + B*dA)
    """,
    "dx": """
        dx; dx'; A*dx; z'*dx; dx*z'; z*dx' + dx*z'; diag(dx); diag(dx)*A; A*diag(dx)*B; X*dx; X.*dx';
        dx'.*X + X; dx.*z; z'*dx*A; exp(z).*dx; (z'*dx)*z; sum(dx); mean(dx); A.*dx; A.*dx';
        ones(m)*dx'; kron(dx, z); kron(A, dx); onehot(k, n)*dx; dx/sum(exp(z)); (dx'*A*z)/s
    """,
    "db": """
        db; db'; X.*db; ones(m)*db; y*db; db*x; (db*x)*b; X + db - X; sum(db); db.*b; A.*db; diag(db)
    """,
    "ds": """
        ds; s*ds; ds*X; ds*x'; ds/t; X + ds - X; (ds*x)'*z; ds*tr(A)*X; ones(m,n)*ds; ds*eye(n);
        kron(ds*A, X)
    """,
}
ROWS = [(name, " ".join(text.split())) for name, texts in LINEAR.items() for text in texts.split(";")]


@pytest.mark.parametrize(("name", "text"), ROWS, ids=[text for _, text in ROWS])
def test_adjoint(name: str, text: str) -> None:
    expression = read(text, SHAPES)
    (change,) = (symbol for symbol in read(name, SHAPES).symbols if getattr(symbol, "name", "") == name)
    rows, cols = expression.shape
    upstream = ex.Symbol.make("G", expression.shape)
    found = adjoint(expression, change, upstream)
    assert found.shape == change.shape
    for seed in range(2):
        values = point(SHAPES, seed)
        draw = np.random.default_rng(seed)
        values[name] = draw.normal(size=values[name].shape)
        values["G"] = draw.normal(size=(rows.size(SIZES), cols.size(SIZES)))
        at_zero = value(expression, {**values, name: np.zeros_like(values[name])})
        here = np.sum(values["G"] * (value(expression, values) - at_zero))
        there = np.sum(value(found, values) * values[name])
        assert there == pytest.approx(here, rel=1e-9, abs=1e-9), str(found)


def test_what_the_change_does_not_reach_has_adjoint_zero() -> None:
    change = ex.Symbol.make("dX", Shape(m, n))
    assert adjoint(read("A*x", SHAPES), change, read("z", SHAPES)) is ex.zeros(m, n)


def test_one_term_for_each_place() -> None:
    change = ex.Symbol.make("dA", Shape(n, n))
    doubled = read("dA*B + A*dA", SHAPES)
    found = adjoint(doubled, change, ex.Symbol.make("G", Shape(n, n)))
    assert str(found) in ("G*B' + A'*G", "A'*G + G*B'")


@pytest.mark.parametrize("text", ["exp(dX)", "dX.*dX", "dX.^2", "1/sum(dX)", "inv(dA)", "dA*dA"])
def test_what_is_not_linear_is_not_taken(text: str) -> None:
    name = "dA" if "dA" in text else "dX"
    change = read(name, SHAPES)
    expression = read(text, SHAPES)
    with pytest.raises(AssertionError, match="linear"):
        adjoint(expression, change, ex.Symbol.make("G", expression.shape))


def test_inner_product_of_every_shape() -> None:
    values = point(SHAPES)
    for left, right in (("x", "z"), ("b", "b"), ("X", "X"), ("A", "B"), ("s", "t")):
        found = inner_product(read(left, SHAPES), read(right, SHAPES))
        assert found.shape == Shape(ONE, ONE)
        assert value(found, values).item() == pytest.approx(float(np.sum(values[left] * values[right])))


@pytest.mark.parametrize(
    ("text", "shape", "sums"),
    [
        ("X", Shape(m, n), "X"),
        ("X", Shape(ONE, n), "ones(1,m)*X"),
        ("X", Shape(m, ONE), "rowsum(X)"),
        ("X", Shape(ONE, ONE), "sum(X)"),
        ("x", Shape(ONE, ONE), "sum(x)"),
        ("b", Shape(ONE, ONE), "sum(b)"),
        ("b", Shape(ONE, n), "b"),
    ],
)
def test_reduced(text: str, shape: Shape, sums: str) -> None:
    found = reduced(read(text, SHAPES), shape)
    assert found.shape == shape and found is read(sums, SHAPES)


def test_around() -> None:
    A, B, X = (read(name, SHAPES) for name in "ABX")
    assert around((X, A), ex.Symbol.make("G", Shape(m, n)), (B,)) is read(
        "A'*X'*G*B'", {**SHAPES, "G": "m, n"}
    )
