"""What tells two nodes apart that are alike in kind, first name and size.

A module of its own because it is asked for seldom: a digest of all that an expression is costs as much as
the rest of making a node, and most comparisons end before it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import total_ordering
from typing import Any

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL first
except ImportError:
    from hashlib import blake2b


@total_ordering
class Fingerprint:
    """The last item of a node's order: the same in every run, and computed where two nodes meet that tie.

    ``told`` makes a text of the node's facts, ``parts`` are the fingerprints of what it is made of,
    ``hidden`` those that the text itself asks for.
    """

    __slots__ = ("_digest", "facts", "hidden", "parts", "told")

    def __init__(
        self,
        told: Callable[..., str],
        facts: tuple[Any, ...],
        parts: tuple[Fingerprint, ...],
        hidden: tuple[Fingerprint, ...],
    ) -> None:
        self.told = told
        self.facts = facts
        self.parts = parts
        self.hidden = hidden
        self._digest = b""

    @property
    def digest(self) -> bytes:
        pending = [] if self._digest else [self]
        while pending:
            one = pending[-1]
            open_parts = [part for part in (*one.parts, *one.hidden) if not part._digest]
            if open_parts:
                pending += open_parts
                continue
            pending.pop()
            text = one.told(*one.facts).encode()
            joined = b"".join((text, *(part._digest for part in one.parts)))
            one._digest = blake2b(joined, digest_size=8).digest()
        return self._digest

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Fingerprint) and self.digest == other.digest)

    def __lt__(self, other: Fingerprint) -> bool:
        return self.digest < other.digest

    def __hash__(self) -> int:
        return hash(self.digest)
