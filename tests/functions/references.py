"""An independent NumPy spelling of every function, by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Array = Any


def entries(function: Callable[..., float]) -> Callable[..., Array]:
    """One number at a time, as the standard library computes it."""
    vectorised = np.vectorize(function, otypes=[float])
    return whole(vectorised)


def whole(function: Callable[..., Array]) -> Callable[..., Array]:
    """A function that knows no axis and no sizes."""

    def reference(*arguments: Array, axis: int | None, sizes: tuple[int, ...]) -> Array:
        return function(*arguments)

    return reference


def sums(x: Array, axis: int | None) -> Array:
    if axis is None:
        return np.array([[math.fsum(x.ravel())]])
    return np.array([[math.fsum(column) for column in x.T]]) if axis == 0 else sums(x.T, 0).T


def mean(x: Array, axis: int | None) -> Array:
    return sums(x, axis) / {None: x.size, 0: x.shape[0], 1: x.shape[1]}[axis]


def softmax(x: Array, axis: int | None) -> Array:
    axis = (0 if x.shape[1] == 1 else 1) if axis is None else axis
    return np.exp(x) / sums(np.exp(x), axis)


def determinant(x: Array) -> float:
    """By the first row."""
    if len(x) == 1:
        return float(x[0, 0])
    minors = [np.delete(np.delete(x, 0, 0), j, 1) for j in range(len(x))]
    return math.fsum((-1) ** j * x[0, j] * determinant(minor) for j, minor in enumerate(minors))


def adjugate(x: Array) -> Array:
    size = len(x)
    if size == 1:
        return np.ones((1, 1))
    cofactors = [
        [(-1) ** (i + j) * determinant(np.delete(np.delete(x, i, 0), j, 1)) for j in range(size)]
        for i in range(size)
    ]
    return np.array(cofactors).T


def stacked(x: Array) -> Array:
    return np.array([[x[i, j]] for j in range(x.shape[1]) for i in range(x.shape[0])])


def unstacked(x: Array, rows: int, cols: int) -> Array:
    flat = stacked(x)[:, 0]
    return np.array([[flat[i + j * rows] for j in range(cols)] for i in range(rows)])


def kron(a: Array, b: Array) -> Array:
    return np.block([[a[i, j] * b for j in range(a.shape[1])] for i in range(a.shape[0])])


def diag(x: Array) -> Array:
    if 1 in x.shape:
        result = np.zeros((x.size, x.size))
        for i, entry in enumerate(x.ravel()):
            result[i, i] = entry
        return result
    return np.array([[x[i, i]] for i in range(len(x))])


def commutation(rows: int, cols: int) -> Array:
    basis = [np.eye(rows * cols)[k].reshape(cols, rows).T for k in range(rows * cols)]
    return np.hstack([stacked(one.T) for one in basis])


def onehot(y: Array, classes: int) -> Array:
    return np.array([[float(j == label) for j in range(classes)] for label in y.ravel()])


def sign(x: float) -> float:
    return 0.0 if x == 0 else math.copysign(1.0, x)


def normal(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


REFERENCES: dict[str, Callable[..., Array]] = {
    "exp": entries(math.exp),
    "log": entries(math.log),
    "sqrt": entries(math.sqrt),
    "square": entries(lambda x: x * x),
    "abs": entries(math.fabs),
    "sign": entries(sign),
    "sin": entries(math.sin),
    "cos": entries(math.cos),
    "tan": entries(math.tan),
    "asin": entries(math.asin),
    "acos": entries(math.acos),
    "atan": entries(math.atan),
    "sinh": entries(math.sinh),
    "cosh": entries(math.cosh),
    "tanh": entries(math.tanh),
    "asinh": entries(math.asinh),
    "acosh": entries(math.acosh),
    "atanh": entries(math.atanh),
    "erf": entries(math.erf),
    "sigmoid": entries(lambda x: 1 / (1 + math.exp(-x))),
    "logit": entries(lambda x: math.log(x / (1 - x))),
    "softplus": entries(lambda x: math.log(1 + math.exp(x))),
    "relu": entries(lambda x: x if x > 0 else 0.0),
    "gelu": entries(lambda x: x * normal(x)),
    "silu": entries(lambda x: x / (1 + math.exp(-x))),
    "log1p": entries(math.log1p),
    "expm1": entries(math.expm1),
    "step": entries(lambda x: 1.0 if x > 0 else 0.0),
    "maximum": entries(max),
    "minimum": entries(min),
    "sum": lambda x, axis, sizes: sums(x, axis),
    "colsum": whole(lambda x: sums(x, 0)),
    "rowsum": whole(lambda x: sums(x, 1)),
    "mean": lambda x, axis, sizes: mean(x, axis),
    "sumsq": whole(lambda x: sums(x * x, None)),
    "norm1": whole(lambda x: sums(abs(x), None)),
    "norm2": whole(lambda x: np.sqrt(sums(x * x, None))),
    "logsumexp": lambda x, axis, sizes: np.log(sums(np.exp(x), axis)),
    "softmax": lambda x, axis, sizes: softmax(x, axis),
    "logsoftmax": lambda x, axis, sizes: np.log(softmax(x, axis)),
    "tr": whole(lambda x: [[math.fsum(x[i, i] for i in range(len(x)))]]),
    "det": whole(lambda x: [[determinant(x)]]),
    "logdet": whole(lambda x: [[math.log(abs(determinant(x)))]]),
    "inv": whole(lambda x: adjugate(x) / determinant(x)),
    "transpose": whole(lambda x: x.T),
    "diag": whole(diag),
    "vec": whole(stacked),
    "reshape": lambda x, axis, sizes: unstacked(x, *sizes),
    "kron": whole(kron),
    "dot": whole(lambda x, y: [[math.fsum(x.ravel() * y.ravel())]]),
    "outer": whole(lambda x, y: [[a * b for b in y.ravel()] for a in x.ravel()]),
    "adj": whole(adjugate),
    "eye": lambda axis, sizes: np.diag(np.ones(sizes[0])),
    "ones": lambda axis, sizes: np.full((*sizes, 1)[:2], 1.0),
    "zeros": lambda axis, sizes: np.full((*sizes, 1)[:2], 0.0),
    "K": lambda axis, sizes: commutation(*sizes),
    "onehot": lambda y, axis, sizes: onehot(y, *sizes),
    "pick": whole(lambda s, y: [[row[int(label)]] for row, label in zip(s, y[:, 0], strict=True)]),
}
