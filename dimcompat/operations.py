"""The objective as its author typed it: one Operation per operator or call, nothing rearranged.

A module of its own because two readers must see the author's own operations, not the
normal form that expressions take at birth: the derivation, which goes backwards through
them link by link, and the numeric check, which must share no rewriting with the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal
from weakref import WeakValueDictionary

from dimcompat import expressions as ex
from dimcompat.expressions import Expr, Operator, operators
from dimcompat.records import dataclass
from dimcompat.shapes import Dim, Shape

Kind = Literal[
    "leaf",
    "part",
    "add",
    "subtract",
    "negate",
    "multiply",
    "divide",
    "entrywise multiply",
    "entrywise divide",
    "power",
    "entrywise power",
    "transpose",
    "call",
    "pick",
    "index sum",
]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Operation:
    """One operator or call with its operands, and ``value``, the same as a normalised expression.

    ``name`` is set for a part that the program names: its one operand is the definition, its
    value a `Named` leaf. ``indices`` are row and column of a pick, or the one index of a sum over it.
    Equal operations are one object.
    """

    kind: Kind
    operands: tuple[Operation, ...]
    value: Expr
    function: Operator | None = None
    axis: int | None = None
    sizes: tuple[Dim, ...] = ()
    name: str | None = None
    indices: tuple[ex.Index | None, ...] = ()

    @property
    def shape(self) -> Shape:
        return self.value.shape

    def __reduce__(self) -> Any:
        """Copying and pickling take all of it at once, however deep it is."""
        order = list(postorder(self))
        places = {operation: place for place, operation in enumerate(order)}
        return _restored, (
            tuple((o.kind, tuple(places[operand] for operand in o.operands), *_facts(o)) for o in order),
        )

    def __deepcopy__(self, memo: object) -> Operation:
        return self


_known: WeakValueDictionary[tuple[Any, ...], Operation] = WeakValueDictionary()


def _operation(kind: Kind, operands: tuple[Operation, ...], value: Expr, **more: Any) -> Operation:
    made = Operation(kind, operands, value, **more)
    return _known.setdefault((kind, operands, *_facts(made)), made)


def _facts(operation: Operation) -> tuple[Any, ...]:
    """All that an operation is, but its kind and its operands."""
    o = operation
    return (o.value, o.function, o.axis, o.sizes, o.name, o.indices)


def _restored(records: tuple[tuple[Any, ...], ...]) -> Operation:
    """The operation whose records these are, operands first."""
    found: list[Operation] = []
    for kind, places, value, function, axis, sizes, name, indices in records:
        operands = tuple(found[place] for place in places)
        more = {"function": function, "axis": axis, "sizes": sizes, "name": name, "indices": indices}
        found.append(_operation(kind, operands, value, **more))
    return found[-1]


def leaf(value: Expr) -> Operation:
    """A name, a number or a constant matrix; any expression whose parts are of no interest."""
    return _operation("leaf", (), value)


def part(name: str, definition: Operation) -> Operation:
    """The use of a part that the program names."""
    return _operation("part", (definition,), ex.Named.make(name, definition.value), name=name)


def add(left: Operation, right: Operation) -> Operation:
    """``left + right``; like every function here it raises what the operator raises."""
    return _operation("add", (left, right), operators.plus(left.value, right.value))


def subtract(left: Operation, right: Operation) -> Operation:
    """``left - right``."""
    return _operation("subtract", (left, right), operators.minus(left.value, right.value))


def negate(operand: Operation) -> Operation:
    """``-operand``."""
    return _operation("negate", (operand,), ex.scale(-1, operand.value))


def multiply(left: Operation, right: Operation) -> Operation:
    """``left * right``: the matrix product, or scaling where one of them is a scalar."""
    return _operation("multiply", (left, right), operators.times(left.value, right.value))


def divide(left: Operation, right: Operation) -> Operation:
    """``left / right``, where the right side is a scalar."""
    return _operation("divide", (left, right), operators.over(left.value, right.value))


def entrywise_multiply(left: Operation, right: Operation) -> Operation:
    """``left .* right``."""
    return _operation("entrywise multiply", (left, right), operators.entry_times(left.value, right.value))


def entrywise_divide(left: Operation, right: Operation) -> Operation:
    """``left ./ right``."""
    return _operation("entrywise divide", (left, right), operators.entry_over(left.value, right.value))


def power(base: Operation, exponent: Operation) -> Operation:
    """``base ^ exponent``: any power of a scalar, an integer power of a square matrix."""
    return _operation("power", (base, exponent), operators.to_the(base.value, exponent.value))


def entrywise_power(base: Operation, exponent: Operation) -> Operation:
    """``base .^ exponent``, the exponent a scalar."""
    return _operation("entrywise power", (base, exponent), operators.entry_to_the(base.value, exponent.value))


def transpose(operand: Operation) -> Operation:
    """``operand'``."""
    return _operation("transpose", (operand,), ex.transpose(operand.value))


def call(
    function: Operator, operands: tuple[Operation, ...], axis: int | None = None, sizes: tuple[Dim, ...] = ()
) -> Operation:
    """A function of the registry applied to operands; the record checks their shapes."""
    axis, sizes = function.settled(tuple(operand.shape for operand in operands), axis, sizes)
    value = ex.call(function, tuple(operand.value for operand in operands), axis, sizes)
    return _operation("call", operands, value, function=function, axis=axis, sizes=sizes)


def pick(base: Operation, row: ex.Index | None, col: ex.Index | None) -> Operation:
    """``base[row, col]``; None takes all rows or columns."""
    return _operation("pick", (base,), ex.pick(base.value, row, col), indices=(row, col))


def index_sum(index: ex.Index, body: Operation) -> Operation:
    """``sum(index, body)``."""
    return _operation("index sum", (body,), ex.index_sum(index, body.value), indices=(index,))


def postorder(root: Operation, *, into_parts: bool = True) -> Iterator[Operation]:
    """Every distinct operation, operands before what uses them, without recursion.

    ``into_parts`` says whether the definitions of the parts that the program names are entered.
    """
    return iter(_ordered(root, into_parts))


@lru_cache(maxsize=8)
def _ordered(root: Operation, into_parts: bool) -> tuple[Operation, ...]:
    """The operations under a root, which a derivation asks for several times."""
    order: list[Operation] = []
    seen: set[Operation] = set()
    pending = [(root, False)]
    while pending:
        operation, ready = pending.pop()
        if ready:
            order.append(operation)
        elif operation not in seen:
            seen.add(operation)
            if not operation.operands or (operation.kind == "part" and not into_parts):
                order.append(operation)
                continue
            pending.append((operation, True))
            pending += [(operand, False) for operand in reversed(operation.operands)]
    return tuple(order)


def free_indices(root: Operation) -> dict[Operation, frozenset[ex.Index]]:
    """The indices that each operation under a root depends on and does not bind."""
    own = {operation: _own_indices(operation) for operation in postorder(root)}
    if not any(own.values()):
        return own
    free: dict[Operation, frozenset[ex.Index]] = {}
    for operation, indices in own.items():
        inside = frozenset().union(*(free[operand] for operand in operation.operands))
        free[operation] = inside - indices if operation.kind == "index sum" else inside | indices
    return free


_NO_INDICES: frozenset[ex.Index] = frozenset()


def _own_indices(operation: Operation) -> frozenset[ex.Index]:
    leaves = operation.value.symbols if operation.kind == "leaf" else operation.indices
    return frozenset([leaf for leaf in leaves if isinstance(leaf, ex.Index)]) if leaves else _NO_INDICES
