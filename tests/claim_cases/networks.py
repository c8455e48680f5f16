"""Claims about networks and factorizations: layers, activations, attention, autoencoders."""

from __future__ import annotations

from claim_cases.case import Case

CASES: list[Case] = [
    (
        "sumsq(A - U*V')",
        {"A": "m, n", "U": "m, k", "V": "n, k"},
        "V",
        [
            ("2*(A - U*V')'*U", "sign"),
            ("-2*(A - U*V')*U", "transpose"),
            ("-2*(A - U*V')*V", "variable"),
            ("-(A - U*V')'*U", "factor"),
            ("-2*U'*(A - U*V')", "layout"),
        ],
    ),
    (
        "sumsq(A - U*V')",
        {"A": "m, n", "U": "m, k", "V": "n, k"},
        "U",
        [
            ("-2*(A - U*V')*V'", "transpose"),
        ],
    ),
    (
        "1/2*sumsq(tanh(W*x + b) - y)",
        {"W": "m, n", "x": "n", "b": "m", "y": "m"},
        "W",
        [
            ("(tanh(W*x + b) - y)*x'", "factor"),
            ("((tanh(W*x + b) - y).*(1 - tanh(W*x + b)))*x'", "factor"),
            ("((tanh(W*x + b) - y).*(1 - tanh(W*x + b).^2))*x", "transpose"),
            ("((tanh(W*x + b) - y).*(1 - tanh(W*x + b).^2))", "factor"),
            ("((y - tanh(W*x + b)).*(1 - tanh(W*x + b).^2))*x'", "sign"),
            ("((tanh(W*x + b) - y)*(1 - tanh(W*x + b).^2))*x'", "entrywise"),
        ],
    ),
    (
        "1/2*sumsq(tanh(W*x + b) - y)",
        {"W": "m, n", "x": "n", "b": "m", "y": "m"},
        "b",
        [
            ("((tanh(W*x + b) - y).*(1 + tanh(W*x + b).^2))", "sign"),
        ],
    ),
    (
        "h = W*x\nL = v'*W*h",
        {"W": "n, n", "x": "n", "v": "n"},
        "W",
        [
            ("v*h'", "term"),
            ("W'*v*x'", "term"),
            ("v*h' + W*v*x'", "transpose"),
            ("h*v' + x*v'*W", "layout"),
            ("v*h' + v*x'", "factor"),
            ("v*h' + dL_dh*x'", "right"),
            ("dL_dh*x'", "term"),
            ("v*h' - W'*v*x'", "sign"),
        ],
    ),
    (
        "softmax(z)",
        {"z": "n"},
        "z",
        [
            ("diag(softmax(z)) - softmax(z)*softmax(z)'", "right"),
            ("diag(softmax(z).*(1 - softmax(z)))", "entrywise"),
            ("diag(softmax(z))", "term"),
        ],
    ),
    (
        "a'*softmax(z)",
        {"a": "n", "z": "n"},
        "z",
        [
            ("softmax(z).*(1 - softmax(z)).*a", "term|other|factor"),
            ("diag(softmax(z))*a", "term"),
            ("(diag(softmax(z)) - softmax(z)*softmax(z)')*a", "right"),
            ("a'*(diag(softmax(z)) - softmax(z)*softmax(z)')", "layout"),
            ("softmax(z).*a", "term"),
            ("(diag(softmax(z)) + softmax(z)*softmax(z)')*a", "sign"),
            ("softmax(z) - a", "other|term"),
            ("softmax(z)*(a - softmax(z)'*a)", "entrywise"),
        ],
    ),
    (
        "logsumexp(A*x + b)",
        {"A": "m, n", "x": "n", "b": "m"},
        "x",
        [
            ("softmax(A*x + b)", "factor"),
            ("A'*exp(A*x + b)", "factor"),
            ("A'*softmax(A*x)", "term|factor|other"),
            ("A*softmax(A*x + b)", "transpose"),
            ("A'*exp(A*x + b)./exp(A*x + b)", "broadcast|other|shape"),
        ],
    ),
    (
        "sumsq(X - X*W*W')",
        {"X": "m, n", "W": "n, k"},
        "W",
        [
            ("-2*X'*(X - X*W*W')*W", "conditional|term"),
            ("-4*X'*X*W", "term"),
            ("-4*X'*(X - X*W*W')*W", "conditional|term"),
        ],
    ),
    (
        "H = tanh(X*V)\nS = H*W\nL = 1/2*sumsq(S - Y)",
        {"X": "m, n", "V": "n, k", "W": "k, c", "Y": "m, c"},
        "V",
        [
            ("X'*((S - Y)*W'.*(1 - H.^2))", "right"),
            ("X'*((S - Y)*W.*(1 - H.^2))", "transpose"),
            ("X'*(S - Y)*W'", "factor"),
            ("X'*((S - Y)*W'.*(1 - H))", "factor"),
            ("((S - Y)*W'.*(1 - H.^2))'*X", "layout"),
            ("dL_dH.*(1 - H.^2)", "factor"),
            ("X'*dL_dH", "factor"),
            ("X'*((S - Y)*W'*(1 - H.^2))", "entrywise"),
        ],
    ),
    (
        "H = tanh(X*V)\nS = H*W\nL = 1/2*sumsq(S - Y)",
        {"X": "m, n", "V": "n, k", "W": "k, c", "Y": "m, c"},
        "W",
        [
            ("H*(S - Y)", "transpose"),
            ("X'*(S - Y)", "factor|order"),
            ("(S - Y)*H'", "order"),
        ],
    ),
    (
        "-y'*log(softmax(z))",
        {"y": "n", "z": "n"},
        "z",
        [
            ("softmax(z) - y", "conditional"),
            ("sum(y)*softmax(z) - y", "right"),
            ("y - softmax(z)", "conditional|sign|other"),
        ],
    ),
    (
        "v'*relu(W*x)",
        {"v": "m", "W": "m, n", "x": "n"},
        "x",
        [
            ("W'*v", "conditional|factor|term"),
            ("W'*(v.*step(W*x))", "right"),
            ("W'*v.*step(W*x)", "order|entrywise|other|shape|factor"),
            ("W*(v.*step(W*x))", "transpose"),
        ],
    ),
    (
        "sum(sigmoid(A*x).*c)",
        {"A": "m, n", "x": "n", "c": "m"},
        "x",
        [
            ("A'*(sigmoid(A*x).*(1 - sigmoid(A*x)))", "factor"),
            ("A'*(sigmoid(A*x).*c)", "factor"),
            ("A'*(sigmoid(A*x).*(1 - sigmoid(A*x)).*c)", "right"),
            ("A'*diag(c)*(sigmoid(A*x).*(1 - sigmoid(A*x)))", "right"),
            ("A'*(sigmoid(A*x).*(1 + sigmoid(A*x)).*c)", "sign"),
        ],
    ),
    (
        "z1 = W1*x + b1\na1 = sigmoid(z1)\nz2 = W2*a1 + b2\nL = 1/2*sumsq(z2 - y)",
        {"W1": "k, n", "x": "n", "b1": "k", "W2": "c, k", "b2": "c", "y": "c"},
        "W1",
        [
            ("(W2'*(z2 - y)).*a1.*(1 - a1)*x'", "right"),
            ("((z2 - y)*W2').*a1.*(1 - a1)*x'", "order"),
            ("W2'*(z2 - y)*x'", "factor"),
            ("((W2'*(z2 - y)).*sigmoid(a1).*(1 - sigmoid(a1)))*x'", "factor"),
            ("dL_dz1*x'", "right"),
            ("x*dL_dz1'", "layout"),
        ],
    ),
    (
        "z1 = W1*x + b1\na1 = sigmoid(z1)\nz2 = W2*a1 + b2\nL = 1/2*sumsq(z2 - y)",
        {"W1": "k, n", "x": "n", "b1": "k", "W2": "c, k", "b2": "c", "y": "c"},
        "W2",
        [
            ("(z2 - y)*z1'", "factor"),
            ("a1*(z2 - y)'", "layout"),
        ],
    ),
    (
        "z1 = W1*x + b1\na1 = sigmoid(z1)\nz2 = W2*a1 + b2\nL = 1/2*sumsq(z2 - y)",
        {"W1": "k, n", "x": "n", "b1": "k", "W2": "c, k", "b2": "c", "y": "c"},
        "b1",
        [
            ("W2*(dL_dz2.*a1.*(1 - a1))", "transpose|order|other|shape|entrywise"),
        ],
    ),
    (
        "S = Q*K'\nA = softmax(S)\nO = A*V\nL = sum(O.*G)",
        {"Q": "m, d", "K": "n, d", "V": "n, p", "G": "m, p"},
        "V",
        [
            ("A*G", "transpose"),
        ],
    ),
    (
        "S = Q*K'\nA = softmax(S)\nO = A*V\nL = sum(O.*G)",
        {"Q": "m, d", "K": "n, d", "V": "n, p", "G": "m, p"},
        "Q",
        [
            ("dL_dS*K'", "transpose"),
            ("(A.*(G*V'))*K", "term"),
            ("(A.*(1 - A).*(G*V'))*K", "other|term|factor"),
        ],
    ),
    (
        "S = Q*K'\nA = softmax(S)\nO = A*V\nL = sum(O.*G)",
        {"Q": "m, d", "K": "n, d", "V": "n, p", "G": "m, p"},
        "K",
        [
            ("dL_dS*Q", "transpose"),
            ("Q'*dL_dS", "layout"),
        ],
    ),
    (
        "sumsq(X - mean(X, axis=0))",
        {"X": "m, n"},
        "X",
        [
            ("2*(X - mean(X, axis=0))", "right"),
        ],
    ),
]
