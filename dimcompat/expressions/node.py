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

from dimcompat.shapes import Dim, Shape

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL first
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Order = tuple[int, str, int, bytes]


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
    its text needs, ``symmetric`` whether it is known to equal its transpose. The fields that
    begin with ``_`` remember what has been computed of a node once; they are no part of it.
    """

    __slots__ = (
        "__weakref__",
        "_cost",
        "_layout",
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
    _known: ClassVar[WeakValueDictionary[tuple[Any, ...], Expr]] = WeakValueDictionary()

    shape: Shape
    children: tuple[Expr, ...]
    order: Order
    symbols: frozenset[Expr]
    turned: int
    symmetric: bool
    _transposed: Expr | None
    _cost: int | None
    _layout: object | None
    _simplified: Expr | None
    _split: tuple[Fraction, tuple[tuple[Expr, Exponent], ...], Expr | None] | None

    @classmethod
    def _find(cls, *key: Any) -> Self | None:
        """The node for this key, where it has been made already."""
        return cls._known.get((cls, *key))  # type: ignore[return-value]

    @classmethod
    def _make(
        cls, key: tuple[Any, ...], shape: Shape, children: tuple[Expr, ...], *, symmetric: bool, facts: str
    ) -> tuple[Self, bool]:
        """The node for this key and whether it is new; fields beyond the facts are the caller's."""
        full = (cls, *key)
        found = cls._known.get(full)
        if found is not None:
            return found, False  # type: ignore[return-value]
        node = object.__new__(cls)
        turned, size, lead, digests = 0, 1, "", [facts.encode()]
        for child in children:
            turned += child.turned
            _, name, own, digest = child.order
            size += own
            lead = lead or name
            digests.append(digest)
        fill(node, "shape", shape)
        fill(node, "children", children)
        fill(node, "symbols", _union(children))
        fill(node, "turned", turned)
        fill(node, "symmetric", symmetric or shape.is_scalar)
        fill(node, "order", (cls.rank, lead, size, blake2b(b"".join(digests), digest_size=8).digest()))
        for memo in ("_transposed", "_cost", "_simplified", "_split", "_layout"):
            fill(node, memo, None)
        cls._known[full] = node
        return node, True

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

    def __reduce__(self) -> Any:
        raise TypeError("expressions are not pickled; pass their text and the declarations")


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
