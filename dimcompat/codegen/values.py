"""Values: what the lines of generated code compute, each once.

A module of its own because every other one here speaks of values, and this one knows neither
expressions nor text. Equal values are one object, so what two formulas share is computed once.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import field
from enum import Enum, auto
from fractions import Fraction

from dimcompat.expressions import Index
from dimcompat.records import dataclass
from dimcompat.shapes import Dim

Axes = tuple[Dim, ...]


class Op(Enum):
    """What a value does with its operands."""

    __hash__ = object.__hash__  # members are themselves alone; Enum hashes their names

    INPUT = auto()
    NUMBER = auto()
    SIZE = auto()
    CONSTANT = auto()
    INDEX = auto()
    SUM = auto()
    PRODUCT = auto()
    POWER = auto()
    MATMUL = auto()
    MULTI_DOT = auto()
    OUTER = auto()
    TRANSPOSE = auto()
    COLUMN = auto()
    ROW = auto()
    STRETCH = auto()
    FLATTEN = auto()
    RAVEL = auto()
    UNFLATTEN = auto()
    DIAGONAL = auto()
    TOTAL = auto()
    SUM0 = auto()
    SUM1 = auto()
    MAX = auto()
    MAX0 = auto()
    MAX1 = auto()
    DOT = auto()
    ROW_DOTS = auto()
    SOLVE = auto()
    INVERSE = auto()
    MATRIX_POWER = auto()
    DET = auto()
    LOGDET = auto()
    DIAG = auto()
    ONES = auto()
    ZEROS = auto()
    EYE = auto()
    FULL = auto()
    ONEHOT = auto()
    GATHER_ROWS = auto()
    GATHER_COLS = auto()
    ENTRY = auto()
    PICK = auto()
    RANGE = auto()
    PAIR = auto()
    PICKED = auto()
    ADD_LABELS = auto()
    ADD_DIAGONAL = auto()
    KRON = auto()
    KRON_EYE = auto()
    EYE_KRON = auto()
    KRON_COMMUTED = auto()
    KRON_TIMES = auto()
    COMMUTE_ROWS = auto()
    COMMUTE_COLS = auto()
    COMMUTATION = auto()
    LOGISTIC = auto()
    GRID_BLOCKS = auto()
    GRID_CUT = auto()
    GRID_ROWS = auto()
    GRID_COLS = auto()
    GRID_TIMES = auto()
    GRID_PRODUCT = auto()
    COUNTER_LOGISTIC = auto()
    ROOT = auto()
    COPY = auto()
    CALL = auto()
    LOOP = auto()


HOST = frozenset({Op.NUMBER, Op.SIZE, Op.CONSTANT})
ARITHMETIC = frozenset({Op.SUM, Op.PRODUCT, Op.POWER})
# What is not an array of its own, but another one looked at differently.
VIEWS = frozenset(
    {Op.INPUT, Op.TRANSPOSE, Op.COLUMN, Op.ROW, Op.STRETCH, Op.FLATTEN, Op.UNFLATTEN, Op.DIAGONAL}
)


@dataclass(slots=True, eq=False)
class Value:
    """An operation on other values; ``facts`` are what it needs besides them. It never changes.

    ``axes`` are the dimensions of the array, none for a scalar; ``free`` the indices of sums it depends
    on; ``host`` says that it is a number of Python's, made of literals and sizes.
    """

    op: Op
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
    count: int = 0

    def make(self, op: Op, *operands: Value, facts: Hashable = None, axes: Axes = ()) -> Value:
        """The value of this operation; there is one of each."""
        key = (op, operands, facts, axes)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.new(op, operands, facts, axes)
        return found

    def new(self, op: Op, operands: tuple[Value, ...], facts: Hashable, axes: Axes) -> Value:
        """A value that whoever asks knows to be a new one."""
        free: frozenset[Index] = frozenset()
        for operand in operands:
            free |= operand.free
        if op is Op.LOOP:
            free -= {facts}
        elif isinstance(facts, tuple):
            free |= {fact for fact in facts if isinstance(fact, Index)}
        host = op in HOST or (op in ARITHMETIC and all(operand.host for operand in operands))
        self.count += 1
        return Value(op, operands, facts, axes, free, host, self.count)

    def find(self, op: Op, operands: tuple[Value, ...]) -> Value | None:
        """The value of an operation that needs no facts, if it has been made."""
        axes = operands[0].axes[:-1] + operands[-1].axes[1:]
        return self.known.get((op, operands, None, axes))


def coefficient_of(value: Value) -> Fraction:
    """The number in a product."""
    assert isinstance(value.facts, tuple)
    return value.facts[0]  # type: ignore[no-any-return]


def exponents_of(value: Value) -> tuple[Fraction, ...]:
    """The exponents of a product's operands."""
    assert isinstance(value.facts, tuple)
    return value.facts[1]  # type: ignore[no-any-return]


def in_order(outputs: Iterable[Value], free: frozenset[Index] | None = None) -> Collection[Value]:
    """Every value that the outputs need, operands first; with ``free`` only those that depend on one of
    these indices."""
    found: dict[Value, None] = {}
    opened: set[Value] = set()
    pending = list(reversed(list(outputs)))
    while pending:
        value = pending[-1]
        if value in opened or not value.operands:
            pending.pop()
            if free is None or value.free & free:
                found[value] = None
        else:
            opened.add(value)
            if free is None or value.free & free:
                pending.extend(reversed(value.operands))
    return found
