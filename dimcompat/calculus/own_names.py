"""A derivative in the names of its program: written out where names hide what cancels, then named again.

A module of its own because a gradient, and a gradient that is differentiated once more, are to be
told in the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dimcompat.calculus.cost import cost
from dimcompat.calculus.simplify import simplified
from dimcompat.expressions import Expr, Named
from dimcompat.expressions.rebuild import folded, substituted_names
from dimcompat.expressions.walk import distinct_nodes

MOST_PARTS_WRITTEN_OUT = 8
LONGEST_WRITTEN_OUT = 80
"""The cost of the longest formula that is given in declared names alone."""


def in_own_names(named: Expr, parts: Sequence[Named]) -> Expr:
    """The derivative in these parts of the program, if that is shorter than as it stands."""
    if len(parts) > MOST_PARTS_WRITTEN_OUT or not parts:
        return named
    whole = simplified(substituted_names(named))
    if cost(whole) > LONGEST_WRITTEN_OUT:
        return named
    definitions = {part: substituted_names(part) for part in parts}
    for part in sorted(parts, key=lambda part: -definitions[part].order[2]):  # those that hold others first
        if definitions[part].children:  # not a constant or another name
            whole = folded(whole, definitions[part], part)
    again = simplified(whole)
    return again if cost(again) < cost(named) else named


def parts_in(value: Expr, names: Iterable[str]) -> tuple[Named, ...]:
    """The parts of these names in a formula and in the definitions that it leads to."""
    wanted, found = set(names), dict[Named, None]()
    seen: set[Named] = set()
    pending = [value]
    while pending:
        for node in distinct_nodes(pending.pop()):
            if isinstance(node, Named) and node not in seen:
                seen.add(node)
                pending.append(node.definition)
                found |= {node: None} if node.name in wanted else {}
    return tuple(found)
