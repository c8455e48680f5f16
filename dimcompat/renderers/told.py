"""Steps in their place: what was said before, and which of several uses this is.

A module of its own because a sentence may lean on the one before it, and a step by itself
does not know its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.calculus.arrange import rotation
from dimcompat.derivation import Derivation, Equation, Step
from dimcompat.expressions import Expr
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.records import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """A step, the one before it, and (k, n) where it is the k-th of n steps through one link by one name.

    ``term`` is the term of the link that this step is about, where its other terms have steps of their own;
    the uses are then counted in the term. ``loss`` is the name of what is differentiated. ``heard`` says that
    an earlier step gave the same reason, ``chosen_before`` that an earlier one explained what decides where
    dimensions cannot, ``shown`` that the formula of the link stands in one. ``news`` are products with
    ones, and columns of an identity, that stand here for the first time.
    """

    step: Step
    before: Step | None = None
    use: tuple[int, int] | None = None
    loss: str = ""
    heard: bool = False
    chosen_before: bool = False
    shown: bool = False
    term: Expr | None = None
    news: tuple[Expr, ...] = ()


def told_steps(derivation: Derivation, *, all_kinds: bool = False) -> Iterator[Told]:
    """The steps in order; the problem and the results, which have a place of their own, only if asked for."""
    places = _Places(derivation.steps)
    before: Step | None = None
    reasons: set[object] = set()
    known: set[object] = set()
    shown: set[Equation] = set()
    seen: set[Expr] = set()
    chosen = False
    for step in derivation.steps:
        if step.kind in ("problem", "result") and not all_kinds:
            continue
        reason = (step.kind, step.reason, dict(step.facts).get("function"))
        term, use = places.of(step)
        news = tuple(_news(step, known, seen))
        again = step.through in shown
        yield Told(step, before, use, derivation.loss, reason in reasons, chosen, again, term, news)
        reasons.add(reason)
        if not again:
            shown.update(step.names if step.through is None else (step.through,))
        chosen = chosen or step.junctions is not None
        before = step


def _news(step: Step, known: set[object], seen: set[Expr]) -> Iterator[Expr]:
    """The first product with ones that adds rows, or columns; the first row or column of an identity."""
    equations = [equation for equation in step.names or (step.through,) if equation is not None]
    formulas = [equation.right for equation in equations if equation.right not in seen]
    new = distinct_nodes(*formulas, below=lambda node: not (isinstance(node, ex.Named) or node in seen))
    for node in new if formulas else ():
        seen.add(node)
        way = sums_over(node)
        if way is not None and way not in known:
            known.add(way)
            yield node
    if step.kind == "samples":
        for node in distinct_nodes(step.equation.right):
            if isinstance(node, ex.Pick) and isinstance(node.base, ex.Identity) and "unit" not in known:
                known.add("unit")
                yield node


def sums_over(node: Expr) -> str | None:
    """``rows`` for ``A*ones(n)``, the sum of each row, ``columns`` for ``ones(1,m)*A``; else None."""
    if not isinstance(node, ex.Chain) or node.shape.is_scalar:
        return None
    first, last = (isinstance(node.factors[place], ex.Ones) for place in (0, -1))
    if first == last:
        return None
    return "rows" if last and node.shape.is_column else "columns" if first and node.shape.is_row else None


class _Places:
    """Which use of a name a step is about, counted in the order in which they stand in the formula shown."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        through = [(step, _link(step, step.through)) for step in steps if step.through is not None]
        self._in_link = Counter([link for _, link in through])
        several = ((step, link) for step, link in through if self._in_link[link] > 1)
        self._in_term = Counter((link, _own_term(step)) for step, link in several)
        self._taken: dict[object, set[int]] = {}

    def of(self, step: Step) -> tuple[Expr | None, tuple[int, int] | None]:
        """The term that a step is about, if that is to be said, and (k, n) for the k-th of n uses in it."""
        if step.through is None:
            return None, None
        link = _link(step, step.through)
        if self._in_link[link] < 2:
            return None, None
        term = _own_term(step)
        key = (link, term)
        uses = self._in_term[key]
        if uses < 2:
            return term, None
        taken = self._taken.setdefault(key, set())
        found = _standing(step, uses)
        place = next(n for n in (*found, *range(uses)) if n not in taken)
        taken.add(place)
        return term, (place + 1, uses)


def _link(step: Step, through: Equation) -> object:
    return (step.variable, step.equation.left, through.left, through.right)


def _own_term(step: Step) -> Expr | None:
    """The term of a sum that a step is about: the one that it names, or the variable by itself."""
    stated = dict(step.facts).get("term")
    if isinstance(stated, Expr):
        return stated
    if step.through is None or not isinstance(step.through.right, ex.Sum):
        return None
    terms = (body for body, _ in step.through.right.terms)
    own = (t for t in terms if isinstance(t, ex.Symbol | ex.Named) and t.name == step.variable)
    return next(own, None)


def shown_chain(step: Step) -> tuple[ex.Chain | None, bool]:
    """The matrix product in the formula (or the term of it) that a step goes through, and whether it is
    closed to a trace. It may be turned, a trace may begin elsewhere than where the program has it."""
    formula = _own_term(step) or (step.through.right if step.through is not None else None)
    if formula is None:
        return None, False
    _, scalars, body = ex.split(formula)
    for part in (body, *(base for base, _ in scalars)):
        chain = part.operand if isinstance(part, ex.Trace) else part
        if isinstance(chain, ex.Chain):
            return chain, isinstance(part, ex.Trace)
    return None, False


def _standing(step: Step, uses: int) -> Iterator[int]:
    """The uses of the variable in a number's product, as it is shown, that lead to the step's arrangement."""
    chain, closed = shown_chain(step)
    if chain is None or not (closed or chain.shape.is_scalar) or not step.walk:
        return
    arranged = ex.multiply(*(edge.factor for edge in step.walk))
    number = 0
    for place, factor in enumerate(chain.factors):
        bare = factor.operand if isinstance(factor, ex.Transpose) else factor
        if not isinstance(bare, ex.Symbol | ex.Named) or bare.name != step.variable:
            continue
        found = ex.multiply(*rotation(chain.factors, place, None, closed=closed))
        if (ex.transpose(found) if bare is not factor else found) is arranged and number < uses:
            yield number
        number += 1
