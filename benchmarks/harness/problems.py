"""The eight problems: as dimcompat reads them, as NumPy is written by hand, as the frameworks take them.

A module of its own because gradients, Hessians and the first number are measured on the same problems.
The code by hand is what somebody writes who knows both the formula and NumPy: what is used twice is
computed once, nothing is formed that need not be, and nothing overflows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness import hessians_by_hand as second
from harness import np
from harness.libraries import Library

Arrays = dict[str, np.ndarray]
Sizes = Mapping[str, int]


@dataclass(frozen=True)
class Problem:
    """One problem; ``draw`` makes its inputs, ``objective`` is written for any of the frameworks."""

    name: str
    source: str
    shapes: Mapping[str, str]
    wrt: tuple[str, ...]
    sizes: tuple[Sizes, ...]
    hessian_sizes: tuple[Sizes, ...]
    hessian_wrt: tuple[str, ...]
    draw: Callable[[Sizes, np.random.Generator], Arrays]
    by_hand: Callable[..., tuple[Any, ...]]
    hessian_by_hand: Callable[..., Any]
    objective: Callable[..., Any]


def _grid(names: str, *sizes: tuple[int, ...]) -> tuple[Sizes, ...]:
    return tuple(dict(zip(names.split(), size, strict=True)) for size in sizes)


def _normal(*names_and_axes: str) -> Callable[[Sizes, np.random.Generator], Arrays]:
    """Normal entries for each ``name axis axis``."""

    def draw(sizes: Sizes, random: np.random.Generator) -> Arrays:
        split = [item.split() for item in names_and_axes]
        return {
            name: random.normal(size=[sizes[axis] for axis in axes])
            / (sizes[axes[-1]] ** 0.5 if len(axes) > 1 else 1)
            for name, *axes in split
        }

    return draw


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────────


def _quadratic(A, x):
    right = A @ x
    return float(x @ right), right + x @ A


def _linear(X, w, y):
    m = X.shape[0]
    r = X @ w - y
    return float(r @ r) / (2 * m), X.T @ (r / m)


def _logistic(X, w, y):
    m = X.shape[0]
    z = X @ w
    e = np.exp(-np.abs(z))
    value = float((np.log1p(e) + np.maximum(z, 0.0)).sum() - y @ z) / m
    p = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return value, X.T @ ((p - y) / m)


def _softmax(X, W, y):
    m = X.shape[0]
    rows = np.arange(m)
    S = X @ W
    S -= S.max(axis=1)[:, None]
    P = np.exp(S)
    totals = P.sum(axis=1)
    value = float((np.log(totals) - S[rows, y]).sum()) / m
    P /= (totals * m)[:, None]
    P[rows, y] -= 1.0 / m
    return value, X.T @ P


def _factorization(X, U, V):
    R = U @ V.T - X
    return float(np.vdot(R, R)), (2 * R) @ V, R.T @ (2 * U)


def _network(X, Y, W1, b1, W2, b2):
    m = X.shape[0]
    H = np.tanh(X @ W1 + b1)
    R = H @ W2 + b2 - Y
    value = float(np.vdot(R, R)) / (2 * m)
    G = R / m
    D = (G @ W2.T) * (1.0 - H**2)
    return value, X.T @ D, D.sum(axis=0), H.T @ G, G.sum(axis=0)


def _chain(A, B, C, x, y):
    r = A @ (B @ (C @ x)) - y
    return float(r @ r), ((2 * r) @ A) @ B @ C


def _mahalanobis(S, x, mu):
    d = x - mu
    s = np.linalg.solve(S, d)
    return float(d @ s), 2 * s


# ── draws ────────────────────────────────────────────────────────────────────────────────────────────


def _draw_logistic(sizes: Sizes, random: np.random.Generator) -> Arrays:
    found = _normal("X m n", "w n")(sizes, random)
    return found | {"y": (random.random(sizes["m"]) < 0.5).astype(float)}


def _draw_softmax(sizes: Sizes, random: np.random.Generator) -> Arrays:
    found = _normal("X m n", "W n c")(sizes, random)
    return found | {"y": random.integers(sizes["c"], size=sizes["m"])}


def _draw_mahalanobis(sizes: Sizes, random: np.random.Generator) -> Arrays:
    found = _normal("L n n", "x n", "mu n")(sizes, random)
    lower = found.pop("L")
    return {"S": lower @ lower.T + np.eye(sizes["n"])} | found


# ── for the frameworks ───────────────────────────────────────────────────────────────────────────────


def _network_objective(lib: Library, X, Y, W1, b1, W2, b2):
    R = lib.np.tanh(X @ W1 + b1) @ W2 + b2 - Y
    return (R**2).sum() / (2 * X.shape[0])


def _mahalanobis_objective(lib: Library, S, x, mu):
    return (x - mu) @ lib.np.linalg.solve(S, x - mu)


def _softmax_objective(lib: Library, X, W, y):
    S = X @ W
    return (lib.row_logsumexp(S) - S[lib.np.arange(X.shape[0]), y]).sum() / X.shape[0]


PROBLEMS = (
    Problem(
        "quadratic form",
        "x'*A*x",
        {"A": "n, n", "x": "n"},
        ("x",),
        _grid("n", (10,), (100,), (1000,)),
        _grid("n", (10,), (100,), (1000,)),
        ("x",),
        _normal("A n n", "x n"),
        _quadratic,
        second.quadratic,
        lambda lib, A, x: x @ A @ x,
    ),
    Problem(
        "linear regression",
        "1/(2*m)*sumsq(X*w - y)",
        {"X": "m, n", "w": "n", "y": "m"},
        ("w",),
        _grid("m n", (20, 5), (200, 50), (2000, 200)),
        _grid("m n", (20, 5), (200, 50), (2000, 200)),
        ("w",),
        _normal("X m n", "w n", "y m"),
        _linear,
        second.linear,
        lambda lib, X, w, y: ((X @ w - y) ** 2).sum() / (2 * X.shape[0]),
    ),
    Problem(
        "logistic regression",
        "1/m*(sum(softplus(X*w)) - y'*X*w)",
        {"X": "m, n", "w": "n", "y": "m"},
        ("w",),
        _grid("m n", (20, 5), (200, 50), (2000, 200)),
        _grid("m n", (20, 5), (200, 50), (2000, 200)),
        ("w",),
        _draw_logistic,
        _logistic,
        second.logistic,
        lambda lib, X, w, y: (lib.softplus(X @ w).sum() - y @ (X @ w)) / X.shape[0],
    ),
    Problem(
        "softmax cross-entropy",
        "S = X*W\n1/m*sum(logsumexp(S, axis=1) - pick(S, y))",
        {"X": "m, n", "W": "n, c", "y": "m labels(c)"},
        ("W",),
        _grid("m n c", (20, 5, 3), (200, 20, 5), (2000, 100, 10)),
        _grid("m n c", (20, 5, 3), (200, 10, 5), (1000, 30, 8)),
        ("W",),
        _draw_softmax,
        _softmax,
        second.softmax,
        _softmax_objective,
    ),
    Problem(
        "matrix factorization",
        "sumsq(X - U*V')",
        {"X": "m, n", "U": "m, k", "V": "n, k"},
        ("U", "V"),
        _grid("m n k", (20, 15, 3), (100, 100, 5), (500, 400, 20)),
        _grid("m n k", (10, 8, 2), (50, 40, 3), (100, 100, 5)),
        ("U", "V"),
        _normal("X m n", "U m k", "V n k"),
        _factorization,
        second.factorization,
        lambda lib, X, U, V: ((X - U @ V.T) ** 2).sum(),
    ),
    Problem(
        "two-layer network",
        "H = tanh(X*W1 + b1)\nR = H*W2 + b2 - Y\n1/(2*m)*sumsq(R)",
        {"X": "m, n", "Y": "m, c", "W1": "n, h", "b1": "1, h", "W2": "h, c", "b2": "1, c"},
        ("W1", "b1", "W2", "b2"),
        _grid("m n h c", (20, 5, 4, 2), (200, 20, 10, 3), (1000, 100, 50, 10)),
        _grid("m n h c", (20, 5, 4, 2), (100, 10, 6, 3), (500, 20, 15, 5)),
        ("W1",),
        _normal("X m n", "Y m c", "W1 n h", "b1 h", "W2 h c", "b2 c"),
        _network,
        second.network,
        _network_objective,
    ),
    Problem(
        "chain of products",
        "sumsq(A*B*C*x - y)",
        {"A": "n, n", "B": "n, n", "C": "n, n", "x": "n", "y": "n"},
        ("x",),
        _grid("n", (10,), (100,), (500,)),
        _grid("n", (10,), (100,), (300,)),
        ("x",),
        _normal("A n n", "B n n", "C n n", "x n", "y n"),
        _chain,
        second.chain,
        lambda lib, A, B, C, x, y: ((A @ B @ C @ x - y) ** 2).sum(),
    ),
    Problem(
        "Mahalanobis distance",
        "(x - mu)'*inv(S)*(x - mu)",
        {"S": "n, n posdef", "x": "n", "mu": "n"},
        ("x",),
        _grid("n", (10,), (50,), (300,)),
        _grid("n", (10,), (50,), (300,)),
        ("x",),
        _draw_mahalanobis,
        _mahalanobis,
        second.mahalanobis,
        _mahalanobis_objective,
    ),
)
