"""Generated code, run: a module's text becomes a function, a case of the corpus its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import acceptance
import numpy as np

import dimcompat as dc
from dimcompat.functions import REGISTRY
from dimcompat.numeric import facts
from dimcompat.numeric.sampling import Sampler

TOLERANCE = 1e-7
VERBS = ("value_and_gradient", "value_and_jacobian", "gradient", "hessian")
FILES = {
    "identities": ("gradient", "jacobian", "vecjacobian", "hessian"),
    "programs": (),
    "samples": (),
    "upstream": (),
}
CASES = {
    f"{name}-{case['id']}": case for name, kinds in FILES.items() for case in acceptance.load(name, *kinds)
}


def derived(case: Mapping[str, Any]) -> Any:
    """The derivation that a case asks for, unverified."""
    options: dict[str, Any] = {"verify": False}
    if case["kind"] == "hessian":
        options["order"] = 2
    if case["kind"] == "upstream":
        options["upstream"] = True
    if case.get("objective"):
        options["objective"] = case["objective"]
    return dc.derive(case["text"], wrt=case["wrt"], shapes=case.get("shapes") or None, **options)


def record_examples(name: str) -> Iterator[tuple[Any, Any]]:
    """A derivation for each form of a function record's example, and a point in its domain."""
    text, shapes = REGISTRY[name].example
    program = dc.parse(text, shapes)
    sampler = Sampler(program.symbols.values(), facts.of_operations(program.operation), seed=3)
    for variable, symbol in program.symbols.items():
        if symbol.labels is None:
            derivation = dc.derive(text, variable, shapes, verify=False)
            yield derivation, next(point for point in sampler if _is_finite(derivation, point))


def _is_finite(derivation: Any, point: Any) -> bool:
    return bool(np.isfinite(dc.evaluate(derivation.objective, point.values, dims=point.sizes)).all())


def function_of(source: str) -> Callable[..., Any]:
    """The one public function of a generated module."""
    scope: dict[str, Any] = {}
    exec(compile(source, "<generated>", "exec"), scope)
    (name,) = set(VERBS) & scope.keys()
    found: Callable[..., Any] = scope[name]
    return found


def arguments(
    function: Callable[..., Any], values: Mapping[str, Any], dims: Mapping[str, int]
) -> dict[str, Any]:
    """The values that the function asks for, by the names of its parameters."""
    found = {}
    for name in inspect.signature(function).parameters:
        plain = name.rstrip("_")
        found[name] = values[plain] if plain in values else values.get(name, dims.get(plain))
    return found


def flat(values: Mapping[str, Any], derivation: Any) -> dict[str, Any]:
    """What is declared a column or a row as a 1-D array, scalars as numbers."""
    shapes = {declared.name: declared.shape for declared in derivation.declarations}
    shapes[f"d{derivation.loss}_d{derivation.name}"] = derivation.objective.shape
    found: dict[str, Any] = {}
    for name, value in values.items():
        array, shape = np.asarray(value), shapes.get(name)
        if shape is not None and shape.is_scalar:
            found[name] = array.item()
        else:
            found[name] = array.reshape(-1) if shape is not None and shape.is_vector else array
    return found


def derivatives(result: Any, derivation: Any, case: Mapping[str, Any]) -> dict[str, Any]:
    """What a generated function returned, by variable; the value under an empty name."""
    names = acceptance.wanted(case)
    if derivation.order == 2:
        return {names[0]: result}
    parts = result if isinstance(result, tuple) else (result,)
    if derivation.loss == derivation.name:
        return {"": parts[0]} | dict(zip(names, parts[1:], strict=True))
    return dict(zip(names, parts, strict=True))


def points(case: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, int], dict[str, Any], Any]]:
    """Values, sizes, the expected derivatives, and the objective of each stored point."""
    for (values, expected), point in zip(acceptance.points(dict(case)), case["points"], strict=True):
        yield values, point.get("dims") or case.get("dims") or {}, expected, point["objective"]
