"""Claims as books, courses and forums have them: losses of regression and classification, with norms."""

from __future__ import annotations

from claim_cases.case import Case

CASES: list[Case] = [
    (
        "sumsq(X*w - y)",
        {"X": "m, n", "w": "n", "y": "m"},
        "w",
        [
            ("2*X*(X*w - y)", "transpose"),
            ("2*X'*(y - X*w)", "sign"),
            ("2*(X*w - y)'*X", "layout"),
            ("2*(X*w - y)*X'", "order|transpose|shape"),
            ("dJ_dw = 2*X'*X*w - 2*y", "shape|factor|term|broadcast"),
            ("-2*(X*w - y)", "variable|factor"),
        ],
    ),
    (
        "sumsq(X*w - y)/(2*m)",
        {"X": "m, n", "w": "n", "y": "m"},
        "w",
        [
            ("1/2*X'*(X*w - y)", "factor"),
        ],
    ),
    (
        "sumsq(X*w - y) + lam*sumsq(w)",
        {"X": "m, n", "w": "n", "y": "m", "lam": "scalar"},
        "w",
        [
            ("2*X'*(X*w - y) + lam*w", "factor|term"),
        ],
    ),
    (
        "sumsq(X*w - y) + lam*norm1(w)",
        {"X": "m, n", "w": "n", "y": "m", "lam": "scalar"},
        "w",
        [
            ("2*X'*(X*w - y) + lam*abs(w)", "entrywise|term|other|norm|factor"),
        ],
    ),
    (
        "sumsq(X*w - y) + lam*w'*w",
        {"X": "m, n", "w": "n", "y": "m", "lam": "scalar"},
        "w",
        [
            ("2*X'*(X*w - y) + 2*lam", "broadcast|factor|term|variable"),
        ],
    ),
    (
        "norm(X*w - y)",
        {"X": "m, n", "w": "n", "y": "m"},
        "w",
        [
            ("X'*(X*w - y)", "norm|factor"),
            ("2*X'*(X*w - y)", "norm|factor"),
        ],
    ),
    (
        "-sum(y.*log(sigmoid(X*w)) + (1 - y).*log(1 - sigmoid(X*w)))",
        {"X": "m, n", "w": "n", "y": "m"},
        "w",
        [
            ("X'*(y - sigmoid(X*w))", "sign"),
            ("X*(sigmoid(X*w) - y)", "transpose"),
            ("X'*(X*w - y)", "entrywise|factor|other|term"),
            ("X'*(sigmoid(X*w) - y).*sigmoid(X*w).*(1 - sigmoid(X*w))", "shape|factor|entrywise"),
        ],
    ),
    (
        "-sum(y.*log(sigmoid(X*w)) + (1 - y).*log(1 - sigmoid(X*w)))/m",
        {"X": "m, n", "w": "n", "y": "m"},
        "w",
        [
            ("X'*(sigmoid(X*w) - y)", "factor"),
        ],
    ),
    (
        "sum(log(1 + exp(-y.*(X*w))))",
        {"X": "m, n", "w": "n", "y": "m"},
        "w",
        [
            ("-X'*(y.*sigmoid(y.*(X*w)))", "sign|other|term"),
        ],
    ),
    (
        "sum(sigmoid(X*w))",
        {"X": "m, n", "w": "n"},
        "w",
        [
            ("X'*sigmoid(X*w)", "factor|entrywise"),
            ("X'*(sigmoid(X*w)*(1 - sigmoid(X*w)))", "entrywise"),
            ("(sigmoid(X*w).*(1 - sigmoid(X*w)))'*X", "layout"),
        ],
    ),
    (
        "sum(tanh(X*w))",
        {"X": "m, n", "w": "n"},
        "w",
        [
            ("X'*(1 - tanh(X*w))", "factor|other|entrywise"),
        ],
    ),
    (
        "-sum(Y.*logsoftmax(X*W + b, axis=1))",
        {"X": "m, n", "W": "n, c", "Y": "m, c", "b": "1, c"},
        "W",
        [
            ("X*(softmax(X*W + b, axis=1) - Y)", "transpose|conditional"),
        ],
    ),
    (
        "-sum(Y.*logsoftmax(X*W + b, axis=1))",
        {"X": "m, n", "W": "n, c", "Y": "m, c", "b": "1, c"},
        "b",
        [
            ("softmax(X*W + b, axis=1) - Y", "broadcast"),
        ],
    ),
    (
        "sumsq(X*W + b - Y)",
        {"X": "m, n", "W": "n, c", "Y": "m, c", "b": "1, c"},
        "b",
        [
            ("2*rowsum(X*W + b - Y)", "broadcast|shape"),
            ("2*(X*W + b - Y)", "broadcast"),
        ],
    ),
    (
        "sumsq(X*W + b - Y)",
        {"X": "m, n", "W": "n, c", "Y": "m, c", "b": "1, c"},
        "W",
        [
            ("2*(X*W + b - Y)'*X", "layout|transpose"),
        ],
    ),
    (
        "sum(relu(X*w))",
        {"X": "m, n", "w": "n"},
        "w",
        [
            ("X'*(X*w)", "entrywise|factor|other"),
            ("X'*((sign(X*w) + 1)/2 + (1 - abs(sign(X*w)))/2)", "conditional|right"),
        ],
    ),
    (
        "sumsq(X*w - y)",
        {"X": "m, n", "w": "n", "y": "m"},
        "y",
        [
            ("2*X'*(X*w - y)", "variable"),
        ],
    ),
    (
        "sum(i, (X[i,:]*w - y[i])^2)",
        {"X": "m, n", "w": "n", "y": "m"},
        "w",
        [
            ("sum(i, 2*(X[i,:]*w - y[i])*X[i,:])", "layout|transpose"),
            ("sum(i, (X[i,:]*w - y[i])*X[i,:]')", "factor"),
        ],
    ),
    (
        "sum(i, log(1 + exp(-y[i]*X[i,:]*w)))",
        {"X": "m, n", "w": "n", "y": "m"},
        "w",
        [
            ("sum(i, -y[i]*X[i,:]'*sigmoid(y[i]*X[i,:]*w))", "sign|term"),
        ],
    ),
    (
        "norm(w)^2",
        {"w": "n"},
        "w",
        [
            ("2*norm(w)", "norm|shape|factor|broadcast"),
        ],
    ),
    (
        "norm(w)",
        {"w": "n"},
        "w",
        [
            ("1/norm(w)", "factor"),
        ],
    ),
    (
        "sum(exp(X*w))",
        {"X": "m, n", "w": "n"},
        "w",
        [
            ("X'*exp(w)", "factor|entrywise"),
            ("exp(X*w)", "factor"),
        ],
    ),
    (
        "sum(log(X*w))",
        {"X": "m, n", "w": "n"},
        "w",
        [
            ("X'*(1/(X*w))", "shape|entrywise"),
            ("X'./(X*w)", "shape|entrywise|other|broadcast"),
        ],
    ),
]
