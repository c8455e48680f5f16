"""Values that users hand in: brought to 2-D arrays, their sizes solved for the dimension symbols.

A module of its own because this is the one place where the outside world's arrays meet the
declarations; behind it every array is 2-D, of the declared shape, and every size is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from dimcompat.errors import ShapeError, UnknownNameError
from dimcompat.expressions import Symbol
from dimcompat.messages import joined, say
from dimcompat.numeric.machine import Array
from dimcompat.shapes import Dim, Shape

WHERE = "values"


def prepared(
    symbols: Iterable[Symbol], values: Mapping[str, Any], dims: Mapping[str, int] | None = None
) -> tuple[dict[str, Array], dict[str, int]]:
    """The values of these symbols as 2-D arrays, and the sizes of the dimensions that they show."""
    plain = {_plain(name): value for name, value in values.items()}
    order = {name: number for number, name in enumerate(plain)}
    symbols = sorted(symbols, key=lambda symbol: order.get(symbol.name, -1))
    arrays = {}
    shown: list[tuple[Dim, int, str, str]] = []
    for symbol in symbols:
        if symbol.name not in plain:
            hint = say("E303.hint", given=", ".join(map(str, values)) or say("none"))
            message = say("E303", name=symbol.name, shape=symbol.shape)
            raise UnknownNameError(message, code="E303", hint=hint, where=WHERE)
        array = _as_matrix(symbol, plain[symbol.name])
        arrays[symbol.name] = array
        rows, cols = symbol.shape
        shown.append((rows, array.shape[0], symbol.name, _counted(array.shape[0], "row")))
        shown.append((cols, array.shape[1], symbol.name, _counted(array.shape[1], "column")))
    sizes = _solved(shown, {symbol.name: symbol.shape for symbol in symbols}, dims or {})
    for symbol in symbols:
        if symbol.labels is not None:
            _check_classes(symbol, arrays[symbol.name], sizes)
    return arrays, sizes


def require(dims: Iterable[Dim], sizes: Mapping[str, int]) -> None:
    """Raise where a formula needs the size of a dimension that nothing shows."""
    missing = sorted({name for dim in dims for name in dim.symbols} - sizes.keys())
    if missing:
        names = ", ".join(missing)
        example = ", ".join(f'"{name}": 3' for name in missing)
        hint = say("E221.hint", example=example)
        raise ShapeError(say("E221", names=names), code="E221", hint=hint, where=WHERE)


def _fault(message: str, code: str) -> ShapeError:
    return ShapeError(message, code=code, where=WHERE)


def _plain(name: str) -> str:
    return name.replace("∂", "d").replace("/", "_")


def _counted(number: int, noun: str) -> str:
    return say(f"E222.{noun}" + ("" if number == 1 else "s"), count=number)


def _as_matrix(symbol: Symbol, value: Any) -> Array:
    array = _numbers(symbol, value)
    shape = symbol.shape
    if array.ndim > 2:
        raise _fault(say("E222.axes", name=symbol.name, shape=shape, count=array.ndim), "E222")
    if array.ndim == 1:
        if not shape.is_vector:
            message = say("E222.one axis", name=symbol.name, shape=shape, count=array.size)
            hint = say("E222.hint", name=symbol.name)
            raise ShapeError(message, code="E222", hint=hint, where=WHERE)
        array = array.reshape((-1, 1) if shape.is_column else (1, -1))
    if array.ndim == 0:
        array = array.reshape(1, 1)
    if 0 in array.shape:
        raise _fault(say("E222.empty", name=symbol.name, shape=shape), "E222")
    return array


def _numbers(symbol: Symbol, value: Any) -> Array:
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            array = array.astype(np.float64, casting="safe" if array.dtype.kind == "c" else "unsafe")
    except (TypeError, ValueError) as error:
        raise _fault(say("E222.numbers", name=symbol.name), "E222") from error
    if symbol.labels is None:
        return array.astype(np.float64)
    whole = (
        array.astype(np.int64, copy=False) if array.dtype.kind in "biu" else np.rint(array).astype(np.int64)
    )
    if not np.array_equal(whole, array):
        raise _fault(say("E223.integers", name=symbol.name), "E223")
    return whole


def _check_classes(symbol: Symbol, array: Array, sizes: Mapping[str, int]) -> None:
    classes = symbol.labels
    assert classes is not None
    count = classes.size(sizes) if classes.symbols <= sizes.keys() else None
    if array.min() < 0 or (count is not None and array.max() >= count):
        found = array.min() if array.min() < 0 else array.max()
        upper = f"{classes} - 1" + (f" = {count - 1}" if count is not None and classes.symbols else "")
        raise _fault(say("E223.classes", name=symbol.name, upper=upper, found=found), "E223")


# ── solving ──────────────────────────────────────────────────────────────────────────────────────────


def _solved(
    shown: list[tuple[Dim, int, str, str]], shapes: Mapping[str, Shape], dims: Mapping[str, int]
) -> dict[str, int]:
    sizes: dict[str, int] = {}
    source: dict[str, str] = {}
    for name, size in dims.items():
        if not _is_size(size):
            raise _fault(say("E211.dims", name=name, value=repr(size)), "E211")
        sizes[name], source[name] = int(size), "dims"
    waiting = shown
    while True:
        later = []
        for equation in waiting:
            dim, size, name, _ = equation
            unknown = dim.symbols - sizes.keys()
            if len(unknown) > 1:
                later.append(equation)
                continue
            if unknown:
                (symbol,) = unknown
                found = _root(dim, symbol, size, sizes)
                if found is None:
                    raise _clash(equation, shapes[name], sizes, source)
                sizes[symbol], source[symbol] = found, name
            elif dim.size(sizes) != size:
                raise _clash(equation, shapes[name], sizes, source)
        if len(later) == len(waiting):
            return sizes
        waiting = later


def _is_size(size: object) -> bool:
    return isinstance(size, int | np.integer) and not isinstance(size, bool) and int(size) >= 1


def _root(dim: Dim, symbol: str, size: int, sizes: Mapping[str, int]) -> int | None:
    """The size of the one unknown symbol: dimensions grow with it, so bisection finds it."""
    low, high = 1, size
    while low <= high:
        middle = (low + high) // 2
        value = dim.size({**sizes, symbol: middle})
        if value == size:
            return middle
        low, high = (middle + 1, high) if value < size else (low, middle - 1)
    return None


def _clash(
    equation: tuple[Dim, int, str, str], shape: Shape, sizes: Mapping[str, int], source: Mapping[str, str]
) -> ShapeError:
    dim, _, name, counted = equation
    facts = [
        say("E222.known", symbol=symbol, size=sizes[symbol], source=source[symbol])
        for symbol in sorted(dim.symbols)
        if symbol in sizes
    ]
    if dim.symbols - sizes.keys():
        unknown = ", ".join(sorted(dim.symbols - sizes.keys()))
        facts.append(say("E222.no size", names=unknown))
        key, listed = "E222.clash unknown", joined(facts, "joined.last")
    else:
        key, listed = ("E222.clash known", joined(facts)) if facts else ("E222.clash", "")
    return _fault(say(key, name=name, shape=shape, counted=counted, facts=listed), "E222")
