"""A program computes a stack of points as it computes each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import dimcompat as dc
from dimcompat.functions import REGISTRY
from dimcompat.numeric import evaluation, facts, typed
from dimcompat.numeric.machine import Program
from dimcompat.numeric.sampling import Sampler

COUNT = 3
PROGRAMS: list[tuple[str, Mapping[str, str]]] = [
    ("tr(X'*inv(A)*X) + sum(diag(v)*A)", {"X": "n, m", "A": "n, n", "v": "n"}),
    ("(X*w - y)'*(X*w - y) + l*w'*w", {"X": "m, n", "w": "n", "y": "m", "l": "scalar"}),
    ("sum(i, v[i]*tanh(X[i,:]*w))", {"v": "m", "X": "m, n", "w": "n"}),
    ("sum(i, sum(j, norm(X[i,:] - X[j,:])))", {"X": "m, n"}),
    ("f(x) = x^2 + l*x\nsum(f(X*w))", {"X": "m, n", "w": "n", "l": "scalar"}),
    ("tr(S^3) + a'*S^(-2)*a", {"S": "n, n", "a": "n"}),
    ("sum(x./norm(x))", {"x": "n"}),
    ("a'*A*B*b*b'*x", {"A": "m, n", "B": "n, k", "a": "m", "b": "k", "x": "k"}),
]
PROGRAMS += [function.example for function in REGISTRY.values()]


def values_of(names: Mapping[str, Any], sampler: Sampler, sizes: dict[str, int]) -> list[dict[str, Any]]:
    """Values at some points of the same sizes."""
    draws = [point.values for point in sampler if point.sizes == sizes][:COUNT]
    return [{name: value for name, value in values.items() if name in names} for values in draws]


def assert_alike(
    program: Program, points: list[dict[str, Any]], sizes: dict[str, int], names: set[str]
) -> None:
    """Points that differ by the values of these names, one by one and in a stack."""
    with np.errstate(all="ignore"):
        bound = program.bind(sizes, {})
        points = [{**points[0], **{name: point[name] for name in names}} for point in points]
        stack = {**points[0], **{name: np.stack([point[name] for point in points]) for name in names}}
        one_by_one = [bound(point) for point in points]
        for output, found in enumerate(bound.stacked(stack, len(points))):
            for each, alone in zip(found, one_by_one, strict=True):
                shape = bound.shapes[output]
                np.testing.assert_allclose(
                    each, np.broadcast_to(alone[output], shape), rtol=1e-12, atol=1e-300
                )


@pytest.mark.parametrize(("source", "shapes"), PROGRAMS)
def test_a_stack_of_points(source: str, shapes: dict[str, str]) -> None:
    program = dc.parse(source, shapes)
    operation = program.operation
    programs = [typed.compiled(operation), evaluation.compiled(operation.value)]
    dims = [dim for each in programs for dim in each.machine.dims]
    sampler = Sampler(program.symbols.values(), facts.of_operations(operation), dims)
    sizes = sampler.assignments[0]
    names = {symbol.name for symbol in program.symbols.values() if symbol.labels is None}
    points = values_of(program.symbols, sampler, sizes)
    for each in programs:
        for moved in [names, *({name} for name in names)]:
            assert_alike(each, points, sizes, moved)


def test_points_without_a_value_leave_the_others_theirs() -> None:
    program = typed.compiled(dc.parse("a'*inv(A)*b", {"a": "2", "A": "2, 2", "b": "2"}).operation)
    ones = {"a": np.ones((2, 1)), "b": np.ones((2, 1))}
    (found,) = program.bind({}).stacked({**ones, "A": np.stack([np.eye(2), np.ones((2, 2))])}, 2)
    assert found[0, 0, 0] == 2 and np.isnan(found[1, 0, 0])
