"""The JSON object, key by key as the contract has it."""

from __future__ import annotations

import json

import pytest
from acceptance import step_faults

from dimcompat.derivation import Derivation
from dimcompat.errors import UnsupportedError
from dimcompat.renderers import render


def test_least_squares(least_squares: Derivation) -> None:
    found = json.loads(render(least_squares, "json"))
    assert list(found) == [
        "version",
        "layout",
        "objective",
        "declarations",
        "results",
        "steps",
        "verification",
    ]
    assert found["objective"]["name"] == "J" and found["objective"]["shape"] == ["1", "1"]
    assert found["declarations"][0] == {"name": "X", "shape": ["m", "n"], "attributes": []}
    assert found["results"] == [
        {
            "wrt": "w",
            "text": "2*X'*(X*w - y)",
            "latex": r"2 X^{\top} (X w - y)",
            "shape": ["n", "1"],
            "numpy": "2*X.T @ (X @ w - y)",
            "decided_by": "dimensions",
            "candidates": 1,
        }
    ]
    assert found["steps"][3] == {
        "kind": "product",
        "decided_by": "dimensions",
        "title": "∂J/∂w through r = X·w − y",
        "text": "dJ_dw = 2*X'*r",
        "latex": r"\frac{\partial J}{\partial w} = 2 X^{\top} r",
        "scalar": "2*X*r",
        "wanted": ["n", "1"],
        "factors": [{"text": "X", "shape": ["m", "n"]}, {"text": "2*r", "shape": ["m", "1"]}],
        "arranged": "2*X'*r",
        "candidates": ["2*X'*r"],
    }
    assert found["steps"][2]["defines"] == "dJ_dr"
    assert found["verification"] == {
        "passed": True,
        "max_relative_error": 2.3e-10,
        "points": 3,
        "dims": {"m": 5, "n": 3},
    }


@pytest.mark.parametrize("name", ["least_squares", "quadratic", "bias"])
def test_no_step_lacks_anything(name: str, request: pytest.FixtureRequest) -> None:
    assert step_faults(json.loads(render(request.getfixturevalue(name), "json"))) == []


def test_what_was_not_checked_is_null(quadratic: Derivation, bias: Derivation) -> None:
    assert json.loads(render(quadratic, "json"))["verification"] is None
    assert json.loads(render(bias, "json"))["verification"]["passed"] is None


def test_notes_and_attributes(bias: Derivation, quadratic: Derivation) -> None:
    notes = json.loads(render(bias, "json"))["notes"]
    assert notes == ["The objective does not depend on z, so the derivative is zero."]
    assert "notes" not in json.loads(render(quadratic, "json"))


def test_formats_that_are_not_written_yet(quadratic: Derivation) -> None:
    with pytest.raises(UnsupportedError, match="not written yet"):
        render(quadratic, "odd")
    with pytest.raises(UnsupportedError):
        render(quadratic, steps="some")
    with pytest.raises(UnsupportedError):
        render(quadratic, lang="xx")
