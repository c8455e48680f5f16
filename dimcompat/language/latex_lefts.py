r"""Names on their own in LaTeX: on the left of a sign of equality, and where a name is given by itself.

A module of its own because there nothing is known yet: what stands there is one name, whatever it is.
"""

from __future__ import annotations

from dimcompat.errors import fault
from dimcompat.language.latex_calls import Calls
from dimcompat.language.latex_tokens import Raw
from dimcompat.language.latex_words import ACCENTS, GREEK, STYLES, UPRIGHT


class Lefts(Calls):
    """Reads names without regard to what is known."""

    def letter(self, raw: Raw) -> str:
        """What a single letter is called."""
        greek = raw.kind == "command" and raw.text[1:] in GREEK
        return self.known.letter(raw.text[1:]) if greek else raw.text

    def plain_name(self, at: int, end: int) -> str:
        """The name that stands between two places, and nothing else."""
        name, after = self.name_at(at, end, self.raws[at])
        if after != end:
            raw = self.raws[after]
            raise fault("E129", raw[2:], found=self.typed(raw))
        return name

    def name_at(self, at: int, end: int, of: Raw) -> tuple[str, int]:
        """A name, read without regard to what is known, and the place after it."""
        base, stop = self.base_at(at, end, of)
        scripts = self.scripts(stop, end)
        if scripts.below is not None:
            label = self.label(self.flat(*scripts.below))
            if label is None:
                sign = self.raws[scripts.below[0]]
                raise fault("E154", sign[2:], found=self.typed(sign))
            base += f"_{label}"
        return base + (f"__{scripts.label}" if scripts.label else ""), scripts.after

    def base_at(self, at: int, end: int, of: Raw) -> tuple[str, int]:
        """A name without its scripts, and the place after it."""
        raw = self.raws[at]
        base: str | None = None
        stop = at + 1
        if at < end and raw.kind == "letter":
            while stop < end and self.raws[stop].kind in ("letter", "number") and raw.text.isascii():
                stop += 1
            base = self.text[raw.start : self.raws[stop - 1].end]
        elif at < end and raw.kind == "command" and raw.text[1:] in GREEK:
            base = self.known.letter(raw.text[1:])
        elif at < end and raw.kind == "command" and raw.text[1:] in (*STYLES, *UPRIGHT, *ACCENTS):
            first, last, stop = self.argument(at + 1, end, raw)
            base = self.label(self.flat(first, last))
            if base is not None and raw.text[1:] in ACCENTS:
                base = f"{base}_{ACCENTS[raw.text[1:]]}"
        if base is None or not (base.isidentifier() or not base.isascii()):
            raise fault("E129", (raw if at < end else of)[2:], found=self.typed(raw if at < end else of))
        return base, stop
