"""The layout of an objective as its author typed it.

A module of its own because it is the one layout that must not improve anything: a reader
who typed ``(X*w - y)'*(X*w - y)`` looks for just that at the head of the derivation.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.functions.record import written
from dimcompat.language.assembly import HALF, dimension
from dimcompat.language.layout import layout
from dimcompat.language.notation import (
    Applied,
    Indexed,
    Inverse,
    Layout,
    Name,
    Power,
    Quotient,
    Series,
    SumOver,
    Terms,
    Transposed,
)
from dimcompat.language.picked import picked_by_label
from dimcompat.operations import Operation, postorder


def typed_layout(root: Operation) -> Layout:
    """The layout of every operator and call as it was typed; a named part stands by its name."""
    root = root.operands[0] if root.kind == "part" else root
    done: dict[Operation, Layout] = {}
    for operation in postorder(root, into_parts=False):
        parts = [] if operation.kind == "part" else [done[operand] for operand in operation.operands]
        done[operation] = _one(operation, parts)
    return done[root]


def _one(operation: Operation, parts: list[Layout]) -> Layout:
    match operation.kind:
        case "leaf":
            return layout(operation.value)
        case "part":
            assert operation.name is not None
            return Name(operation.name)
        case "add" | "subtract":
            left, right = parts
            terms = left.terms if isinstance(left, Terms) else ((False, left),)
            return Terms((*terms, (operation.kind == "subtract", right)))
        case "negate":
            return Terms(((True, parts[0]),))
        case "multiply":
            left_operand, right_operand = operation.operands
            picked = picked_by_label(left_operand, right_operand, parts[0], parts[1])
            if picked is not None:
                return picked
            scaling = any(operand.shape.is_scalar for operand in operation.operands)
            return _series(parts[0], "scale" if scaling else "matrix", parts[1])
        case "entrywise multiply":
            return _series(parts[0], "entry", parts[1])
        case "divide" | "entrywise divide":
            return Quotient(parts[0], parts[1], entrywise=operation.kind == "entrywise divide")
        case "power" | "entrywise power":
            return _power(operation, parts)
        case "transpose":
            return Transposed(parts[0])
        case "pick":
            vector = operation.operands[0].shape.is_vector
            names = [None if index is None else index.name for index in operation.indices]
            return Indexed(parts[0], tuple(name for name in names if name is not None or not vector))
        case "index sum":
            (index,) = operation.indices
            assert index is not None
            return SumOver(index.name, dimension(index.dim), parts[0])
        case _:
            return _call(operation, parts)


def _series(left: Layout, glue: str, right: Layout) -> Layout:
    items = left.items if isinstance(left, Series) else (("scale", left),)
    return Series((*items, (glue, right)))  # type: ignore[arg-type]


def _power(operation: Operation, parts: list[Layout]) -> Layout:
    base, exponent = operation.operands
    if isinstance(exponent.value, ex.Number) and exponent.value.value == HALF:
        return Applied("sqrt", (parts[0],), (base.shape,))
    if operation.kind == "entrywise power":
        return Power(parts[0], parts[1], "entry")
    if base.shape.is_scalar:
        return Power(parts[0], parts[1], "scalar")
    if isinstance(exponent.value, ex.Number) and exponent.value.value == -1:
        return Inverse(parts[0])
    return Power(parts[0], parts[1], "matrix")


def _call(operation: Operation, parts: list[Layout]) -> Layout:
    function = operation.function
    assert function is not None
    shapes = tuple(operand.shape for operand in operation.operands)
    axis = operation.axis if function.settled(shapes, None, operation.sizes)[0] != operation.axis else None
    sizes = tuple(dimension(size) for size in operation.sizes)
    count = len(written(function, tuple(operand.value for operand in operation.operands)))
    return Applied(function.name, tuple(parts[:count]), shapes[:count], axis, sizes, function)
