"""What begins with a colon or a question mark at the prompt.

A module of its own because it is a table that grows: a command is a name, what it takes, what it
is for, and the function that answers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from dimcompat.messages import say, text
from dimcompat.options import Fault

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation
    from dimcompat.repl.session import Session

TYPED = (
    ("X: m, n", "typed.declare"),
    ("Z = X*w", "typed.name"),
    ("sumsq(X*w)", "typed.show"),
    ("d J / w", "typed.derive"),
    ("_", "typed.last"),
    ("?tr  ?E201  ?", "typed.about"),
)
"""What can be typed beside commands, and the key of the sentence that says what for."""


class Command(NamedTuple):
    """``run`` takes the session and what is typed after the name."""

    takes: str
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
        raise Fault(say("prompt.no command", name=name))
    return COMMANDS[name]


def about(session: Session, name: str) -> str:
    """What a name, a function or an error code is; without one, all functions."""
    from dimcompat.error_codes import CODES
    from dimcompat.reference import code_lines, function_lines

    if name.upper() in CODES:
        return "\n".join(code_lines(name, session.lang))
    if name in session.statements:
        described, statement = session.described(name), session.statements[name]
        return text("prompt.described", session.lang, name=described, statement=statement)
    if name.startswith(":"):
        return _help(session, name[1:])
    return "\n".join(function_lines(name or None, session.lang))


def _help(session: Session, rest: str) -> str:
    rows = [
        *TYPED,
        *((f":{name} {command.takes}".strip(), f"command.{name}") for name, command in COMMANDS.items()),
    ]
    if rest:
        name = rest.lstrip(":")
        rows = [(f":{name} {command_named(name).takes}".strip(), f"command.{name}")]
    width = max(len(left) for left, _ in rows) + 3
    return "\n".join(f"{left:<{width}}{text(key, session.lang)}" for left, key in rows)


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
        raise Fault(say("prompt.steps"))
    session.steps = rest
    return ""


def _source(session: Session, rest: str) -> str:
    return session.source(None if session.assigns(session.objective) else session.objective)


def _forget(session: Session, rest: str) -> str:
    session.forget()
    return ""


def _derived(session: Session) -> Derivation:
    if session.derivation is None:
        raise Fault(say("prompt.nothing derived"))
    return session.derivation


def _needed(rest: str, example: str) -> str:
    if not rest:
        raise Fault(say("prompt.missing", example=example))
    return rest


COMMANDS: dict[str, Command] = {
    "help": Command("", _help),
    "derive": Command("NAMES", _derive),
    "hessian": Command("NAMES", _hessian),
    "check": Command("NAME CLAIM", _check),
    "latex": Command("", _latex),
    "shapes": Command("[FORMULA]", _shapes),
    "code": Command("[TARGET]", _code),
    "steps": Command("all|brief|none", _steps),
    "source": Command("", _source),
    "forget": Command("", _forget),
    "quit": Command("", _help),
}
