"""What a part without a name is called: by its shape, by what makes it, by the layer it stands in.

A module of its own because a name is half of an explanation: ``r`` is a residual, ``z3`` stands in ``h3``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, count

from dimcompat import expressions as ex
from dimcompat.calculus.links import Link, SumLink
from dimcompat.shapes import Shape

_RESIDUALS = {"scalar": "s", "vector": "r", "matrix": "R"}
_OTHERS = {"scalar": "stq", "vector": "zuvph", "matrix": "ZUVPH"}
MOST_LETTERS = 8


class PartNames:
    """Names for parts; never one that is taken."""

    def __init__(self, taken: Set[str], shapes: Iterable[Shape] = ()) -> None:
        """``shapes`` are those of the parts that will be named, as far as they are known: many of a kind
        are one numbered family, ``z_1, z_2, …``."""
        self._taken = set(taken)
        self._next: dict[str, Iterator[str]] = {}
        kinds = Counter(map(_kind, shapes))
        self._families = {kind for kind, count in kinds.items() if count > MOST_LETTERS}

    @property
    def taken(self) -> frozenset[str]:
        """The names that may not be given again."""
        return frozenset(self._taken)

    def fresh(
        self,
        shape: Shape,
        link: Link | None = None,
        samples: Sequence[ex.Index] = (),
        home: str | None = None,
    ) -> str:
        """A free name; what differs from sample to sample has their indices below it: ``r_i``.

        ``link`` is what makes the part, where that is known: a residual is ``r``. ``home`` is the name that
        the program gives to what the part stands in: in ``h3`` it is ``z3``.
        """
        kind = _kind(shape)
        layer = re.search(r"_?[0-9]+$", home or "")
        letters = _OTHERS[kind]
        if isinstance(link, SumLink) and (layer is None or any(factor < 0 for _, factor in link.terms)):
            letters = _RESIDUALS[kind] + letters
        below = "_" + "".join(index.name for index in samples) if samples else ""
        stems: Iterator[str]
        if layer is not None:
            stems = chain((letter + layer[0] for letter in letters), _lettered(letters))
        elif kind in self._families:
            numbered = (f"{_OTHERS[kind][0]}_{number}" for number in count(1))
            stems = self._next.setdefault(kind + below, numbered)
        else:
            stems = self._next.setdefault(letters + below, _lettered(letters))
        for stem in stems:
            name = stem + below
            if name not in self._taken:
                self._taken.add(name)
                return name
        raise AssertionError("names never run out")


def _kind(shape: Shape) -> str:
    return "scalar" if shape.is_scalar else "vector" if shape.is_vector else "matrix"


def _lettered(letters: str) -> Iterator[str]:
    yield from letters
    number = 1
    while True:
        yield from (f"{letter}_{number}" for letter in letters[:3])
        number += 1
