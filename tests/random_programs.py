"""Random programs: named parts that build on each other, used more than once, with labels and index sums.

Not a test itself: a generator. A program has two to eight statements; each part is grown from the
shape it gets, its leaves the declared names and the parts before it.
"""

from __future__ import annotations

from random import Random

from random_expressions import LEAVES, SHAPES, Grower, Shape, variables_in

PART_SHAPES: tuple[Shape, ...] = (
    ("m", "n"),
    ("n", "n"),
    ("n", "1"),
    ("m", "1"),
    ("1", "n"),
    ("1", "1"),
    ("m", "m"),
)
INDEX_SUMS = (
    "sum(i, ({M}[i,:]*{v} - {u}[i])^2)",
    "sum(i, log(sum(j, exp({M}[i,j]))) - {M}[i,k[i]])",
    "sum(i, sum(j, tanh({M}[i,j])*{u}[i]*{v}[j]))",
    "sum(j, sumsq({M}[:,j] - {u}))",
    "sum(i, {u}[i]*sigmoid({M}[i,:]*{v}))",
)


class ProgramGrower(Grower):
    """A grower whose leaves include the parts named so far."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.parts: dict[Shape, list[str]] = {}

    def leaf(self, shape: Shape) -> str:
        named = self.parts.get(shape, []) + [f"{name}'" for name in self.parts.get((shape[1], shape[0]), [])]
        if named and self.random.random() < 0.5:
            return self.random.choice(named)
        return super().leaf(shape)

    def index_sum(self) -> str:
        template = self.random.choice(INDEX_SUMS)
        return template.format(M=self._name("m", "n"), u=self._name("m", "1"), v=self._name("n", "1"))

    def _name(self, rows: str, cols: str) -> str:
        plain = [name for name in LEAVES[rows, cols] if "'" not in name]
        return self.random.choice(plain + self.parts.get((rows, cols), []))

    def program(self) -> str:
        lines = []
        for number in range(self.random.randint(1, 7)):
            shape = self.random.choice(PART_SHAPES)
            right = self.grow(shape, self.random.randint(1, 3))
            name = f"Z{number}"
            lines.append(f"{name} = {right}")
            self.parts.setdefault(shape, []).append(name)
        objective = self.grow(("1", "1"), self.random.randint(1, 3))
        if self.random.random() < 0.4:
            objective = f"{objective} + {self.index_sum()}"
        return "\n".join([*lines, f"L = {objective}"])


def program(seed: int) -> tuple[str, list[str]]:
    """A random program and up to three variables that stand in it."""
    random = Random(seed)
    for _ in range(200):
        text = ProgramGrower(random).program()
        names = variables_in(text)
        if names and len(text) < 700:
            return text, random.sample(names, min(len(names), random.randint(1, 3)))
    raise AssertionError("no program with a variable was grown")


__all__ = ["SHAPES", "program"]
