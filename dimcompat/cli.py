"""The command line: read the arguments, call the API, choose a renderer, exit with a status.

A module of its own because nothing here knows mathematics. What is heavy is imported inside
the commands, so that --help and every error message appear at once.

Exit status: 0 the work is done; 1 the claim is wrong, or a verification failed; 2 the input is at fault.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dimcompat import __version__, reference
from dimcompat.completion import HOW_TO
from dimcompat.errors import DimcompatError
from dimcompat.messages import say
from dimcompat.options import (
    ERROR_FORMAT,
    ERRORS_AS,
    INFER,
    LANGUAGE,
    LANGUAGE_OF_FAULTS,
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
    Fault,
    names_in,
    notation_of,
    read_shapes,
    read_source,
    reason_of,
    write_to,
)
from dimcompat.usage import Group, in_language, sentence_of, spoken
from dimcompat.weaving.command import weave

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation

DONE, WRONG, FAULT, INTERRUPTED = 0, 1, 2, 130


class Commands(Group):
    """The group of commands; it turns faults into one message and a status."""

    command_class = Command

    def main(self, *arguments: Any, **options: Any) -> Any:
        """As in click, but a standard stream that is closed or full is a fault, also for --help."""
        from dimcompat.renderers.errors import fault_text
        from dimcompat.renderers.streams import emit, replace_closed, silence

        replace_closed()
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            silence(sys.stdout)
            emit(fault_text(_trouble(error)), sys.stderr)
            sys.exit(FAULT)

    def invoke(self, context: click.Context) -> Any:
        from dimcompat.renderers.errors import error_json, error_text, fault_json, fault_text
        from dimcompat.renderers.streams import emit, is_ascii, silence, width_of

        lang = spoken(context)

        def tell(said: str) -> None:
            emit(fault_json(said, lang) if _as_json(context) else fault_text(said, lang), sys.stderr)

        try:
            return super().invoke(context)
        except DimcompatError as error:
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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=HOW_TO)
@click.version_option(__version__, prog_name="dimcompat")
@LANGUAGE_OF_FAULTS
def main() -> None:
    """Matrix derivatives by dimension compatibility: derived step by step, checked numerically."""


@main.command()
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
    output: Path | None,
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
    from dimcompat.renderers.streams import coloured, emit, glyphs_of, has_colours, width_of

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
    emit_json(text) if form == "json" else emit(text, sys.stdout)


def warn(derivation: Derivation, lang: str | None) -> None:
    """A derivation that could not be checked, or failed the check, says so on standard error."""
    from dimcompat.renderers.streams import emit
    from dimcompat.renderers.warning import check_warning

    emit(check_warning(derivation, lang), sys.stderr)


@main.command()
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
    from dimcompat.renderers.streams import emit, glyphs_of, width_of
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
        emit_json(verdict_json(verdict, lang=lang))
    else:
        glyphs, width = glyphs_of(sys.stdout), min(width_of(sys.stdout), 100)
        emit(verdict_text(verdict, lang=lang, width=width, glyphs=glyphs), sys.stdout)
    if not (verdict.correct or (layout == "any" and verdict.cause == "layout")):
        sys.exit(WRONG)


def emit_json(text: str) -> None:
    """JSON on standard output, with escapes where the stream lacks characters."""
    from dimcompat.renderers.streams import emit

    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        import json

        text = json.dumps(json.loads(text), indent=2) + "\n"
    emit(text, sys.stdout)


@main.command()
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


@main.command()
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
    output: Path | None,
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


for command in (reference.functions, reference.explain, reference.repl, weave):
    main.add_command(command)
