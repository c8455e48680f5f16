"""Notes on a source that reads well and may have been meant otherwise."""

from __future__ import annotations

import pytest

import dimcompat as dc


def notes(source: str, wrt: str = "x", *, infer: bool = True, **shapes: str) -> list[tuple[str, str]]:
    found = dc.derive(source, wrt, shapes, infer=infer, verify=False).notes
    return [(note.key, str(note.facts[-1][1])) for note in found if note.key != "inferred"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x'*A*x + b'*x + c", ["b: m"]),
        ("norm(A*x - b)^2", ["b: m"]),
        ("norm(A*x + a*b)^2", []),
        ("sum(x + b)", ["b: m"]),
        ("sumsq(X - b)", ["b: m, n"]),
        ("a*x'*x + b*sum(x)", []),
        ("x'*x + c", []),
        ("sum(x*b')", ["b: n"]),
    ],
)
def test_scalars_that_stand_as_vectors_would(source: str, told: list[str]) -> None:
    wrt = "X" if "X" in source else "x"
    assert notes(source, wrt) == [("read as scalar", declaration) for declaration in told]


def test_a_declared_scalar_is_meant() -> None:
    assert notes("norm(A*x - b)^2", b="scalar") == []


def test_the_declaration_that_is_told_makes_it_a_vector() -> None:
    told = dict(notes("x'*A*x + b'*x + c"))["read as scalar"]
    name, _, shape = told.partition(": ")
    found = dc.derive("x'*A*x + b'*x + c", "x", {"x": shape, name: shape}, infer=True)
    assert str(found.gradient) == "(A + A')*x + b"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("sumsq(exp(-t*A)*x)", ["exp"]),
        ("x'*log(A)*x", ["log"]),
        ("x'*(log(A)*x)", ["log"]),
        ("sum(exp(A)) + x'*x", []),
        ("x'*sin(A)*x", []),
        ("sumsq(exp(B)*x)", []),
    ],
)
def test_functions_of_a_square_matrix_go_entry_by_entry(source: str, told: list[str]) -> None:
    shapes = {"A": "n, n", "B": "m, n", "x": "n", "t": "scalar"}
    assert notes(source, infer=False, **shapes) == [("entrywise function", name) for name in told]


def test_the_notes_are_written_in_both_languages() -> None:
    derivation = dc.derive("norm(A*x - b)^2", "x", infer=True, verify=False)
    assert "b is read as a scalar; declare b: m" in derivation.render("text")
    assert "b 按标量读入" in derivation.render("text", lang="zh")
