"""The Hessian of a scalar: the gradient is derived, then differentiated in its turn.

A module of its own because it is two derivations in one, told as one: the gradient, with its
steps, becomes the objective whose Jacobian is read off (Magnus and Neudecker, *Matrix
Differential Calculus*, ch. 6 and 10: the Hessian by a matrix is that by its vec).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from dimcompat import expressions as ex
from dimcompat.calculus.backward import Found
from dimcompat.calculus.cost import cost
from dimcompat.calculus.jacobian import open_objective, read_off
from dimcompat.calculus.own_names import LONGEST_WRITTEN_OUT
from dimcompat.calculus.reading import as_operation
from dimcompat.calculus.setting import Setting
from dimcompat.calculus.simplify import simplified
from dimcompat.calculus.spelling import as_matrix
from dimcompat.derivation import WEAKEST_FIRST, Declared, Derivation, Equation, Note, Result, Step
from dimcompat.errors import UnsupportedError
from dimcompat.expressions import Expr
from dimcompat.expressions.rebuild import substituted_names
from dimcompat.functions.linear_algebra import VEC
from dimcompat.messages import say
from dimcompat.operations import Operation, postorder
from dimcompat.program import Program
from dimcompat.records import dataclass
from dimcompat.shapes import Shape

Layout = Literal["denominator", "numerator"]


@dataclass(frozen=True, slots=True)
class SecondOrder:
    """A Hessian with what its check needs: the objective whose variables are free of their attributes,
    and the gradients and blocks by those; a part of the program is a variable like any other."""

    derivation: Derivation
    objective: Operation
    gradients: dict[str, Expr]
    blocks: dict[tuple[str, str], Expr]


def derive_hessian(program: Program, wrt: Sequence[str], *, layout: Layout = "denominator") -> SecondOrder:
    """The blocks of the Hessian of a scalar J for every pair (u, v) of variables, each (size of u) ×
    (size of v), entry (i, j) = ∂²J/∂vec(u)_i∂vec(v)_j, in either layout.

    Raises UnknownNameError where a variable is not there, UnsupportedError where the objective is
    not a scalar or a block cannot be written as a matrix.
    """
    setting = Setting(program, wrt)
    if not setting.objective.shape.is_scalar:
        message = say("E461", shape=setting.objective.shape)
        raise UnsupportedError(message, code="E461", hint=say("E461.hint"))
    size = setting.shape(wrt[0]).size
    setting.problem(Shape(size, size) if len(wrt) == 1 else None)
    first = setting.back(setting.objective, program.name, program.name, ex.number(1), wrt)
    blocks: dict[tuple[str, str], Result] = {}
    gradients: dict[str, Expr] = {}
    for place, name in enumerate(wrt):
        found = first.get(name)
        if found is None:
            setting.notes.append(Note("unused variable", (("name", name),)))
            found = Found(ex.zeros(*setting.shape(name)), "dimensions", 1)
        gradients[name] = _gradient(setting, name, found)
        blocks |= _blocks(setting, name, found, gradients[name], wrt[place:])
    for u, v in [(u, v) for u in wrt for v in wrt]:
        if (u, v) not in blocks:
            blocks[u, v] = _mirrored(setting, blocks[v, u], (u, v))
    setting.note_structure()
    derivation = Derivation(
        name=program.name,
        loss=program.name,
        objective=setting.restored(setting.objective.value),
        layout=layout,
        order=2,
        declarations=tuple(Declared(symbol) for symbol in program.symbols.values()),
        results=tuple(blocks[u, v] for u in wrt for v in wrt),
        steps=tuple(setting.steps),
        notes=tuple(setting.notes),
    )
    checked = {pair: setting.released(result.expression) for pair, result in blocks.items()}
    return SecondOrder(derivation, setting.objective, gradients, checked)


def _gradient(setting: Setting, name: str, found: Found) -> Expr:
    """The gradient as it is differentiated again, in declared names and those of the program's parts."""
    left = (setting.program.name, name)
    return setting.put_back(found.value, left, name, _kept(setting, found.value))


def _blocks(
    setting: Setting, name: str, found: Found, gradient: Expr, wrt: Sequence[str]
) -> dict[tuple[str, str], Result]:
    """The blocks of one variable's gradient by this variable and those after it."""
    program = setting.program
    shape = gradient.shape
    operation = as_operation(gradient, frozenset(wrt))
    called = setting.reserve(*(("g", "h", "u") if shape.is_vector else ("G", "H", "U")))
    present = {found.value.name for found in postorder(operation) if isinstance(found.value, ex.Symbol)}
    met = [v for v in wrt if v in present]
    setting.steps.append(
        Step(
            "rule",
            Equation(called, gradient),
            variable=name,
            wanted=shape,
            reason="differentiate again",
            facts=(("gradient", called), ("objective", program.name)),
        )
    )
    loss = called if shape.is_scalar else setting.loss
    second: dict[str, Found] = {}
    upstream: Expr = ex.number(1)
    if met:
        upstream = upstream if shape.is_scalar else open_objective(setting, called, shape)
        second = setting.back(operation, called, loss, upstream, met)
    results: dict[tuple[str, str], Result] = {}
    for v in wrt:
        again = second.get(v)
        if again is None:
            block = _constant(setting, called, v, Shape(shape.size, setting.shape(v).size))
            again = found
        else:
            value = setting.put_back(again.value, (loss, v), v, _kept(setting, again.value))
            if isinstance(upstream, ex.Symbol):
                # A block by one variable equals its transpose: what is read off is the block.
                layout: Layout = "denominator" if v == name else "numerator"
                block = read_off(setting, called, v, value, upstream, layout, "block")
            else:
                block = setting.restored(as_matrix(ex.transpose(VEC(value))))
        if v == name:
            block = _oriented(block)
        decided = min(found.decided_by, again.decided_by, key=WEAKEST_FIRST.index)
        most = max(found.candidates, again.candidates)
        results[name, v] = _finished(setting, Result((name, v), block, decided, most))
    return results


def _constant(setting: Setting, gradient: str, variable: str, shape: Shape) -> Expr:
    """The block of a gradient that does not depend on a variable."""
    setting.steps.append(
        Step(
            "rule",
            Equation((gradient, variable), ex.zeros(*shape)),
            variable=variable,
            wanted=shape,
            reason="constant",
            facts=(("objective", gradient),),
        )
    )
    return ex.zeros(*shape)


def _kept(setting: Setting, value: Expr) -> frozenset[str]:
    """The names that stay in a formula: the program's own, and where it would grow too long without them,
    those of the derivatives by its parts."""
    parts = frozenset(setting.program.parts) - set(setting.wrt)
    if cost(simplified(substituted_names(value, parts))) <= LONGEST_WRITTEN_OUT:
        return parts
    return parts | {f"d{setting.program.name}_d{part}" for part in parts}


def _oriented(block: Expr) -> Expr:
    """A block by one variable equals its transpose: the shorter of the two spellings."""
    return min(block, as_matrix(ex.transpose(block)), key=lambda spelling: (cost(spelling), spelling.turned))


def _finished(setting: Setting, result: Result) -> Result:
    assert isinstance(result.variable, tuple)
    u, v = result.variable
    setting.steps.append(
        Step(
            "result",
            Equation(setting.free("H", "D") if len(setting.wrt) == 1 else f"H_{u}{v}", result.expression),
            variable=u if u == v else f"{u}, {v}",
            wanted=result.expression.shape,
            decided_by=result.decided_by,
        )
    )
    return result


def _mirrored(setting: Setting, known: Result, variable: tuple[str, str]) -> Result:
    """The block of (v, u) from that of (u, v): the order of differentiation does not matter (Schwarz)."""
    block = as_matrix(ex.transpose(known.expression))
    setting.steps.append(
        Step(
            "rule",
            Equation(f"H_{variable[0]}{variable[1]}", block),
            variable=f"{variable[0]}, {variable[1]}",
            wanted=block.shape,
            reason="mirror",
            facts=(("first", variable[1]), ("second", variable[0])),
        )
    )
    return _finished(setting, replace(known, variable=variable, expression=block))
