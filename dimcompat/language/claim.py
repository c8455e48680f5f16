"""A claim as it is typed: what stands in front of it, its tree, and whether its parts fit together.

A module of its own because a claim is judged, not refused, where it is ill-shaped: this is the one
reader that keeps a tree without an operation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from dimcompat.errors import DimcompatError, ShapeError, fault
from dimcompat.expressions import Expr, plain
from dimcompat.language import syntax as tree
from dimcompat.language.component import gathered, indices_of, shape_of
from dimcompat.language.elaborate import Elaborator
from dimcompat.language.indices import is_index_sum
from dimcompat.language.latex import latex_expression
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import text_of
from dimcompat.language.scope import Scope, size_arguments
from dimcompat.language.syntax import Node
from dimcompat.operations import Operation, postorder
from dimcompat.program import Program
from dimcompat.records import dataclass

WHERE = "claim"
LONGEST_REWRITTEN = 4_000
_NAME = r"[^\W\d]\w*(?:\([^()=]*\))?"
_FRONT = re.compile(
    rf"""\s*(?:
        (?:\\nabla|∇|grad)\s*(?:_\s*)?(?:\{{\s*(?P<braced>[^{{}}]+?)\s*\}}|(?P<bare>[^\W\d]\w*?))?
            (?:[\s_]+{_NAME}|\s*\([^()=]*\))?
      | \\[dt]?frac\s*\{{\s*(?:\\partial|\\mathrm\{{d\}}|∂|d)\s*[^{{}}]*\}}
            \s*\{{\s*(?:\\partial|\\mathrm\{{d\}}|∂|d)\s*(?P<below>(?:[^{{}}]|\{{[^{{}}]*\}})+?)\s*\}}(?:\s*[A-Za-z]\w*)?
      | (?:\\partial\s*|∂|d)\s*{_NAME}\s*/\s*(?:\\partial\s*|∂|d)\s*(?P<ratio>[^\s=/]+)
      | d{_NAME}_d(?P<plain>[^\s=]+)
      | (?:gradient|grad|derivative|g|G|H)
    )\s*:?=""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """``root`` is the tree, ``operation`` what it means, None where it is ill-shaped; ``fault`` says why."""

    text: str
    root: Node
    scope: Scope
    operation: Operation | None
    fault: DimcompatError | None


def read_claim(
    text: str, variable: str, scope: Scope, found_on_the_way: Mapping[str, Expr], *, notation: str = "plain"
) -> Claim:
    """Reads a claim about the derivative by ``variable``; raises a DimcompatError where it cannot be read."""
    body, indices = _without_front(text, variable, scope)
    found = {name: plain(value) for name, value in found_on_the_way.items()}
    scope = replace(scope, found_on_the_way=found)
    try:
        latex = notation == "latex" or "\\" in body or "{" in body
        root = _root(body, scope, latex, indices, front="\\" in text)
        short = latex and len(body) <= LONGEST_REWRITTEN
        shown = text_of(root) if short else body.strip()
        root = gathered(root, indices, shape_of(scope, variable)) if indices else root
        try:
            operation = Elaborator(scope, body).elaborate(root)
        except ShapeError as error:
            _require_names(root, scope, body)
            return Claim(shown, root, scope, None, error.at(None, text=text, where=WHERE))
    except DimcompatError as error:
        raise error.at(None, text=text, where=WHERE) from None
    return Claim(shown, root, scope, operation, None)


def _root(body: str, scope: Scope, latex: bool, indices: tuple[str, ...], *, front: bool) -> Node:
    """The tree of a claim; behind LaTeX, what is no plain text may be LaTeX without a command: ``2x``."""
    if latex:
        return latex_expression(body, scope, WHERE, indices)
    try:
        return parse_expression(body, WHERE)
    except DimcompatError:
        if not front:
            raise
    return latex_expression(body, scope, WHERE, indices)


def scope_of(program: Program) -> Scope:
    """What names mean beside a program that has been read."""
    dims = {dim for shape in program.shapes.values() for dim in shape}
    dims |= {symbol.labels for symbol in program.symbols.values() if symbol.labels is not None}
    dims |= {dim for operation in postorder(program.operation) for dim in operation.shape}
    known = frozenset(name for dim in dims for name in dim.symbols)
    values = {*program.symbols, *program.parts}
    return Scope(
        program.symbols,
        program.parts,
        known - values,
        functions=program.functions,
        arguments=program.arguments,
    )


def meaning(root: Node, scope: Scope) -> Operation | None:
    """What a tree means, None where it means nothing."""
    try:
        return Elaborator(scope, "").elaborate(root)
    except DimcompatError:
        return None


def _parsed(body: str, scope: Scope, notation: str) -> Node:
    return latex_expression(body, scope, WHERE) if notation == "latex" else parse_expression(body, WHERE)


def _without_front(text: str, variable: str, scope: Scope) -> tuple[str, tuple[str, ...]]:
    """The text with what names the derivative blanked out, so that places in it stay what they are, and the
    indices of the component that it is about."""
    front = _FRONT.match(text)
    if front is None or text[front.end() : front.end() + 1] == "=":
        return text, ()
    named = next((found for found in front.groups() if found), None)
    explicit = any(_is_name(front.group(key) or "") for key in ("plain", "ratio"))
    indices = indices_of(named, variable, scope) if named is not None else ()
    explicit = explicit and not indices
    if named is not None and _plain(named) != variable and (explicit or scope.names_value(_plain(named))):
        span = front.span(next(key for key, found in front.groupdict().items() if found))
        raise fault("E310", span, found=named, variable=variable).at(None, text=text, where=WHERE)
    return " " * front.end() + text[front.end() :], indices


def _is_name(named: str) -> bool:
    """Whether it is a name as the plain notation has them, and no LaTeX for one."""
    return named.isascii() and named.isidentifier()


def _plain(named: str) -> str:
    named = re.sub(r"\\(?:mathbf|boldsymbol|bm|mathrm|vec)\s*\{([^{}]*)\}", r"\1", named)
    return re.sub(r"[\s{}\\^]|⊤|ᵀ", "", named)


def _require_names(root: Node, scope: Scope, text: str) -> None:
    """Refuses names that mean nothing, wherever they stand."""
    bound: set[str] = set()
    passed_over: set[int] = set()
    for node in tree.postorder(root):
        if isinstance(node, tree.Call):
            if is_index_sum(node, scope):
                first = node.arguments[0]
                bound.add(first.name if isinstance(first, tree.Name) else "")
            sizes = (*size_arguments(node), *(keyword.value for keyword in node.keywords))
            passed_over.update(id(inner) for size in sizes for inner in tree.postorder(size))
    for node in tree.postorder(root):
        own = isinstance(node, tree.Name) and node.name not in bound and id(node) not in passed_over
        if isinstance(node, tree.Name) and own and scope.operation(node.name) is None:
            Elaborator(scope, text).elaborate(node)
