"""Making an expression anew from changed parts.

A module of its own because every pass that rewrites (simplifying, substituting names)
needs the same thing: each kind of node made again by its constructor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from fractions import Fraction

from dimcompat.expressions.calls import call
from dimcompat.expressions.compounds import (
    Call,
    Chain,
    Diagonal,
    Hadamard,
    IndexSum,
    MatrixPower,
    Pick,
    Product,
    Sum,
    Trace,
    Transpose,
)
from dimcompat.expressions.entrywise import entry_product
from dimcompat.expressions.leaves import Named
from dimcompat.expressions.linear import combine, exponent_of, scale, scaled, split_coefficient
from dimcompat.expressions.node import Exponent, Expr
from dimcompat.expressions.products import diagonal, matrix_power, multiply, transpose
from dimcompat.expressions.remembered import remembered
from dimcompat.expressions.samples import index_sum, pick
from dimcompat.expressions.traces import trace
from dimcompat.expressions.walk import distinct_nodes

Powers = tuple[tuple[Expr, Exponent], ...]


def rebuilt(node: Expr, new: Callable[[Expr], Expr]) -> Expr:
    """The node made again with each child replaced by ``new(child)``."""
    if all(new(child) is child for child in node.children):
        return node

    def power(exponent: Exponent) -> Exponent:
        return exponent_of(new(exponent)) if isinstance(exponent, Expr) else exponent

    match node:
        case Sum():
            return combine(node.shape, ((new(body), factor) for body, factor in node.terms))
        case Product():
            scalars = [(new(base), power(exponent)) for base, exponent in node.scalars]
            body = new(node.body) if node.body is not None else None
            return scaled(node.coefficient, {}, body, *scalars)
        case Chain():
            return multiply(*(new(factor) for factor in node.factors))
        case Hadamard():
            return entry_product([(new(base), power(exponent)) for base, exponent in node.factors])
        case MatrixPower():
            return matrix_power(new(node.base), node.exponent)
        case Transpose():
            return transpose(new(node.operand))
        case Trace():
            return trace(new(node.operand))
        case Diagonal():
            return diagonal(new(node.vector))
        case Pick():
            return pick(new(node.base), node.row, node.col)
        case IndexSum():
            return index_sum(node.index, new(node.body))
        case Call():
            arguments = tuple(new(argument) for argument in node.arguments)
            return call(node.function, arguments, node.axis, node.sizes)
        case _:
            raise AssertionError(f"{type(node).__name__} has no parts")


def substituted(root: Expr, replacements: Mapping[Expr, Expr]) -> Expr:
    """The expression with leaves (or any nodes) replaced; what a name hides is not entered."""
    done: dict[Expr, Expr] = {}
    for node in distinct_nodes(root, below=lambda node: node not in replacements):
        done[node] = replacements[node] if node in replacements else rebuilt(node, done.__getitem__)
    return done[root]


@remembered
def renamed(root: Expr, old: Expr, new: Expr) -> Expr:
    """The expression with one node replaced by another wherever it stands."""
    return substituted(root, {old: new})


def folded(root: Expr, definition: Expr, name: Expr) -> Expr:
    """The expression with a name wherever its definition, or a multiple or the transpose of it, stands.

    A definition that is a sum is found among the terms of a longer sum too, one that is a root among
    the other powers of what it is the root of.
    """
    spellings = {definition: name, transpose(definition): transpose(name)}
    wanted: dict[Expr, Expr] = {}
    for spelling, short in spellings.items():
        coefficient, body = split_coefficient(spelling)
        if coefficient:
            wanted.setdefault(body, scale(1 / coefficient, short))
    done: dict[Expr, Expr] = {}
    for node in distinct_nodes(root, below=lambda node: node not in wanted):
        made = wanted[node] if node in wanted else rebuilt(node, done.__getitem__)
        for body, short in wanted.items():
            if isinstance(body, Sum) and isinstance(made, Sum):
                made = _among_terms(made, body, short)
        done[node] = _among_powers(made, definition, name)
    return done[root]


def _among_powers(product: Expr, root: Expr, name: Expr) -> Expr:
    if isinstance(product, Product) and isinstance(root, Product):
        if (
            root.body is None
            and root.coefficient == 1
            and (found := _power_of(product.scalars, root.scalars))
        ):
            rest = {base: own for base, own in product.scalars if base is not found[0]}
            return scaled(product.coefficient, rest, product.body, (name, found[1]))
    elif (
        isinstance(product, Hadamard)
        and isinstance(root, Hadamard)
        and (found := _power_of(product.factors, root.factors))
    ):
        kept = [(base, own) for base, own in product.factors if base is not found[0]]
        return entry_product([*kept, (name, found[1])])
    return product


def _power_of(factors: Powers, root: Powers) -> tuple[Expr, Fraction] | None:
    """The base of a root among the factors, and which power of the root stands there."""
    (base, exponent), *others = root
    power = dict(factors).get(base)
    if others or power is None or isinstance(power, Expr) or isinstance(exponent, Expr):
        return None
    if exponent.denominator == 1 or power.denominator == 1 or (power / exponent).denominator != 1:
        return None
    return base, power / exponent


def _among_terms(longer: Sum, part: Sum, name: Expr) -> Expr:
    terms = dict(longer.terms)
    multiples = {terms.get(body, 0) / factor for body, factor in part.terms}
    if longer.shape != part.shape or len(multiples) != 1 or 0 in multiples:
        return longer
    rest = [(body, factor) for body, factor in longer.terms if body not in dict(part.terms)]
    return combine(longer.shape, [*rest, (name, multiples.pop())])


def substituted_names(root: Expr, kept: Set[str] | None = None) -> Expr:
    """The expression with every named part replaced by its definition, but for those ``kept``.

    Definitions are substituted in their turn, each once.
    """
    keep = kept if kept is not None else frozenset()
    if not any(_inside(leaf, keep) for leaf in root.symbols):
        return root
    done: dict[Expr, Expr] = {}
    pending = [(root, False)]
    while pending:
        node, ready = pending.pop()
        if node in done:
            continue
        parts = _inside(node, keep)
        if not ready:
            pending.append((node, True))
            pending.extend((part, False) for part in parts)
        elif isinstance(node, Named):
            done[node] = done[node.definition] if parts else node
        else:
            done[node] = rebuilt(node, done.__getitem__)
    return done[root]


def _inside(node: Expr, kept: Set[str]) -> tuple[Expr, ...]:
    if isinstance(node, Named):
        return () if node.name in kept else (node.definition,)
    return node.children
