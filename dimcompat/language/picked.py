"""Entries, rows and columns as they are written: ``S[i,y[i]]`` for the product that a label stands for.

A module of its own because a label that picks is a row of ``onehot`` in the normal form, and
the layout, of expressions and as typed, must know such a product again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.language.notation import Indexed, IndexItem, LabelIndex, Layout, Transposed
from dimcompat.operations import Operation

Shown = Callable[[Expr], Layout]


def label_of(row: Expr) -> LabelIndex | None:
    """The label whose row of onehot this is, ``y[i]`` or a single one."""
    index = None
    if isinstance(row, ex.Pick) and row.row is not None and row.col is None:
        index, row = row.row.name, row.base
    if not isinstance(row, ex.Call) or row.function.row_products is None:
        return None
    label = row.arguments[0]
    if not isinstance(label, ex.Symbol) or row.sizes != (label.labels,):
        return None
    return LabelIndex(label.name, index) if label.shape.is_scalar == (index is None) else None


def pick_layout(node: ex.Pick, shown: Shown) -> Indexed:
    """A row, a column or an entry; a vector has one index."""
    return _indexed(node.base, node.row, node.col, shown)


def chain_layouts(factors: Sequence[Expr], shown: Shown) -> list[Layout]:
    """The factors of a matrix product, those that labels pick as such."""
    rest = list(factors)
    first = label_of(rest[0]) if len(rest) > 1 and _takes_index(rest[1]) else None
    if first is not None:
        del rest[0]
    last = label_of(ex.transpose(rest[-1])) if len(rest) > 1 and _takes_index(rest[-2]) else None
    if last is not None:
        del rest[-1]
    layouts = [shown(factor) for factor in rest]
    if len(rest) == 1 and (first is not None or last is not None):
        return [_with_labels(rest[0], first, last, shown)]
    if first is not None:
        layouts[0] = _with_labels(rest[0], first, None, shown)
    if last is not None:
        layouts[-1] = _with_labels(rest[-1], None, last, shown)
    return layouts


def picked_by_label(
    left: Operation, right: Operation, left_layout: Layout, right_layout: Layout
) -> Layout | None:
    """What a product stands for in the text where one factor is a label: ``S[i,y[i]]``; None for others."""
    row = label_of(left.value) if left.kind in ("leaf", "pick") else None
    if row is not None:
        return _with_label(right, right_layout, row, 0)
    turned = right.operands[0] if right.kind == "transpose" else None
    col = label_of(turned.value) if turned is not None and turned.kind in ("leaf", "pick") else None
    return _with_label(left, left_layout, col, 1) if col is not None else None


def _with_label(operand: Operation, shown: Layout, label: LabelIndex, place: int) -> Layout:
    """An operand with a label as its row or column index, beside the index that it has."""
    if isinstance(shown, Indexed) and len(shown.indices) == 2 and shown.indices[place] is None:
        items = (label, shown.indices[1]) if place == 0 else (shown.indices[0], label)
        return Indexed(shown.base, items)
    if operand.shape.is_vector:
        return Indexed(shown, (label,))
    return Indexed(shown, (label, None) if place == 0 else (None, label))


def _takes_index(factor: Expr) -> bool:
    """Whether an index may be written behind it: a name, or what is picked of one, transposed or not."""
    inner = factor.operand if isinstance(factor, ex.Transpose) else factor
    return isinstance(inner, (ex.Symbol, ex.Named, ex.Pick)) and label_of(inner) is None


def _with_labels(factor: Expr, row: LabelIndex | None, col: LabelIndex | None, shown: Shown) -> Layout:
    if isinstance(factor, ex.Transpose):
        turned = _with_labels(factor.operand, col, row, shown)
        return turned if factor.shape.is_vector or (row and col) else Transposed(turned)
    if isinstance(factor, ex.Pick):
        return _indexed(factor.base, factor.row or row, factor.col or col, shown)
    return _indexed(factor, row, col, shown)


def _indexed(
    base: Expr, row: ex.Index | LabelIndex | None, col: ex.Index | LabelIndex | None, shown: Shown
) -> Indexed:
    items: list[IndexItem] = [item.name if isinstance(item, ex.Index) else item for item in (row, col)]
    if base.shape.is_vector:
        items = [item for item in items if item is not None]
    return Indexed(shown(base), tuple(items))
