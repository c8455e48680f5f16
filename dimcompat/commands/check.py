"""The command ``dimcompat check``.

A module of its own because a command is loaded when it is asked for.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from dimcompat.exit_status import WRONG
from dimcompat.options import (
    ERROR_FORMAT,
    INFER,
    LANGUAGE,
    LATEX,
    OBJECTIVE,
    ORDER,
    SEED,
    SHAPES,
    SOURCE,
    Command,
    notation_of,
    read_shapes,
    read_source,
)


@click.command(cls=Command)
@SOURCE
@click.option("--wrt", required=True, metavar="NAME", help="The derivative is by this name.")
@click.option("--claim", required=True, metavar="EXPR", help="The derivative that is claimed.")
@SHAPES
@OBJECTIVE
@ORDER
@click.option(
    "--layout",
    type=click.Choice(["denominator", "numerator", "any"]),
    default="denominator",
    show_default=True,
    help="any accepts the claim in either layout.",
)
@INFER
@LATEX
@ERROR_FORMAT
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@LANGUAGE
@SEED
def check(
    source: str | None,
    wrt: str,
    claim: str,
    shapes: tuple[str, ...],
    objective: str | None,
    order: int,
    layout: Any,
    infer: bool,
    latex_in: bool,
    form: str,
    lang: str | None,
    seed: int,
) -> None:
    """Is this gradient right, and if not, why?

    The status is 0 for a claim that is right, 1 for one that is wrong, 2 for one that cannot be read.

    \b
    dimcompat check "(X*w - y)'*(X*w - y)" --wrt w --claim "X'*(X*w - y)" -s X:m,n -s w:n -s y:m
    """
    from dimcompat.checking import check as check_claim
    from dimcompat.renderers.streams import emit, emit_json, glyphs_of, width_of
    from dimcompat.renderers.verdict import verdict_json, verdict_text

    verdict = check_claim(
        read_source(source),
        wrt,
        claim,
        read_shapes(shapes),
        objective=objective,
        order=order,
        layout=layout,
        infer=infer,
        notation=notation_of(source, latex_in),
        seed=seed,
    )
    if form == "json":
        emit_json(verdict_json(verdict, lang=lang), sys.stdout)
    else:
        glyphs, width = glyphs_of(sys.stdout), min(width_of(sys.stdout), 100)
        emit(verdict_text(verdict, lang=lang, width=width, glyphs=glyphs), sys.stdout)
    if not (verdict.correct or (layout == "any" and verdict.cause == "layout")):
        sys.exit(WRONG)
