"""The most general shapes for which a source is well shaped, for names that nobody declared.

A module of its own because it reads the tree as typed, before there are operations: what it
finds are declarations, and the source is then read with them like any other. A fault that it
meets is left for that reading to tell, in terms of what was found up to there.

The kind of a name is that of its first letter, as matrixcalculus.org reads it: a…g scalar, h…z
column vector, Greek small letter scalar, capital matrix. A name that stands where labels stand
holds labels; it is a single label where it is an index by itself (``a[y]``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from itertools import count, islice
from types import MappingProxyType

from dimcompat.errors import DimcompatError, ShapeError, fault
from dimcompat.functions import find
from dimcompat.functions.record import Function
from dimcompat.language import syntax as tree
from dimcompat.language.declarations import ShapeLike, dimension_of
from dimcompat.language.fitting import Fitting, Misfit, Open
from dimcompat.language.meaning import ADDED
from dimcompat.language.parser import parse_source
from dimcompat.language.program import read
from dimcompat.language.scope import size_arguments
from dimcompat.language.syntax import Node
from dimcompat.language.unification import replaced, unknowns
from dimcompat.language.unshaped import IDENTITY, Ends, Unshaped, sums_over_index, survey
from dimcompat.messages import joined, say
from dimcompat.program import Program
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

LETTERS = ("m", "n", "p", "q", "k", "r", "s", "h", "d", "c", "l")
"""What inferred dimensions are called, in the order of their first appearance; then m1, n1, …"""

COLUMNS = "hijklmnopqrstuvwxyz"
GREEK_LETTERS = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
    ]
)
MOST_TOLD = 6
GRADIENT = "grad_"


def read_inferred(
    text: str, shapes: Mapping[str, ShapeLike] | None = None, *, objective: str | None = None
) -> tuple[Program, dict[str, str]]:
    """Reads a source with the shapes inferred that are not declared, and says which those are.

    Raises a DimcompatError with the place of the fault; its hint says what was inferred.
    """
    inferred = infer(text, shapes)
    try:
        return read(text, {**(shapes or {}), **inferred}, objective=objective), inferred
    except ShapeError as error:
        raise _told(error, text, inferred) from None


def infer(
    text: str,
    shapes: Mapping[str, ShapeLike] | None = None,
    source: tree.Source | None = None,
    ends: Ends = MappingProxyType({}),
) -> dict[str, str]:
    """The declarations that a source lacks: name to shape, as after a colon, in order of appearance.

    ``shapes`` and the declarations in the text stand as they are. Raises ParseError where the text cannot
    be read and UnsupportedError where sizes are equal in more than one way; a source that no shapes
    fit gets those of its names for which everything before its first fault fits. ``source`` are the
    statements of a text in another notation, ``ends`` the dimensions at which its sums end, by the index.
    """
    source = source or parse_source(text)
    try:
        found = survey(source, shapes or {}, ends)
    except DimcompatError:  # a faulty declaration; whoever reads the source tells it
        return {}
    inference = _Inference(found)
    try:
        inference.source(source)
        still_open = inference.fitting.settle()
    except Misfit:
        still_open = None
    if still_open is not None:
        raise inference.undecided(still_open).at(None, text=text)
    return inference.declarations()


def kind(name: str) -> str:
    """``scalar``, ``column`` or ``matrix``, by the first letter of a name; ``lambda`` is the Greek letter."""
    stem = name.strip("_").partition("_")[0].rstrip("0123456789")
    first = name.lstrip("_")[:1]
    if first.isupper():
        return "matrix"
    if stem in GREEK_LETTERS:
        return "scalar"
    return "column" if first and first in COLUMNS else "scalar"


@dataclass(slots=True)
class _Inference:
    """One source: the shapes of names and nodes while the sizes in them are found.

    None is the shape of what is not understood; nothing is asked of it.
    """

    found: Unshaped
    fitting: Fitting = field(default_factory=Fitting)
    shapes: dict[str, Shape] = field(default_factory=dict)
    classes: dict[str, Dim] = field(default_factory=dict)
    nodes: dict[int, Shape | None] = field(default_factory=dict)
    ranges: dict[int, Dim] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fresh = self.fitting.sizes.fresh
        self.shapes |= self.found.declared
        self.classes |= self.found.classes
        self.ranges |= self.found.ends
        for name in self.found.names:
            of_kind = "scalar" if name in self.found.single_labels else kind(name)
            rows = ONE if of_kind == "scalar" else fresh()
            cols = rows if name.startswith(IDENTITY) else fresh() if of_kind == "matrix" else ONE
            self.shapes[name] = Shape(rows, cols)
            if name in self.found.labels:
                self.classes[name] = fresh()

    def source(self, source: tree.Source) -> None:
        """Finds the sizes; raises Misfit at the first node that no sizes fit."""
        for statement in source.statements:
            if isinstance(statement, (tree.Definition, tree.Objective)):
                for node in tree.postorder(statement.value):
                    if id(node) not in self.found.passed_over:
                        self.nodes[id(node)] = self.node(node)
                shape = self.nodes[id(statement.value)]
                if isinstance(statement, tree.Definition) and shape is not None:
                    self.shapes.setdefault(statement.name, shape)

    def node(self, node: Node) -> Shape | None:
        match node:
            case tree.NumberLiteral():
                return SCALAR
            case tree.Name():
                if id(node) in self.found.indices:
                    return None
                return SCALAR if node.name in self.found.scalars else self.shapes.get(node.name)
            case tree.Unary():
                return self.nodes[id(node.operand)]
            case tree.Transpose():
                shape = self.nodes[id(node.operand)]
                return shape.transposed if shape is not None else None
            case tree.Binary():
                left, right = self.nodes[id(node.left)], self.nodes[id(node.right)]
                if left is None or right is None:
                    return (left or right) if node.operator in ADDED else None
                return self.fitting.binary(node.operator, left, right, node)
            case tree.Call():
                return self.call(node)
            case tree.Index():
                return self.picked(node)

    # calls

    def call(self, node: tree.Call) -> Shape | None:
        record = find(node.name)
        if sums_over_index(node, record) is not None:
            return self.nodes[id(node.arguments[1])]
        if record is None:
            return self.user_call(node)
        values = node.arguments[: record.arity]
        shapes = tuple(shape for value in values if (shape := self.nodes.get(id(value))) is not None)
        if len(shapes) != record.arity:
            return None
        try:
            sizes = tuple(dimension_of(part) for part in size_arguments(node))
            axis = _axis(node)
        except DimcompatError:
            return None
        if len(sizes) not in record.sizes or (axis is None and (node.keywords or record.axis == "required")):
            return None
        self.count_classes(record, values, shapes, sizes)
        return self.fitting.call(record, shapes, axis, sizes)

    def user_call(self, node: tree.Call) -> Shape | None:
        """The shape of a call of the user's function, or of one of its derivatives."""
        name = node.name.rstrip("'")
        gradient = name not in self.found.functions
        name = name.removeprefix(GRADIENT) if gradient else name
        if name not in self.found.functions or len(node.arguments) != 1:
            return None
        argument, wanted = self.nodes[id(node.arguments[0])], self.found.functions[name]
        if argument is None or wanted is None:
            return argument
        for one, other in zip(argument, wanted, strict=True):
            self.fitting.equal(one, other, node)
        return argument if gradient else SCALAR

    def count_classes(
        self, record: Function, values: tuple[Node, ...], shapes: tuple[Shape, ...], sizes: tuple[Dim, ...]
    ) -> None:
        """The number of classes is the size that is given, or the columns of what labels pick from."""
        for value, domain in zip(values, record.domain, strict=True):
            if domain == "labels" and isinstance(value, tree.Name):
                counts = sizes or tuple(
                    shape.cols for shape, other in zip(shapes, record.domain, strict=True) if other != domain
                )
                self.classes_are(value.name, counts[-1])

    def classes_are(self, name: str, dim: Dim) -> None:
        """Takes a number of classes where nothing is against it: other classes are no fault of shape."""
        mark = self.fitting.sizes.mark()
        if name in self.classes and not self.fitting.sizes.equate(self.classes[name], dim):
            self.fitting.sizes.undo(mark)

    # indices

    def picked(self, node: tree.Index) -> Shape | None:
        """The shape of a row, a column or an entry; an index gets the size that it runs over."""
        base = self.nodes[id(node.operand)]
        if base is None:
            return None
        if len(node.items) == 2:
            dims = list(base)
        elif base.is_vector and not base.is_scalar:
            dims = [base.rows if base.is_column else base.cols]
        else:
            raise Misfit
        left = [self.indexed(item, dim, node) for item, dim in zip(node.items, dims, strict=True)]
        if len(left) == 2:
            return Shape(*left)
        return SCALAR if left[0] is ONE else base

    def indexed(self, item: tree.IndexItem, dim: Dim, node: tree.Index) -> Dim:
        """What an index leaves of the dimension that it stands for."""
        if isinstance(item, tree.All):
            return dim
        if id(item) in self.found.indices:
            span = self.ranges.setdefault(self.found.indices[id(item)], dim)
            self.fitting.equal(span, dim, node)
        label = item.operand if isinstance(item, tree.Index) else item
        if isinstance(label, tree.Name) and label.name in self.classes:
            self.fitting.equal(self.classes[label.name], dim, node)
        return ONE

    # what was found

    def named(self, dims: Iterable[Dim]) -> dict[str, Dim]:
        """Names for the unknown sizes, in the order in which they appear in these dimensions."""
        free = (name for name in _letters() if name not in self.found.taken)
        found = dict.fromkeys(unknown for dim in dims for unknown in unknowns(self.fitting.sizes.dim(dim)))
        return {unknown: Dim.symbol(next(free)) for unknown in found}

    def declarations(self) -> dict[str, str]:
        """The shapes of the names that had none, as they are declared."""
        dims = self.dims()
        names = self.named(dim for name in dims for dim in dims[name])
        found = {}
        for name in self.found.names:
            sizes = [str(replaced(self.fitting.sizes.dim(dim), names)) for dim in dims[name]]
            labels = f"labels({sizes.pop()})" if name in self.found.labels else ""
            shape = ", ".join(sizes[:1] if sizes[1] == "1" else sizes)
            text = "scalar" if shape == "1" else shape
            found[name] = labels if labels and text == "scalar" else f"{text} {labels}".strip()
        return found

    def dims(self) -> dict[str, tuple[Dim, ...]]:
        """Rows, columns and, of labels, the number of classes."""
        return {
            name: (*self.shapes[name], *((self.classes[name],) if name in self.found.labels else ()))
            for name in self.found.names
        }

    def undecided(self, question: Open) -> DimcompatError:
        """The error for two sizes that are equal in more than one way."""
        dims = [self.fitting.sizes.dim(dim) for dim in (question.left, question.right)]
        names = self.named([*(dim for of_name in self.dims().values() for dim in of_name), *dims])
        left, right = (str(replaced(dim, names)) for dim in dims)
        known = self.declarations()
        here = self.found.names_in(question.node) or list(known)
        return fault("E491", question.node.span, left=left, right=right, known=_listed(here, known))


def _axis(call: tree.Call) -> int | None:
    for keyword in call.keywords:
        if isinstance(keyword.value, tree.NumberLiteral) and keyword.value.value in (0, 1):
            return int(keyword.value.value)
    return None


def _letters() -> Iterator[str]:
    yield from LETTERS
    for number in count(1):
        yield from (f"{letter}{number}" for letter in LETTERS)


def _listed(names: Iterable[str], shapes: Mapping[str, str]) -> str:
    """``X: m, n; w: n``, of the first few of these names."""
    return "; ".join(f"{name}: {shapes[name]}" for name in islice(names, MOST_TOLD))


def _told(error: ShapeError, text: str, inferred: Mapping[str, str]) -> ShapeError:
    """The error with what was inferred of the names at fault."""
    if error.where != "source" or error.span is None:
        return error
    start, end = error.span
    names: dict[str, str] = {}
    for statement in parse_source(text).statements:
        if isinstance(statement, (tree.Definition, tree.Objective)):
            for node in tree.postorder(statement.value):
                if isinstance(node, tree.Name) and start <= node.span[0] < end and node.name in inferred:
                    names.setdefault(node.name, inferred[node.name])
    if not names:
        return error
    said = say("inferred", declarations=_listed(names, names))
    return error.at(None, hint=joined([error.hint, said], "joined.sentences") if error.hint else said)
