"""Errors as messages: the line, the carets, the labels, whatever the text holds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dimcompat.errors import DimcompatError, Label, ParseError, ShapeError
from dimcompat.renderers.errors import error_text, fault_text


def lines(error: DimcompatError, **options: bool) -> list[str]:
    return error_text(error, **options).splitlines()  # type: ignore[arg-type]


def test_both_operands_with_their_shapes() -> None:
    error = ShapeError(
        "cannot add m×1 and 1×m: one side may be stretched, not both. X is m×n, w is n×1, y is m×1.",
        code="E203",
        span=(0, 8),
        labels=(Label((0, 3), "m×1"), Label((6, 8), "1×m")),
        hint="Did you mean X*w + y?",
        text="X*w + y'",
    )
    assert lines(error) == [
        "error E203: cannot add m×1 and 1×m",
        "    X*w + y'",
        "    ^^^   ^^",
        "    m×1   1×m",
        "    one side may be stretched, not both. X is m×n, w is n×1, y is m×1.",
        "    Did you mean X*w + y?",
    ]
    assert error_text(error, ascii=True).isascii()


def at(text: str, part: str, **more: object) -> DimcompatError:
    start = text.index(part)
    return ParseError("wrong here", code="E103", span=(start, start + len(part)), text=text, **more)  # type: ignore[arg-type]


def test_the_right_line_of_several() -> None:
    found = lines(at("A: m, n\r\nx: n\nA*zz", "zz"))
    assert found == ["error E103 in line 3: wrong here", "    A*zz", "      ^^"]


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_every_newline_of_the_language(newline: str) -> None:
    assert lines(at(f"first{newline}second", "second"))[1:] == ["    second", "    ^^^^^^"]


@pytest.mark.parametrize(
    ("text", "part", "caret"),
    [
        ("矩阵*zz", "zz", "     ^^"),
        ("矩阵*zz", "矩阵", "^^^^"),
        ("\tX*zz", "zz", "      ^^"),
        ("X\0*zz", "zz", "   ^^"),
        ("（X）*zz", "zz", "      ^^"),
    ],
)
def test_carets_count_columns(text: str, part: str, caret: str) -> None:
    assert lines(at(text, part))[2] == "    " + caret


def test_a_fault_at_the_end_has_a_caret() -> None:
    error = ParseError("nothing follows", code="E112", span=(4, 4), text="X + ")
    assert lines(error)[1:] == ["    X +", "        ^"]


def test_labels_that_would_touch_are_stacked() -> None:
    error = ShapeError(
        "cannot multiply",
        code="E201",
        span=(0, 3),
        labels=(Label((0, 1), "(m + n)×n"), Label((2, 3), "m×1")),
        text="A*x",
    )
    assert lines(error)[1:] == ["    A*x", "    ^ ^", "    (m + n)×n", "      m×1"]


def test_a_long_line_is_shown_around_the_fault() -> None:
    shown = lines(at("+x" * 50_000 + "+zz" + "+x" * 50_000, "zz"))
    assert shown[1].strip().startswith("…") and shown[1].endswith("…") and len(shown[1]) < 220
    start = shown[2].index("^")
    assert shown[1][start : start + 2] == "zz"


def test_other_places_are_named() -> None:
    assert lines(at("n n", "n", where="shapes"))[0] == "error E103 in shapes: wrong here"
    bare = ParseError("wrong here", code="E103", where="wrt")
    assert lines(bare) == ["error E103 in wrt: wrong here"]
    assert fault_text("cannot read x.dim") == "error: cannot read x.dim\n"


def test_nothing_heavy_is_loaded() -> None:
    code = (
        "import sys; import dimcompat.renderers.errors as e; from dimcompat.errors import ParseError\n"
        "e.error_text(ParseError('no', code='E1', span=(0, 1), text='x'))\n"
        "print(sorted({'numpy', 'sympy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
