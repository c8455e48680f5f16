"""Every language has the same keys, and every sentence the same fields."""

from __future__ import annotations

from string import Formatter

import pytest

from dimcompat.errors import UnsupportedError
from dimcompat.messages import LANGUAGES, has, sentences, text


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_keys_and_fields_are_equal(lang: str) -> None:
    english, other = sentences("en"), sentences(lang)
    assert list(english) == list(other)
    assert {key: fields(said) for key, said in english.items()} == {
        key: fields(said) for key, said in other.items()
    }


def test_a_sentence() -> None:
    assert text("wanted.factor", factor="X", shape="m×n") == "X is m×n"
    assert text("wanted.factor", "zh", factor="X", shape="m×n") == "X 是 m×n"
    assert text("wanted.factor", "zh-CN", factor="X", shape="m×n") == "X 是 m×n"
    assert has("row.walk") and not has("nothing")


def test_a_language_that_is_not_there() -> None:
    with pytest.raises(UnsupportedError, match="no messages"):
        text("row.walk", "fr")
