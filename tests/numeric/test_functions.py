"""Calls: the code of function records, and functions without a name."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dimcompat import expressions as ex
from dimcompat import operations as op
from dimcompat.errors import UnknownNameError
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions.record import NumpyCode
from dimcompat.numeric.calls import is_unnamed
from dimcompat.numeric.evaluation import evaluate
from dimcompat.numeric.stand_ins import stand_ins
from dimcompat.numeric.verification import verify
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

m, n = Dim.symbol("m"), Dim.symbol("n")
X = Symbol.make("X", Shape(m, n))
w = Symbol.make("w", Shape(n, ONE))


class Record:
    """As much of a function record as expressions and numbers read."""

    parity = transposition = unit_sums = "none"
    domain = ("real",)

    def __init__(
        self, name: str, code: NumpyCode | None = None, shape: Shape | None = None, entrywise: bool = True
    ) -> None:
        self.name, self.numpy, self.shape, self.entrywise = name, code, shape, entrywise

    def shape_of(self, arguments: tuple[Expr, ...], axis: int | None, sizes: tuple[Dim, ...]) -> Shape:
        return self.shape or (Shape(*sizes) if sizes else arguments[0].shape)

    def settled(
        self, shapes: tuple[Shape, ...], axis: int | None, sizes: tuple[Dim, ...]
    ) -> tuple[int | None, tuple[Dim, ...]]:
        return axis, sizes

    def rewrite(self, arguments: tuple[Expr, ...], axis: int | None, sizes: tuple[Dim, ...]) -> None:
        return None


def test_arguments_axis_sizes_and_helpers() -> None:
    helper = "def _twice(x):\n    return 2 * x\n"
    both = Record("t_both", NumpyCode("_twice(np.arctan2({0}, {1}))", helper))
    values = {"X": np.arange(6.0).reshape(2, 3)}
    found = evaluate(ex.call(both, (X, ex.scale(2, X))), values)
    np.testing.assert_allclose(found, 2 * np.arctan2(values["X"], 2 * values["X"]))
    sums = Record("t_sums", NumpyCode("np.sum({0}, axis={axis}, keepdims=True)"), Shape(ONE, n))
    assert evaluate(ex.call(sums, (X,), 0), values).tolist() == [[3.0, 5.0, 7.0]]
    shaped = Record("t_shaped", NumpyCode("np.reshape({0}, ({rows}, {cols}), order='F')"))
    found = evaluate(ex.call(shaped, (X,), None, (n, m)), values)
    np.testing.assert_array_equal(found, values["X"].reshape(3, 2, order="F"))


UNNAMED = [Record("t_f"), Record("t_f'"), Record("t_f''")]
CALLING = [Record("t_g", NumpyCode("t_g({0})")), Record("t_g'", NumpyCode("t_g_prime({0})"))]
PHI = Record("t_phi", shape=SCALAR, entrywise=False)
GRAD_PHI = Record("grad_t_phi", entrywise=False)


def test_functions_that_are_handed_in() -> None:
    values = {"w": [1.0, 2.0]}
    functions = {"t_f": (np.sin, np.cos)}
    np.testing.assert_allclose(
        evaluate(ex.call(UNNAMED[1], (w,)), values, functions=functions)[:, 0], np.cos([1, 2])
    )
    assert evaluate(ex.call(PHI, (w,)), values, functions={"t_phi": np.max}).tolist() == [[2.0]]
    with pytest.raises(UnknownNameError, match="t_f'' is needed"):
        evaluate(ex.call(UNNAMED[2], (w,)), values, functions=functions)
    with pytest.raises(UnknownNameError, match="t_g is an unnamed function"):
        evaluate(ex.call(CALLING[1], (w,)), values)


@pytest.mark.parametrize("records", [UNNAMED, CALLING])
def test_unnamed_functions_are_verified(records: list[Record]) -> None:
    function, derivative, *_ = records
    objective = op.multiply(
        op.leaf(ex.ones(ONE, m)), op.call(function, (op.multiply(op.leaf(X), op.leaf(w)),))
    )
    right = ex.multiply(ex.transpose(X), ex.call(derivative, (ex.multiply(X, w),)))
    wrong = ex.multiply(ex.transpose(X), ex.call(function, (ex.multiply(X, w),)))
    assert verify(objective, {}, {"w": right}).passed
    assert verify(objective, {}, {"w": wrong}).passed is False


def test_unnamed_functions_of_a_matrix_are_verified() -> None:
    objective = op.call(PHI, (op.multiply(op.leaf(X), op.leaf(w)),))
    gradient = ex.multiply(ex.transpose(X), ex.call(GRAD_PHI, (ex.multiply(X, w),)))
    assert verify(objective, {}, {"w": gradient}).passed
    assert verify(objective, {}, {"w": ex.scale(2, gradient)}).passed is False


def test_stand_ins_are_derivatives_of_each_other() -> None:
    functions = stand_ins(UNNAMED)["t_f"]
    u = np.linspace(-2, 2, 9)
    for lower, higher in pairwise(functions):
        np.testing.assert_allclose((lower(u + 1e-5) - lower(u - 1e-5)) / 2e-5, higher(u), atol=1e-6)
    assert stand_ins([Record("t_known", NumpyCode("np.exp({0})"))]) == {}


def test_every_record_of_the_registry_has_a_meaning() -> None:
    from dimcompat.functions import REGISTRY

    assert [record.name for record in REGISTRY.values() if is_unnamed(record)] == []
