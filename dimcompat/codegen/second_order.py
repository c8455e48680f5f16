"""What code for a Hessian returns: the matrix, its small core, or its product with a direction.

A module of its own because a Hessian by a matrix has as many entries as the square of the matrix, and
what is done with it seldom needs them: where a block is ``kron(C, eye(m))`` the small C says all, and a
product with a direction costs no more than a gradient.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from dimcompat import expressions as ex
from dimcompat.codegen.output import Output
from dimcompat.derivation import Derivation
from dimcompat.errors import UnsupportedError
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions.linear_algebra import KRON, RESHAPE, VEC
from dimcompat.messages import say

Form = Literal["matrix", "core", "product"]
FUNCTIONS: Mapping[str, str] = {
    "matrix": "hessian",
    "core": "hessian_core",
    "product": "hessian_product",
}
_STRUCTURED = (ex.Diagonal, ex.Identity, ex.Commutation)


def hessian_outputs(derivation: Derivation, form: str) -> list[Output]:
    """What the function returns: a block for each pair of variables, or a product for each variable."""
    if form not in FUNCTIONS:
        message = say("E489", form=repr(form), forms=", ".join(FUNCTIONS))
        raise UnsupportedError(message, code="E489", where="hessian")
    blocks = {
        (result.variable[0], result.variable[1]): ex.plain(result.expression) for result in derivation.results
    }
    if form == "product":
        return _products(derivation, blocks)
    outputs = []
    for key, block in blocks.items():
        core, whole = _core(block) if form == "core" else (block, "")
        outputs.append(Output(f"d2{derivation.name}_d{key[0]}_d{key[1]}", core, None, True, key, whole))
    return outputs


def _core(block: Expr) -> tuple[Expr, str]:
    """The small part that a block is made of, and how; the block itself where it is no such thing."""
    coefficient, scalars, body = ex.split(block)
    inner, whole = body, ""
    if isinstance(body, ex.Diagonal):
        inner, whole = body.vector, "diag({0})"
    elif isinstance(body, ex.Call) and body.function is KRON:
        left, right = body.arguments
        if isinstance(right, ex.Identity):
            inner, whole = left, f"kron({{0}}, {right})"
        elif isinstance(left, ex.Identity):
            inner, whole = right, f"kron({left}, {{0}})"
    return ex.scaled(coefficient, dict(scalars), inner), whole


def _products(derivation: Derivation, blocks: Mapping[tuple[str, str], Expr]) -> list[Output]:
    symbols = {declared.name: declared.symbol for declared in derivation.declarations}
    variables = list(dict.fromkeys(first for first, _ in blocks))
    directions = {name: _direction(symbols[name], set(symbols)) for name in variables}
    outputs = []
    for first in variables:
        parts = [
            times_vector(blocks[first, second], VEC(direction)) for second, direction in directions.items()
        ]
        product = RESHAPE(ex.add(*parts), sizes=tuple(symbols[first].shape))
        outputs.append(Output(f"H_{first}", product, directions[first]))
    return outputs


def _direction(variable: Symbol, taken: set[str]) -> Symbol:
    name = f"d{variable.name}"
    while name in taken:
        name += "_"
    return Symbol.make(name, variable.shape)


def times_vector(matrix: Expr, vector: Expr) -> Expr:
    """A matrix times a column, from the column's side: a sum of structured matrices acts term by term."""
    coefficient, scalars, body = ex.split(matrix)
    result = vector
    for factor in reversed(ex.factors_of(body)) if body is not None else ():
        if isinstance(factor, ex.Sum) and any(_is_structured(term) for term, _ in factor.terms):
            moved = ex.Named.make("moved", result) if result.children else result
            terms = [(times_vector(term, moved), weight) for term, weight in factor.terms]
            result = ex.combine(ex.multiply(factor, result).shape, terms)
        else:
            result = ex.multiply(factor, result)
    return ex.multiply(ex.scaled(coefficient, dict(scalars), None), result)


def _is_structured(term: Expr) -> bool:
    body = ex.split(term)[2]
    return any(
        isinstance(factor, _STRUCTURED) or (isinstance(factor, ex.Call) and factor.function is KRON)
        for factor in (ex.factors_of(body) if body is not None else ())
    )
