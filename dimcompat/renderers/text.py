"""The derivation on a terminal: numbered steps, one-line formulas that paste back, a boxed result.

A module of its own because a terminal has columns: everything about widths, indents and
the characters that a stream can show is here. Colours are the command line's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field

from dimcompat.derivation import Derivation, Step
from dimcompat.records import dataclass
from dimcompat.renderers.blocks import (
    Block,
    Equality,
    Formula,
    Heading,
    Problem,
    Remark,
    Result,
    Row,
    Sentence,
)
from dimcompat.renderers.definitions import definitions
from dimcompat.renderers.given import MOST
from dimcompat.renderers.glyphs import UNICODE, Glyphs
from dimcompat.renderers.hard_spaces import HARD_SPACE
from dimcompat.renderers.headings import formula_of, heading, notes
from dimcompat.renderers.outline import closing, problem, results, step_blocks
from dimcompat.renderers.text_speller import TextSpeller
from dimcompat.renderers.told import Told, told_steps
from dimcompat.renderers.values import left_side
from dimcompat.renderers.wrapping import broken, columns, equality_in_lines, padded, wrapped
from dimcompat.shapes import Shape

NOTE_COLUMN = 52
WIDEST = 120
NARROWEST = 40


@dataclass
class Page:
    """Lines of a width, and how blocks are put on them."""

    speller: TextSpeller
    width: int
    lines: list[str] = field(default_factory=list)
    inner: str = field(init=False)

    def __post_init__(self) -> None:
        self.inner = " " * (7 if self.width >= 76 else 3)

    def put(self, left: str, right: str = "", below: int = 0) -> None:
        """A line with a remark at its right, or below it (so far in) where it does not fit."""
        left = left.replace("\u00a0", " ")
        if not right:
            self.lines.append(left.rstrip())
            return
        filled, more = columns(left), columns(right)
        place = min(NOTE_COLUMN, self.width - (24 if more > 8 else 9))
        if filled + 2 <= place and place + more <= self.width:
            self.lines.append(left + " " * (place - filled) + right.replace("\u00a0", " "))
        elif filled + 3 + more <= self.width:
            self.lines.append(left + "   " + right.replace("\u00a0", " "))
        else:
            self.lines.append(left.rstrip())
            start = " " * max(len(left) - len(left.lstrip()), len(self.inner), below)
            self.lines += [start + line for line in wrapped(right, self.width - len(start))]

    def hang(self, first: str, text: str, note: str = "") -> None:
        """A text whose further lines stand below its beginning."""
        start = columns(first)
        lines = wrapped(text, self.width - start)
        for number, line in enumerate(lines):
            last = number == len(lines) - 1
            self.put((" " * start if number else first) + line, note if last else "", start)

    def formula(self, block: Formula) -> None:
        self.statement(equality_in_lines(self.speller.line(block.equality), self._room), block.shape)

    @property
    def _room(self) -> int:
        return self.width - len(self.inner)

    def statement(self, lines: Sequence[str], shape: Shape | None) -> None:
        """An equality with its shape beside it."""
        *above, last = lines
        for line in above:
            self.put(self.inner + line)
        self.put(self.inner + last, self.speller.shape(shape) if shape is not None else "")

    def side_by_side(self, formulas: Sequence[Formula]) -> None:
        """Many short equalities, those of one shape as statements on one line."""
        room = NOTE_COLUMN - len(self.inner) - 2
        waiting: list[str] = []
        shape = formulas[0].shape
        for block in formulas:
            text = self.speller.line(block.equality)
            if waiting and (block.shape != shape or columns(";  ".join([*waiting, text])) > room):
                self._together(waiting, shape)
                waiting = []
            waiting.append(text)
            shape = block.shape
        self._together(waiting, shape)

    def _together(self, said: Sequence[str], shape: Shape | None) -> None:
        lines = equality_in_lines(said[0], self._room) if len(said) == 1 else [";  ".join(said)]
        self.statement(lines, shape)

    def row(self, row: Row, label: str) -> None:
        content = " ".join(self.speller.spell(value) for value in row.content)
        note = self.speller.say(row.note) if row.note is not None else ""
        self.hang(self.inner + label, content, note)

    def problem(self, block: Problem) -> None:
        speller = self.speller
        signs = ", ".join(map(speller.spell, block.derivatives))
        said = [speller.say(convention) for convention in block.conventions]
        labels = [speller.say(Sentence("problem.for"))]
        labels += [speller.say(Sentence("problem.where"))] if block.parts else []
        wide = max(map(columns, labels)) + 3
        objective, *parts = map(speller.line, (block.objective, *block.parts))
        indent = f"{signs}   "
        together = columns(indent) <= (self.width // 4 if block.parts else self.width // 2)
        note = said[0]
        if not together or columns(indent) + wide + columns(objective) > self.width:
            self.hang("", signs, note)
            indent, note = "   ", ""
        for place, equality in enumerate((objective, *parts)):
            start = indent + padded(labels[place] if place < len(labels) else "", wide)
            lines = equality_in_lines(equality, self.width - columns(start))
            for number, line in enumerate(lines):
                remark = note if number == len(lines) - 1 else ""
                self.put(start + line, remark, len(self.inner) + 1)
                start = " " * columns(start)
            indent, note = " " * columns(indent), ""
        gap = "\u00a0" * 3
        given = [
            ", ".join(map(speller.spell, given.names))
            + " ".join(("", speller.shape(given.shape), *given.attributes)).replace(" ", "\u00a0")
            for given in block.declarations
        ]
        lines = wrapped(f"{gap} ".join(given), self.width - len(self.inner) - 1)
        for line in lines[:-1]:
            self.put(f"{self.inner} {line}")
        self.put(
            f"{self.inner} {lines[-1] if lines else ''}",
            said[1] if len(said) > 1 else "",
            len(self.inner) + 1,
        )

    def heading(self, block: Heading) -> None:
        start = padded(str(block.number), 2) + " "
        if block.lead is not None:
            start += self.speller.quotient(block.lead.objective, block.lead.variable) + "   "
        self.hang(start, self.speller.say(block.title) if block.title is not None else "")

    def results(self, blocks: Sequence[Result]) -> None:
        """The answers in one box; each with its forms, or too long for a line, on its own."""
        room = self.width - 3 - 4
        if any(block.forms for block in blocks) or not self._box(list(map(self._with_shape, blocks)), room):
            for block in blocks:
                self.result(block)

    def _with_shape(self, block: Result) -> tuple[str, str]:
        return self.speller.line(block.equality), self.speller.shape(block.shape).replace("\u00a0", " ")

    def _box(self, pairs: Sequence[tuple[str, str]], room: int) -> bool:
        """The pairs in a box, where each of them fits in the room."""
        filled = [(columns(text), columns(shape)) for text, shape in pairs]
        if any(text + 3 + shape > room for text, shape in filled):
            return False
        glyphs = self.speller.glyphs
        text_width, shape_width = (max(column) for column in zip(*filled, strict=True))
        gap = min(8, room - text_width - shape_width)
        rule = glyphs.horizontal * (text_width + gap + shape_width + 2)
        self.put(f"   {glyphs.corners[0]}{rule}{glyphs.corners[1]}")
        for (text, shape), own in zip(pairs, filled, strict=True):
            space = " " * (text_width + gap + shape_width - sum(own))
            self.put(f"   {glyphs.vertical} {text}{space}{shape} {glyphs.vertical}")
        self.put(f"   {glyphs.corners[2]}{rule}{glyphs.corners[3]}")
        return True

    def result(self, block: Result) -> None:
        """The answer in a box; where it needs several lines, between rules, so that it can be copied."""
        room = self.width - 3 - 4
        text, shape = self._with_shape(block)
        if not self._box([(text, shape)], room):
            lines = equality_in_lines(text, self.width - 3)
            width = min(self.width - 3, max(map(columns, lines)) + len(shape) + 3)
            rule = self.speller.glyphs.horizontal * width
            self.put(f"   {rule}")
            for number, line in enumerate(lines):
                self.put(f"   {line}", shape if number == len(lines) - 1 else "")
            self.put(f"   {rule}")
        for label, form in block.forms:
            start = f"   {self.speller.say(label)}   "
            formula = self.speller.spell(form).replace(HARD_SPACE, " ")
            if columns(start) + columns(formula) > self.width:
                self.put(start)
                start = " " * 7
            for line in broken("", formula, self.width - columns(start), ""):
                self.put(start + line)
                start = " " * columns(start)

    def remark(self, block: Remark) -> None:
        self.hang(self.inner, "  ".join(map(self.speller.say, block.sentences)))

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Blocks below each other; the rows of a step share the width of their labels."""
        labels = [self.speller.say(block.label) for block in blocks if isinstance(block, Row)]
        label_width = max(map(columns, labels), default=0)
        label_width = max(label_width, 12) + 3
        unused = iter(labels)
        formulas = [block for block in blocks if isinstance(block, Formula)]
        for block in blocks:
            match block:
                case Formula() if len(formulas) > MOST:
                    if block is formulas[0]:
                        self.side_by_side(formulas)
                case Heading():
                    self.heading(block)
                case Row():
                    self.row(block, padded(next(unused), label_width))
                case Formula():
                    self.formula(block)
                case Remark():
                    self.remark(block)
                case Problem():
                    self.problem(block)
                case Result():
                    self.result(block)


def render_text(
    derivation: Derivation,
    *,
    steps: str = "all",
    lang: str | None = None,
    width: int | None = None,
    glyphs: Glyphs = UNICODE,
    pictures: bool = False,
    colours: bool = False,
) -> str:
    """The derivation as a terminal shows it; ``glyphs`` are the characters that it may use.

    With ``pictures`` the factors of products are drawn, in ``colours`` where the terminal has them.
    """
    page = Page(TextSpeller(lang, glyphs), min(max(width or 80, NARROWEST), WIDEST))
    for remark in notes(derivation, opening=True):
        page.hang("", "  ".join(map(page.speller.say, remark.sentences)))
    page.blocks([problem(derivation)])
    if steps == "brief":
        page.put("")
        _brief(page, derivation)
    draw = _pictures(page, derivation, colours) if pictures else _no_picture
    for number, told in enumerate(told_steps(derivation) if steps == "all" else (), 1):
        page.put("")
        page.blocks(list(step_blocks(told, number)))
        page.lines += draw(told)
    page.put("")
    page.results(list(results(derivation)))
    for remark in definitions(derivation, steps):
        page.hang("   ", "  ".join(map(page.speller.say, remark.sentences)))
    page.hang("   ", f" {glyphs.dot} ".join(map(page.speller.say, closing(derivation))))
    for remark in notes(derivation, opening=False):
        page.hang("   ", "  ".join(map(page.speller.say, remark.sentences)))
    return "\n".join(page.lines) + "\n"


def _no_picture(_told: Told) -> list[str]:
    return []


def _pictures(page: Page, derivation: Derivation, colours: bool) -> Callable[[Told], list[str]]:
    from dimcompat.renderers.text_pictures import pictures_of

    return pictures_of(derivation, page.speller, page.width, f"{page.inner} ", colours=colours)


def _brief(page: Page, derivation: Derivation) -> None:
    """One line for each step: what it finds, and how."""
    lines: list[tuple[str, str]] = []
    for number, told in enumerate(told_steps(derivation), 1):
        text = ",  ".join(map(page.speller.line, _found(told.step)))
        title = heading(told, number).title
        left = f"{padded(str(number), 2)} {text}"
        lines.append((left, page.speller.say(title) if title is not None else ""))
    column = min(max((columns(left) for left, _ in lines), default=0), page.width // 2)
    page.lines += [f"{padded(left, column)}   {said}".replace("\u00a0", " ").rstrip() for left, said in lines]


def _found(step: Step) -> Iterator[Equality]:
    for equation in step.names or (step.equation,):
        yield Equality(left_side(equation.left), (formula_of(equation),))
