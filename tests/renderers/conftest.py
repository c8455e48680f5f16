"""Derivations built by hand, so that what is printed does not depend on the engine."""

from __future__ import annotations

import pytest

from dimcompat import expressions as ex
from dimcompat.derivation import (
    Candidate,
    Declared,
    Derivation,
    Edge,
    Equation,
    Junctions,
    Note,
    Result,
    Step,
    Verification,
)
from dimcompat.expressions import Expr
from dimcompat.shapes import ONE, Dim, Shape

m, n, c, p, s = (Dim.symbol(name) for name in "mncps")


def symbol(name: str, rows: Dim, cols: Dim = ONE) -> ex.Symbol:
    return ex.Symbol.make(name, Shape(rows, cols))


@pytest.fixture
def least_squares() -> Derivation:
    X, w, y = symbol("X", m, n), symbol("w", n), symbol("y", m)
    body = ex.subtract(ex.multiply(X, w), y)
    r = ex.Named.make("r", body)
    square, slope = ex.multiply(ex.transpose(r), r), ex.scale(2, r)
    by_name = ex.multiply(ex.number(2), ex.transpose(X), r)
    final = ex.multiply(ex.number(2), ex.transpose(X), body)
    steps = (
        Step("problem", Equation("J", ex.multiply(ex.transpose(body), body)), variable="w", wanted=w.shape),
        Step("name", Equation("J", square), names=(Equation("r", body), Equation("J", square))),
        Step(
            "product",
            Equation(("J", "r"), slope),
            variable="r",
            through=Equation("J", square),
            scalar=(ex.number(2), r),
            wanted=r.shape,
            factors=(r,),
            arranged=slope,
            walk=(Edge(r, m, ONE),),
            candidates=(Candidate(slope, 0.0),),
            decided_by="dimensions",
            reason="square",
            facts=(("operand", r),),
            defines="dJ_dr",
        ),
        Step(
            "product",
            Equation(("J", "w"), by_name),
            variable="w",
            through=Equation("r", body),
            upstream=Equation(("J", "r"), slope),
            scalar=(X, slope),
            wanted=w.shape,
            factors=(X, slope),
            arranged=by_name,
            walk=(Edge(ex.transpose(X), n, m), Edge(slope, m, ONE)),
            candidates=(Candidate(by_name, 0.0),),
            decided_by="dimensions",
        ),
        Step("simplify", Equation(("J", "w"), final), variable="w", before=by_name, wanted=w.shape),
        Step("result", Equation(("J", "w"), final), variable="w", wanted=w.shape, decided_by="dimensions"),
    )
    return Derivation(
        "J",
        "J",
        ex.multiply(ex.transpose(body), body),
        "denominator",
        1,
        (Declared(X), Declared(w), Declared(y)),
        (Result("w", final, "dimensions", 1),),
        steps,
        verification=Verification(True, 2.3e-10, 3, {"m": 5, "n": 3}),
    )


@pytest.fixture
def quadratic() -> Derivation:
    A, w = symbol("A", n, n), symbol("w", n)
    q = ex.multiply(ex.transpose(w), A, w)
    first, second = ex.multiply(A, w), ex.multiply(ex.transpose(A), w)
    factors = ((ex.transpose(w), Shape(ONE, p)), (A, Shape(p, s)), (w, Shape(s, ONE)))

    def use(k: int, chosen: Expr, other: Expr, wanted: Dim, miss: float) -> Step:
        return Step(
            "product",
            Equation(("q", "w"), chosen),
            variable="w",
            through=Equation("q", q),
            occurrence=(k, 2),
            scalar=(A, w),
            wanted=w.shape,
            factors=(A, w),
            arranged=chosen,
            walk=(Edge(A, n, n), Edge(w, n, ONE)),
            candidates=(Candidate(chosen, 0.0), Candidate(other, miss)),
            junctions=Junctions(factors, Shape(wanted, ONE)),
            decided_by="distinct dimensions",
        )

    total = ex.multiply(ex.add(A, ex.transpose(A)), w)
    steps = (
        Step("problem", Equation("q", q), variable="w", wanted=w.shape),
        use(1, first, second, p, 0.83),
        use(2, second, first, s, 0.0),
        Step("collect", Equation(("q", "w"), total), variable="w", wanted=w.shape, terms=(first, second)),
        Step(
            "result",
            Equation(("q", "w"), total),
            variable="w",
            wanted=w.shape,
            decided_by="distinct dimensions",
        ),
    )
    declared = (Declared(A), Declared(w))
    results = (Result("w", total, "distinct dimensions", 2),)
    return Derivation("q", "q", q, "denominator", 1, declared, results, steps)


@pytest.fixture
def bias() -> Derivation:
    X, W, b, Y = symbol("X", m, n), symbol("W", n, c), symbol("b", ONE, c), symbol("Y", m, c)
    body = ex.add(ex.multiply(X, W), b)
    S = ex.Named.make("S", body)
    loss = ex.total(ex.hadamard(Y, S))
    value = ex.column_sums(Y)
    steps = (
        Step("problem", Equation("L", loss), variable="b", wanted=b.shape),
        Step(
            "entrywise",
            Equation(("L", "S"), Y),
            variable="S",
            through=Equation("L", loss),
            scalar=(Y, ex.ones(m, c)),
            wanted=S.shape,
            factors=(Y, ex.ones(m, c)),
            arranged=Y,
            decided_by="dimensions",
        ),
        Step(
            "broadcast",
            Equation(("L", "b"), value),
            variable="b",
            through=Equation("S", body),
            upstream=Equation(("L", "S"), Y),
            scalar=(Y, ex.number(1)),
            wanted=b.shape,
            factors=(Y,),
            arranged=value,
            decided_by="dimensions",
            reason="copied to every row",
        ),
        Step("result", Equation(("L", "b"), value), variable="b", wanted=b.shape, decided_by="dimensions"),
    )
    return Derivation(
        "L",
        "L",
        loss,
        "denominator",
        1,
        tuple(map(Declared, (X, W, b, Y))),
        (Result("b", value, "dimensions", 1),),
        steps,
        notes=(Note("unused variable", (("name", "z"),)),),
        verification=Verification(None, None, 0),
    )
