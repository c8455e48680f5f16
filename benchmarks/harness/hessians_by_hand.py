"""The Hessians of the eight problems as somebody writes them who knows their structure.

A module of its own beside `problems` because each is a small derivation. A Hessian by matrices is that
of their stacked columns; that of the factorization is given block by block.
"""

from harness import np


def quadratic(A, x):
    return A + A.T


def linear(X, w, y):
    return X.T @ X / X.shape[0]


def logistic(X, w, y):
    m = X.shape[0]
    z = X @ w
    e = np.exp(-np.abs(z))
    return (X.T * (e / (m * (1.0 + e) ** 2))) @ X


def softmax(X, W, y):
    """``X'*diag(p_a.*(delta_ab - p_b))*X/m`` for each pair of classes: a Gram matrix and its blocks."""
    (m, n), c = X.shape, W.shape[1]
    S = X @ W
    P = np.exp(S - S.max(axis=1)[:, None])
    P /= P.sum(axis=1)[:, None]
    spread = (P[:, :, None] * X[:, None, :]).reshape(m, c * n)
    found = spread.T @ (spread / -m)
    blocks = found.reshape(c, n, c, n)
    for a in range(c):
        blocks[a, :, a, :] += (X.T * (P[:, a] / m)) @ X
    return found


def factorization(X, U, V):
    (m, k), n = U.shape, V.shape[0]
    R = U @ V.T - X
    by_u, by_v, mixed = np.zeros((k, m, k, m)), np.zeros((k, n, k, n)), np.empty((k, m, k, n))
    np.einsum("ambm->abm", by_u)[...] = (2 * (V.T @ V))[:, :, None]
    np.einsum("anbn->abn", by_v)[...] = (2 * (U.T @ U))[:, :, None]
    np.multiply(U.T[None, :, :, None].transpose(0, 2, 1, 3), (2 * V.T)[:, None, None, :], out=mixed)
    np.einsum("aman->amn", mixed)[...] += 2 * R
    mixed = mixed.reshape(k * m, k * n)
    return {
        ("U", "U"): by_u.reshape(k * m, k * m),
        ("U", "V"): mixed,
        ("V", "U"): mixed.T,
        ("V", "V"): by_v.reshape(k * n, k * n),
    }


def network(X, Y, W1, b1, W2, b2):
    """By W1: ``X'*diag(..)*X`` for each pair of hidden units."""
    (m, n), h = X.shape, W1.shape[1]
    H = np.tanh(X @ W1 + b1)
    G = (H @ W2 + b2 - Y) @ W2.T / m
    slope = 1.0 - H**2
    inner = W2 @ W2.T / m
    found = np.empty((h, n, h, n))
    for a in range(h):
        for b in range(a + 1):
            weight = slope[:, a] * slope[:, b] * inner[a, b]
            if a == b:
                weight -= 2 * G[:, a] * H[:, a] * slope[:, a]
            found[a, :, b, :] = found[b, :, a, :] = (X.T * weight) @ X
    return found.reshape(h * n, h * n)


def chain(A, B, C, x, y):
    P = A @ (B @ C)
    return (2 * P).T @ P


def mahalanobis(S, x, mu):
    return 2 * np.linalg.inv(S)
