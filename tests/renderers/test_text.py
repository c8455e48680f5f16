"""What a terminal shows, held by golden files that were read by eye."""

from __future__ import annotations

from pathlib import Path

import pytest

from dimcompat.derivation import Derivation
from dimcompat.language.program import read
from dimcompat.renderers import render, wrapping
from dimcompat.renderers.glyphs import ASCII, UNICODE, glyphs_for
from dimcompat.renderers.text import render_text
from dimcompat.renderers.wrapping import broken, columns, wrapped

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["least_squares", "quadratic", "bias"])
@pytest.mark.parametrize("width", [60, 120])
def test_golden(name: str, width: int, request: pytest.FixtureRequest) -> None:
    derivation: Derivation = request.getfixturevalue(name)
    text = render_text(derivation, width=width)
    assert text == (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8")
    assert max(map(columns, text.splitlines())) <= width


def test_golden_in_plain_characters(quadratic: Derivation) -> None:
    text = render_text(quadratic, glyphs=ASCII)
    assert text == (GOLDEN / "quadratic-ascii.txt").read_text(encoding="utf-8")
    assert text.isascii()


def test_golden_in_chinese(least_squares: Derivation) -> None:
    text = render(least_squares, lang="zh", width=80)
    assert text == (GOLDEN / "least_squares-zh.txt").read_text(encoding="utf-8")


def test_brief_has_one_line_for_each_step(quadratic: Derivation) -> None:
    lines = render(quadratic, steps="brief").split("\n\n")[1].splitlines()
    assert lines == [
        "1  ∂q/∂w = A·w          through q = wᵀ·A·w, the first w",
        "2  ∂q/∂w = Aᵀ·w         through q = wᵀ·A·w, the second w",
        "3  ∂q/∂w = (A + Aᵀ)·w   w occurs twice: add",
    ]


def test_without_steps(least_squares: Derivation) -> None:
    text = render(least_squares, steps="none")
    assert "through" not in text and "∂J/∂w = 2·Xᵀ·(X·w − y)" in text


def test_several_orders_name_what_is_equal_here(quadratic: Derivation) -> None:
    text = render(quadratic)
    assert "(Aᵀ·w misses by 83% at a random point.)" in text
    assert "(A·w is equal here.)" in text
    assert text.count("Dimensions cannot choose") == 1  # the second use leans on the first


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", UNICODE), ("ascii", ASCII), ("cp1252", ASCII), ("gbk", ASCII), (None, ASCII), ("odd", ASCII)],
)
def test_characters_of_an_encoding(encoding: str | None, expected: object) -> None:
    assert glyphs_for(encoding) is expected


LONG = [
    "A·x + B·y − C·z + A·x·(yᵀ·z) + B·(x + y + z) + softmax(A·x + B·y + C·z) − exp(x)",
    "softmax(A·x + B·y + C·z + A·y + B·z + C·x + A·z + B·x + C·y + A·(x − y) + B·(y − z))",
    "(A·B·C·A·B·C·A·B·C·A·B·C·A·B·C·A·B·C·A·B·C·A·B·C·A·B·C·A·B·C)·x",
    "−A·x − exp(x .^ 2) ⊙ (A·x + B·y) ⊙ (A·y + B·x) ⊙ sin(A·x − B·y) ⊙ cos(A·y − B·x)",
]
SHAPES = {"A": "n, n", "B": "n, n", "C": "n, n", "x": "n", "y": "n", "z": "n"}


@pytest.mark.parametrize("formula", LONG)
@pytest.mark.parametrize("width", [24, 40, 60])
def test_a_broken_formula_reads_back(formula: str, width: int) -> None:
    head, *lines = broken("∂J/∂x", formula, width)
    assert head == "∂J/∂x ="
    assert all(columns(line) <= width for line in lines)
    assert read("\n".join(lines), SHAPES).objective is read(formula, SHAPES).objective


def test_a_short_formula_is_left_alone() -> None:
    assert broken("J", "rᵀ·r", 20) == ["J = rᵀ·r"]


def test_a_long_sum_is_measured_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    formula = " + ".join(f"sin({number}·s)" for number in range(200))
    measured: list[str] = []
    columns_of = wrapping._columns_of

    def counting(character: str) -> int:
        measured.append(character)
        return columns_of(character)

    monkeypatch.setattr(wrapping, "_columns_of", counting)
    lines = broken("J", formula, 60)
    assert len(measured) <= 5 * len(formula)
    assert max(map(columns, lines)) <= 60


@pytest.mark.parametrize(
    "text", ["先当作实数，再重新排列各个因子，直到形状相符为止。", "short words and then some more of them"]
)
def test_wrapping_keeps_to_the_width(text: str) -> None:
    lines = wrapped(text, 20)
    assert max(map(columns, lines)) <= 20
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_no_escape_codes(least_squares: Derivation) -> None:
    assert "\x1b" not in render(least_squares)
