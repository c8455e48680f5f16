"""Without steps, a result says what the names in it stand for."""

from __future__ import annotations

import pytest

import dimcompat as dc

LAYERS = range(1, 6)
NETWORK = "\n".join(
    [f"h{l} = tanh(W{l}*{f'h{l - 1}' if l > 1 else 'x'})" for l in LAYERS] + ["L = 1/2*sumsq(h5 - y)"]
)
SHAPES = {"x": "n", "y": "n"} | {f"W{l}": "n, n" for l in LAYERS}


def test_a_derivative_found_on_the_way_is_given() -> None:
    d = dc.derive(NETWORK, ["W1", "W2"], SHAPES)
    assert "dL_dh1" in str(d.gradients["W1"])
    page = d.render("text", steps="none")
    assert [page.count(f"where ∂L/∂h{l} = ") for l in LAYERS] == [1, 1, 1, 1, 0]
    assert "where h1" not in page


@pytest.mark.parametrize("format", ["latex", "markdown", "html"])
def test_pages_give_it_too(format: str) -> None:
    d = dc.derive(NETWORK, ["W1"], SHAPES)
    assert "where " in d.render(format, steps="none")
    assert "其中" in d.render(format, steps="none", lang="zh")


def test_with_steps_nothing_is_said_twice() -> None:
    d = dc.derive(NETWORK, ["W1"], SHAPES)
    for steps in ("all", "brief"):
        assert "where ∂L/∂h1" not in d.render("text", steps=steps)


def test_every_name_of_a_long_result_is_given() -> None:
    d = dc.derive("norm2(tanh(A*sigmoid(B*y)))", "y", {"A": "m, n", "B": "n, p", "y": "p"}, order=2)
    page = d.render("text", steps="none", width=100)
    assert "sigmoid(B·y)" in page
    assert page.count("   where ") >= 2
