"""What a source declares and what it leaves out: the names whose shapes are to be inferred.

A module of its own because it is the half of inference that knows names and no sizes: which of
them are values, dimensions, indices, labels, functions or constants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from types import MappingProxyType

from dimcompat.functions import UNSUPPORTED, find
from dimcompat.functions.record import Function
from dimcompat.functions.reductions import SUM
from dimcompat.language import syntax as tree
from dimcompat.language.declarations import Declarations, ShapeLike, declare_passed, dimension_of
from dimcompat.language.parser import parse_name, parse_shape
from dimcompat.language.scope import CONSTANTS, SPELLED, size_arguments
from dimcompat.language.syntax import Node
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

IDENTITY = "I·"
"""Starts what an identity matrix is called whose size is to be found."""

Ends = Mapping[tuple[str, tree.Span], str]
"""Where sums end: a dimension, by the index and its place."""

Bound = Mapping[str, int | None]
"""The indices that are bound, each with the identity of its sum, and the parameter of a function."""


@dataclass(slots=True)
class Unshaped:
    """The names of a source by what they are.

    ``names`` are the values without a shape, in order of appearance; those in ``labels`` hold class
    labels, those in ``single_labels`` one of them. ``declared`` are the shapes that are known,
    ``classes`` the numbers of classes, ``functions`` the functions of the user, with the shape of the
    argument of a function of a matrix. ``scalars`` are dimensions used as numbers, and constants.
    ``indices`` holds for each use of an index the identity of its sum; ``passed_over`` the nodes
    that are no values; ``ends`` are the dimensions at which sums end, by the identity of the sum.
    """

    declared: dict[str, Shape] = field(default_factory=dict)
    classes: dict[str, Dim] = field(default_factory=dict)
    functions: dict[str, Shape | None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    single_labels: set[str] = field(default_factory=set)
    scalars: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    indices: dict[int, int] = field(default_factory=dict)
    ends: dict[int, Dim] = field(default_factory=dict)
    passed_over: set[int] = field(default_factory=set)

    def names_in(self, root: Node) -> list[str]:
        """The names in a formula that are to be inferred."""
        found = (node.name for node in tree.postorder(root) if isinstance(node, tree.Name))
        return [name for name in dict.fromkeys(found) if name in self.names]


def survey(
    source: tree.Source, shapes: Mapping[str, ShapeLike], ends: Ends = MappingProxyType({})
) -> Unshaped:
    """Sorts the names of a source; ``ends`` are the dimensions at which sums end, by the index as written.

    Raises a DimcompatError where a declaration is at fault.
    """
    found = Unshaped()
    for name, declared in [*_passed(shapes), *_declared(source)]:
        _take(found, name, declared)
    assigned = {s.name for s in source.statements if isinstance(s, tree.Definition)}
    found.functions |= {s.name: None for s in source.statements if isinstance(s, tree.FunctionDefinition)}
    for statement in source.statements:
        match statement:
            case tree.Definition() | tree.Objective():
                _walk(found, statement.value, {}, ends)
            case tree.FunctionDefinition():
                _walk(found, statement.body, {statement.parameter: None}, ends)
    known = {*found.declared, *found.functions, *assigned}
    found.taken |= {*known, *found.names}
    constants = {name for name in found.names if SPELLED.get(name, name) in CONSTANTS}
    found.scalars = {name for name in found.scalars | constants if name not in known}
    found.names = {name: None for name in found.names if not (name in known or _has_meaning(name, found))}
    return found


def sums_over_index(call: tree.Call, record: Function | None) -> str | None:
    """The index of ``sum(i, …)``."""
    if record is not SUM or len(call.arguments) != 2 or call.keywords:
        return None
    first = call.arguments[0]
    return first.name if isinstance(first, tree.Name) else None


def _has_meaning(name: str, found: Unshaped) -> bool:
    """Whether a name that nobody declared stands for something, or for a call that was not written.

    ``I`` and ``K`` are better known as matrices than as functions.
    """
    is_function = len(name) > 1 and (find(name) is not None or name in UNSUPPORTED)
    return is_function or name in found.scalars


def _passed(shapes: Mapping[str, ShapeLike]) -> Iterator[tuple[str, tree.DeclaredType]]:
    for key, value in shapes.items():
        name = parse_name(key, where="shapes").name
        if isinstance(value, str):
            yield name, parse_shape(value)
        else:
            declare_passed(Declarations(), {key: value})
            parts = value if isinstance(value, (tuple, list)) else (value,)
            yield name, parse_shape(", ".join(str(part) for part in parts) or "scalar")


def _declared(source: tree.Source) -> Iterator[tuple[str, tree.DeclaredType]]:
    for statement in source.statements:
        if isinstance(statement, tree.Declaration):
            yield statement.name, statement.shape


def _take(found: Unshaped, name: str, declared: tree.DeclaredType) -> None:
    """Takes note of a declaration and of the dimensions in it."""
    if isinstance(declared, tree.ElementwiseType):
        found.functions[name] = None
        return
    dims = [dimension_of(node) for node in declared.dimensions]
    shape = Shape(dims[0], dims[1] if len(dims) > 1 else ONE) if dims else SCALAR
    if isinstance(declared, tree.FunctionType):
        found.functions[name] = shape
    else:
        found.declared[name] = shape
        for attribute in declared.attributes:
            if attribute.argument is not None:
                found.classes[name] = dimension_of(attribute.argument)
                dims.append(found.classes[name])
    _mention(found, *dims)


def _mention(found: Unshaped, *dims: Dim) -> None:
    for dim in dims:
        found.scalars |= dim.symbols
        found.taken |= dim.symbols


def _walk(found: Unshaped, root: Node, bound: Bound, ends: Ends) -> None:
    """Sorts the names of one formula, from left to right."""
    waiting: list[tuple[Node, Bound]] = [(root, bound)]
    while waiting:
        node, bound = waiting.pop()
        below = list(tree.children(node))
        match node:
            case tree.Name():
                found.taken.add(node.name)
                if node.name not in bound:
                    found.names.setdefault(node.name)
                elif (owner := bound[node.name]) is not None:
                    found.indices[id(node)] = owner
            case tree.Call():
                record = find(node.name)
                index = sums_over_index(node, record)
                if index is not None:
                    first, *below = below
                    found.passed_over.add(id(first))
                    found.taken.add(index)
                    end = ends.get((index, first.span))
                    if end is not None and end not in found.declared:
                        found.ends[id(node)] = Dim.symbol(end)
                        _mention(found, found.ends[id(node)])
                    bound = {**bound, index: id(node)}
                elif record is not None:
                    below = _call(found, node, record)
            case tree.Index():
                for item in node.items:
                    _index_item(found, item, bound)
        waiting.extend((part, bound) for part in reversed(below))


def _call(found: Unshaped, call: tree.Call, record: Function) -> list[Node]:
    """The values among the arguments of a call; takes note of labels and sizes among them."""
    sizes = size_arguments(call)
    for part in (*sizes, *(keyword.value for keyword in call.keywords)):
        found.passed_over.update(id(inner) for inner in tree.postorder(part))
    names = {n.name for size in sizes for n in tree.postorder(size) if isinstance(n, tree.Name)}
    found.scalars |= names
    found.taken |= names
    values = list(call.arguments[: len(call.arguments) - len(sizes)])
    found.labels |= {
        node.name
        for node, domain in zip(values, record.domain, strict=False)
        if isinstance(node, tree.Name) and domain == "labels"
    }
    return values


def _index_item(found: Unshaped, item: tree.IndexItem, bound: Bound) -> None:
    """Takes note of labels that are used as an index: ``a[y]`` of a single one, ``S[i,y[i]]`` of many."""
    if isinstance(item, tree.Name) and item.name not in bound:
        found.labels.add(item.name)
        found.single_labels.add(item.name)
    elif isinstance(item, tree.Index) and isinstance(item.operand, tree.Name):
        found.labels.add(item.operand.name)
