"""Errors are data: their fields and codes, and what is said about texts that do not parse."""

from __future__ import annotations

import copy
import pickle

import pytest
from language.templates import CLASSES, TEMPLATES, used_codes

from dimcompat.errors import (
    CODES,
    DimcompatError,
    Label,
    ParseError,
    ShapeError,
    UnknownNameError,
    UnsupportedError,
    fault,
    shown,
)
from dimcompat.language.parser import MAX_TEXT, parse_shape, parse_source


def test_every_code_in_use_is_in_the_table() -> None:
    assert {code for code, _, _ in used_codes()} <= CODES.keys()


def test_each_code_goes_with_one_class() -> None:
    assert [use for use in used_codes() if use[1] and use[1] != CLASSES[use[0][1]]] == []


def test_each_code_has_one_meaning() -> None:
    """A meaning belongs to one room of the package; but what an operator's operands must fit to is asked of
    the functions' arguments too, and the doors for Python objects speak as the language does."""
    doors = {"building.py", "sympy_bridge.py", "sympy_bridge", "repl.py", "repl", "checking.py", "api.py"}
    shared = {"E203": {"expressions", "functions"}, "E205": {"expressions", "functions"}}
    rooms: dict[str, set[str]] = {}
    for code, _, module in used_codes():
        if module.partition("/")[0] not in doors:
            rooms.setdefault(code, set()).add(module.partition("/")[0])
    several = {code: where for code, where in rooms.items() if len(where) > 1}
    assert {code: where for code, where in several.items() if not where <= shared.get(code, set())} == {}


def test_titles_and_messages_differ() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert len({message for message, _ in TEMPLATES.values()}) == len(TEMPLATES)
    assert TEMPLATES.keys() <= CODES.keys()


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_messages_are_whole_sentences(code: str) -> None:
    message, hint = TEMPLATES[code]
    assert message.endswith(".")
    assert hint is None or (hint[-1] in ".…n" and hint[0].isupper())


@pytest.mark.parametrize("code", sorted(CODES))
def test_codes_are_a_letter_and_three_digits(code: str) -> None:
    assert code[0] == "E" and code[1] in "1234" and len(code) == 4 and code[1:].isdigit()


def test_defaults_and_str() -> None:
    error = ShapeError("cannot add m×1 and 1×m", code="E203")
    assert str(error) == error.message == "cannot add m×1 and 1×m"
    assert (error.hint, error.span, error.where, error.labels, error.text) == (None, None, "source", (), None)


@pytest.mark.parametrize("cls", [ParseError, ShapeError, UnknownNameError, UnsupportedError])
def test_classes(cls: type[DimcompatError]) -> None:
    assert issubclass(cls, DimcompatError)
    with pytest.raises(TypeError):
        cls("message", "E101")  # type: ignore[call-arg]


def test_at_fills_only_what_is_given() -> None:
    error = ShapeError("no", code="E203", hint="do", labels=(Label((0, 1), "m×1"),))
    assert error.at((2, 3), where="claim") is error
    assert (error.span, error.where, error.hint, error.text) == ((2, 3), "claim", "do", None)
    error.at(None, text="a + b", hint="do that", labels=(Label((4, 5), "1×m"),))
    assert (error.span, error.text, error.hint) == ((2, 3), "a + b", "do that")
    assert error.labels == (Label((4, 5), "1×m"),)


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_copies_keep_every_field(clone: object) -> None:
    error = ShapeError("no", code="E203", hint="do", span=(1, 2), where="claim", text="abc")
    again = clone(error)  # type: ignore[operator]
    assert type(again) is ShapeError and again.__dict__ == error.__dict__ and str(again) == "no"


def test_fault_chooses_the_class_and_keeps_braces_of_the_user() -> None:
    error = fault("E413", (1, 2))
    assert isinstance(error, UnsupportedError) and error.code == "E413" and error.span == (1, 2)
    assert fault("E103", (0, 1), found="'{x}'").message == "'{x}' is not in the language."


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("x", "'x'"),
        ("'", '"\'"'),
        ("\n", "'U+000A'"),
        ("\ud800", "'U+D800'"),
        ("a" * 50, "'" + "a" * 37 + "…'"),
    ],
)
def test_shown(text: str, quoted: str) -> None:
    assert shown(text) == quoted


def ascii_id(value: object) -> str:
    return ascii(str(value)[:20])


# text, what the span covers (None: no span), class, a part of the message
FAULTS = [
    ("", None, ParseError, "nothing to read"),
    ("  \n\t\n", None, ParseError, "nothing to read"),
    ("# only a comment", None, ParseError, "nothing to read"),
    (";;", None, ParseError, "nothing to read"),
    ("x*1e999999999", "1e999999999", ParseError, "more than 400 digits"),
    ("x +", "+", ParseError, "'+' has nothing on its right"),
    ("x +\ny", "+", ParseError, "'+' has nothing on its right"),
    ("(x*)", "*", ParseError, "'*' has nothing on its right"),
    ("f(x*, y)", "*", ParseError, "'*' has nothing on its right"),
    ("-", "-", ParseError, "'-' has nothing on its right"),
    ("x**", "**", ParseError, "'**' has nothing on its right"),
    ("Z = ", "=", ParseError, "'=' has nothing on its right"),
    ("f(x, axis=)", "=", ParseError, "'=' has nothing on its right"),
    ("X^'", "^", ParseError, "'^' has nothing on its right"),
    ("*x", "*", ParseError, "'*' has nothing on its left"),
    ("(/x)", "/", ParseError, "'/' has nothing on its left"),
    ("'abc'", "'", ParseError, '"\'" has nothing on its left'),
    ("²", "²", ParseError, "'²' has nothing on its left"),
    ("x'*/y", "*/", ParseError, "'*' and '/' are two operators in a row"),
    ("x + * y", "+ *", ParseError, "'+' and '*' are two operators in a row"),
    ("x ** ^ y", "** ^", ParseError, "are two operators in a row"),
    ("2x", "2x", ParseError, "no operator between '2' and 'x'"),
    ("2*λw", "λw", ParseError, "no operator between 'λ' and 'w'"),
    ("A x + b", "A x", ParseError, "no operator between 'A' and 'x'"),
    ("(a)(b)", ")(", ParseError, "no operator between ')' and '('"),
    ("X' (y)", "' (", ParseError, "no operator between"),
    ("f(x y)", "x y", ParseError, "no operator between 'x' and 'y'"),
    ("sum(x,,y)", ",,", ParseError, "',,' leaves out what it should separate"),
    ("sum(x, ,y)", ", ,", ParseError, "leaves out"),
    ("sum(,x)", ",", ParseError, "leaves out"),
    ("sum(x,)", ",", ParseError, "leaves out"),
    ("X[i,]", ",", ParseError, "leaves out"),
    ("()", "()", ParseError, "brackets '()' are empty"),
    ("X[]", "[]", ParseError, "brackets '[]' are empty"),
    ("x'*x = y", "=", ParseError, "left of '=' is not a name"),
    ("3 = x", "=", ParseError, "left of '=' is not a name"),
    ("a = b = c", "=", ParseError, "left of '=' is not a name"),
    ("X*w: m", ":", ParseError, "':' does not follow a name"),
    ("f(:)", ":", ParseError, "':' does not follow a name"),
    ("x, y", ",", ParseError, "',' separates nothing"),
    ("(x, y)", ",", ParseError, "',' separates nothing"),
    ("-" * 300 + "x", "-", ParseError, "more than 200 levels deep"),
    ("x" + "^2" * 300, "^", ParseError, "more than 200 levels deep"),
    ("(" * 300 + "x" + ")" * 300, "(", ParseError, "more than 200 levels deep"),
    ("f(" * 300 + "x" + ")" * 300, "(", ParseError, "more than 200 levels deep"),
    ("sum(axis=0, x)", "x", ParseError, "'x' follows a named argument"),
    ("sum(x, axis=0, axis=1)", "axis", ParseError, "'axis' is given twice"),
    ("f(t, u) = t", "t, u", ParseError, "has one parameter"),
    ("f(2) = t", "2", ParseError, "has one parameter"),
    ("f() = 2", "()", ParseError, "has one parameter"),
    ("X[i,j,k]", "k", ParseError, "'k' is a third index"),
    ("X[1:2]", ":", UnsupportedError, "Ranges of indices"),
    ("X[:2]", ":", UnsupportedError, "Ranges of indices"),
    ("[1, 2]", "[", UnsupportedError, "written out entry by entry"),
    ("X:", ":", ParseError, "dimension is missing at ':'"),
    ("X: m,", ",", ParseError, "dimension is missing at ','"),
    ("X: ,n", ":", ParseError, "dimension is missing at ':'"),
    ("A: n, n sparse", "sparse", ParseError, "'sparse' is not an attribute"),
    ("X: m, n = 3", "=", ParseError, "left of '=' is not a name"),
    ("f: elementwise positive", "positive", ParseError, "'positive' cannot stand here"),
    ("x" * (MAX_TEXT + 1), "x", ParseError, "at most 1000000 are read"),
]


@pytest.mark.parametrize(("text", "offending", "cls", "message"), FAULTS, ids=ascii_id)
def test_faults(text: str, offending: str | None, cls: type[DimcompatError], message: str) -> None:
    with pytest.raises(DimcompatError) as caught:
        parse_source(text)
    error = caught.value
    assert type(error) is cls
    assert (text[slice(*error.span)] if error.span else None) == offending
    assert message in str(error)
    assert (error.where, error.text) == ("source", text)


@pytest.mark.parametrize(
    ("text", "offending", "cls", "message"),
    [
        ("m, n, p", "p", ShapeError, "at most two dimensions"),
        ("(m, n, p, q)", "p, q", ShapeError, "at most two dimensions"),
        ("function(m, n, p)", "p", ShapeError, "at most two dimensions"),
        ("0", "0", ShapeError, "positive integer"),
        ("m, 2.5", "2.5", ShapeError, "positive integer"),
        ("-3", "-3", ShapeError, "positive integer"),
        ("n-1", "n-1", UnsupportedError, "not as in 'n-1'"),
        ("n/2, 1", "n/2", UnsupportedError, "not as in 'n/2'"),
        ("n^k", "k", UnsupportedError, "exponent of a dimension"),
        ("n^99", "99", UnsupportedError, "exponent of a dimension"),
        ("n^-1", "-1", UnsupportedError, "exponent of a dimension"),
        ("f(m)", "f(m)", ParseError, "cannot be part of a dimension"),
        ("m'", "m'", ParseError, "cannot be part of a dimension"),
        ("n n", "n", ParseError, "'n' is not an attribute"),
        ("(m n)", "n", ParseError, "'n' cannot stand here"),
        ("m labels", "labels", ParseError, "'labels' is written labels(c)"),
        ("n, n symmetric(3)", "symmetric(3)", ParseError, "takes nothing in brackets"),
        ("n, n symmetric symmetric", "symmetric", ParseError, "is given twice"),
        ("m, n; p", "p", ParseError, "starts a second one"),
        ("", None, ParseError, "nothing to read"),
        ("m, n)", ")", ParseError, "closes nothing"),
    ],
)
def test_faults_of_shapes(text: str, offending: str | None, cls: type[DimcompatError], message: str) -> None:
    with pytest.raises(cls) as caught:
        parse_shape(text)
    error = caught.value
    assert (text[slice(*error.span)] if error.span else None) == offending
    assert message in str(error)
    assert (error.where, error.text) == ("shapes", text)
