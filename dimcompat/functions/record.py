"""The function record: every fact about one function, in one place, checked at import.

A module of its own because the set of functions is open: adding one is adding a record
and nothing else. Parser, printers, code generators, the docs and the rule tests read
these facts; none of them decides by a function's name.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import ShapeError
from dimcompat.expressions import Exponent, Expr, Operator
from dimcompat.messages import say
from dimcompat.operations import Operation
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, Dim, Shape

Arguments = tuple[Expr, ...]
Sizes = tuple[Dim, ...]
Factors = dict[Expr, Exponent]
Example = tuple[str, str, dict[str, str]]

ShapeRule = Callable[[tuple[Shape, ...], int | None, Sizes], Shape]
Rewrite = Callable[[Arguments, int | None, Sizes], Expr | None]
Lowering = Callable[[tuple[Operation, ...], int | None, Sizes], Operation]
Derivative = Callable[..., Expr]
Differential = Callable[[Arguments, Arguments, int | None, Sizes], Expr]
Adjoint = Callable[[Expr, Arguments, int | None, Sizes], Expr]
FactorRule = Callable[[Factors, Expr], Factors | None]

Group = Literal[
    "entry by entry", "reductions", "log-sum-exp", "linear algebra", "constants", "labels", "of the user"
]
Domain = Literal[
    "real", "positive", "nonzero", "unit", "above one", "within one", "square", "posdef", "labels"
]


@dataclass(frozen=True, slots=True)
class Identity:
    """A rewriting that belongs to one function: a name, how it acts, and an example of both sides.

    ``rewrite`` takes the arguments of a call that has just been made and returns what the
    call equals, or None. ``example`` is a pair of texts in the plain language, with the
    shapes of its names: ``("log(exp(x))", "x", {"x": "n"})``.
    """

    name: str
    rewrite: Rewrite
    example: Example


@dataclass(frozen=True, slots=True)
class Quotient:
    """An identity among the factors of a product: ``sinh(u)/cosh(u) = tanh(u)``.

    ``rewrite`` takes the factors of a product, base to exponent, and a call of this function
    that is one of them or a term of one of them; it returns the new factors, or None where it
    does not apply. All factors are multiplied entry by entry, or are scalars; factors of a
    matrix product are there with the exponent 1, and at most one of them may be replaced.
    """

    name: str
    rewrite: FactorRule
    example: Example


@dataclass(frozen=True, slots=True)
class Neighbours:
    """An identity between a call and what stands beside it in a matrix product: ``K(m,n)*vec(A) = vec(A')``.

    ``rewrite`` takes two neighbours and the call that is one of them, transposed or not; it returns
    what their product equals, or None. An identity that is ``optional`` is not always for the better: the
    simplifier tries it.
    """

    name: str
    rewrite: Callable[[Expr, Expr, ex.Call], Expr | None]
    example: Example
    optional: bool = False


@dataclass(frozen=True, slots=True)
class NumpyCode:
    """How NumPy computes it: an expression over ``{0}``, ``{1}`` (the arguments), ``{axis}`` (``None``, ``0``
    or ``1``), ``{rows}`` and ``{cols}`` (the sizes of the call, as int) and, where one expression is
    not enough, the source of a helper function that it calls.

    Arguments are 2-D float arrays (labels: integers, in an array of any number type) and so is
    the result; the names ``np`` and ``math`` are bound. Every argument must stand so that it may
    be an expression: in a call or in brackets. Equal helpers have equal names, so that a module
    needs each of them once.

    ``stacked`` computes the same for a matrix and for each of a stack of them, arrays with an axis in
    front; ``{axis}`` counts from the end there: ``(-2, -1)``, ``-2`` or ``-1``. A function that has none is
    computed matrix by matrix, unless it goes entry by entry.
    """

    expression: str
    helper: str = ""
    stacked: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where a function of the user's comes from: the name it was declared by, and which derivative it is.

    One that is defined by a formula has it here, in ``parameters``: its own first, then the scalars of the
    source that the formula uses, which every call takes as further arguments that are not written.
    ``typed`` is the formula as its author typed it, for the numeric check. ``shape`` is that of the
    argument of an unnamed function of a matrix, ``root`` the function that a derivative belongs to.
    """

    base: str
    order: int
    formula: Expr | None = None
    parameters: tuple[ex.Symbol, ...] = ()
    typed: Operation | None = None
    shape: Shape | None = None
    root: Function | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Function:
    """One function of the language.

    Exactly one of ``derivative``, ``differential``, ``adjoints``, ``lowering`` or
    ``constant`` says how it is differentiated:

    * ``derivative`` — entry by entry: one formula f'(u) for each argument, of all arguments; it has
      the joint shape of the arguments, of which one may be stretched;
    * ``differential`` — of the arguments, and their changes dX: the change of the value, linear in
      each dX, as books print it: ``d logdet(X) = tr(inv(X)*dX)``;
    * ``adjoints`` — a function linear in its first arguments, one rule for each of them: upstream
      derivative to the derivative by that argument; the remaining arguments are constants;
    * ``lowering`` — another spelling of operations that have their own rule: ``dot(x, y) = x'*y``;
    * ``constant`` — takes no argument that could depend on anything.

    ``shape`` raises ShapeError where the arguments do not fit. ``build`` makes the normal form of
    a call where that is not a `Call` node, and returns None where it is. ``default_axis`` is the axis
    of a call that names none, by the shape of its first argument; without it there is none.
    ``sizes`` says how many sizes a call may have; `settled` completes them and the axis.
    ``transposition`` says what a transposed argument
    does: ``commutes`` f(X') = f(X)', ``invariant`` f(X') = f(X), ``swaps axis`` f(X', axis=0) = f(X, axis=1)'
    (without an axis: invariant), ``none``. ``parity`` likewise for the sign: ``even``, ``odd``, ``none``.
    ``unit_sums`` says along which axis the entries of the value always sum to one: ``axis``, the call's own,
    or ``rows``, each row. ``by_rows`` says what a function of one row is of every row of a matrix at once:
    the softmax of each row is ``softmax(S, axis=1)``;
    ``row_products`` what the products of the rows of a matrix with those of a call of it are:
    of ``onehot(y, c)`` they are the entries that it picks. ``domain`` says where each argument may
    be sampled. ``nonsmooth`` holds where each argument is at a kink, as a formula that is zero there.
    ``latex`` is an operator name, to which the arguments are added in brackets, or a template with ``{0}``,
    ``{1}``, ``{rows}``, ``{cols}`` where they stand (replace them one by one: the template has other braces).
    ``origin`` says of a function of the user's where it comes from.
    """

    name: str
    group: Group
    summary: str
    example: tuple[str, dict[str, str]]
    aliases: tuple[str, ...] = ()
    arity: int = 1
    axis: Literal["none", "optional", "required"] = "none"
    default_axis: Callable[[Shape], int] | None = None
    sizes: tuple[int, ...] = (0,)
    entrywise: bool = False
    shape: ShapeRule
    derivative: tuple[Derivative, ...] = ()
    differential: Differential | None = None
    adjoints: tuple[Adjoint, ...] = ()
    lowering: Lowering | None = None
    constant: bool = False
    build: Rewrite | None = None
    numpy: NumpyCode
    latex: str
    domain: tuple[Domain, ...] = ("real",)
    nonsmooth: Derivative | None = None
    parity: Literal["even", "odd", "none"] = "none"
    transposition: Literal["commutes", "invariant", "swaps axis", "distributes", "none"] = "none"
    unit_sums: Literal["axis", "rows", "none"] = "none"
    by_rows: Callable[[Expr], Expr] | None = None
    row_products: Callable[[Expr, ex.Call], Expr] | None = None
    identities: tuple[Identity, ...] = ()
    quotients: tuple[Quotient, ...] = ()
    neighbours: tuple[Neighbours, ...] = ()
    origin: Origin | None = None

    def __post_init__(self) -> None:
        stated = (
            bool(self.derivative),
            self.differential is not None,
            bool(self.adjoints),
            self.lowering is not None,
            self.constant,
        )
        if sum(stated) != 1:
            raise TypeError(f"the record of {self.name} states its derivative {sum(stated)} times, not once")
        if self.derivative and len(self.derivative) != self.arity:
            raise TypeError(f"the record of {self.name} lacks a derivative for one of its arguments")
        if len(self.domain) != self.arity:
            raise TypeError(f"the record of {self.name} lacks the domain of one of its arguments")
        if not (self.summary and self.latex and self.numpy.expression and self.example[0]):
            raise TypeError(f"the record of {self.name} lacks a fact")

    def __call__(self, *arguments: Expr, axis: int | None = None, sizes: Sizes = ()) -> Expr:
        """A call in normal form, so that formulas read as they are printed: ``1 - TANH(u)^2``."""
        return ex.call(self, arguments, axis, sizes)

    @property
    def written(self) -> int:
        """How many values a call is written with."""
        return 1 if self.origin is not None else self.arity

    def settled(self, shapes: tuple[Shape, ...], axis: int | None, sizes: Sizes) -> tuple[int | None, Sizes]:
        """The axis and the sizes of a call, written out: the default axis, and 1 for a size left out."""
        if axis is None and self.default_axis is not None:
            axis = self.default_axis(shapes[0])
        return axis, sizes + (ONE,) * (max(self.sizes) - len(sizes))

    def shape_of(self, arguments: Arguments, axis: int | None, sizes: Sizes) -> Shape:
        """The shape of a call; raises ShapeError where the arguments do not fit."""
        shapes = tuple(argument.shape for argument in arguments)
        shape = self.shape(shapes, *self.settled(shapes, axis, sizes))
        for argument, domain in zip(arguments, self.domain, strict=True):
            if domain == "labels" and getattr(argument, "labels", None) is None:
                raise ShapeError(say("E209", name=self.name), code="E209", hint=say("E209.hint"))
        return shape

    def rewrite(self, arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
        """What a call equals by the first of the record's facts that applies, or None."""
        settled = self.settled(tuple(argument.shape for argument in arguments), axis, sizes)
        if settled != (axis, sizes):
            return ex.call(self, arguments, *settled)
        if self.lowering is not None:
            operands = tuple(operations.leaf(argument) for argument in arguments)
            return self.lowering(operands, axis, sizes).value
        if self.build is not None:
            built = self.build(arguments, axis, sizes)
            if built is not None:
                return built
        for identity in self.identities:
            found = identity.rewrite(arguments, axis, sizes)
            if found is not None:
                return found
        if self.parity == "odd" and _is_zero(arguments[0]):
            return arguments[0]
        return self._scalars_outside(arguments, axis, sizes)

    def _scalars_outside(self, arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
        """``vec(2*A) = 2*vec(A)``: what a function is linear in lets its scalars out."""
        for place in range(len(self.adjoints)):
            argument = arguments[place]
            if _is_zero(argument):
                return ex.zeros(*self.shape_of(arguments, axis, sizes))
            coefficient, scalars, body = ex.split(argument)
            if body is not None and body is not argument:
                bare = (*arguments[:place], body, *arguments[place + 1 :])
                return ex.scaled(coefficient, dict(scalars), ex.call(self, bare, axis, sizes))
        return None


def written(function: Operator, arguments: Arguments) -> Arguments:
    """The arguments that stand in the text of a call."""
    return arguments[: function.written] if isinstance(function, Function) and function.origin else arguments


def _is_zero(expression: Expr) -> bool:
    return isinstance(expression, ex.Zeros) or expression is ex.number(0)


def exchange(factors: Factors, taken: dict[Expr, int], given: dict[Expr, int]) -> Factors | None:
    """The factors with ``taken`` replaced by ``given`` once, or None where not all of it is there.

    A factor with the exponent 3 holds 1, 2 and 3; one with the exponent -2 holds -1 and -2.
    """
    for base, amount in taken.items():
        held = factors.get(base, 0)
        if not isinstance(held, Fraction) or held * amount <= 0 or abs(held) < abs(amount):
            return None
    changed = dict(factors)
    for base, change in [*((base, -amount) for base, amount in taken.items()), *given.items()]:
        changed[base] = ex.exponent_sum(changed.get(base, Fraction(0)), Fraction(change))
        if changed[base] == 0:
            del changed[base]
    return changed
