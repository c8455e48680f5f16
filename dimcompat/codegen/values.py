"""Values: what the lines of generated code compute, each once.

A module of its own because every other one here speaks of values, and this one knows neither
expressions nor text. Equal values are one object, so what two formulas share is computed once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from dimcompat.expressions import Index
from dimcompat.shapes import Dim

Axes = tuple[Dim, ...]

HOST = frozenset({"number", "size", "constant"})
ARITHMETIC = frozenset({"sum", "product", "power"})
# What is not an array of its own, but another one looked at differently.
VIEWS = frozenset({"input", "transpose", "column", "row", "stretch", "flatten", "unflatten", "diagonal"})


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """An operation on other values; ``facts`` are what it needs besides them.

    ``axes`` are the dimensions of the array, none for a scalar; ``free`` the indices of sums it depends
    on; ``host`` says that it is a number of Python's, made of literals and sizes.
    """

    op: str
    operands: tuple[Value, ...]
    facts: Hashable
    axes: Axes
    free: frozenset[Index]
    host: bool
    serial: int


@dataclass(slots=True)
class Graph:
    """All values of one module, and the names that some of them should have."""

    known: dict[tuple[Hashable, ...], Value] = field(default_factory=dict)
    names: dict[Value, str] = field(default_factory=dict)

    def make(self, op: str, *operands: Value, facts: Hashable = None, axes: Axes = ()) -> Value:
        """The value of this operation; there is one of each."""
        key = (op, operands, facts, axes)
        found = self.known.get(key)
        if found is None:
            free: frozenset[Index] = frozenset().union(*(operand.free for operand in operands))
            if op == "loop":
                free -= {facts}
            elif isinstance(facts, tuple):
                free |= {fact for fact in facts if isinstance(fact, Index)}
            host = op in HOST or (op in ARITHMETIC and all(operand.host for operand in operands))
            found = self.known[key] = Value(op, operands, facts, axes, free, host, len(self.known))
        return found


def in_order(outputs: Iterable[Value], free: frozenset[Index] | None = None) -> Iterator[Value]:
    """Every value that the outputs need, operands first; with ``free`` only those that depend on one of
    these indices."""
    seen: set[Value] = set()
    pending = [(value, False) for value in reversed(list(outputs))]
    while pending:
        value, ready = pending.pop()
        if ready:
            yield value
        elif value not in seen and (free is None or value.free & free):
            seen.add(value)
            pending.append((value, True))
            pending.extend((operand, False) for operand in reversed(value.operands))
