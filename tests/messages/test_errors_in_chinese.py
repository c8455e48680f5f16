"""What is said of faults is in one language: in Chinese no English word but what was typed or is code."""

from __future__ import annotations

import ast
import json
import pickle
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from messages.faulty import faults

import dimcompat
from dimcompat.errors import CODES, DimcompatError
from dimcompat.functions import ALIASES, REGISTRY
from dimcompat.messages import Sentence, language, told
from dimcompat.renderers.errors import error_json, error_text

PACKAGE = Path(dimcompat.__file__).parent
WORD = re.compile(r"[A-Za-z]{3,}")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
# options, settings and attributes that one types, names of formats and of programs
TYPED = """
    latex notation shape shapes wrt dims dimcompat functions scalar labels elementwise upstream infer axis
    symmetric posdef diagonal orthogonal positive denominator numerator plain brief none all text markdown
    matrix core product derive int Python sys setrecursionlimit
    html json numpy torch jax LaTeX NumPy SymPy MatrixSymbol Heaviside Sum True phi grad_phi prime
    top times mathbb sum list
"""
ALLOWED = {word.casefold() for word in (*WORD.findall(TYPED), *REGISTRY, *ALIASES)}


@cache
def told_of() -> list[tuple[str, DimcompatError]]:
    return faults()


def unquoted(said: str, typed: str) -> str:
    """What is said without the words that stand in the text at fault."""
    known = {word.casefold() for word in WORD.findall(typed)}
    said = re.sub(r"\\[A-Za-z]+|\w+_\w+", "", said)  # commands and names, which are code
    return " ".join(word for word in WORD.findall(said) if word.casefold() not in known | ALLOWED)


def test_there_is_every_kind_of_fault() -> None:
    assert len(told_of()) > 250
    assert len({error.code for _, error in told_of()}) > 0.9 * len(CODES)


def test_a_fault_is_told_in_chinese() -> None:
    wrong = []
    for typed, error in told_of():
        parts = [error.message, error.hint or "", *(label.text for label in error.labels)]
        said = [told(part, "zh") for part in parts]
        if unquoted(" ".join(said), typed + (error.text or "")) or not CHINESE.search(said[0]):
            wrong.append((typed[:60], said))
    assert wrong == []


def test_a_fault_is_told_in_english() -> None:
    for typed, error in told_of():
        shown = error_text(error, lang="en", width=10_000)
        assert not CHINESE.search((re.sub(r"[^\x00-\x7f]", "", typed) and "") or shown) or CHINESE.search(
            typed
        )
        assert error.message in shown.replace("\n    ", " ") or ": " in error.message or ". " in error.message


def test_every_error_is_a_sentence() -> None:
    for typed, error in told_of():
        assert isinstance(error.message, Sentence), typed
        assert error.hint is None or isinstance(error.hint, Sentence), typed


def test_the_whole_message() -> None:
    for typed, error in told_of():
        shown = error_text(error, lang="zh")
        assert shown.startswith(f"错误 {error.code}"), typed
        assert "error" not in unquoted(shown, typed)
        as_data = json.loads(error_json(error, "zh"))
        assert as_data["code"] == error.code and as_data["message"] == told(error.message, "zh")


def test_a_copy_can_be_told_as_well() -> None:
    for _, error in told_of()[::20]:
        again = pickle.loads(pickle.dumps(error))
        assert again.message == error.message and told(again.message, "zh") == told(error.message, "zh")
        assert told(again.hint, "zh") == told(error.hint, "zh")


def test_fields_are_english_and_a_traceback_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(dimcompat.ShapeError) as caught:
        dimcompat.parse("X*w", {"X": "m, n", "w": "k"})
    error = caught.value
    assert language() == "en" and str(error) == error.message
    monkeypatch.setenv("DIMCOMPAT_LANG", "zh")
    assert error.message.startswith("cannot multiply")
    assert str(error) == "m×n 不能乘以 k×1：X 是 m×n，w 是 k×1，n ≠ k。"


# ── nothing is said beside the tables ────────────────────────────────────────────────────────────────

SAYING = ("ParseError", "ShapeError", "UnknownNameError", "UnsupportedError", "Fault", "UsageError")


def literals() -> Iterator[str]:
    """Where a message, a hint or a label is written out in the code."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            said = [keyword.value for keyword in node.keywords if keyword.arg == "hint"]
            said += node.args[:1] if name in SAYING else node.args[1:2] if name == "Label" else []
            for value in said:
                if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and value.value):
                    yield f"{path.relative_to(PACKAGE)}:{value.lineno}"


def test_what_is_said_stands_in_the_tables() -> None:
    assert list(literals()) == []
