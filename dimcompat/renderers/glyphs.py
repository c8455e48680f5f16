"""The characters that a stream can show: the Unicode ones, or plain ASCII in their place.

A module of its own because widths are counted in what is shown, so the choice is made before
anything is laid out, by whoever knows the stream.
"""

from __future__ import annotations

from dimcompat.language.assembly import dimension
from dimcompat.language.notation import Layout, Notation, Piece, Power, Transposed
from dimcompat.records import dataclass
from dimcompat.renderers.unicode_formula import ScalarNotation, UnicodeNotation, derivative
from dimcompat.shapes import Dim, Shape

_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "−": "-", "·": "*", "×": " x ", "…": "...", "→": "->", "─": "-", "≥": ">=", "–": "-"}
    | {
        "⊙": ".*",
        "⊘": "./",
        "ᵀ": "'",
        "∂": "d",
        "Σ": "Sum",
        "∇": "grad_",
        "—": "-",
        "⁻": "^-",
        "└": "`",
        "├": "|",
    }
)


class PlainScalars(Notation):
    """Everything as if it were a number, in plain text."""

    glue = {"scale": "*", "matrix": "*", "entry": "*"}  # noqa: RUF012
    entry_slash = "/"

    def power(self, node: Power, done: dict[Layout, Piece]) -> Piece:
        return super().power(Power(node.base, node.exponent, "scalar"), done)

    def transposed(self, node: Transposed, done: dict[Layout, Piece]) -> Piece:
        return done[node.operand]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Notation for formulas, and the characters for boxes, walks and lists."""

    notation: Notation
    scalars: Notation
    ascii: bool
    corners: str
    horizontal: str
    vertical: str
    line: str
    arrow: str
    dot: str
    times: str
    dashes: str

    def quotient(self, objective: str, variable: str | tuple[str, str]) -> str:
        """The sign of a derivative."""
        if isinstance(variable, str):
            return f"d{objective}_d{variable}" if self.ascii else derivative(objective, variable)
        first, second = variable
        if self.ascii:
            return f"d{objective}_d{first}_d{second}"
        return f"∂²{objective}/∂{first}²" if first == second else f"∂²{objective}/∂{first}∂{second}"

    def dimension(self, dim: Dim) -> str:
        """A dimension as arithmetic."""
        return self.notation.write(dimension(dim)).replace(" ", "")

    def shape(self, shape: Shape) -> str:
        """``m×n``; what is not one name or number stands in brackets."""
        sides = (self.dimension(dim) for dim in shape)
        return self.times.join(side if side.isalnum() else f"({side})" for side in sides)

    def fitted(self, text: str) -> str:
        """A sentence in these characters."""
        return text.translate(_PLAIN) if self.ascii else text


UNICODE = Glyphs(UnicodeNotation(), ScalarNotation(), False, "╭╮╰╯", "─", "│", "─", "→", "·", "×", "┄┆")
ASCII = Glyphs(Notation(), PlainScalars(), True, "++++", "-", "|", "-", "->", "-", " x ", ".:")


def glyphs_for(encoding: str | None) -> Glyphs:
    """The characters for a stream of this encoding: all of the Unicode ones, or none."""
    try:
        "∂·ᵀ−×⊙⊘→─│╭╮╰╯┄┆⁻¹²“”".encode(encoding or "ascii")
    except (UnicodeError, LookupError):
        return ASCII
    return UNICODE
