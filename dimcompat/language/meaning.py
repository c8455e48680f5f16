"""What the operators of the text mean: one row each, from spelling to operation.

A module of its own because reading a text and trying out an edit of it must apply the very
same operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from dimcompat import operations
from dimcompat.operations import Operation

ADDED, MULTIPLIED = ("+", "-", ".*", "./"), ("*", "@")
"""The operators that stretch an operand, and the matrix products."""

OPERATIONS: Mapping[str, Callable[[Operation, Operation], Operation]] = MappingProxyType(
    {
        "+": operations.add,
        "-": operations.subtract,
        "*": operations.multiply,
        "@": operations.multiply,
        "/": operations.divide,
        ".*": operations.entrywise_multiply,
        "./": operations.entrywise_divide,
        "^": operations.power,
        ".^": operations.entrywise_power,
    }
)
