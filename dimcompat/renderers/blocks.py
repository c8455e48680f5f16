"""Neutral blocks: what a derivation says, before any format decides how it looks.

A module of its own because every format prints these and none looks at a `Step`: a new
format is a speller for formulas and a printer for a handful of blocks.
"""

from __future__ import annotations

from dimcompat.derivation import Edge
from dimcompat.expressions import Expr
from dimcompat.language.layout import layout
from dimcompat.language.notation import Layout
from dimcompat.messages import filled, language, sentences
from dimcompat.records import dataclass
from dimcompat.shapes import Dim, Shape


@dataclass(frozen=True, slots=True)
class Quotient:
    """The derivative of an objective by a variable, as a sign: ∂J/∂w."""

    objective: str
    variable: str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Equality:
    """``left = side = side …``; ``left`` is a name, the sign of a derivative or a call."""

    left: str | Quotient | Layout
    sides: tuple[Layout, ...]


@dataclass(frozen=True, slots=True)
class AsScalar:
    """A formula to be read as if everything in it were a number."""

    node: Layout


@dataclass(frozen=True, slots=True)
class Walk:
    """The way through the dimensions; ``signs`` are factors that are written by a sign of their own."""

    edges: tuple[Edge, ...]
    signs: tuple[tuple[Expr, Quotient | Layout], ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """Several values, parted by commas; ``last`` joins the last one, as "and" does."""

    items: tuple[Value, ...]
    last: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message by its key, with the values of its fields."""

    key: str
    fields: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A plain word or number that goes into a sentence as it is."""

    text: str


Value = Word | Expr | Layout | AsScalar | Dim | Shape | Quotient | Equality | Walk | Listed | Sentence


def sentence(key: str, **fields: Value | str) -> Sentence:
    """A sentence; a plain string is the name of a value."""
    return Sentence(key, tuple([(k, Word(v) if isinstance(v, str) else v) for k, v in fields.items()]))


@dataclass(frozen=True, slots=True)
class Given:
    """Declared names that share a shape; an ellipsis stands for those between two of a numbered family."""

    names: tuple[Layout, ...]
    shape: Shape
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """The question: which derivatives of what, of which names, in which layout and shape.

    ``parts`` are what the program names, as typed; of many only some, with an ellipsis between them,
    and so with ``derivatives``.
    """

    derivatives: tuple[Quotient | Layout, ...]
    objective: Equality
    conventions: tuple[Sentence, ...]
    declarations: tuple[Given, ...]
    parts: tuple[Equality, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a step: its number, what it finds, and the rest of the title."""

    number: int
    lead: Quotient | None
    title: Sentence | None


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation on its own line, with its shape."""

    equality: Equality
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled line: as if scalar, wanted, walk; ``note`` is a remark beside it."""

    label: Sentence
    content: tuple[Value, ...]
    note: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Sentences that stand as a paragraph."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer, to be set apart, and its other forms, each under its name."""

    equality: Equality
    shape: Shape
    forms: tuple[tuple[Sentence, Expr], ...] = ()


Block = Problem | Heading | Formula | Row | Remark | Result


class Speller:
    """Values to text in one notation and language; a format fills in the methods that raise."""

    def __init__(self, lang: str | None = None) -> None:
        self.lang = language(lang)
        self.sentences = sentences(self.lang)

    def formula(self, node: Layout) -> str:
        raise NotImplementedError

    def quotient(self, objective: str, variable: str | tuple[str, str]) -> str:
        raise NotImplementedError

    def name(self, name: str) -> str:
        raise NotImplementedError

    def shape(self, shape: Shape) -> str:
        raise NotImplementedError

    def dimension(self, dim: Dim) -> str:
        raise NotImplementedError

    def scalar(self, node: Layout) -> str:
        raise NotImplementedError

    def walk(self, walk: Walk) -> str:
        raise NotImplementedError

    def equality(self, value: Equality) -> str:
        """``left = right``, each further side once."""
        raise NotImplementedError

    def say(self, said: Sentence) -> str:
        """The sentence in the speller's language and notation."""
        fields = {key: self.spell(value) for key, value in said.fields}
        return filled(self.sentences[said.key], fields, self.lang)

    def spell(self, value: Value) -> str:
        """One value."""
        match value:
            case Word():
                return value.text
            case Expr():
                return self.formula(layout(value))
            case Sentence():
                return self.say(value)
            case Quotient():
                return self.quotient(value.objective, value.variable)
            case Equality():
                return self.equality(value)
            case Walk():
                return self.walk(value)
            case AsScalar():
                return self.scalar(value.node)
            case Listed():
                return self.listed(value)
            case Shape():
                return self.shape(value)
            case Dim():
                return self.dimension(value)
            case _:
                return self.formula(value)

    def listed(self, value: Listed) -> str:
        items = [self.spell(item) for item in value.items]
        if value.last and len(items) > 1:
            joined = self.sentences["list.comma"].join(items[:-1])
            return filled(self.sentences["list.and"], {"first": joined, "last": items[-1]}, self.lang)
        return self.sentences["list.comma"].join(items)
