"""Sentences for the reader, whole, by key, in several languages.

A module of its own so that no sentence is put together from pieces in code: a translator
sees each of them whole, with named fields where a formula goes in.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import lru_cache

from dimcompat.messages.sentence import DEFAULT, Sentence, filled, joined, say, told
from dimcompat.messages.tables import table

LANGUAGES = ("en", "zh")

ENVIRONMENT = ("DIMCOMPAT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a user says which language is wanted, the first one that is set."""


def language(lang: str | None = None) -> str:
    """The language to write in: the one asked for, else that of DIMCOMPAT_LANG or the locale, else English.

    Raises UnsupportedError where there are no sentences in the language asked for.
    """
    if lang:
        known = known_language(str(lang))
        if known is None:
            from dimcompat.errors import UnsupportedError  # errors speak in sentences, so they come later

            message = say("E431", lang=repr(lang))
            hint = say("E431.hint", languages=", ".join(LANGUAGES))
            raise UnsupportedError(message, code="E431", hint=hint, where="lang")
        return known
    wanted = next((os.environ[name] for name in ENVIRONMENT if os.environ.get(name)), None)
    if wanted is None and sys.platform == "win32":
        import locale

        wanted = locale.getlocale()[0]
    return known_language(wanted or "") or DEFAULT


@lru_cache(maxsize=32)
def known_language(tag: str) -> str | None:
    """Which of our languages a tag such as zh, zh-CN or zh_CN.UTF-8 means, if any."""
    spoken = tag.lower().replace("_", "-").partition("-")[0].partition(".")[0]
    spoken = {"chinese (simplified)": "zh", "chinese": "zh"}.get(spoken, spoken)
    return spoken if spoken in LANGUAGES else None


def sentences(lang: str | None = None) -> Mapping[str, str]:
    """Every sentence of a language, by key."""
    return table(language(lang))


def text(key: str, lang: str | None = None, **fields: object) -> str:
    """The sentence of this key with its fields filled in."""
    known = language(lang)
    return filled(table(known)[key], fields, known)


def has(key: str) -> bool:
    """Whether there is a sentence of this key."""
    return key in table(DEFAULT)


__all__ = [
    "DEFAULT",
    "ENVIRONMENT",
    "LANGUAGES",
    "Sentence",
    "filled",
    "has",
    "joined",
    "known_language",
    "language",
    "say",
    "sentences",
    "text",
    "told",
]
