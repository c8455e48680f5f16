"""What a shell may complete, and how it is told to.

A module of its own because it is loaded at every press of the tab key: what is heavier than the
names themselves stays out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dimcompat.messages import language

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

HOW_TO = """\b
Completion of commands, options and names:
  bash   eval "$(_DIMCOMPAT_COMPLETE=bash_source dimcompat)"      in ~/.bashrc
  zsh    eval "$(_DIMCOMPAT_COMPLETE=zsh_source dimcompat)"       in ~/.zshrc
  fish   _DIMCOMPAT_COMPLETE=fish_source dimcompat | source       in ~/.config/fish/config.fish
"""
"""The end of --help."""


def source_files(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """A source may be a file: the shell completes it."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(typed, type="file")]


def function_names(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The functions of the language that begin with what is typed, each with what it is."""
    from click.shell_completion import CompletionItem

    from dimcompat.functions import ALIASES, REGISTRY, find
    from dimcompat.renderers.catalogue import summary

    lang = language()
    names = sorted(name for name in (*REGISTRY, *ALIASES) if name.startswith(typed))
    records = ((name, find(name)) for name in names)
    return [
        CompletionItem(name, help=summary(record, lang)) for name, record in records if record is not None
    ]


def error_codes(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The codes of errors that begin with what is typed."""
    from click.shell_completion import CompletionItem

    from dimcompat.renderers.error_help import titles

    known = titles()
    return [
        CompletionItem(code, help=known[code]) for code in sorted(known) if code.startswith(typed.upper())
    ]
