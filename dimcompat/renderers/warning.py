"""What is said beside a derivation that its check did not confirm.

A module of its own because the command line says it on another stream than the derivation.
"""

from __future__ import annotations

from dimcompat.derivation import Derivation
from dimcompat.messages import text
from dimcompat.renderers.blocks import Speller
from dimcompat.renderers.check_result import check


def check_warning(derivation: Derivation, lang: str | None = None) -> str:
    """What the check found, as a line, where it did not confirm; empty where it did, or was not made."""
    found = derivation.verification
    if found is None or found.passed is True:
        return ""
    return text("warning", lang, said=Speller(lang).say(check(found))) + "\n"
