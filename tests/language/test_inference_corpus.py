"""Inferred shapes beside declared ones: of the corpus, and of random expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from random_expressions import SHAPES, Grower

from dimcompat.errors import UnsupportedError
from dimcompat.language import syntax as tree
from dimcompat.language.inference import infer, kind, read_inferred
from dimcompat.language.unshaped import survey
from dimcompat.shapes import ONE, Dim, Shape

CORPUS = Path(__file__).parent.parent / "corpus"


def cases(*files: str) -> Iterator[dict[str, Any]]:
    for file in files:
        for line in (CORPUS / f"{file}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


# ── the corpus ───────────────────────────────────────────────────────────────────────────────────────


def shape_of(declared: str) -> tuple[Shape, Dim | None]:
    found = survey(tree.Source("", ()), {"name": declared})
    return found.declared["name"], found.classes.get("name")


def pairs(general: str, special: str) -> Iterator[tuple[Dim, Dim]]:
    """Rows, columns and classes of two declarations."""
    (shape, classes), (other, other_classes) = shape_of(general), shape_of(special)
    yield from zip(shape, other, strict=True)
    assert (classes is None) == (other_classes is None)
    if classes is not None and other_classes is not None:
        yield classes, other_classes


def follows_letters(shapes: dict[str, str]) -> bool:
    for name, declared in shapes.items():
        shape, classes = shape_of(declared)
        if classes is None and kind(name) != (
            "scalar" if shape.is_scalar else "column" if shape.is_column else "matrix"
        ):
            return False
        if shape.is_row and not shape.is_scalar:
            return False
    return True


CONVENTIONAL = [
    case
    for case in cases("identities", "programs", "samples", "upstream")
    if case.get("shapes") and follows_letters(case["shapes"])
]


@pytest.mark.parametrize("case", CONVENTIONAL, ids=[case["id"] for case in CONVENTIONAL])
def test_inferred_shapes_are_at_least_as_general(case: dict[str, Any]) -> None:
    try:
        inferred = infer(case["text"])
    except UnsupportedError as error:
        assert error.code == "E491" and "kron" in case["text"]
        return
    used = {name: shape for name, shape in case["shapes"].items() if name in inferred}
    if inferred.keys() - used.keys():
        pytest.skip("a dimension is used as a number, which nothing tells it from a vector")
    meaning: dict[str, Dim] = {}
    for name, declared in used.items():
        for one, other in pairs(inferred[name], declared):
            assert (one is ONE) == (other is ONE)
            for symbol in one.symbols:
                assert one is Dim.symbol(symbol)
                assert meaning.setdefault(symbol, other) is other


@pytest.mark.parametrize("seed", range(300))
def test_inferred_shapes_of_random_expressions_are_at_least_as_general(seed: int) -> None:
    random = Random(seed)
    wanted = random.choice([("1", "1"), ("m", "n"), ("n", "1"), ("n", "n")])
    text = Grower(random).grow(wanted, random.randint(1, 4))
    given = {name: SHAPES[name] for name in ("b", "s", "t", "x")}
    inferred = infer(text, given | {"y": SHAPES["y"]})
    meaning: dict[str, Dim] = {}
    for name, found in inferred.items():
        declared = re.sub(" (symmetric|posdef|diagonal|orthogonal)", "", SHAPES[name])
        for one, other in pairs(found, declared):
            for symbol in one.symbols:
                assert meaning.setdefault(symbol, other) is other
    read_inferred(text, given | {"y": SHAPES["y"]})


def test_most_of_the_corpus_follows_the_letters() -> None:
    assert len(CONVENTIONAL) >= 100


@pytest.mark.parametrize("case", list(cases("infer")), ids=lambda case: case["id"])
def test_the_cases_of_inference(case: dict[str, Any]) -> None:
    inferred = infer(case["text"])
    names: dict[str, str] = {}
    assert inferred.keys() == case["declared"].keys()
    for name, declared in case["declared"].items():
        for one, other in zip(inferred[name].split(", "), declared.split(", "), strict=True):
            assert names.setdefault(one, other) == other
    assert len(set(names.values())) == len(names)
