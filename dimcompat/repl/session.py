"""What has been said at the prompt, and the answer to the next line.

A module of its own because it knows nothing of keyboards and streams: a line goes in, a text comes
out, or a DimcompatError or a Fault.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from dimcompat.errors import DimcompatError, Label, fault
from dimcompat.expressions import Expr, plain
from dimcompat.functions import ALIASES, REGISTRY
from dimcompat.language import syntax as tree
from dimcompat.language.parser import parse_source
from dimcompat.language.plain import Kind, tokens
from dimcompat.language.program import read
from dimcompat.messages import say, text
from dimcompat.options import Fault
from dimcompat.program import Program
from dimcompat.renderers.streams import emit, glyphs_of
from dimcompat.repl.commands import COMMANDS, about, command_named, command_of
from dimcompat.shapes import Shape

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation

RESULT = "_"
_DERIVATIVE = re.compile(
    r"d\s+(?P<formula>[^\s=:].*?)\s*/\s*(?:d\s+)?(?P<names>[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s*", re.DOTALL
)


class Finished(Exception):
    """The line says that it is the last one."""


def is_open(line: str) -> bool:
    """Whether a bracket is still open at the end of the line, so that it goes on in the next."""
    if line.lstrip()[:1] in (":", "?"):
        return False
    try:
        tokens(line)
    except DimcompatError as error:
        return error.code == "E108"
    return False


class Session:
    """The statements so far by the name that each gives a meaning, the last result and the last answers."""

    def __init__(self, lang: str | None = None) -> None:
        self.lang = lang
        self.steps = "all"
        self.forget()

    def forget(self) -> None:
        """Begin again."""
        self.statements: dict[str, str] = {}
        self.result: str | None = None
        self.objective: str | None = None
        self.formula: Expr | None = None
        self.derivation: Derivation | None = None

    # ── lines ────────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def ends(line: str) -> bool:
        """Whether this line ends the session."""
        return command_of(line) == ("quit", "")

    def answer(self, line: str) -> str:
        """The answer to one line; empty where there is nothing to say."""
        line = line.strip()
        if self.ends(line):
            raise Finished
        if line.startswith("?"):
            return about(self, line[1:].strip())
        if line.startswith(":"):
            name, rest = command_of(line)
            return command_named(name).run(self, rest)
        asked = _DERIVATIVE.fullmatch(line)
        if asked is not None and "d" not in self.statements:
            return self.derive(self.written_out(asked["formula"]), asked["names"])
        return "\n".join(said for piece in pieces(line) if (said := self.take(self.written_out(piece))))

    def take(self, text: str) -> str:
        """The answer to one statement, which is kept if it gives a name a meaning."""
        (statement,) = parse_source(text).statements
        if isinstance(statement, tree.Objective):
            program = self.program(text)
            self.result, self.objective, self.formula = text, text, plain(program.objective)
            self.derivation = None
            return f"{self.formula}   {self.shape(program.operation.shape)}"
        self.keep(statement.name, text)
        if isinstance(statement, tree.Definition):
            self.result = self.objective = statement.name
            self.derivation = None
        return self.described(statement.name)

    def keep(self, name: str, text: str) -> None:
        """Give a name its meaning; a new one takes the place of the old one, or else comes last."""
        before = self.statements
        ways = [{**before, name: text}]
        if name in before:
            ways.append({**{other: said for other, said in before.items() if other != name}, name: text})
        first: DimcompatError | None = None
        for statements in ways:
            self.statements = statements
            try:
                self.program(None, name)
                return
            except DimcompatError as error:
                self.statements = before
                first = first or error
        assert first is not None
        raise first

    def program(self, formula: str | None = None, typed: str | None = None) -> Program:
        """The program of everything so far, with a formula or a name as its objective.

        An error in the formula, or in what ``typed`` names, is located in that line alone.
        """
        is_name = self.assigns(formula)
        source = self.source(None if is_name else formula or "0")
        try:
            return read(source, objective=formula if is_name else None)
        except DimcompatError as error:
            raise self.relocated(error, source, formula, typed) from None

    def assigns(self, formula: str | None) -> bool:
        """Whether the formula is just a name that was assigned."""
        text = self.statements.get(formula or "")
        return text is not None and isinstance(parse_source(text).statements[0], tree.Definition)

    def source(self, formula: str | None = None) -> str:
        """The text of everything so far, and of a formula."""
        return "\n".join([*self.statements.values(), *([formula] if formula else [])])

    def written_out(self, text: str) -> str:
        """The text with the last result in place of each ``_``."""
        for token in reversed(tokens(text)):
            if token.kind is Kind.NAME and token.text == RESULT:
                span = (token.start, token.end)
                if self.result is None:
                    error = fault("E301", span, found=RESULT, hint=say("E301.result"))
                    raise error.at(None, text=text)
                bare = text.strip() == RESULT or self.result.isidentifier()
                text = text[: span[0]] + (self.result if bare else f"({self.result})") + text[span[1] :]
        return text

    def relocated(
        self, error: DimcompatError, source: str, formula: str | None, typed: str | None = None
    ) -> DimcompatError:
        """An error in the line that was typed, with its place in that line."""
        line, start = formula or "", len(source) - len(formula or "")
        if typed is not None:
            line = self.statements[typed]
            above = takewhile(lambda name: name != typed, self.statements)
            start = sum(len(self.statements[name]) + 1 for name in above)
        elif self.assigns(formula):
            return error
        if error.where != "source" or error.text != source or error.span is None:
            return error
        end = start + len(line)
        if not start <= error.span[0] <= error.span[1] <= end:
            return error
        inside = [label for label in error.labels if start <= label.span[0] and label.span[1] <= end]
        labels = tuple(Label((label.span[0] - start, label.span[1] - start), label.text) for label in inside)
        return error.at((error.span[0] - start, error.span[1] - start), text=line, labels=labels)

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────

    def derive(self, formula: str | None, names: str, order: int = 1) -> str:
        """The derivation of a formula, or of the last one, by one name or several."""
        from dimcompat.api import derive
        from dimcompat.renderers.streams import coloured, glyphs_of, has_colours, width_of
        from dimcompat.renderers.text import render_text
        from dimcompat.renderers.warning import check_warning

        formula = self.asked_for(formula)
        is_name = self.assigns(formula)
        source = self.source(None if is_name else formula)
        try:
            found = derive(source, names, objective=formula if is_name else None, order=order)
        except DimcompatError as error:
            raise self.relocated(error, source, formula) from None
        self.derivation, self.objective, self.formula = found, formula, found.results[-1].expression
        self.result = str(self.formula.expanded)
        out = sys.stdout
        width, glyphs = width_of(out), glyphs_of(out)
        text = render_text(found, steps=self.steps, lang=self.lang, width=width, glyphs=glyphs)
        emit(check_warning(found, self.lang), sys.stderr)
        return coloured(text) if has_colours(out) else text

    def asked_for(self, formula: str | None) -> str:
        """A formula, or the last one. Raises Fault where there is none."""
        formula = formula or self.objective
        if formula is None:
            raise Fault(say("prompt.no formula"))
        return formula

    def described(self, name: str) -> str:
        """A name with its shape."""
        program = self.program()
        shape = program.shapes.get(name)
        return f"{name}   {self.shape(shape) if shape is not None else text('prompt.function', self.lang)}"

    def shape(self, shape: Shape) -> str:
        return glyphs_of(sys.stdout).shape(shape)

    def completions(self) -> Iterator[str]:
        """Everything that a word at the prompt may be: names, functions, commands."""
        yield from self.statements
        yield from REGISTRY
        yield from ALIASES
        yield from (f":{name}" for name in COMMANDS)
        yield from (f"?{name}" for name in REGISTRY)


def pieces(line: str) -> Iterator[str]:
    """The statements of a line."""
    start = 0
    for token in tokens(line):
        if token.kind in (Kind.SEPARATOR, Kind.END):
            piece = line[start : token.start].partition("#")[0].strip()
            if piece:
                yield piece
            start = token.end
