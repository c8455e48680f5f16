"""What a source declares: names with shapes and attributes, and the dimension symbols in them.

A module of its own because declarations come from two places, the text itself and the shapes
passed beside it, and both must read alike and clash alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

import dimcompat.language.syntax as tree
from dimcompat.errors import DimcompatError, Label, fault, shown
from dimcompat.expressions import Symbol
from dimcompat.functions import UNSUPPORTED, find
from dimcompat.language.parser import parse_name, parse_shape
from dimcompat.language.syntax import Node, Span
from dimcompat.messages import say
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

if TYPE_CHECKING:
    from dimcompat.functions.user import UserFunction

ShapeLike = str | int | Dim | tuple[int | str | Dim, ...]

MAX_DIMENSION_TERMS, MAX_DIMENSION_BITS = 1_000, 4_000
FILLINGS = {"vector": "c*ones(n)", "matrix": "c*ones(m, n)"}
"""Constants that take their shape from the other operand, and how they are written out."""

RESERVED = (*FILLINGS, *UNSUPPORTED)
"""Names in calls that no function of a text can have, besides those of our own functions."""

PASSED = 64
"""Names and shapes passed beside a text that are remembered, since a session has the same few again."""

_NEEDS_SQUARE = ("symmetric", "posdef", "diagonal", "orthogonal")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: which text, the text itself, and the offsets in it."""

    where: str
    text: str
    span: Span

    def fault(self, code: str, *, labels: tuple[Label, ...] = (), **fields: str) -> DimcompatError:
        """The error with this code, located here."""
        error = fault(code, self.span, labels=labels, **fields)
        return error.at(None, text=self.text, where=self.where)

    def label_for(self, other: Place, text: str) -> tuple[Label, ...]:
        """A label here for an error that is located at ``other``, if both are in one text."""
        return (Label(self.span, text),) if (self.where, self.text) == (other.where, other.text) else ()


@dataclass(slots=True)
class Declarations:
    """The symbols in the order of their declaration, where they and the dimensions were first named."""

    symbols: dict[str, Symbol] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    dimensions: dict[str, Place] = field(default_factory=dict)
    functions: dict[str, UserFunction] = field(default_factory=dict)

    def declare(self, name: str, shape: tree.DeclaredType, place: Place, shape_text: Place) -> None:
        """Adds a name; ``place`` is where the name stands, ``shape_text`` where its shape does."""
        self.take_name(name, place, is_function=not isinstance(shape, tree.ShapeSyntax))
        try:
            if isinstance(shape, tree.ShapeSyntax):
                self.symbols[name] = _symbol(name, shape)
            else:
                self.functions[name] = _unnamed(name, shape)
        except DimcompatError as error:
            raise error.at(None, text=shape_text.text, where=shape_text.where) from None
        for node in _sizes(shape):
            self.mention(node, shape_text)

    def mention(self, dimension: Node, at: Place) -> None:
        """Takes note of the dimension symbols in ``dimension``."""
        for node in tree.postorder(dimension):
            if isinstance(node, tree.Name):
                self.dimensions.setdefault(node.name, Place(at.where, at.text, node.span))

    def take_name(self, name: str, place: Place, *, is_function: bool = False) -> None:
        """Takes a name for a value or a function; raises where it is taken."""
        if is_function and (find(name) is not None or name in RESERVED):
            raise place.fault("E149", found=name)
        if name in self.places:
            labels = self.places[name].label_for(place, say("label.first declared"))
            raise place.fault("E134", labels=labels, found=shown(name))
        self.places[name] = place

    def check_dimensions(self) -> None:
        """Refuses a name that is both a value and a dimension, at the later of the two places."""
        for name, place in self.dimensions.items():
            if name in self.places:
                labels = self.places[name].label_for(place, say("label.value"))
                raise place.fault("E135", labels=labels, found=shown(name))


def dimension_of(root: Node) -> Dim:
    """The dimension that is written here."""
    if isinstance(root, tree.Name):
        return Dim.symbol(root.name)
    wrong = tree.dimension_fault(root)
    if wrong:
        code, node = wrong
        raise fault(code, node.span, found=_spelled(node), limit=tree.MAX_DIMENSION_POWER)
    done: dict[int, Dim] = {}
    for node in tree.postorder(root):
        match node:
            case tree.NumberLiteral():
                done[id(node)] = Dim.number(int(node.value))
            case tree.Name():
                done[id(node)] = Dim.symbol(node.name)
            case tree.Binary(operator="^", right=tree.NumberLiteral(value=exponent)):
                base = result = done[id(node.left)]
                for _ in range(int(exponent) - 1):
                    result = _small(result, base, root) * base
                done[id(node)] = _sized(result, root)
            case tree.Binary(operator="*"):
                left, right = done[id(node.left)], done[id(node.right)]
                done[id(node)] = _sized(_small(left, right, root) * right, root)
            case tree.Binary():
                done[id(node)] = _sized(done[id(node.left)] + done[id(node.right)], root)
            case _:
                raise fault("E131", node.span, found=_spelled(node))
    return done[id(root)]


def _spelled(node: Node) -> str:
    match node:
        case tree.NumberLiteral():
            return str(node.value)
        case tree.Unary(operator=sign, operand=tree.NumberLiteral(value=value)):
            return f"{sign}{value}"
        case tree.Name() | tree.Call():
            return shown(node.name)
        case tree.Binary():
            return shown(node.operator)
        case _:
            return "this"


def _small(left: Dim, right: Dim, root: Node) -> Dim:
    if len(left.terms) * len(right.terms) > MAX_DIMENSION_TERMS:
        raise fault("E145", root.span)
    return _sized(left, root)


def _sized(dim: Dim, root: Node) -> Dim:
    bits = max(factor.bit_length() for _, factor in dim.terms)
    if len(dim.terms) > MAX_DIMENSION_TERMS or bits > MAX_DIMENSION_BITS:
        raise fault("E145", root.span)
    return dim


def _unnamed(name: str, declared: tree.ElementwiseType | tree.FunctionType) -> UserFunction:
    """A function that is declared and not defined."""
    from dimcompat.functions.user import UserFunction, elementwise, of_matrix

    if isinstance(declared, tree.ElementwiseType):
        return UserFunction(elementwise(name))
    dims = [dimension_of(node) for node in declared.dimensions]
    return UserFunction(of_matrix(name, Shape(dims[0], dims[1] if len(dims) == 2 else ONE)))


def _sizes(declared: tree.DeclaredType) -> tuple[Node, ...]:
    """The dimensions in what stands after a colon."""
    match declared:
        case tree.ShapeSyntax():
            labels = (a.argument for a in declared.attributes if a.argument is not None)
            return (*declared.dimensions, *labels)
        case tree.FunctionType():
            return declared.dimensions
        case tree.ElementwiseType():
            return ()


def _symbol(name: str, declared: tree.ShapeSyntax) -> Symbol:
    dims = [dimension_of(node) for node in declared.dimensions]
    shape = Shape(dims[0], dims[1] if len(dims) == 2 else ONE) if dims else SCALAR
    names = {attribute.name for attribute in declared.attributes}
    for attribute in declared.attributes:
        if attribute.name in _NEEDS_SQUARE and not shape.is_square:
            raise fault("E210", attribute.span, found=attribute.name, name=name, shape=shape)
        if attribute.argument is not None and len(names) > 1:
            raise fault("E127", attribute.span, found=shown(attribute.name), fault=say("E127.alone"))
        if attribute.argument is not None and not shape.is_vector:
            raise fault("E127", attribute.span, found=shown(attribute.name), fault=say("E127.vector"))
    labels = next((dimension_of(a.argument) for a in declared.attributes if a.argument is not None), None)
    attributes = frozenset(names) if labels is None else frozenset()
    return Symbol.make(name, shape, attributes, labels)


def declare_passed(found: Declarations, shapes: Mapping[str, ShapeLike]) -> None:
    """Adds what was passed beside the text: strings as after a colon, or tuples of dimensions."""
    for key, value in shapes.items():
        name = _passed_name(key)
        text = value if isinstance(value, str) else _written(value, key)
        place = Place("shapes", text, (0, len(text)))
        found.declare(name, _passed_shape(text), place, place)


@lru_cache(maxsize=PASSED)
def _passed_name(text: str) -> str:
    if text.isascii() and text.isidentifier():
        return text
    return parse_name(text, where="shapes").name


@lru_cache(maxsize=PASSED)
def _passed_shape(text: str) -> tree.DeclaredType:
    return parse_shape(text, where="shapes")


def _written(value: object, name: str) -> str:
    parts = value if isinstance(value, (tuple, list)) else (value,)
    if not parts and isinstance(value, (tuple, list)):
        return "scalar"
    if not all(isinstance(part, (int, str, Dim)) and not isinstance(part, bool) for part in parts):
        raise fault("E147", None, found=shown(name)).at(None, where="shapes")
    return ", ".join(str(part) for part in parts)
