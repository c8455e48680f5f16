"""The prompt: declare, name, compute shapes and derive, line by line.

A room of its own because it is the one place that remembers: `session` holds what has been said,
`terminal` knows keyboards, and here lines are read and answered until there are no more.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

from dimcompat import __version__
from dimcompat.errors import DimcompatError
from dimcompat.exit_status import DONE, FAULT
from dimcompat.messages import say, text
from dimcompat.options import Fault
from dimcompat.renderers.errors import error_text, fault_text
from dimcompat.renderers.streams import emit, is_ascii, width_of
from dimcompat.repl.session import Finished, Session, is_open

PROMPT, MORE = "dim> ", "...  "


def run(lang: str | None = None) -> int:
    """Answer lines until the input ends. The status is 2 where a line that was piped in is at fault."""
    session = Session(lang)
    if sys.stdin.isatty() and sys.stdout.isatty():
        return at_a_terminal(session)
    faults = [line for line in gathered(piped_lines()) if not answered(session, line)]
    return FAULT if faults else DONE


def at_a_terminal(session: Session) -> int:
    """With a prompt, history and completion; Ctrl-C leaves a line or a computation, Ctrl-D ends."""
    from dimcompat.repl.terminal import line_editor

    emit(text("prompt.greeting", session.lang, version=__version__) + "\n", sys.stdout)
    with line_editor(session.completions):
        while True:
            try:
                line = input(PROMPT)
                while is_open(line) and (further := input(MORE)):
                    line += "\n" + further
                answered(session, line)
            except KeyboardInterrupt:
                emit("\n", sys.stdout)
            except EOFError:
                emit("\n", sys.stdout)
                return DONE
            except Finished:
                return DONE


def answered(session: Session, line: str) -> bool:
    """Print the answer to a line, or what is wrong with it; whether there was an answer."""
    try:
        answer = session.answer(line)
    except DimcompatError as error:
        width, ascii = width_of(sys.stderr), is_ascii(sys.stderr)
        emit(error_text(error, lang=session.lang, width=width, ascii=ascii), sys.stderr)
        return False
    except Fault as fault:
        emit(fault_text(fault.message, session.lang), sys.stderr)
        return False
    if answer:
        emit(answer.rstrip("\n") + "\n", sys.stdout)
    return True


def piped_lines() -> Iterator[str]:
    """The lines of standard input, as they come."""
    source = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig")
    try:
        for line in source:
            yield line.rstrip("\n")
    except ValueError as error:
        why = say("cannot read.not text")
        raise Fault(say("cannot read", path=say("standard input"), reason=why)) from error


def gathered(lines: Iterator[str]) -> Iterator[str]:
    """Lines with those that follow an open bracket; nothing after :quit is read."""
    for line in lines:
        while is_open(line):
            further = next(lines, None)
            if further is None:
                break
            line += "\n" + further
        if Session.ends(line):
            return
        yield line


__all__ = ["run"]
