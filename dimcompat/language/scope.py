"""What a name means where it stands: a declared value, a part, a dimension, or nothing yet.

A module of its own because a name that means nothing is the commonest fault of all, and
the answer to it (a near miss, a declaration that comes too late, a missing product sign)
needs everything that could have been meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import DimcompatError, fault, shown
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions import ALIASES, REGISTRY, UNSUPPORTED, find, instead_of
from dimcompat.functions.record import Function
from dimcompat.functions.reductions import SUM
from dimcompat.language import syntax as tree
from dimcompat.likeness import most_like
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.records import dataclass
from dimcompat.shapes import Dim

if TYPE_CHECKING:
    from dimcompat.functions.user import UserFunction

CONSTANTS = ("pi", "e")
SPELLED = {"π": "pi"}
GRADIENT = "grad_"
FUNCTION_KINDS = ("definition", "function declaration")


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that have a meaning, and in ``later`` those that get one further down, and how;
    ``arguments`` are what stands in brackets at a part's name in LaTeX."""

    symbols: Mapping[str, Symbol]
    parts: Mapping[str, Operation]
    dimensions: frozenset[str]
    later: Mapping[str, str] = field(default_factory=dict)
    found_on_the_way: Mapping[str, Expr] = field(default_factory=dict)
    functions: Mapping[str, UserFunction] = field(default_factory=dict)
    arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def function(self, name: str) -> Function | None:
        """The record of the function with this name: one of the text's, a derivative of one, or our own."""
        given = self.user_function(name)
        return given.record if given is not None else find(name)

    def user_function(self, name: str) -> UserFunction | None:
        """The function of the text with this name: ``f``, a derivative ``f'``, the gradient ``grad_phi``."""
        base = name.rstrip("'")
        if base in self.functions and base not in self.later:
            return self.functions[base].derivative(len(name) - len(base))
        of = self.functions.get(name.removeprefix(GRADIENT)) if name.startswith(GRADIENT) else None
        return of.gradient() if of is not None and of.origin.base not in self.later else None

    def operation(self, name: str) -> Operation | None:
        """The value that the name stands for, or None where it has none."""
        if name in self.symbols:
            return None if name in self.later else operations.leaf(self.symbols[name])
        if name in self.parts:
            return operations.part(name, self.parts[name])
        if name in self.found_on_the_way:
            return operations.leaf(self.found_on_the_way[name])
        if name in self.later:
            return None
        if name in self.dimensions:
            return operations.leaf(ex.size_of(Dim.symbol(name)))
        constant = SPELLED.get(name, name)
        return operations.leaf(ex.Constant.make(constant)) if constant in CONSTANTS else None

    def __contains__(self, name: str) -> bool:
        return name in self.later or name in self.dimensions or self.names_value(name)

    def names_value(self, name: str) -> bool:
        """Whether the name was declared or assigned."""
        return name in self.symbols or name in self.parts or name in self.found_on_the_way

    def described(self, name: str) -> str:
        """``w is n×1``."""
        operation = self.operation(name)
        if operation is None:
            return say("is.function", name=name)
        if not self.names_value(name) and name in self.dimensions:
            return say("is.dimension", name=name)
        return say("is", name=name, shape=operation.shape)

    def unknown(self, node: tree.Name) -> DimcompatError:
        """The error for a name without a meaning; its hint names no candidate yet."""
        name = node.name
        if name in self.later:
            return fault("E305", node.span, found=name, kind=say(f"kind.{self.later[name]}"))
        if name in self.functions:
            return fault("E311", node.span, found=name)
        if name in UNSUPPORTED or find(name) is not None:
            return fault("E301", node.span, found=name, hint=say("E301.function", name=name))
        return fault("E301", node.span, found=name, hint=_how_to_declare(name))

    def unknown_function(self, node: tree.Call) -> DimcompatError:
        """The error for a call of something that is not there."""
        from dimcompat.functions.other_names import INSTEAD
        from dimcompat.language.spellings import summed

        name, span = node.name, node.name_span
        if name in UNSUPPORTED:
            return fault("E418", span, found=name, hint=instead_of(name))
        base = name.rstrip("'").removeprefix(GRADIENT)
        if base in self.later and self.later[base] in FUNCTION_KINDS:
            return fault("E305", span, found=base, kind=say(f"kind.{self.later[base]}"))
        if name.rstrip("'") in self:
            return fault("E306", span, found=shown(name), hint=say("E306.value", name=name))
        if base in self.functions:
            has = "E306.derivatives" if self.functions[base].record.entrywise else "E306.gradient"
            return fault("E306", span, found=shown(name), hint=say(has, name=base))
        if base != name and find(base) is not None:
            return fault("E306", span, found=shown(name), hint=say("E306.own", name=base))
        if name in INSTEAD:
            return fault("E306", span, found=shown(name), hint=say("instead", instead=INSTEAD[name]))
        if index := summed(name):
            return fault(
                "E306", span, found=shown(name), hint=say("meant", instead=f"{SUM.name}({index}, …)")
            )
        near = next(iter(self.near_functions(name)), None)
        hint = say("meant", instead=f"{near}(…)") if near else say("E306.listed")
        return fault("E306", span, found=shown(name), hint=hint)

    def near_names(self, name: str) -> list[str]:
        """Names that may have been meant: the same in another case, then similar ones."""
        known = [*self.symbols, *self.parts, *self.found_on_the_way, *sorted(self.dimensions)]
        known = [other for other in dict.fromkeys(known) if other not in self.later]
        return list(_near(name, known))

    def split(self, name: str) -> tuple[str, str] | None:
        """``Xw`` as ``X`` and ``w``, where both are known."""
        for place in range(1, len(name)):
            if self.names_value(name[:place]) and self.names_value(name[place:]):
                return name[:place], name[place:]
        return None

    def near_functions(self, name: str) -> list[str]:
        """Functions that may have been meant."""
        return list(_near(name, [*self.functions, *REGISTRY, *ALIASES]))


def _near(name: str, known: list[str]) -> Iterator[str]:
    from dimcompat.language.latex_words import GREEK

    same = [other for other in known if other.casefold() == name.casefold()]
    same += [other for other in known if other in GREEK.get(name, ()) or name in GREEK.get(other, ())]
    yield from same
    if len(name) > 1:
        yield from (other for other in most_like(name[:100], known, 3, 0.66) if other not in same)


def _how_to_declare(name: str) -> str:
    if name[0].isupper():
        shape, other = "m, n", "n"
    else:
        shape, other = ("n", "scalar") if name[0].isascii() else ("scalar", "n")
    passed = f"--shape {name}:{shape.replace(' ', '')}"
    return say("E301.declare", name=name, shape=shape, other=other, passed=passed)


def size_arguments(call: tree.Call) -> tuple[tree.Node, ...]:
    """The arguments of a call that are dimensions."""
    record = find(call.name)
    if record is None or max(record.sizes) == 0:
        return ()
    return call.arguments[record.arity :]
