"""The moves of the simplifier: each proposes other spellings of one node.

A module of its own because the moves are rows, with a name, a function and an example
of both sides that a test evaluates; what to do with a proposal is the search's affair
(`simplify`). A move never judges: the cost does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

from dimcompat import expressions as ex
from dimcompat.calculus.cost import cost
from dimcompat.calculus.diagonal_moves import diagonal_to_entries, entries_to_diagonal
from dimcompat.calculus.index_moves import call_alike
from dimcompat.calculus.linear_moves import join_calls, join_traces, split_trace
from dimcompat.expressions import Exponent, Expr
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, Dim

Term = tuple[Expr, Fraction]

LONG_SUM = LONG_PRODUCT = 24
MOST_TERMS_OUT = 8


@dataclass(frozen=True, slots=True)
class Move:
    """``propose`` yields expressions equal to a node of one of these ``kinds``; ``example`` is a pair of
    texts with the shapes of their names."""

    name: str
    kinds: tuple[type[Expr], ...]
    propose: Callable[[Expr], Iterator[Expr]]
    example: tuple[str, str, dict[str, str]]


def factor_left(node: Expr) -> Iterator[Expr]:
    """``A*x + A*y = A*(x + y)``."""
    if isinstance(node, ex.Sum):
        yield from _factored(node, _factor_side(node, first=True))


def factor_right(node: Expr) -> Iterator[Expr]:
    """``A*x + B*x = (A + B)*x``."""
    if isinstance(node, ex.Sum):
        yield from _factored(node, _factor_side(node, first=False))


Group = tuple[set[int], Expr]
"""The places of some terms of a sum, and a product that equals them together."""


def _factored(node: ex.Sum, groups: Iterator[Group]) -> Iterator[Expr]:
    """The sum with one group of terms as a product; where it is long, with every group that saves at once."""
    if len(node.terms) <= LONG_SUM:
        yield from (_with_rest(node, used, [product]) for used, product in groups)
        return
    taken: set[int] = set()
    products: list[Expr] = []
    for used, product in groups:
        if taken.isdisjoint(used) and product.shape == node.shape and _saves(node, used, product):
            taken |= used
            products.append(product)
    if products:
        yield _with_rest(node, taken, products)


def _saves(node: ex.Sum, used: set[int], product: Expr) -> bool:
    return cost(product) < cost(ex.combine(node.shape, [node.terms[place] for place in sorted(used)]))


def _factor_side(node: ex.Sum, *, first: bool) -> Iterator[Group]:
    groups: dict[Factors, dict[int, Rest]] = defaultdict(dict)
    for place, (body, _) in enumerate(node.terms):
        for factors, rest in _ends(body, first=first):
            groups[factors].setdefault(place, rest)
    for shared, members in groups.items():
        if len(members) < 2:
            continue
        side = ex.multiply(*shared)
        everything = {place: ex.scale(node.terms[place][1], rest()) for place, rest in members.items()}
        without_identity = {
            place: rest
            for place, rest in everything.items()
            if not isinstance(ex.split(rest)[2], ex.Identity)
        }
        for chosen in (everything, without_identity):
            if len(chosen) < 2 or len({rest.shape for rest in chosen.values()}) > 1:
                continue
            inner = ex.add(*chosen.values())
            product = ex.multiply(side, inner) if first else ex.multiply(inner, side)
            if product.shape == node.shape or len(chosen) < len(node.terms):
                yield set(chosen), product


Factors = tuple[Expr, ...]
Rest = Callable[[], Expr]


def _ends(body: Expr, *, first: bool) -> Iterator[tuple[Factors, Rest]]:
    """A term's outermost matrix factors on one side, each with what is left of the term."""
    _, scalars, inner = ex.split(body)
    if inner is None:
        yield from _scalar_ends(body, scalars, first=first)
        return
    factors = ex.factors_of(inner)
    loose = dict(scalars)
    if len(factors) > 1:
        for length in range(1, len(factors)):
            taken = factors[:length] if first else factors[-length:]
            left = factors[length:] if first else factors[:-length]
            yield taken, partial(_times_scalars, loose, left)
    dim = inner.shape.cols if first else inner.shape.rows
    if dim is not ONE:
        yield factors, partial(_times_identity, loose, dim)
    if not first:
        for place, (base, exponent) in enumerate(scalars):
            if isinstance(base, ex.Chain) and exponent == 1 and inner.shape.is_column:
                others = dict(scalars[:place] + scalars[place + 1 :])
                for vector, row in ((base.factors[-1], base.factors[:-1]), _turned(base)):
                    yield (vector,), partial(_times_scalars, others, (inner, *row))


def _times_scalars(scalars: dict[Expr, Exponent], factors: Factors) -> Expr:
    return ex.scaled(ex.UNIT, scalars, ex.multiply(*factors))


def _times_identity(scalars: dict[Expr, Exponent], dim: Dim) -> Expr:
    return ex.scaled(ex.UNIT, scalars, ex.identity(dim))


def _scalar_ends(
    body: Expr, scalars: tuple[tuple[Expr, Exponent], ...], *, first: bool
) -> Iterator[tuple[Factors, Rest]]:
    for place, (base, exponent) in enumerate(scalars):
        if isinstance(base, ex.Chain) and exponent == 1:
            others = dict(scalars[:place] + scalars[place + 1 :])
            for factors in (base.factors, tuple(ex.transpose(f) for f in reversed(base.factors))):
                side = factors[:1] if first else factors[-1:]
                yield side, partial(_times_scalars, others, factors[1:] if first else factors[:-1])


def _turned(chain: ex.Chain) -> tuple[Expr, tuple[Expr, ...]]:
    factors = tuple(ex.transpose(factor) for factor in reversed(chain.factors))
    return factors[-1], factors[:-1]


def _with_rest(node: ex.Sum, used: set[int], products: list[Expr]) -> Expr:
    rest = [term for place, term in enumerate(node.terms) if place not in used]
    return ex.combine(node.shape, [*((product, ex.UNIT) for product in products), *rest])


def factor_scalars(node: Expr) -> Iterator[Expr]:
    """``s*A + s*B = s*(A + B)``, with the smallest exponent that the terms share."""
    if isinstance(node, ex.Sum):
        powers = [dict(ex.split(body)[1]) for body, _ in node.terms]
        yield from _factored(node, _factor_powers(node, powers, ex.multiply))


def factor_entries(node: Expr) -> Iterator[Expr]:
    """``u.*A + u.*B = u.*(A + B)``, with the smallest exponent that the terms share."""
    if isinstance(node, ex.Sum) and not node.shape.is_scalar:
        powers: list[dict[Expr, Exponent]] = []
        for body, _ in node.terms:
            inner = ex.split(body)[2]
            powers.append(dict(ex.entry_factors(inner)) if inner is not None else {})
        yield from _factored(node, _factor_powers(node, powers, ex.hadamard))


def _factor_powers(
    node: ex.Sum, powers: list[dict[Expr, Exponent]], join: Callable[[Expr, Expr], Expr]
) -> Iterator[Group]:
    users: dict[Expr, list[int]] = defaultdict(list)
    for place, factors in enumerate(powers):
        for base in factors:
            users[base].append(place)
    shared: dict[tuple[int, ...], dict[Expr, Fraction]] = defaultdict(dict)
    for base, places in users.items():
        exponents = [powers[place][base] for place in places]
        if len(places) < 2 and (isinstance(exponents[0], Expr) or exponents[0] >= 0):
            continue
        numbers = [exponent for exponent in exponents if not isinstance(exponent, Expr)]
        if len(numbers) < len(exponents):
            continue
        low = min(numbers)
        if low < max(numbers) < 0:
            continue  # ``x/s - y/s^3`` is not brought over one denominator
        if low < 0 or all(number > 0 for number in numbers):
            shared[tuple(places)][base] = low
    options = [(group, {base: low}) for group, bases in shared.items() for base, low in bases.items()]
    options += [(group, bases) for group, bases in shared.items() if len(bases) > 1]
    for group, bases in options:
        everywhere = any(low < 0 for low in bases.values())
        chosen: Sequence[int] = range(len(node.terms)) if everywhere else group
        common = ex.entry_product(list(bases.items()))
        inverse = ex.entry_product([(base, -low) for base, low in bases.items()])
        if len(chosen) < 2 or (not everywhere and _is_polynomial(node, powers, group)):
            continue
        parts = [join(inverse, ex.scale(node.terms[place][1], node.terms[place][0])) for place in chosen]
        product = join(common, ex.add(*parts))
        if product.shape == node.shape or len(chosen) < len(node.terms):
            yield set(chosen), product


def _is_polynomial(node: ex.Sum, powers: list[dict[Expr, Exponent]], group: Sequence[int]) -> bool:
    """Whether these terms are powers of one and the same name, which stay apart: ``2*s + 3*s^2``; but two
    of different signs do not, ``p - p^2 = p*(1 - p)``."""
    bases = {base for place in group for base in powers[place]}
    exponents = {exponent for place in group for exponent in powers[place].values()}
    if len(bases) > 1 or len(exponents) < len(group):
        return False
    return len(group) > 2 or all(node.terms[place][1] > 0 for place in group)


def distribute(node: Expr) -> Iterator[Expr]:
    """``A*(x + y) = A*x + A*y``, one sum factor at a time."""
    coefficient, scalars, body = ex.split(node)
    if isinstance(node, ex.Chain) and node.shape.is_scalar:
        scalars, body = (), node
    if len(node.children) > LONG_PRODUCT:
        return
    for place, (base, exponent) in enumerate(scalars):
        if isinstance(base, ex.Sum) and exponent == 1:
            others = dict(scalars[:place] + scalars[place + 1 :])
            yield _spread(base, lambda part, o=others: ex.scaled(coefficient, o, body, (part, ex.UNIT)), node)
        elif isinstance(base, ex.Sum):
            alike = [(other, power) for other, power in scalars if power == exponent and other is not base]
            for other, power in alike:
                joint = _spread(base, lambda part, o=other: ex.multiply(o, part), base)
                others = {b: e for b, e in scalars if b is not base and b is not other}
                yield ex.scaled(coefficient, others, body, (joint, power))
    if body is None:
        return
    loose = dict(scalars)
    if isinstance(body, ex.Sum) and scalars:
        yield _spread(body, lambda part: ex.scaled(coefficient, loose, part), node)
    if isinstance(body, ex.Chain):
        for place, factor in enumerate(body.factors):
            if isinstance(factor, ex.Sum):
                whole = factor.shape
                before, after = body.factors[:place], body.factors[place + 1 :]
                yield _spread(
                    factor,
                    lambda part, b=before, a=after, w=whole: ex.scaled(
                        coefficient, loose, ex.multiply(*b, ex.stretch(part, w), *a)
                    ),
                    node,
                )
    if isinstance(body, ex.Hadamard):
        for place, (base, exponent) in enumerate(body.factors):
            if isinstance(base, ex.Sum) and exponent == 1:
                rest = body.factors[:place] + body.factors[place + 1 :]
                yield _spread(
                    base,
                    lambda part, r=rest: ex.scaled(
                        coefficient, loose, ex.entry_product([(part, ex.UNIT), *r])
                    ),
                    node,
                )


def scale_inside(node: Expr) -> Iterator[Expr]:
    """``(v.*(s - u))*x'/s = (v - v.*u/s)*x'``: scalars in front meet the terms of a sum deep inside."""
    coefficient, scalars, body = ex.split(node)
    if not scalars or not isinstance(body, ex.Chain):
        return
    for place, factor in enumerate(body.factors):
        if isinstance(factor, ex.Hadamard) and any(isinstance(base, ex.Sum) for base, _ in factor.factors):
            for spread in distribute(ex.scaled(coefficient, dict(scalars), factor)):
                yield ex.multiply(*body.factors[:place], spread, *body.factors[place + 1 :])


def _spread(total: ex.Sum, make: Callable[..., Expr], node: Expr) -> Expr:
    return ex.combine(node.shape, ((make(part), factor) for part, factor in total.terms))


def multiply_out(node: Expr) -> Iterator[Expr]:
    """``y.*(1 - p) - p.*(1 - y) = y - p``: terms of a sum distributed together, so that they meet."""
    if not isinstance(node, ex.Sum) or len(node.terms) > MOST_TERMS_OUT:
        return
    spread = [next(distribute(body), body) for body, _ in node.terms]
    changed = [place for place, (body, _) in enumerate(node.terms) if spread[place] is not body]
    for chosen in [changed, *([place] for place in changed if len(changed) > 1)]:
        if chosen:
            yield ex.combine(
                node.shape,
                (
                    (spread[place] if place in chosen else body, factor)
                    for place, (body, factor) in enumerate(node.terms)
                ),
            )


def factor_inside(node: Expr) -> Iterator[Expr]:
    """``(p - p.^2) .* v = p.*(1 - p) .* v``: a sum among entry-by-entry factors, factored."""
    coefficient, scalars, body = ex.split(node)
    if isinstance(body, ex.Hadamard):
        for place, (base, exponent) in enumerate(body.factors):
            if isinstance(base, ex.Sum) and exponent == 1:
                rest = body.factors[:place] + body.factors[place + 1 :]
                for factored in factor_entries(base):
                    entries = ex.entry_product([(factored, ex.UNIT), *rest])
                    yield ex.scaled(coefficient, dict(scalars), entries)


SUM = (ex.Sum,)
MOVES: tuple[Move, ...] = (
    Move("factor left", SUM, factor_left, ("A*x + A*y", "A*(x + y)", {"A": "m, n", "x": "n", "y": "n"})),
    Move("factor right", SUM, factor_right, ("A*x + B*x", "(A + B)*x", {"A": "m, n", "B": "m, n", "x": "n"})),
    Move(
        "factor scalars",
        SUM,
        factor_scalars,
        ("s*A + s*B", "s*(A + B)", {"s": "1", "A": "m, n", "B": "m, n"}),
    ),
    Move(
        "factor entries",
        SUM,
        factor_entries,
        ("u.*A + u.*B", "u.*(A + B)", {"u": "m", "A": "m, n", "B": "m, n"}),
    ),
    Move(
        "distribute",
        (ex.Product, ex.Chain, ex.Hadamard),
        distribute,
        ("A*(x + y)", "A*x + A*y", {"A": "m, n", "x": "n", "y": "n"}),
    ),
    Move(
        "scale inside",
        (ex.Product,),
        scale_inside,
        ("(v.*(s - u))*x'/s", "(v - v.*u/s)*x'", {"v": "m", "u": "m", "s": "scalar", "x": "n"}),
    ),
    Move("multiply out", SUM, multiply_out, ("y.*(1 - p) - p.*(1 - y)", "y - p", {"y": "n", "p": "n"})),
    Move(
        "factor inside",
        (ex.Product, ex.Hadamard),
        factor_inside,
        ("(p - p.^2).*v", "p.*(1 - p).*v", {"p": "n", "v": "n"}),
    ),
    Move(
        "diagonal to entries",
        (ex.Product, ex.Chain),
        diagonal_to_entries,
        ("diag(v)*M", "v.*M", {"v": "m", "M": "m, n"}),
    ),
    Move(
        "entries to diagonal",
        (ex.Product, ex.Hadamard),
        entries_to_diagonal,
        ("v.*M", "diag(v)*M", {"v": "m", "M": "m, n"}),
    ),
    Move(
        "split trace",
        (ex.Product, ex.Trace),
        split_trace,
        ("s*tr(A*(B + C))", "s*(tr(A*B) + tr(A*C))", {"s": "1", "A": "n, m", "B": "m, n", "C": "m, n"}),
    ),
    Move(
        "join calls",
        SUM,
        join_calls,
        ("kron(A, B) + kron(A, C)", "kron(A, B + C)", {"A": "m, n", "B": "p, q", "C": "p, q"}),
    ),
    Move(
        "call alike",
        SUM,
        call_alike,
        (
            "sum(i, exp(rowsum((X - X[i,:]).^2))) + sum(j, exp(rowsum((X - X[j,:]).^2)))",
            "2*sum(i, exp(rowsum((X - X[i,:]).^2)))",
            {"X": "m, n"},
        ),
    ),
    Move("join traces", SUM, join_traces, ("tr(A) + tr(B)", "tr(A + B)", {"A": "n, n", "B": "n, n"})),
)


MOVES_OF = {
    kind: tuple(move for move in MOVES if kind in move.kinds) for kind in {k for m in MOVES for k in m.kinds}
}
