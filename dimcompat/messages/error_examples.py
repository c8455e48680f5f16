"""For every code of an error: the smallest text that raises it, and the same text put right.

A module of its own because these are the same in every language; `error_meanings_en` and its
fellows say in words what a code means. A test runs each of them.
"""

from typing import NamedTuple


class Example(NamedTuple):
    """What raises the error, and what is meant; ``kind`` is plain, latex or python (with ``dc``)."""

    wrong: str
    right: str
    kind: str = "plain"


def _python(wrong: str, right: str) -> Example:
    return Example(wrong, right, "python")


def _latex(wrong: str, right: str) -> Example:
    return Example(wrong, right, "latex")


EXAMPLES: dict[str, Example | None] = {
    "E101": _python('dc.parse("1" + " + 1" * 300_000)', 'dc.parse("1 + 1")'),
    "E102": Example("# nothing yet", "x: n; sum(x)"),
    "E103": Example("x: n; sum(x) & 2", "x: n; sum(x) + 2"),
    "E104": Example(r"A: n, n; x: n; A^\top*x", "A: n, n; x: n; A'*x"),
    "E105": Example("x: n; x.sum", "x: n; sum(x)"),
    "E106": Example("x: n; 2. + sum(x)", "x: n; 2.0 + sum(x)"),
    "E107": _python('dc.parse("1e401")', 'dc.parse("10^401")'),
    "E108": Example("x: n; sum((x + 1)", "x: n; sum(x + 1)"),
    "E109": Example("x: n; sum(x))", "x: n; sum(x)"),
    "E110": Example("x: n; sum(x]", "x: n; sum(x)"),
    "E111": Example("x: n; sum(x; 2)", "x: n; sum(x)"),
    "E112": Example("x: n; sum(x) +", "x: n; sum(x) + 1"),
    "E113": Example("x: n; * sum(x)", "x: n; 2*sum(x)"),
    "E114": Example("x: n; sum(x) * / 2", "x: n; sum(x) / 2"),
    "E115": Example("x: n; 2 sum(x)", "x: n; 2*sum(x)"),
    "E116": Example("x: n; y: n; dot(x,, y)", "x: n; y: n; dot(x, y)"),
    "E117": Example("x: n; sum(x) + ()", "x: n; sum(x)"),
    "E118": Example("x: n; x' = sum(x)", "x: n; s = sum(x)"),
    "E119": Example("x: n; sum(x): 2", "x: n; s = sum(x)"),
    "E120": Example("x: n; x, 2", "x: n; sum(x)"),
    "E121": _python('dc.parse("(" * 500 + "1" + ")" * 500)', 'dc.parse("(1)")'),
    "E122": Example("X: m, n; sum(axis=0, X)", "X: m, n; sum(X, axis=0)"),
    "E123": Example("X: m, n; sum(X, axis=0, axis=1)", "X: m, n; sum(X, axis=0)"),
    "E124": Example("x: n; f(s, t) = s*t; sum(f(x))", "x: n; f(t) = t*t; sum(f(x))"),
    "E125": Example("X: m, ; sum(X)", "X: m, n; sum(X)"),
    "E126": Example("A: n, n symmetrical; tr(A)", "A: n, n symmetric; tr(A)"),
    "E127": Example("y: m labels(c) symmetric; 1", "y: m labels(c); 1"),
    "E128": _python(
        'dc.check("x\'*x", "x", "2*x; x", {"x": "n"})', 'dc.check("x\'*x", "x", "2*x", {"x": "n"})'
    ),
    "E129": _python('dc.derive("x\'*x", "2", {"x": "n"})', 'dc.derive("x\'*x", "x", {"x": "n"})'),
    "E130": Example("X: m, n; sum(i, X[i,:,:]*X[i,:]')", "X: m, n; sum(i, X[i,:]*X[i,:]')"),
    "E131": Example("n: scalar; x: sum(n); sum(x)", "x: n + 1; sum(x)"),
    "E132": Example("A: n, n symmetric 2; tr(A)", "A: n, n symmetric; tr(A)"),
    "E133": _python('dc.parse("a: scalar; " + "*".join("a" * 300))', 'dc.parse("a: scalar; a^300")'),
    "E134": Example("x: n; x: m; sum(x)", "x: n; y: m; sum(x) + sum(y)"),
    "E135": Example("n: scalar; x: n; n*sum(x)", "k: scalar; x: n; k*sum(x)"),
    "E136": Example("x: n; dot(x)", "x: n; dot(x, x)"),
    "E137": Example("X: m, n; sum(X, dim=0)", "X: m, n; sum(X, axis=0)"),
    "E138": Example("X: n, n; T: scalar; tr(X^T)*T", "X: n, n; T: scalar; tr(X')*T"),
    "E139": Example("A: n, n; B: n, n; sum((A*B) @ A)", "A: n, n; B: n, n; sum((A .* B) @ A)"),
    "E140": Example("X: m, n; sum(sum(X, axis=2))", "X: m, n; sum(sum(X, axis=1))"),
    "E141": Example("x: n; sum(x .* ones(x))", "x: n; sum(x .* ones(n))"),
    "E143": Example("x: n", "x: n; sum(x)"),
    "E144": Example("x: n; sum(x); x'*x", "x: n; s = sum(x); s + x'*x"),
    "E145": _python(
        'dc.parse("sum(x)", {"x": "((((n + 1)^60)*m)^60)^60"})', 'dc.parse("sum(x)", {"x": "n^2"})'
    ),
    "E146": Example("2^(10^9)", "a: scalar; 2^a"),
    "E147": _python('dc.parse("sum(x)", {"x": 1.5})', 'dc.parse("sum(x)", {"x": "n"})'),
    "E148": _python(
        'dc.parse("f(t) = " + "+".join("t" * 80) + "; g(t) = " + "+".join(["f(t)"] * 80) + "; g(2)")',
        'dc.parse("f(t) = 80*t; g(t) = 80*f(t); g(2)")',
    ),
    "E149": Example("x: n; exp(t) = t^2; sum(exp(x))", "x: n; h(t) = t^2; sum(h(x))"),
    "E150": Example("x: n; f(t) = f(t) + 1; sum(f(x))", "x: n; f(t) = t + 1; sum(f(x))"),
    "E151": Example("x: n; sum(x, x[x])", "x: n; sum(i, x[i])"),
    "E152": _latex(r"x \in \mathbb{R}^n; x^\top \foo{x}", r"x \in \mathbb{R}^n; x^\top x"),
    "E153": _latex(r"x \in \mathbb{R}^n; \frac{1}", r"x \in \mathbb{R}^n; \frac{1}{2} x^\top x"),
    "E154": _latex(r"x \in \mathbb{R}^n; \sum_{i=1}^n x_{i+1}^2", r"x \in \mathbb{R}^n; \sum_{i=1}^n x_i^2"),
    "E155": _latex(r"x \in \mathbb{R}^n; \sum x_i", r"x \in \mathbb{R}^n; \sum_{i=1}^n x_i"),
    "E156": _latex(r"a \in \mathbb{R}; J(a) = a^2; K = J(2a)", r"a \in \mathbb{R}; J(t) = t^2; K = J(2a)"),
    "E157": _latex(
        r"X \in \mathbb{R}^{m \times n}; w \in \mathbb{R}^n; L = \sum_{i=1}^m x_i^\top x_i; z_i = w^\top x_i",
        r"X \in \mathbb{R}^{m \times n}; w \in \mathbb{R}^n; z_i = w^\top x_i; \sum_{i=1}^m z_i^2",
    ),
    "E201": Example("X: m, n; w: n; w*X", "X: m, n; w: n; X*w"),
    "E203": Example("X: m, n; b: n; X*b + b", "X: m, n; b: n; c: m; X*b + c"),
    "E204": Example("x: n; y: n; sum(x/y)", "x: n; y: n; sum(x./y)"),
    "E205": Example("X: m, n; det(X)", "X: m, n; det(X'*X)"),
    "E206": Example("x: n; 2^x", "x: n; exp(log(2)*x)"),
    "E207": Example("X: m, n; x: n; outer(X, x)", "X: m, n; x: n; outer(X*x, x)"),
    "E208": Example("v: m*n; reshape(v, m, m)", "v: m*n; reshape(v, m, n)"),
    "E209": Example("S: m, c; y: m; sum(pick(S, y))", "S: m, c; y: m labels(c); sum(pick(S, y))"),
    "E210": Example("A: m, n symmetric; sum(A)", "A: n, n symmetric; sum(A)"),
    "E211": Example("x: 0; sum(x)", "x: 1; sum(x)"),
    "E212": Example("X: b, m, n; sum(X)", "X: b*m, n; sum(X)"),
    "E213": Example("x: n; sum(vector(1))", "x: n; sum(x + vector(1))"),
    "E214": Example("y: m labels(c); S: m, c; sum(S*y)", "y: m labels(c); S: m, c; sum(S .* onehot(y, c))"),
    "E215": Example("x: n; x + vector(x)", "x: n; x + vector(2)"),
    "E216": Example("x: n; sum(i, sum(x))", "x: n; sum(i, x[i])"),
    "E217": Example("a: scalar; x: n; sum(i, a[i]*x[i])", "a: scalar; x: n; sum(i, a*x[i])"),
    "E218": Example("X: m, n; w: n; sum(i, X[i]*w)", "X: m, n; w: n; sum(i, X[i,:]*w)"),
    "E219": Example(
        "S: m, k; y: m labels(c); sum(i, S[i,y[i]])", "S: m, c; y: m labels(c); sum(i, S[i,y[i]])"
    ),
    "E220": Example("X: m, n; sum(i, X[i,i])", "X: n, n; sum(i, X[i,i])"),
    "E221": _python(
        'dc.evaluate(dc.parse("sum(ones(n))").objective, {})',
        'dc.evaluate(dc.parse("sum(ones(n))").objective, {}, dims={"n": 3})',
    ),
    "E222": _python(
        'dc.evaluate(dc.parse("x\'*x", {"x": 3}).objective, {"x": [1, 2]})',
        'dc.evaluate(dc.parse("x\'*x", {"x": 3}).objective, {"x": [1, 2, 3]})',
    ),
    "E223": Example("a: c; y: m labels(c); sum(i, a[y]*a[y[i]])", "a: c; y: m labels(c); sum(i, a[y[i]]^2)"),
    "E224": Example(
        "S: m, c; y: 1, m labels(c); sum(i, S[i,y[i]])", "S: m, c; y: m labels(c); sum(i, S[i,y[i]])"
    ),
    "E225": _latex(
        r"x \in \mathbb{R}^n; \sum_{i=1}^{m} x_i^2",
        r"x \in \mathbb{R}^n; \sum_{i=1}^{n} x_i^2",
    ),
    "E226": _python(
        'dc.derive(dc.vector("x", "n").T @ dc.matrix("x", "n", "n") @ dc.vector("x", "n"), "x")',
        'dc.derive(dc.vector("x", "n").T @ dc.matrix("A", "n", "n") @ dc.vector("x", "n"), "x")',
    ),
    "E301": Example("x: n; sum(x) + b", "x: n; b: scalar; sum(x) + b"),
    "E302": _python("dc.building.function('foo')", "dc.building.function('exp')"),
    "E303": _python(
        'dc.evaluate(dc.vector("x", "n"), {})', 'dc.evaluate(dc.vector("x", "n"), {"x": [1, 2]})'
    ),
    "E304": _python(
        'dc.parse("J = x\'*x", {"x": "n"}, objective="L")', 'dc.parse("J = x\'*x", {"x": "n"}, objective="J")'
    ),
    "E305": Example("x: n; J = s^2; s = sum(x)", "x: n; s = sum(x); J = s^2"),
    "E306": Example("x: n; sum(sinus(x))", "x: n; sum(sin(x))"),
    "E307": Example("X: m, n; w: n; X[i,:]*w", "X: m, n; w: n; sum(i, X[i,:]*w)"),
    "E309": _python('dc.derive("x\'*x", [], {"x": "n"})', 'dc.derive("x\'*x", ["x"], {"x": "n"})'),
    "E310": _python(
        'dc.check("x\'*y", "x", "dJ/dy = x", {"x": "n", "y": "n"})',
        'dc.check("x\'*y", "y", "dJ/dy = x", {"x": "n", "y": "n"})',
    ),
    "E311": Example("x: n; f(t) = t^2; sum(f)", "x: n; f(t) = t^2; sum(f(x))"),
    "E402": Example("A: n, n; tr(A^0.5)", "A: n, n; sum(A.^0.5)"),
    "E403": Example("A: n, n; tr(A^65)", "A: n, n; tr(A^64)"),
    "E404": Example("A: n, n; B: n, n; sum(A.^B)", "A: n, n; B: n, n; sum(exp(B .* log(A)))"),
    "E405": Example("x: n; sum(x)/0", "x: n; sum(x)/2"),
    "E410": None,
    "E411": Example("x: n - 1; sum(x)", "x: n; y: n + 1; sum(x) + sum(y)"),
    "E412": Example("x: n^0.5; sum(x)", "x: n^2; sum(x)"),
    "E413": Example("x: n; sum(x[1:3])", "x: n; sum(x)"),
    "E414": Example("x: n; sum([1, 2]*x)", "x: n; a: 1, n; sum(a*x)"),
    "E416": _python(
        'dc.derive("phi(X)", "X", {"X": "m, n", "phi": "function(m, n)"}, order=2)',
        'dc.derive("sum(f(X))", "X", {"X": "m, n", "f": "elementwise"}, order=2)',
    ),
    "E417": Example("x: n; f(t) = sum(t); f(x)", "x: n; f(t) = t^2; sum(f(x))"),
    "E418": Example("A: n, n; tr(expm(A))", "A: n, n; sum(exp(A))"),
    "E419": None,
    "E421": Example("x: n; sum(i, i*x[i])", "x: n; a: n; sum(i, a[i]*x[i])"),
    "E422": Example("x: n; x[1]", "x: n; a: n; a'*x"),
    "E423": Example("x: n; a: scalar; sum(i, x[i]*x[a])", "x: n; sum(i, x[i]*x[i])"),
    "E424": _latex(r"x \in \mathbb{R}^n; \int x", r"x \in \mathbb{R}^n; \sum_i x_i"),
    "E431": _python(
        'dc.derive("x\'*x", "x", {"x": "n"}).render(lang="xx")',
        'dc.derive("x\'*x", "x", {"x": "n"}).render(lang="zh")',
    ),
    "E432": _python(
        'dc.derive("x\'*x", "x", {"x": "n"}).render(steps="few")',
        'dc.derive("x\'*x", "x", {"x": "n"}).render(steps="brief")',
    ),
    "E433": _python(
        'dc.derive("x\'*x", "x", {"x": "n"}).render("pdf")',
        'dc.derive("x\'*x", "x", {"x": "n"}).render("latex")',
    ),
    "E460": None,
    "E461": _python(
        'dc.derive("X*w", "w", {"X": "m, n", "w": "n"}, order=2)',
        'dc.derive("sumsq(X*w)", "w", {"X": "m, n", "w": "n"}, order=2)',
    ),
    "E462": None,
    "E489": _python(
        'dc.generate(dc.derive("x\'*x", "x", {"x": "n"}, order=2), hessian="diagonal")',
        'dc.generate(dc.derive("x\'*x", "x", {"x": "n"}, order=2), hessian="product")',
    ),
    "E490": _python('dc.parse("1", notation="mathml")', 'dc.parse("1", notation="latex")'),
    "E491": _python('dc.parse("kron(x, y) + kron(u, v)", infer=True)', 'dc.parse("kron(x, y)", infer=True)'),
    "E492": _python(
        'dc.derive("x\'*x", "x", {"x": "n"}, order=3)',
        'dc.derive("x\'*x", "x", {"x": "n"}, order=2)',
    ),
    "E493": _python(
        'dc.derive("x\'*x", "x", {"x": "n"}, order=2, upstream=True)',
        'dc.derive("x\'*x", "x", {"x": "n"}, upstream=True)',
    ),
    "E494": _python(
        'dc.derive("x\'*x", "x", {"x": "n"}, layout="mixed")',
        'dc.derive("x\'*x", "x", {"x": "n"}, layout="numerator")',
    ),
    "E495": None,
    "E496": _python(
        'dc.generate(dc.derive("x\'*x", "x", {"x": "n"}), target="fortran")',
        'dc.generate(dc.derive("x\'*x", "x", {"x": "n"}), target="numpy")',
    ),
    "E497": None,
    "E498": _python("dc.from_sympy([1, 2])", "dc.from_sympy(3)"),
    "E499": _python(
        'dc.to_sympy(dc.parse("vec(X)", {"X": "m, n"}).objective)',
        'dc.to_sympy(dc.parse("X", {"X": "m, n"}).objective)',
    ),
}
"""None where no text is known that raises it: a check of the package on itself."""
