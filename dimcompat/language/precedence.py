"""The one table of binding strength, read by the parser and by every printer.

A module of its own so that reading and writing cannot disagree: a bracket that a printer
leaves out is one that the parser does not need. Changing how an operator groups is a change
of one word in one row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Literal

from dimcompat.records import dataclass


class Level(IntEnum):
    """How tightly a form holds its parts together, loosest first."""

    SUM = 1
    PRODUCT = 2
    UNARY = 3
    POWER = 4
    POSTFIX = 5
    ATOM = 6


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: its plain spelling, where it stands, and how tightly it binds."""

    spelling: str
    kind: Literal["binary", "prefix", "postfix"]
    level: Level
    groups: Literal["left", "right"]
    aliases: tuple[str, ...] = ()


OPERATORS: tuple[Operator, ...] = (
    Operator("+", "binary", Level.SUM, "left"),
    Operator("-", "binary", Level.SUM, "left", ("−", "–")),
    Operator("*", "binary", Level.PRODUCT, "left", ("·", "⋅", "∙", "×", "∗")),
    Operator("@", "binary", Level.PRODUCT, "left"),
    Operator("/", "binary", Level.PRODUCT, "left", ("÷", "∕")),
    Operator(".*", "binary", Level.PRODUCT, "left", ("⊙", "∘")),
    Operator("./", "binary", Level.PRODUCT, "left", ("⊘",)),
    Operator("+", "prefix", Level.UNARY, "right"),
    Operator("-", "prefix", Level.UNARY, "right", ("−", "–")),
    Operator("^", "binary", Level.POWER, "right", ("**",)),
    Operator(".^", "binary", Level.POWER, "right"),
    Operator("'", "postfix", Level.POSTFIX, "left", (".T", "ᵀ", "⊤")),
)


def _by_kind(kind: str) -> Mapping[str, Operator]:
    return MappingProxyType({row.spelling: row for row in OPERATORS if row.kind == kind})


BINARY: Mapping[str, Operator] = _by_kind("binary")
PREFIX: Mapping[str, Operator] = _by_kind("prefix")
POSTFIX: Mapping[str, Operator] = _by_kind("postfix")

PLAIN_SPELLING: Mapping[str, str] = MappingProxyType(
    {name: row.spelling for row in OPERATORS for name in (row.spelling, *row.aliases)}
)
"""Every spelling of an operator, mapped to the plain one."""


def needs_brackets(child: Level, parent: Operator, side: Literal["left", "right"]) -> bool:
    """Whether an operand of level `child` must stand in brackets on this side of `parent`.

    A prefix operator has its operand on the right, a postfix operator on the left. Bare
    exponents are atoms: `a^b'` is `(a^b)'`, so a transposed exponent needs its brackets.
    """
    if parent.level is Level.POWER and side == "right":
        return child < Level.ATOM and not (child is Level.POWER and parent.groups == "right")
    return child < parent.level or (child is parent.level and side != parent.groups)
