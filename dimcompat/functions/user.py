"""Functions of the user: unnamed ones, and those that a source defines by a formula.

A module of its own because their records are made while a text is read: ``f'`` is a record like
any other, whose derivative is ``f''``. Records of equal content are one object, so that equal
calls are; two sources may define functions of one name, and theirs are two.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from weakref import WeakValueDictionary

from dimcompat import expressions as ex
from dimcompat.errors import ShapeError, UnsupportedError
from dimcompat.expressions import Expr, Symbol
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.formulas import at, depends, slope
from dimcompat.functions.record import Arguments, Domain, Function, NumpyCode, Origin, Sizes
from dimcompat.functions.rules import same
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.records import dataclass
from dimcompat.shapes import SCALAR, Shape

_known: WeakValueDictionary[tuple[Any, ...], Function] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class UserFunction:
    """A function that a source declares, and the scalars of the source that its formula uses."""

    record: Function
    scalars: tuple[Operation, ...] = ()

    @property
    def origin(self) -> Origin:
        assert self.record.origin is not None
        return self.record.origin

    def derivative(self, order: int) -> UserFunction | None:
        """``f'`` of ``f``; None where it has no derivative of that kind."""
        record = self.record
        for _ in range(order):
            if not record.entrywise:
                return None
            record = primed(record)
        return UserFunction(record, self.scalars)

    def gradient(self) -> UserFunction | None:
        """``grad_phi`` of ``phi``; None for a function that is applied entry by entry."""
        origin = self.origin
        if origin.shape is None or origin.order:
            return None
        return UserFunction(_of_gradient(origin.base, origin.shape))


# ── unnamed functions ────────────────────────────────────────────────────────────────────────────────


def elementwise(name: str, order: int = 0) -> Function:
    """The record of an unnamed function that is applied entry by entry, or of a derivative of it."""
    key = ("elementwise", name, order)
    if key not in _known:
        _known[key] = record = _entrywise(Origin(name, order), ("real",), ())
        return record
    return _known[key]


def of_matrix(name: str, shape: Shape) -> Function:
    """The record of an unnamed scalar function of a matrix of this shape."""
    key = ("matrix", name, shape)
    found = _known.get(key)
    if found is not None:
        return found

    def change(arguments: Arguments, changes: Arguments, axis: int | None, sizes: Sizes) -> Expr:
        """``d phi(X) = tr(grad_phi(X)'*dX)``."""
        return ex.trace(ex.multiply(ex.transpose(gradient(arguments[0])), changes[0]))

    gradient = _of_gradient(name, shape)
    _known[key] = record = Function(
        name=name,
        group="of the user",
        summary=f"any differentiable function of a matrix that is {shape}",
        example=(f"{name}(X)", {"X": ", ".join(map(str, shape))}),
        shape=lambda shapes, axis, sizes: _only(name, shape, shapes[0], SCALAR),
        differential=change,
        numpy=NumpyCode(f"{name}({{0}})"),
        latex=name,
        origin=Origin(name, 0, shape=shape),
    )
    return record


def _of_gradient(base: str, shape: Shape) -> Function:
    key = ("gradient", base, shape)
    found = _known.get(key)
    if found is not None:
        return found

    def refused(arguments: Arguments, changes: Arguments, axis: int | None, sizes: Sizes) -> Expr:
        raise UnsupportedError(say("E416", name=base), code="E416", hint=say("E416.hint", name=base))

    _known[key] = record = Function(
        name=f"grad_{base}",
        group="of the user",
        summary=f"the gradient of {base}",
        example=(f"grad_{base}(X)", {"X": ", ".join(map(str, shape))}),
        shape=lambda shapes, axis, sizes: _only(base, shape, shapes[0], shape),
        differential=refused,
        numpy=NumpyCode(f"grad_{base}({{0}})"),
        latex=f"grad_{base}",
        origin=Origin(base, 1, shape=shape),
    )
    return record


def _only(name: str, wanted: Shape, given: Shape, result: Shape) -> Shape:
    if given != wanted:
        declared = f"function({wanted.rows}, {wanted.cols})"
        raise ShapeError(say("E208.declared", name=name, declared=declared, shape=given), code="E208")
    return result


# ── functions that are defined by a formula ──────────────────────────────────────────────────────────


def by_formula(name: str, formula: Expr, parameters: tuple[Symbol, ...], typed: Operation) -> Function:
    """The record of a function of one scalar, the first parameter, applied entry by entry."""
    return _defined(Origin(name, 0, formula, parameters, typed))


def _defined(origin: Origin) -> Function:
    key = ("formula", origin.base, origin.order, origin.formula, origin.parameters, origin.typed, origin.root)
    found = _known.get(key)
    if found is None:
        assert origin.formula is not None
        formula, parameters = origin.formula, origin.parameters
        anywhere: Domain = "real"
        domain = (_domain(formula, parameters[0]), *(anywhere for _ in parameters[1:]))
        partial = tuple(_partial(formula, parameters, scalar) for scalar in parameters[1:])
        found = _known[key] = _entrywise(origin, domain, partial)
    return found


def from_origin(origin: Origin) -> Function:
    """The record of what a source says of a function."""
    if origin.shape is not None:
        made = _of_gradient if origin.order else of_matrix
        return made(origin.base, origin.shape)
    return elementwise(origin.base, origin.order) if origin.formula is None else _defined(origin)


def primed(record: Function) -> Function:
    """The record of the derivative of a function that is applied entry by entry."""
    origin = record.origin
    assert origin is not None
    if origin.formula is None:
        return elementwise(origin.base, origin.order + 1)
    formula = slope(origin.formula, origin.parameters[0])
    root = origin.root if origin.root is not None else record
    return _defined(Origin(origin.base, origin.order + 1, formula, origin.parameters, root=root))


def _entrywise(origin: Origin, domain: tuple[Domain, ...], partial: tuple[Any, ...]) -> Function:
    name = origin.base + "'" * origin.order

    def derivative(*arguments: Expr) -> Expr:
        return primed(record)(*arguments)

    record = Function(
        name=name,
        group="of the user",
        summary="any differentiable function, applied entry by entry",
        example=(f"sum({name}(x))", {"x": "n"}),
        arity=1 + len(partial),
        entrywise=True,
        shape=same,
        derivative=(derivative, *partial),
        build=_constant(origin),
        numpy=NumpyCode(f"{origin.base}{'_prime' * origin.order}({{0}})"),
        latex=name,
        domain=domain,
        transposition="commutes",
        origin=origin,
    )
    return record


def _constant(origin: Origin) -> Any:
    """A derivative that does not depend on its argument is written out: ``f'(X)`` is ``ones(m,n)``."""
    formula, parameters = origin.formula, origin.parameters
    if origin.order == 0 or formula is None or depends(formula, parameters[0]):
        return None

    def built(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr:
        value = at(formula, dict(zip(parameters, arguments, strict=True)))
        return ex.hadamard(value, ex.ones(*arguments[0].shape))

    return built


def _partial(formula: Expr, parameters: tuple[Symbol, ...], scalar: Symbol) -> Any:
    """The derivative by a scalar that the formula uses: its own formula, written out."""
    changed = slope(formula, scalar)

    def derivative(*arguments: Expr) -> Expr:
        value = at(changed, dict(zip(parameters, arguments, strict=True)))
        return ex.hadamard(value, ex.ones(*arguments[0].shape))

    return derivative


def _domain(formula: Expr, parameter: Symbol) -> Domain:
    """Where the argument may be sampled, by what stands around the bare parameter."""
    for node in distinct_nodes(formula):
        if isinstance(node, ex.Call):
            for argument, domain in zip(node.arguments, getattr(node.function, "domain", ()), strict=False):
                if argument is parameter and domain != "real":
                    found: Domain = domain
                    return found
        for base, exponent in node.scalars if isinstance(node, ex.Product) else ():
            if base is parameter and (isinstance(exponent, Expr) or exponent.denominator != 1):
                return "positive"
            if base is parameter and isinstance(exponent, Fraction) and exponent < 0:
                return "nonzero"
    return "real"
