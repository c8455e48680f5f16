"""Putting text on a stream or into a file: never a crash for a character, never half a file.

A module of its own because every command writes, and because what a stream can show is known
only here: its encoding, whether it is a terminal, how wide it is.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from typing import TextIO

from dimcompat.renderers.glyphs import ASCII, Glyphs, glyphs_for

_BOLD, _DIM, _RESULT, _END = "\x1b[1m", "\x1b[2m", "\x1b[1;32m", "\x1b[0m"
_STEP = re.compile(r"^\d+ +\S")
_BOXED = re.compile(r"^   [╭│╰+|─-]")


def glyphs_of(stream: TextIO) -> Glyphs:
    """The characters that a stream can show."""
    return glyphs_for(getattr(stream, "encoding", None))


def is_ascii(stream: TextIO) -> bool:
    """Whether only plain characters are to be written to the stream."""
    return glyphs_of(stream) is ASCII


def width_of(stream: TextIO) -> int:
    """How many columns the stream has; 80 where it is no terminal and nobody says."""
    import shutil

    return shutil.get_terminal_size((80, 24)).columns


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


def has_colours(stream: TextIO) -> bool:
    """Whether the stream is a terminal whose user has not asked for plain text."""
    wanted = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return wanted and stream.isatty()


def coloured(text: str) -> str:
    """Steps and results set apart, for a terminal."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _BOXED.match(line):
            lines[number] = f"{_RESULT}{line}{_END}"
        elif number == 0 or _STEP.match(line):
            lines[number] = f"{_BOLD}{line}{_END}"
    return "\n".join(lines)


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all; an existing one keeps its permissions.

    A symbolic link stays one: what it points to is written. A device or a pipe is written into and
    never replaced.
    """
    import tempfile

    mode = _mode_of(path)
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("w", encoding="utf-8", newline="\n") as special:
            special.write(text)
        return
    path = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode_of(path: Path) -> int | None:
    """What stands at a path, links followed; None where there is nothing yet."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


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
    "glyphs_of",
    "has_colours",
    "is_ascii",
    "replace_closed",
    "silence",
    "width_of",
    "write_whole",
]
