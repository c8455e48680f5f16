"""Columns of a terminal: what is counted at once has one column for each character."""

from __future__ import annotations

import unicodedata

from dimcompat.renderers.wrapping import columns


def test_every_character_has_the_columns_that_unicode_gives_it() -> None:
    for character in map(chr, range(0x4000)):
        wide = unicodedata.east_asian_width(character) in "WF"
        expected = 0 if unicodedata.combining(character) else 1 + wide
        if columns(character) != expected:
            raise AssertionError(f"U+{ord(character):04X}")
