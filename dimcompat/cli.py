"""The command line: read the arguments, call the API, choose a renderer, exit with a status.

A module of its own because nothing here knows mathematics. What is heavy is imported inside
the commands, so that --help and every error message appear at once.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from dimcompat import __version__
from dimcompat.completion import HOW_TO
from dimcompat.errors import DimcompatError
from dimcompat.exit_status import DONE, FAULT, INTERRUPTED
from dimcompat.messages import say
from dimcompat.options import ERRORS_AS, LANGUAGE_OF_FAULTS, Fault, reason_of
from dimcompat.usage import Group, Homes, in_language, sentence_of, spoken

HOMES = {
    "derive": "dimcompat.commands.derive",
    "check": "dimcompat.commands.check",
    "shapes": "dimcompat.commands.shapes",
    "code": "dimcompat.commands.code",
    "functions": "dimcompat.reference",
    "explain": "dimcompat.reference",
    "repl": "dimcompat.reference",
    "weave": "dimcompat.weaving.command",
}
"""The module of each command."""


class Commands(Group):
    """The group of commands; it turns faults into one message and a status."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """As in click, but a standard stream that is closed or full is a fault, also for --help."""
        from dimcompat.renderers.streams import emit, replace_closed, silence

        replace_closed()
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            from dimcompat.renderers.errors import fault_text

            silence(sys.stdout)
            emit(fault_text(_trouble(error)), sys.stderr)
            sys.exit(FAULT)

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        try:
            return super().make_context(*arguments, **options)
        except KeyboardInterrupt:  # click would say "Aborted!" and exit as for a wrong claim
            sys.exit(INTERRUPTED)

    def invoke(self, context: click.Context) -> Any:
        from dimcompat.renderers.streams import emit, is_ascii, silence, width_of

        lang = spoken(context)

        def tell(said: str) -> None:
            from dimcompat.renderers.errors import fault_json, fault_text

            emit(fault_json(said, lang) if _as_json(context) else fault_text(said, lang), sys.stderr)

        try:
            return super().invoke(context)
        except DimcompatError as error:
            from dimcompat.renderers.errors import error_json, error_text

            width, ascii = width_of(sys.stderr), is_ascii(sys.stderr)
            text = error_text(error, lang=lang, width=width, ascii=ascii)
            emit(error_json(error, lang) if _as_json(context) else text, sys.stderr)
            context.exit(FAULT)
        except Fault as fault:
            tell(fault.message)
            context.exit(FAULT)
        except click.UsageError as error:
            if not _as_json(context):
                raise in_language(error, lang) from None
            tell(sentence_of(error))
            context.exit(FAULT)
        except BrokenPipeError:
            silence(sys.stdout)
            context.exit(DONE)
        except (OSError, MemoryError, RecursionError) as error:
            if isinstance(error, OSError):
                silence(sys.stdout)
            tell(_trouble(error))
            context.exit(FAULT)
        except KeyboardInterrupt:
            context.exit(INTERRUPTED)


def _trouble(error: OSError | MemoryError | RecursionError) -> str:
    """What the machine refused, in a sentence; files tell of themselves, so the rest are streams."""
    if isinstance(error, MemoryError):
        return say("no memory")
    if isinstance(error, RecursionError):
        return say("too deep")
    if error.filename is not None:
        return say("cannot use", path=error.filename, reason=reason_of(error))
    return say("cannot use streams", reason=reason_of(error))


def _as_json(context: click.Context) -> bool:
    """Whether faults are told as JSON; the command has noted it before it read anything else."""
    return bool(context.meta.get(ERRORS_AS) == "json")


@click.group(
    cls=Commands,
    commands=Homes(HOMES),
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=HOW_TO,
)
@click.version_option(__version__, prog_name="dimcompat")
@LANGUAGE_OF_FAULTS
def main() -> None:
    """Matrix derivatives by dimension compatibility: derived step by step, checked numerically."""
