"""Texts that stand beside a program and use its names: claims, and names to differentiate by.

A module of its own because these are read after the program, and their faults are not its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from dimcompat.errors import DimcompatError, fault
from dimcompat.expressions import Expr, plain
from dimcompat.language import syntax as tree
from dimcompat.language.elaborate import Elaborator
from dimcompat.language.parser import parse_expression, parse_name, parse_source
from dimcompat.language.program import names, values
from dimcompat.language.scope import Scope, size_arguments
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.program import Program


def read_expression(
    text: str,
    program: Program,
    *,
    where: str = "claim",
    found_on_the_way: Mapping[str, Expr] | None = None,
) -> Operation:
    """Reads one expression, such as a claim, that may use a program's names and those given."""
    root = parse_expression(text, where)
    dimensions = _dimensions(program, [root, *values(parse_source(program.text))])
    found = {name: plain(value) for name, value in (found_on_the_way or {}).items()}
    scope = Scope(program.symbols, program.parts, dimensions, {}, found, program.functions)
    try:
        return Elaborator(scope, text).elaborate(root)
    except DimcompatError as error:
        raise error.at(None, text=error.text or text, where=where) from None


def name_in(text: str, program: Program, *, where: str = "wrt") -> str:
    """Reads the name of a declared number or a part, by which a derivative is wanted.

    Raises UnknownNameError where it is neither, ShapeError where it holds class labels.
    """
    node = tree.Name(text, (0, len(text))) if text in program.symbols else parse_name(text, where)
    symbol = program.symbols.get(node.name)
    if symbol is not None and symbol.labels is not None:
        numbers = [name for name, other in program.symbols.items() if other.labels is None]
        hint = say("E214.variable", names=", ".join((*numbers, *program.parts)))
        error = fault("E214", node.span, found=node.name, classes=symbol.labels, hint=hint)
        raise error.at(None, text=text, where=where)
    if symbol is not None or node.name in program.parts:
        return node.name
    scope = Scope(program.symbols, program.parts, frozenset())
    near = next(iter(scope.near_names(node.name)), None)
    listed = ", ".join([*program.symbols, *program.parts])
    hint = say("E301.names", names=listed)
    if near:
        hint = say("meant.name", instead=near, described=scope.described(near))
    raise fault("E301", node.span, found=node.name, hint=hint).at(None, text=text, where=where)


def _dimensions(program: Program, formulas: list[tree.Node]) -> frozenset[str]:
    """The dimension symbols in declarations and in the constants of these formulas."""
    classes = [symbol.labels for symbol in program.symbols.values() if symbol.labels is not None]
    dims = [*classes, *(dim for shape in program.shapes.values() for dim in shape)]
    calls = [node for root in formulas for node in tree.postorder(root) if isinstance(node, tree.Call)]
    sizes = [name.name for call in calls for size in size_arguments(call) for name in names(size)]
    known = {*sizes, *(name for dim in dims for name in dim.symbols)}
    return frozenset(known - {*program.symbols, *program.parts})
