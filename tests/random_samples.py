"""Random objectives with sums over samples, each beside the NumPy loops that it means.

Not a test itself: a generator that several tests share. A formula is grown from the shape it must
have, with the indices that are bound where it stands; the loops are written at the same time and
share nothing with the package, so that they judge its reading, its evaluation and its gradients.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Shape = tuple[str, str]
Around = Mapping[str, str]
"""The indices that are bound, each with the dimension it runs over."""

SHAPES = {
    "X": "m, n",
    "Y": "m, n",
    "Z": "n, m",
    "W": "n, c",
    "S": "m, c",
    "M": "c, n",
    "A": "n, n",
    "G": "m, m",
    "w": "n",
    "x": "n",
    "y": "m",
    "a": "m",
    "b": "1, c",
    "r": "1, n",
    "v": "c",
    "s": "scalar",
    "t": "scalar",
    "k": "m labels(c)",
    "l": "labels(c)",
}
SIZES = {"m": 4, "n": 3, "c": 2}
VARIABLES = tuple(name for name in SHAPES if name not in ("k", "l"))
INDEX_NAMES = "ijpqh"
LEAVES: dict[Shape, tuple[str, ...]] = {
    ("m", "n"): ("X", "Y"),
    ("n", "m"): ("Z",),
    ("n", "c"): ("W",),
    ("m", "c"): ("S",),
    ("c", "n"): ("M",),
    ("n", "n"): ("A",),
    ("m", "m"): ("G",),
    ("n", "1"): ("w", "x"),
    ("m", "1"): ("y", "a"),
    ("c", "1"): ("v",),
    ("1", "c"): ("b",),
    ("1", "n"): ("r",),
    ("1", "1"): ("s", "t"),
}
SMOOTH = {
    "sin": "np.sin({})",
    "cos": "np.cos({})",
    "tanh": "np.tanh({})",
    "atan": "np.arctan({})",
    "sigmoid": "1/(1 + np.exp(-({})))",
    "square": "np.square({})",
    "softplus": "np.logaddexp(0, {})",
}


class Pair(NamedTuple):
    """A formula in the plain language and the NumPy code that it means."""

    text: str
    code: str


class Grower:
    """Grows formulas of a wanted shape."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def objective(self, depth: int = 3) -> Pair:
        """A scalar with at least one sum over an index."""
        first = self.sum_over(("1", "1"), depth, {})
        choice = self.random.random()
        if choice < 0.2:
            second = self.sum_over(("1", "1"), depth - 1, {})
            operator = self.random.choice(["+", "-", "*"])
            first = Pair(
                f"({first.text}){operator}({second.text})", f"(({first.code}){operator}({second.code}))"
            )
        elif choice < 0.3:
            first = self.applied(first)
        elif choice < 0.4:
            shape = self.random.choice([("n", "1"), ("1", "c"), ("n", "c"), ("n", "n")])
            inner = self.sum_over(shape, depth, {})
            first = Pair(f"sumsq({inner.text})", f"np.sum(np.square({inner.code})).reshape(1, 1)")
        return first

    def program(self, depth: int = 2) -> Pair:
        """A part with a sum over an index, and an objective that uses it twice."""
        shape = self.random.choice([("n", "1"), ("1", "1"), ("n", "c"), ("1", "c")])
        part = self.sum_over(shape, depth, {})
        objective = self.sum_over(("1", "1"), depth, {})
        text = f"P = {part.text}\nL = {objective.text} + sumsq(P) - sum(sin(P))"
        code = f"(lambda P: {objective.code} + np.sum(P*P) - np.sum(np.sin(P)))({part.code})"
        return Pair(text, code)

    def grow(self, shape: Shape, depth: int, around: Around) -> Pair:
        """A formula of this shape under the indices bound around it."""
        if depth <= 0:
            return self.leaf(shape, around)
        makers: list[Callable[[Shape, int, Around], Pair]]
        makers = [self.added, self.entrywise, self.function, self.scaled, self.product, self.picked]
        if len(around) < 3:
            makers.append(self.sum_over)
        if shape == ("1", "1"):
            makers += [self.inner, self.inner, self.reduced, self.power, self.long, self.entry, self.entry]
        elif shape[0] == "1":
            makers += [self.softmax, self.row_of]
        elif shape[1] == "1":
            makers += [self.turned_row]
        else:
            makers += [self.outer, self.outer]
        return self.random.choice(makers)(shape, depth - 1, around)

    def _other(self, *fixed: str) -> str:
        return self.random.choice([dim for dim in SIZES if dim not in fixed])

    # leaves

    def leaf(self, shape: Shape, around: Around) -> Pair:
        """A name, or what the indices pick of one."""
        found = self.picks(shape, around)
        if found and self.random.random() < 0.8:
            return self.random.choice(found)
        rows, cols = shape
        names = [Pair(name, name) for name in LEAVES.get(shape, ())]
        names += [Pair(f"{name}'", f"{name}.T") for name in LEAVES.get((cols, rows), ()) if rows != cols]
        if not names:
            return Pair(f"ones({rows},{cols})", f"np.ones(({rows}, {cols}))")
        return self.random.choice(names)

    def picks(self, shape: Shape, around: Around) -> list[Pair]:
        """Every row, column and entry of this shape that the indices pick of a name."""
        found: list[Pair] = []
        for (rows, cols), names in LEAVES.items():
            for name in names:
                found += self._picks_of(name, (rows, cols), shape, around)
        return found

    def _picks_of(self, name: str, of: Shape, shape: Shape, around: Around) -> list[Pair]:
        rows, cols = of
        found: list[Pair] = []
        if rows != "1" and cols != "1":
            for row, code in self.items(rows, around):
                if shape == ("1", cols):
                    found.append(Pair(f"{name}[{row},:]", f"{name}[[{code}], :]"))
                if shape == (cols, "1"):
                    found.append(Pair(f"{name}[{row},:]'", f"{name}[[{code}], :].T"))
                if shape == ("1", "1"):
                    for col, inner in self.items(cols, around):
                        found.append(Pair(f"{name}[{row},{col}]", f"{name}[[{code}], [{inner}]][:, None]"))
            for col, code in self.items(cols, around):
                if shape == (rows, "1"):
                    found.append(Pair(f"{name}[:,{col}]", f"{name}[:, [{code}]]"))
                if shape == ("1", rows):
                    found.append(Pair(f"{name}[:,{col}]'", f"{name}[:, [{code}]].T"))
        elif shape == ("1", "1") and of != ("1", "1"):
            along = cols if rows == "1" else rows
            for item, code in self.items(along, around):
                found.append(Pair(f"{name}[{item}]", f"{name}.reshape(-1, 1)[[{code}]]"))
        return found

    def items(self, dim: str, around: Around) -> list[tuple[str, str]]:
        """What may index a dimension: an index that runs over it, or a label."""
        found = [(name, name) for name, over in around.items() if over == dim]
        if dim == "c":
            found += [(f"k[{name}]", f"k[{name}, 0]") for name, over in around.items() if over == "m"]
            if self.random.random() < 0.1:
                found.append(("l", "l[0, 0]"))
        return found

    # any shape

    def sum_over(self, shape: Shape, depth: int, around: Around) -> Pair:
        """A sum over a new index; sums side by side may use the same name."""
        name = next(letter for letter in INDEX_NAMES if letter not in around)
        dim = self.random.choice(["m", "m", "n", "c"])
        inside = {**around, name: dim}
        body = self.grow(shape, depth, inside)
        if not re.search(rf"[\[,]{name}[\],]", body.text):
            vector = {"m": "y", "n": "w", "c": "v"}[dim]
            body = Pair(f"{vector}[{name}]*({body.text})", f"{vector}[[{name}]]*({body.code})")
        return Pair(f"sum({name}, {body.text})", f"sum(({body.code}) for {name} in range({dim}))")

    def added(self, shape: Shape, depth: int, around: Around) -> Pair:
        left, right = self.grow(shape, depth, around), self.grow(shape, depth, around)
        operator = self.random.choice("+-")
        return Pair(f"({left.text} {operator} {right.text})", f"(({left.code}) {operator} ({right.code}))")

    def entrywise(self, shape: Shape, depth: int, around: Around) -> Pair:
        left, right = self.grow(shape, depth, around), self.grow(shape, depth, around)
        return Pair(f"({left.text}).*({right.text})", f"({left.code})*({right.code})")

    def function(self, shape: Shape, depth: int, around: Around) -> Pair:
        return self.applied(self.grow(shape, depth, around))

    def applied(self, inner: Pair) -> Pair:
        name = self.random.choice(list(SMOOTH))
        return Pair(f"{name}({inner.text})", f"({SMOOTH[name].format(f'({inner.code})')})")

    def scaled(self, shape: Shape, depth: int, around: Around) -> Pair:
        scalar, inner = self.grow(("1", "1"), depth, around), self.grow(shape, depth, around)
        return Pair(f"({scalar.text})*({inner.text})", f"({scalar.code})*({inner.code})")

    def product(self, shape: Shape, depth: int, around: Around) -> Pair:
        inside = self.random.choice(["m", "n", "c"])
        left = self.grow((shape[0], inside), depth - 1, around)
        right = self.grow((inside, shape[1]), depth - 1, around)
        return Pair(f"({left.text})*({right.text})", f"({left.code})@({right.code})")

    def picked(self, shape: Shape, depth: int, around: Around) -> Pair:
        """A row or column of a compound operand."""
        if not around or shape == ("1", "1") or "1" not in shape:
            return self.grow(shape, depth, around)
        name, dim = self.random.choice(list(around.items()))
        rows, cols = shape
        if rows == "1":
            base = self.grow((dim, cols), depth - 1, around)
            return Pair(f"({base.text})[{name},:]", f"({base.code})[[{name}], :]")
        base = self.grow((rows, dim), depth - 1, around)
        return Pair(f"({base.text})[:,{name}]", f"({base.code})[:, [{name}]]")

    # scalars

    def entry(self, shape: Shape, depth: int, around: Around) -> Pair:
        """An entry of a compound vector."""
        if not around:
            return self.grow(shape, depth, around)
        name, dim = self.random.choice(list(around.items()))
        base = self.grow((dim, "1"), depth, around)
        return Pair(f"({base.text})[{name}]", f"({base.code})[[{name}]]")

    def inner(self, shape: Shape, depth: int, around: Around) -> Pair:
        dim = self.random.choice(["m", "n", "c"])
        left, right = self.grow(("1", dim), depth, around), self.grow((dim, "1"), depth, around)
        return Pair(f"({left.text})*({right.text})", f"({left.code})@({right.code})")

    def reduced(self, shape: Shape, depth: int, around: Around) -> Pair:
        of = self.random.choice([("1", "n"), ("n", "1"), ("1", "c"), ("n", "c"), ("m", "n")])
        inner = self.grow(of, depth, around)
        if self.random.random() < 0.5:
            return Pair(f"sumsq({inner.text})", f"np.sum(np.square({inner.code})).reshape(1, 1)")
        return Pair(f"sum({inner.text})", f"np.sum({inner.code}).reshape(1, 1)")

    def power(self, shape: Shape, depth: int, around: Around) -> Pair:
        inner = self.grow(shape, depth, around)
        if self.random.random() < 0.3:
            return Pair(f"1/(2 + ({inner.text})^2)", f"1/(2 + ({inner.code})**2)")
        return Pair(f"({inner.text})^2", f"({inner.code})**2")

    def long(self, shape: Shape, depth: int, around: Around) -> Pair:
        inner = self.grow(("1", self.random.choice("nc")), depth, around)
        return Pair(f"logsumexp({inner.text})", f"np.log(np.sum(np.exp({inner.code}))).reshape(1, 1)")

    # rows, columns and matrices

    def softmax(self, shape: Shape, depth: int, around: Around) -> Pair:
        inner = self.grow(shape, depth, around)
        return Pair(f"softmax({inner.text})", f"(lambda u: np.exp(u)/np.sum(np.exp(u)))({inner.code})")

    def row_of(self, shape: Shape, depth: int, around: Around) -> Pair:
        dim = self._other(shape[1])
        left = self.grow(("1", dim), depth, around)
        right = self.leaf((dim, shape[1]), {})
        return Pair(f"({left.text})*{right.text}", f"({left.code})@{right.code}")

    def turned_row(self, shape: Shape, depth: int, around: Around) -> Pair:
        inner = self.grow(("1", shape[0]), depth, around)
        return Pair(f"({inner.text})'", f"({inner.code}).T")

    def outer(self, shape: Shape, depth: int, around: Around) -> Pair:
        left = self.grow((shape[0], "1"), depth, around)
        right = self.grow(("1", shape[1]), depth, around)
        return Pair(f"({left.text})*({right.text})", f"({left.code})@({right.code})")


def random_objective(seed: int) -> Pair:
    """The objective with this number."""
    random = Random(seed)
    grower = Grower(random)
    return grower.program() if random.random() < 0.15 else grower.objective(random.choice([1, 2, 2, 3, 3]))


def random_values(seed: int) -> dict[str, NDArray[Any]]:
    """Values of all names."""
    rng = np.random.default_rng(seed)
    values: dict[str, NDArray[Any]] = {}
    for name in VARIABLES:
        dims = [SIZES.get(dim.strip(), 1) for dim in SHAPES[name].split(",")]
        values[name] = 0.7 * rng.standard_normal((dims[0], dims[1] if len(dims) > 1 else 1))
    values["k"] = rng.integers(0, SIZES["c"], (SIZES["m"], 1))
    values["l"] = rng.integers(0, SIZES["c"], (1, 1))
    return values


def looped(code: str, values: Mapping[str, NDArray[Any]]) -> float:
    """The value of the loops."""
    value = eval(code, {"np": np, **SIZES, **values})
    return float(np.asarray(value).reshape(()))


def slope(code: str, values: Mapping[str, NDArray[Any]], name: str, direction: NDArray[Any]) -> float:
    """The derivative of the loops along a direction of one name, by central differences of higher order."""

    def at(step: float) -> float:
        return looped(code, {**values, name: values[name] + step * direction})

    h = 1e-3
    near, far = at(h) - at(-h), at(2 * h) - at(-2 * h)
    return (8 * near - far) / (12 * h)
