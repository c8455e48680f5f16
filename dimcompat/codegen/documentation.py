"""The docstring of a generated function: what it computes, its arguments with shapes, what it returns.

A module of its own because it is the only prose in generated code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dimcompat.codegen.arguments import shape_texts
from dimcompat.codegen.emission import dim_text
from dimcompat.codegen.needs import Needs
from dimcompat.codegen.output import Output
from dimcompat.derivation import Derivation
from dimcompat.expressions import Symbol
from dimcompat.functions.record import Function

LONGEST = 200


def docstring(
    derivation: Derivation,
    function: str,
    outputs: Sequence[Output],
    needs: Needs,
    inputs: Mapping[Symbol, str],
    dims: Mapping[str, str],
    functions: Mapping[Function, str],
    *,
    checks: bool,
) -> str:
    """The lines of the docstring, quotes and all."""
    lines = [_headline(derivation, function)]
    if inputs or functions or needs.given_dims:
        lines += ["", "Arguments:"]
    for symbol, name in inputs.items():
        lines.append(f"    {name}: {_described(symbol, name, dims)}")
    for record, name in functions.items():
        what = "applied entry by entry" if record.entrywise else "of an array"
        lines.append(f"    {name}: the function {record.name}, {what}")
    for name in needs.dims:
        if name in needs.given_dims:
            lines.append(f"    {dims[name]}: int, a size that no array shows")
    lines += ["", "Returns:"]
    for output in outputs:
        lines.append(f"    {output.name}: {_returned(output, dims)}")
    if checks:
        lines += ["", "Raises ValueError where a shape does not fit."]
    else:
        lines += ["", "Arguments are not checked: arrays of numbers, in these shapes."]
    text = "\n".join(lines).replace("\\", "/").replace('"""', "'''")
    indented = "\n".join("    " + line if line else "" for line in text.splitlines())
    return f'    """{indented.lstrip()}\n    """'


def _headline(derivation: Derivation, function: str) -> str:
    formula = str(derivation.objective)
    shown = formula if len(formula) <= LONGEST else formula[:LONGEST] + "…"
    names = dict.fromkeys(
        name
        for r in derivation.results
        for name in ((r.variable,) if isinstance(r.variable, str) else r.variable)
    )
    by = ", ".join(names)
    what = {
        "value_and_gradient": f"{derivation.name} = {shown} and its gradient by {by}.",
        "value_and_jacobian": f"{derivation.name} = {shown} and its Jacobian by {by}.",
        "hessian": f"The second derivatives of {derivation.name} = {shown} by {by}.",
        "hessian_core": f"What the second derivatives of {derivation.name} = {shown} by {by} are made of.",
        "hessian_product": f"The Hessian of {derivation.name} = {shown} by {by} times a direction.",
        "gradient": f"The derivative of {derivation.loss} by {by}, where {derivation.name} = {shown}.",
    }
    return what[function]


def _described(symbol: Symbol, name: str, dims: Mapping[str, str]) -> str:
    shapes = shape_texts(symbol, dims)
    renamed = "" if name == symbol.name else f" ({symbol.name})"
    if symbol.labels is not None:
        return (
            f"labels from 0 to {dim_text(symbol.labels, dims).text} - 1, shape {' or '.join(shapes)}{renamed}"
        )
    if symbol.shape.is_scalar:
        return f"number{renamed}"
    return f"array of shape {' or '.join(shapes)}{renamed}"


def _returned(output: Output, dims: Mapping[str, str]) -> str:
    if output.shape.is_scalar and not output.matrix:
        return "number" if output.like is None else f"number, in the form of {output.like.name}"
    rows, cols = (dim_text(dim, dims).text for dim in output.shape)
    text = f"array of shape ({rows}, {cols})"
    if output.whole:
        return f"{text}: of it the block is made, {output.whole.format(output.name)}"
    if output.matrix or not output.shape.is_vector:
        return text
    follows = "the vectors are" if output.like is None else f"{output.like.name} is"
    return f"{text}, or 1-D where {follows} given so"
