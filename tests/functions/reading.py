"""Examples of records as operations: enough of the language for the rule tests, and no more."""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat import functions, operations
from dimcompat.language import parser, syntax
from dimcompat.operations import Operation
from dimcompat.shapes import ONE, Dim, Shape, as_dim

BINARY = {
    "+": operations.add,
    "-": operations.subtract,
    "*": operations.multiply,
    "@": operations.multiply,
    "/": operations.divide,
    ".*": operations.entrywise_multiply,
    "./": operations.entrywise_divide,
    "^": operations.power,
    ".^": operations.entrywise_power,
}


def symbols(shapes: dict[str, str]) -> dict[str, ex.Expr]:
    """The declared names: ``{"X": "n, n posdef", "y": "m labels(c)"}``."""
    found = {}
    for name, text in shapes.items():
        declared = parser.parse_shape(text)
        assert isinstance(declared, syntax.ShapeSyntax)
        dims = [dimension(node) for node in declared.dimensions]
        shape = Shape(*[*dims, ONE, ONE][:2])
        attributes = frozenset(item.name for item in declared.attributes if item.argument is None)
        labels = next((dimension(item.argument) for item in declared.attributes if item.argument), None)
        found[name] = ex.Symbol.make(name, shape, attributes, labels)
    return found


def dimension(node: syntax.Node) -> Dim:
    match node:
        case syntax.Name():
            return as_dim(node.name)
        case syntax.NumberLiteral():
            return as_dim(int(node.value))
        case syntax.Binary(operator="*"):
            return dimension(node.left) * dimension(node.right)
        case _:
            raise AssertionError(node)


def read(text: str, shapes: dict[str, str]) -> Operation:
    """The operations of a text; an undeclared name is a dimension."""
    declared = symbols(shapes)

    def visit(node: syntax.Node) -> Operation:
        match node:
            case syntax.NumberLiteral():
                return operations.leaf(ex.number(node.value))
            case syntax.Name():
                return operations.leaf(declared.get(node.name) or ex.Size.make(as_dim(node.name)))
            case syntax.Unary():
                return operations.negate(visit(node.operand))
            case syntax.Transpose():
                return operations.transpose(visit(node.operand))
            case syntax.Binary():
                return BINARY[node.operator](visit(node.left), visit(node.right))
            case syntax.Call():
                return call(node)
            case _:
                raise AssertionError(node)

    def call(node: syntax.Call) -> Operation:
        record = functions.find(node.name)
        assert record is not None, node.name
        operands = tuple(visit(argument) for argument in node.arguments[: record.arity])
        sizes = tuple(dimension(argument) for argument in node.arguments[record.arity :])
        axis = next((int(word.value.value) for word in node.keywords), None)
        settled = record.settled(tuple(operand.shape for operand in operands), axis, sizes)
        return operations.call(record, operands, *settled)

    return visit(parser.parse_expression(text))
