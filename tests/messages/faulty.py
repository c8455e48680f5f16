"""Every input at fault that the tests know, with the error it raises.

A module of its own because what is said of them is looked at in each language.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

from language import test_error_cases, test_errors, test_latex

import dimcompat as dc
from dimcompat.errors import DimcompatError
from dimcompat.functions import REGISTRY
from dimcompat.language.parser import parse_source
from dimcompat.language.program import read
from dimcompat.messages.error_examples import EXAMPLES

CORPUS = Path(__file__).parents[1] / "corpus"


def inputs() -> Iterator[tuple[str, Callable[[], object]]]:
    """Each text with what reads it."""
    for case in test_error_cases.FAULTS:
        yield case.text, lambda case=case: read(case.text, test_error_cases.SHAPES)
    for text, *_ in test_errors.FAULTS:
        yield text, lambda text=text: parse_source(text)
    for text, *_ in test_latex.FAULTS:
        shapes = {**test_latex.LS, "T": "scalar"} if " T" in text else test_latex.LS
        yield text, lambda text=text, shapes=shapes: dc.parse(text, shapes, notation="latex")
    for line in (CORPUS / "errors.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        notation = entry.get("mode", "plain") if entry.get("mode") == "latex" else "plain"
        asked = (entry["text"], entry.get("wrt", "w"), entry.get("shapes"))
        yield entry["text"], lambda asked=asked, notation=notation: dc.derive(*asked, notation=notation)
    for example in EXAMPLES.values():
        yield example.wrong, lambda example=example: _run(example.kind, example.wrong)


def _run(kind: str, text: str) -> None:
    if kind == "python":
        with patch.dict(REGISTRY):  # an example may add a function
            exec(text, {"dc": dc})
    else:
        dc.parse(text, notation=kind)


def faults() -> list[tuple[str, DimcompatError]]:
    """Each text at fault with its error."""
    found = []
    for text, reading in inputs():
        try:
            reading()
        except DimcompatError as error:
            found.append((text, error))
    return found
