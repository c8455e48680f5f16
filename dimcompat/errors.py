"""Errors as data: what was found, where it stands, and what would fit.

A module of its own because every stage raises these and none may depend on how they are
shown: nothing here prints, and nothing of ours is imported. The command line, a notebook
or an editor turns the same fields into a message with a caret under the fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Self

CODES: dict[str, str] = {
    "E101": "the text is too long",
    "E102": "there is nothing to read",
    "E103": "a character that is not in the language",
    "E104": "LaTeX in the plain notation",
    "E105": "an attribute after a dot",
    "E106": "a decimal point without a digit after it",
    "E107": "a number with too many digits",
    "E108": "a bracket that is never closed",
    "E109": "a closing bracket that closes nothing",
    "E110": "a closing bracket of the wrong kind",
    "E111": "a statement that ends inside brackets",
    "E112": "an operator with nothing on its right",
    "E113": "an operator with nothing on its left",
    "E114": "two operators in a row",
    "E115": "no operator between two operands",
    "E116": "a missing argument or index",
    "E117": "empty brackets",
    "E118": "a left side that is not a name",
    "E119": "a colon that declares nothing",
    "E120": "a comma that separates nothing",
    "E121": "nesting that is too deep",
    "E122": "a plain argument after a named one",
    "E123": "a named argument given twice",
    "E124": "a function that does not have one parameter",
    "E125": "a missing shape or dimension",
    "E126": "an unknown attribute",
    "E127": "an attribute that is used wrongly",
    "E128": "more than one expression",
    "E129": "a name is wanted",
    "E130": "too many indices",
    "E131": "a dimension that is not made of names and integers",
    "E132": "something that cannot stand here",
    "E133": "operators that nest too deep",
    "E134": "a name that is declared or assigned twice",
    "E135": "a name that is both a value and a dimension",
    "E136": "a wrong number of arguments",
    "E137": "an unknown named argument",
    "E138": "X^T where T is declared",
    "E139": "both @ and * between matrices",
    "E140": "an axis that is neither 0 nor 1",
    "E141": "a value where a dimension is wanted",
    "E143": "nothing to compute",
    "E144": "a second objective",
    "E145": "a dimension that is too large",
    "E146": "a number that is too large",
    "E147": "a shape that is not a text or a tuple",
    "E148": "an expression with too many operators",
    "E149": "a function that has the name of one of our own",
    "E150": "a function that is defined by itself",
    "E151": "an index that means something else",
    "E152": "a LaTeX command that is not known",
    "E153": "a LaTeX command without its argument",
    "E154": "a subscript or superscript that says nothing here",
    "E155": "a sum in LaTeX without an index",
    "E201": "shapes that cannot be multiplied",
    "E203": "shapes that cannot be added or taken entry by entry",
    "E204": "a division by a matrix",
    "E205": "a matrix that must be square and is not",
    "E206": "an exponent that is not a scalar",
    "E207": "an argument that must be a vector",
    "E208": "arguments whose sizes do not fit the function",
    "E209": "an argument that is not declared as labels",
    "E210": "an attribute that needs a square matrix",
    "E211": "a dimension that is not a positive integer",
    "E212": "more than two dimensions",
    "E213": "a constant whose shape nothing gives",
    "E214": "labels used as numbers",
    "E215": "a constant that is not a scalar",
    "E216": "an index that indexes nothing",
    "E217": "an index of a scalar",
    "E218": "one index of a matrix",
    "E219": "a label that indexes another dimension than its classes",
    "E220": "an index that runs over two dimensions",
    "E223": "many labels as one index",
    "E224": "labels indexed as a matrix",
    "E225": "a sum that ends elsewhere than its index",
    "E221": "a size that no value shows",
    "E222": "a value that does not have the declared shape",
    "E301": "a name that is not declared",
    "E302": "a function that is asked for by name and not there",
    "E303": "a name or function without a value",
    "E304": "an objective that is not assigned",
    "E305": "a name used before it is declared or assigned",
    "E306": "a function that is not there",
    "E309": "a derivative without a variable",
    "E310": "a claim about another variable",
    "E311": "a function without arguments",
    "E307": "an index that no sum binds",
    "E402": "a matrix power without an integer exponent",
    "E403": "a matrix power that is too large",
    "E404": "an exponent of .^ that is not a scalar",
    "E405": "a division by zero",
    "E410": "an objective that is not a scalar",
    "E411": "an operator that dimensions do not have",
    "E412": "a power that dimensions do not have",
    "E413": "a range of indices",
    "E414": "a matrix written out entry by entry",
    "E416": "the second derivative of an unnamed function of a matrix",
    "E417": "the formula of a function that is not scalar arithmetic",
    "E418": "a function that is not supported",
    "E419": "a derivative of a formula that is not scalar arithmetic",
    "E421": "an index used as a number",
    "E422": "a number as an index",
    "E423": "an index that is neither bound by a sum nor a label",
    "E424": "LaTeX for something that is not differentiated here",
    "E431": "a language that messages are not written in",
    "E432": "an unknown choice of steps",
    "E433": "a format that is not written",
    "E460": "a Jacobian that is no matrix",
    "E461": "a Hessian of what is not a scalar",
    "E462": "a differential without a rule",
    "E490": "a notation that is not read",
    "E491": "sizes that cannot be inferred",
    "E492": "an order that is neither 1 nor 2",
    "E493": "an upstream derivative",
    "E494": "an unknown layout",
    "E495": "a derivative that fails its own check",
    "E496": "a target that no code is written for",
    "E497": "a function that no code is written for",
}
"""Every code with its one meaning: E1xx parsing, E2xx shapes, E3xx unknown names, E4xx unsupported."""


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
    "E152": ("The command {found} is not known.", "Did you mean {near}?"),
    "E153": ("{found} needs {wanted}.", None),
    "E154": ("{found} says nothing here as a subscript or superscript.", None),
    "E155": (
        "The sum does not say what its index is.",
        "Sums are written \\sum_{{i=1}}^{{m}} or \\sum_i; for all entries of a matrix sum over both of its indices.",
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
    "E424": ("{found} is not supported.", None),
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
