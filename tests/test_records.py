"""Records behave as the standard library's dataclasses do, and their methods cost nothing until used."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import weakref
from dataclasses import FrozenInstanceError, asdict, field, fields, is_dataclass, replace
from typing import Any

import pytest

from dimcompat.records import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A frozen record with a default."""

    x: int
    y: int = 2
    note: str = field(default="here", compare=False)


@dataclass(frozen=True, slots=True)
class Solid(Point):
    """A record that adds to another one, and a field that is computed."""

    z: int = 3
    parts: list[int] = field(default_factory=list, hash=False)
    weight: int = field(init=False)
    place: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", self.x + self.y + self.z)


@dataclass(slots=True, kw_only=True)
class Count:
    """A record that changes."""

    total: int = 0
    seen: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Thing:
    """A record that is equal to itself alone."""

    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"


@dataclass(frozen=True)
class Open:
    """A frozen record without slots."""

    x: int


@dataclass
class Nothing:
    """A record without fields."""


STANDARD = dataclasses.make_dataclass(
    "Point",
    [("x", int), ("y", int, 2), ("note", str, field(default="here", compare=False))],
    frozen=True,
)


def test_records_are_made_as_dataclasses_are() -> None:
    assert Point(1) == Point(1, 2) == Point(x=1, y=2) == Point(1, note="there")
    assert Point(1) != Point(2)
    assert Point(1) != (1, 2)
    assert hash(Point(1)) == hash(Point(1, 2, "there")) == hash(STANDARD(1))
    assert repr(Point(1)) == repr(STANDARD(1)) == "Point(x=1, y=2, note='here')"
    assert repr(Thing("t")) == "<t>"
    assert Open(1) == Open(1)
    assert Nothing() == Nothing()
    assert repr(Nothing()) == "Nothing()"


def test_computed_and_made_fields() -> None:
    solid = Solid(1)
    assert (solid.weight, solid.place, solid.parts) == (6, 0, [])
    assert Solid(1).parts is not solid.parts
    assert hash(solid) == hash(Solid(1, parts=[5]))
    assert solid != Solid(1, parts=[5])
    assert solid != Point(1)


def test_what_the_standard_library_knows_of_records() -> None:
    assert is_dataclass(Point)
    assert is_dataclass(Solid(1))
    assert [item.name for item in fields(Solid)] == ["x", "y", "note", "z", "parts", "weight", "place"]
    assert asdict(Point(1)) == {"x": 1, "y": 2, "note": "here"}
    assert replace(Solid(1, parts=[1]), x=2) == Solid(2, parts=[1])
    assert Point(1, 3).__replace__(x=2) == Point(2, 3)  # type: ignore[attr-defined]
    match Point(1):
        case Point(x, y):
            assert (x, y) == (1, 2)
    standard = inspect.signature(STANDARD).parameters.values()
    assert [(p.name, p.kind, p.default) for p in inspect.signature(Point).parameters.values()] == [
        (p.name, p.kind, p.default) for p in standard
    ]


@pytest.mark.parametrize("record", [Point(1), Solid(1, parts=[2]), Open(1), Thing("t")])
def test_frozen_records_stay_as_they_are(record: Any) -> None:
    name = fields(record)[0].name
    before = getattr(record, name)
    with pytest.raises(FrozenInstanceError, match=name):
        setattr(record, name, 5)
    with pytest.raises(FrozenInstanceError, match=name):
        delattr(record, name)
    with pytest.raises(FrozenInstanceError):
        record.other = 1
    assert getattr(record, name) == before


@pytest.mark.parametrize("record", [Point(1), Solid(1, parts=[2]), Open(1), Count(total=2), Nothing()])
def test_records_are_copied_and_pickled(record: Any) -> None:
    assert pickle.loads(pickle.dumps(record)) == record
    assert copy.copy(record) == record
    assert copy.deepcopy(record) == record


def test_records_that_change() -> None:
    count = Count()
    count.total += 1
    count.seen["a"] = 1
    assert count == Count(total=1, seen={"a": 1})
    assert Count().seen == {}
    with pytest.raises(TypeError, match="unhashable"):
        hash(count)
    with pytest.raises(TypeError, match=r"Count\.__init__\(\) takes 1 positional argument"):
        Count(1)  # type: ignore[misc]


def test_records_that_are_equal_to_themselves_alone() -> None:
    one = Thing("t")
    assert one != Thing("t")
    assert weakref.ref(one)() is one
    assert {one: 1}[one] == 1


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(TypeError, match=r"Point\.__init__\(\) missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'w'"):
        Point(1, w=2)  # type: ignore[call-arg]


def test_init_is_written_when_it_is_first_used() -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        x: int

    class Heir(Fresh):
        pass

    assert not inspect.isfunction(vars(Fresh)["__init__"])
    assert Heir(1).x == 1
    assert inspect.isfunction(vars(Fresh)["__init__"])
    assert Fresh(2).x == 2


def test_what_is_asked_first_does_not_matter() -> None:
    @dataclass(frozen=True, slots=True)
    class Asked:
        x: int = field(default=1, kw_only=True)
        made: list[int] = field(default_factory=list)

    assert [item.name for item in fields(Asked)] == ["x", "made"]
    assert Asked([2], x=3) == replace(Asked([2]), x=3)
    assert Asked().made == []
    assert Asked.__match_args__ == ("made",)
