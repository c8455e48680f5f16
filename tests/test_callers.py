"""Callers from Python: wrong arguments and limits are told, frozen data is hashed and copied."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dimcompat as dc

SHAPES = {"X": "m, n", "w": "n", "y": "m"}
SOURCE = "sumsq(X*w - y)"
D = dc.derive(SOURCE, "w", SHAPES)
s, x = dc.scalar("s"), dc.vector("x", "n")

WRONG: dict[str, tuple[Callable[[Any], Any], list[Any], str]] = {
    "seed": (lambda v: dc.derive(SOURCE, "w", SHAPES, seed=v), [-1, 1.5, "1", None, True], "E440"),
    "seed of a claim": (lambda v: dc.check(SOURCE, "w", "w", SHAPES, seed=v), [-1, "1"], "E440"),
    "source": (dc.parse, [5, None, b"1", ["1"]], "E440"),
    "shapes": (lambda v: dc.parse(SOURCE, v), [5, "X: m", ["X"], {1: "n"}, [("X", "n")]], "E440"),
    "a shape": (lambda v: dc.parse("sum(x)", {"x": v}), [None, 1.5, True, ("n", None)], "E147"),
    "objective": (lambda v: dc.derive(SOURCE, "w", SHAPES, objective=v), [5, ["J"], s], "E440"),
    "wrt": (lambda v: dc.derive(SOURCE, v, SHAPES), [5, None], "E440"),
    "wrt of a claim": (lambda v: dc.check(SOURCE, v, "w", SHAPES), [5, None, ["w"]], "E440"),
    "claim": (lambda v: dc.check(SOURCE, "w", v, SHAPES), [None, ["w"], b"w"], "E440"),
    "order": (lambda v: dc.derive(SOURCE, "w", SHAPES, order=v), [0, 3, "2", 1.0, True], "E492"),
    "layout": (lambda v: dc.derive(SOURCE, "w", SHAPES, layout=v), [5, None, "mixed"], "E494"),
    "notation": (lambda v: dc.parse(SOURCE, SHAPES, notation=v), [5, None, "tex"], "E490"),
    "width": (lambda v: D.render(width=v), ["a", 0, -1, 1.5, True], "E440"),
    "format": (D.render, [5, None, "pdf"], "E433"),
    "steps": (lambda v: D.render(steps=v), [5, None, "few"], "E432"),
    "lang": (lambda v: D.render(lang=v), [5, "xx"], "E431"),
    "target": (lambda v: dc.generate(D, v), [5, None, "fortran"], "E496"),
    "derivation": (dc.generate, [SOURCE, D.gradient, None], "E440"),
    "expression": (lambda v: dc.evaluate(v, {}), ["w", 5, None], "E440"),
    "values": (lambda v: dc.evaluate(D.gradient, v), [5, None, ["w"]], "E440"),
    "dims": (lambda v: dc.evaluate(D.gradient, {}, dims=v), [5, ["n"], {1: 2}], "E440"),
    "functions": (lambda v: dc.evaluate(D.gradient, {}, functions=v), [5, [abs]], "E440"),
    "name": (lambda v: dc.matrix(v, "m", "n"), [5, None], "E440"),
    "spelling": (lambda v: dc.matrix(v, "m", "n"), ["2m", "sum(x)"], "E129"),
    "names": (dc.dims, [5, None, ["m"]], "E440"),
    "size": (lambda v: dc.matrix("A", v, "n"), [1.5, None, True, x], "E440"),
    "size of a constant": (dc.eye, [1.5, None, True], "E440"),
    "number of rows": (lambda v: dc.matrix("A", v, "n"), [0, -1], "E211"),
    "clash": (lambda v: dc.matrix(v, "n", v), ["A"], "E135"),
    "attribute": (lambda v: dc.matrix("A", "n", "n", **{v: True}), ["symetric", "banded"], "E126"),
    "truth": (lambda v: dc.matrix("A", "n", "n", symmetric=v), ["yes", 1, None], "E440"),
    "square": (lambda v: dc.matrix("A", "m", "n", **{v: True}), ["symmetric", "posdef"], "E210"),
    "operand": (lambda v: x + v, ["a", None, [1], np.ones(3)], "E440"),
    "left operand": (lambda v: v * x, ["a", None, [1], np.ones(3)], "E440"),
    "exponent": (lambda v: 2**v, [x], "E206"),
    "argument": (dc.exp, ["x", None], "E440"),
    "axis": (lambda v: dc.sum(x, axis=v), [5, "0", True], "E140"),
    "keyword": (lambda v: dc.sum(x, **{v: 0}), ["dim", "keepdims"], "E137"),
    "axis of none": (lambda v: dc.exp(x, axis=v), [0], "E137"),
    "expression for SymPy": (dc.to_sympy, [5, None, "x"], "E440"),
    "shapes for SymPy": (lambda v: dc.from_sympy(3, v), [5, ["A"]], "E440"),
    "value as a size": (dc.ones, [x], "E141"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arguments_are_told(name: str) -> None:
    call, values, code = WRONG[name]
    for value in values:
        with pytest.raises(dc.DimcompatError) as caught:
            call(value)
        assert caught.value.code == code, value
        assert caught.value.message
        if code == "E440":
            assert isinstance(caught.value, TypeError) and "takes" in caught.value.message
            assert value is None or type(value).__name__ in caught.value.message


def test_what_suits_works() -> None:
    assert dc.derive(SOURCE, "w", SHAPES, seed=np.int64(3)).verification is not None
    assert dc.check("s^2", "s", 5, {"s": "scalar"}).cause == "other"
    assert str(2**s) == "2^s" and str(np.float64(2) * x) == "2*x" and str(np.int64(3) * s) == "3*s"
    assert dc.matrix("A", "n+1", 2).shape == (dc.dims("n")[0] + 1, 2)
    assert dc.labels("t", "m", "c + 1").labels == dc.dims("c")[0] + 1  # type: ignore[attr-defined]


# ── frozen data ──────────────────────────────────────────────────────────────────────────────────────

SOURCES = [
    ("Z = X*W + b\nL = -sum(onehot(t, c).*logsoftmax(Z, axis=1))/m", "W", 1),
    ("f: elementwise\nsum(f(X*w))", "w", 2),
    ("phi: function(m, n)\nphi(2*X)", "X", 1),
    ("g(t) = t*sigmoid(a*t)\nsum(g(X*w))", "w", 2),
    ("sum(i, (X[i,:]*w - y[i])^2)", "w", 1),
    ("tr(inv(S)*A)", "S", 1),
]
DECLARED = {
    **SHAPES,
    "W": "n, c",
    "b": "1, c",
    "t": "m labels(c)",
    "a": "scalar",
    "S": "n, n posdef",
    "A": "n, n",
}


@pytest.mark.parametrize(("source", "wrt", "order"), SOURCES)
def test_copies_are_the_same(source: str, wrt: str, order: int) -> None:
    shapes = {name: shape for name, shape in DECLARED.items() if not (name == "t" and "g(t)" in source)}
    derivation = dc.derive(source, wrt, shapes, order=order)
    for whole in (derivation, dc.parse(source, shapes), derivation.results[0].expression):
        for twin in (pickle.loads(pickle.dumps(whole)), copy.deepcopy(whole), copy.copy(whole)):
            assert twin == whole and hash(twin) == hash(whole)
    verdict = dc.check("x'*x", "x", "x", {"x": "n"})
    assert pickle.loads(pickle.dumps(verdict)) == verdict and hash(verdict)


def test_a_pickle_is_read_elsewhere() -> None:
    """In a process that has derived nothing before."""
    source, wrt, _ = SOURCES[0]
    derivation = dc.derive(source, wrt, DECLARED)
    code = "import pickle, sys; sys.stdout.write(pickle.load(sys.stdin.buffer).render('json'))"
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(derivation), capture_output=True, check=True
    )
    assert done.stdout.decode() == derivation.render("json")


def test_a_deep_program_is_copied() -> None:
    layers = "\n".join(f"h{number + 1} = tanh(W*h{number})" for number in range(60))
    source = f"h0 = x\n{layers}\nsum(h60)"
    derivation = dc.derive(source, "x", {"x": "n", "W": "n, n"}, verify=False)
    assert pickle.loads(pickle.dumps(derivation)) == derivation


# ── limits of the machine ────────────────────────────────────────────────────────────────────────────


def test_a_full_stack_is_told() -> None:
    def within(frames: int) -> dc.Derivation:
        return within(frames - 1) if frames else dc.derive(SOURCE, "w", SHAPES, verify=False)

    depth = len(list(iter_frames()))
    assert within(sys.getrecursionlimit() - depth - 400).gradient is D.results[0].expression
    with pytest.raises(dc.UnsupportedError) as caught:
        within(sys.getrecursionlimit() - depth - 30)
    assert caught.value.code == "E442" and "setrecursionlimit" in str(caught.value.hint)


def iter_frames() -> Any:
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back  # type: ignore[assignment]


def test_too_little_memory_is_told() -> None:
    ones = dc.parse("ones(n, n)").objective
    with pytest.raises(dc.UnsupportedError) as caught:
        dc.evaluate(ones, {}, dims={"n": 10_000_000})
    assert caught.value.code == "E441"


@pytest.mark.parametrize("source", ["sum(pick(S, y))", "sum(sum(onehot(y, c) .* S))", "sum(i, S[i,y[i]])"])
def test_nothing_is_differentiated_by_class_labels(source: str) -> None:
    shapes = {"S": "m, c", "y": "m labels(c)"}
    for call in (lambda: dc.derive(source, "y", shapes), lambda: dc.check(source, "y", "0*y", shapes)):
        with pytest.raises(dc.ShapeError, match="y holds class labels") as raised:
            call()
        assert (raised.value.code, raised.value.where) == ("E214", "wrt")
        assert raised.value.hint == "A derivative is taken by numbers: S."
