"""``dataclass`` as in the standard library, whose methods cost nothing until they are used.

A module of its own because every other one declares its records with it. `dataclasses` writes the
methods of a class as text and compiles it when the class is declared, a third of what starting the
program took. Here `dataclasses` still reads the fields and makes the slots, so that ``fields``,
``replace``, ``asdict`` and matching see what they know; the methods are common to all records, but for
``__init__``, which is compiled when the first record of its class is made. For a type checker this is
``dataclasses.dataclass`` itself.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import Field, dataclass
else:

    def dataclass(kind=None, /, **how):
        """A class of records, as the standard library's decorator of this name makes it."""
        return partial(_declared, **how) if kind is None else _declared(kind, **how)


def _declared(
    kind: type, *, frozen: bool = False, eq: bool = True, repr: bool = True, slots: bool = False, **how: bool
) -> type:
    kind = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, **how)(kind)
    methods: dict[str, Any] = {"__init__": _Unwritten(kind, frozen)}
    if repr:
        methods["__repr__"] = _told
    if eq:
        methods["__eq__"], methods["__hash__"] = _comparison(kind, frozen)
    if frozen:
        methods["__setattr__"], methods["__delattr__"] = _refuse_to_assign, _refuse_to_delete
    if frozen and slots:
        methods["__getstate__"], methods["__setstate__"] = _state, _restore
    own = vars(kind)
    for name, method in methods.items():
        if own.get(name) is None:
            setattr(kind, name, method)
    return kind


class _Unwritten:
    """Stands for the ``__init__`` of a class until it is first asked for."""

    __slots__ = ("frozen", "kind")

    def __init__(self, kind: type, frozen: bool) -> None:
        self.kind = kind
        self.frozen = frozen

    def __get__(self, record: object, kind: type | None = None) -> Any:
        written = _written(self.kind, self.frozen)
        self.kind.__init__ = written  # type: ignore[misc]
        return written.__get__(record, kind)


def _written(kind: Any, frozen: bool) -> Any:
    """The ``__init__`` of a class; a frozen record is filled through the setters of its slots."""
    fields = dataclasses.fields(kind)
    parameters = ["self", *(_parameter(field) for field in fields if field.init and not field.kw_only)]
    if any(field.kw_only for field in fields):
        parameters += ["*", *(_parameter(field) for field in fields if field.init and field.kw_only)]
    names: dict[str, Any] = {"MISSING": MISSING}
    body = []
    for field in fields:
        names[f"_default_{field.name}"], names[f"_make_{field.name}"] = field.default, field.default_factory
        value = _value(field)
        if value and frozen:
            names[f"_set_{field.name}"] = _setter(kind, field.name)
            body.append(f"_set_{field.name}(self, {value})")
        elif value:
            body.append(f"self.{field.name} = {value}")
    if hasattr(kind, "__post_init__"):
        body.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"]), names)
    written = names["__init__"]
    written.__qualname__ = f"{kind.__qualname__}.__init__"
    written.__annotations__ = {field.name: field.type for field in fields if field.init} | {"return": None}
    return written


def _parameter(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=MISSING"
    return field.name if field.default is MISSING else f"{field.name}=_default_{field.name}"


def _value(field: Field[Any]) -> str:
    """What a field is filled with; nothing where ``__post_init__`` fills it."""
    name = field.name
    if field.default_factory is not MISSING:
        return f"_make_{name}() if {name} is MISSING else {name}" if field.init else f"_make_{name}()"
    if field.init:
        return name
    return "" if field.default is MISSING else f"_default_{name}"


def _setter(kind: type, name: str) -> Callable[[object, Any], None]:
    slot: Any = getattr(kind, name, None)
    if hasattr(slot, "__set__"):
        setter: Callable[[object, Any], None] = slot.__set__
        return setter
    return lambda record, value: object.__setattr__(record, name, value)


def _comparison(kind: Any, frozen: bool) -> tuple[Any, Any]:
    """``__eq__`` and ``__hash__`` by the values of the fields; what is not frozen has no hash."""
    fields = [field for field in dataclasses.fields(kind) if field.compare]
    values = _values([field.name for field in fields])
    hashed = _values([field.name for field in fields if field.hash is not False])

    def __eq__(self: object, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:
        return hash(hashed(self))

    return __eq__, __hash__ if frozen else None


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """The fields of a record with these names, together."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _told(self: Any) -> str:
    shown = (field.name for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _refuse_to_assign(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
