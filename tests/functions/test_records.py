"""Every record of the registry, every fact of it; and the tester itself, fed with wrong rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from functions.reading import read
from functions.references import REFERENCES
from functions.rule_tester import faults, one_example

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import ShapeError
from dimcompat.functions import ALIASES, REGISTRY, UNSUPPORTED, find, instead_of
from dimcompat.functions.record import Function, Identity, NumpyCode, Quotient, exchange
from dimcompat.shapes import ONE, Shape, as_dim

NAMES = re.findall(
    r"\w+",
    """
    exp log sqrt square abs sign sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf
    sigmoid logit softplus relu gelu silu log1p expm1 step maximum minimum
    ln arcsin arccos arctan logistic
    sum colsum rowsum mean sumsq norm1 norm2 norm logsumexp softmax logsoftmax
    tr trace det logdet inv transpose diag vec reshape kron dot outer adj
    eye I ones zeros K onehot pick
    """,
)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_found(name: str) -> None:
    assert find(name) is not None


def test_nothing_else_is_there() -> None:
    assert set(REGISTRY) | set(ALIASES) == set(NAMES)
    assert set(REFERENCES) == set(REGISTRY)


def test_what_is_unsupported_says_what_to_do() -> None:
    assert set(UNSUPPORTED) == {"expm", "logm", "sqrtm", "pinv", "chol"}
    assert all(find(name) is None and len(instead_of(name)) > 20 for name in UNSUPPORTED)


@pytest.mark.parametrize("name", REGISTRY)
def test_every_fact_holds(name: str) -> None:
    assert faults(REGISTRY[name], REFERENCES[name]) == []


@pytest.mark.parametrize("name", REGISTRY)
def test_the_example_reads(name: str) -> None:
    record = REGISTRY[name]
    assert read(*record.example).shape.is_scalar or "sum" not in record.example[0]


# ── the tester is worth what it catches ──────────────────────────────────────────────────────────────


def wrong(name: str, fault: str, **facts: Any) -> tuple[str, str, Function]:
    """A record with wrong facts, and what the tester should say; its own name keeps its calls apart."""
    return name, fault, replace(REGISTRY[name], name=f"wrong_{name}", **facts)


def turned(rule: Callable[..., ex.Expr]) -> Callable[..., ex.Expr]:
    """Right for symmetric matrices only."""
    return lambda x, dx, axis, sizes: rule(x, (ex.transpose(dx[0]),), axis, sizes)


def rows_first(g: ex.Expr, x: Any, axis: Any, sizes: Any) -> ex.Expr:
    """The adjoint of a vec that stacks rows."""
    return ex.transpose(REGISTRY["reshape"](g, sizes=tuple(x[0].shape.transposed)))


def other_axis(x: Any, dx: Any, axis: Any, sizes: Any) -> ex.Expr:
    rule = REGISTRY["softmax"].differential
    assert rule is not None
    return rule(x, dx, 0 if axis == 1 or not x[0].shape.is_column else 1, sizes)


def idle(*_: object) -> None:
    """A rewriting that never applies."""


def inner(x: Any, dx: Any, *_: object) -> ex.Expr:
    return REGISTRY["dot"](x[0], dx[0])


X = {"x": "n"}
IDLE = Identity("idle", idle, ("exp(log1p(x))", "1 + x", X))
WRONG = {
    "wrong sign": wrong("cos", "derivative", derivative=(REGISTRY["sin"],)),
    "missing factor": wrong("square", "derivative", lowering=None, derivative=(lambda u: u,)),
    "missing inner term": wrong("silu", "derivative", derivative=(REGISTRY["sigmoid"],)),
    "missing constant": wrong("expm1", "derivative", derivative=(REGISTRY["expm1"],)),
    "the other argument": wrong("maximum", "derivative", derivative=REGISTRY["maximum"].derivative[::-1]),
    "transposed": wrong("logdet", "differential", differential=turned(REGISTRY["logdet"].differential)),
    "det without det": wrong("det", "differential", differential=REGISTRY["logdet"].differential),
    "norm squared": wrong("norm2", "differential", differential=inner),
    "the other axis": wrong("softmax", "differential", differential=other_axis),
    "stacked rows": wrong("vec", "adjoints", adjoints=(rows_first,)),
    "kron the other way": wrong("kron", "adjoints", adjoints=REGISTRY["kron"].adjoints[::-1]),
    "sum without its ones": wrong("sum", "adjoints", adjoints=(lambda g, x, axis, sizes: g,)),
    "pick everywhere": wrong(
        "pick", "adjoints", adjoints=(lambda g, x, *_: ex.hadamard(g, ex.ones(*x[0].shape)),)
    ),
    "neither even": wrong("exp", "parity", parity="even"),
    "even, not odd": wrong("cos", "parity", parity="odd"),
    "it does turn": wrong("vec", "transposition", transposition="invariant"),
    "the axis does swap": wrong("softmax", "transposition", transposition="commutes"),
    "sums to one elsewhere": wrong("softmax", "unit_sums", unit_sums="rows"),
    "shape": wrong("colsum", "value", shape=lambda shapes, axis, sizes: Shape(shapes[0].rows, ONE)),
    "code": wrong("logit", "value", numpy=NumpyCode("np.log({0}) - np.log1p({0})")),
    "lowering": wrong("norm1", "value", lowering=lambda x, *_: operations.call(REGISTRY["sum"], x)),
    "identity that acts": wrong(
        "tanh", "value", identities=(Identity("tanh(u) = u", lambda u, *_: u[0], ("x", "x", X)),)
    ),
    "identity": wrong("tanh", "wrong", identities=(Identity("wrong", idle, ("tanh(2*x)", "2*tanh(x)", X)),)),
    "quotient": wrong("sin", "wrong", quotients=(Quotient("wrong", idle, ("cos(x)./sin(x)", "tan(x)", X)),)),
    "idle identity": wrong("exp", "idle", identities=(IDLE,)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_caught(name: str) -> None:
    original, fault, record = WRONG[name]
    found = faults(record, REFERENCES[original])
    assert any(text.startswith(f"{fault}:") for text in found), found


# ── the frame ────────────────────────────────────────────────────────────────────────────────────────


def test_a_derivative_is_stated_once() -> None:
    with pytest.raises(TypeError, match="2 times"):
        replace(REGISTRY["exp"], constant=True)
    with pytest.raises(TypeError, match="0 times"):
        replace(REGISTRY["exp"], derivative=())
    with pytest.raises(TypeError, match="one of its arguments"):
        replace(REGISTRY["exp"], arity=2)
    with pytest.raises(TypeError, match="lacks a fact"):
        replace(REGISTRY["exp"], latex="")


def column(name: str) -> ex.Expr:
    return ex.Symbol.make(name, Shape(as_dim("n"), ONE))


def test_exchange_takes_only_what_is_there() -> None:
    x, y, z = (column(name) for name in "xyz")
    factors: Any = {x: ex.UNIT * 3, y: -ex.UNIT}
    assert exchange(factors, {x: 1, y: -1}, {z: 1}) == {x: 2, z: 1}
    assert exchange(factors, {x: -1}, {z: 1}) is None
    assert exchange(factors, {x: 4}, {z: 1}) is None
    assert exchange(factors, {x: 3}, {y: 1}) == {}


SAME = [
    ("1/(1 + exp(-a))", "sigmoid(a)", {"a": "scalar"}),
    ("1/(1 + exp(a))", "1 - sigmoid(a)", {"a": "scalar"}),
    ("exp(-x)./(1 + exp(-x))", "1 - sigmoid(x)", {"x": "n"}),
    ("exp(-x)./(1 + exp(-x)).^2", "sigmoid(x).*(1 - sigmoid(x))", {"x": "n"}),
    ("A*exp(x)/sum(exp(x))", "A*softmax(x)", {"A": "m, n", "x": "n"}),
    ("exp(x)*exp(x)'/sum(exp(x))^2", "softmax(x)*softmax(x)'", {"x": "n"}),
    ("exp(x)/sum(exp(x))", "softmax(x)", {"x": "1, n"}),
    ("exp(S)./colsum(exp(S))", "softmax(S, axis=0)", {"S": "m, n"}),
    ("log(sum(exp(x)))", "logsumexp(x)", {"x": "n"}),
    ("log(sum(exp(x)))", "logsumexp(x)", {"x": "1, n"}),
    ("log(colsum(exp(S)))", "logsumexp(S, axis=0)", {"S": "m, n"}),
    ("log(det(inv(X)))", "-logdet(X)", {"X": "n, n posdef"}),
    ("log(abs(det(X)))", "logdet(X)", {"X": "n, n"}),
    ("step(x).*x.^2", "relu(x).^2", {"x": "n"}),
    ("step(-x).*x", "-relu(-x)", {"x": "n"}),
    ("step(x.*y).*x.*y", "relu(x.*y)", {"x": "n", "y": "n"}),
    ("relu(x).^2.*step(x)", "relu(x).^2", {"x": "n"}),
    ("sinh(x).^2./cosh(x).^2", "tanh(x).^2", {"x": "n"}),
    ("norm2(X)^4", "tr(X'*X)^2", {"X": "m, n"}),
    ("norm2(x)^3*x'*x/norm2(x)^2", "norm2(x)*x'*x", {"x": "n"}),
    ("norm2(-2*X)", "2*norm2(X)", {"X": "m, n"}),
    ("softmax(x')", "softmax(x)'", {"x": "n"}),
    ("softmax(S', axis=0)", "softmax(S)'", {"S": "m, n"}),
    ("logsumexp(S', axis=0)", "logsumexp(S, axis=1)'", {"S": "m, n"}),
    ("logsumexp(x, axis=0)", "logsumexp(x)", {"x": "n"}),
    ("softmax(x, axis=1)", "ones(n)", {"x": "n"}),
    ("vec(2*A)", "2*vec(A)", {"A": "m, n"}),
    ("reshape(vec(A), m, n)", "A", {"A": "m, n"}),
    ("vec(reshape(v, m, n))", "v", {"v": "m*n"}),
    ("diag(diag(x))", "x", {"x": "n"}),
    ("diag(X - diag(diag(X)))", "zeros(n)", {"X": "n, n"}),
    ("diag(X + 2*x*y')", "diag(X) + 2*x.*y", {"X": "n, n", "x": "n", "y": "n"}),
    ("diag(X - 1)", "diag(X) - 1", {"X": "n, n"}),
    ("diag(X + x)", "diag(X) + x", {"X": "n, n", "x": "n"}),
    ("diag(x*y')", "x.*y", {"x": "n", "y": "n"}),
    ("kron(x, y')", "x*y'", {"x": "m", "y": "n"}),
    ("kron(eye(m), eye(n))", "eye(m*n)", {}),
    ("maximum(x, 0)", "relu(x)", {"x": "n"}),
    ("mean(X)", "sum(X)/(m*n)", {"X": "m, n"}),
    ("dot(x, y')", "x'*y", {"x": "n", "y": "n"}),
    ("sqrt(x)", "x.^(1/2)", {"x": "n"}),
    ("sin(-x)", "-sin(x)", {"x": "n"}),
    ("det(X'*X)", "det(X)^2", {"X": "n, n"}),
    ("tanh(0)", "0", {}),
]


@pytest.mark.parametrize(("left", "right", "shapes"), SAME, ids=[row[0] for row in SAME])
def test_normal_forms_meet(left: str, right: str, shapes: dict[str, str]) -> None:
    assert [fault for seed in range(2) for fault in one_example(left, right, shapes, seed)] == []


DIFFERENT = [
    ("step(X)*X", "relu(X)", {"X": "n, n"}),
    ("relu(X)*X", "relu(X)^2", {"X": "n, n"}),
    ("abs(X)*sign(X)", "X", {"X": "n, n"}),
    ("tan(X)*cos(X)", "sin(X)", {"X": "n, n"}),
    ("exp(X)*exp(-X)", "eye(n)", {"X": "n, n"}),
]


@pytest.mark.parametrize(("left", "right", "shapes"), DIFFERENT, ids=[row[0] for row in DIFFERENT])
def test_a_matrix_product_is_not_entry_by_entry(left: str, right: str, shapes: dict[str, str]) -> None:
    assert read(left, shapes).value is not read(right, shapes).value
    assert list(one_example(left, left, shapes, 0)) == []


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("maximum(A, B)", {"A": "m, n", "B": "n, m"}),
        ("tr(A)", {"A": "m, n"}),
        ("det(A)", {"A": "m, n"}),
        ("inv(A)", {"A": "m, n"}),
        ("diag(A)", {"A": "m, n"}),
        ("reshape(v, m, n)", {"v": "n"}),
        ("dot(x, A)", {"x": "m", "A": "m, n"}),
        ("outer(A, x)", {"x": "m", "A": "m, n"}),
        ("pick(S, y)", {"S": "m, c", "y": "n labels(c)"}),
        ("pick(S, y)", {"S": "m, c", "y": "m"}),
        ("onehot(x, c)", {"x": "m"}),
    ],
)
def test_shapes_that_do_not_fit(text: str, shapes: dict[str, str]) -> None:
    with pytest.raises(ShapeError):
        read(text, shapes)
