"""The plain notation: what each spelling is read as, and where it stands."""

from __future__ import annotations

import contextlib
import re
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dimcompat.errors import DimcompatError, ParseError
from dimcompat.language.plain import ENDS, Kind, number, tokens

ALPHABET = "xXWab12.' \n;,:=()[]+-*/^@#_eETᵀ⊤²⁻₁‖∂∇πλΣ−×·⋅′⊙⊘＋（）；Ｘ１．%\\{\x00\ud800🙂"


def spelled(text: str) -> list[str]:
    return [token.text for token in tokens(text) if token.kind is not Kind.END]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a − b – c", ["a", "-", "b", "-", "c"]),
        ("a×b·c⋅d", ["a", "*", "b", "*", "c", "*", "d"]),
        ("a ⊙ b ⊘ c", ["a", ".*", "b", "./", "c"]),
        ("a.*b./c.^d", ["a", ".*", "b", "./", "c", ".^", "d"]),
        ("a**b@c", ["a", "^", "b", "@", "c"]),
        ("2.*x", ["2", ".*", "x"]),
        ("2.0*x", ["2.0", "*", "x"]),
        (".5x", [".5", "x"]),
        ("x.*.5", ["x", ".*", ".5"]),
        ("1.5e0 2E-3", ["1.5e0", "2E-3"]),
        ("2e", ["2", "e"]),
        ("X′", ["X", "'"]),
        ("X’", ["X", "'"]),
        ("X.T", ["X", ".T"]),
        ("Xᵀ⊤", ["X", "ᵀ", "⊤"]),
        ("x² A⁻¹ A⁻ᵀ x¹⁰", ["x", "2", "A", "-1", "A", "-T", "x", "10"]),
        ("β_1 Σ π λ2", ["β_1", "Σ", "π", "λ2"]),
        ("λw", ["λ", "w"]),
        ("W₁ W₁₂ W_₁ W__l", ["W_1", "W_12", "W_1", "W__l"]),
        ("∂L/∂Z ∂J / ∂W_1 ∂L∕∂β", ["dL_dZ", "dJ_dW_1", "dL_dβ"]),
        ("dL_dβ", ["dL_dβ"]),
        ("∇φ(Z)", ["grad_φ", "(", "Z", ")"]),
        ("‖x‖", ["‖", "x", "norm2"]),
        ("‖x‖₁ ‖x‖_1 ‖x‖₂ ‖X‖_F", ["‖", "x", "norm1"] * 2 + ["‖", "x", "norm2", "‖", "X", "norm2"]),
        ("‖a*‖b‖‖", ["‖", "a", "*", "‖", "b", "norm2", "norm2"]),
        ("Ｘ＊（ｗ＋１．５）；ｙ", ["X", "*", "(", "w", "+", "1.5", ")", ";", "y"]),
        ("Ｘ：ｍ，ｎ", ["X", ":", "m", ",", "n"]),
        ("x  # a comment (\ny", ["x", "\n", "y"]),
        ("(x\n+ y)", ["(", "x", "+", "y", ")"]),
        ("[i,\r\n:]", ["[", "i", ",", ":", "]"]),
        ("µ", ["μ"]),
    ],
)
def test_spellings(text: str, expected: list[str]) -> None:
    assert spelled(text) == expected


def test_spans_are_in_the_text_as_typed() -> None:
    text = "Ｗ₁＊∂L/∂Z"
    assert [text[t.start : t.end] for t in tokens(text)] == ["Ｗ₁", "＊", "∂L/∂Z", ""]


@pytest.mark.parametrize(
    ("spelling", "value"),
    [
        ("0.5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("1.5e0", Fraction(3, 2)),
        ("1e3", Fraction(1000)),
        ("25e-4", Fraction(1, 400)),
        ("007", Fraction(7)),
        ("0e999999999999", Fraction(0)),
        ("0.000", Fraction(0)),
        ("1e399", Fraction(10**399)),
        ("1e-400", Fraction(1, 10**400)),
        ("9" * 400, Fraction(10**400 - 1)),
    ],
)
def test_numbers_are_exact(spelling: str, value: Fraction) -> None:
    assert number(spelling, (0, 1)) == value


@pytest.mark.parametrize(
    "spelling", ["1e400", "1e-401", "1e999999999", "1e-999999999", "9" * 401, "1" * 5000, "." + "3" * 401]
)
def test_numbers_with_too_many_digits_are_refused_at_once(spelling: str) -> None:
    start = time.process_time()
    with pytest.raises(ParseError, match="more than 400 digits") as caught:
        number(spelling, (3, 9))
    assert caught.value.span == (3, 9)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "(" * 100_000,
        "x'" * 50_000,
        "∂x" * 50_000,
        "‖" * 100_000,
        "x₁" * 50_000,
        "1e5" * 50_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(ParseError):
        tokens(text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "offending", "message"),
    [
        ("x + \x00", "\x00", "'U+0000' is not in the language"),
        ("x + \ud800", "\ud800", "'U+D800' is not in the language"),
        ("x'*x + 🙂", "🙂", "'🙂' is not in the language"),
        ("x'*x % 2", "%", "'%' is not in the language"),
        ("x = {y}", "{", "'{' is not in the language"),
        ("|x|", "|", "'|' is not in the language"),
        ("x == y", "==", "'==' is not in the language"),
        ("∑x", "∑", "not in the language"),
        ("∂²L", "∂", "not in the language"),
        ("x ... y", ".", "'.' is not in the language"),
        ("\\frac{1}{2}*x", "\\frac", "is LaTeX"),
        ("2*X\\y", "\\y", "is LaTeX"),
        ("x.__class__.__mro__", ".__class__", "only .T, the transpose"),
        ("X.Tx", ".Tx", "'.Tx' is not in the language"),
        ("np.exp(x)", ".exp", "'.exp' is not in the language"),
        ("2. + x", "2.", "not followed by a digit"),
        ("2.x", "2.", "not followed by a digit"),
        ("sum(f(x)", "(", "bracket '(' is never closed"),
        ("x + [i", "[", "bracket '[' is never closed"),
        ("2*‖x", "‖", "norm bar '‖' is never closed"),
        ("(‖x)", "‖", "norm bar '‖' is never closed"),
        ("sumsq(X*w - y))", ")", "bracket ')' closes nothing"),
        ("x]", "]", "bracket ']' closes nothing"),
        ("(x]", "]", "bracket ']' does not close '('"),
        ("x'*(A;x)", ";", "ends a statement, but the bracket '(' is still open"),
        ("x'*（A；x）", "；", "ends a statement, but the bracket '（' is still open"),
    ],
    ids=ascii,
)
def test_faults(text: str, offending: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        tokens(text)
    assert caught.value.span is not None
    assert text[slice(*caught.value.span)] == offending
    assert message in str(caught.value)


@given(st.text() | st.text(st.sampled_from(ALPHABET)))
def test_tokens_tile_the_text(text: str) -> None:
    try:
        found = tokens(text)
    except DimcompatError as error:
        assert isinstance(error, ParseError) and error.span is not None
        assert 0 <= error.span[0] < error.span[1] <= len(text)
        return
    assert found[-1].kind is Kind.END
    at, gaps = 0, []
    for token in found:
        assert at <= token.start and (token.start < token.end or token.kind is Kind.END)
        gaps.append(text[at : token.start])
        at = token.end
    assert at == len(text)
    comment = "[#＃][^\n\r\x85\u2028\u2029]*"
    assert all(re.sub(comment, "", gap).replace("\ufeff", "").strip() == "" for gap in gaps)
    assert all(token.text for token in found if token.kind not in ENDS)
