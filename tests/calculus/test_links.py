"""How an objective is cut into links: what one step of a derivation goes through."""

from __future__ import annotations

import pytest

import dimcompat as dc
from dimcompat.calculus.links import (
    CallLink,
    Cutter,
    EntrywiseLink,
    Link,
    MatrixPowerLink,
    PickLink,
    PowerLink,
    ProductLink,
    SamplesLink,
    SumLink,
    operands_of,
)
from dimcompat.calculus.naming import Graph, parts_of
from dimcompat.operations import Operation, postorder

SHAPES = {
    "X": "m, n",
    "Y": "m, n",
    "A": "n, n",
    "B": "n, n",
    "S": "n, n symmetric",
    "w": "n",
    "x": "n",
    "z": "n",
    "y": "m",
    "b": "1, n",
    "s": "scalar",
    "t": "scalar",
    "k": "m labels(n)",
}


def described(link: Link) -> str:
    """A link in one line; operands that are no names stand in brackets."""
    match link:
        case ProductLink():
            parts = [str(link.coefficient)] if link.coefficient != 1 else []
            parts += [
                _shown(operand) + ("" if power == 1 else f"^{power}") for operand, power in link.scalars
            ]
            factors = [_shown(f.operand) + "'" * f.transposed for f in link.factors]
            if factors:
                parts.append("tr(" * link.closed + " ".join(factors) + ")" * link.closed)
            return "product: " + " · ".join(parts)
        case SumLink():
            return "sum: " + " ".join(("+", "-")[c < 0] + _shown(term) for term, c in link.terms)
        case EntrywiseLink():
            return "entrywise: " + " ".join(("*", "/")[power < 0] + _shown(o) for o, power in link.factors)
        case PowerLink():
            return f"power: {_shown(link.base)} {_shown(link.exponent)}"
        case MatrixPowerLink():
            return f"matrix power: {_shown(link.base)} {link.exponent}"
        case CallLink():
            axis = "" if link.axis is None else f" axis={link.axis}"
            return f"call: {link.function.name} " + " ".join(map(_shown, link.operands)) + axis
        case PickLink():
            return f"pick: {_shown(link.base)} {link.row or ':'} {link.col or ':'}"
        case SamplesLink():
            return f"samples: {link.index} {_shown(link.body)}"


def _shown(operation: Operation) -> str:
    text = str(operation.value)
    return text if operation.kind in ("leaf", "part") else f"[{text}]"


CUTS = {
    "products are flattened": [
        ("A*B*w", "product: A B w"),
        ("A*(B*w)", "product: A B w"),
        ("x'*A*z", "product: x' A z"),
        ("A*A", "product: A A"),
        ("outer(x, z)", "product: x z'"),
    ],
    "a transposed product is turned around": [
        ("(X*w)'*y", "product: w' X' y"),
        ("(X*A*B)'", "product: B' A' X'"),
        ("X'", "product: X'"),
        ("(A')'", "product: A"),
    ],
    "numbers and scalars stand in front": [
        ("2*X*w", "product: 2 · X w"),
        ("-X*w", "product: -1 · X w"),
        ("X*w/2", "product: 1/2 · X w"),
        ("s*X*w/t", "product: s · t^-1 · X w"),
        ("s*(t*A)*w", "product: s · t · A w"),
        ("3*(s*t)/2", "product: 3/2 · s · t"),
        ("1/s", "product: s^-1"),
        ("mean(x)", "product: [sum(x)] · n^-1"),
    ],
    "a scalar that is a product is one operand beside matrices": [
        ("x'*z*w", "product: [x'*z] · w"),
        ("(x'*z)*A*w", "product: [x'*z] · A w"),
        ("2*(x'*z)", "product: 2 · x' z"),
    ],
    "traces close a product": [
        ("tr(A)", "product: tr(A)"),
        ("tr(A'*B*S)", "product: tr(A' B S)"),
        ("tr(2*A*B)", "product: 2 · tr(A B)"),
        ("2*tr(A*B)", "product: 2 · tr(A B)"),
        ("dot(X, Y)", "product: tr(X' Y)"),
    ],
    "short powers are written out": [
        ("A^2", "product: A A"),
        ("A^3*B", "product: A A A B"),
        ("tr(A^2)", "product: tr(A A)"),
        ("A^5", "matrix power: A 5"),
        ("A^0", "matrix power: A 0"),
        ("A^-1", "matrix power: A -1"),
        ("inv(A)", "matrix power: A -1"),
        ("A^-2", "product: [inv(A)] [inv(A)]"),
        ("inv(A)*w", "product: [inv(A)] w"),
    ],
    "squares of norms are products": [
        ("norm2(x)^2", "product: x' x"),
        ("sumsq(X*w - y)", "product: [X*w - y]' [X*w - y]"),
        ("2*norm2(x)^2", "product: 2 · x' x"),
        ("norm(X)^2", "product: tr(X' X)"),
        ("norm2(x)", "call: norm2 x"),
        ("norm2(x)^3", "power: [norm2(x)] 3"),
    ],
    "sums are one link": [
        ("x - z + w", "sum: +x -z +w"),
        ("x - (z - w)", "sum: +x -z +w"),
        ("-(x - z)", "sum: -x +z"),
        ("x + (-z)", "sum: +x -z"),
        ("2*x + A*z", "sum: +[2*x] +[A*z]"),
        ("X + b + s", "sum: +X +b +s"),
    ],
    "entry by entry": [
        ("x.*z.*w", "entrywise: *x *z *w"),
        ("x./(z.*w)", "entrywise: *x /z /w"),
        ("x.*(z + w)", "entrywise: *x *[w + z]"),
        ("(x.*z).^2", "power: [x.*z] 2"),
        ("s^t", "power: s t"),
    ],
    "each call is one": [
        ("exp(A*w)", "call: exp [A*w]"),
        ("sum(X, axis=0)", "call: sum X axis=0"),
        ("softmax(X, axis=0)", "call: softmax X axis=0"),
        ("logdet(A)", "call: logdet A"),
        ("maximum(x, z)", "call: maximum x z"),
        ("kron(A, B)", "call: kron A B"),
        ("diag(x)*A", "product: [diag(x)] A"),
    ],
    "a sum over samples": [("sum(i, (X[i,:]*w)^2)", "samples: i [(X[i,:]*w)^2]")],
    "what stands twice is not swallowed": [
        ("(A*w)'*(A*w)", "product: [A*w]' [A*w]"),
        ("(x + z)'*A*(x + z)", "product: [x + z]' A [x + z]"),
    ],
}
ROWS = [(group, text, link) for group, rows in CUTS.items() for text, link in rows]


@pytest.mark.parametrize(("group", "text", "link"), ROWS, ids=[text for _, text, _ in ROWS])
def test_cuts(group: str, text: str, link: str) -> None:
    operation = dc.parse(text, SHAPES).operation
    assert described(Cutter(operation).link(operation)) == link


@pytest.mark.parametrize("text", [text for _, text, _ in ROWS])
def test_operands_are_the_operations_below(text: str) -> None:
    operation = dc.parse(text, SHAPES).operation
    operands = operands_of(Cutter(operation).link(operation))
    below = {found.value for found in postorder(operation)}
    lowered = "norm" in text or "A^-2" in text  # these make operations of their own
    assert operands and (lowered or all(operand.value in below for operand in operands))


# ── parts and their names ────────────────────────────────────────────────────────────────────────────


def graph(text: str, *wrt: str) -> Graph:
    program = dc.parse(text, SHAPES)
    taken = set(program.shapes) | {"m", "n", program.name}
    root = program.operation
    return parts_of(root.operands[0] if root.kind == "part" else root, frozenset(wrt), taken)


def named(text: str, *wrt: str) -> dict[str, str]:
    """The parts that have a name, and how each is made."""
    return {str(part.label): str(part.formula) for part in graph(text, *wrt).parts if part.label is not None}


@pytest.mark.parametrize(
    ("text", "wrt", "names"),
    [
        ("sumsq(X*w - y)", "w", {"r": "X*w - y"}),
        ("sumsq(X*w - y)", "y", {"r": "X*w - y"}),
        ("x'*A*x", "x", {}),
        ("sum(exp(A*x))", "x", {"u": "A*x", "v": "exp(u)"}),
        ("log(det(A))", "A", {"q": "det(A)"}),
        ("r = X*w - y; r'*r", "w", {"r": "X*w - y"}),
        ("(A*x)'*(A*x)", "x", {"u": "A*x"}),
        ("x'*z + s*sum(x)", "x", {}),
        ("sum(X.*Y) + sum(X)", "X", {"Z": "X.*Y"}),
        ("norm2(A*x - z) + 1/2*norm2(x)^2", "x", {"r": "A*x - z"}),
    ],
)
def test_names(text: str, wrt: str, names: dict[str, str]) -> None:
    found = named(text, wrt)
    assert found == names
    assert "r" in names or not set(found) & (set(SHAPES) | {"m", "n", "J"}), "a name is taken"


def test_what_does_not_depend_on_the_variable_is_no_part() -> None:
    parts = graph("sumsq(X*w - y) + sum(exp(A*x))", "w").parts
    assert all("exp" not in str(part.formula) or part.label is None for part in parts)
    assert not any(str(part.formula) == "A*x" for part in parts)


def test_a_part_used_twice_is_one_part() -> None:
    parts = graph("u = A*x; u'*B*u + sum(u)", "x").parts
    assert [str(part.label) for part in parts].count("u") == 1
    (shared,) = (part for part in parts if str(part.label) == "u")
    assert shared.uses == 3


def test_parts_come_before_what_uses_them() -> None:
    found = graph("u = A*x; v = exp(u); p = u + v; sumsq(p)", "x")
    order = [str(part.label) for part in found.parts if part.label is not None]
    assert order == ["u", "v", "p"]
    assert [str(part.label) for part in found.backwards if part.label is not None] == ["p", "v", "u"]


def test_a_thousand_layers_are_cut_without_recursion() -> None:
    program = "\n".join(["a_0 = x", *(f"a_{i + 1} = exp(A*a_{i})" for i in range(1000)), "sum(a_1000)"])
    assert len(graph(program, "A").parts) > 2000


def test_a_deep_sum_is_one_link() -> None:
    many = {f"x_{number}": "n" for number in range(2000)}
    operation = dc.parse(" + ".join(many), many).operation
    link = Cutter(operation).link(operation)
    assert isinstance(link, SumLink) and len(link.terms) == 2000
