"""Plain text of expressions: as short as a textbook prints them, and read back as the same node."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dimcompat import expressions as ex
from dimcompat.language.program import read
from dimcompat.language.writer import write, write_dimension, write_shape
from dimcompat.shapes import ONE, Dim, Shape

m, n, c = (Dim.symbol(name) for name in "mnc")
SHAPES = {
    "X": "m, n",
    "Y": "m, n",
    "G": "m, c",
    "W": "n, c",
    "A": "n, n",
    "B": "n, n",
    "S": "n, n symmetric",
    "w": "n",
    "a": "n",
    "b": "n",
    "y": "m",
    "u": "m",
    "r": "1, n",
    "k": "scalar",
    "l": "scalar",
    "p": "scalar",
}
PRINTED = [
    # signs and sums
    ("-(X*w - y)", "y - X*w"),
    ("-2*(a - b)", "2*(b - a)"),
    ("2*X'*(y - X*w)", "2*X'*(y - X*w)"),
    ("-X'*(X*w - y)", "X'*(y - X*w)"),
    ("((a - b).*w)*(-1)*y'", "(w.*(b - a))*y'"),
    ("-(a + b)", "-a - b"),
    ("-A*B", "-A*B"),
    ("a - 3/2", "a - 3/2"),
    ("1/2*a - 1/3*b", "a/2 - b/3"),
    ("eye(n) - 1/n", "eye(n) - ones(n,n)/n"),
    ("2*eye(n) - w'", "2*eye(n) - ones(n)*w'"),
    ("A - 1/n", "A - 1/n"),
    ("1/2*(A + B)", "(A + B)/2"),
    ("X*w + y - u", "X*w + y - u"),
    ("Y - y - r", "Y - r - y"),
    ("X - Y + y + r", "X + r + y - Y"),
    # products and quotients
    ("X'*(X*w - y)*2", "2*X'*(X*w - y)"),
    ("1/m*X'*(X*w - y)", "X'*(X*w - y)/m"),
    ("2/m*X'*y", "2*X'*y/m"),
    ("w/(2*sqrt(a'*w))", "w/(2*sqrt(a'*w))"),
    ("3/2*A*B", "3/2*A*B"),
    ("3/2", "3/2"),
    ("1/k", "1/k"),
    ("a/k/l", "a/(k*l)"),
    ("k^2*l^(3/2)*a", "k^2*l^(3/2)*a"),
    ("k^p*a", "k^p*a"),
    ("2^p*a", "2^p*a"),
    ("k^(-p)", "k^(-p)"),
    ("b*(a'*w)", "(a'*w)*b"),
    ("exp(b'*w)*(a'*w)*b", "(a'*w)*exp(b'*w)*b"),
    ("(a'*w)^2", "(a'*w)^2"),
    # transposes, powers
    ("inv(A)", "inv(A)"),
    ("(A^-1)'", "inv(A)'"),
    ("A^-2", "A^-2"),
    ("(A^3)'", "(A^3)'"),
    ("(A + B)^2", "(A + B)^2"),
    ("sigmoid(X)'", "sigmoid(X)'"),
    # sums of entries
    ("sum(X)", "sum(X)"),
    ("sum(a)", "sum(a)"),
    ("a'*a", "a'*a"),
    ("sumsq(a)", "a'*a"),
    ("sumsq(X*w - y)", "sumsq(X*w - y)"),
    ("tr(X'*X)", "sumsq(X)"),
    ("dot(X, Y)", "dot(X, Y)"),
    ("tr(A*B)", "tr(A*B)"),
    ("norm2(X*w - y)", "norm2(X*w - y)"),
    ("w/norm2(a)^3", "w/norm2(a)^3"),
    ("colsum(G)", "ones(1,m)*G"),
    ("colsum(G) + ones(1,c)", "1 + ones(1,m)*G"),
    ("rowsum(X)", "X*ones(n)"),
    ("exp(rowsum(X))", "exp(rowsum(X))"),
    ("rowsum(X).*X", "X.*rowsum(X)"),
    ("ones(m)*colsum(X)", "ones(m)*colsum(X)"),
    ("mean(X)", "mean(X)"),
    ("mean(a)", "mean(a)"),
    ("X - mean(X, axis=0)", "X - mean(X, axis=0)"),
    ("exp(mean(X, axis=1))", "exp(mean(X, axis=1))"),
    ("X.*colsum(X.^3)/m", "X.*mean(X.^3, axis=0)"),
    ("X.*colsum(X.^3)/m^2", "X.*colsum(X.^3)/m^2"),
    ("X.*colsum(X.^3).*rowsum(X.^3)/m", "X.*mean(X.^3, axis=0).*rowsum(X.^3)"),
    ("X.*colsum(X)/(3*m)", "X.*mean(X, axis=0)/3"),
    # entry by entry
    ("a.*b*2", "2*a.*b"),
    ("a./b.^2", "a./b.^2"),
    ("1./a.^2", "1./a.^2"),
    ("sqrt(a)", "sqrt(a)"),
    ("a.^(3/2)", "a.^(3/2)"),
    ("a./sqrt(b)", "a./sqrt(b)"),
    ("A*(a.*b)", "A*(a.*b)"),
    ("y.*X.*r", "X.*r.*y"),
    # calls, axes, sizes
    ("softmax(X)", "softmax(X)"),
    ("softmax(X, axis=1)", "softmax(X)"),
    ("softmax(X, axis=0)", "softmax(X, axis=0)"),
    ("logsumexp(X)", "logsumexp(X)"),
    ("logsumexp(X, axis=1)", "logsumexp(X, axis=1)"),
    ("diag(a)", "diag(a)"),
    ("eye(n) + ones(n, n)", "ones(n,n) + eye(n)"),
    ("zeros(m, n+1)", "zeros(m,n+1)"),
    ("K(m, n)", "K(m,n)"),
    ("2*m*k", "2*m*k"),
    ("pi*e", "pi*e"),
]


@pytest.mark.parametrize(("typed", "printed"), PRINTED)
def test_printed(typed: str, printed: str) -> None:
    expression = read(typed, SHAPES).operation.value
    assert write(expression) == printed
    assert read(write(expression), SHAPES).operation.value is expression


def test_names_of_parts_and_derivatives() -> None:
    x = ex.Symbol.make("x", Shape(n, ONE))
    named = ex.Named.make("dJ_dz", ex.scale(2, x), ("J", "z"))
    assert write(ex.multiply(ex.transpose(ex.Symbol.make("X", Shape(n, m))), named)) == "X'*dJ_dz"


def test_dimensions() -> None:
    assert write_dimension(2 * m * n + n**2 + 1) == "2*m*n + n^2 + 1"
    assert write_shape(Shape(m * n, ONE)) == ("m*n", "1")


def test_a_power_of_a_product_needs_no_bracket_by_hand() -> None:
    k = ex.Symbol.make("k", Shape(ONE, ONE))
    tower = ex.power(k, ex.power(k, Fraction(1, 2)))
    assert write(tower) == "k^sqrt(k)"


@pytest.mark.parametrize("depth", [10, 3000])
def test_deep_expressions(depth: int) -> None:
    a, x = (ex.Symbol.make(name, Shape(n, ONE)) for name in "ax")
    deep = x
    for _ in range(depth):
        deep = ex.entrywise_power(ex.add(deep, a), 2)  # type: ignore[assignment]
    assert write(deep).count("^2") == depth


def test_shared_parts_are_laid_out_once() -> None:
    from dimcompat.language.layout import layout
    from dimcompat.language.notation import parts_first

    shared: ex.Expr = ex.Symbol.make("X", Shape(n, n))
    for _ in range(60):
        shared = ex.add(ex.hadamard(shared, shared, ex.transpose(shared)), ex.number(1))
    assert sum(1 for _ in parts_first(layout(shared))) < 1000


def test_two_formulas_share_the_layout_of_a_part() -> None:
    from dimcompat.language.layout import layout

    w, b = (ex.Symbol.make(name, Shape(n, ONE)) for name in "wb")
    part = ex.hadamard(w, b)
    whole = layout(ex.multiply(ex.Symbol.make("A", Shape(n, n)), part))
    assert layout(part) in whole.parts


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("-A*(x - a)*(x - a)'*A", "-A*(x - a)*(x - a)'*A"),  # not one of two alike
        ("-p.*(1 - p).*(z - y)", "p.*(1 - p).*(y - z)"),  # not 1 - p
        ("-A*diag(a - p.^2)*A", "A*diag(p.^2 - a)*A"),
        ("-inv(A + X)*(1 - m)", "(m - 1)*inv(X + A)"),
    ],
)
def test_which_difference_takes_in_a_minus(typed: str, printed: str) -> None:
    shapes = {"A": "n, n", "X": "n, n"} | dict.fromkeys("axpyz", "n") | {"B": "m, n"}
    expression = read(typed, shapes).operation.value
    assert write(expression) == printed
    assert read(printed, shapes).operation.value is expression
