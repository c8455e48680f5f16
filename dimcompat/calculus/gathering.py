"""The logarithm of a sum of exponentials, written out entry by entry, known again as what it is.

A module of its own because it decides which objective a derivation goes backwards through: the
one as typed, but for ``log(sum(j, exp(S[i,j])))``, which a lecturer reads as ``logsumexp(S[i,:])`` and
differentiates in one step. The numeric check reads the objective as typed.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.calculus.reading import again
from dimcompat.expressions import Expr
from dimcompat.functions.exponentials import EXP, LOG
from dimcompat.functions.softmax import LOGSUMEXP
from dimcompat.operations import Operation, free_indices, postorder

Seen = tuple[Expr, Expr]
"""What stands in the text, and the call that it is."""


def gathered(root: Operation) -> tuple[Operation, tuple[Seen, ...]]:
    """The objective with each such logarithm as a call, and which they are."""
    if not any(operation.kind == "index sum" for operation in postorder(root)):
        return root, ()
    free = free_indices(root)
    done: dict[Operation, Operation] = {}
    seen: dict[Expr, Expr] = {}
    for operation in postorder(root):
        operands = tuple(done[operand] for operand in operation.operands)
        same = all(new is old for new, old in zip(operands, operation.operands, strict=True))
        done[operation] = operation if same else again(operation, operands)
        found = _log_sum_exp(operation, free) if operation.function is LOG else None
        if found is not None:
            call, typed = found
            done[operation] = call
            seen.setdefault(typed, call.value)
    return done[root], tuple(seen.items())


def _log_sum_exp(
    operation: Operation, free: dict[Operation, frozenset[ex.Index]]
) -> tuple[Operation, Expr] | None:
    (total,) = operation.operands
    if total.kind != "index sum":
        return None
    (index,) = total.indices
    (body,) = total.operands
    assert index is not None
    if body.function is not EXP:
        return None
    entries = _entries(body.operands[0], index, free)
    if entries is None or entries.shape.is_scalar:
        return None
    if not isinstance(entries.value, ex.Pick | ex.Symbol | ex.Named | ex.Chain | ex.Sum | ex.Product):
        return None
    typed = ex.call(LOG, (ex.IndexSum.make(index, ex.call(EXP, (body.operands[0].value,))),))
    return operations.call(LOGSUMEXP, (entries,)), typed


def _entries(
    operation: Operation, index: ex.Index, free: dict[Operation, frozenset[ex.Index]]
) -> Operation | None:
    """The vector whose entries a scalar is for the values of an index; a row where it is one of a matrix."""
    below = operation.operands
    if index not in free[operation]:
        return operation
    if operation.kind == "pick":
        (base,) = below
        row, col = operation.indices
        if index in free[base] or row is col:
            return None
        if base.shape.is_vector:
            return base
        return operations.pick(base, None if row is index else row, None if col is index else col)
    if operation.kind in ("add", "subtract", "negate") or (
        operation.kind in ("multiply", "divide") and all(operand.shape.is_scalar for operand in below)
    ):
        parts = [_entries(operand, index, free) for operand in below]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        vectors = {part.shape for part in known if not part.shape.is_scalar}
        several = sum(index in free[operand] for operand in below) > 1
        if len(vectors) > 1 or (operation.kind in ("multiply", "divide") and several):
            return None
        if operation.kind == "divide" and index in free[below[1]]:
            return None
        return again(operation, tuple(known))
    if operation.kind == "multiply" and index not in free[below[1]]:
        row = below[0]
        if row.kind == "pick" and row.indices == (index, None) and index not in free[row.operands[0]]:
            return operations.multiply(row.operands[0], below[1])
    if operation.kind == "multiply" and index not in free[below[0]]:
        col = below[1]
        if col.kind == "pick" and col.indices == (None, index) and index not in free[col.operands[0]]:
            return operations.multiply(below[0], col.operands[0])
    return None
