"""What the numeric check found, in a sentence.

A module of its own because a warning says it where no page is made.
"""

from __future__ import annotations

from math import isinf

from dimcompat.derivation import Verification
from dimcompat.renderers.blocks import Sentence, sentence


def check(found: Verification) -> Sentence:
    """What the numeric check found."""
    if found.passed is None:
        return sentence(f"check.none.{found.why}" if found.why else "check.none")
    key = "check.passed" if found.passed else "check.failed"
    if found.points == 1:
        key += " once"
    error = "?" if found.max_relative_error is None else _short(found.max_relative_error)
    fields = {"points": str(found.points), "error": error}
    if not found.dims:
        return sentence(f"{key} without dims", **fields)
    dims = " ".join(f"{name}={size}" for name, size in found.dims.items())
    return sentence(key, dims=dims, **fields)


def _short(error: float) -> str:
    if isinf(error):
        return "∞"
    mantissa, _, exponent = f"{error:.0e}".partition("e")
    return f"{mantissa}e{int(exponent)}" if error else "0"
