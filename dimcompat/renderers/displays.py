"""Steps for a page: sentences, and formulas below each other with the shape of every factor.

A module of its own because LaTeX, Markdown and HTML show a step alike, and unlike a terminal: as if scalar,
the arranged product and what it comes to are the lines of one display, with the reason at the right.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.derivation import Derivation, Step
from dimcompat.expressions import Expr
from dimcompat.language.assembly import fraction
from dimcompat.language.layout import layout
from dimcompat.language.notation import Layout, Terms
from dimcompat.language.writer import write_layout
from dimcompat.records import dataclass
from dimcompat.renderers.blocks import (
    AsScalar,
    Block,
    Formula,
    Heading,
    Quotient,
    Remark,
    Row,
    Sentence,
    sentence,
)
from dimcompat.renderers.dimension_looks import Order, order_of
from dimcompat.renderers.headings import heading
from dimcompat.renderers.outline import step_blocks
from dimcompat.renderers.pictures import Picture, picture_of
from dimcompat.renderers.told import Told, told_steps
from dimcompat.renderers.values import left_side, signs_of
from dimcompat.shapes import Shape

Left = str | Quotient | Layout | None


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of a product and, where it is to be shown, the shape below it."""

    value: Layout | Quotient | AsScalar
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a display: ``left relation right``, and a remark at its right.

    ``relation`` is ``=`` or ``~``; the right side is a product of ``factors``, with a minus in front where
    it is ``negative``. ``shape`` is that of the whole.
    """

    left: Left
    relation: str
    factors: tuple[Factor, ...]
    negative: bool = False
    shape: Shape | None = None
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Display:
    """Lines below each other."""

    lines: tuple[Line, ...]


PageBlock = Heading | Row | Remark | Display | Picture


def pages(derivation: Derivation, steps: str) -> Iterator[tuple[PageBlock, ...]]:
    """The blocks of each step."""
    order = order_of(derivation)
    for number, told in enumerate(told_steps(derivation) if steps != "none" else (), 1):
        yield tuple(brief_blocks(told, number) if steps == "brief" else page_blocks(told, number, order))


def brief_blocks(told: Told, number: int) -> Iterator[PageBlock]:
    """A step as its title and what it finds."""
    yield heading(told, number)
    found = told.step.names or (told.step.equation,)
    yield Display(tuple(Line(left_side(e.left), "=", (Factor(layout(e.right)),)) for e in found))


def page_blocks(told: Told, number: int, order: Order) -> Iterator[PageBlock]:
    """A step whole: its title, sentences, one display and, of a product, a picture.

    The dimensions have colours in ``order``.
    """
    step = told.step
    blocks = list(step_blocks(told, number))
    product = tuple(product_lines(step))
    hidden = {"row.scalar", "row.walk"} if product else set()
    reason = _short_reason(blocks) if len(product) == 1 else None
    lines: list[Line] = list(product)
    if reason is not None:
        hidden.add("row.why")
    for block in blocks:
        match block:
            case Formula():
                left = None if product else block.equality.left
                found = _formula_lines(block, left, reason)
                lines += found[1:] if len(product) == 2 and _is_arranged(found[0], step) else found
            case Row() if block.label.key in hidden:
                pass
            case Heading() | Row() | Remark():
                yield block
            case _:
                raise AssertionError(f"a step does not have {type(block).__name__}")
    yield Display(tuple(_without_repetition(lines)))
    drawing = picture_of(told, order)
    if drawing is not None:
        yield drawing


def _is_arranged(line: Line, step: Step) -> bool:
    """Whether a line says what the arranged product above it does."""
    value = line.factors[0].value
    if step.arranged is None or isinstance(value, Quotient | AsScalar):
        return False
    return write_layout(value) == write_layout(layout(step.arranged))


def _short_reason(blocks: list[Block]) -> Sentence | None:
    """The one reason of a step that is said beside its formula."""
    rows = [block for block in blocks if isinstance(block, Row) and block.label.key == "row.why"]
    said = rows[0].content[0] if len(rows) == 1 and len(rows[0].content) == 1 else None
    return said if isinstance(said, Sentence) and said.key in SHORT else None


SHORT = ("reason.scaling",)
"""Reasons that are short enough to stand beside a formula in every language."""


def _formula_lines(
    block: Formula, left: str | Quotient | Layout | None, reason: Sentence | None
) -> list[Line]:
    sides = block.equality.sides
    lines = []
    for place, side in enumerate(sides):
        last = place == len(sides) - 1
        shape = block.shape if last and (block.shape is None or not block.shape.is_scalar) else None
        said = reason if last else None
        lines.append(Line(left if place == 0 else None, "=", (Factor(side),), shape=shape, reason=said))
    return lines


def _without_repetition(lines: list[Line]) -> Iterator[Line]:
    """The lines without one that says what the one before it says."""
    before: Line | None = None
    for line in lines:
        told = before is not None and line.left is None and _said(line) == _said(before)
        if not told:
            yield line
        before = line


def _said(line: Line) -> tuple[object, ...]:
    values = (factor.value for factor in line.factors)
    spelled = (value if isinstance(value, Quotient | AsScalar) else write_layout(value) for value in values)
    return (line.relation, line.negative, *spelled)


def product_lines(step: Step) -> Iterator[Line]:
    """As if scalar, and the arranged product with the shapes that lead through it."""
    if not step.scalar or not step.factors or not isinstance(step.equation.left, tuple):
        return
    signs = signs_of(step)
    number, factors = _numbered(step.scalar, signs, scalar=True)
    shown = tuple(factors)
    if abs(number) != 1 or not shown:
        value = fraction(abs(number))
        shown = (Factor(value), *shown)
    left = left_side(step.equation.left)
    yield Line(left, "~", shown, negative=number < 0, reason=sentence("display.scalar"))
    if not step.walk or step.arranged is None:
        return
    number, factors = _numbered(tuple(edge.factor for edge in step.walk), signs, scalar=False)
    bodies = [ex.split_coefficient(edge.factor)[1] for edge in step.walk]
    if ex.multiply(ex.number(number), *bodies) is not step.arranged:
        return
    front = (Factor(fraction(abs(number))),) if abs(number) != 1 else ()
    yield Line(None, "=", (*front, *factors), negative=number < 0, reason=_order(step))


def _order(step: Step) -> Sentence | None:
    if step.wanted is None or len(step.walk) < 2:
        return None
    if step.decided_by == "dimensions":
        return sentence("display.only order", shape=step.wanted)
    return sentence("display.distinct") if step.decided_by == "distinct dimensions" else None


def _numbered(
    given: tuple[Expr, ...], signs: dict[Expr, Quotient], *, scalar: bool
) -> tuple[Fraction, list[Factor]]:
    """The number in front and the other factors, with the shapes of those that are not scalars."""
    number = Fraction(1)
    factors: list[Factor] = []
    for factor in given:
        if factor in signs:
            factors.append(Factor(signs[factor], factor.shape))
            continue
        own, body = ex.split_coefficient(factor)
        number *= own
        if isinstance(body, ex.Number) or (scalar and isinstance(body, ex.Ones | ex.Identity)):
            continue
        node = layout(body)
        negative = isinstance(node, Terms) and len(node.terms) == 1 and node.terms[0][0]
        if isinstance(node, Terms) and negative:
            number, node = -number, node.terms[0][1]
        shape = None if body.shape.is_scalar or isinstance(body, ex.Ones | ex.Zeros) else body.shape
        factors.append(Factor(AsScalar(node) if scalar else node, shape))
    return number, factors
