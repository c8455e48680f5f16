"""Text to Program: declarations, named parts and the objective, all names and shapes checked.

A module of its own because it is the front door of the language: whoever has a text asks
here, and what comes back knows nothing of text but its spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from dimcompat.errors import DimcompatError, Label, fault, shown
from dimcompat.language import syntax as tree
from dimcompat.language.declarations import Declarations, Place, ShapeLike, declare_passed
from dimcompat.language.elaborate import Elaborator
from dimcompat.language.parser import parse_source
from dimcompat.language.scope import Scope, size_arguments
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.program import Program
from dimcompat.records import dataclass

if TYPE_CHECKING:
    from dimcompat.language.formulas import Extent

LOSSES = ("L", "E", "J", "H")


def read(
    text: str, shapes: Mapping[str, ShapeLike] | None = None, *, objective: str | None = None
) -> Program:
    """Reads a source whose names are declared in it or in ``shapes``.

    ``objective`` picks the part of that name. Raises a DimcompatError with the place of the fault.
    """
    return Reading(text).program(shapes or {}, objective)


class Formula(NamedTuple):
    """A formula of the text, what is known of its nodes, and the name it is given."""

    root: tree.Node
    elaborator: Elaborator
    name: str | None


@dataclass(slots=True)
class Reading:
    """One text while it is read; ``source`` are its statements where it is in another notation."""

    text: str
    source: tree.Source | None = None
    declared: Declarations = field(default_factory=Declarations)
    parts: dict[str, Operation] = field(default_factory=dict)
    formulas: list[Formula] = field(default_factory=list)
    later: dict[str, str] = field(default_factory=dict)
    extents: dict[str, Extent] = field(default_factory=dict)
    alone: tuple[tree.Objective, Operation] | None = None

    def program(self, shapes: Mapping[str, ShapeLike], objective: str | None) -> Program:
        """The program; raises a DimcompatError with the place of the fault."""
        try:
            return self.checked_program(shapes, objective)
        except DimcompatError as error:
            raise error.at(None, text=self.text if error.text is None else None) from None

    def checked_program(self, shapes: Mapping[str, ShapeLike], objective: str | None) -> Program:
        try:
            source = self.source or parse_source(self.text)
        except DimcompatError as error:
            from dimcompat.language.spellings import with_spelling

            raise with_spelling(error, self.text) from None
        declare_passed(self.declared, shapes)
        for statement in source.statements:
            self.take(statement)
        mixes = self.survey(source)
        self.declared.check_dimensions()
        for statement in source.statements:
            self.read(statement, mixes)
        if mixes:
            self.refuse_mixed_products()
        name, operation = self.objective(source, objective)
        wanted_name = name if name in self.parts else None
        span = next((formula.root.span for formula in self.formulas if formula.name == wanted_name), None)
        declared = self.declared
        return Program(self.text, declared.symbols, self.parts, operation, name, declared.functions, span)

    def place(self, span: tuple[int, int]) -> Place:
        return Place("source", self.text, span)

    def take(self, statement: tree.Statement) -> None:
        """Takes note of what a statement declares or assigns."""
        match statement:
            case tree.Declaration():
                place = self.place(statement.name_span)
                self.declared.declare(
                    statement.name, statement.shape, place, self.place(statement.shape.span)
                )
                is_function = statement.name in self.declared.functions
                self.later[statement.name] = "function declaration" if is_function else "declaration"
            case tree.Definition():
                self.declared.take_name(statement.name, self.place(statement.name_span))
                self.later[statement.name] = "assignment"
            case tree.FunctionDefinition():
                place = self.place(statement.name_span)
                self.declared.take_name(statement.name, place, is_function=True)
                self.later[statement.name] = "definition"
            case tree.Objective():
                pass

    def survey(self, source: tree.Source) -> bool:
        """Takes note of the dimensions that only constants such as ``eye(n)`` mention; is there an ``@``?"""
        uses_at_sign = False
        for root in values(source):
            for node in tree.postorder(root):
                if isinstance(node, tree.Binary):
                    uses_at_sign = uses_at_sign or node.operator == "@"
                elif isinstance(node, tree.Call):
                    for name in (name for size in size_arguments(node) for name in names(size)):
                        if name.name not in self.declared.places:
                            self.declared.dimensions.setdefault(name.name, self.place(name.span))
        return uses_at_sign

    def read(self, statement: tree.Statement, mixes_products: bool) -> None:
        if isinstance(statement, tree.Declaration):
            self.later.pop(statement.name, None)
        elif isinstance(statement, tree.Definition):
            self.parts[statement.name] = self.elaborate(statement.value, mixes_products, statement.name)
            self.later.pop(statement.name, None)
        elif isinstance(statement, tree.FunctionDefinition):
            from dimcompat.language.formulas import read_function

            found = read_function(statement, self.scope(), self.text, self.extents)
            self.declared.functions[statement.name] = found
            self.later.pop(statement.name, None)
        elif isinstance(statement, tree.Objective):
            if self.alone is not None:
                labels = (Label(self.alone[0].span, say("label.first one")),)
                raise fault("E144", statement.span, labels=labels)
            self.alone = statement, self.elaborate(statement.value, mixes_products)

    def scope(self) -> Scope:
        """What names mean at this point of the text."""
        declared = self.declared
        return Scope(
            declared.symbols,
            self.parts,
            frozenset(declared.dimensions),
            self.later,
            functions=declared.functions,
        )

    def elaborate(self, root: tree.Node, mixes_products: bool, name: str | None = None) -> Operation:
        elaborator = Elaborator(self.scope(), self.text)
        elaborator.mixes_products = mixes_products
        operation = elaborator.elaborate(root)
        self.formulas.append(Formula(root, elaborator, name))
        return operation

    def refuse_mixed_products(self) -> None:
        """With ``@`` in the text, ``*`` between matrices of one shape may be NumPy's."""
        for root, elaborator, _ in self.formulas:
            for node in tree.postorder(root):
                if isinstance(node, tree.Binary) and node.operator == "*":
                    left, right = elaborator.shape(node.left), elaborator.shape(node.right)
                    if left is not None and left == right and not left.is_scalar:
                        raise elaborator.mixed(node)

    def objective(self, source: tree.Source, wanted: str | None) -> tuple[str, Operation]:
        if wanted is not None and wanted in self.parts:
            return wanted, self.parts[wanted]
        if self.alone is not None:
            statement, found = self.alone
            said = statement.value.name if isinstance(statement.value, tree.Name) else None
            name = said if said in self.parts and said is not None else self.free_name(found)
        elif self.parts:
            name = next(reversed(self.parts))
            found = self.parts[name]
        else:
            raise fault("E143", source.statements[-1].span)
        if wanted is not None and wanted != name:
            known = say("E304.known", known=", ".join(self.parts) or say("none"))
            error = fault("E304", (0, len(wanted)) if wanted else None, found=shown(wanted))
            raise error.at(None, text=wanted, where="objective", hint=known)
        return name, found

    def free_name(self, operation: Operation) -> str:
        """What an objective without a name is called."""
        indices = {name for formula in self.formulas for name in formula.elaborator.indices.names}
        taken = {*self.declared.places, *self.declared.dimensions, *indices}
        first = "J" if operation.shape.is_scalar else "F"
        numbered = (f"{first}_{number}" for number in range(1, len(taken) + 2))
        return next(name for name in (first, *LOSSES, *numbered) if name not in taken)


def values(source: tree.Source) -> list[tree.Node]:
    """The formulas of a source."""
    return [s.value for s in source.statements if isinstance(s, (tree.Definition, tree.Objective))]


def names(root: tree.Node) -> list[tree.Name]:
    """Every name in a formula."""
    return [node for node in tree.postorder(root) if isinstance(node, tree.Name)]
