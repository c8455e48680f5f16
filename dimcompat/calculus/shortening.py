"""Long results in named parts: what repeats in them, or is too long for a line, gets a name.

A module of its own because it is about the page and not about calculus: a derivation that is done is
told again with a few names more, and every formula means what it meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import fields, replace
from functools import cached_property
from typing import Any

from dimcompat import expressions as ex
from dimcompat.calculus.cost import cost
from dimcompat.calculus.own_names import LONGEST_WRITTEN_OUT
from dimcompat.calculus.part_names import PartNames
from dimcompat.derivation import Derivation, Equation, Form, Result, Step
from dimcompat.expressions import Expr, Named
from dimcompat.expressions.rebuild import folded, substituted_names
from dimcompat.expressions.walk import distinct_nodes

SHORT = 30
"""Where names are given, what repeats is named until a result is no longer than this."""
MOST_TRIED = 40
WORTH_A_NAME = 4
"""The operators that a name must save."""

Parts = dict[Named, Expr]


def in_named_parts(derivation: Derivation) -> Derivation:
    """The derivation with its long results, and the steps that lead to them, in named parts.

    Where all results are short enough it is the same derivation.
    """
    long = [result.expression for result in derivation.results if _is_long(result.expression)]
    parts = _parts(long, _Vocabulary(derivation)) if long else {}
    if not parts:
        return derivation
    steps = derivation.steps
    first = next(place for place, step in enumerate(steps) if _speaks_of(step, parts))
    told = [_with(step, parts) for step in steps[first:]]
    named = Step(
        "name",
        Equation(steps[first].equation.left, told[0].equation.right),
        variable=steps[first].variable,
        names=tuple(Equation(part.name, formula) for part, formula in _inner_first(parts)),
        reason="shorten",
    )
    return replace(
        derivation,
        results=tuple(_with(result, parts) for result in derivation.results),
        steps=(*steps[:first], named, *told),
    )


def _is_long(expression: Expr) -> bool:
    return cost(expression) > LONGEST_WRITTEN_OUT


class _Vocabulary:
    """The names of a derivation, which are gathered once something is to be named."""

    def __init__(self, derivation: Derivation) -> None:
        self._derivation = derivation

    @cached_property
    def names(self) -> PartNames:
        return PartNames(_taken(self._derivation))

    @cached_property
    def known(self) -> dict[Expr, str]:
        return _known(self._derivation)


def _taken(derivation: Derivation) -> frozenset[str]:
    """Every name that means something in a derivation."""
    taken = {derivation.name, derivation.loss}
    for declared in derivation.declarations:
        taken |= {declared.name, *(name for dim in declared.shape for name in dim.symbols)}
    formulas = dict.fromkeys(formula for step in derivation.steps for formula in _formulas(step))
    leaves = set[Expr]().union(*(formula.symbols for formula in formulas))
    taken |= {leaf.name for leaf in leaves if isinstance(leaf, (ex.Symbol, Named, ex.Index))}
    for step in derivation.steps:
        for equation in (step.equation, *step.names):
            taken |= {equation.left} if isinstance(equation.left, str) else set()
    for node in distinct_nodes(*(step.equation.right for step in derivation.steps)):
        taken |= {node.function.name} if isinstance(node, ex.Call) else set()
    return frozenset(taken)


def _known(derivation: Derivation) -> dict[Expr, str]:
    """The names that earlier steps have given, by what they stand for in declared names."""
    known: dict[Expr, str] = {}
    for step in derivation.steps:
        for named in step.names:
            if isinstance(named.left, str):
                known.setdefault(substituted_names(named.right), named.left)
    return known


def _parts(long: Sequence[Expr], vocabulary: _Vocabulary) -> Parts:
    """The parts to be named in the order in which they are found, each with its formula.

    A part whose name makes nothing shorter is left out, and not tried again.
    """
    roots = list(long)
    parts: Parts = {}
    tried: set[Expr] = set()
    meanings: set[Expr] = set()
    while any(cost(root) > SHORT for root in roots) and len(tried) < MOST_TRIED:
        body = _most_repeated((*roots, *parts.values()), tried) or _largest_piece(roots, tried)
        if body is None:
            break
        tried.add(body)
        meaning = substituted_names(body)
        if meaning in meanings:
            continue
        name = vocabulary.known.get(meaning) or vocabulary.names.fresh(body.shape)
        part = Named.make(name, body)
        shorter = [_folded(root, (part,)) for root in roots]
        inside = {other: _folded(formula, (part,)) for other, formula in parts.items()}
        before = sum(map(cost, (*roots, *parts.values())))
        if sum(map(cost, (*shorter, *inside.values()))) < before:
            roots, parts = shorter, inside | {part: body}
            meanings.add(meaning)
    return parts


def _folded(formula: Expr, parts: Iterable[Named]) -> Expr:
    """A formula with each of these parts, one after the other, by its name."""
    for part in parts:
        formula = folded(formula, part.definition, part)
    return formula


def _inner_first(parts: Parts) -> list[tuple[Named, Expr]]:
    """The parts so that each stands after those that its formula names."""
    ordered: dict[Named, Expr] = {}
    pending = list(reversed(parts))
    while pending:
        part = pending[-1]
        needed = [leaf for leaf in parts if leaf in parts[part].symbols and leaf not in ordered]
        pending.extend(needed)
        if not needed:
            ordered.setdefault(pending.pop(), parts[part])
    return list(ordered.items())


def _most_repeated(roots: Iterable[Expr], tried: Set[Expr]) -> Expr | None:
    """The part whose name saves most; None where none saves enough."""
    parts: Counter[Expr] = Counter()
    for node in distinct_nodes(*roots):
        parts.update(node.children)
    uses: Counter[Expr] = Counter()
    for part, times in parts.items():
        if part.children:
            uses[_upright(part)] += times
    nodes = (node for node in uses if node not in tried and _can_be_named(node))
    saved = {node: (uses[node] - 1) * cost(node) for node in nodes}
    best = max(saved, key=lambda node: (saved[node], node.order), default=None)
    return best if best is not None and saved[best] >= WORTH_A_NAME else None


def _largest_piece(roots: Iterable[Expr], tried: Set[Expr]) -> Expr | None:
    """The largest part of a formula that is still too long, where its name makes that shorter."""
    pieces = [
        _upright(node)
        for root in roots
        if _is_long(root)
        for node in distinct_nodes(root)
        if node is not root and LONGEST_WRITTEN_OUT // 4 <= cost(node) <= LONGEST_WRITTEN_OUT
    ]
    nodes = (node for node in pieces if node not in tried and _can_be_named(node))
    return max(nodes, key=lambda node: (cost(node), node.order), default=None)


def _upright(node: Expr) -> Expr:
    """A part without its number and, of it and its transpose, the one with fewer transposes."""
    _, body = ex.split_coefficient(node)
    turned = ex.transpose(body)
    _, turned = ex.split_coefficient(turned)
    return min(body, turned, key=lambda spelling: (spelling.turned, spelling.order))


def _can_be_named(node: Expr) -> bool:
    return bool(node.children) and not any(isinstance(leaf, ex.Index) for leaf in node.symbols)


# told again


def _speaks_of(step: Step, parts: Parts) -> bool:
    """Whether a step is too long and holds a part that has a name."""
    return step.kind != "problem" and any(
        _is_long(expression) and _folded(expression, parts) is not expression
        for expression in _formulas(step)
    )


def _formulas(item: object) -> Iterator[Expr]:
    """Every formula in a step, at any depth of its fields."""
    pending = [item]
    while pending:
        item = pending.pop()
        if isinstance(item, Expr):
            yield item
        elif type(item) is tuple:  # a shape is one too, and stays as it is
            pending += reversed(item)
        elif isinstance(item, (Step, Equation, Form, Result)):
            pending += [getattr(item, name) for name in reversed(_field_names(item))]


def _field_names(item: Step | Equation | Form | Result) -> tuple[str, ...]:
    kind = type(item)
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in fields(kind))
    return _FIELDS[kind]


_FIELDS: dict[type[Any], tuple[str, ...]] = {}


def _with(item: Any, parts: Parts) -> Any:
    """The same plain data with the parts by their names in every formula."""
    if isinstance(item, Expr):
        return _folded(item, parts)
    if type(item) is tuple:
        return tuple(_with(inner, parts) for inner in item)
    if isinstance(item, (Step, Equation, Form, Result)):
        changed = {name: _with(getattr(item, name), parts) for name in _field_names(item)}
        return replace(item, **changed)
    return item
