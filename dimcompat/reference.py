"""The commands that answer about dimcompat itself: its functions, its errors, and the prompt to try it at.

A module of its own because they read no source: `cli` has those that do.
"""

from __future__ import annotations

import sys

import click

from dimcompat.completion import error_codes, function_names
from dimcompat.likeness import most_like
from dimcompat.messages import say
from dimcompat.options import LANGUAGE, Command, Fault


@click.command(cls=Command)
@click.argument("name", required=False, shell_complete=function_names)
@LANGUAGE
def functions(name: str | None, lang: str | None) -> None:
    """List the functions, or show one with its shape, derivative rule and example."""
    from dimcompat.renderers.streams import emit

    emit("\n".join(function_lines(name, lang)) + "\n", sys.stdout)


def function_lines(name: str | None, lang: str | None = None) -> list[str]:
    """All functions, or one; raises Fault where there is none of that name."""
    from dimcompat.api import parse
    from dimcompat.functions import REGISTRY, UNSUPPORTED, find, instead_of
    from dimcompat.renderers.catalogue import details, overview
    from dimcompat.renderers.streams import glyphs_of, width_of

    width = min(width_of(sys.stdout), 100)
    if name is None:
        return overview(width, lang)
    record = find(name)
    if record is None:
        close = most_like(name, REGISTRY, 1)
        instead = say("no function near", near=close[0]) if close else ""
        if name in UNSUPPORTED:
            instead = instead_of(name)
        key = "no function but" if instead else "no function"
        raise Fault(say(key, name=repr(name), instead=instead))
    return details(record, parse, glyphs_of(sys.stdout), width, lang)


@click.command(cls=Command)
@click.argument("code", required=False, shell_complete=error_codes)
@LANGUAGE
def explain(code: str | None, lang: str | None) -> None:
    """Say what an error code means, with an example and its cure; without a code, list them.

    \b
    dimcompat explain E201
    """
    from dimcompat.renderers.streams import emit

    emit("\n".join(code_lines(code, lang)) + "\n", sys.stdout)


def code_lines(code: str | None, lang: str | None = None) -> list[str]:
    """What a code means, or all of them; raises Fault where there is none like it."""
    from dimcompat.error_codes import CODES
    from dimcompat.renderers.error_help import code_help, code_list
    from dimcompat.renderers.streams import is_ascii, width_of

    if code is None:
        return code_list(lang)
    if code.upper() not in CODES:
        raise Fault(say("no error", code=repr(code)))
    width = min(width_of(sys.stdout), 100)
    return code_help(code.upper(), lang=lang, width=width, ascii=is_ascii(sys.stdout))


@click.command(cls=Command)
@LANGUAGE
def repl(lang: str | None) -> None:
    """A prompt: declare, name, compute shapes and derive, line by line; :help says how.

    Lines that are piped in are answered one after another, without a prompt; the status is 2 where
    one of them is at fault.

    \b
    X: m, n; w: n; y: m
    J = sumsq(X*w - y)
    d J / w
    """
    from dimcompat.repl import run

    sys.exit(run(lang))
