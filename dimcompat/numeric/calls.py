"""A function record's NumPy code, made into something that can be called.

A module of its own because it is the one place that compiles source text, and it compiles
only the templates of our own function records: no text of a user ever comes here.
"""

from __future__ import annotations

import builtins
import dis
import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from dimcompat.errors import UnknownNameError
from dimcompat.expressions import Operator as Record
from dimcompat.functions.record import Origin
from dimcompat.messages import say
from dimcompat.numeric.machine import Array, Functions, Operator, Sizes
from dimcompat.shapes import Dim

Axis = int | tuple[int, int] | None

_SIZE_NAMES = ("rows", "cols")
_FROM_THE_END: dict[int | None, Axis] = {None: (-2, -1), 0: -2, 1: -1}


def bound(
    record: Record, axis: int | None, dims: Sequence[Dim], sizes: Sizes, functions: Functions
) -> Operator:
    """What computes a call of this record when the dimensions have these sizes."""
    if is_unnamed(record):
        return _handed_in(record, functions)
    compiled = known(record, axis, len(dims))
    if not dims:
        return compiled
    numbers = [dim.size(sizes) for dim in dims]
    return lambda *arguments: compiled(*arguments, *numbers)


def known(record: Record, axis: int | None, size_count: int = 0) -> Operator:
    """What computes a call of a record that is not of an unnamed function; sizes come after the arguments."""
    code = record.numpy  # type: ignore[attr-defined]
    compiled: Operator
    if code.stacked:
        compiled = _compiled(code.stacked, code.helper, _FROM_THE_END[axis], size_count)
    else:
        compiled = _compiled(code.expression, code.helper, axis, size_count)
    return compiled


def takes_stacks(record: Record) -> bool:
    """Whether what computes a call takes stacks of matrices, arrays with an axis in front.

    It must not be of an unnamed function.
    """
    return bool(record.numpy.stacked) or getattr(record, "entrywise", False)  # type: ignore[attr-defined]


def is_unnamed(record: Record) -> bool:
    """Whether the record is of an unnamed function: its code, if it has any, calls what nobody defines."""
    origin = origin_of(record)
    if origin is not None:
        return origin.formula is None
    code = getattr(record, "numpy", None)
    return code is None or not code.expression or _is_open(code.expression, code.helper)


def origin_of(record: Record) -> Origin | None:
    """Where a function of the user's comes from; None for one of our own."""
    found: Origin | None = getattr(record, "origin", None)
    return found


def base_of(record: Record) -> tuple[str, int]:
    """The unnamed function that a record belongs to, and which derivative of it this is."""
    origin = origin_of(record)
    return (origin.base, origin.order) if origin is not None else unprimed(record.name)


def unprimed(name: str) -> tuple[str, int]:
    """The unnamed function that a name belongs to and which derivative it is: ``f''``, ``grad_phi``."""
    base = name.rstrip("'")
    if base.startswith("grad_"):
        return base.removeprefix("grad_"), 1
    return base, len(name) - len(base)


def _handed_in(record: Record, functions: Functions) -> Operator:
    name = record.name
    base, order = base_of(record)
    if base not in functions:
        raise UnknownNameError(
            say("E303.function", name=base),
            code="E303",
            hint=say("E303.function hint", name=base),
            where="values",
        )
    found = functions[base]
    known = found if isinstance(found, Sequence) else (found,)
    if order >= len(known):
        raise UnknownNameError(
            say("E303.derivative", name=name, base=base, count=len(known) - 1),
            code="E303",
            hint=say("E303.derivative hint"),
            where="values",
        )
    function = known[order]
    of_a_matrix = order == 0 and not record.entrywise

    def compute(*arguments: Array) -> Array:
        found = np.atleast_2d(np.asarray(function(*arguments), dtype=np.float64))
        same_size = not of_a_matrix and found.size == arguments[0].size
        return found.reshape(arguments[0].shape) if same_size else found

    return compute


@cache
def _compiled(expression: str, helper: str, axis: Axis, size_count: int) -> Any:
    count = 0
    while f"{{{count}}}" in expression:
        count += 1
    arguments = [f"a{i}" for i in range(count)]
    names = _SIZE_NAMES[:size_count]
    fields = {name: name for name in names} | {"axis": repr(axis)}
    body = expression.format(*arguments, **fields)
    scope: dict[str, Any] = {"np": np, "math": math}
    source = f"{helper}\ncompute = lambda {', '.join([*arguments, *names])}: {body}\n"
    exec(compile(source, "<function record>", "exec"), scope)
    return scope["compute"]


@cache
def _is_open(expression: str, helper: str) -> bool:
    """Whether the code uses a name that is bound nowhere."""
    function = _compiled(expression, helper, None, len(_SIZE_NAMES))
    known = function.__globals__.keys() | vars(builtins).keys()
    return not _global_names(function) <= known


def _global_names(function: Any) -> set[str]:
    instructions = dis.get_instructions(function)
    return {found.argval for found in instructions if found.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
