"""What Jacobians and Hessians start from: the objective opened, its variables released, free names.

A module of its own because both ask the same question of a program, and neither answers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field

from dimcompat import expressions as ex
from dimcompat.calculus.backward import Backward, Found
from dimcompat.calculus.naming import Graph, parts_of
from dimcompat.calculus.own_names import parts_in, put_back
from dimcompat.calculus.reading import released, restored
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Equation, Note, Step
from dimcompat.expressions import Expr, Symbol
from dimcompat.expressions.rebuild import substituted, substituted_names
from dimcompat.operations import Operation, postorder
from dimcompat.program import Program
from dimcompat.records import dataclass
from dimcompat.shapes import Shape


@dataclass(slots=True)
class Setting:
    """A program and the names to differentiate by.

    ``objective`` is its objective with the variables as plain symbols: a structured variable may
    change freely, and a part of the program is a variable like any other. ``steps`` and ``notes`` are
    those of the derivation so far. Raises UnknownNameError where a variable is not there.
    """

    program: Program
    wrt: Sequence[str]
    objective: Operation = field(init=False)
    loss: str = field(init=False)
    steps: list[Step] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reserved: set[str] = field(default_factory=set)
    _stands_for: dict[Expr, Expr] = field(init=False)

    def __post_init__(self) -> None:
        operation = self.program.operation
        opened = operation.operands[0] if operation.kind == "part" else operation
        self.objective, self._stands_for = released(opened, frozenset(self.wrt))
        self.loss = self.reserve("L", "E", "J", "H")

    @property
    def taken(self) -> set[str]:
        """Names that mean something here."""
        shapes = self.program.shapes
        given = {part.left for step in self.steps for part in step.names if isinstance(part.left, str)}
        return (
            given
            | self.reserved
            | set(shapes)
            | self.program.function_names
            | {name for shape in shapes.values() for dim in shape for name in dim.symbols}
            | {self.program.name}
        )

    def free(self, *names: str) -> str:
        """The first of these names that means nothing here."""
        taken = self.taken
        numbered = (f"{names[0]}_{number}" for number in range(1, len(taken) + 2))
        return next(name for name in (*names, *numbered) if name not in taken)

    def reserve(self, *names: str) -> str:
        """The first of these names that means nothing here; from now on it does."""
        chosen = self.free(*names)
        self.reserved.add(chosen)
        return chosen

    def shape(self, name: str) -> Shape:
        """The shape of a variable."""
        return self.program.shape_of(name)

    def plain(self, name: str) -> Symbol:
        """A variable as it stands in the objective, without attributes."""
        symbol = self.program.symbols.get(name)
        return Symbol.make(name, self.shape(name), labels=symbol.labels if symbol is not None else None)

    def problem(self, wanted: Shape | None) -> None:
        """The first step: the objective and the shape that is wanted."""
        objective = restored(self.objective.value, self._stands_for)
        self.steps.append(
            Step(
                "problem",
                Equation(self.program.name, objective),
                variable=", ".join(self.wrt),
                wanted=wanted,
            )
        )

    def back(
        self, objective: Operation, name: str, loss: str, upstream: Expr, wrt: Iterable[str]
    ) -> dict[str, Found]:
        """The derivatives of a loss by the variables, given the one by ``objective``, which is called
        ``name``; steps are recorded. A variable that it does not depend on is not there."""
        inside = {operation.name for operation in postorder(objective) if operation.name is not None}
        graph = parts_of(objective, frozenset(wrt), self.taken | inside | {name, loss})
        self._name_parts(graph, name)
        if graph.root is not None:
            found = Backward(graph, name, loss, self.steps).run(upstream)
        else:
            found = {objective: Found(upstream, "dimensions", 1)} if objective in graph.variables else {}
        by_name: dict[str, Found] = {}
        for operation, value in found.items():
            assert isinstance(operation.value, ex.Symbol)
            by_name[operation.value.name] = value
        return by_name

    def _name_parts(self, graph: Graph, name: str) -> None:
        if graph.root is None:
            return
        named = [
            Equation(part.label.name, part.formula)
            for part in graph.parts
            if part.label is not None and part.operation.kind != "part"
        ]
        if named:
            objective = Equation(name, graph.root.formula)
            self.steps.append(Step("name", objective, names=(*named, objective)))

    def put_back(self, found: Expr, left: tuple[str, str], variable: str, kept: frozenset[str]) -> Expr:
        """A derivative with the names of the way back replaced, but for those ``kept``; a step says so."""
        named = simplified(substituted_names(found, kept))
        parts = set(self.program.parts) - set(self.wrt)
        value, step = put_back(left, variable, found, named, parts_in(found, parts))
        if step is not None:
            self.steps.append(step)
        return value

    def restored(self, expression: Expr) -> Expr:
        """An expression in the variables as they are declared, simplified with their attributes."""
        again = restored(expression, self._stands_for)
        return expression if again is expression else simplified(again)

    def released(self, expression: Expr) -> Expr:
        """An expression whose named parts that are variables are plain symbols again."""
        parts: dict[Expr, Expr] = {
            part: plain for plain, part in self._stands_for.items() if isinstance(part, ex.Named)
        }
        return substituted(expression, parts)

    def note_structure(self) -> None:
        """A note for each variable with a structure: Jacobians and Hessians are not projected on it."""
        for name in self.wrt:
            symbol = self.program.symbols.get(name)
            sets = symbol.attributes - {"positive"} if symbol is not None else ()
            if sets:
                self.notes.append(Note("not projected", (("name", name), ("attribute", min(sets)))))
