"""The Jacobian of an objective that is not a scalar, read off the way back.

A module of its own because here a derivative of a loss that is not given becomes one of the
objective itself: the loss is linear in its derivative by the objective, and the matrix of
that linear map is the Jacobian; the same map turned around is the differential
(Magnus and Neudecker, *Matrix Differential Calculus*, ch. 5 and 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dimcompat import expressions as ex
from dimcompat.calculus.backward import Found
from dimcompat.calculus.differential import NoRule, differential
from dimcompat.calculus.linear import adjoint
from dimcompat.calculus.linear_map import matrix_of
from dimcompat.calculus.setting import Setting
from dimcompat.calculus.simplify import simplified
from dimcompat.calculus.spelling import as_matrix
from dimcompat.derivation import Declared, Derivation, Equation, Note, Result, Step
from dimcompat.expressions import Expr, Symbol
from dimcompat.program import Program
from dimcompat.shapes import Shape

Layout = Literal["denominator", "numerator"]


def derive_jacobian(program: Program, wrt: Sequence[str], *, layout: Layout = "denominator") -> Derivation:
    """The derivative of an objective F of any shape by each variable X.

    In denominator layout: by a scalar the derivatives in F's shape; otherwise the Jacobian, (size of X) ×
    (size of F), entry (i, j) = ∂vec(F)_j/∂vec(X)_i, and the transpose in numerator layout; beside it the
    differential dF, where one of the two is not a vector. Raises UnknownNameError where a variable
    is not there, UnsupportedError where the Jacobian cannot be written as a matrix.
    """
    setting = Setting(program, wrt)
    shape = setting.objective.shape
    setting.problem(jacobian_shape(setting.shape(wrt[0]), shape, layout) if len(wrt) == 1 else None)
    upstream = open_objective(setting, program.name, shape)
    found = setting.back(setting.objective, program.name, setting.loss, upstream, wrt)
    results = tuple(_result(setting, name, found.get(name), upstream, layout) for name in wrt)
    setting.note_structure()
    return Derivation(
        name=program.name,
        loss=program.name,
        objective=setting.restored(setting.objective.value),
        layout=layout,
        order=1,
        declarations=tuple(Declared(symbol) for symbol in program.symbols.values()),
        results=results,
        steps=tuple(setting.steps),
        notes=tuple(setting.notes),
    )


def jacobian_shape(variable: Shape, objective: Shape, layout: Layout) -> Shape:
    """The shape of the derivative of an objective of one shape by a variable of another."""
    if variable.is_scalar:
        return objective
    shape = Shape(variable.size, objective.size)
    return shape if layout == "denominator" else shape.transposed


def open_objective(setting: Setting, name: str, shape: Shape) -> Symbol:
    """The derivative, by the objective, of a loss that is not given; a step introduces it."""
    quotient = (setting.loss, name)
    upstream = Symbol.make(f"d{quotient[0]}_d{quotient[1]}", shape, quotient=quotient)
    setting.steps.append(
        Step(
            "rule",
            Equation(quotient, upstream),
            variable=name,
            reason="any loss",
            facts=(("objective", name), ("loss", setting.loss)),
        )
    )
    return upstream


def _result(setting: Setting, name: str, found: Found | None, upstream: Symbol, layout: Layout) -> Result:
    objective, variable = upstream.shape, setting.shape(name)
    program = setting.program
    change: Expr | None = None
    if found is None:
        found = Found(ex.zeros(*variable), "dimensions", 1)
        setting.notes.append(Note("unused variable", (("name", name),)))
        final = ex.zeros(*jacobian_shape(variable, objective, layout))
        if not (objective.is_vector and variable.is_vector) and not variable.is_scalar:
            change = ex.zeros(*objective)
    else:
        value = setting.put_back(
            found.value, (setting.loss, name), name, frozenset(program.parts) - set(setting.wrt)
        )
        if variable.is_scalar:
            final = by_scalar(setting, program.name, name, value, upstream)
        else:
            if not (objective.is_vector and variable.is_vector):
                change = _differential(setting, name, value, upstream)
            final = read_off(setting, program.name, name, value, upstream, layout)
    left = (program.name, name)
    setting.steps.append(
        Step("result", Equation(left, final), variable=name, wanted=final.shape, decided_by=found.decided_by)
    )
    return Result(name, final, found.decided_by, found.candidates, differential=change)


def by_scalar(setting: Setting, name: str, variable: str, value: Expr, upstream: Symbol) -> Expr:
    """The derivatives of an objective by a scalar, in the objective's shape."""
    final = setting.restored(simplified(adjoint(value, upstream, ex.number(1))))
    setting.steps.append(
        Step(
            "rule",
            Equation((name, variable), final),
            variable=variable,
            before=value,
            wanted=final.shape,
            reason="read off by a scalar",
            facts=(("upstream", upstream), ("found", value)),
        )
    )
    return final


def _differential(setting: Setting, name: str, value: Expr, upstream: Symbol) -> Expr:
    """``dF``, forwards; where a rule is missing there, from the way back: ``tr(G'*dF) = tr(D'*dX)``, where
    D is linear in G, and the map that takes G to D is turned around."""
    change = Symbol.make(setting.free(f"d{name}", f"δ{name}"), value.shape)
    try:
        found = differential(setting.objective, {setting.plain(name): change})
    except NoRule:
        found = simplified(adjoint(value, upstream, change))
    found = setting.restored(found)
    objective = setting.program.name
    setting.steps.append(
        Step(
            "rule",
            Equation(setting.free(f"d{objective}", f"δ{objective}"), found),
            variable=name,
            wanted=found.shape,
            reason="forwards",
            facts=(("objective", objective), ("change", change)),
        )
    )
    return found


def read_off(
    setting: Setting,
    name: str,
    variable: str,
    value: Expr,
    upstream: Symbol,
    layout: Layout,
) -> Expr:
    """The Jacobian: the matrix M of ``vec(value) = M*vec(upstream)``; a step shows how it is read off."""
    plain = matrix_of(value, upstream)
    final = setting.restored(as_matrix(plain))
    flat = value.shape.is_column and upstream.shape.is_column
    setting.steps.append(
        Step(
            "rule",
            Equation((name, variable), final),
            variable=variable,
            wanted=final.shape,
            reason="read off a matrix" if flat else "read off with vec",
            facts=(("upstream", upstream), ("found", value)),
        )
    )
    if layout == "denominator":
        return final
    turned = as_matrix(ex.transpose(final))
    setting.steps.append(
        Step(
            "simplify",
            Equation((name, variable), turned),
            variable=variable,
            before=ex.Transpose.make(final),
            wanted=turned.shape,
            reason="numerator layout",
        )
    )
    return turned
