"""Random well-shaped expressions in the plain language, over all operators and functions.

Not a test itself: a generator that several tests share. An expression is grown from the
shape it must have, so everything it makes is well shaped; arguments of functions with a
restricted domain are wrapped so that they stay in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

Shape = tuple[str, str]

SHAPES = {
    "X": "m, n",
    "Y": "m, n",
    "A": "n, n",
    "B": "n, m",
    "C": "m, m",
    "S": "n, n symmetric",
    "P": "n, n posdef",
    "D": "n, n diagonal",
    "Q": "n, n orthogonal",
    "x": "n",
    "z": "n",
    "y": "m",
    "b": "1, n",
    "s": "scalar",
    "t": "scalar",
    "k": "m labels(n)",
}
LEAVES: dict[Shape, tuple[str, ...]] = {
    ("m", "n"): ("X", "Y", "B'"),
    ("n", "m"): ("B", "X'"),
    ("n", "n"): ("A", "S", "P", "D", "Q", "A'"),
    ("m", "m"): ("C", "C'"),
    ("n", "1"): ("x", "z", "b'"),
    ("m", "1"): ("y",),
    ("1", "n"): ("b", "x'"),
    ("1", "m"): ("y'",),
    ("1", "1"): ("s", "t"),
}
ANY_ARGUMENT = [
    "exp",
    "sin",
    "cos",
    "tanh",
    "atan",
    "sigmoid",
    "softplus",
    "gelu",
    "silu",
    "erf",
    "asinh",
    "square",
    "abs",
    "relu",
    "cosh",
    "sinh",
]
POSITIVE_ARGUMENT = ["log", "sqrt", "log1p"]
WITHIN_ONE = ["asin", "acos", "atanh", "tan", "expm1"]


@dataclass
class Grower:
    """Grows expressions of a wanted shape; ``used`` collects the functions and operators it took."""

    random: Random
    used: set[str] = field(default_factory=set)

    def grow(self, shape: Shape, depth: int) -> str:
        if depth <= 0:
            return self.leaf(shape)
        makers = [self.sum, self.difference, self.entrywise, self.function, self.scaled, self.product]
        makers += [self.leaf_only, self.quotient, self.power, self.negative]
        makers += [self.transposed, self.stretched]
        rows, cols = shape
        if shape == ("1", "1"):
            makers += [self.reduced, self.reduced, self.traced, self.inner]
        elif cols == "1":
            makers += [self.row_reduced, self.softmax, self.diagonal_of, self.vectorised]
        elif rows == "1":
            makers += [self.column_reduced, self.softmax]
        else:
            makers += [self.outer, self.softmax, self.constant]
            if rows == cols:
                makers += [self.inverse, self.diagonal, self.square_power]
            if shape == ("m", "n"):
                makers.append(self.labelled)
        return self.random.choice(makers)(shape, depth - 1)

    def _take(self, name: str) -> str:
        self.used.add(name)
        return name

    def leaf(self, shape: Shape) -> str:
        if self.random.random() < 0.1:
            rows, cols = shape
            if shape == ("1", "1"):
                return self.random.choice(["2", "3", "1/2", "0.5", "m", "pi"])
            return f"{self._take('ones')}({rows},{cols})"
        return self.random.choice(LEAVES[shape])

    def leaf_only(self, shape: Shape, _: int) -> str:
        return self.leaf(shape)

    def sum(self, shape: Shape, depth: int) -> str:
        return f"({self.grow(shape, depth)} {self._take('+')} {self.grow(shape, depth)})"

    def difference(self, shape: Shape, depth: int) -> str:
        return f"({self.grow(shape, depth)} {self._take('-')} {self.grow(shape, depth)})"

    def stretched(self, shape: Shape, depth: int) -> str:
        small = self.random.choice([("1", "1"), (shape[0], "1"), ("1", shape[1])])
        sides = [self.grow(shape, depth), self.grow(small, depth)]
        self.random.shuffle(sides)
        return f"({self.random.choice([' + ', ' - ', ' .* ']).join(sides)})"

    def entrywise(self, shape: Shape, depth: int) -> str:
        self._take(".*")
        return f"({self.grow(shape, depth)} .* {self.grow(shape, depth)})"

    def quotient(self, shape: Shape, depth: int) -> str:
        self._take("./")
        return f"({self.grow(shape, depth)} ./ {self.positive(shape, depth - 1)})"

    def scaled(self, shape: Shape, depth: int) -> str:
        scalar = self.grow(("1", "1"), depth)
        if self.random.random() < 0.3:
            return f"({self.grow(shape, depth)} {self._take('/')} {self.positive(('1', '1'), depth - 1)})"
        return f"({scalar} * {self.grow(shape, depth)})"

    def product(self, shape: Shape, depth: int) -> str:
        self._take("*")
        inner = self.random.choice(["m", "n", "1"])
        return f"({self.grow((shape[0], inner), depth)} * {self.grow((inner, shape[1]), depth)})"

    def negative(self, shape: Shape, depth: int) -> str:
        return f"(-{self.grow(shape, depth)})"

    def transposed(self, shape: Shape, depth: int) -> str:
        return f"({self.grow((shape[1], shape[0]), depth)}){self._take(chr(39))}"

    def power(self, shape: Shape, depth: int) -> str:
        if self.random.random() < 0.4:
            exponent = self.random.choice(["1/2", "-1", "3/2", "t"])
            return f"({self.positive(shape, depth)}){self._take('.^')}({exponent})"
        return f"({self.grow(shape, depth)}).^{self.random.choice(['2', '3'])}"

    def positive(self, shape: Shape, depth: int) -> str:
        if self.random.random() < 0.5:
            return f"{self._take('exp')}({self.bounded(shape, depth)})"
        return f"(1/2 + {self._take('square')}({self.bounded(shape, depth)}))"

    def bounded(self, shape: Shape, depth: int) -> str:
        return f"{self._take('tanh')}({self.grow(shape, depth)})"

    def function(self, shape: Shape, depth: int) -> str:
        group = self.random.random()
        if group < 0.15:
            name = self._take(self.random.choice(POSITIVE_ARGUMENT))
            return f"{name}({self.positive(shape, depth)})"
        if group < 0.3:
            name = self._take(self.random.choice(WITHIN_ONE))
            return f"{name}(1/2*{self.bounded(shape, depth)})"
        if group < 0.4:
            name = self._take(self.random.choice(["maximum", "minimum"]))
            return f"{name}({self.grow(shape, depth)}, {self.grow(shape, depth)})"
        name = self._take(self.random.choice(ANY_ARGUMENT))
        grow = self.bounded if name in ("exp", "cosh", "sinh") else self.grow
        return f"{name}({grow(shape, depth)})"

    def softmax(self, shape: Shape, depth: int) -> str:
        name = self._take(self.random.choice(["softmax", "logsoftmax"]))
        axis = self.random.choice(["", ", axis=0", ", axis=1"]) if "1" not in shape else ""
        return f"{name}({self.grow(shape, depth)}{axis})"

    def any_matrix(self, depth: int) -> str:
        return self.grow((self.random.choice("mn1"), self.random.choice("mn1")), depth)

    def reduced(self, _: Shape, depth: int) -> str:
        name = self._take(self.random.choice(["sum", "mean", "sumsq", "norm1", "norm2", "logsumexp"]))
        return f"{name}({self.any_matrix(depth)})"

    def traced(self, _: Shape, depth: int) -> str:
        dim = self.random.choice("mn")
        if self.random.random() < 0.3:
            name = self._take(self.random.choice(["det", "logdet"]))
            return f"{name}(P + {self.grow(('n', '1'), depth)}*{self._take('x')}')"
        return f"{self._take('tr')}({self.grow((dim, dim), depth)})"

    def inner(self, _: Shape, depth: int) -> str:
        shape = (self.random.choice("mn"), self.random.choice("mn1"))
        return f"{self._take('dot')}({self.grow(shape, depth)}, {self.grow(shape, depth)})"

    def row_reduced(self, shape: Shape, depth: int) -> str:
        name = self._take(self.random.choice(["sum", "mean", "logsumexp"]))
        return f"{name}({self.grow((shape[0], self.random.choice('mn')), depth)}, axis=1)"

    def column_reduced(self, shape: Shape, depth: int) -> str:
        name = self._take(self.random.choice(["sum", "mean", "logsumexp"]))
        return f"{name}({self.grow((self.random.choice('mn'), shape[1]), depth)}, axis=0)"

    def outer(self, shape: Shape, depth: int) -> str:
        left, right = self.grow((shape[0], "1"), depth), self.grow((shape[1], "1"), depth)
        return f"{self._take('outer')}({left}, {right})"

    def diagonal(self, shape: Shape, depth: int) -> str:
        return f"{self._take('diag')}({self.grow((shape[0], '1'), depth)})"

    def diagonal_of(self, shape: Shape, depth: int) -> str:
        return f"{self._take('diag')}({self.grow((shape[0], shape[0]), depth)})"

    def vectorised(self, shape: Shape, depth: int) -> str:
        return f"{self._take('vec')}({self.grow(shape, depth)})"

    def inverse(self, shape: Shape, depth: int) -> str:
        dim = shape[0]
        half = self.bounded((dim, self.random.choice("mn1")), depth)
        return f"{self._take('inv')}({self._take('eye')}({dim}) + ({half})*({half})')"

    def square_power(self, shape: Shape, depth: int) -> str:
        return f"({self.grow(shape, depth)}){self._take('^')}{self.random.choice('23')}"

    def constant(self, shape: Shape, depth: int) -> str:
        return self.leaf(shape) if shape[0] != shape[1] else f"eye({shape[0]})"

    def labelled(self, _: Shape, depth: int) -> str:
        self._take("pick")
        picked = f"pick({self.grow(('m', 'n'), depth)}, k)"
        return f"({self._take('onehot')}(k, n) - {picked}*{LEAVES['1', 'n'][0]})"


def variables_in(text: str) -> list[str]:
    """The declared names that a derivative can be taken by and that stand in the text."""
    return [name for name in SHAPES if name != "k" and _stands_in(name, text)]


def _stands_in(name: str, text: str) -> bool:
    padded = f" {text} "
    return any(
        padded[i : i + len(name)] == name
        and not (padded[i - 1].isalnum() or padded[i - 1] == "_")
        and not (padded[i + len(name)].isalnum() or padded[i + len(name)] in "_(")
        for i in range(1, len(padded) - len(name))
    )
