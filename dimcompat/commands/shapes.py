"""The command ``dimcompat shapes``.

A module of its own because a command is loaded when it is asked for.
"""

from __future__ import annotations

import sys

import click

from dimcompat.options import (
    ERROR_FORMAT,
    LANGUAGE_OF_FAULTS,
    SHAPES,
    SOURCE,
    Command,
    read_shapes,
    read_source,
)


@click.command(cls=Command)
@SOURCE
@SHAPES
@ERROR_FORMAT
@LANGUAGE_OF_FAULTS
def shapes(source: str | None, shapes: tuple[str, ...]) -> None:
    """Show every subexpression with its shape, as a tree."""
    from dimcompat.language.shape_tree import typed_tree
    from dimcompat.renderers.shape_lines import shape_lines
    from dimcompat.renderers.streams import emit, glyphs_of

    formulas = typed_tree(read_source(source), read_shapes(shapes))
    emit("\n".join(shape_lines(formulas, glyphs_of(sys.stdout))) + "\n", sys.stdout)
