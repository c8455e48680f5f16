"""What commands take: the options that several of them share, and how sources and shapes are read.

A module of its own because every command reads its input in the same way, and `cli` is the list of
commands.
"""

from __future__ import annotations

import errno
import re
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from dimcompat.completion import source_files
from dimcompat.messages import LANGUAGES, has, say
from dimcompat.usage import FLAG, SPOKEN, Context, sentence_of

if TYPE_CHECKING:
    from pathlib import Path

FILES = (".dim", ".txt", ".tex")

# arguments and options that several commands have
SOURCE = click.argument("source", required=False, shell_complete=source_files)
SHAPES = click.option(
    "-s",
    "--shape",
    "shapes",
    multiple=True,
    metavar="NAME:SHAPE",
    help="Declare a name, as X:m,n or w:n or a:scalar.",
)
OBJECTIVE = click.option(
    "--objective", metavar="NAME", help="The name to differentiate, if it is not the last one."
)
ORDER = click.option(
    "--order", type=click.IntRange(1, 2), default=1, show_default=True, help="2 for the Hessian."
)
INFER = click.option(
    "--infer",
    is_flag=True,
    help="Infer the shapes of names that are not declared: a…g scalars, h…z columns, capitals matrices.",
)
LATEX = click.option("--latex-in", is_flag=True, help="The source is LaTeX.")


def _asked(context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """The command's own language, or the one asked for before its name."""
    return value or context.meta.get(SPOKEN)


_LANGUAGE = partial(
    click.option,
    FLAG,
    type=click.Choice(LANGUAGES),
    callback=_asked,
    help="The language of the sentences; else that of DIMCOMPAT_LANG, or of the locale.",
)
LANGUAGE = _LANGUAGE()
LANGUAGE_OF_FAULTS = _LANGUAGE(expose_value=False)
"""Of a command that says nothing but what is at fault."""

WRT = click.option(
    "--wrt",
    "wrt",
    multiple=True,
    required=True,
    metavar="NAME",
    help="Differentiate by this name; repeated, or names parted by commas.",
)
LAYOUT = click.option(
    "--layout", type=click.Choice(["denominator", "numerator"]), default="denominator", show_default=True
)
STEPS = click.option("--steps", type=click.Choice(["all", "brief", "none"]), default="all", show_default=True)
PICTURES = click.option(
    "--pictures",
    is_flag=True,
    help="Draw the factors of products: boxes in text and Markdown, TikZ in LaTeX. HTML always does.",
)
NO_VERIFY = click.option("--no-verify", is_flag=True, help="Leave out the numeric check.")
UPSTREAM = click.option(
    "--upstream",
    is_flag=True,
    help="The loss is not given; answer in terms of the derivative by the objective.",
)


STANDARD = "-"
"""As a file: standard input or output."""


def _output(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    return None if value == STANDARD else value


OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True),
    callback=_output,
    metavar="FILE",
    help="Write here instead of to the terminal.",
)
SEED = click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="For the random points of the check."
)


def _remember(context: click.Context, parameter: click.Parameter, value: str) -> None:
    context.meta[ERRORS_AS] = value


ERRORS_AS = "dimcompat.errors"
ERROR_FORMAT = click.option(
    "--error-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    is_eager=True,
    expose_value=False,
    callback=_remember,
    help="How a fault is told: as a message, or as a JSON object on standard error.",
)


class Fault(Exception):
    """Something is wrong with what was asked for, not with the source."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


_FORMULA = re.compile(r"-(?!-|s[^\W\d]\w*:).*([][()*^'+]| - )")
"""What begins with a minus and is no option: it has an operator or a bracket, and is no -sNAME:SHAPE."""


class Command(click.Command):
    """A command whose source may begin with a minus."""

    context_class = Context

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        spaced = [f" {arg}" if _FORMULA.match(arg) else arg for arg in args[:end]]
        try:
            return super().parse_args(ctx, [*spaced, *args[end:]])
        except click.NoSuchOption as error:
            if error.option_name.startswith("--"):
                raise
            said = say("minus", message=sentence_of(error))
            raise click.NoSuchOption(error.option_name, said, ctx=ctx) from error


def notation_of(source: str | None, latex_in: bool) -> str:
    """LaTeX where it is asked for, or where the source is a .tex file."""
    is_tex = source is not None and "\n" not in source and source.lower().endswith(".tex")
    return "latex" if latex_in or is_tex else "plain"


def names_in(given: tuple[str, ...]) -> list[str]:
    """The names of repeated options, each of which may hold several."""
    return [name.strip() for item in given for name in item.split(",")]


def reason_of(error: OSError) -> str:
    """What the system refused, as a sentence of ours where it is known."""
    key = f"os.{errno.errorcode.get(error.errno or 0, '')}"
    said = error.strerror or str(error)
    return say(key) if has(key) and say(key) == said else said


def write_to(output: str | Path, text: str) -> None:
    """Write a file whole or not at all; - is standard output."""
    from pathlib import Path

    from dimcompat.renderers.streams import emit
    from dimcompat.renderers.whole_files import write_whole

    if str(output) == STANDARD:
        emit(text, sys.stdout)
        return
    try:
        write_whole(Path(output), text)
    except OSError as error:
        raise Fault(say("cannot write", path=str(output), reason=reason_of(error))) from error


def read_source(source: str | None) -> str:
    """The text of a source: itself, what a file holds, or what is piped in."""
    if source is None:
        if sys.stdin.isatty():
            raise click.UsageError(say("no source"))
        source = STANDARD
    try:
        if source == STANDARD:
            return sys.stdin.buffer.read().decode("utf-8-sig")
        if source.lower().endswith(FILES) and "\n" not in source:
            with open(source, "rb") as file:
                return file.read().decode("utf-8-sig")
    except OSError as error:
        raise Fault(say("cannot read", path=source, reason=reason_of(error))) from error
    except ValueError as error:
        raise Fault(say("cannot read", path=source, reason=say("cannot read.not text"))) from error
    return source


def read_notes(path: Path) -> str:
    """The text of a file, byte for byte."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise Fault(say("cannot read", path=str(path), reason=reason_of(error))) from error
    except ValueError as error:
        raise Fault(say("cannot read", path=str(path), reason=say("cannot read.not text"))) from error


def read_shapes(given: tuple[str, ...]) -> dict[str, str]:
    """NAME:SHAPE options as a table."""
    shapes: dict[str, str] = {}
    for item in given:
        name, colon, shape = item.partition(":")
        name = name.strip()
        if not (colon and name and shape.strip()):
            raise Fault(say("shape option", given=repr(item)))
        if name in shapes:
            raise Fault(say("shape option twice", name=name))
        shapes[name] = shape.strip()
    return shapes
