"""A sentence that is said in English and can be said again in another language.

A module of its own because whoever raises an error knows no language: what it says is a key with fields,
and reads as English wherever a text is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from typing import Any

from dimcompat.messages.tables import table

DEFAULT = "en"


class Sentence(str):
    """A text in English that knows its key and its fields; a field may be a sentence itself."""

    key: str
    fields: tuple[tuple[str, object], ...]

    def __reduce__(self) -> tuple[Any, ...]:
        """Copying and pickling keep the key and the fields."""
        return partial(say, self.key, **dict(self.fields)), ()


def say(key: str, /, **fields: object) -> Sentence:
    """The sentence of this key with its fields filled in."""
    sentence = Sentence(table(DEFAULT)[key].format(**fields))
    sentence.key, sentence.fields = key, tuple(fields.items())
    return sentence


def told(said: object, lang: str) -> Any:
    """A sentence, with those in its fields, in a language; anything else as it is."""
    if not isinstance(said, Sentence) or lang == DEFAULT:
        return said
    return table(lang)[said.key].format(**{name: told(value, lang) for name, value in said.fields})


def joined(sentences: Sequence[str], by: str = "joined.comma") -> str:
    """Several sentences or names as one; ``by`` is the key of the sentence that joins two."""
    return reduce(lambda first, second: say(by, first=first, second=second), sentences)
