"""A sentence that is said in English and can be said again in another language.

A module of its own because whoever raises an error knows no language: what it says is a key with fields,
and reads as English wherever a text is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    return filled(table(lang)[said.key], dict(said.fields), lang)


def filled(template: str, fields: Mapping[str, object], lang: str) -> str:
    """The template with its fields in a language; no space is left between two Chinese characters."""
    if lang == DEFAULT:
        return template.format(**fields)
    values = {name: told(value, lang) for name, value in fields.items()}
    for name, value in fields.items():
        if isinstance(value, Sentence):
            if _is_wide(values[name][:1]):
                template = re.sub(rf"(?<={_WIDE}) (?=\{{{name}\}})", "", template)
            if _is_wide(values[name][-1:]):
                template = re.sub(rf"(?<=\{{{name}\}}) (?={_WIDE})", "", template)
    return template.format(**values)


_WIDE = "[\u2e80-\uffef]"


def _is_wide(character: str) -> bool:
    return "\u2e80" <= character <= "\uffef"  # to compile the pattern takes longer than a derivation


def joined(sentences: Sequence[str], by: str = "joined.comma") -> str:
    """Several sentences or names as one; ``by`` is the key of the sentence that joins two."""
    return reduce(lambda first, second: say(by, first=first, second=second), sentences)
