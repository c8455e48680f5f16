"""From a normalised expression to the layout that a textbook would print.

A module of its own because what is decided here holds for every notation: the order of terms
and factors, which sign is turned inside a sum, what goes below a fraction line, and where a
product with ones is the sum, the mean or the square that its author meant. Every choice is
undone by the constructors when the text is read again. Between two spellings the one with fewer
operators and calls is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import count

from dimcompat import expressions as ex
from dimcompat.expressions import Exponent, Expr
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.record import written
from dimcompat.language.assembly import (
    HALF,
    UNIT,
    Items,
    Place,
    Scalars,
    dimension,
    fraction,
    leaf,
    quotient_of,
    series,
    signed_layout,
    turning_sum,
)
from dimcompat.language.kept_layouts import KeptLayouts
from dimcompat.language.notation import (
    Applied,
    Integer,
    Inverse,
    Layout,
    Power,
    Quotient,
    Series,
    SumOver,
    Terms,
    Transposed,
)
from dimcompat.language.picked import chain_layouts, pick_layout
from dimcompat.language.sums import (
    SizesBelow,
    adds_lines,
    all_turned,
    half_of_square,
    in_one_shape,
    is_leaf,
    is_ones_column,
    is_ones_row,
    segments,
    sides_of_dot,
)
from dimcompat.shapes import Dim


def layout(root: Expr) -> Layout:
    """The layout of an expression, its outermost sums of rows and columns as products with ones."""
    known: Layout | None = root._layout
    if known is None:
        inside = ex.plain(root)
        known = root._layout = _Pass().top(root) if inside is root else layout(inside)
    return known


class _Pass(KeptLayouts):
    """One pass over a formula."""

    def top(self, root: Expr) -> Layout:
        turned = ex.outer_transpose(root)
        if turned is not None:
            return Transposed(self.top(turned))
        if not adds_lines(root):
            self.fill_below((root,))
            return self.inside(root)
        self.fill_below(root.children)
        if isinstance(root, ex.Sum):
            return self.sum(root, top=True)
        return self.product(*ex.split(root), top=True)

    def fill_below(self, roots: Iterable[Expr]) -> None:
        for node in distinct_nodes(*roots, below=self.is_new):
            if self.is_new(node):
                self.fill(node)

    def fill(self, node: Expr) -> None:
        turned = ex.outer_transpose(node)
        if turned is not None:
            for part in distinct_nodes(turned, below=self.is_new):
                if self.is_new(part):
                    self.keep(part, self.nested(part))
        self.keep(node, self.nested(node) if turned is None else Transposed(self.inside(turned)))

    def nested(self, node: Expr) -> Layout:
        done = self.inside
        match node:
            case ex.Sum():
                return self.sum(node)
            case ex.Product():
                return self.product(node.coefficient, node.scalars, node.body)
            case ex.Chain() if node.shape.is_scalar:
                return self.scalar_chain(node)
            case ex.Chain() | ex.Hadamard():
                return self.product(UNIT, (), node)
            case ex.MatrixPower():
                if node.exponent == -1:
                    return Inverse(done(node.base))
                return Power(done(node.base), Integer(node.exponent), "matrix")
            case ex.Transpose():
                return Transposed(done(node.operand))
            case ex.Trace():
                return self.trace(node)
            case ex.Diagonal():
                return Applied("diag", (done(node.vector),), (node.vector.shape,))
            case ex.Pick():
                return pick_layout(node, self.inside)
            case ex.IndexSum():
                return SumOver(node.index.name, dimension(node.index.dim), done(node.body))
            case ex.Call():
                return self.call(node)
            case _:
                return leaf(node)

    def call(self, node: ex.Call, way: Place = ()) -> Layout:
        """A call; the axis is left out where the function takes it by itself, ``way`` leads to a sum."""
        axis = node.axis
        if axis is not None and ex.call(node.function, node.arguments, None, node.sizes) is node:
            axis = None
        arguments = node.arguments if way else written(node.function, node.arguments)
        ways = (way[1:] if way[:1] == (index,) else None for index in range(len(arguments)))
        return Applied(
            node.function.name,
            tuple(map(self.turned, arguments, ways)),
            tuple(argument.shape for argument in arguments),
            axis,
            tuple(map(dimension, node.sizes)),
            node.function,
        )

    def trace(self, node: ex.Trace) -> Layout:
        half = half_of_square(node)
        if half is not None:
            return self.applied("sumsq", half)
        sides = sides_of_dot(node)
        if sides:
            return Applied("dot", tuple(self.inside(side) for side in sides), tuple(s.shape for s in sides))
        return Applied("tr", (self.inside(node.operand),), (node.operand.shape,))

    def applied(self, name: str, factors: Sequence[Expr], axis: int | None = None) -> Layout:
        shape = type(factors[0].shape)(factors[0].shape.rows, factors[-1].shape.cols)
        inside = factors[0] if len(factors) == 1 else None
        written = (
            self.inside(inside) if inside is not None else series(self.chain(factors, None, SizesBelow()))
        )
        return Applied(name, (written,), (shape,), axis)

    # ── sums ─────────────────────────────────────────────────────────────────────────────────────────

    def sum(self, node: ex.Sum, factor: Fraction = UNIT, *, top: bool = False) -> Layout:
        """A sum times a number, written term by term: positive terms first, a leading minus turned inside."""
        terms = [(own * factor, body) for body, own in in_one_shape(node)]
        self.fill_below(body for _, body in terms)
        terms.sort(key=lambda term: term[0].numerator < 0)
        crossed = {body.shape for _, body in terms if not body.shape.is_scalar and body.shape.is_vector}
        if not node.shape.is_vector and len(crossed) > 1:  # a row and a column do not stretch each other
            terms.insert(0, terms.pop(next(i for i, t in enumerate(terms) if t[1].shape == node.shape)))
        written: list[tuple[bool, Layout]] = []
        for own, body in terms:
            if isinstance(body, ex.Number):
                written.append((own < 0, fraction(abs(own))))
            else:
                coefficient, scalars, inner = ex.split(body)
                parts = (coefficient * own, scalars, inner)
                written.append(self.signed(*parts, top=top, leading=not written))
        return Terms(tuple(written))

    # ── products ─────────────────────────────────────────────────────────────────────────────────────

    def product(
        self, coefficient: Fraction, scalars: Scalars, body: Expr | None, *, top: bool = False
    ) -> Layout:
        negative, factored = self.signed(coefficient, scalars, body, top=top)
        best = signed_layout(negative, factored)
        only = body if not scalars else scalars[0][0] if body is None and scalars[0][1] == 1 else None
        if isinstance(only, ex.Sum) and len(scalars) == (body is None):
            spread = self.sum(only, coefficient, top=top)
            if spread.weight < best.weight or (coefficient == -1 and spread.weight == best.weight):
                return spread
        return best

    def signed(
        self,
        coefficient: Fraction,
        scalars: Scalars,
        body: Expr | None,
        *,
        top: bool = False,
        leading: bool = True,
    ) -> tuple[bool, Layout]:
        """Whether a minus stands in front, and what follows it; a sum among the factors may take it in."""
        negative = coefficient.numerator < 0
        if negative and leading:
            place = turning_sum(scalars, body)
            if place is not None:
                return False, self.magnitude(-coefficient, scalars, body, turned=place, top=top)
        return negative, self.magnitude(abs(coefficient), scalars, body, top=top)

    def magnitude(
        self,
        coefficient: Fraction,
        scalars: Scalars,
        body: Expr | None,
        *,
        turned: Place = (),
        top: bool = False,
    ) -> Layout:
        """A product with a positive coefficient."""
        above: Items = []
        below: Items = []
        sizes = SizesBelow(scalars)
        in_means = sizes.left
        for index, (base, own) in enumerate(scalars):
            if base in in_means:
                continue
            way = turned[1:] if turned[:1] == (index,) else None
            if not isinstance(own, Expr) and own < 0:
                below.append(("scale", self.power(base, -own, way)))
            elif own == 1 and isinstance(base, ex.Chain):
                inner = self.scalar_chain(base, sizes) if way is None else self.turned(base, way)
                if body is None and index == len(scalars) - 1 and isinstance(inner, Series):
                    above += [("scale", inner.items[0][1]), *inner.items[1:]]
                else:
                    above.append(("scale", inner))
            else:
                above.append(("scale", self.power(base, own, way)))
        entries_below: Items = []
        inward = turned[1:] if turned[:1] == (-1,) else None
        match body:
            case None:
                pass
            case ex.Chain() if inward is None and ex.outer_transpose(body) and not self.is_new(body):
                above.append(("scale", self.inside(body)))
            case ex.Chain():
                above += self.chain(body.factors, inward, sizes, top=top)
            case ex.Hadamard() if inward is None and all_turned(body):
                inside = quotient_of(UNIT, *self.entries(body, None, untransposed=True))
                above.append(("scale", Transposed(inside)))
            case ex.Hadamard():
                entries_above, entries_below = self.entries(body, inward, sizes=sizes)
                above += entries_above
            case _:
                above.append(("scale", self.turned(body, inward)))
        left_over: Items = [("scale", self.inside(size)) for size in sizes.left]
        return quotient_of(coefficient, above, entries_below, left_over + below)

    def turned(self, node: Expr, way: Place | None) -> Layout:
        """A factor; with a way to a sum in it, that sum with its signs turned."""
        match node:
            case _ if way is None:
                return self.inside(node)
            case ex.Hadamard():
                return quotient_of(UNIT, *self.entries(node, way))
            case ex.Chain():
                return quotient_of(UNIT, self.chain(node.factors, way, SizesBelow(), top=False), [])
            case ex.Call():
                return self.call(node, way)
            case ex.Diagonal():
                return Applied("diag", (self.turned(node.vector, way[1:]),), (node.vector.shape,))
        assert isinstance(node, ex.Sum), "a way leads to a sum"
        return self.sum(node, -UNIT)

    def power(self, base: Expr, exponent: Exponent, turn: Place | None) -> Layout:
        """A power of a scalar."""
        if not isinstance(exponent, Expr) and exponent.denominator == 2:
            half = half_of_square(base)
            if half is not None:
                norm = self.applied("norm2", half)
                return norm if exponent == HALF else Power(norm, fraction(2 * exponent), "scalar")
        return self.raised(base, exponent, turn, entrywise=False)

    def raised(self, base: Expr, exponent: Exponent, turn: Place | None, *, entrywise: bool) -> Layout:
        body = self.turned(base, turn)
        if exponent == 1:
            return body
        if exponent == HALF:
            return Applied("sqrt", (body,), (base.shape,))
        above = fraction(exponent) if not isinstance(exponent, Expr) else self.inside(exponent)
        return Power(body, above, "entry" if entrywise else "scalar")

    def entries(
        self,
        node: ex.Hadamard,
        turned: Place | None,
        *,
        untransposed: bool = False,
        sizes: SizesBelow | None = None,
    ) -> tuple[Items, Items]:
        """What stands above and below in an entry-by-entry product, as items of a series."""
        order = list(enumerate(node.factors))
        small = {base.shape for base, _ in node.factors if base.shape != node.shape}
        if len(small) > 1:  # a row and a column do not stretch each other
            order.sort(key=lambda item: item[1][0].shape != node.shape)
        above: Items = []
        below: Items = []
        for index, (base, own) in order:
            turn = turned[1:] if turned and turned[0] == index else None
            if untransposed:
                base = ex.transpose(base)
            if not isinstance(own, Expr) and own < 0:
                below.append(("entry", self.raised(base, -own, turn, entrywise=True)))
            else:
                named = self.mean(base, sizes) if own == 1 and sizes is not None and turn is None else None
                above.append(("entry", named or self.raised(base, own, turn, entrywise=True)))
        if len(small) > 1 and below:  # divide one by one, before anything of another shape comes in
            first: Layout = above[0][1] if above else Integer(1)
            for _, divisor in below:
                first = Quotient(first, divisor, entrywise=True)
            return [("scale", first), *above[1:]], []
        if above:
            above[0] = ("scale", above[0][1])
        return above, below

    def mean(self, base: Expr, sizes: SizesBelow) -> Layout | None:
        """A factor that is a sum of rows or columns as their mean, where their number stands below."""
        return self.summed(base.factors, False, sizes, keep=True) if isinstance(base, ex.Chain) else None

    # ── matrix products ──────────────────────────────────────────────────────────────────────────────

    def scalar_chain(self, node: ex.Chain, sizes: SizesBelow | None = None) -> Layout:
        """An inner product: a square, a sum or mean of entries, or as it stands."""
        half = half_of_square(node)
        if half is not None and not (len(half) == 1 and is_leaf(half[0])):
            return self.applied("sumsq", half)
        first, *middle, last = node.factors
        if is_ones_row(first) and is_ones_column(last) and middle:
            return self.averaged("sum", middle, None, (first.shape.cols, last.shape.rows), sizes)
        if is_ones_row(first):
            return self.averaged("sum", [*middle, last], None, (first.shape.cols,), sizes)
        if is_ones_column(last):
            return self.averaged("sum", [first, *middle], None, (last.shape.rows,), sizes)
        return series([("matrix", item) for item in chain_layouts(node.factors, self.inside)])

    def averaged(
        self,
        name: str,
        factors: Sequence[Expr],
        axis: int | None,
        over: Sequence[Dim],
        sizes: SizesBelow | None,
    ) -> Layout:
        """A sum, or the mean where the sizes it runs over stand below it."""
        if sizes is not None and sizes.take(over):
            return self.applied("mean", factors, axis)
        return self.applied(name, factors)

    def chain(
        self,
        factors: Sequence[Expr],
        turned: Place | None,
        sizes: SizesBelow,
        *,
        top: bool = False,
    ) -> Items:
        """The factors of a matrix product; where it is nested, products with ones are sums by name."""
        pieces = segments(factors)
        items: Items = []
        start = 0
        for piece in pieces:
            named = self.summed(piece, bool(turned), sizes, keep=top and len(pieces) == 1)
            if named is not None:
                inside = [named]
            elif turned:
                ways = (turned[1:] if turned[0] == index else None for index in count(start))
                inside = list(map(self.turned, piece, ways))
            else:
                inside = chain_layouts(piece, self.inside)
            items += [("matrix", item) for item in inside]
            start += len(piece)
        return [("scale", items[0][1]), *items[1:]]

    def summed(self, piece: Sequence[Expr], turning: bool, sizes: SizesBelow, *, keep: bool) -> Layout | None:
        """A sum of rows or columns by its name; None where it stands as a product."""
        if len(piece) < 2 or turning:
            return None
        if is_ones_row(piece[0]):
            over, rest, axis = piece[0].shape.cols, piece[1:], 0
        elif is_ones_column(piece[-1]):
            over, rest, axis = piece[-1].shape.rows, piece[:-1], 1
        else:
            return None
        if keep and over not in sizes:
            return None
        return self.averaged("rowsum" if axis else "colsum", rest, axis, (over,), sizes)
