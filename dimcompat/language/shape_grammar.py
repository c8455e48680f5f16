"""The grammar of declarations: `X: m, n symmetric`, `y: m labels(c)`, `f: elementwise`.

A module of its own because what may follow the colon is a small language beside that of
expressions; all it asks of the other is what one dimension is.
"""

from __future__ import annotations

from typing import NamedTuple

import dimcompat.language.syntax as tree
from dimcompat.errors import DimcompatError, fault
from dimcompat.language.cursor import Cursor
from dimcompat.language.plain import ENDS, ENDS_OPERAND, Kind, Token
from dimcompat.language.syntax import Node
from dimcompat.likeness import most_like
from dimcompat.messages import say

ATTRIBUTES = ("symmetric", "posdef", "diagonal", "orthogonal", "positive", "labels")


class Part(NamedTuple):
    """A node and its extent with the brackets around it."""

    node: Node
    start: int
    end: int


class ShapeGrammar(Cursor):
    """One method for each rule; `expression` belongs to the grammar that stands on this one."""

    def expression(self) -> Part:
        raise NotImplementedError

    def declaration(self) -> tree.Declaration:
        name = self.advance()
        if name.kind is not Kind.NAME:
            raise fault("E129", name[2:], found=self.shown(name))
        if self.current.kind is not Kind.COLON:
            raise self.unexpected() if self.current.kind not in ENDS else self.no_dimension()
        self.advance()
        shape = self.shape()
        return tree.Declaration(name.text, name[2:], shape, (name.start, self.last.end))

    def shape(self) -> tree.DeclaredType:
        self.in_shape = True
        shape = self.function_type() or self.matrix_type()
        if not self.at(*ENDS):
            raise self.unexpected()
        self.in_shape = False
        return shape

    def function_type(self) -> tree.ElementwiseType | tree.FunctionType | None:
        first = self.current
        if first.text == "elementwise":
            return tree.ElementwiseType(self.advance()[2:])
        if first.text == "function" and self.ahead().text == "(":
            self.advance()
            parts = [self.dimension() for _ in self.listed()]
            return tree.FunctionType(self.at_most_two(parts), (first.start, self.last.end))
        return None

    def matrix_type(self) -> tree.ShapeSyntax:
        first, parts = self.current, []
        if first.text == "scalar":
            self.advance()
        elif not (first.text == "labels" and self.ahead().text == "("):
            parts = self.dimensions()
        dimensions, attributes = self.at_most_two(parts), self.attributes()
        return tree.ShapeSyntax(dimensions, attributes, (first.start, self.last.end))

    def dimensions(self) -> list[Part]:
        bracketed = self.current.text == "(" and self.lists_dimensions()
        if bracketed:
            self.open()
        parts = [self.dimension()]
        while self.separates_dimensions(self.place):
            self.advance()
            if bracketed and self.current.kind is Kind.CLOSE and len(parts) == 1:
                break
            if not bracketed and self.current.text in ATTRIBUTES:
                break
            parts.append(self.dimension())
        if bracketed:
            self.close()
        return parts

    def separates_dimensions(self, place: int) -> bool:
        token = self.tokens[place]
        if token.kind is Kind.NAME and token.text == "x":
            return self.tokens[place - 1].kind in ENDS_OPERAND
        return token.kind is Kind.COMMA or self.typed(token) == "×"

    def lists_dimensions(self) -> bool:
        """Whether the bracket here holds a shape and is not a part of its first dimension."""
        depth = 0
        for place in range(self.place, self.matching(self.place)):
            depth += (self.tokens[place].kind is Kind.OPEN) - (self.tokens[place].kind is Kind.CLOSE)
            if depth == 1 and self.separates_dimensions(place):
                return True
        return False

    def dimension(self) -> Part:
        if self.current.kind in (*ENDS, Kind.CLOSE, Kind.COMMA):
            raise self.no_dimension()
        part = self.expression()
        wrong = tree.dimension_fault(part.node)
        if wrong:
            code, node = wrong
            found = self.quoted(node.span)
            raise fault(code, node.span, found=found, limit=tree.MAX_DIMENSION_POWER)
        return part

    def at_most_two(self, parts: list[Part]) -> tuple[Node, ...]:
        if len(parts) > 2:
            span = (parts[2].start, parts[-1].end)
            raise fault("E212", span, found=self.quoted(span))
        return tuple(part.node for part in parts)

    def no_attribute(self, token: Token, follows_one: bool) -> DimcompatError:
        """The error for a word that is no attribute, and may be a dimension without its comma."""
        found, before = self.shown(token), self.tokens[self.place - 2]
        if not follows_one and before.kind in ENDS_OPERAND and not most_like(token.text, ATTRIBUTES):
            instead = f"{self.typed(before)}, {self.typed(token)}"
            return fault("E126", token[2:], found=found, hint=say("meant", instead=instead))
        return fault("E126", token[2:], found=found, wanted=", ".join(ATTRIBUTES))

    def attributes(self) -> tuple[tree.Attribute, ...]:
        found: dict[str, tree.Attribute] = {}
        while self.current.kind is Kind.NAME or (
            self.current.kind is Kind.COMMA and self.ahead().text in ATTRIBUTES
        ):
            if self.current.kind is Kind.COMMA:
                self.advance()
            token = self.advance()
            if token.text not in ATTRIBUTES:
                raise self.no_attribute(token, bool(found))
            bracketed = self.current.text == "("
            arguments = [self.dimension() for _ in self.listed()] if bracketed else []
            span = (token.start, self.last.end)
            wanted = 1 if token.text == "labels" else 0
            if len(arguments) != wanted:
                wrong = say("E127.labels") if wanted else say("E127.bare")
                raise fault("E127", span, found=self.shown(token), fault=wrong)
            if token.text in found:
                raise fault("E127", span, found=self.shown(token), fault=say("E127.twice"))
            found[token.text] = tree.Attribute(token.text, arguments[0].node if arguments else None, span)
        return tuple(found.values())
