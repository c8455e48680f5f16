"""What a derivation is: plain data, the steps in order, and what the numeric check found.

A module of its own because it is the seam of the product: everything before it knows
nothing of output, everything after it never differentiates.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import field
from typing import Literal

from dimcompat.callers import within_limits
from dimcompat.expressions import Expr, Symbol, scoped
from dimcompat.operations import Operation
from dimcompat.records import dataclass
from dimcompat.shapes import Dim, Shape

StepKind = Literal[
    "problem",
    "name",
    "product",
    "scaling",
    "entrywise",
    "sum",
    "reduction",
    "broadcast",
    "rule",
    "samples",
    "collect",
    "simplify",
    "result",
]
Decision = Literal["dimensions", "distinct dimensions", "rule"]
WEAKEST_FIRST: tuple[Decision, ...] = ("rule", "distinct dimensions", "dimensions")


@dataclass(frozen=True, slots=True)
class Equation:
    """``left = right``. The left side is a name, ``(J, w)`` for the derivative of J by w, or a call."""

    left: str | tuple[str, str] | Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Candidate:
    """An arrangement that the declared shapes allow.

    ``miss`` is its relative distance from the chosen one at a random point without any
    symmetry: 0 for the chosen one and for one that is equal here; None where no probe was made.
    ``order`` are the factors as they were arranged, the scalar in front first if there is one.
    """

    expression: Expr
    miss: float | None = None
    order: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One step of the walk: ``factor`` (as it stands in the product, transposed or not) leads
    from dimension ``start`` to ``end``."""

    factor: Expr
    start: Dim
    end: Dim


@dataclass(frozen=True, slots=True)
class Junctions:
    """The distinct dimensions that decide: the factors of the link, each with the shape it has when
    every junction has a dimension of its own, and the wanted shape in those."""

    factors: tuple[tuple[Expr, Shape], ...]
    wanted: Shape


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Which fields are set depends on its kind:

    * problem — ``equation``: the objective; ``wanted``: the result's shape; ``variable``
    * name — ``names``: the parts that get a name, the objective last
    * product, scaling, entrywise, sum, reduction, broadcast, rule — the derivative by ``variable``
      ``through`` a link, given the ``upstream`` derivative: ``scalar`` the factors of the derivative as if
      everything were a number (no order), ``wanted``, ``factors``, ``arranged``, and the new ``equation``
    * collect — ``terms``: the contributions, added in ``equation``
    * simplify — ``before``, ``equation`` after it
    * result — ``equation``, ``wanted``, ``decided_by``

    ``occurrence`` is (k, n): the k-th of n uses of the variable in its link. ``reason`` is the key of the
    sentence that says why, with ``facts`` its fields.
    """

    kind: StepKind
    equation: Equation
    variable: str | None = None
    through: Equation | None = None
    upstream: Equation | None = None
    occurrence: tuple[int, int] | None = None
    scalar: tuple[Expr, ...] = ()
    wanted: Shape | None = None
    factors: tuple[Expr, ...] = ()
    arranged: Expr | None = None
    walk: tuple[Edge, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    junctions: Junctions | None = None
    decided_by: Decision | None = None
    names: tuple[Equation, ...] = ()
    terms: tuple[Expr, ...] = ()
    before: Expr | None = None
    reason: str | None = None
    facts: tuple[tuple[str, str | Expr | Dim | Shape], ...] = ()
    defines: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """Another form of a result, under its name: ``unconstrained`` or ``independent entries``."""

    name: str
    expression: Expr


@dataclass(frozen=True, slots=True)
class Result:
    """The derivative by one variable (a pair of them for a block of a Hessian)."""

    variable: str | tuple[str, str]
    expression: Expr
    decided_by: Decision
    candidates: int
    forms: tuple[Form, ...] = ()
    differential: Expr | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on the whole derivation: the key of its sentence and its fields."""

    key: str
    facts: tuple[tuple[str, str | Expr | Dim | Shape], ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What the numeric check found. ``passed`` is None where it could not be made: no point had a finite
    objective, or, as ``why`` says, none decided anything, the objective did not change, an array would be
    too large, or the results left the floating-point numbers where the objective did not.
    """

    passed: bool | None
    max_relative_error: float | None
    points: int
    dims: dict[str, int] = field(default_factory=dict, hash=False)
    why: Literal["", "unclear", "level", "large", "overflow"] = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as the reader should see it."""

    symbol: Symbol

    @property
    def name(self) -> str:
        return self.symbol.name

    @property
    def shape(self) -> Shape:
        return self.symbol.shape

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes as they are declared: ``symmetric``, ``labels(c)``, …"""
        labels = (f"labels({self.symbol.labels})",) if self.symbol.labels is not None else ()
        return (*sorted(self.symbol.attributes), *labels)


@dataclass(frozen=True, slots=True, repr=False)
class Derivation:
    """The problem, the steps, the results and the check.

    ``name`` and ``objective`` are those of the function that is differentiated; ``loss`` is the name whose
    derivatives the results are: ``name`` itself, or that of a loss which is not given. ``declarations`` are
    in the order of declaration. ``typed`` is the objective as its author typed it, where it was typed.
    """

    name: str
    loss: str
    objective: Expr
    layout: Literal["denominator", "numerator"]
    order: int
    declarations: tuple[Declared, ...]
    results: tuple[Result, ...]
    steps: tuple[Step, ...]
    notes: tuple[Note, ...] = ()
    verification: Verification | None = None
    typed: Operation | None = None

    def __repr__(self) -> str:
        found = ", ".join(
            f"d{self.loss}_d{result.variable} = {result.expression}"
            if isinstance(result.variable, str)
            else f"{result.variable}: {result.expression}"
            for result in self.results
        )
        return f"<Derivation of {self.name}: {found}>"

    def __str__(self) -> str:
        return self.render("text")

    @property
    def gradient(self) -> Expr:
        """The result, where there is one variable."""
        if len(self.results) != 1:
            raise AttributeError("there are several results; take one of .gradients")
        return self._handed_out(self.results[0])

    @property
    def gradients(self) -> dict[str, Expr]:
        """The result for each variable of a first-order derivation."""
        return {r.variable: self._handed_out(r) for r in self.results if isinstance(r.variable, str)}

    @property
    def hessians(self) -> dict[tuple[str, str], Expr]:
        """The block for each pair of variables of a second-order derivation."""
        return {r.variable: self._handed_out(r) for r in self.results if isinstance(r.variable, tuple)}

    def _handed_out(self, result: Result) -> Expr:
        return scoped(result.expression, [declared.symbol for declared in self.declarations])

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        """The derivation as a notebook shows it, by media type."""
        from dimcompat.renderers.mimebundle import mimebundle

        return mimebundle(self, include, exclude)

    @within_limits
    def render(
        self,
        format: str = "text",
        *,
        steps: str = "all",
        standalone: bool = False,
        lang: str | None = None,
        width: int | None = None,
        pictures: bool = False,
    ) -> str:
        """The derivation as text, latex, markdown, html or json.

        ``pictures`` draws the factors of products in text, LaTeX and Markdown; HTML always does.
        """
        from dimcompat.renderers import render

        return render(
            self, format, steps=steps, standalone=standalone, lang=lang, width=width, pictures=pictures
        )
