r"""Formulas as they stand in notes, ``J = \sum_{i=1}^m (w^\top x_i - y_i)^2``, read as the same language.

A module of its own because it is the LaTeX notation's front door: it knows statements, and makes the tokens
of the plain notation of them; everything after that is the one parser and the one reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from dimcompat.errors import DimcompatError, fault, shown
from dimcompat.functions.constants import EYE, ONES
from dimcompat.language import syntax as tree
from dimcompat.language.declarations import ShapeLike
from dimcompat.language.inference import infer as infer_shapes
from dimcompat.language.latex_given import FILLED, Given, Limit
from dimcompat.language.latex_known import Known
from dimcompat.language.latex_statements import Statements
from dimcompat.language.latex_tokens import pieces
from dimcompat.language.parser import check_length, parse_tokens
from dimcompat.language.plain import Kind, Token, tokens
from dimcompat.language.program import Reading
from dimcompat.language.scope import Scope
from dimcompat.language.unshaped import Ends
from dimcompat.program import Program
from dimcompat.shapes import Dim


class LatexProgram(NamedTuple):
    """A program, the shapes that were inferred, and which small letters stand for rows of which matrix."""

    program: Program
    inferred: dict[str, str]
    samples: dict[str, str]


def read_latex(
    text: str,
    shapes: Mapping[str, ShapeLike] | None = None,
    *,
    objective: str | None = None,
    infer: bool = False,
) -> LatexProgram:
    """Reads a source in LaTeX whose names are declared in it or in ``shapes``, or inferred.

    Raises a DimcompatError with the place of the fault in the LaTeX as typed.
    """
    shapes = {plain_name(name): shape for name, shape in (shapes or {}).items()}
    try:
        check_length(text)
        found = Statements(pieces(text), Known.passed(shapes, separate=infer))
        spelled = found.tokens()
        inferred: dict[str, str] = {}
        if infer or any(FILLED in token.text for token in spelled):
            ends = {place: last for place, (_, last, _) in found.limits.items() if last.isidentifier()}
            spelled, inferred = _filled(spelled, text, shapes, ends, infer=infer)
        reading = Reading(text, parse_tokens(spelled, text))
        program = reading.program({**shapes, **inferred}, objective)
        _check_limits(reading, found.limits)
    except DimcompatError as error:
        raise error.at(None, text=text if error.text is None else None) from None
    kept = {name: one.arguments for name, one in found.given.items() if one.arguments and one.body is None}
    program = replace(program, text=plain_text(spelled), arguments=kept)
    return LatexProgram(program, inferred, found.samples)


def latex_expression(text: str, scope: Scope, where: str = "claim", indices: Sequence[str] = ()) -> tree.Node:
    """The tree of one expression in LaTeX, such as a claim, that uses the names of ``scope`` and indices
    that are bound outside it."""
    shapes = {name: (*symbol.shape,) for name, symbol in scope.symbols.items()}
    known = Known.passed(shapes, separate=False)
    known.values |= {*scope.parts, *scope.found_on_the_way}
    known.functions |= set(scope.functions)
    for name, symbol in scope.symbols.items():
        if symbol.labels is not None:
            known.label(name, symbol.labels)
    known.dimensions |= scope.dimensions
    try:
        check_length(text)
        found = Statements(pieces(text), known)
        found.bound += indices
        for name, arguments in scope.arguments.items():
            found.given[name] = Given(name, f"{name}({', '.join(arguments)})", arguments, ready=True)
        spelled = found.tokens()
        if any(FILLED in token.text for token in spelled):
            parts = {name: (*part.shape,) for name, part in scope.parts.items()}
            spelled, _ = _filled(spelled, text, {**shapes, **parts}, {}, infer=False)
        (statement,) = parse_tokens(spelled, text, where).statements[:1]
    except DimcompatError as error:
        raise error.at(None, text=text if error.text is None else None, where=where) from None
    if not isinstance(statement, (tree.Definition, tree.Objective)):
        raise fault("E129", statement.span, found=shown(text)).at(None, text=text, where=where)
    return statement.value


def plain_name(name: str) -> str:
    r"""A name as it is called in the plain notation: ``\theta`` is ``θ``, ``W_{hh}`` is ``W_hh``."""
    if not set(name) & set("\\{^"):
        return name
    found = Statements(pieces(name), Known())
    return found.plain_name(0, len(found.raws) - 1)


def plain_text(spelled: list[Token]) -> str:
    """What the tokens say in the plain notation."""
    words: list[str] = []
    for token in spelled:
        if token.kind is Kind.SUPERSCRIPT:
            words.append(f"^{token.text}")
        elif token.kind is Kind.CLOSE and token.text.startswith("norm"):
            words.append("‖_1" if token.text.endswith("1") else "‖")
        elif token.kind is Kind.SEPARATOR:
            words.append("\n")
        else:
            words.append(token.text)
    return " ".join(words).strip()


def _filled(
    spelled: list[Token],
    text: str,
    shapes: Mapping[str, ShapeLike],
    ends: Ends,
    *,
    infer: bool,
) -> tuple[list[Token], dict[str, str]]:
    r"""The tokens with the sizes of ``\mathbf{1}`` and ``I`` filled in, and the shapes that were inferred."""
    blanks = [token for token in spelled if FILLED in token.text]
    try:
        found = infer_shapes(text, shapes, parse_tokens(spelled, text), ends)
    except DimcompatError as error:
        if infer or not blanks or error.code != "E491":
            raise
        found = {}
    own = {token.text for token in blanks}
    others = {name: shape for name, shape in found.items() if name not in own} if infer else {}
    given = _symbols([*shapes.values(), *others.values()])
    given |= {t.text for t in spelled if t.kind is Kind.NAME and not infer}
    result: list[Token] = []
    for token in spelled:
        if token.text not in own:
            result.append(token)
            continue
        size = found.get(token.text, "").partition(",")[0].strip()
        if not size or not _symbols([size]) <= given:
            words = text[token.start : token.end]
            instead = words + "_n"
            raise fault("E213", token[2:], found=words, instead=instead)
        name = ONES.name if token.text.startswith("o") else EYE.name
        call = tokens(f"{name}({'1' if size == 'scalar' else size})")[:-1]
        result += [part._replace(start=token.start, end=token.end) for part in call]
    return result, others


def _symbols(shapes: list[ShapeLike]) -> set[str]:
    """The names in shapes."""
    found: set[str] = set()
    for shape in shapes:
        for part in shape if isinstance(shape, tuple) else (shape,):
            if isinstance(part, Dim):
                found |= set(part.symbols)
            elif isinstance(part, str) and part != "scalar":
                found |= {token.text for token in tokens(part) if token.kind is Kind.NAME}
    return found


def _check_limits(reading: Reading, limits: Mapping[tuple[str, tree.Span], Limit]) -> None:
    """A sum must end where its index does."""
    for formula in reading.formulas:
        for binder in formula.elaborator.indices.binders.values():
            limit = limits.get((binder.name.name, binder.name.span))
            if limit is None or binder.index is None:
                continue
            name, last, span = limit
            if last != str(binder.index.dim).replace(" ", "").replace("*", ""):
                raise fault("E225", span, found=name, last=shown(last), dim=binder.index.dim)
