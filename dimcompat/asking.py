"""A question as a line of options: ``--wrt w -s X:m,n``, as it stands above a source in notes and notebooks.

A module of its own because a block in somebody's notes and a cell in a notebook ask in the same words as
the command line, and neither is a command line.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import click

from dimcompat.messages import say
from dimcompat.options import (
    INFER,
    LANGUAGE,
    LATEX,
    LAYOUT,
    NO_VERIFY,
    OBJECTIVE,
    ORDER,
    PICTURES,
    SEED,
    SHAPES,
    STEPS,
    UPSTREAM,
    WRT,
    Fault,
    names_in,
    read_shapes,
)
from dimcompat.records import dataclass
from dimcompat.usage import sentence_of

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation

_OPTION = re.compile(r"(?:^|(?<=\s))(?:--[a-z][a-z-]+(?=[\s=]|$)|-s(?=\s*[^\W\d]\w*\s*:))")
"""Where an option begins in a line that begins with a formula, which may hold ``--`` and ``-s`` as well."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a source."""

    wrt: tuple[str, ...]
    shapes: tuple[str, ...]
    steps: str
    pictures: bool
    lang: str | None
    latex_in: bool
    no_verify: bool
    settings: dict[str, Any]

    def derive(self, source: str) -> Derivation:
        """The derivation that answers. Raises a DimcompatError where the source is at fault."""
        from dimcompat.api import derive

        return derive(
            source,
            names_in(self.wrt),
            read_shapes(self.shapes),
            notation="latex" if self.latex_in else "plain",
            verify=not self.no_verify,
            **self.settings,
        )


@click.command(add_help_option=False)
@WRT
@SHAPES
@OBJECTIVE
@ORDER
@LAYOUT
@UPSTREAM
@INFER
@LATEX
@STEPS
@PICTURES
@LANGUAGE
@NO_VERIFY
@SEED
def _options(**_given: Any) -> None:
    """What may stand in a line of options."""


def read_question(options: str) -> Question:
    """The question that a line of options asks. Raises Fault where there is no such option."""
    words = shlex.shlex(options, posix=True, punctuation_chars=False)
    words.whitespace_split, words.quotes, words.escape, words.commenters = True, '"', "", ""
    try:
        given = dict(_options.make_context("dimcompat", list(words)).params)
    except click.UsageError as error:
        raise Fault(sentence_of(error)) from error
    except ValueError as error:
        raise Fault(say("open quotation")) from error
    names = ("wrt", "shapes", "steps", "pictures", "lang", "latex_in", "no_verify")
    own = {name: given.pop(name) for name in names}
    return Question(**own, settings=given)


def parted(line: str) -> tuple[str, str]:
    """A line ``SOURCE --wrt w …`` as its source, quoted or not, and its options."""
    found = _OPTION.search(line)
    place = found.start() if found is not None else len(line)
    source, options = line[:place].strip(), line[place:]
    if len(source) > 1 and source[0] == source[-1] == '"':
        source = source[1:-1]
    return source, options
