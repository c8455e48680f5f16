"""What click says of a command line, in the language that was asked for: its help, and faults of usage.

A module of its own because click speaks English and is asked before any command runs, so that the language
is read from the arguments ahead of everything else, wherever ``--lang`` stands among them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import IO, Any

import click

from dimcompat.messages import DEFAULT, LANGUAGES, language, say, sentences, told

SPOKEN = "dimcompat.language"
FLAG = "--lang"


def listen(context: click.Context, arguments: Sequence[str]) -> None:
    """Note the language that the arguments ask for."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            return
        flag, equals, value = argument.partition("=")
        if flag == FLAG:
            wanted = value if equals else "".join(arguments[place + 1 : place + 2])
            context.meta[SPOKEN] = wanted if wanted in LANGUAGES else context.meta.get(SPOKEN)


def spoken(context: click.Context | None) -> str:
    """The language of what a command says."""
    return language(context.meta.get(SPOKEN) if context is not None else None)


# ── at fault ─────────────────────────────────────────────────────────────────────────────────────────


def sentence_of(error: click.UsageError) -> str:
    """What click says of the usage that is at fault, as a sentence of ours where it is known."""
    return known_sentence(error.format_message())


def in_language(error: click.UsageError, lang: str) -> click.UsageError:
    """The error as click shows it, in a language; one that shows the help instead is as it was."""
    shows_itself = type(error).show is not click.UsageError.show
    return error if lang == DEFAULT or shows_itself else Told(error, lang)


class Told(click.UsageError):
    """A fault of usage that is shown in another language than click's."""

    def __init__(self, error: click.UsageError, lang: str) -> None:
        super().__init__(told(sentence_of(error), lang), error.ctx)
        self.lang = lang

    def show(self, file: IO[Any] | None = None) -> None:
        """The whole message, as click writes it: usage, where help is, and what is wrong."""
        lines = []
        if self.ctx is not None:
            command = f"{self.ctx.command_path} {max(self.ctx.help_option_names, key=len)}"
            lines += [self.ctx.get_usage(), told(say("click.try", command=command), self.lang), ""]
        lines.append(told(say("fault", said=self.message), self.lang))
        click.echo("\n".join(lines), file=file or sys.stderr)


def known_sentence(said: str) -> str:
    """One of the sentences whose English is this text, with its fields taken from the text."""
    if hasattr(said, "key"):
        return said
    plain = " ".join(said.split())
    for key, pattern in _patterns():
        found = pattern.fullmatch(plain)
        if found is not None:
            return say(key, **{name: known_sentence(value) for name, value in found.groupdict().items()})
    return said


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sentences of click, the most special first."""
    templates = [(key, said) for key, said in sentences(DEFAULT).items() if key.startswith("click.")]
    return tuple((key, _pattern(said)) for key, said in sorted(templates, key=lambda item: -len(item[1])))


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(template)))


# ── help ─────────────────────────────────────────────────────────────────────────────────────────────


class Context(click.Context):
    """A context whose help is in the language that was asked for."""

    def make_formatter(self) -> click.HelpFormatter:
        formatter = super().make_formatter()
        lang = spoken(self)
        if lang == DEFAULT:
            return formatter
        from dimcompat.translated_help import Formatter

        return Formatter(lang, formatter.width)


class Homes(Mapping[str, click.Command]):
    """Commands by their names; each is loaded from its module when it is looked up."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self.modules = modules

    def __getitem__(self, name: str) -> click.Command:
        found: click.Command = getattr(import_module(self.modules[name]), name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.modules)

    def __len__(self) -> int:
        return len(self.modules)


class Group(click.Group):
    """A group of commands that speaks the language that the arguments ask for."""

    context_class = Context

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        listen(ctx, args)
        return super().parse_args(ctx, args)

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """As in click; what is wrong with the usage is said in the language."""
        try:
            return super().make_context(*arguments, **options)
        except click.UsageError as error:
            raise in_language(error, spoken(error.ctx)) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As in click; in another language the first sentences are whole."""
        if spoken(ctx) == DEFAULT:
            super().format_commands(ctx, formatter)
            return
        with formatter.section("Commands"):
            commands = sorted(self.commands.items())
            formatter.write_dl([(name, (one.help or "").partition("\n\n")[0]) for name, one in commands])
