"""The public verbs: the whole pipeline in a few visible lines.

A module of its own because the command line, notebooks and Python callers all go
through these functions, and nothing else decides in which order the rooms are visited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from dimcompat.calculus.engine import derive_gradient, derive_upstream, upstream_symbol
from dimcompat.calculus.shortening import in_named_parts
from dimcompat.callers import require, require_mapping, whole_number, within_limits, wrong_argument
from dimcompat.derivation import Derivation, Note
from dimcompat.errors import ShapeError, UnknownNameError, UnsupportedError
from dimcompat.expressions import Expr, Symbol, plain, transpose
from dimcompat.expressions.rebuild import substituted_names
from dimcompat.expressions.remembered import forget_what_is_old
from dimcompat.language.program import read
from dimcompat.language.remarks import entrywise_of_square, read_as_scalars
from dimcompat.language.within import name_in
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.program import Program

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

    from dimcompat.calculus.hessian import SecondOrder

Layout = Literal["denominator", "numerator"]


@within_limits
def parse(
    source: str | Expr,
    shapes: Mapping[str, str] | None = None,
    *,
    objective: str | None = None,
    notation: str = "plain",
    infer: bool = False,
) -> Program:
    """Read a source: its declarations, named parts and objective, shapes checked.

    Raises a DimcompatError that points at the spot where the source is at fault.
    """
    require_source(source, shapes, objective)
    return _parsed(source, shapes, objective, notation, infer)[0]


def require_source(source: object, shapes: object, objective: object) -> None:
    """Refuse what cannot be a source with its shapes and the name of its objective."""
    require("source", source, (str, Expr), "E440.source")
    require_mapping("shapes", shapes, "E440.shapes")
    require("objective", objective, (str, type(None)), "E440.objective")


def _parsed(
    source: str | Expr, shapes: Mapping[str, str] | None, objective: str | None, notation: str, infer: bool
) -> tuple[Program, tuple[Note, ...]]:
    """The program, and notes on how it was read: which shapes were inferred, which letters are rows."""
    if notation not in ("plain", "latex"):
        raise UnsupportedError(say("E490", notation=repr(notation)), code="E490", where="notation")
    if notation == "latex" and isinstance(source, str):
        from dimcompat.language.latex import read_latex

        program, inferred, samples = read_latex(source, shapes, objective=objective, infer=infer)
        rows = (Note("sample row", (("name", name), ("matrix", of))) for name, of in samples.items())
        return program, (*_told(program, inferred), *rows)
    if isinstance(source, Expr):
        from dimcompat.language.function_text import statements_for

        formula = substituted_names(plain(source))
        shapes = declarations_of(formula) | dict(shapes or {})
        source = "\n".join([*statements_for(formula), str(formula)])
    if infer:
        from dimcompat.language.inference import read_inferred

        program, inferred = read_inferred(source, shapes, objective=objective)
        return program, _told(program, inferred)
    program = read(source, shapes, objective=objective)
    return program, _told(program, {})


def declarations_of(*formulas: Expr) -> dict[str, str]:
    """The declared names in some formulas as declarations; raises ShapeError where one name is two things."""
    found: dict[str, Symbol] = {}
    for leaf in (leaf for formula in formulas for leaf in sorted_symbols(formula)):
        known = found.setdefault(leaf.name, leaf)
        if known is not leaf:
            message = say("E226", name=leaf.name, first=known.shape, second=leaf.shape)
            raise ShapeError(message, code="E226", hint=say("E226.hint"))
    return {name: _declaration(leaf) for name, leaf in found.items()}


def _told(program: Program, inferred: Mapping[str, str]) -> tuple[Note, ...]:
    """Notes that say which shapes were inferred, if any were, and what may have been meant otherwise."""
    listed = "; ".join(f"{name}: {shape}" for name, shape in inferred.items())
    return (
        *((Note("inferred", (("declarations", listed),)),) if listed else ()),
        *(
            Note("read as scalar", (("name", name), ("declaration", declaration)))
            for name, declaration in read_as_scalars(program, inferred).items()
        ),
        *(Note("entrywise function", (("function", name),)) for name in entrywise_of_square(program)),
    )


def sorted_symbols(formula: Expr) -> list[Symbol]:
    """The declared names in a formula, by name."""
    return sorted((s for s in formula.symbols if isinstance(s, Symbol)), key=lambda symbol: symbol.name)


def _declaration(symbol: Symbol) -> str:
    labels = [f"labels({symbol.labels})"] if symbol.labels is not None else []
    shape = f"{symbol.shape.rows}, {symbol.shape.cols}"
    return " ".join([shape, *sorted(symbol.attributes), *labels])


@within_limits
def derive(
    source: str | Expr,
    wrt: str | Expr | Iterable[str | Expr],
    shapes: Mapping[str, str] | None = None,
    *,
    objective: str | None = None,
    order: int = 1,
    layout: Layout = "denominator",
    upstream: bool = False,
    infer: bool = False,
    notation: str = "plain",
    verify: bool = True,
    seed: int = 0,
) -> Derivation:
    """The derivative of a source by one name or several, with every step, numerically checked.

    The gradient of a scalar objective has the shape of the variable (denominator layout). Raises a
    DimcompatError where the source is at fault or the question is not supported.
    """
    forget_what_is_old()
    require_source(source, shapes, objective)
    seed = whole_number("seed", seed, 0)
    if order not in (1, 2) or type(order) is not int:
        raise UnsupportedError(say("E492", order=order), code="E492", where="order")
    if order == 2 and upstream:
        raise UnsupportedError(say("E493"), code="E493", where="upstream")
    if layout not in ("denominator", "numerator"):
        raise UnsupportedError(say("E494", layout=repr(layout)), code="E494", where="layout")
    if isinstance(source, Expr):  # what the formula does not hold any more may still be asked for
        items = _asked(wrt)
        shapes = declarations_of(*(plain(item) for item in items if isinstance(item, Expr))) | dict(
            shapes or {}
        )
    program, remarks = _parsed(source, shapes, objective, notation, infer)
    names = _names(wrt, program, notation)
    try:
        return _derived(program, names, order, layout, upstream, verify, seed, remarks)
    except UnsupportedError as error:
        if error.span is not None or error.where != "source":
            raise
        raise error.at(program.span, text=program.text) from None


def _derived(
    program: Program,
    names: tuple[str, ...],
    order: int,
    layout: Layout,
    upstream: bool,
    verify: bool,
    seed: int,
    remarks: tuple[Note, ...],
) -> Derivation:
    if order == 2:
        from dimcompat.calculus.hessian import derive_hessian

        second = derive_hessian(program, names, layout=layout)
        derivation = _checked_twice(second, program, seed) if verify else second.derivation
        return _as_typed(derivation, program, remarks)
    if upstream:
        derivation = derive_upstream(program, names, layout=layout)
    elif not program.operation.shape.is_scalar:
        from dimcompat.calculus.jacobian import derive_jacobian

        derivation = derive_jacobian(program, names, layout=layout)
    else:
        derivation = derive_gradient(program, names, layout=layout)
    derivation = _checked(derivation, program, seed) if verify else derivation
    return _as_typed(derivation, program, remarks)


def _as_typed(derivation: Derivation, program: Program, remarks: tuple[Note, ...]) -> Derivation:
    """The derivation with the objective as typed, notes first that say how the source was read, and the
    formulas of the source's functions."""
    notes = (*remarks, *derivation.notes)
    derivation = replace(in_named_parts(derivation), notes=notes, typed=program.operation)
    if not program.functions:
        return derivation
    from dimcompat.calculus.definitions import with_definitions

    return with_definitions(derivation, program.functions)


def _asked(wrt: str | Expr | Iterable[str | Expr]) -> list[str | Expr]:
    """The variables that are asked for, one or several."""
    if isinstance(wrt, str | Expr):
        return [wrt]
    require("wrt", wrt, Iterable, "E440.names asked")
    items = list(wrt)
    for item in items:
        require("wrt", item, (str, Expr), "E440.names asked")
    return items


def _names(wrt: str | Expr | Iterable[str | Expr], program: Program, notation: str) -> tuple[str, ...]:
    """The variables, each once. Raises a DimcompatError where one is not a name of the program."""
    items = _asked(wrt)
    names = [part.strip() for item in items for part in str(item).split(",")]
    if notation == "latex":
        from dimcompat.language.latex import plain_name

        names = [plain_name(name) for name in names]
    if not names:
        hint = say("E309.hint", names=", ".join(program.shapes))
        raise UnknownNameError(say("E309"), code="E309", hint=hint, where="wrt")
    return tuple(dict.fromkeys(name_in(name, program) for name in names))


def _checked_twice(second: SecondOrder, program: Program, seed: int) -> Derivation:
    from dimcompat.numeric.probing import probe
    from dimcompat.numeric.second_order import verify_second

    derivation = second.derivation
    return replace(
        derivation,
        steps=probe(derivation.steps, program.symbols, seed=seed),
        verification=verify_second(
            second.objective, program.symbols, second.gradients, second.blocks, seed=seed
        ),
    )


def _checked(derivation: Derivation, program: Program, seed: int) -> Derivation:
    from dimcompat.numeric.probing import Probe
    from dimcompat.numeric.verification import verify

    turned = derivation.layout == "numerator"
    operation, symbols = program.operation, dict(program.symbols)
    scalar = operation.shape.is_scalar or derivation.loss != derivation.name
    results = {
        str(r.variable): transpose(r.expression) if turned and scalar else r.expression
        for r in derivation.results
        if r.variable != program.name  # by itself it is 1, and there is nothing to move
    }
    if derivation.loss != derivation.name:
        upstream = upstream_symbol(program, derivation.loss)
        symbols[upstream.name] = upstream
        operation = weighted_sum(upstream, operation)
    probe = Probe(derivation.steps)
    verification = verify(
        operation,
        symbols,
        results,
        seed=seed,
        layout="denominator" if scalar else derivation.layout,
        on_set=scalar,
        probe=probe,
    )
    probe.finish(symbols, seed)
    return replace(derivation, steps=probe.filled, verification=verification)


def weighted_sum(weights: Symbol, operation: Operation) -> Operation:
    """``sum(G .* Z)``: a loss whose derivative by Z is G."""
    from dimcompat.functions.reductions import SUM
    from dimcompat.operations import call, entrywise_multiply, leaf

    return call(SUM, (entrywise_multiply(leaf(weights), operation),))


@within_limits
def evaluate(
    expression: Expr,
    values: Mapping[str, ArrayLike],
    *,
    dims: Mapping[str, int] | None = None,
    functions: Mapping[str, Any] | None = None,
) -> np.ndarray[Any, Any]:
    """The number matrix that an expression stands for, always 2-D; named parts are computed as needed.

    ``values`` gives each declared name an array (1-D for vectors is welcome), ``dims`` the sizes that no
    input shows. Raises ShapeError where the arrays do not fit the declared shapes.
    """
    from dimcompat.numeric.evaluation import evaluate as compute

    require("expression", expression, Expr, "E440.expression of")
    if values is None:
        raise wrong_argument("values", say("E440.values"), values)
    require_mapping("values", values, "E440.values")
    require_mapping("dims", dims, "E440.dims")
    require_mapping("functions", functions, "E440.functions")
    return compute(expression, values, dims=dims, functions=functions)


@within_limits
def generate(
    derivation: Derivation,
    target: str = "numpy",
    *,
    checks: bool = True,
    hessian: Literal["matrix", "core", "product"] = "matrix",
) -> str:
    """The source of a module with one function, ``value_and_gradient(A, x, …)``, for numpy, torch or jax.

    Its arguments are the declared names that the formula needs, in the order of declaration. ``checks=False``
    leaves out the lines that raise a ValueError where a shape does not fit. For ``order=2`` the function is
    ``hessian``, which returns the matrix; ``hessian="product"`` makes it ``hessian_product``, which takes a
    direction for each variable (``dw``) and returns the Hessian times it, and ``hessian="core"``
    ``hessian_core``, which returns the C of a block that is ``kron(C, eye(m))``.
    """
    from dimcompat.codegen import generate as write_module

    require("derivation", derivation, Derivation, "E440.derivation")
    return write_module(derivation, target, checks=checks, hessian=hessian)
