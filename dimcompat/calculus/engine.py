"""From a program to its derivation: the steps in the order in which a lecturer gives them.

A module of its own because it alone knows the whole order: the problem, the names, the
way back, what is added and substituted, and the results.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dimcompat import expressions as ex
from dimcompat.calculus.backward import Backward, Found
from dimcompat.calculus.naming import Graph, parts_of
from dimcompat.calculus.projection import forms_of, projected
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Declared, Derivation, Equation, Note, Result, Step
from dimcompat.errors import UnknownNameError, UnsupportedError
from dimcompat.expressions import Named
from dimcompat.expressions.rebuild import substituted_names
from dimcompat.operations import Operation
from dimcompat.program import Program

Layout = Literal["denominator", "numerator"]


def derive_gradient(program: Program, wrt: Sequence[str], *, layout: Layout = "denominator") -> Derivation:
    """The gradient of a scalar objective by each variable, in its shape.

    Raises UnknownNameError where a variable is not there, UnsupportedError where the objective is
    not a scalar.
    """
    objective = _opened(program.operation)
    if not objective.shape.is_scalar:
        raise UnsupportedError(
            f"the objective is {objective.shape}, and only scalar objectives are differentiated yet",
            code="E410",
            hint="take sum(…) or tr(…) of it",
        )
    for name in wrt:
        if name not in program.shapes:
            known = ", ".join(program.shapes)
            raise UnknownNameError(
                f"there is nothing called {name} to differentiate by", code="E303", hint=f"there are {known}",
                where="wrt", span=(0, len(name)), text=name,
            )
    taken = set(program.shapes) | _dimension_names(program) | {program.name}
    graph = parts_of(objective, frozenset(wrt), taken)
    steps = [_problem(program, wrt)]
    notes: list[Note] = []
    names = _names_step(graph, program.name)
    if names is not None:
        steps.append(names)
    found: dict[Operation, Found] = {}
    if graph.root is not None:
        found = Backward(graph, program.name, steps).run(ex.number(1))
    elif objective in graph.variables:
        found = {objective: Found(ex.number(1), "dimensions", 1)}
    by_name = {_name(operation): value for operation, value in found.items()}
    results = [_result(program, name, by_name.get(name), steps, notes, layout) for name in wrt]
    declarations = tuple(Declared(symbol) for symbol in program.symbols.values())
    return Derivation(
        program.name,
        _opened(program.operation).value,
        layout,
        1,
        declarations,
        tuple(results),
        tuple(steps),
        tuple(notes),
    )


def _opened(operation: Operation) -> Operation:
    """The definition of an objective that is a named part."""
    return operation.operands[0] if operation.kind == "part" else operation


def _name(operation: Operation) -> str:
    value = operation.value
    assert isinstance(value, ex.Symbol | Named)
    return value.name


def _dimension_names(program: Program) -> set[str]:
    return {name for shape in program.shapes.values() for dim in shape for name in dim.symbols}


def _problem(program: Program, wrt: Sequence[str]) -> Step:
    return Step(
        "problem",
        Equation(program.name, _opened(program.operation).value),
        variable=", ".join(wrt),
        wanted=program.shapes[wrt[0]] if len(wrt) == 1 else None,
    )


def _names_step(graph: Graph, name: str) -> Step | None:
    if graph.root is None:
        return None
    named = [
        Equation(part.label.name, part.formula)
        for part in graph.parts
        if part.label is not None and part.operation.kind != "part"
    ]
    objective = Equation(name, graph.root.formula)
    return Step("name", objective, names=(*named, objective)) if named else None


def _result(
    program: Program,
    name: str,
    found: Found | None,
    steps: list[Step],
    notes: list[Note],
    layout: Layout,
) -> Result:
    shape = program.shapes[name]
    symbol = program.symbols.get(name)
    if found is None:
        found = Found(ex.zeros(*shape), "dimensions", 1)
        notes.append(Note("unused variable", (("name", name),)))
    gradient = simplified(substituted_names(found.value, _kept_names(program)))
    left = (program.name, name)
    if gradient is not found.value:
        steps.append(
            Step("simplify", Equation(left, gradient), variable=name, before=found.value, wanted=shape)
        )
    forms = forms_of(symbol, gradient)
    final = simplified(projected(symbol, gradient))
    if final is not gradient:
        steps.append(
            Step(
                "rule",
                Equation(left, final),
                variable=name,
                before=gradient,
                wanted=shape,
                decided_by=found.decided_by,
                reason="projection",
                facts=(("attribute", _set_of(symbol)),),
            )
        )
    if layout == "numerator":
        final = ex.transpose(final)
    steps.append(
        Step(
            "result",
            Equation(left, final),
            variable=name,
            wanted=final.shape,
            decided_by=found.decided_by,
        )
    )
    return Result(name, final, found.decided_by, found.candidates, forms if final.shape == shape else ())


def _kept_names(program: Program) -> frozenset[str]:
    """The names that stay in a result: the program's parts and the derivatives by them."""
    return frozenset(program.parts) | {f"d{program.name}_d{part}" for part in program.parts}


def _set_of(symbol: ex.Symbol | None) -> str:
    if symbol is None:
        return ""
    return next((a for a in ("diagonal", "posdef", "symmetric") if a in symbol.attributes), "")


