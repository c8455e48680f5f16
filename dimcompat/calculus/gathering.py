"""The logarithm of a sum of exponentials, written out entry by entry, known again as what it is.

A module of its own because it decides which objective a derivation goes backwards through: the
one as typed, but for ``log(sum(j, exp(S[i,j])))``, which a lecturer reads as ``logsumexp(S[i,:])`` and
differentiates in one step. The numeric check reads the objective as typed.
"""

from __future__ import annotations

from collections.abc import Mapping

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.calculus.reading import again
from dimcompat.expressions import Expr
from dimcompat.functions.exponentials import EXP, LOG
from dimcompat.functions.softmax import LOGSUMEXP
from dimcompat.operations import Operation, free_indices, postorder

Free = Mapping[Operation, frozenset[ex.Index]]
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


def _log_sum_exp(operation: Operation, free: Free) -> tuple[Operation, Expr] | None:
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
    typed = ex.call(LOG, (ex.IndexSum.make(index, ex.call(EXP, (body.operands[0].value,))),))
    return operations.call(LOGSUMEXP, (entries,)), typed


def _entries(operation: Operation, index: ex.Index, free: Free) -> Operation | None:
    """The vector whose entries a scalar is for the values of an index; a row where it is one of a matrix.

    What does not depend on the index stays as it is. None where the vector is not known.
    """
    if index not in free[operation]:
        return operation
    if operation.kind == "pick":
        return _picked(operation, index, free)
    if operation.kind in ("add", "subtract", "negate") or (
        operation.kind in ("multiply", "divide") and all(part.shape.is_scalar for part in operation.operands)
    ):
        return _arithmetic(operation, index, free)
    return _product(operation, index, free) if operation.kind == "multiply" else None


def _picked(operation: Operation, index: ex.Index, free: Free) -> Operation | None:
    (base,) = operation.operands
    row, col = operation.indices
    if index in free[base] or row is col:
        return None
    if base.shape.is_vector:
        return base
    return operations.pick(base, None if row is index else row, None if col is index else col)


def _arithmetic(operation: Operation, index: ex.Index, free: Free) -> Operation | None:
    """A sum of vectors of one shape, or one that a scalar scales."""
    depends = [index in free[operand] for operand in operation.operands]
    if (operation.kind == "divide" and depends[1]) or (operation.kind == "multiply" and all(depends)):
        return None
    parts = [_entries(operand, index, free) for operand in operation.operands]
    known = tuple(part for part in parts if part is not None)
    shapes = {part.shape for part in known if not part.shape.is_scalar}
    return again(operation, known) if len(known) == len(parts) and len(shapes) == 1 else None


def _product(operation: Operation, index: ex.Index, free: Free) -> Operation | None:
    """``X[j,:]*w`` is an entry of ``X*w``, and ``w'*X[:,j]`` one of ``w'*X``."""
    left, right = operation.operands
    if index not in free[right] and left.kind == "pick" and left.indices == (index, None):
        base = left.operands[0]
        return operations.multiply(base, right) if index not in free[base] else None
    if index not in free[left] and right.kind == "pick" and right.indices == (None, index):
        base = right.operands[0]
        return operations.multiply(left, base) if index not in free[base] else None
    return None
