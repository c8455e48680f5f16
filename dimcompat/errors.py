"""Errors as data: what was found, where it stands, and what would fit.

A module of its own because every stage raises these and none may depend on how they are
shown: nothing here prints. What they say are sentences with keys, in English where they are read as
they stand; the command line, a notebook or an editor turns the same fields into a message with a caret
under the fault, in the reader's language.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Self

from dimcompat.error_codes import CODES
from dimcompat.messages import has, language, say, told
from dimcompat.records import dataclass

__all__ = [
    "CODES",
    "DimcompatError",
    "Label",
    "ParseError",
    "ShapeError",
    "UnknownNameError",
    "UnsupportedError",
    "fault",
    "shown",
]


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the fault, such as an operand with its shape."""

    span: tuple[int, int]
    text: str


class DimcompatError(Exception):
    """An input at fault. `message`, `hint` and `labels` are in English; `str(error)` is the message alone."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        hint: str | None = None,
        span: tuple[int, int] | None = None,
        where: str = "source",
        labels: tuple[Label, ...] = (),
        text: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.span = span
        self.where = where
        self.labels = labels
        self.text = text

    def at(
        self,
        span: tuple[int, int] | None,
        *,
        text: str | None = None,
        where: str | None = None,
        labels: tuple[Label, ...] | None = None,
        hint: str | None = None,
    ) -> Self:
        """This same error, located: sets what is given and leaves the rest as it is."""
        self.span = self.span if span is None else span
        self.text = self.text if text is None else text
        self.where = self.where if where is None else where
        self.labels = self.labels if labels is None else labels
        self.hint = self.hint if hint is None else hint
        return self

    def __str__(self) -> str:
        """The message in the language of DIMCOMPAT_LANG or of the locale, as a traceback shows it."""
        return str(told(self.message, language()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Copying and pickling keep every field."""
        fields = {name: getattr(self, name) for name in ("code", "hint", "span", "where", "labels", "text")}
        return partial(type(self), **fields), (self.message,)


class ParseError(DimcompatError):
    """How the text is written: syntax, a second declaration, a wrong number of arguments, size."""


class ShapeError(DimcompatError):
    """What the shapes forbid."""


class UnknownNameError(DimcompatError):
    """A name or a function that is not there."""


class UnsupportedError(DimcompatError):
    """Something that is understood but not supported; the message or hint says what to do instead."""


_CLASSES = {"1": ParseError, "2": ShapeError, "3": UnknownNameError, "4": UnsupportedError}


def fault(
    code: str,
    span: tuple[int, int] | None,
    *,
    labels: tuple[Label, ...] = (),
    hint: str | None = None,
    **fields: object,
) -> DimcompatError:
    """The error with the sentence of this code, and with its hint if there is one and no other is given."""
    if not hint and has(f"{code}.hint"):
        hint = say(f"{code}.hint", **fields)
    return _CLASSES[code[1]](say(code, **fields), code=code, hint=hint or None, span=span, labels=labels)


def shown(text: str) -> str:
    """A piece of a user's text in quotes, short enough for a message and safe to print."""
    short = text if len(text) <= 40 else text[:37] + "…"
    quote = '"' if "'" in short else "'"
    return quote + "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in short) + quote
