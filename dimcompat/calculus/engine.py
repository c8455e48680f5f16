"""From a program to its derivation: the steps in the order in which a lecturer gives them.

A module of its own because it alone knows the whole order: the problem, the names, the
way back, what is added and substituted, and the results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Literal

from dimcompat import expressions as ex
from dimcompat.calculus.backward import Backward, Found
from dimcompat.calculus.gathering import Seen, gathered
from dimcompat.calculus.naming import Graph, parts_of
from dimcompat.calculus.own_names import put_back
from dimcompat.calculus.projection import forms_of, projected, set_of
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Declared, Derivation, Equation, Note, Result, Step
from dimcompat.expressions import Expr, Named
from dimcompat.expressions.rebuild import substituted_names
from dimcompat.operations import Operation
from dimcompat.program import Program
from dimcompat.records import dataclass

Layout = Literal["denominator", "numerator"]


def derive_gradient(program: Program, wrt: Sequence[str], *, layout: Layout = "denominator") -> Derivation:
    """The gradient of a scalar objective by each variable, in its shape.

    The objective is a scalar, and the variables are names of the program.
    """
    assert program.operation.shape.is_scalar
    return _Derivation(program, wrt, program.name, layout).derive(ex.number(1))


def derive_upstream(program: Program, wrt: Sequence[str], *, layout: Layout = "denominator") -> Derivation:
    """The derivatives of a loss that is not given, in terms of its derivative by the objective.

    The variables are names of the program.
    """
    loss = _free_loss(program)
    return _Derivation(program, wrt, loss, layout).derive(upstream_symbol(program, loss))


def upstream_symbol(program: Program, loss: str) -> ex.Symbol:
    """``dL_dZ``: the derivative of the loss that is not given by the objective Z, in its shape."""
    quotient = (loss, program.name)
    return ex.Symbol.make(f"d{loss}_d{program.name}", program.operation.shape, quotient=quotient)


def _free_loss(program: Program) -> str:
    taken = set(program.shapes) | program.function_names | _dimension_names(program) | {program.name}
    numbered = [f"L_{number}" for number in range(1, len(taken) + 2)]
    return next(name for name in ["L", "E", "J", "H", *numbered] if name not in taken)


@dataclass(slots=True)
class _Derivation:
    """One derivation while it is made: the steps and notes so far."""

    program: Program
    wrt: Sequence[str]
    loss: str
    layout: Layout
    steps: list[Step] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    kept: frozenset[str] = field(init=False)
    """The names that stay in a result: the program's parts and the derivatives by them."""
    parts: tuple[Named, ...] = field(init=False)

    def __post_init__(self) -> None:
        parts = self.program.parts
        self.kept = frozenset(parts) | {f"d{self.loss}_d{part}" for part in parts}
        self.parts = tuple(Named.make(name, part.value) for name, part in parts.items())

    def derive(self, upstream: Expr) -> Derivation:
        program = self.program
        objective, read = gathered(_opened(program.operation))
        taken = set(program.shapes) | program.function_names | _dimension_names(program)
        taken |= {program.name, self.loss}
        graph = parts_of(objective, frozenset(self.wrt), taken)
        self.steps.append(self._problem(upstream))
        names = _names_step(graph, program.name, read)
        if names is not None:
            self.steps.append(names)
        found: dict[Operation, Found] = {}
        if graph.root is not None:
            found = Backward(graph, program.name, self.loss, self.steps, self._own_name()).run(upstream)
        elif objective in graph.variables:
            found = {objective: Found(upstream, "dimensions", 1)}
        by_name = {_name(operation): value for operation, value in found.items()}
        by_name[program.name] = Found(upstream, "dimensions", 1)
        results = [self._result(name, by_name.get(name)) for name in self.wrt]
        return Derivation(
            program.name,
            self.loss,
            objective.value,
            self.layout,
            1,
            tuple(Declared(symbol) for symbol in program.symbols.values()),
            tuple(results),
            tuple(self.steps),
            tuple(self.notes),
        )

    def _own_name(self) -> Named | None:
        """The name of a given value that rules may use: that of an objective whose loss is not given."""
        part = self.program.parts.get(self.program.name)
        return Named.make(self.program.name, part.value) if part and self.loss != self.program.name else None

    def _problem(self, upstream: Expr) -> Step:
        program = self.program
        given = Equation((self.loss, program.name), upstream) if self.loss != program.name else None
        return Step(
            "problem",
            Equation(program.name, _opened(program.operation).value),
            variable=", ".join(self.wrt),
            upstream=given,
            wanted=program.shape_of(self.wrt[0]) if len(self.wrt) == 1 else None,
        )

    def _result(self, name: str, found: Found | None) -> Result:
        shape = self.program.shape_of(name)
        symbol = self.program.symbols.get(name)
        if found is None:
            found = Found(ex.zeros(*shape), "dimensions", 1)
            self.notes.append(Note("unused variable", (("name", name),)))
        left = (self.loss, name)
        named = simplified(substituted_names(found.value, self.kept))
        gradient, step = put_back(left, name, found.value, named, self.parts)
        if step is not None:
            self.steps.append(step)
        final = simplified(projected(symbol, gradient))
        if final is not gradient:
            self.steps.append(
                Step(
                    "rule",
                    Equation(left, final),
                    variable=name,
                    before=gradient,
                    wanted=shape,
                    decided_by=found.decided_by,
                    reason="projection",
                    facts=(("attribute", set_of(symbol)),),
                )
            )
        forms = forms_of(symbol, gradient) if self.layout == "denominator" else ()
        turned = ex.transpose(final) if self.layout == "numerator" else final
        if turned is not final:
            step = Step(
                "simplify",
                Equation(left, turned),
                variable=name,
                before=ex.Transpose.make(final),
                wanted=turned.shape,
                reason="numerator layout",
            )
            self.steps.append(step)
            final = turned
        self.steps.append(
            Step(
                "result",
                Equation(left, final),
                variable=name,
                wanted=final.shape,
                decided_by=found.decided_by,
            )
        )
        return Result(name, final, found.decided_by, found.candidates, forms)


def _opened(operation: Operation) -> Operation:
    """The definition of an objective that is a named part."""
    return operation.operands[0] if operation.kind == "part" else operation


def _name(operation: Operation) -> str:
    value = operation.value
    assert isinstance(value, (ex.Symbol, Named))
    return value.name


def _dimension_names(program: Program) -> set[str]:
    return {name for shape in program.shapes.values() for dim in shape for name in dim.symbols}


def _names_step(graph: Graph, name: str, read: Sequence[Seen]) -> Step | None:
    if graph.root is None:
        return None
    named = [
        Equation(part.label.name, part.formula)
        for part in graph.parts
        if part.label is not None and part.operation.kind != "part"
    ]
    objective = Equation(name, graph.root.formula)
    if not read:
        return Step("name", objective, names=(*named, objective)) if named else None
    typed, call = read[0]
    facts = (("typed", typed), ("call", call))
    return Step("name", objective, names=(*named, objective), reason="log-sum-exp", facts=facts)
