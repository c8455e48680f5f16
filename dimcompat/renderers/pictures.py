"""What a picture of a product shows: its factors as rectangles, as they are and as they are arranged.

A module of its own because every format draws the same picture: which rectangles there are, which edges
match, and what stands in front of them are settled here, before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from dimcompat import expressions as ex
from dimcompat.derivation import Edge, Junctions, Step
from dimcompat.expressions import Expr
from dimcompat.language.assembly import fraction
from dimcompat.language.layout import layout
from dimcompat.language.notation import Integer, Layout, Terms
from dimcompat.records import dataclass
from dimcompat.renderers.blocks import Quotient
from dimcompat.renderers.dimension_looks import Look, Order, looks_of
from dimcompat.renderers.told import Told
from dimcompat.renderers.values import signs_of, with_turned
from dimcompat.shapes import ONE, Dim, Shape

MOST = 12
"""How many rectangles a picture may have and still be one at a glance."""

Called = Layout | Quotient


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A factor: what it is called, and its shape; what is only wanted has no name."""

    called: Called | None
    shape: Shape


@dataclass(frozen=True, slots=True)
class Picture:
    """The factors as if scalar, the shape that is wanted, and the arrangement that has it.

    ``front`` are the scalars in front; ``has_one`` says that there is a 1 as well, which ones take the place
    of. In an arrangement by ``matrix`` products inner edges match one by one, in one entry by ``entry`` all
    edges do.
    """

    front: tuple[Called, ...]
    has_one: bool
    before: tuple[Rectangle, ...]
    after: tuple[Rectangle, ...]
    wanted: Shape
    glue: Literal["matrix", "entry"]
    looks: dict[Dim, Look]


def picture_of(told: Told, order: Order) -> Picture | None:
    """The picture of a step, where its factors must be turned, put in order or met entry by entry."""
    step = told.step
    if step.wanted is None or not 0 < len(step.factors) <= MOST or not isinstance(step.equation.left, tuple):
        return None
    glue: Literal["matrix", "entry"] = "matrix"
    walk, wanted = _walk(step), step.wanted
    junctions: tuple[Dim, ...] = ()
    if walk is not step.walk and step.junctions is not None:
        wanted = step.junctions.wanted
        junctions = tuple(dim for _, shape in step.junctions.factors for dim in shape)
    if step.kind in ("broadcast", "reduction"):
        walk = _with_ones(step)
    elif step.kind == "entrywise" and not told.heard:
        glue, walk = "entry", _all_alike(step)
    elif step.kind != "product":
        return None
    before = _before(step.factors, walk)
    if before is None or (len(walk) == 1 and before[0][0] is walk[0].factor):
        return None
    signs = with_turned(signs_of(step))
    given = tuple(Rectangle(_called(factor, signs), shape) for factor, shape in before)
    after = tuple(Rectangle(_called(edge.factor, signs), Shape(edge.start, edge.end)) for edge in walk)
    dims = [dim for one in (*given, *after) for dim in one.shape if dim is not ONE]
    front = _front(step, [edge.factor for edge in walk], signs)
    has_one = step.kind in ("broadcast", "reduction")
    return Picture(front, has_one, given, after, wanted, glue, looks_of(dims, junctions, order))


def _walk(step: Step) -> tuple[Edge, ...]:
    """The walk of a product; through the dimensions of its junctions where these decide."""
    found = None if step.junctions is None else _labelled(step.walk, step.junctions)
    return step.walk if found is None else found


def _labelled(walk: Sequence[Edge], junctions: Junctions) -> tuple[Edge, ...] | None:
    """The walk through distinct dimensions, past the factor of the wanted shape, which was differentiated."""
    wanted = junctions.wanted
    for place, (_, shape) in enumerate(junctions.factors):
        if wanted in (shape, shape.transposed):
            found = _through(walk, [*junctions.factors[:place], *junctions.factors[place + 1 :]], wanted)
            if found is not None:
                return found
    return None


def _through(walk: Sequence[Edge], left: list[tuple[Expr, Shape]], wanted: Shape) -> tuple[Edge, ...] | None:
    """The walk over factors of these shapes, each of them once; None where it does not lead on."""
    found: list[Edge] = []
    at = wanted.rows
    for edge in walk:
        both = [(one, *one[1]) for one in left if one[0] is edge.factor]
        both += [(one, *one[1].transposed) for one in left if ex.transpose(one[0]) is edge.factor]
        one, end = next(((one, cols) for one, rows, cols in both if rows is at), (None, at))
        if one is None:
            return None
        left.remove(one)
        found.append(Edge(edge.factor, at, end))
        at = end
    return tuple(found) if at is wanted.cols else None


def _with_ones(step: Step) -> tuple[Edge, ...]:
    """The walk of a product with the ones that make a dimension vanish or appear."""
    chain = ex.split_coefficient(step.equation.right)[1]
    if not isinstance(chain, ex.Chain) or not any(isinstance(factor, ex.Ones) for factor in chain.factors):
        return ()
    given = {_body(factor): factor for factor in step.factors}
    return tuple(Edge(given.get(factor, factor), *factor.shape) for factor in chain.factors)


def _all_alike(step: Step) -> tuple[Edge, ...]:
    """The factors of an entry by entry product of matrices that have the wanted shape."""
    alike = [f for f in step.factors if f.shape == step.wanted and not isinstance(f, ex.Ones)]
    matrices = [f for f in step.factors if not f.shape.is_scalar and not isinstance(f, ex.Ones)]
    if len(alike) < 2 or len(alike) != len(matrices):
        return ()
    return tuple(Edge(factor, *factor.shape) for factor in alike)


def _before(factors: Iterable[Expr], walk: Sequence[Edge]) -> list[tuple[Expr, Shape]] | None:
    """The factors that the walk leads through as they stood, with the shapes that they have in it.

    None where the walk leads through others as well, ones excepted.
    """
    left = list(walk)
    found = []
    for factor in factors:
        turned = ex.transpose(factor)
        for wanted, at in ((factor, False), (turned, True)):
            edge = next((e for e in left if _body(e.factor) is _body(wanted)), None)
            if edge is not None:
                left.remove(edge)
                shape = Shape(edge.start, edge.end)
                found.append((factor, shape.transposed if at else shape))
                break
    return found if found and all(isinstance(edge.factor, ex.Ones) for edge in left) else None


def _body(factor: Expr) -> Expr:
    return ex.split_coefficient(factor)[1]


def _called(factor: Expr, signs: dict[Expr, Quotient | Layout]) -> Called:
    """A factor without the number in front of it; ones are the 1 that they stand for."""
    if factor in signs:
        return signs[factor]
    if isinstance(factor, ex.Ones):
        return Integer(1)
    node = layout(_body(factor))
    if isinstance(node, Terms) and len(node.terms) == 1 and node.terms[0][0]:
        return node.terms[0][1]
    return node


def _front(step: Step, drawn: list[Expr], signs: dict[Expr, Quotient | Layout]) -> tuple[Called, ...]:
    """The number in front and the scalars beside it."""
    number = Fraction(1)
    rest: list[Called] = []
    bodies = {_body(factor) for factor in drawn} | {_body(ex.transpose(factor)) for factor in drawn}
    for factor in step.scalar or step.factors:
        own, body = ex.split_coefficient(factor)
        if factor not in signs:
            node = layout(body)
            negative = isinstance(node, Terms) and len(node.terms) == 1 and node.terms[0][0]
            number *= -own if negative else own
        if body not in bodies and not isinstance(body, ex.Number | ex.Ones | ex.Identity):
            rest.append(_called(factor, signs))
    return (fraction(number), *rest) if number != 1 else tuple(rest)
