"""``dataclass`` as in the standard library, whose parts cost nothing until they are used.

A module of its own because every other one declares its records with it. `dataclasses` reads the fields of a
class and writes its methods as text to compile when the class is declared, which was a third of what
starting the program took. Here a class gets its slots when it is declared, and each other part when it is
first asked for; what `dataclasses` itself knows of a class (``fields``, ``replace``, ``asdict``) it reads
then. For a type checker this is ``dataclasses.dataclass``. Every annotation in a class is a field.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, FrozenInstanceError
from functools import partial
from operator import attrgetter
from threading import RLock
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "replace"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, replace
else:

    def dataclass(kind=None, /, **how):
        """A class of records, as the standard library's decorator of this name makes it."""
        return partial(_declared, **how) if kind is None else _declared(kind, **how)

    def replace(record, /, **changes):
        """The same record with other values in some fields, as the standard library makes it."""
        places, values_of = record.__places__
        values = list(values_of(record))
        for name, value in changes.items():
            values[places[name]] = value
        return type(record)(*values)


def _declared(
    typed: type,
    *,
    frozen: bool = False,
    eq: bool = True,
    repr: bool = True,
    slots: bool = False,
    weakref_slot: bool = False,
    kw_only: bool = False,
) -> type:
    """The class as it was typed, with slots, and with parts that are made when they are asked for."""
    own = typed.__annotations__
    parts = {name: value for name, value in vars(typed).items() if name not in own}
    parts.pop("__dict__", None)
    parts.pop("__weakref__", None)
    parts |= _OF_ALL
    parts["__typed__"] = typed, kw_only
    if slots:
        known = {name for base in typed.__mro__[1:] for name in getattr(base, "__slots__", ())}
        parts["__slots__"] = (*(name for name in own if name not in known), *(["__weakref__"] * weakref_slot))
    if repr:
        parts.setdefault("__repr__", _told)
    if eq:
        parts.setdefault("__eq__", _EQUALITY)
        parts["__hash__"] = parts.get("__hash__") or (_HASH if frozen else None)
    if frozen:
        parts = _OF_FROZEN | parts
    kind = type(typed)(typed.__name__, typed.__bases__, parts)
    kind.__qualname__ = typed.__qualname__
    return kind


class _Later:
    """Stands for a part of a class until it is first asked for."""

    __slots__ = ("made", "name")

    def __init__(self, name: str, made: Callable[[Any], Any]) -> None:
        self.name = name
        self.made = made

    def __get__(self, record: object, kind: type) -> Any:
        with _ONE_AT_A_TIME:  # another thread may have asked first, and made the part meanwhile
            owner = next((base for base in kind.__mro__ if vars(base).get(self.name) is self), None)
            if owner is not None:
                setattr(owner, self.name, self.made(owner))
        return getattr(kind if record is None else record, self.name)


_ONE_AT_A_TIME = RLock()


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────


def _fields(kind: Any) -> tuple[Field[Any], ...]:
    """The fields of a class, those of its base first."""
    typed, kw_only = kind.__typed__
    found = {field.name: field for base in typed.__mro__[:0:-1] for field in getattr(base, "__fields__", ())}
    for name, annotation in typed.__annotations__.items():
        given = vars(typed).get(name, MISSING)
        field = given if isinstance(given, Field) else dataclasses.field(default=given)
        field.name, field.type = name, annotation
        if field.kw_only is MISSING:
            field.kw_only = kw_only
        found[name] = field
    return tuple(found.values())


def _read(kind: Any, name: str) -> Any:
    """What the standard library finds in a class."""
    typed, kw_only = kind.__typed__
    if name not in vars(typed):
        assert kind.__fields__ is not None  # they are read first: `dataclasses` takes the defaults away
        dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(typed)
    return vars(typed)[name]


# ── the first use of a class ─────────────────────────────────────────────────────────────────────────


def _init(kind: Any) -> Any:
    """The ``__init__`` of a class; a frozen record is filled through the setters of its slots."""
    fields = kind.__fields__
    parameters = ["self", *(_parameter(field) for field in fields if field.init and not field.kw_only)]
    if any(field.kw_only for field in fields):
        parameters += ["*", *(_parameter(field) for field in fields if field.init and field.kw_only)]
    is_frozen = kind.__setattr__ is _refuse_to_assign
    names: dict[str, Any] = {"MISSING": MISSING}
    body = []
    for field in fields:
        names[f"_default_{field.name}"], names[f"_make_{field.name}"] = field.default, field.default_factory
        value = _value(field)
        if value and is_frozen:
            names[f"_set_{field.name}"] = _setter(kind, field.name)
            body.append(f"_set_{field.name}(self, {value})")
        elif value:
            body.append(f"self.{field.name} = {value}")
    if hasattr(kind, "__post_init__"):
        body.append("self.__post_init__()")
    written = _written(kind, "__init__", parameters, body or ["pass"], names)
    written.__annotations__ = {field.name: field.type for field in fields if field.init} | {"return": None}
    return written


def _written(kind: type, name: str, parameters: list[str], body: list[str], names: dict[str, Any]) -> Any:
    """A method of a class, compiled."""
    exec(f"def {name}({', '.join(parameters)}):\n " + "\n ".join(body), names)
    method = names[name]
    method.__qualname__ = f"{kind.__qualname__}.{name}"
    return method


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


def _equality(kind: Any) -> Any:
    names = [field.name for field in kind.__fields__ if field.compare]
    alike = f"{_values('self', names)} == {_values('other', names)}"
    body = [f"return {alike} if other.__class__ is self.__class__ else NotImplemented"]
    return _written(kind, "__eq__", ["self", "other"], body, {})


def _hash(kind: Any) -> Any:
    names = [field.name for field in kind.__fields__ if field.compare and field.hash is not False]
    return _written(kind, "__hash__", ["self"], [f"return hash({_values('self', names)})"], {})


def _values(record: str, names: list[str]) -> str:
    """The fields of a record with these names, together."""
    return f"({''.join(f'{record}.{name}, ' for name in names)})"


def _places(kind: Any) -> tuple[dict[str, int], Callable[[Any], tuple[Any, ...]]]:
    """The places of the fields among the arguments of a class, and the function that reads them all."""
    names = [field.name for field in kind.__fields__]
    read = attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, n) for n in names)
    return {name: place for place, name in enumerate(names)}, read


# ── what all records have ────────────────────────────────────────────────────────────────────────────


def _told(self: Any) -> str:
    shown = (field.name for field in self.__fields__ if field.repr)
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _refuse_to_assign(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in self.__fields__]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(self.__fields__, state, strict=True):
        object.__setattr__(self, field.name, value)


_OF_ALL = {
    "__init__": _Later("__init__", _init),
    "__fields__": _Later("__fields__", _fields),
    "__replace__": dataclasses.replace,
    "__places__": _Later("__places__", _places),
    **{
        name: _Later(name, partial(_read, name=name))
        for name in ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
    },
}
_OF_FROZEN = {
    "__setattr__": _refuse_to_assign,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,
    "__setstate__": _restore,
}
_EQUALITY, _HASH = _Later("__eq__", _equality), _Later("__hash__", _hash)
