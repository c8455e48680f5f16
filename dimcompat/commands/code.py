"""The command ``dimcompat code``.

A module of its own because a command is loaded when it is asked for.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from dimcompat.options import (
    ERROR_FORMAT,
    INFER,
    LANGUAGE_OF_FAULTS,
    LATEX,
    OBJECTIVE,
    ORDER,
    OUTPUT,
    SHAPES,
    SOURCE,
    UPSTREAM,
    WRT,
    Command,
    names_in,
    notation_of,
    read_shapes,
    read_source,
    write_to,
)


@click.command(cls=Command)
@SOURCE
@WRT
@SHAPES
@OBJECTIVE
@ORDER
@UPSTREAM
@INFER
@LATEX
@ERROR_FORMAT
@click.option("--target", type=click.Choice(["numpy", "torch", "jax"]), default="numpy", show_default=True)
@click.option("--no-checks", is_flag=True, help="Leave out the checks of the arguments' shapes.")
@click.option(
    "--hessian",
    type=click.Choice(["matrix", "core", "product"]),
    default="matrix",
    show_default=True,
    help="With --order 2: the matrix, the small C of kron(C, eye(m)), or the product with a direction.",
)
@OUTPUT
@LANGUAGE_OF_FAULTS
def code(
    source: str | None,
    wrt: tuple[str, ...],
    shapes: tuple[str, ...],
    latex_in: bool,
    target: str,
    no_checks: bool,
    hessian: Any,
    output: str | None,
    **asked: Any,
) -> None:
    """Write a Python module that computes the value and the derivative."""
    from dimcompat.api import derive as derive_source
    from dimcompat.api import generate
    from dimcompat.renderers.streams import emit

    derivation = derive_source(
        read_source(source),
        names_in(wrt),
        read_shapes(shapes),
        notation=notation_of(source, latex_in),
        verify=False,
        **asked,
    )
    text = generate(derivation, target, checks=not no_checks, hessian=hessian)
    if output is None:
        emit(text, sys.stdout)
    else:
        write_to(output, text)
