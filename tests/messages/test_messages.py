"""Every language has the same keys, and every sentence the same fields."""

from __future__ import annotations

import copy
import pickle
from importlib import import_module
from string import Formatter

import pytest

from dimcompat.errors import CODES, UnsupportedError
from dimcompat.functions import REGISTRY
from dimcompat.messages import LANGUAGES, functions_zh, has, joined, say, sentences, text, told
from dimcompat.messages.error_titles_zh import TITLES
from dimcompat.messages.tables import TOPICS


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_keys_and_fields_are_equal(lang: str) -> None:
    english, other = sentences("en"), sentences(lang)
    assert list(english) == list(other)
    assert {key: fields(said) for key, said in english.items()} == {
        key: fields(said) for key, said in other.items()
    }


def test_tables_beside_the_sentences_leave_nothing_out() -> None:
    """What stands in English in records and beside codes is said in Chinese in a table."""
    assert functions_zh.SUMMARIES.keys() == REGISTRY.keys()
    assert functions_zh.GROUPS.keys() == {record.group for record in REGISTRY.values()}
    assert TITLES.keys() == CODES.keys()
    assert len(set(TITLES.values())) == len(CODES)


def test_no_key_is_in_two_files() -> None:
    names = [f"{topic}_en" if topic else "en" for topic in TOPICS]
    files = [import_module(f"dimcompat.messages.{name}") for name in names]
    assert sum(len(file.SENTENCES) for file in files) == len(sentences("en"))


def test_a_sentence_can_be_said_again() -> None:
    inner = say("is", name="X", shape="m×n")
    said = say("located.said", head=say("E201", left="m×n", right="k×1"), said=inner)
    assert said == "cannot multiply m×n by k×1: X is m×n."
    assert told(said, "zh") == "m×n 不能乘以 k×1：X 是 m×n。"
    assert told(said, "en") is said and told("m×n", "zh") == "m×n"
    assert text("fault", "zh", said=said) == "错误：m×n 不能乘以 k×1：X 是 m×n。"
    for clone in (copy.copy(said), copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert (clone, clone.key, clone.fields) == (said, said.key, said.fields)


def test_spaces_beside_chinese_words() -> None:
    """A word of the sentence stands without spaces, a name or a formula with them."""
    kind, bracket = say("kind.assignment"), say("bracket")
    assert told(say("E305", found="w", kind=kind), "zh") == "w 在赋值之前就被使用。"
    assert told(say("E305", found="w", kind="later"), "zh") == "w 在 later 之前就被使用。"
    assert told(say("E108", bracket=bracket, found="'('"), "zh") == "括号 '(' 没有关闭。"


def test_sentences_are_joined() -> None:
    both = joined([say("is", name="X", shape="m×n"), "n ≠ k"])
    assert both == "X is m×n, n ≠ k" and told(both, "zh") == "X 是 m×n，n ≠ k"
    assert joined(["X"]) == "X"


def test_a_sentence() -> None:
    assert text("wanted.factor", factor="X", shape="m×n") == "X is m×n"
    assert text("wanted.factor", "zh", factor="X", shape="m×n") == "X 是 m×n"
    assert text("wanted.factor", "zh-CN", factor="X", shape="m×n") == "X 是 m×n"
    assert has("row.walk") and not has("nothing")


def test_a_language_that_is_not_there() -> None:
    with pytest.raises(UnsupportedError, match="no messages"):
        text("row.walk", "fr")
