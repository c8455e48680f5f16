"""What begins with a colon or a question mark at the prompt.

A module of its own because it is a table that grows: a command is a name, what it takes, what it
is for, and the function that answers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from dimcompat.options import Fault

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation
    from dimcompat.repl.session import Session

TYPED = (
    ("X: m, n", "declare a name; several are parted by ;"),
    ("Z = X*w", "give a name to a formula; f(t) = t^2 defines a function"),
    ("sumsq(X*w)", "show a formula and its shape"),
    ("d J / w", "derive a formula by a name, or by several: d J / w, b"),
    ("_", "the last result"),
    ("?tr  ?E201  ?", "about a function, an error, a name; all functions"),
)


class Command(NamedTuple):
    """``run`` takes the session and what is typed after the name."""

    takes: str
    summary: str
    run: Callable[[Session, str], str]


def command_of(line: str) -> tuple[str, str]:
    """The first command that begins so, and what is typed after it; empty where the line is no command."""
    if not line.lstrip().startswith(":"):
        return "", ""
    name, _, rest = line.strip()[1:].partition(" ")
    return next((known for known in COMMANDS if name and known.startswith(name)), name), rest.strip()


def command_named(name: str) -> Command:
    """The command of this name; raises Fault where there is none."""
    if name not in COMMANDS:
        raise Fault(f"there is no command :{name}; :help lists them")
    return COMMANDS[name]


def about(session: Session, name: str) -> str:
    """What a name, a function or an error code is; without one, all functions."""
    from dimcompat.error_codes import CODES
    from dimcompat.reference import code_lines, function_lines

    if name.upper() in CODES:
        return "\n".join(code_lines(name, session.lang))
    if name in session.statements:
        return f"{session.described(name)}   from  {session.statements[name]}"
    if name.startswith(":"):
        return _help(session, name[1:])
    return "\n".join(function_lines(name or None))


def _help(session: Session, rest: str) -> str:
    rows = [
        *TYPED,
        *((f":{name} {command.takes}".strip(), command.summary) for name, command in COMMANDS.items()),
    ]
    if rest:
        command = command_named(rest.lstrip(":"))
        rows = [(f":{rest.lstrip(':')} {command.takes}".strip(), command.summary)]
    width = max(len(left) for left, _ in rows) + 3
    return "\n".join(f"{left:<{width}}{right}" for left, right in rows)


def _derive(session: Session, rest: str) -> str:
    return session.derive(None, _needed(rest, ":derive w"))


def _hessian(session: Session, rest: str) -> str:
    return session.derive(None, _needed(rest, ":hessian w"), order=2)


def _check(session: Session, rest: str) -> str:
    from dimcompat.checking import check
    from dimcompat.renderers.streams import glyphs_of, width_of
    from dimcompat.renderers.verdict import verdict_text

    name, _, claim = _needed(rest, ":check w 2*X'*(X*w - y)").partition(" ")
    formula = session.asked_for(None)
    is_name = session.assigns(formula)
    verdict = check(
        session.source(None if is_name else formula),
        name,
        session.written_out(_needed(claim.strip().removeprefix("="), ":check w 2*X'*(X*w - y)")),
        objective=formula if is_name else None,
    )
    width = min(width_of(sys.stdout), 100)
    return verdict_text(verdict, lang=session.lang, width=width, glyphs=glyphs_of(sys.stdout))


def _latex(session: Session, rest: str) -> str:
    from dimcompat.renderers.latex_formula import latex_formula

    if session.derivation is not None:
        return session.derivation.render("latex", steps=session.steps, lang=session.lang)
    formula = session.asked_for(None)
    return latex_formula(session.program(formula).operation.value)


def _shapes(session: Session, rest: str) -> str:
    from dimcompat.language.shape_tree import typed_tree
    from dimcompat.renderers.shape_lines import shape_lines
    from dimcompat.renderers.streams import glyphs_of

    lines = [session.described(name) for name in session.statements]
    formula = session.written_out(rest) if rest else session.objective
    if formula is not None and not session.assigns(formula):
        session.program(formula)
        lines += shape_lines(typed_tree(session.source(formula))[-1:], glyphs_of(sys.stdout))
    return "\n".join(lines)


def _code(session: Session, rest: str) -> str:
    from dimcompat.api import generate

    return generate(_derived(session), rest or "numpy")


def _steps(session: Session, rest: str) -> str:
    if rest not in ("all", "brief", "none"):
        raise Fault(":steps takes all, brief or none")
    session.steps = rest
    return ""


def _source(session: Session, rest: str) -> str:
    return session.source(None if session.assigns(session.objective) else session.objective)


def _forget(session: Session, rest: str) -> str:
    session.forget()
    return ""


def _derived(session: Session) -> Derivation:
    if session.derivation is None:
        raise Fault("nothing has been derived yet: d J / w derives J by w")
    return session.derivation


def _needed(rest: str, example: str) -> str:
    if not rest:
        raise Fault(f"something is missing, as in {example}")
    return rest


COMMANDS: dict[str, Command] = {
    "help": Command("", "this list", _help),
    "derive": Command("NAMES", "derive the last formula by these names", _derive),
    "hessian": Command("NAMES", "its second derivative", _hessian),
    "check": Command("NAME CLAIM", "is this the derivative of the last formula, and if not, why", _check),
    "latex": Command("", "the last derivation or formula in LaTeX", _latex),
    "shapes": Command("[FORMULA]", "every name with its shape, and every part of a formula", _shapes),
    "code": Command("[TARGET]", "code for the last derivation: numpy, torch or jax", _code),
    "steps": Command("all|brief|none", "how much of a derivation is shown", _steps),
    "source": Command("", "everything so far as one text", _source),
    "forget": Command("", "begin again", _forget),
    "quit": Command("", "end", _help),
}
