"""An objective cut into links, the pieces that one step of a derivation goes through.

A module of its own because what counts as one link is a question of reading, not of
calculus: a maximal matrix product is one, a sum is one, each call is one; what stands
in two places is not swallowed, because it deserves a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.expressions import Operator
from dimcompat.functions.determinants import TR
from dimcompat.functions.reductions import NORM2, SUMSQ
from dimcompat.operations import Operation, postorder
from dimcompat.records import dataclass
from dimcompat.shapes import Dim

LONGEST_POWER_WRITTEN_OUT = 4


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a matrix product, and whether it stands there transposed."""

    operand: Operation
    transposed: bool


@dataclass(frozen=True, slots=True)
class ProductLink:
    """coefficient · scalars with whole exponents · a matrix product; ``closed`` by a trace."""

    coefficient: Fraction
    scalars: tuple[tuple[Operation, int], ...]
    factors: tuple[Factor, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class SumLink:
    """Terms with coefficients, stretched where they are smaller than the sum."""

    terms: tuple[tuple[Operation, Fraction], ...]


@dataclass(frozen=True, slots=True)
class EntrywiseLink:
    """An entry-by-entry product of operands with exponents 1 or -1."""

    factors: tuple[tuple[Operation, int], ...]


@dataclass(frozen=True, slots=True)
class PowerLink:
    """A power of a scalar or of each entry."""

    base: Operation
    exponent: Operation


@dataclass(frozen=True, slots=True)
class MatrixPowerLink:
    """An integer power of a square matrix that is not written out; -1 is the inverse."""

    base: Operation
    exponent: int


@dataclass(frozen=True, slots=True)
class CallLink:
    """A function of the registry."""

    function: Operator
    operands: tuple[Operation, ...]
    axis: int | None
    sizes: tuple[Dim, ...]


@dataclass(frozen=True, slots=True)
class PickLink:
    """A row, a column or an entry."""

    base: Operation
    row: ex.Index | None
    col: ex.Index | None


@dataclass(frozen=True, slots=True)
class SamplesLink:
    """A sum over an index."""

    index: ex.Index
    body: Operation


Link = ProductLink | SumLink | EntrywiseLink | PowerLink | MatrixPowerLink | CallLink | PickLink | SamplesLink


def operands_of(link: Link) -> tuple[Operation, ...]:
    """The operands in the order of the text, each as often as it stands there."""
    match link:
        case ProductLink():
            return tuple(s for s, _ in link.scalars) + tuple(factor.operand for factor in link.factors)
        case SumLink():
            return tuple(term for term, _ in link.terms)
        case EntrywiseLink():
            return tuple(factor for factor, _ in link.factors)
        case PowerLink():
            return (link.base, link.exponent)
        case MatrixPowerLink() | PickLink():
            return (link.base,)
        case SamplesLink():
            return (link.body,)
        case CallLink():
            return link.operands


class Cutter:
    """Cuts operations under one root into links; knows how often each operation is used."""

    def __init__(self, root: Operation) -> None:
        self._uses: dict[Operation, int] = {}
        for operation in postorder(root):
            for operand in operation.operands:
                self._uses[operand] = self._uses.get(operand, 0) + 1

    def link(self, operation: Operation) -> Link:
        """The link that makes this operation out of its operands."""
        if operation.kind == "part":
            operation = operation.operands[0]
        operation = self._as_square(operation)
        match operation.kind:
            case "leaf" | "part":
                return SumLink(((operation, Fraction(1)),))
            case "add" | "subtract":
                return SumLink(tuple(self._terms(operation)))
            case "negate" if self._inner(operation.operands[0], "add", "subtract"):
                return SumLink(tuple(self._terms(operation)))
            case "multiply" | "divide" | "negate" | "transpose":
                return self._product(operation)
            case "entrywise multiply" | "entrywise divide":
                return EntrywiseLink(tuple(self._entries(operation)))
            case "power" if not operation.operands[0].shape.is_scalar:
                return self.matrix_power(operation)
            case "power" | "entrywise power":
                return PowerLink(operation.operands[0], operation.operands[1])
            case "call" if operation.function is TR:
                return self._product(operation)
            case "pick":
                return PickLink(operation.operands[0], *operation.indices)
            case "index sum":
                (index,) = operation.indices
                assert index is not None
                return SamplesLink(index, operation.operands[0])
            case _:
                assert operation.function is not None
                return CallLink(operation.function, operation.operands, operation.axis, operation.sizes)

    def is_single(self, operation: Operation) -> bool:
        """Whether it stands in one place only, so that the link around it may swallow it."""
        return self._uses.get(operation, 0) < 2

    def _as_square(self, operation: Operation) -> Operation:
        """``norm2(u)^2`` as the product ``u'*u`` that it stands for; any other operation as it is."""
        if operation.kind not in ("power", "entrywise power"):
            return operation
        base, exponent = operation.operands
        squared = isinstance(exponent.value, ex.Number) and exponent.value.value == 2
        if squared and base.function is NORM2 and self.is_single(base):
            assert SUMSQ.lowering is not None
            return SUMSQ.lowering(base.operands, None, ())
        return operation

    def _inner(self, operation: Operation, *kinds: str) -> bool:
        return operation.kind in kinds and self.is_single(operation)

    def _terms(self, root: Operation) -> Iterator[tuple[Operation, Fraction]]:
        pending = [(root, Fraction(1))]
        while pending:
            operation, sign = pending.pop()
            if operation is root or self._inner(operation, "add", "subtract", "negate"):
                flip = -sign if operation.kind in ("subtract", "negate") else sign
                if len(operation.operands) == 2:
                    pending.append((operation.operands[1], flip))
                    pending.append((operation.operands[0], sign))
                else:
                    pending.append((operation.operands[0], flip))
            else:
                yield operation, sign

    def _entries(self, root: Operation) -> Iterator[tuple[Operation, int]]:
        pending = [(root, 1)]
        while pending:
            operation, sign = pending.pop()
            if operation is root or self._inner(operation, "entrywise multiply", "entrywise divide"):
                flip = -sign if operation.kind == "entrywise divide" else sign
                pending.append((operation.operands[1], flip))
                pending.append((operation.operands[0], sign))
            else:
                yield operation, sign

    def matrix_power(self, operation: Operation) -> Link:
        """A power of a matrix: a short one is the product that it stands for."""
        base, exponent_leaf = operation.operands
        assert isinstance(exponent_leaf.value, ex.Number)
        exponent = int(exponent_leaf.value.value)
        if exponent in (-1, 0) or abs(exponent) > LONGEST_POWER_WRITTEN_OUT:
            return MatrixPowerLink(base, exponent)
        if exponent < 0:
            base = operations.power(base, operations.leaf(ex.number(-1)))
        return ProductLink(Fraction(1), (), (Factor(base, False),) * abs(exponent))

    def _product(self, root: Operation) -> ProductLink:
        closed = root.kind == "call"
        start = root.operands[0] if closed else root
        if closed and not self._inner(start, "multiply", "transpose", "power"):
            return ProductLink(Fraction(1), (), (Factor(start, False),), closed=True)
        collector = _Collector(self, start)
        if not collector.factors:
            self._open_only_chain(collector)
        return ProductLink(
            collector.coefficient,
            tuple(_like_scalars(collector.scalars)),
            tuple(collector.factors),
            closed or collector.closed,
        )

    def _open_only_chain(self, collector: _Collector) -> None:
        """``2*(x'*y)`` is one product: the only matrix product among the scalars is taken in."""
        chains = []
        for place, (operand, exponent) in enumerate(collector.scalars):
            opened = self._as_square(operand)
            if exponent == 1 and self.is_single(operand) and self._is_chain(opened):
                chains.append((place, opened))
        if len(chains) == 1:
            place, opened = chains[0]
            del collector.scalars[place]
            inner = self._product(opened)
            collector.coefficient *= inner.coefficient
            collector.scalars.extend(inner.scalars)
            collector.factors.extend(inner.factors)
            collector.closed = inner.closed

    @staticmethod
    def _is_chain(operation: Operation) -> bool:
        return operation.kind in ("multiply", "transpose") or operation.function is TR


class _Collector:
    """The flattening of one product: numbers, scalars and matrix factors in the order of the text."""

    def __init__(self, cutter: Cutter, root: Operation) -> None:
        self.coefficient = Fraction(1)
        self.closed = False
        self.scalars: list[tuple[Operation, int]] = []
        self.factors: list[Factor] = []
        pending: list[tuple[Operation, bool, int]] = [(root, False, 1)]
        while pending:
            operation, turned, exponent = pending.pop()
            if self._opens(operation, root, exponent, cutter):
                if operation.kind == "negate":
                    self.coefficient = -self.coefficient
                    pending.append((operation.operands[0], turned, exponent))
                elif operation.kind == "transpose":
                    pending.append((operation.operands[0], not turned, exponent))
                elif operation.kind == "divide":
                    pending.append((operation.operands[1], False, -exponent))
                    pending.append((operation.operands[0], turned, exponent))
                else:
                    left, right = operation.operands
                    first, second = (right, left) if turned and not _scaling(operation) else (left, right)
                    pending.append((second, turned, exponent))
                    pending.append((first, turned, exponent))
            else:
                self._take(operation, turned, exponent, cutter)

    @staticmethod
    def _opens(operation: Operation, root: Operation, exponent: int, cutter: Cutter) -> bool:
        """Whether an operand's own factors are taken; a scalar that is a matrix product stays one operand."""
        if operation.kind not in ("multiply", "divide", "negate", "transpose"):
            return False
        if operation is root:
            return True
        of_a_name = operation.operands[0].kind in ("leaf", "part") and len(operation.operands) == 1
        if not cutter.is_single(operation) and not of_a_name:
            return False
        if operation.kind in ("multiply", "transpose") and operation.shape.is_scalar:
            return root.shape.is_scalar and _scaling(operation) and operation.kind == "multiply"
        return exponent == 1 or operation.shape.is_scalar

    def _take(self, operation: Operation, turned: bool, exponent: int, cutter: Cutter) -> None:
        value = operation.value
        if isinstance(value, ex.Number) and operation.kind != "part":
            if value.value == 0 and exponent < 0:
                return
            self.coefficient *= value.value**exponent
        elif operation.shape.is_scalar:
            self.scalars.append((operation, exponent))
        elif operation.kind == "power" and cutter.is_single(operation) and _written_out(operation):
            link = cutter.matrix_power(operation)
            assert isinstance(link, ProductLink)
            self.factors.extend(Factor(factor.operand, turned) for factor in link.factors)
        else:
            self.factors.append(Factor(operation, turned))


def _like_scalars(scalars: list[tuple[Operation, int]]) -> Iterator[tuple[Operation, int]]:
    """``s*s`` is a square of s, one place with the exponent 2."""
    totals = Counter[Operation]()
    for operand, exponent in scalars:
        totals[operand] += exponent
    met: set[Operation] = set()
    for operand, exponent in scalars:
        if totals[operand] == 0:
            yield operand, exponent
        elif operand not in met:
            met.add(operand)
            yield operand, totals[operand]


def _scaling(operation: Operation) -> bool:
    return operation.kind == "multiply" and any(operand.shape.is_scalar for operand in operation.operands)


def _written_out(operation: Operation) -> bool:
    exponent = operation.operands[1].value
    return (
        isinstance(exponent, ex.Number)
        and exponent.value not in (-1, 0)
        and abs(exponent.value) <= LONGEST_POWER_WRITTEN_OUT
    )
