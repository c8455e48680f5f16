"""The magics for notebooks: ``%load_ext dimcompat``, then ``%dimcompat`` and ``%%dimcompat``.

A module of its own because IPython finds it by the name ``load_ipython_extension``, and because nothing else
knows of IPython.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dimcompat.asking import parted, read_question
from dimcompat.errors import DimcompatError
from dimcompat.messages import language, told
from dimcompat.options import Fault
from dimcompat.records import dataclass

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation


@dataclass(frozen=True, slots=True)
class Shown:
    """A derivation shown in a language, with fewer steps or pictures; otherwise it is that derivation."""

    derivation: Derivation
    steps: str
    lang: str | None
    pictures: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.derivation, name)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from dimcompat.renderers.mimebundle import mimebundle

        chosen: dict[str, Any] = {"steps": self.steps, "lang": self.lang, "pictures": self.pictures}
        return mimebundle(self.derivation, include, exclude, **chosen)


def dimcompat(line: str, cell: str | None = None) -> Derivation | Shown:
    """Derive a formula step by step.

    %dimcompat SOURCE --wrt w -s X:m,n    the source on the line
    %%dimcompat --wrt w                   the source in the cell
    """
    source, options = (cell, line) if cell is not None else parted(line)
    lang = None
    try:
        question = read_question(options)
        lang = question.lang
        derivation = question.derive(source)
    except (DimcompatError, Fault) as error:
        raise _said(error, lang) from None
    if question.steps == "all" and question.lang is None and not question.pictures:
        return derivation
    return Shown(derivation, question.steps, question.lang, question.pictures)


def _said(error: DimcompatError | Fault, lang: str | None) -> Exception:
    """The error as IPython shows the faults of its users: the message without a traceback."""
    from dimcompat.renderers.errors import error_text

    try:
        from IPython.core.error import UsageError
    except ImportError:
        return error
    lang = language(lang)
    message = error_text(error, lang=lang) if isinstance(error, DimcompatError) else told(error.message, lang)
    said: Exception = UsageError(message.rstrip("\n"))
    return said


def load_ipython_extension(shell: Any) -> None:
    """What IPython calls for ``%load_ext dimcompat``."""
    # braces and dollar signs in a formula are the formula's own
    dimcompat._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]
    shell.register_magic_function(dimcompat, magic_kind="line_cell", magic_name="dimcompat")
