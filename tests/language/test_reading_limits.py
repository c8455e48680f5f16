"""Reading of very long, very deep and hostile texts: in good time, and nothing but our errors."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dimcompat import expressions as ex
from dimcompat.errors import DimcompatError, ParseError, ShapeError
from dimcompat.language.program import read

# ── size ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def collector_off() -> Iterator[None]:
    """The garbage collector walks what other tests left behind, which is not what is measured."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("sign", "+-")
@pytest.mark.usefixtures("collector_off")
def test_long_sums_are_read_in_good_time(sign: str) -> None:
    start = time.process_time()
    read("x" + f"{sign}x" * 10_000, {"x": "n"})
    short = time.process_time()
    found = read("x" + f"{sign}x" * 100_000, {"x": "n"}).operation.value
    assert time.process_time() - short < 20 * (short - start)  # a quadratic reading takes 100 times as long
    assert found is read("100001*x" if sign == "+" else "-99999*x", {"x": "n"}).operation.value


def test_long_sums_are_the_sums_they_are() -> None:
    shapes = {"x": "n", "A": "n, n", "r": "1, n", "a": "scalar"}
    terms = ["x", "a", "A", "2*x", "r", "vector(1)", "A'"] * 30
    text = "A - " + " - ".join(terms)
    assert (
        read(text, shapes).operation.value
        is read("A - 30*(3*x + a + A + r + A' + ones(n, n))", shapes).operation.value
    )
    assert read("x" + " - x + x" * 50, shapes).operation.value is read("x", shapes).operation.value
    assert read("x - x" + " - x + x" * 50, shapes).operation.value is ex.zeros(
        *read("x", shapes).operation.value.shape
    )


def test_a_fault_in_a_long_sum_is_pointed_at() -> None:
    text = "x" + "+x" * 100 + " + A" + "+x" * 100
    with pytest.raises(ShapeError) as caught:
        read(text, {"x": "n", "A": "m, m"})
    assert caught.value.code == "E203" and text[slice(*(caught.value.span or ()))] == "A"


def test_very_many_operators_are_refused_in_good_time() -> None:
    start = time.process_time()
    for text, code in (("+".join(["x.^3"] * 12_000), "E148"), ("*".join("ab" * 50_000), "E133")):
        with pytest.raises(ParseError) as caught:
            read(text, {"x": "n", "a": "scalar", "b": "scalar"})
        assert caught.value.code == code
    assert time.process_time() - start < 5


@pytest.mark.parametrize("opening, closing", [("sin(", ")"), ("(x*", ")"), ("-(", ")"), ("exp(-", ")")])
def test_deep_nesting_is_read(opening: str, closing: str) -> None:
    depth = 95 if opening == "exp(-" else 190
    read(opening * depth + "x" + closing * depth, {"x": "scalar"})


def test_reading_is_light() -> None:
    code = (
        "import sys; from dimcompat.language.program import read\n"
        "read(\"sumsq(X*w - y)/m\", {'X': 'm, n', 'w': 'n', 'y': 'm'})\n"
        "try: read('w*w', {'w': 'n'})\n"
        "except Exception as error: assert error.code == 'E201'\n"
        "print({'numpy', 'sympy', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# ── nothing but our errors ───────────────────────────────────────────────────────────────────────────

WORDS = [
    *("x", "X", "w", "a", "t", "T", "n", "m", "c", "pi", "q", "r", "W", "Xw", "2", "0", "1", "0.5", "1e3"),
    *("sum(", "exp(", "inv(", "tr(", "maximum(", "onehot(", "pick(", "eye(", "ones(", "vector(", "softmax("),
    *("kron(", "dot(", "diag(", "log(", "expm(", "foo(", "(", ")", ")", ")", ",", ", axis=0", "[", "]", ":"),
    *(
        "+",
        "-",
        "*",
        "*",
        "/",
        ".*",
        "./",
        "^",
        ".^",
        "@",
        "'",
        "^T",
        "^-1",
        "²",
        "‖",
        "=",
        ";",
        "\n",
        "x: n",
    ),
    *("r = ", "labels(c)", "symmetric", "#", " ", "\0", "%"),
]
DECLARED = {"x": "n", "X": "m, n", "w": "n", "a": "scalar", "t": "m labels(c)", "S": "n, n symmetric"}


@given(st.lists(st.sampled_from(WORDS), max_size=25).map("".join) | st.text(max_size=30))
def test_nothing_but_our_errors_is_raised(text: str) -> None:
    for shapes in (DECLARED, {"x": text, "a": "scalar"}, {}):
        try:
            read(text if shapes is not None else "x", shapes)
        except DimcompatError as error:
            assert error.text is not None
            assert error.span is None or 0 <= error.span[0] < error.span[1] <= len(error.text)
            assert all(0 <= label.span[0] < label.span[1] <= len(error.text) for label in error.labels)


LEAVES = st.sampled_from(["x", "X", "w", "a", "S", "2", "y", "X'", "0.5", "n"])


def larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(["+", "-", "*", ".*", "./", "/", "^", ".^"])
    unary = st.sampled_from(
        ["({})'", "-({})", "exp({})", "sum({})", "inv({})", "tr({})", "sum({}, axis=0)", "diag({})"]
    )
    return st.tuples(part, binary, part).map("({0[0]}){0[1]}({0[2]})".format) | st.tuples(unary, part).map(
        lambda pair: pair[0].format(pair[1])
    )


@given(st.recursive(LEAVES, larger, max_leaves=8))
def test_expressions_are_read_or_refused(text: str) -> None:
    shapes = {**DECLARED, "y": "m"}
    try:
        read(text, shapes)
    except DimcompatError as error:
        assert error.span is not None
        assert text[slice(*error.span)]
        if error.hint and error.hint.startswith("Did you mean ") and error.code != "E139":
            proposed, _, _ = error.hint.removeprefix("Did you mean ").partition(
                "?"
            )  # it may say more after that
            read(proposed, shapes)
