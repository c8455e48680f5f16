"""What every expression node is: frozen, hash-consed, its facts stored at birth.

A module of its own because the concrete nodes (`leaves`, `compounds`) only add fields
to it. Nodes are made *raw* by ``make``; the constructors of this package (`add`,
`matmul`, `hadamard`, …) first bring an expression into its normal form. Equal
expressions are one object, so equality is identity.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self
from weakref import WeakValueDictionary

from dimcompat.expressions.fingerprint import Fingerprint
from dimcompat.shapes import Dim, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Order = tuple[int, str, int, Fingerprint]


class Operator(Protocol):
    """What an expression needs to know of a function record; see ``functions.record``."""

    @property
    def name(self) -> str: ...
    @property
    def parity(self) -> str: ...
    @property
    def transposition(self) -> str: ...
    @property
    def unit_sums(self) -> str: ...
    @property
    def entrywise(self) -> bool: ...
    @property
    def by_rows(self) -> Callable[[Expr], Expr] | None: ...
    @property
    def row_products(self) -> Callable[[Expr, Any], Expr] | None: ...

    def settled(
        self, shapes: tuple[Shape, ...], axis: int | None, sizes: tuple[Dim, ...]
    ) -> tuple[int | None, tuple[Dim, ...]]: ...
    def shape_of(self, arguments: tuple[Expr, ...], axis: int | None, sizes: tuple[Dim, ...]) -> Shape: ...
    def rewrite(
        self, arguments: tuple[Expr, ...], axis: int | None, sizes: tuple[Dim, ...]
    ) -> Expr | None: ...


class Expr:
    """A matrix expression in normal form; scalars and vectors are matrices too.

    ``shape`` is its shape, ``order`` a key that sorts expressions the same way in every
    run, ``children`` the expressions it is made of, ``symbols`` the declared and named
    leaves in it (a named part hides what it is made of), ``turned`` how many transposes
    its text needs, ``symmetric`` whether it is known to equal its transpose, ``_facts`` what
    ``make`` was given. The other fields that begin with ``_`` remember what has been computed of a node
    once; they are no part of it.
    """

    __slots__ = (
        "__weakref__",
        "_cost",
        "_facts",
        "_layout",
        "_nested_layout",
        "_simplified",
        "_split",
        "_transposed",
        "children",
        "order",
        "shape",
        "symbols",
        "symmetric",
        "turned",
    )
    rank: ClassVar[int] = 9
    __array_ufunc__ = None  # an array beside an expression is refused, not taken apart
    _known: ClassVar[WeakValueDictionary[tuple[Any, ...], Expr]] = WeakValueDictionary()

    shape: Shape
    children: tuple[Expr, ...]
    order: Order
    symbols: frozenset[Expr]
    turned: int
    symmetric: bool
    _facts: tuple[Any, ...]
    _transposed: Expr | None
    _cost: int | None
    _layout: Any
    _nested_layout: Any
    _simplified: Expr | None
    _split: tuple[Fraction, tuple[tuple[Expr, Exponent], ...], Expr | None] | None

    @classmethod
    def _find(cls, *facts: Any) -> Self | None:
        """The node that was made of these facts, where there is one."""
        return cls._known.get((cls, *facts))  # type: ignore[return-value]

    @classmethod
    def _new(
        cls,
        facts: tuple[Any, ...],
        shape: Shape,
        children: tuple[Expr, ...] = (),
        *,
        symmetric: bool,
        hidden: tuple[Fingerprint, ...] = (),
    ) -> Self:
        """A node that was not found; what its class adds to the facts is for the caller to fill in.

        ``hidden`` is what its fingerprint needs besides those of the children.
        """
        node = object.__new__(cls)
        turned, size, lead = 0, 1, ""
        for child in children:
            turned += child.turned
            _, name, own, _ = child.order
            size += own
            lead = lead or name
        parts = tuple([child.order[3] for child in children])
        fill(node, "shape", shape)
        fill(node, "children", children)
        fill(node, "_facts", facts)
        fill(node, "symbols", _union(children))
        fill(node, "turned", turned)
        fill(node, "symmetric", symmetric or shape.is_scalar)
        fill(node, "order", (cls.rank, lead, size, Fingerprint(cls.told, facts, parts, hidden)))
        fill(node, "_transposed", None)
        fill(node, "_cost", None)
        fill(node, "_simplified", None)
        fill(node, "_split", None)
        fill(node, "_layout", None)
        fill(node, "_nested_layout", None)
        cls._known[cls, *facts] = node
        return node

    @staticmethod
    def told(*facts: Any) -> str:
        """What tells a node from others of the same children, as text."""
        raise NotImplementedError

    @property
    def expanded(self) -> Expr:
        """The expression in declared names alone: every named part replaced by its definition."""
        from dimcompat.expressions.rebuild import substituted_names

        return substituted_names(self)

    @property
    def T(self) -> Expr:
        """The transpose."""
        from dimcompat.expressions.products import transpose
        from dimcompat.expressions.scope import plain

        return transpose(plain(self))

    def _with(self, operator: str, left: object, right: object) -> Expr:
        from dimcompat.expressions import operators

        meaning = getattr(operators, operator)
        result: Expr = meaning(operators.as_expression(left), operators.as_expression(right))
        return result

    def __add__(self, other: object) -> Expr:
        return self._with("plus", self, other)

    def __radd__(self, other: object) -> Expr:
        return self._with("plus", other, self)

    def __sub__(self, other: object) -> Expr:
        return self._with("minus", self, other)

    def __rsub__(self, other: object) -> Expr:
        return self._with("minus", other, self)

    def __mul__(self, other: object) -> Expr:
        return self._with("times", self, other)

    def __rmul__(self, other: object) -> Expr:
        return self._with("times", other, self)

    __matmul__ = __mul__
    __rmatmul__ = __rmul__

    def __truediv__(self, other: object) -> Expr:
        return self._with("over", self, other)

    def __rtruediv__(self, other: object) -> Expr:
        return self._with("over", other, self)

    def __pow__(self, other: object) -> Expr:
        return self._with("to_the", self, other)

    def __rpow__(self, other: object) -> Expr:
        return self._with("to_the", other, self)

    def __pos__(self) -> Expr:
        return self

    def __neg__(self) -> Expr:
        return self._with("times", -1, self)

    def __str__(self) -> str:
        from dimcompat.expressions.scope import plain
        from dimcompat.language.writer import write

        return write(plain(self))

    __repr__ = __str__

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_") and hasattr(self, name):
            raise AttributeError(f"{type(self).__name__} is frozen")
        object.__setattr__(self, name, value)

    @classmethod
    def restored(cls, facts: tuple[Any, ...], *, symmetric: bool) -> Expr:
        """The node that was made of these facts; a copy of an expression is the expression itself."""
        node: Expr = cls.make(*facts)  # type: ignore[attr-defined]
        return node

    def __reduce__(self) -> Any:
        from dimcompat.expressions.pickling import reduced, restored

        return restored, reduced(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


fill = object.__setattr__
"""Sets a field of a node at its birth; afterwards a node is frozen."""


def _union(children: Iterable[Expr]) -> frozenset[Expr]:
    result: frozenset[Expr] = frozenset()
    for child in children:
        item = child.symbols
        if result is not item:
            result = result | item if result else item
    return result


Exponent = Fraction | Expr
