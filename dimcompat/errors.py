"""Errors as data: what was found, where it stands, and what would fit.

A module of its own because every stage raises these and none may depend on how they are
shown: nothing here prints, and of ours only their codes are imported. The command line, a notebook
or an editor turns the same fields into a message with a caret under the fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from dimcompat.error_codes import CODES

__all__ = [
    "CODES",
    "TEMPLATES",
    "DimcompatError",
    "Label",
    "ParseError",
    "ShapeError",
    "UnknownNameError",
    "UnsupportedError",
    "fault",
    "shown",
]


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the fault, such as an operand with its shape."""

    span: tuple[int, int]
    text: str


class DimcompatError(Exception):
    """An input at fault; `str(error)` is the message alone."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        hint: str | None = None,
        span: tuple[int, int] | None = None,
        where: str = "source",
        labels: tuple[Label, ...] = (),
        text: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.span = span
        self.where = where
        self.labels = labels
        self.text = text

    def at(
        self,
        span: tuple[int, int] | None,
        *,
        text: str | None = None,
        where: str | None = None,
        labels: tuple[Label, ...] | None = None,
        hint: str | None = None,
    ) -> Self:
        """This same error, located: sets what is given and leaves the rest as it is."""
        self.span = self.span if span is None else span
        self.text = self.text if text is None else text
        self.where = self.where if where is None else where
        self.labels = self.labels if labels is None else labels
        self.hint = self.hint if hint is None else hint
        return self

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """Copying and pickling keep every field."""
        fields = {name: getattr(self, name) for name in ("code", "hint", "span", "where", "labels", "text")}
        return partial(type(self), **fields), (self.message,)


class ParseError(DimcompatError):
    """How the text is written: syntax, a second declaration, a wrong number of arguments, size."""


class ShapeError(DimcompatError):
    """What the shapes forbid."""


class UnknownNameError(DimcompatError):
    """A name or a function that is not there."""


class UnsupportedError(DimcompatError):
    """Something that is understood but not supported; the message or hint says what to do instead."""


TEMPLATES: dict[str, tuple[str, str | None]] = {
    "E101": ("The text has {length} characters, and at most {limit} are read.", None),
    "E102": ("There is nothing to read here.", None),
    "E103": ("{found} is not in the language.", None),
    "E104": (
        "{found} is LaTeX, and this text is read in the plain notation.",
        "Read LaTeX with --latex-in (notation='latex'). In the plain notation A\\b is inv(A)*b.",
    ),
    "E105": (
        "{found} is not in the language: only .T, the transpose, may follow a point.",
        "A function is written before its argument: exp(x), inv(A), sum(X).",
    ),
    "E106": ("The decimal point of {found} is not followed by a digit.", "Write the digit: 2.0, or just 2."),
    "E107": ("The number {found} has more than {limit} digits when it is written out.", None),
    "E108": ("The {bracket} {found} is never closed.", "Add a {wanted} where it ends."),
    "E109": ("The bracket {found} closes nothing.", "Leave it out, or open a bracket before it."),
    "E110": ("The bracket {found} does not close {opener}.", "A {wanted} would close it."),
    "E111": (
        "A {found} ends a statement, but the bracket {opener} is still open.",
        "Close the bracket first. Arguments are separated by commas.",
    ),
    "E112": (
        "{found} has nothing on its right.",
        "Complete it on the same line, or put the expression in brackets to go on in the next.",
    ),
    "E113": ("{found} has nothing on its left.", None),
    "E114": (
        "{found} and {next} are two operators in a row.",
        "Leave one out, or write what stands between.",
    ),
    "E115": ("There is no operator between {found} and {next}.", "A product is written with *."),
    "E116": ("{found} leaves out what it should separate.", "Write what is missing, or leave out the comma."),
    "E117": ("The brackets {found} are empty.", None),
    "E118": (
        "What stands on the left of {found} is not a name.",
        "Write NAME = EXPRESSION to name an intermediate; two sides are never compared.",
    ),
    "E119": (
        "The {found} does not follow a name that it could declare.",
        "Write NAME: SHAPE, as in X: m, n.",
    ),
    "E120": ("The {found} separates nothing.", "Commas separate arguments, indices and dimensions."),
    "E121": ("{found} stands more than {limit} levels deep.", "Name a part of it: Z = …"),
    "E122": ("{found} follows a named argument.", "Write plain arguments first: sum(X, axis=0)."),
    "E123": ("The argument {found} is given twice.", None),
    "E124": (
        "A function that is defined by a formula has one parameter, a name, and not {found}.",
        "Write it as in f(t) = t*sigmoid(t).",
    ),
    "E125": ("A dimension is missing at {found}.", "Shapes are written as in X: m, n or w: n or a: scalar."),
    "E126": ("{found} is not an attribute of a shape.", "The attributes are {wanted}."),
    "E127": ("The attribute {found} {fault}.", None),
    "E128": ("Only one statement can stand here, and {found} starts a second one.", None),
    "E129": ("A name is wanted here, and {found} is not one.", "Names look like X, W_1, a_prev or β."),
    "E130": (
        "{found} is a third index, and a matrix has two.",
        "Indices are written as in X[i,:] or X[i,j].",
    ),
    "E131": (
        "{found} cannot be part of a dimension.",
        "Dimensions are made of names and positive integers with +, * and ^, as in n+1.",
    ),
    "E132": ("{found} cannot stand here.", None),
    "E133": (
        "More than {limit} products, powers, signs or calls stand one inside the other here.",
        "Name its parts: Z = …",
    ),
    "E134": (
        "{found} is given a meaning twice.",
        "A name is declared or assigned once; choose another name.",
    ),
    "E135": (
        "{found} is the name of a value, and here it is a dimension.",
        "Give the value or the dimension another name.",
    ),
    "E136": ("{found} takes {wanted}, and this call has {given}.", None),
    "E137": ("{found} takes no argument called {key}.", None),
    "E138": (
        "{found} could be a power, since T is declared, or the transpose.",
        "Write {wanted} for the transpose.",
    ),
    "E139": (
        "{found} is a matrix product, but the text writes @ for those: NumPy's * goes entry by entry.",
        "Did you mean {wanted}? For the matrix product, write it with @ as well.",
    ),
    "E140": (
        "An axis is 0 or 1, and {found} is neither.",
        "With axis=0 there is one result for each column, with axis=1 one for each row.",
    ),
    "E141": (
        "A dimension is wanted here, and {found} is a value.",
        "Dimensions are the symbols in declarations, such as n in w: n, and positive integers.",
    ),
    "E143": (
        "The text declares names, but computes nothing.",
        "Add the expression that is to be differentiated.",
    ),
    "E144": (
        "This is a second expression that stands alone, and only one can be the objective.",
        "Give a name to what is a part: Z = …",
    ),
    "E145": ("This dimension is too large to compute with.", None),
    "E146": ("The number here grows too large to be exact.", None),
    "E147": (
        "The shape of {found} is neither a text nor a tuple of dimensions.",
        'Write shapes as in {{"X": "m, n", "w": "n"}}.',
    ),
    "E148": ("The expression has more than {limit} operators.", "Name its parts: Z = …"),
    "E149": (
        "{found} is the name of a function that is there already.",
        "Give the function of the text another name.",
    ),
    "E150": (
        "{found} stands in its own formula.",
        "A function is defined by functions that stand above it; recursion is not supported.",
    ),
    "E151": (
        "{found} cannot be an index, since it means something else: {meaning}.",
        "An index is a new name, as in sum(i, x[i]).",
    ),
    "E152": ("The command {found} is not known.", "The nearest one that is known is {near}."),
    "E153": ("{found} needs {wanted}.", None),
    "E154": ("{found} says nothing here as a subscript or superscript.", None),
    "E155": (
        "The sum does not say what its index is.",
        "Sums are written \\sum_{{i=1}}^{{m}} or \\sum_i; "
        "for all entries of a matrix sum over both of its indices.",
    ),
    "E225": (
        "The sum over {found} ends at {last}, but {found} runs from 1 to {dim}.",
        "A sum runs over the whole dimension that it indexes.",
    ),
    "E215": ("The constant in {found} must be a scalar, and it is {shape}.", None),
    "E216": (
        "Nothing says what {found} runs over: {body} does not use it as an index.",
        "An index stands in square brackets, as in sum(i, x[i]).",
    ),
    "E217": ("{found} is a scalar and has no entries to index.", None),
    "E218": (
        "{found} is {shape}, and one index is not enough for a matrix.",
        "Write {row} for a row, or give both indices for an entry.",
    ),
    "E219": (
        "{label} is one of {classes} classes, and {found} has {said}.",
        "A label picks one of as many as there are classes.",
    ),
    "E220": (
        "The index {found} runs over two dimensions here, {first} and {second}.",
        "An index runs over one dimension; bind another one for the other: sum(i, sum(j, …)).",
    ),
    "E223": (
        "{found} holds {count} labels, and an index is one of them.",
        "Write {found}[i] for the label of sample i.",
    ),
    "E224": (
        "{found} holds labels and is {shape}: it takes one index if it is a column, as in y[i].",
        None,
    ),
    "E214": (
        "{found} holds class labels, and labels are not numbers to compute with.",
        "Use onehot({found}, {classes}), or pick(S, {found}) for one entry of each row.",
    ),
    "E210": ("Only a square matrix can be {found}, and {name} is {shape}.", None),
    "E211": ("A dimension is a positive integer, and {found} is not.", None),
    "E212": (
        "A value has at most two dimensions, and {found} is one more.",
        "Declare a matrix as X: m, n and a column vector as w: n.",
    ),
    "E213": (
        "Nothing here gives {found} its shape.",
        "It takes the shape of the other operand of + - .* or ./ and cannot stand elsewhere; "
        "write out {instead}.",
    ),
    "E301": ("{found} is not declared.", None),
    "E304": ("No part of the text is called {found}.", None),
    "E310": ("The claim is about the derivative by {found}, and asked was that by {variable}.", None),
    "E305": ("{found} is used before its {kind}.", "Move the line that gives {found} its meaning up."),
    "E306": ("There is no function {found}.", None),
    "E311": (
        "{found} is a function, and it has no argument here.",
        "A call is written {found}(…); composition is written out.",
    ),
    "E307": ("No sum binds the index {found}.", "Write a sum around it: {around}."),
    "E411": (
        "Dimensions are made with +, * and ^ only, not as in {found}.",
        "Name the smallest dimension and build the others from it: for n-1 and n, write n and n+1.",
    ),
    "E412": ("The exponent of a dimension is a positive integer up to {limit}, not {found}.", None),
    "E413": ("Ranges of indices are not supported.", "Write X[i,:] for a row and X[:,j] for a column."),
    "E414": (
        "A matrix cannot be written out entry by entry.",
        "Declare a name for it, or use eye, ones, diag.",
    ),
    "E417": (
        "The formula of a function is scalar arithmetic, and {found}.",
        "It is applied entry by entry: write it for one number, as in f(t) = t*sigmoid(t).",
    ),
    "E418": ("{found} is not supported.", None),
    "E421": (
        "{found} is an index, and an index is not a number to compute with.",
        "It can stand in square brackets only, as in x[{found}].",
    ),
    "E422": (
        "{found} is a number, and numbers as indices are not supported.",
        "Take an index that a sum binds, or multiply by a vector that picks the entry.",
    ),
    "E423": (
        "{found} cannot be an index: it is neither bound by a sum nor a class label.",
        "Indices are bound as in sum(i, X[i,:]*w); a label is declared as in y: m labels(c).",
    ),
    "E424": ("Nothing here stands for {found}.", None),
    "E491": (
        "The sizes {left} and {right} must be equal here, and they can be in more than one way.",
        "So far {known}. Declare one of them.",
    ),
}
"""Message and hint of every fault in how a text is written; braces are filled by `fault`."""

_CLASSES = {"1": ParseError, "2": ShapeError, "3": UnknownNameError, "4": UnsupportedError}


def fault(
    code: str, span: tuple[int, int] | None, *, labels: tuple[Label, ...] = (), **fields: object
) -> DimcompatError:
    """The error with this code, filled from `TEMPLATES`; a field `hint` replaces the hint there."""
    message, hint = TEMPLATES[code]
    hint = str(fields.pop("hint", None) or hint or "") or None
    return _CLASSES[code[1]](
        message.format(**fields),
        code=code,
        hint=hint and hint.format(**fields),
        span=span,
        labels=labels,
    )


def shown(text: str) -> str:
    """A piece of a user's text in quotes, short enough for a message and safe to print."""
    short = text if len(text) <= 40 else text[:37] + "…"
    quote = '"' if "'" in short else "'"
    return quote + "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in short) + quote
