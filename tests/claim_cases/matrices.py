"""Claims about derivatives by a matrix: traces, determinants, inverses, bilinear forms."""

from __future__ import annotations

from claim_cases.case import Case

CASES: list[Case] = [
    (
        "w'*A*w",
        {"w": "n", "A": "n, n"},
        "A",
        [
            ("w'*w", "order"),
            ("w*w'", "right"),
            ("2*w*w'", "factor"),
        ],
    ),
    (
        "tr(A*X*B)",
        {"A": "p, m", "X": "m, n", "B": "n, p"},
        "X",
        [
            ("B*A", "layout"),
            ("A'*B", "transpose"),
            ("B'*A'", "order"),
            ("A*B'", "transpose"),
            ("A'*X*B'", "factor"),
        ],
    ),
    (
        "a'*inv(X)*b",
        {"a": "n", "X": "n, n", "b": "n"},
        "X",
        [
            ("-inv(X)*a*b'*inv(X)", "transpose"),
            ("-inv(X)'*b*a'*inv(X)'", "order|transpose|layout|variable|factor"),
            ("-inv(X)'*a*b'*inv(X)", "transpose"),
            ("inv(X)*b*a'*inv(X)", "sign"),
            ("-inv(X)*b*a'*inv(X)", "layout"),
            ("-a*b'*inv(X)'*inv(X)'", "order"),
        ],
    ),
    (
        "sumsq(M.*(A - X))",
        {"M": "m, n", "A": "m, n", "X": "m, n"},
        "X",
        [
            ("-2*M.*(A - X)", "factor"),
            ("2*M.*M.*(A - X)", "sign"),
            ("-2*(A - X)", "factor"),
            ("-2*M*M*(A - X)", "entrywise"),
            ("-2*M.^2.*(A - X)", "right"),
            ("M.*M.*(X - A)", "factor"),
        ],
    ),
    (
        "logdet(X)",
        {"X": "n, n"},
        "X",
        [
            ("inv(X)", "layout"),
            ("inv(X)'", "right"),
            ("det(X)*inv(X)'", "factor"),
            ("-inv(X)'", "sign"),
            ("1/det(X)", "other|shape|factor|broadcast"),
        ],
    ),
    (
        "det(X)",
        {"X": "n, n"},
        "X",
        [
            ("inv(X)'", "factor"),
            ("det(X)*inv(X)", "layout"),
            ("adj(X)'", "right"),
            ("X'", "other"),
        ],
    ),
    (
        "tr(X'*X)",
        {"X": "m, n"},
        "X",
        [
            ("2*X'", "layout"),
            ("X", "factor"),
        ],
    ),
    (
        "tr(X'*A*X)",
        {"X": "m, n", "A": "m, m"},
        "X",
        [
            ("2*A*X", "conditional"),
            ("A*X", "term"),
            ("X'*A + X*A", "other|transpose|order|term|shape"),
            ("(A + A')*X", "right"),
        ],
    ),
    (
        "tr(A*X)",
        {"A": "n, m", "X": "m, n"},
        "X",
        [
            ("A", "layout"),
        ],
    ),
    (
        "tr(X*A)",
        {"A": "n, m", "X": "m, n"},
        "X",
        [
            ("A'", "right"),
        ],
    ),
    (
        "tr(X*X)",
        {"X": "n, n"},
        "X",
        [
            ("2*X", "layout"),
            ("X + X'", "other|transpose|conditional|order|term"),
        ],
    ),
    (
        "tr(X'*B*X)",
        {"X": "m, n", "B": "m, m"},
        "X",
        [
            ("B*X + B'*X", "right"),
        ],
    ),
    (
        "tr(X*B*X')",
        {"X": "m, n", "B": "n, n"},
        "X",
        [
            ("2*X*B", "conditional"),
        ],
    ),
    (
        "tr(A*X*B*X)",
        {"X": "n, n", "A": "n, n", "B": "n, n"},
        "X",
        [
            ("A'*X'*B' + B'*X'*A'", "right"),
            ("A*X*B + B*X*A", "layout"),
            ("A'*X'*B'", "term"),
        ],
    ),
    (
        "tr(inv(X)*A)",
        {"X": "n, n", "A": "n, n"},
        "X",
        [
            ("-inv(X)*A*inv(X)", "layout"),
            ("-inv(X)'*A*inv(X)'", "transpose"),
            ("-A*inv(X)*inv(X)", "order|transpose|layout"),
        ],
    ),
    (
        "logdet(A'*X*A)",
        {"A": "n, k", "X": "n, n posdef"},
        "X",
        [
            ("A*inv(A'*X*A)*A'", "right"),
        ],
    ),
    (
        "logdet(X'*A*X)",
        {"X": "m, n", "A": "m, m"},
        "X",
        [
            ("2*A*X*inv(X'*A*X)", "conditional"),
        ],
    ),
    (
        "det(X)^2",
        {"X": "n, n"},
        "X",
        [
            ("2*det(X)*inv(X)'", "factor"),
            ("2*det(X)^2*inv(X)'", "right"),
        ],
    ),
    (
        "sum(X)",
        {"X": "m, n"},
        "X",
        [
            ("ones(n,m)", "layout|broadcast"),
        ],
    ),
    (
        "mean(X)",
        {"X": "m, n"},
        "X",
        [
            ("ones(m,n)", "factor"),
            ("1/m*ones(m,n)", "factor"),
        ],
    ),
    (
        "a'*X*b",
        {"a": "m", "X": "m, n", "b": "n"},
        "X",
        [
            ("b*a'", "layout"),
            ("a'*b", "shape|transpose|order"),
            ("a*b", "transpose"),
            ("a.*b'", "entrywise"),
        ],
    ),
    (
        "a'*X'*b",
        {"a": "n", "X": "m, n", "b": "m"},
        "X",
        [
            ("a*b'", "layout"),
        ],
    ),
    (
        "a'*X'*X*b",
        {"a": "n", "X": "m, n", "b": "n"},
        "X",
        [
            ("X*a*b'", "term"),
            ("2*X*a*b'", "term|conditional"),
            ("X*(a*b' + b*a')", "right"),
        ],
    ),
    (
        "sum(A.*B)",
        {"A": "m, n", "B": "m, n"},
        "A",
        [
            ("B'", "layout"),
        ],
    ),
]
