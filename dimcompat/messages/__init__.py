"""Sentences for the reader, whole, by key, in several languages.

A module of its own so that no sentence is put together from pieces in code: a translator
sees each of them whole, with named fields where a formula goes in.
"""

from __future__ import annotations

from dimcompat.errors import UnsupportedError

LANGUAGES = ("en", "zh")
DEFAULT = "en"


def sentences(lang: str | None = None) -> dict[str, str]:
    """Every sentence of a language, by key."""
    match (lang or DEFAULT).lower().replace("_", "-").partition("-")[0]:
        case "en":
            from dimcompat.messages.en import SENTENCES
        case "zh":
            from dimcompat.messages.zh import SENTENCES
        case _:
            raise UnsupportedError(
                f"there are no messages in the language {lang!r}",
                code="E431",
                hint=f"the languages are {', '.join(LANGUAGES)}",
                where="lang",
            )
    return SENTENCES


def text(key: str, lang: str | None = None, **fields: object) -> str:
    """The sentence of this key with its fields filled in."""
    return sentences(lang)[key].format(**fields)


def has(key: str) -> bool:
    """Whether there is a sentence of this key."""
    return key in sentences(DEFAULT)
