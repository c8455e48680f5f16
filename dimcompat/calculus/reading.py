"""An expression as operations again, so that what has been derived can be differentiated once more.

A module of its own because it is the way back from the normal form to what the engine
takes: a gradient becomes the objective of the second derivation, its named parts the
parts of a program. The attributes of a variable are taken off on the way in, because they
say where it is, not how it may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.expressions import Exponent, Expr
from dimcompat.expressions.rebuild import substituted
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.determinants import TR
from dimcompat.functions.linear_algebra import DIAG
from dimcompat.operations import Operation, postorder

Read = dict[Expr, Operation]


def as_operation(expression: Expr, wrt: frozenset[str]) -> Operation:
    """The operations that make an expression; what depends on no variable stays whole, as a leaf.

    A named part becomes a part of the program, with its own definition read in the same way.
    """
    read: Read = {}
    depends: dict[Expr, bool] = {}
    pending = [(expression, False)]
    while pending:
        node, ready = pending.pop()
        if node in read:
            continue
        parts = (node.definition,) if isinstance(node, ex.Named) else node.children
        if not ready:
            pending.append((node, True))
            pending.extend((part, False) for part in parts)
            continue
        variable = isinstance(node, ex.Symbol) and node.name in wrt
        depends[node] = variable or any(depends[part] for part in parts)
        operation = _operation(node, read) if depends[node] and parts else operations.leaf(node)
        read[node] = operation
    return read[expression]


def _operation(node: Expr, read: Read) -> Operation:
    match node:
        case ex.Named():
            return Operation("part", (read[node.definition],), node, name=node.name)
        case ex.Sum():
            return _sum(node, read)
        case ex.Product():
            return _product(node, read)
        case ex.Chain():
            return _folded(operations.multiply, [read[factor] for factor in node.factors])
        case ex.Hadamard():
            return _entries(node, read)
        case ex.MatrixPower():
            return operations.power(read[node.base], operations.leaf(ex.number(node.exponent)))
        case ex.Transpose():
            return operations.transpose(read[node.operand])
        case ex.Trace():
            return operations.call(TR, (read[node.operand],))
        case ex.Diagonal():
            return operations.call(DIAG, (read[node.vector],))
        case ex.Pick():
            return operations.pick(read[node.base], node.row, node.col)
        case ex.IndexSum():
            return operations.index_sum(node.index, read[node.body])
        case ex.Call():
            arguments = tuple(read[argument] for argument in node.arguments)
            return operations.call(node.function, arguments, node.axis, node.sizes)
        case _:
            raise AssertionError(f"{type(node).__name__} has no parts")


def _folded(join: object, operands: list[Operation]) -> Operation:
    result = operands[0]
    for operand in operands[1:]:
        result = join(result, operand)  # type: ignore[operator]
    return result


def _sum(node: ex.Sum, read: Read) -> Operation:
    """The terms that have the sum's shape first, so that no two stretched ones meet."""
    terms = sorted(node.terms, key=lambda term: (term[0].shape != node.shape, term[1] < 0))
    body, factor = terms[0]
    total = _times(factor, read[body])
    for body, factor in terms[1:]:
        join = operations.subtract if factor < 0 else operations.add
        total = join(total, _times(abs(factor), read[body]))
    return total


def _times(coefficient: Fraction, operand: Operation) -> Operation:
    if coefficient == 1:
        return operand
    if coefficient == -1:
        return operations.negate(operand)
    return operations.multiply(operations.leaf(ex.number(coefficient)), operand)


def _product(node: ex.Product, read: Read) -> Operation:
    above = [_power(read[base], exponent, read) for base, exponent in node.scalars if exponent != -1]
    if node.body is not None:
        above.append(read[node.body])
    if above:
        result = _times(node.coefficient, _folded(operations.multiply, above))
    else:
        result = operations.leaf(ex.number(node.coefficient))
    for base, exponent in node.scalars:
        if exponent == -1:
            result = operations.divide(result, read[base])
    return result


def _power(base: Operation, exponent: Exponent, read: Read) -> Operation:
    if exponent == 1:
        return base
    return operations.power(base, _exponent(exponent, read))


def _exponent(exponent: Exponent, read: Read) -> Operation:
    return read[exponent] if isinstance(exponent, Expr) else operations.leaf(ex.number(exponent))


def _entries(node: ex.Hadamard, read: Read) -> Operation:
    """The factors that have the product's shape first, so that no two stretched ones meet."""
    factors = sorted(node.factors, key=lambda item: (item[0].shape != node.shape, item[1] == -1))
    result: Operation | None = None
    for base, exponent in factors:
        operand = read[base]
        if result is not None and exponent == -1:
            result = operations.entrywise_divide(result, operand)
            continue
        if exponent != 1:
            operand = operations.entrywise_power(operand, _exponent(exponent, read))
        result = operand if result is None else operations.entrywise_multiply(result, operand)
    assert result is not None
    return result


def released(root: Operation, wrt: frozenset[str]) -> tuple[Operation, dict[Expr, Expr]]:
    """The objective with its variables as plain symbols, and what each of those stands for.

    A variable loses its attributes, a named part becomes a leaf: differentiating is by the value,
    whatever made it. Variables that are plain already are left alone.
    """
    done: dict[Operation, Operation] = {}
    stands_for: dict[Expr, Expr] = {}
    for operation in postorder(root):
        value = operation.value
        if (
            operation.kind in ("leaf", "part")
            and isinstance(value, (ex.Symbol, ex.Named))
            and value.name in wrt
        ):
            plain = ex.Symbol.make(value.name, value.shape, labels=getattr(value, "labels", None))
            done[operation] = operations.leaf(plain)
            stands_for[plain] = value
        elif all(done[operand] is operand for operand in operation.operands):
            done[operation] = operation
        else:
            done[operation] = again(operation, tuple(done[operand] for operand in operation.operands))
            if operation.kind == "part":
                stands_for[done[operation].value] = value
    return done[root], {plain: value for plain, value in stands_for.items() if plain is not value}


_BINARY = {
    "add": operations.add,
    "subtract": operations.subtract,
    "multiply": operations.multiply,
    "divide": operations.divide,
    "entrywise multiply": operations.entrywise_multiply,
    "entrywise divide": operations.entrywise_divide,
    "power": operations.power,
    "entrywise power": operations.entrywise_power,
}


def again(operation: Operation, operands: tuple[Operation, ...]) -> Operation:
    """The same operation on other operands."""
    if operation.kind == "part":
        assert operation.name is not None
        return operations.part(operation.name, operands[0])
    if operation.kind == "negate":
        return operations.negate(operands[0])
    if operation.kind == "transpose":
        return operations.transpose(operands[0])
    if operation.kind == "pick":
        return operations.pick(operands[0], *operation.indices)
    if operation.kind == "index sum":
        (index,) = operation.indices
        assert index is not None
        return operations.index_sum(index, operands[0])
    if operation.kind == "call":
        assert operation.function is not None
        return operations.call(operation.function, operands, operation.axis, operation.sizes)
    return _BINARY[operation.kind](*operands)


def restored(expression: Expr, stands_for: Mapping[Expr, Expr]) -> Expr:
    """An expression in plain symbols as one in the variables that they stand for."""
    present = {node for node in distinct_nodes(expression) if node in stands_for}
    return substituted(expression, {node: stands_for[node] for node in present}) if present else expression
