"""A program: what a source declares, the parts it names, and its objective.

A module of its own because it is what the language hands on: it knows operations and
declarations, and nothing of text.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from dimcompat.expressions import Expr, Symbol, scoped
from dimcompat.operations import Operation
from dimcompat.records import dataclass
from dimcompat.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dimcompat.functions.user import UserFunction


@dataclass(frozen=True, slots=True)
class Program:
    """``symbols`` are the declared names and ``parts`` the named intermediates, each in the order of
    the source; ``operation`` is the objective as typed and ``name`` what it is called; ``functions`` are
    those that the source declares or defines. ``span`` is the place of the objective's formula in the
    text as typed; ``arguments`` are what stands in brackets at a part's name, as in ``J(w) = …``."""

    text: str
    symbols: Mapping[str, Symbol] = field(hash=False)
    parts: Mapping[str, Operation] = field(hash=False)
    operation: Operation
    name: str
    functions: Mapping[str, UserFunction] = field(default_factory=dict, hash=False)
    span: tuple[int, int] | None = None
    arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def function_names(self) -> frozenset[str]:
        """The names of the source's functions and of the parameters in their formulas."""
        parameters = (p.name for given in self.functions.values() for p in given.origin.parameters[:1])
        return frozenset((*self.functions, *parameters))

    @property
    def objective(self) -> Expr:
        """The objective as an expression; its definition where it is one of the named parts."""
        return scoped(self.operation.value, self.symbols.values())

    def shape_of(self, name: str) -> Shape:
        """The shape of a declared name or a part."""
        symbol = self.symbols.get(name)
        return symbol.shape if symbol is not None else self.parts[name].shape

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of every declared name and every part."""
        declared = {name: symbol.shape for name, symbol in self.symbols.items()}
        return declared | {name: operation.shape for name, operation in self.parts.items()}
