"""Backwards through the parts: each derivative from those after it, every step recorded.

A module of its own because it is the chain rule and nothing else: it walks the graph
from the objective to the variables, adds what meets, and leaves the rules to
`contributions`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import field, replace

from dimcompat import expressions as ex
from dimcompat.calculus.contribution import Contribution
from dimcompat.calculus.contributions import contributions
from dimcompat.calculus.cost import cost
from dimcompat.calculus.links import CallLink, MatrixPowerLink, PickLink
from dimcompat.calculus.naming import Graph, Part
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import WEAKEST_FIRST, Decision, Equation, Step
from dimcompat.expressions import Expr, Named
from dimcompat.operations import Operation
from dimcompat.records import dataclass

LONGEST_REPEATED, LONGEST_IN_A_SHORT_PROGRAM = 4, 12
SHORT_PROGRAM = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A derivative, how its weakest step was decided, and the most arrangements a step had."""

    value: Expr
    decided_by: Decision
    candidates: int


@dataclass(slots=True)
class Backward:
    """The walk from the objective, called ``objective``, to the variables.

    ``name`` is that of the loss whose derivatives they are: the objective itself, or one that is not given.
    ``own`` is the objective's value by its name, where rules may use that.
    """

    graph: Graph
    objective: str
    name: str
    steps: list[Step]
    own: Named | None = None
    met: Counter[Operation] = field(default_factory=Counter)
    above: dict[Part, Expr] = field(default_factory=dict)
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        parts = sum(part.operation.kind == "part" for part in self.graph.parts)
        self.longest = LONGEST_IN_A_SHORT_PROGRAM if parts <= SHORT_PROGRAM else LONGEST_REPEATED

    def run(self, upstream: Expr) -> dict[Operation, Found]:
        """The derivative by each variable; steps are appended in the order they are made."""
        incoming: defaultdict[Operation, list[Found]] = defaultdict(list)
        assert self.graph.root is not None
        root = self.graph.root.operation
        incoming[root].append(Found(upstream, "dimensions", 1))
        found: dict[Operation, Found] = {}
        for part in self.graph.backwards:
            total = self._collected(part.operation, incoming.pop(part.operation, []))
            if total is None:
                continue
            if part.operation in self.graph.variables:
                found[part.operation] = total
            self._through(part, total, incoming)
        for variable in self.graph.variables:
            if variable not in found:
                total = self._collected(variable, incoming.pop(variable, []))
                if total is not None:
                    found[variable] = total
        return found

    def _through(self, part: Part, total: Found, incoming: defaultdict[Operation, list[Found]]) -> None:
        home = part.home
        assert home is not None
        through = Equation(self._called(home), home.formula)
        above = self._named(part, total.value)
        self.above[home] = above if home is part else self.above[home]
        given = home is self.graph.root and self.name == self.objective
        upstream = None if given else Equation((self.name, self._called(home)), self.above[home])
        term = () if home is part else (("term", part.formula),)
        label = self.own if part is self.graph.root else part.label
        by_rule = label is not None and isinstance(part.link, (CallLink, MatrixPowerLink))
        own_name = (part.formula, label) if label is not None and by_rule else None
        for contribution in contributions(part.link, part.operation.shape, above, self.graph, own_name):
            operand = contribution.operand
            self.met[operand] += contribution.places
            decided = min(contribution.decided_by, total.decided_by, key=WEAKEST_FIRST.index)
            most = max(total.candidates, len(contribution.candidates))
            uses = self.graph.uses[operand]
            occurrence = None if contribution.places == uses else (self.met[operand], uses)
            value, written = self._over_samples(part, contribution)
            if not self._is_silent(operand):
                if term:
                    contribution = replace(contribution, facts=(*term, *contribution.facts))
                self.steps.append(self._step(contribution, written, through, upstream, occurrence))
            if written not in (value, contribution.value):
                self._all_samples(operand, written, value, occurrence)
            incoming[operand].append(Found(value, decided, most))

    def _over_samples(self, part: Part, contribution: Contribution) -> tuple[Expr, Expr]:
        """The contributions of all samples to what they share, added, and how that is written in the step.

        Picks of all rows, columns or entries put them together again, which is one step.
        """
        summed = self.graph.free_in(part.operation) - self.graph.free_in(contribution.operand)
        value = written = contribution.value
        for index in sorted(summed, key=lambda index: index.name, reverse=True):
            value, written = ex.index_sum(index, value), ex.IndexSum.make(index, written)
        if not summed:
            return value, written
        value = simplified(value)
        together = isinstance(part.link, PickLink) and summed == {part.link.row, part.link.col} - {None}
        return value, value if together else written

    def _all_samples(
        self, operand: Operation, written: Expr, value: Expr, occurrence: tuple[int, int] | None
    ) -> None:
        """The step from a sum over samples to its matrix form."""
        variable = self._operand_name(operand)
        self.steps.append(
            Step(
                "samples",
                Equation((self.name, variable), value),
                variable=variable,
                occurrence=occurrence,
                wanted=operand.shape,
                before=written,
                arranged=value,
                reason="add the samples",
            )
        )

    def _is_silent(self, operand: Operation) -> bool:
        """Whether a sum speaks for this term, so that passing it needs no step."""
        part = self.graph.by_operation.get(operand)
        return part is not None and part.home is not part

    def _called(self, part: Part) -> str:
        return part.label.name if part.label is not None else self.objective

    def _operand_name(self, operand: Operation) -> str:
        part = self.graph.by_operation.get(operand)
        shown = operand.value if operand in self.graph.variables or part is None else part.shown
        assert isinstance(shown, (ex.Symbol, Named))
        return shown.name

    def _named(self, part: Part, value: Expr) -> Expr:
        """A long derivative is used by its name in the steps after it, sooner where there are many parts."""
        if part.label is None or cost(value) <= self.longest:
            return value
        quotient = (self.name, part.label.name)
        return Named.make(f"d{quotient[0]}_d{quotient[1]}", value, quotient)

    def _step(
        self,
        contribution: Contribution,
        value: Expr,
        through: Equation,
        upstream: Equation | None,
        occurrence: tuple[int, int] | None,
    ) -> Step:
        variable = self._operand_name(contribution.operand)
        named = contribution.operand in self.graph.by_operation and occurrence is None
        return Step(
            contribution.kind,
            Equation((self.name, variable), value),
            variable=variable,
            through=through,
            upstream=upstream,
            occurrence=occurrence,
            scalar=contribution.scalar,
            wanted=contribution.operand.shape,
            factors=contribution.factors,
            arranged=contribution.value,
            walk=contribution.walk,
            candidates=contribution.candidates,
            junctions=contribution.junctions,
            decided_by=contribution.decided_by,
            reason=contribution.reason,
            facts=contribution.facts,
            defines=f"d{self.name}_d{variable}" if named else None,
        )

    def _collected(self, operation: Operation, parts: list[Found]) -> Found | None:
        """The contributions to one part or variable, added; a step says so where there are several."""
        if not parts:
            return None
        if len(parts) == 1:
            return parts[0]
        total = simplified(ex.add(*(part.value for part in parts)))
        variable = self._operand_name(operation)
        self.steps.append(
            Step(
                "collect",
                Equation((self.name, variable), total),
                variable=variable,
                wanted=operation.shape,
                terms=tuple(part.value for part in parts),
                defines=f"d{self.name}_d{variable}" if operation in self.graph.by_operation else None,
            )
        )
        decided = min((part.decided_by for part in parts), key=WEAKEST_FIRST.index)
        return Found(total, decided, max(part.candidates for part in parts))
