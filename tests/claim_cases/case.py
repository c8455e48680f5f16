"""What a claim about a gradient is kept as."""

from __future__ import annotations

Case = tuple[str, dict[str, str], str, list[tuple[str, str]]]
"""The source, its shapes, the variable, then claims, each with its cause; several causes are parted by a bar
where more than one is a true account of the slip."""
