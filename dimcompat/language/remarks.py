"""What a reader of a source may have meant otherwise though it reads well: names read as scalars, functions
of a square matrix that go entry by entry.

A module of its own because these are no faults: the source stands, and the answer says how it was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dimcompat.expressions import Symbol
from dimcompat.functions import UNSUPPORTED
from dimcompat.operations import Operation, postorder
from dimcompat.program import Program
from dimcompat.shapes import ONE, Shape


def read_as_scalars(program: Program, inferred: Mapping[str, str]) -> dict[str, str]:
    """The inferred scalars that are transposed, or added to a vector or a matrix, each with the declaration
    that would make it one; what is added is told only where the shapes of the rest are beyond doubt."""
    if not inferred:
        return {}
    for asked in (_transposed, _added):
        found: dict[str, str] = {}
        for operation in _operations(program):
            for name, shape in asked(operation):
                if inferred.get(name) == "scalar":
                    found.setdefault(name, f"{name}: {_written(shape)}")
        if found:
            return found
    return {}


def _added(operation: Operation) -> Iterator[tuple[str, Shape | None]]:
    """The scalars that are added to what is none, and its shape."""
    if operation.kind in ("add", "subtract"):
        left, right = operation.operands
        for one, other in ((left, right), (right, left)):
            if not other.shape.is_scalar and (name := _scalar(one)):
                yield name, other.shape


def _transposed(operation: Operation) -> Iterator[tuple[str, Shape | None]]:
    """The scalars that are transposed as a vector would be, and the shape that would fit, if any does."""
    if operation.kind == "multiply":
        left, right = operation.operands
        if left.kind == "transpose" and (name := _scalar(left.operands[0])):
            yield name, Shape(right.shape.rows, ONE) if right.shape.rows is not ONE else None
        if right.kind == "transpose" and (name := _scalar(right.operands[0])):
            yield name, Shape(left.shape.cols, ONE) if left.shape.cols is not ONE else None
    elif operation.kind == "transpose" and (name := _scalar(operation.operands[0])):
        yield name, None


def _scalar(operation: Operation) -> str:
    """The name of a scalar, which may have a sign; empty for anything else."""
    inner = operation.operands[0] if operation.kind == "negate" else operation
    named = inner.kind == "leaf" and isinstance(inner.value, Symbol) and inner.shape.is_scalar
    return str(inner.value) if named else ""


def _written(shape: Shape | None) -> str:
    if shape is None:
        return "n"
    return str(shape.rows) if shape.is_column else f"{shape.rows}, {shape.cols}"


def entrywise_of_square(program: Program) -> list[str]:
    """The functions that act entry by entry on a square matrix in a matrix product, where there is also a
    function of the matrix as a whole."""
    found: dict[str, None] = {}
    products = (operation for operation in postorder(program.operation) if operation.kind == "multiply")
    for operation in products:
        for one, other in (operation.operands, operation.operands[::-1]):
            square = one.shape.is_square and not one.shape.is_scalar and not other.shape.is_scalar
            name = one.function.name if one.kind == "call" and one.function is not None else ""
            if square and f"{name}m" in UNSUPPORTED:
                found.setdefault(name)
    return list(found)


def _operations(program: Program) -> Iterator[Operation]:
    """Every operation of the objective and of the parts that it needs, each after what it is made of; a
    product stands before the transposes in it."""
    found = list(postorder(program.operation))
    yield from (operation for operation in found if operation.kind != "transpose")
    yield from (operation for operation in found if operation.kind == "transpose")
