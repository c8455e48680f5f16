"""Indices in the text: which sum binds each of them, what it runs over, and what it picks.

A module of its own because an index is no value: it is bound from outside, by the ``sum(i, …)``
around it, and what it runs over is found from inside, where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import DimcompatError, Label, fault
from dimcompat.expressions import Symbol
from dimcompat.functions.labels import ONEHOT, PICK
from dimcompat.functions.reductions import SUM
from dimcompat.language import syntax as tree
from dimcompat.language.calls import holds_labels, size
from dimcompat.language.excerpts import short
from dimcompat.language.scope import Scope
from dimcompat.language.syntax import Node
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.records import dataclass
from dimcompat.shapes import Dim

if TYPE_CHECKING:
    from dimcompat.language.elaborate import Elaborator

Item = ex.Index | Operation | None
"""What stands in one place of the brackets: an index, a label as a row of onehot, or a colon."""


def is_index_sum(call: tree.Call, scope: Scope) -> bool:
    """Whether this is ``sum(i, …)``: two arguments, the first a new name or one that is used as an index."""
    if len(call.arguments) != 2 or call.keywords or scope.function(call.name) is not SUM:
        return False
    first, body = call.arguments
    if not isinstance(first, tree.Name):
        return False
    return first.name not in scope or any(
        isinstance(item, tree.Name) and item.name == first.name
        for node in tree.postorder(body)
        if isinstance(node, tree.Index)
        for item in node.items
    )


@dataclass(slots=True)
class Binder:
    """A sum over the index ``name``; ``index`` is known from its first use on, which was at ``span``."""

    name: tree.Name
    index: ex.Index | None = None
    span: tree.Span = (0, 0)

    def runs_over(self, dim: Dim, node: tree.Index) -> ex.Index:
        """The index, which runs over ``dim`` in ``node``; raises where it runs over another one elsewhere."""
        if self.index is None:
            self.index, self.span = ex.Index.make(self.name.name, dim), node.span
        elif self.index.dim is not dim:
            first = self.index.dim
            ranges = say("E220.range", last=first), say("E220.range", last=dim)
            labels = (Label(self.span, ranges[0]), Label(node.span, ranges[1]))
            raise fault("E220", node.span, labels=labels, found=self.name.name, first=first, second=dim)
        return self.index


@dataclass(slots=True)
class Indices:
    """The indices of one text.

    ``binders`` are the sums by the identity of their call, ``uses`` those of each name that stands as an
    index, ``labels`` what one label of many makes: a row of onehot. ``passed_over`` are the nodes that are
    no values of their own.
    """

    binders: dict[int, Binder] = field(default_factory=dict)
    uses: dict[int, Binder] = field(default_factory=dict)
    labels: dict[int, Operation] = field(default_factory=dict)
    passed_over: set[int] = field(default_factory=set)

    def __contains__(self, call: tree.Call) -> bool:
        return id(call) in self.binders

    @property
    def names(self) -> frozenset[str]:
        """What the indices are called."""
        return frozenset(binder.name.name for binder in self.binders.values())

    def total(self, call: tree.Call, body: Operation, at: Elaborator) -> Operation:
        """``sum(i, body)``."""
        binder = self.binders[id(call)]
        if binder.index is None:
            words = short(at.words(call.arguments[1]))
            raise fault("E216", binder.name.span, found=binder.name.name, body=words)
        return operations.index_sum(binder.index, body)

    def picked(self, node: tree.Index, base: Operation, at: Elaborator) -> Operation | None:
        """What the indices pick of an operand; None where that is a label, which is no number."""
        if holds_labels(base):
            self.labels[id(node)] = self._label(node, base, at)
            return None
        rows, cols = base.shape
        row: Item = None
        col: Item = None
        if len(node.items) == 2:
            row, col = self._item(node, 0, rows, at), self._item(node, 1, cols, at)
        elif base.shape.is_scalar or not base.shape.is_vector:
            raise _wrong_number(node, base, at)
        elif base.shape.is_column:
            row = self._item(node, 0, rows, at)
        else:
            col = self._item(node, 0, cols, at)
        indices = [item if isinstance(item, ex.Index) else None for item in (row, col)]
        found = operations.pick(base, *indices) if any(indices) else base
        if isinstance(row, Operation):
            found = operations.multiply(row, found)
        return operations.multiply(found, operations.transpose(col)) if isinstance(col, Operation) else found

    def call_of_label(self, call: tree.Call, at: Elaborator) -> Operation | None:
        """``onehot(y[i], c)`` and ``pick(s, y[i])``, whose label is one of many; None for any other call."""
        record = at.scope.function(call.name)
        if record is ONEHOT:
            label = self.labels.get(id(call.arguments[0]))
            same = label is not None and size(call.arguments[1], at.scope) is label.shape.cols
            return label if same else None
        label = self.labels.get(id(call.arguments[1])) if record is PICK else None
        if label is None:
            return None
        scores = at.operand(call.arguments[0])
        return operations.multiply(scores, operations.transpose(label))

    def _item(self, node: tree.Index, place: int, dim: Dim, at: Elaborator) -> Item:
        item = node.items[place]
        if isinstance(item, tree.All):
            return None
        binder = self.uses.get(id(item))
        if binder is not None:
            return binder.runs_over(dim, node)
        label = self._label_at(item, node, at)
        classes = label.shape.cols
        if classes is not dim:
            side = "entries" if len(node.items) == 1 else ("rows", "columns")[place]
            said, words = say(f"E219.{side}", dim=dim), short(at.words(node.operand))
            raise fault("E219", node.span, label=at.words(item), classes=classes, found=words, said=said)
        return label

    def _label_at(self, item: Node, node: tree.Index, at: Elaborator) -> Operation:
        """The row of onehot for a label that stands as an index of ``node``."""
        name = item.operand if isinstance(item, tree.Index) else item
        known = at.scope.operation(name.name) if isinstance(name, tree.Name) else None
        if known is not None and holds_labels(known):
            if isinstance(item, tree.Index):
                return self._label(item, known, at)
            if known.shape.is_scalar:
                return _onehot(known)
            raise fault("E223", item.span, found=at.words(item), count=known.shape.size)
        raise _no_index(item, node, at)

    def _label(self, node: tree.Index, labels: Operation, at: Elaborator) -> Operation:
        """The row of onehot for one label of many, ``y[i]``."""
        items = [item for item in node.items if not isinstance(item, tree.All)]
        if len(items) != 1 or labels.shape.is_scalar or not labels.shape.is_column:
            raise fault("E224", node.span, found=at.words(node.operand), shape=labels.shape)
        binder = self.uses.get(id(items[0]))
        if binder is None:
            raise _no_index(items[0], node, at)
        return operations.pick(_onehot(labels), binder.runs_over(labels.shape.rows, node), None)


def _no_index(item: Node, node: tree.Index, at: Elaborator) -> DimcompatError:
    words = short(at.words(item))
    if isinstance(item, tree.Name) and item.name not in at.scope:
        return fault("E307", item.span, found=words, around=f"sum({words}, … {short(at.words(node))} …)")
    number = isinstance(item, tree.NumberLiteral) or (
        isinstance(item, tree.Unary) and isinstance(item.operand, tree.NumberLiteral)
    )
    return fault("E422" if number else "E423", item.span, found=words)


def _wrong_number(node: tree.Index, base: Operation, at: Elaborator) -> DimcompatError:
    words = short(at.words(node.operand))
    if base.shape.is_scalar:
        return fault("E217", node.span, found=words)
    (item,) = node.items
    row = f"{words}[{at.text[slice(*item.span)]},:]"
    return fault("E218", node.span, found=words, shape=base.shape, row=row)


def label_as_number(node: tree.Index, labels: Operation) -> DimcompatError:
    """The error for ``y[i]`` where a number is wanted."""
    symbol = labels.value
    assert isinstance(symbol, Symbol)
    hint = say("E214.index", classes=symbol.labels, name=symbol.name)
    return fault("E214", node.span, found=symbol.name, classes=symbol.labels, hint=hint)


def bound(nodes: Sequence[Node], scope: Scope) -> Indices:
    """Which sum binds each index among the nodes of a formula, its root the last: the innermost of its name.

    Raises a DimcompatError where an index has another meaning or stands where a value is wanted.
    """
    found = Indices()
    if not any(
        isinstance(node, tree.Index) or (isinstance(node, tree.Call) and is_index_sum(node, scope))
        for node in nodes
    ):
        return found
    root = nodes[-1]
    waiting: list[tuple[Node, Mapping[str, Binder]]] = [(root, {})]
    while waiting:
        node, around = waiting.pop()
        below = list(tree.children(node))
        match node:
            case tree.Name() if node.name in around:
                raise fault("E421", node.span, found=node.name)
            case tree.Call() if is_index_sum(node, scope):
                first, *below = below
                assert isinstance(first, tree.Name)
                if first.name in scope:
                    raise fault("E151", first.span, found=first.name, meaning=scope.described(first.name))
                binder = found.binders[id(node)] = Binder(first)
                found.passed_over.add(id(first))
                around = {**around, first.name: binder}
            case tree.Index():
                below = [node.operand]
                for item in node.items:
                    if not isinstance(item, tree.All):
                        _item(found, item, around)
        waiting.extend((part, around) for part in reversed(below))
    return found


def _item(found: Indices, item: Node, around: Mapping[str, Binder]) -> None:
    """Takes note of an index, or of that of a label: nothing in the brackets is a value."""
    found.passed_over.update(id(part) for part in tree.postorder(item))
    names = [item]
    if isinstance(item, tree.Index):
        names = [part for part in item.items if not isinstance(part, tree.All)]
    for name in names:
        if isinstance(name, tree.Name) and name.name in around:
            found.uses[id(name)] = around[name.name]


def _onehot(label: Operation) -> Operation:
    symbol = label.value
    assert isinstance(symbol, Symbol) and symbol.labels is not None
    return operations.leaf(ex.call(ONEHOT, (symbol,), None, (symbol.labels,)))
