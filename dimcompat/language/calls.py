"""Calls: what the brackets after a function's name may hold, and the operation they make.

A module of its own because everything it knows of a function it reads from the record:
how many values and sizes it takes, whether it has an axis, which argument holds labels.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import DimcompatError, fault, shown
from dimcompat.expressions import Symbol
from dimcompat.functions import UNSUPPORTED
from dimcompat.functions.record import Function
from dimcompat.language import syntax as tree
from dimcompat.language.declarations import FILLINGS, dimension_of
from dimcompat.language.scope import Scope
from dimcompat.messages import joined, say
from dimcompat.operations import Operation
from dimcompat.shapes import Dim

MOST_IN_WORDS = 3


def check_call(call: tree.Call, scope: Scope) -> None:
    """Refuses a call of what is not there, or with arguments that its function does not take."""
    record = scope.function(call.name)
    if record is None:
        if call.name in FILLINGS and call.name not in UNSUPPORTED:
            if len(call.arguments) != 1 or call.keywords:
                raise _wrong_number(call, _count(1))
            return
        raise scope.unknown_function(call)
    for keyword in call.keywords:
        if keyword.name != "axis" or record.axis == "none":
            hint = say("E136.axes") if record.axis != "none" else None
            raise fault("E137", keyword.name_span, found=call.name, key=shown(keyword.name), hint=hint)
        _axis_value(keyword)
    allowed = [record.written + sizes for sizes in record.sizes]
    if len(call.arguments) not in allowed:
        wanted = joined([_count(number) for number in allowed], "joined.or")
        raise _wrong_number(call, wanted, say("E136.axes") if record.axis != "none" else _usage(call, record))
    if record.axis == "required" and not call.keywords:
        wanted, given = say("arguments.axis"), say("given.0")
        raise fault("E136", call.span, found=call.name, wanted=wanted, given=given, hint=say("E136.axes"))


def called(call: tree.Call, operands: tuple[Operation, ...], scope: Scope) -> Operation:
    """The operation of a call that has been checked, of operands that have been elaborated."""
    record = scope.function(call.name)
    assert record is not None
    for node, operand, domain in zip(call.arguments, operands, record.domain, strict=False):
        if domain != "labels":
            refuse_labels(node, operand)
    sizes = tuple(size(node, scope) for node in call.arguments[record.written :])
    given = scope.user_function(call.name)
    operands = (*operands, *given.scalars) if given is not None else operands
    axis = _axis_value(call.keywords[0]) if call.keywords else None
    values = tuple(operand.value for operand in operands)
    axis, sizes = record.settled(tuple(value.shape for value in values), axis, sizes)
    record.shape_of(values, axis, sizes)
    if record.lowering is not None:
        return record.lowering(operands, axis, sizes)
    if record.constant:
        return operations.leaf(ex.call(record, values, axis, sizes))
    return operations.call(record, operands, axis, sizes)


def size(node: tree.Node, scope: Scope) -> Dim:
    """The dimension that an argument is."""
    for part in tree.postorder(node):
        if isinstance(part, tree.Name) and scope.names_value(part.name):
            raise fault("E141", part.span, found=part.name)
    return dimension_of(node)


def holds_labels(operation: Operation) -> bool:
    """Whether the operation is a name declared as class labels."""
    return isinstance(operation.value, Symbol) and operation.value.labels is not None


def refuse_labels(node: tree.Node, operation: Operation) -> None:
    """Refuses class labels where a number is wanted."""
    if holds_labels(operation):
        assert isinstance(operation.value, Symbol)
        raise fault("E214", node.span, found=operation.value.name, classes=operation.value.labels)


def _axis_value(keyword: tree.Keyword) -> int:
    value = keyword.value
    if not isinstance(value, tree.NumberLiteral) or value.value not in (0, 1):
        spelled = str(value.value) if isinstance(value, tree.NumberLiteral) else say("E140.this")
        raise fault("E140", value.span, found=spelled)
    return int(value.value)


def _count(number: int, what: str = "arguments") -> str:
    return say(f"{what}.{number if number <= MOST_IN_WORDS else 'n'}", count=number)


def _wrong_number(call: tree.Call, wanted: str, hint: str | None = None) -> DimcompatError:
    given = _count(len(call.arguments), "given")
    return fault("E136", call.span, found=call.name, wanted=wanted, given=given, hint=hint)


def _usage(call: tree.Call, record: Function) -> str:
    from dimcompat.functions.other_names import BY_ORDER

    orders = BY_ORDER.get(record.name, {})
    order = call.arguments[-1] if len(call.arguments) == 2 else None
    if isinstance(order, tree.NumberLiteral) and order.value in orders:
        return say("instead", instead=f"{orders[int(order.value)]}(…)")
    return say("E136.usage", example=record.example[0])
