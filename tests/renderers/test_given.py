"""What is given in a deep program is said in short, and its parts are called after their layers."""

from __future__ import annotations

import pytest

import dimcompat as dc

LAYERS = 10


@pytest.fixture(scope="module")
def network() -> dc.Derivation:
    lines = [f"h{l} = tanh(W{l}*{f'h{l - 1}' if l > 1 else 'x'} + b{l})" for l in range(1, LAYERS + 1)]
    shapes = {"x": "n", "y": "n"} | {f"W{l}": "n, n" for l in range(1, LAYERS + 1)}
    shapes |= {f"b{l}": "n" for l in range(1, LAYERS + 1)}
    text = "\n".join([*lines, f"L = 1/2*sumsq(h{LAYERS} - y)"])
    return dc.derive(text, [f"W{l}" for l in range(1, LAYERS + 1)], shapes)


def test_names_of_a_family_stand_together_with_their_shape(network: dc.Derivation) -> None:
    head = network.render("text", width=80).split("\n\n")[0]
    assert "∂L/∂W1, …, ∂L/∂W10 " in head
    assert "x, y, b1, …, b10 n×1" in head
    assert "W1, …, W10 n×n" in head


def test_the_pages_say_the_same(network: dc.Derivation) -> None:
    assert r"x, y, b_{1}, \cdots, b_{10} \colon" in network.render("latex")
    assert r"W_{1}, \cdots, W_{10} \colon" in network.render("markdown")


def test_a_part_is_called_after_the_layer_it_stands_in(network: dc.Derivation) -> None:
    names = next(step.names for step in network.steps if step.kind == "name")
    called = {str(named.left): str(named.right) for named in names}
    assert called["z1"] == "W1*x + b1"
    assert called["z10"] == "W10*h9 + b10"
    assert called["r"] == "h10 - y"


def test_a_name_that_is_taken_is_not_given_again() -> None:
    d = dc.derive("h1 = tanh(W*z1 + b)\nsum(h1)", "W", {"W": "m, n", "z1": "n", "b": "m"})
    names = next(step.names for step in d.steps if step.kind == "name")
    assert [str(named.left) for named in names if str(named.right) == "W*z1 + b"] == ["u1"]


def test_many_parts_of_one_shape_share_lines_that_read_back(network: dc.Derivation) -> None:
    page = network.render("text", width=80)
    assert "z1 = W1·x + b1;  z2 = W2·h1 + b2  " in page
    assert dc.parse("z1 = W1·x + b1;  z2 = W2·x", {"W1": "n, n", "W2": "n, n", "x": "n", "b1": "n"})


def test_a_long_part_has_lines_of_its_own() -> None:
    long = " + ".join(f"sin(W{place}*x)" for place in range(20))
    lines = [f"h{place} = tanh({long} + W{place}*x)" for place in range(10)]
    shapes = {f"W{place}": "n, n" for place in range(20)} | {"x": "n"}
    page = dc.derive("\n".join([*lines, "+".join(f"sum(h{place})" for place in range(10))]), "x", shapes)
    assert max(map(len, page.render("text", width=80).splitlines())) <= 80


def test_a_layer_takes_at_most_twenty_lines_and_six_in_brief(network: dc.Derivation) -> None:
    assert network.render("text", width=80).count("\n") <= 20 * LAYERS
    assert network.render("text", steps="brief", width=80).count("\n") <= 6 * LAYERS


def test_few_names_are_each_said_by_themselves() -> None:
    d = dc.derive("sumsq(W1*W2*W3*W4*x)", "x", {f"W{l}": "n, n" for l in range(1, 5)} | {"x": "n"})
    assert "W1 n×n    W2 n×n    W3 n×n    W4 n×n    x n×1" in d.render("text", width=80)


def test_numbers_that_do_not_follow_each_other_are_no_family() -> None:
    shapes = {f"a{2 * place}": "n" for place in range(10)} | {"x": "n"}
    d = dc.derive("+".join(f"sum({name}.*x)" for name in shapes if name != "x"), "x", shapes)
    assert ", ".join(shapes) + " n×1" in " ".join(d.render("text", width=120).split())


def test_many_parts_of_a_kind_are_one_numbered_family() -> None:
    shapes = {f"a{place}": "n" for place in range(12)} | {"x": "n"}
    d = dc.derive("+".join(f"sin(a{place}'*x)" for place in range(12)), "x", shapes)
    names = next(step.names for step in d.steps if step.kind == "name")
    assert [named.left for named in names] == [*(f"s_{place}" for place in range(1, 13)), "J"]
    assert "sin(s_9) + sin(s_10)" in str(names[-1].right)


def test_a_long_link_is_shown_once_and_then_called_by_its_name() -> None:
    shapes = {f"a{place}": "n" for place in range(12)} | {"x": "n"}
    d = dc.derive("+".join(f"sin(a{place}'*x)" for place in range(12)), "x", shapes)
    page = " ".join(d.render("text").split())
    assert page.count("sin(s_1) + sin(s_2)") == 1
    assert page.count("through J as if scalar") == 12


def test_a_short_link_is_shown_every_time() -> None:
    page = dc.derive("w'*A*w", "w", {"A": "n, n", "w": "n"}).render("text")
    assert page.count("through J = wᵀ·A·w") == 2
