r"""The names that a LaTeX text may use, so that ``Xw`` can be told from the name ``Xw``.

A module of its own because in LaTeX a product has no sign: where a word ends is a question of what has
been declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from dimcompat.language.declarations import Declarations, ShapeLike, declare_passed
from dimcompat.language.inference import kind
from dimcompat.language.latex_words import GREEK
from dimcompat.language.plain import Token, tokens
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, Dim

UNKNOWN_LETTER = 100


@dataclass(slots=True)
class Known:
    """Names by what they are. ``matrices`` are neither rows, columns nor scalars, as far as that is known,
    ``shaped`` are declared and no scalars, ``columns`` those of them that are columns, ``likely`` are parts
    that are matrices by their capital; ``classes`` say how many classes labels have, ``formulas`` are
    written out where they are used; ``separate`` says that a word nobody declared is the product of its
    letters."""

    values: set[str] = field(default_factory=set)
    matrices: set[str] = field(default_factory=set)
    scalars: set[str] = field(default_factory=set)
    shaped: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    dimensions: set[str] = field(default_factory=set)
    formulas: set[str] = field(default_factory=set)
    likely: set[str] = field(default_factory=set)
    classes: dict[str, list[Token]] = field(default_factory=dict)
    separate: bool = False

    @classmethod
    def passed(cls, shapes: Mapping[str, ShapeLike], *, separate: bool) -> Known:
        """What is declared beside a text. Raises a DimcompatError where a declaration is at fault."""
        declared = Declarations()
        declare_passed(declared, shapes)
        found = cls(separate=separate)
        for name, symbol in declared.symbols.items():
            found.take(name)
            if ONE not in symbol.shape:
                found.matrices.add(name)
            elif symbol.shape.is_scalar:
                found.scalars.add(name)
            if not symbol.shape.is_scalar:
                found.shaped.add(name)
            if symbol.shape.is_column and not symbol.shape.is_scalar:
                found.columns.add(name)
            if symbol.labels is not None:
                found.label(name, symbol.labels)
        found.functions |= set(declared.functions)
        found.dimensions |= set(declared.dimensions)
        return found

    def label(self, name: str, classes: Dim) -> None:
        """Takes note of labels and of how many classes they have."""
        self.labels.add(name)
        self.classes[name] = tokens(str(classes))[:-1]

    def take(self, name: str) -> None:
        """Takes note of a value."""
        self.values.add(name)

    def __contains__(self, name: str) -> bool:
        return any(name in names for names in (self.values, self.functions, self.dimensions, self.formulas))

    def is_column(self, name: str) -> bool:
        """Whether a name is known to be a column, or read as one where shapes are inferred."""
        return name in self.columns or (self.separate and name not in self and kind(name) == "column")

    def is_scalar(self, name: str) -> bool:
        """Whether a name is known to be a scalar, or read as one where shapes are inferred."""
        known = name in self.scalars or name in self.dimensions
        return known or (self.separate and name not in self and kind(name) == "scalar")

    def letter(self, command: str) -> str:
        r"""The name that ``\theta`` stands for."""
        names = GREEK[command]
        return next((name for name in names if name in self), names[0])

    def prefixed(self, start: str) -> bool:
        """Whether a known name goes on from this one with a subscript or a superscript."""
        return any(name.startswith(start + "_") for name in (*self.values, *self.functions))

    def split(self, word: str, indices: Iterable[str] = ()) -> list[str]:
        """A word as the product of known names, as few as possible; what is not known stands by its letters,
        or as it is where nothing in it is known."""
        if len(word) == 1 or word in self or self.prefixed(word):
            return [word]
        known = {*self.values, *self.functions, *self.dimensions, *self.formulas, *indices}
        going_on = {name[:at] for name in (*self.values, *self.functions) for at in _underscores(name)}
        longest = max(map(len, (*known, *going_on)), default=1)
        best: list[tuple[int, int]] = [(0, 0)]  # the cost of what ends here, and where its last piece starts
        digits = 0  # where the digits that end here start
        for end in range(1, len(word) + 1):
            digits = digits if word[end - 1].isdigit() else end
            found: list[tuple[int, int]] = []
            starts = range(max(0, end - longest), end)
            for start in starts if digits >= starts[0] else (digits, *starts):
                piece = word[start:end]
                cost, _ = best[start]
                if (
                    piece in known
                    or (piece[0].isalpha() and piece in going_on)
                    or (start and start == digits)
                ):
                    found.append((cost + 1, start))
                elif len(piece) == 1:
                    found.append((cost + UNKNOWN_LETTER, start))
            best.append(min(found, key=lambda item: item[0]))
        parts: list[str] = []
        end, cost = len(word), best[-1][0]
        while end:
            start = best[end][1]
            parts.append(word[start:end])
            end = start
        parts.reverse()
        letters = sum(letter.isalpha() for letter in word)
        nothing_known = cost >= UNKNOWN_LETTER * letters and not self.separate
        return [word] if nothing_known else parts


def _underscores(name: str) -> list[int]:
    return [at for at, sign in enumerate(name) if sign == "_"]
