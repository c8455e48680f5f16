"""Names in generated code: what the user called things, where Python allows it.

A module of its own because names meet here that know nothing of each other: the user's, Python's
keywords and builtins, the library's, and those of lines that nobody named.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable

_NO_LETTER = re.compile(r"\W")
LIBRARIES = ("np", "jnp", "jax", "torch", "math")
_PYTHON_S = frozenset((*dir(builtins), *LIBRARIES))


class Names:
    """Gives out names, each once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {*_PYTHON_S, *taken}
        self.counter = 0

    def unique(self, wanted: str) -> str:
        """The name itself, or the next like it that is free and that Python takes."""
        name = wanted if wanted.isascii() and wanted.isidentifier() else _spelled(wanted)
        while keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def fresh(self) -> str:
        """A name for a line that has none."""
        self.counter += 1
        while f"t{self.counter}" in self.taken:
            self.counter += 1
        return self.unique(f"t{self.counter}")


def _spelled(wanted: str) -> str:
    """A name in the letters that Python takes."""
    name = unicodedata.normalize("NFKC", wanted).replace("'", "_prime").replace("∂", "d")
    name = _NO_LETTER.sub("_", name)
    return name if name.isidentifier() else f"_{name}"
