"""History and completion at a terminal, where Python has readline.

A module of its own because it touches the keyboard and a file of the user's, and nothing else does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MOST_LINES = 1000
_DELIMITERS = " \t\n()[],;+-*/^.'@=·⊙"


def history_file() -> Path:
    """Where the lines of earlier sessions are kept."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "dimcompat" / "history"


@contextmanager
def line_editor(words: Callable[[], Iterable[str]]) -> Iterator[None]:
    """Lines with a history that is kept; the tab key completes ``words``. Plain without readline."""
    try:
        import readline
    except ImportError:
        yield
        return
    path = history_file()
    with suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(MOST_LINES)
    before = readline.get_completer(), readline.get_completer_delims()
    readline.set_completer(completer(words))
    readline.set_completer_delims(_DELIMITERS)
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before[0])
        readline.set_completer_delims(before[1])
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)


def completer(words: Callable[[], Iterable[str]]) -> Callable[[str, int], str | None]:
    """The completer that readline asks for one candidate after another."""

    def complete(typed: str, number: int) -> str | None:
        found = sorted({word for word in words() if word.startswith(typed)})
        return found[number] if number < len(found) else None

    return complete
