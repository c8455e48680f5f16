"""How a matrix comes to stand in front of a vector: the two rules by which a Jacobian is read off.

A module of its own because these are formulas about formulas, in letters of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.language.notation import Applied, Layout, Name, Series, Transposed
from dimcompat.renderers.blocks import Equality


def in_front(formula: Expr, vector: Expr) -> Iterator[Equality]:
    """The rules that a formula which is linear in a vector needs until the vector stands last in it."""
    taken = {leaf.name for leaf in formula.symbols if isinstance(leaf, ex.Symbol | ex.Named)}
    a, b, c = (Name(letter) for letter in [x for x in "abcdehpquvxyz" if x not in taken][:3])
    nodes = [node for node in distinct_nodes(formula) if vector in node.symbols and node is not vector]
    if any(isinstance(node, ex.Hadamard) for node in nodes):
        yield Equality(_product(a, b, entry=True), (_product(Applied("diag", (a,)), b),))
    if any(node.shape.is_scalar for node in nodes):
        inner = _product(Transposed(a), b)
        yield Equality(Series((("scale", inner), ("scale", c))), (_product(c, Transposed(a), b),))


def _product(first: Layout, *others: Layout, entry: bool = False) -> Layout:
    return Series((("scale", first), *((("entry" if entry else "matrix"), other) for other in others)))
