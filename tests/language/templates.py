"""What the package raises, read from its source: each code with its class, and the whole messages.

A module of its own because several tests ask that nothing of it is left out.
"""

from __future__ import annotations

import ast
from pathlib import Path

import dimcompat.errors as errors
from dimcompat.errors import CODES
from dimcompat.messages import sentences

PACKAGE = Path(errors.__file__).parent
CLASSES = {"1": "ParseError", "2": "ShapeError", "3": "UnknownNameError", "4": "UnsupportedError"}


def used_codes() -> list[tuple[str, str | None, str]]:
    """(code, class that is raised with it or None where `fault` chooses, module) over the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "errors.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                name = "UnsupportedError" if name == "ArgumentError" else name  # which is one
                codes = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                codes += node.args[:1] if name == "fault" else []
                for code in codes:
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        raised = name if name in CLASSES.values() else None
                        found.append((code.value, raised, str(path.relative_to(PACKAGE))))
    return found


def templates() -> dict[str, tuple[str, str | None]]:
    """Message and hint of every code that `fault` raises, whole sentences as they are."""
    said = sentences("en")
    by_class = {code for code, cls, _ in used_codes() if cls}
    by_code = {code for code, cls, _ in used_codes() if not cls}
    whole = [code for code in CODES if code in said and code not in by_class - by_code]
    return {code: (said[code], said.get(f"{code}.hint")) for code in whole}


TEMPLATES = templates()
