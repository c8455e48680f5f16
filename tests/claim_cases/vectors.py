"""Claims about derivatives by a vector or a number: forms, norms, quotients, entrywise functions."""

from __future__ import annotations

from claim_cases.case import Case

CASES: list[Case] = [
    (
        "w'*A*w",
        {"w": "n", "A": "n, n"},
        "w",
        [
            ("A*w", "term"),
            ("2*A*w", "conditional"),
            ("2*A'*w", "conditional"),
            ("w'*(A + A')", "layout"),
            ("A*w + A'*w", "right"),
            ("(A + A)*w", "transpose|conditional"),
            ("A*w - A'*w", "sign"),
            ("w'*A + A*w", "transpose|term"),
        ],
    ),
    (
        "1/2*x'*A*x - b'*x",
        {"x": "n", "A": "n, n symmetric", "b": "n"},
        "x",
        [
            ("2*A*x - b", "factor"),
            ("A*x + b", "sign"),
            ("1/2*A*x - b", "factor"),
            ("A*x", "term"),
            ("A'*x - b", "right"),
            ("x'*A - b'", "layout"),
            ("A - b", "factor"),
        ],
    ),
    (
        "sum(exp(A*x))",
        {"A": "m, n", "x": "n"},
        "x",
        [
            ("A*exp(A*x)", "transpose"),
            ("A'*exp(x)", "factor"),
            ("exp(A*x)'*A", "layout"),
            ("A'*(A*x)", "factor|other"),
            ("A'.*exp(A*x)", "entrywise"),
            ("sum(A'*exp(A*x))", "broadcast"),
        ],
    ),
    (
        "norm2(A*x - b)",
        {"A": "m, n", "x": "n", "b": "m"},
        "x",
        [
            ("A'*(A*x - b)", "norm"),
            ("2*A'*(A*x - b)", "norm"),
            ("(A*x - b)/norm2(A*x - b)", "factor"),
            ("A'*(A*x - b)/norm2(A*x - b)^2", "norm"),
            ("A'*(A*x - b)/sumsq(A*x - b)", "norm"),
            ("A*(A*x - b)/norm2(A*x - b)", "transpose"),
        ],
    ),
    (
        "(x'*A*x)/(x'*x)",
        {"x": "n", "A": "n, n symmetric"},
        "x",
        [
            ("2*A*x/(x'*x)", "term"),
            ("2*(A*x - (x'*A*x)*x)", "conditional|factor"),
            ("(A*x*(x'*x) - (x'*A*x)*x)/(x'*x)^2", "factor"),
            ("2*(A*x - (x'*A*x)/(x'*x)*x)", "factor|conditional"),
            ("2*(A*x*(x'*x) - (x'*A*x)*x)/(x'*x)^2", "right"),
            ("2*(A*x*(x'*x) + (x'*A*x)*x)/(x'*x)^2", "sign"),
            ("(2*A*x)./(2*x)", "term"),
            ("2*(A*x*(x'*x) - (x'*A*x)*x)/(x'*x)", "factor"),
        ],
    ),
    (
        "(a'*x)*(b'*x)",
        {"a": "n", "x": "n", "b": "n"},
        "x",
        [
            ("a*(b'*x)", "term"),
            ("a.*b", "term|other"),
            ("2*a*(b'*x)", "term"),
            ("(b'*x)*a + (a'*x)*b", "right"),
            ("a*b'*x + b*a", "transpose|factor|term"),
            ("(a*b' - b*a')*x", "sign"),
            ("a*b'", "factor|term|other|shape|conditional"),
            ("a*(a'*x) + b*(b'*x)", "other|term|factor|conditional"),
        ],
    ),
    (
        "(a'*x)/(norm2(a)*norm2(x))",
        {"a": "n", "x": "n"},
        "x",
        [
            ("a/(norm2(a)*norm2(x))", "term"),
            ("a/(norm2(a)*norm2(x)) - (a'*x)*x/(norm2(a)*norm2(x)^3)", "right"),
            ("a/(norm2(a)*norm2(x)) - (a'*x)*x/(norm2(a)*norm2(x)^2)", "norm|factor|conditional"),
        ],
    ),
    (
        "sum((A*x).^3)",
        {"A": "m, n", "x": "n"},
        "x",
        [
            ("3*A'*(A*x).^2", "right"),
            ("A'*(A*x).^2", "factor"),
            ("3*A'*(A*x)^2", "entrywise|factor|shape"),
            ("3*(A*x).^2", "factor"),
            ("3*A'*(A*x).^3", "factor"),
        ],
    ),
    (
        "x'*x",
        {"x": "n"},
        "x",
        [
            ("2*x'", "layout"),
            ("x", "factor"),
        ],
    ),
    (
        "norm2(x)",
        {"x": "n"},
        "x",
        [
            ("x", "norm"),
            ("2*x", "norm"),
            ("x/norm2(x)^2", "norm"),
        ],
    ),
    (
        "sumsq(x)",
        {"x": "n"},
        "x",
        [
            ("x/norm2(x)", "norm"),
            ("2*norm2(x)", "norm|shape|factor|other|broadcast"),
        ],
    ),
    (
        "exp(-1/2*x'*A*x)",
        {"x": "n", "A": "n, n symmetric"},
        "x",
        [
            ("-A*x", "factor"),
            ("-exp(-1/2*x'*A*x)*x", "factor"),
            ("exp(-1/2*x'*A*x)*A*x", "sign"),
            ("-1/2*exp(-1/2*x'*A*x)*A*x", "factor"),
        ],
    ),
    (
        "sqrt(x'*A*x)",
        {"x": "n", "A": "n, n posdef"},
        "x",
        [
            ("A*x/sqrt(x'*A*x)", "right"),
            ("A*x/(2*sqrt(x'*A*x))", "factor"),
            ("1/(2*sqrt(x'*A*x))", "factor|shape|broadcast"),
        ],
    ),
    (
        "log(x'*A*x)",
        {"x": "n", "A": "n, n posdef"},
        "x",
        [
            ("1/(x'*A*x)", "factor|shape|broadcast"),
            ("A*x/(x'*A*x)", "factor"),
            ("2*A*x", "factor"),
        ],
    ),
    (
        "sum(x.^3)",
        {"x": "n"},
        "x",
        [
            ("3*x^2", "entrywise|factor"),
        ],
    ),
    (
        "sum(x.*y)",
        {"x": "n", "y": "n"},
        "x",
        [
            ("y'", "layout"),
            ("x", "variable"),
        ],
    ),
    (
        "sum(x./y)",
        {"x": "n", "y": "n"},
        "y",
        [
            ("-x./y", "factor"),
            ("x./y.^2", "sign"),
            ("1./y", "variable|factor"),
        ],
    ),
    (
        "a*x'*x + b*sum(x)",
        {"a": "scalar", "b": "scalar", "x": "n"},
        "x",
        [
            ("2*a*x + b", "right"),
            ("2*a*x + b*ones(n)", "right"),
            ("2*a*x + b*x", "factor|other|term|conditional"),
        ],
    ),
    (
        "a*x'*x + b*sum(x)",
        {"a": "scalar", "b": "scalar", "x": "n"},
        "a",
        [
            ("x'*x", "right"),
        ],
    ),
    (
        "a*x'*x + b*sum(x)",
        {"a": "scalar", "b": "scalar", "x": "n"},
        "b",
        [
            ("n", "factor|other|conditional|broadcast"),
        ],
    ),
    (
        "sumsq(x*y' - M)",
        {"x": "m", "y": "n", "M": "m, n"},
        "x",
        [
            ("2*(x*y' - M)*y", "right"),
            ("2*(x*y' - M)'*y", "transpose"),
            ("2*(x'*y - M)*y", "order|transpose"),
        ],
    ),
]
