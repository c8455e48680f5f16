"""What a reader is told of a whole derivation: its parts, which use a step is about, what decided."""

from __future__ import annotations

import pytest

import dimcompat as dc
from dimcompat.language.layout import layout
from dimcompat.language.program import read
from dimcompat.renderers.comparison import differ_in_order_only
from dimcompat.renderers.outline import closing, parts
from dimcompat.renderers.text import render_text

SQUARE = {"A": "n,n", "B": "n,n", "C": "n,n", "X": "n,n", "w": "n", "b": "n", "x": "n"}
Shapes = dict[str, str]


def lines(
    source: str, wrt: str, shapes: Shapes | None = None, lang: str = "en", **options: bool
) -> list[str]:
    text = dc.derive(source, wrt, shapes, verify=False, **options).render("text", width=120, lang=lang)
    return [" ".join(line.split()) for line in text.splitlines()]


def found(source: str, wrt: str, shapes: Shapes, start: str) -> list[str]:
    return [line for line in lines(source, wrt, shapes) if line.startswith(start)]


# the head

LAYERS = "a_0: n\n" + "".join(f"W_{i}: n, n\na_{i} = tanh(W_{i}*a_{i - 1})\n" for i in range(1, 15))


def test_the_parts_of_the_program_stand_at_the_head() -> None:
    text = lines("X: m, n\nW: n, c\nS = X*W\nP = softmax(S, axis=1)\nunused = X*X'\nL = sum(P)", "W")
    assert text[:3] == ["∂L/∂W for L = sum(P) denominator layout", "where S = X·W", "P = softmax(S)"]


def test_of_many_parts_the_first_two_and_the_last_are_stated() -> None:
    derivation = dc.derive(LAYERS + "L = sumsq(a_14)", "W_1", verify=False)
    assert [part.left if part.sides else "…" for part in parts(derivation)] == ["a_1", "a_2", "…", "a_14"]
    assert render_text(derivation).splitlines()[3].strip() == "…"


def test_a_long_objective_begins_near_the_left() -> None:
    source = " + ".join(f"sumsq(A^{k}*X*B - C)" for k in range(2, 7))
    text = dc.derive(source, "X", SQUARE, verify=False).render("text", width=80)
    assert text.splitlines()[1].startswith("   for   J")


# titles

USES = [
    ("w'*A*w", "w", ["the first w", "the second w"]),
    ("tr(A*X) + logdet(X)", "X", ["the term tr(A·X)", "the term logdet(X)"]),
    ("w'*A'*w + b'*w", "w", ["the second w", "the first w", "the term bᵀ·w"]),  # shown as w'*A*w
    ("tr(X*B*X*C)", "X", ["the second X", "the first X"]),  # shown as tr(B*X*C*X)
    ("A*X + X", "X", ["the term X", "the term A·X"]),
]


@pytest.mark.parametrize(("source", "wrt", "uses"), USES, ids=[case[0] for case in USES])
def test_a_use_is_named_as_it_stands_in_the_formula_shown(source: str, wrt: str, uses: list[str]) -> None:
    titles = [line for line in lines(source, wrt, SQUARE) if "through" in line]
    assert [title.rpartition(", ")[2] for title in titles] == uses


def test_labels_stand_in_the_order_of_the_formula_shown() -> None:
    (said,) = found("w'*A'*w", "w", SQUARE, "Give each junction")
    assert said == "Give each junction its own dimension: wᵀ is 1×t, A is t×s, w is s×1."


def test_parts_are_named_because_they_repeat_only_if_they_do() -> None:
    assert "1 Name what repeats" in lines("(A*w - b)'*(A*w - b)", "w", SQUARE)
    assert "1 Name the parts" in lines("sum(exp(A*w))", "w", SQUARE)


def test_what_is_more_than_a_substitution_says_so() -> None:
    assert any(
        line.endswith("Put the parts back in, and simplify") for line in lines("det(A*X)", "X", SQUARE)
    )
    assert any(line.endswith("Put the parts back in") for line in lines("sum(exp(A*w))", "w", SQUARE))


# rows


def test_numbers_have_no_shapes_to_fit() -> None:
    text = "\n".join(lines("tanh(s)^2 + log(s)", "s", {"s": "scalar"}))
    assert "wanted" not in text and "entry by entry" not in text
    assert "why the derivative of tanh(u) is 1 − tanh(u)²" in text


def test_the_derivative_of_a_function_is_stated_once() -> None:
    said = found("sum(exp(w)) + sum(exp(x))", "w,x", SQUARE, "why entry")
    assert said == ["why entry by entry, and the derivative of exp(u) is exp(u)"]


def test_the_letter_in_a_rule_means_nothing_else() -> None:
    said = found("sum(exp(u))", "u", {"u": "n"}, "why entry")
    assert said == ["why entry by entry, and the derivative of exp(t) is exp(t)"]


def test_a_rule_speaks_of_its_argument_and_of_what_comes_from_above() -> None:
    assert found("norm2(w)", "w", SQUARE, "rule")[0].startswith("rule d norm2(w) = ")
    text = lines("exp(logdet(X))", "X", SQUARE)
    assert "why what multiplies dX there, transposed, times ∂J/∂s, is the derivative" in text
    assert not any(line.startswith("as if scalar 1") for line in text)


def test_a_product_with_ones_is_explained_once() -> None:
    text = lines("s = sum(A, axis=1)\nL = sum(s.^2) + w'*sum(X, axis=1)", "A,X", SQUARE)
    assert sum("holds the sum of each row of" in line for line in text) == 1


def test_samples_under_each_other() -> None:
    shapes = {"X": "m,n", "w": "n", "y": "m"}
    said = found("sum(i, (X[i,:]*w - y[i])^2)", "w", shapes, "why stacked")
    assert said[0].startswith(
        "why stacked over the samples, the s_i are X·w − y, the rows X[i,:] are X: a product"
    )


def test_a_column_of_the_identity_is_explained() -> None:
    source = "sum(i, sum(j, a[i]*a[j]*exp(-sumsq(X[i,:] - X[j,:]))))"
    text = "\n".join(lines(source, "a", {"X": "m,n", "a": "m"}))
    assert "eye(m)[" not in text or text.count("of the identity") == 1


# the end


def test_each_result_says_how_it_was_decided_where_they_differ() -> None:
    source = "S: m, n\nV: n, c\nP = softmax(S, axis=1)\nO = P*V"
    shown = lines(source, "S,V", upstream=True)[-1]
    assert shown == "∂L/∂S decided by rule · ∂L/∂V decided by dimensions"
    alike = dc.derive("X: m, n\nW: n, c\nS = X*W", "X,W", upstream=True, verify=False)
    assert [said.key for said in closing(alike)] == ["decided.dimensions"]


# formulas as they are seen


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("w + A*w", "A*w + w", True),
        ("w.*b", "b.*w", True),
        ("A*B*w", "A*B*w", True),
        ("A*B*w", "B*A*w", False),
        ("w - b", "b - w", False),
        ("w + b", "w + w.*b", False),
    ],
)
def test_formulas_that_differ_in_order_only(first: str, second: str, alike: bool) -> None:
    one, other = (layout(read(text, SQUARE).objective) for text in (first, second))
    assert differ_in_order_only(one, other) is alike
