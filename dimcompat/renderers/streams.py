"""Putting text on a stream: never a crash for a character.

A module of its own because every command writes, and because what a stream can show is known
only here: its encoding, whether it is a terminal, how wide it is.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

from dimcompat.renderers.glyphs import ASCII, Glyphs, glyphs_for

_BOLD, _DIM, _RESULT, _END = "\x1b[1m", "\x1b[2m", "\x1b[1;32m", "\x1b[0m"
_STEP = r"\d+ +\S"
_BOXED = r"   [╭│╰+|─-]"


def glyphs_of(stream: TextIO) -> Glyphs:
    """The characters that a stream can show."""
    return glyphs_for(getattr(stream, "encoding", None))


def is_ascii(stream: TextIO) -> bool:
    """Whether only plain characters are to be written to the stream."""
    return glyphs_of(stream) is ASCII


def width_of(stream: TextIO) -> int:
    """How many columns the stream has; 80 where it is no terminal and nobody says."""
    try:
        columns = int(os.environ.get("COLUMNS", "0"))
    except ValueError:
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            columns = 0
    return columns or 80


def emit(text: str, stream: TextIO) -> None:
    """Write a text and send it off; what the encoding lacks is written as an escape.

    Where standard error takes nothing, nobody can be told, and the exit status must do.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except OSError:
        if stream is not sys.stderr:
            raise
        silence(stream)


def emit_json(text: str, stream: TextIO) -> None:
    """Write JSON, with escapes where the stream lacks characters."""
    if (stream.encoding or "").lower().replace("-", "") != "utf8":
        import json

        text = json.dumps(json.loads(text), indent=2) + "\n"
    emit(text, stream)


def has_colours(stream: TextIO) -> bool:
    """Whether the stream is a terminal whose user has not asked for plain text."""
    wanted = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return wanted and stream.isatty()


def coloured(text: str) -> str:
    """Steps and results set apart, for a terminal."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if re.match(_BOXED, line):
            lines[number] = f"{_RESULT}{line}{_END}"
        elif number == 0 or re.match(_STEP, line):
            lines[number] = f"{_BOLD}{line}{_END}"
    return "\n".join(lines)


def silence(stream: TextIO) -> None:
    """Nobody reads the stream any more: what is left in it goes nowhere."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError, AttributeError):
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        if stream is sys.stderr:
            sys.stderr = nowhere
        else:
            sys.stdout = nowhere


def replace_closed() -> None:
    """Put something in the place of standard streams that were closed, which Python leaves as None.

    Using standard input or output is then an OSError, as with any stream that fails.
    """
    if sys.stdin is None:
        sys.stdin = open(os.open(os.devnull, os.O_WRONLY), encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


__all__ = [
    "coloured",
    "emit",
    "emit_json",
    "glyphs_of",
    "has_colours",
    "is_ascii",
    "replace_closed",
    "silence",
    "width_of",
]
