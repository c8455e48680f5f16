"""Claims as books, courses and forums have them: quadratic forms, quotients, traces and determinants."""

from __future__ import annotations

from claim_cases.case import Case

CASES: list[Case] = [
    (
        "x'*A*x",
        {"A": "n, n", "x": "n"},
        "x",
        [
            ("2*A*x", "conditional"),
            ("A*x", "conditional|factor|term"),
            ("x'*(A + A')", "layout"),
            ("2*x*x'", "variable|shape"),
        ],
    ),
    (
        "x'*A*x + b'*x",
        {"A": "n, n", "x": "n", "b": "n"},
        "x",
        [
            ("(A + A')*x + b'", "transpose|layout"),
        ],
    ),
    (
        "x'*A*x",
        {"A": "n, n", "x": "n"},
        "A",
        [
            ("2*x*x'", "factor"),
            ("x'*x", "transpose|order|broadcast"),
        ],
    ),
    (
        "b'*A*c",
        {"A": "n, n", "b": "n", "c": "n"},
        "A",
        [
            ("c*b'", "transpose|order|layout"),
        ],
    ),
    (
        "b'*A*c",
        {"A": "n, n", "b": "n", "c": "n"},
        "b",
        [
            ("A'*c", "transpose"),
        ],
    ),
    (
        "b'*A*c",
        {"A": "n, n", "b": "n", "c": "n"},
        "c",
        [
            ("A*b", "transpose"),
        ],
    ),
    (
        "exp(b'*x)",
        {"x": "n", "b": "n"},
        "x",
        [
            ("b*exp(x)", "entrywise|other|order|variable|factor"),
            ("exp(b'*x)", "factor"),
        ],
    ),
    (
        "log(b'*x)",
        {"x": "n", "b": "n"},
        "x",
        [
            ("1/(b'*x)", "factor"),
            ("b./x", "entrywise|factor|other"),
        ],
    ),
    (
        "1/(b'*x)",
        {"x": "n", "b": "n"},
        "x",
        [
            ("-b/(b'*x)", "factor"),
            ("b/(b'*x)^2", "sign"),
        ],
    ),
    (
        "(b'*x)/(c'*x)",
        {"x": "n", "b": "n", "c": "n"},
        "x",
        [
            ("b/c", "shape|term"),
            ("(b*(c'*x) + c*(b'*x))/(c'*x)^2", "sign"),
            ("(b*(c'*x) - c*(b'*x))/(c'*x)", "factor"),
        ],
    ),
    (
        "(b'*x)*(c'*x)",
        {"x": "n", "b": "n", "c": "n"},
        "x",
        [
            ("b*c'*x", "term"),
        ],
    ),
    (
        "tr(A*X*C)",
        {"A": "m, n", "X": "n, p", "C": "p, m"},
        "X",
        [
            ("A*C", "order|transpose|shape"),
            ("C*A", "layout|transpose"),
        ],
    ),
    (
        "tr(A*X*C)",
        {"A": "m, n", "X": "n, p", "C": "p, m"},
        "A",
        [
            ("X*C", "layout|transpose"),
        ],
    ),
    (
        "tr(X'*A*X)",
        {"A": "n, n", "X": "n, p"},
        "X",
        [
            ("2*A*X", "conditional"),
            ("2*X'*A", "layout|transpose|order|conditional"),
        ],
    ),
    (
        "sumsq(A*X - Y)",
        {"A": "m, n", "X": "n, p", "Y": "m, p"},
        "X",
        [
            ("2*(A*X - Y)*A'", "order"),
        ],
    ),
    (
        "sumsq(A*X - Y)",
        {"A": "m, n", "X": "n, p", "Y": "m, p"},
        "A",
        [
            ("2*(A*X - Y)*X", "transpose"),
        ],
    ),
    (
        "logdet(X)",
        {"X": "n, n"},
        "X",
        [
            ("inv(X)", "transpose|layout|conditional"),
        ],
    ),
    (
        "det(X)",
        {"X": "n, n"},
        "X",
        [
            ("inv(X)'", "factor"),
        ],
    ),
    (
        "a'*inv(X)*b",
        {"X": "n, n", "a": "n", "b": "n"},
        "X",
        [
            ("inv(X)'*a*b'*inv(X)'", "sign"),
            ("-inv(X)*a*b'*inv(X)", "transpose|conditional"),
        ],
    ),
    (
        "tr(inv(X))",
        {"X": "n, n"},
        "X",
        [
            ("-inv(X)^2", "transpose|layout|conditional"),
        ],
    ),
    (
        "tr(X^3)",
        {"X": "n, n"},
        "X",
        [
            ("3*X^2", "transpose|layout|conditional"),
        ],
    ),
    (
        "sum(X.*A)",
        {"X": "n, n", "A": "n, n"},
        "X",
        [
            ("A'", "layout|transpose"),
        ],
    ),
    (
        "sum(X*A)",
        {"X": "n, n", "A": "n, n"},
        "X",
        [
            ("A", "other|entrywise|broadcast|term|factor"),
        ],
    ),
    (
        "sumsq(w)",
        {"w": "n"},
        "w",
        [
            ("sumsq(2*w)", "shape|norm|other"),
        ],
    ),
    (
        "(a'*X*b)^2",
        {"X": "n, n", "a": "n", "b": "n"},
        "X",
        [
            ("2*a*b'", "factor"),
            ("2*(a'*X*b)", "factor|shape"),
        ],
    ),
    (
        "tr(A*X*B*X')",
        {"X": "n, n", "A": "n, n", "B": "n, n"},
        "X",
        [
            ("2*A*X*B", "conditional"),
            ("A'*X*B'", "term|conditional|factor"),
        ],
    ),
    (
        "sumsq(X - a*b')",
        {"X": "n, n", "a": "n", "b": "n"},
        "a",
        [
            ("2*(X - a*b')*b", "sign"),
        ],
    ),
    (
        "sumsq(X - a*b')",
        {"X": "n, n", "a": "n", "b": "n"},
        "b",
        [
            ("-2*(X - a*b')*a", "transpose"),
        ],
    ),
]
