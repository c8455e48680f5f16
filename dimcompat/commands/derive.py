"""The command ``dimcompat derive``.

A module of its own because a command is loaded when it is asked for.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from dimcompat.exit_status import WRONG
from dimcompat.options import (
    ERROR_FORMAT,
    INFER,
    LANGUAGE,
    LATEX,
    LAYOUT,
    NO_VERIFY,
    OBJECTIVE,
    ORDER,
    OUTPUT,
    PICTURES,
    SEED,
    SHAPES,
    SOURCE,
    STEPS,
    UPSTREAM,
    WRT,
    Command,
    names_in,
    notation_of,
    read_shapes,
    read_source,
    write_to,
)

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation


@click.command(cls=Command)
@SOURCE
@WRT
@SHAPES
@OBJECTIVE
@ORDER
@LAYOUT
@UPSTREAM
@INFER
@LATEX
@ERROR_FORMAT
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "markdown", "html", "json"]),
    default="text",
    show_default=True,
)
@click.option("--standalone", is_flag=True, help="A whole document, not a part of one.")
@OUTPUT
@STEPS
@PICTURES
@LANGUAGE
@NO_VERIFY
@SEED
def derive(
    source: str | None,
    wrt: tuple[str, ...],
    shapes: tuple[str, ...],
    objective: str | None,
    order: int,
    layout: Any,
    upstream: bool,
    infer: bool,
    latex_in: bool,
    form: str,
    standalone: bool,
    output: str | None,
    steps: str,
    pictures: bool,
    lang: str | None,
    no_verify: bool,
    seed: int,
) -> None:
    """Derive a gradient and show every step.

    SOURCE is a formula or a program, a file that ends in .dim, .txt or .tex, or - for what is piped in.

    \b
    dimcompat derive "(X*w - y)'*(X*w - y)" --wrt w -s X:m,n -s w:n -s y:m
    """
    from dimcompat.api import derive as derive_source
    from dimcompat.renderers import require_format

    require_format(form)
    derivation = derive_source(
        read_source(source),
        names_in(wrt),
        read_shapes(shapes),
        objective=objective,
        order=order,
        layout=layout,
        upstream=upstream,
        infer=infer,
        notation=notation_of(source, latex_in),
        verify=not no_verify,
        seed=seed,
    )
    if output is None:
        show(derivation, form, steps=steps, standalone=standalone, lang=lang, pictures=pictures)
    else:
        text = derivation.render(form, steps=steps, standalone=standalone, lang=lang, pictures=pictures)
        write_to(output, text)
    warn(derivation, lang)
    if derivation.verification is not None and derivation.verification.passed is False:
        sys.exit(WRONG)


def show(
    derivation: Derivation, form: str, *, steps: str, standalone: bool, lang: str | None, pictures: bool
) -> None:
    """Print a derivation with the characters and the width that standard output has."""
    from dimcompat.renderers.streams import coloured, emit, emit_json, glyphs_of, has_colours, width_of

    if form == "text":
        from dimcompat.renderers.text import render_text

        width, glyphs = width_of(sys.stdout), glyphs_of(sys.stdout)
        colours = has_colours(sys.stdout)
        text = render_text(
            derivation,
            steps=steps,
            lang=lang,
            width=width,
            glyphs=glyphs,
            pictures=pictures,
            colours=colours,
        )
        emit(coloured(text) if colours else text, sys.stdout)
        return
    text = derivation.render(form, steps=steps, standalone=standalone, lang=lang, pictures=pictures)
    emit_json(text, sys.stdout) if form == "json" else emit(text, sys.stdout)


def warn(derivation: Derivation, lang: str | None) -> None:
    """A derivation that could not be checked, or failed the check, says so on standard error."""
    from dimcompat.renderers.streams import emit
    from dimcompat.renderers.warning import check_warning

    emit(check_warning(derivation, lang), sys.stderr)
