"""The parts of an objective and what they are called.

A module of its own because names are for the reader: the program's own come first,
and a link that a step must speak of gets one that mathematicians would give it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import field

from dimcompat import expressions as ex
from dimcompat.calculus.links import (
    CallLink,
    Cutter,
    EntrywiseLink,
    Link,
    MatrixPowerLink,
    PickLink,
    PowerLink,
    ProductLink,
    SamplesLink,
    SumLink,
    operands_of,
)
from dimcompat.calculus.part_names import PartNames
from dimcompat.expressions import Expr, Named
from dimcompat.operations import Operation, free_indices, postorder
from dimcompat.records import dataclass
from dimcompat.shapes import Shape


@dataclass(eq=False, slots=True)
class Part:
    """One operation that depends on a variable: its link, its name if it has one, and how it reads.

    ``label`` is None for the objective and for a term that its sum speaks for; ``shown`` is how it
    stands in the formulas of other parts, ``formula`` how it is made of its own. ``home`` is the part
    whose formula it stands in: itself, or the sum that speaks for it. ``uses`` counts its places in
    other links.
    """

    operation: Operation
    link: Link
    formula: Expr
    label: Named | None
    home: Part | None
    uses: int

    @property
    def shown(self) -> Expr:
        return self.label if self.label is not None else self.formula


@dataclass(eq=False, slots=True)
class Graph:
    """The parts of an objective and the variables they depend on.

    ``root`` is None where the objective depends on none of them. ``parts`` has operands before what
    uses them; ``backwards`` has them after it, the first operand first. ``taken`` are all names that
    mean something here.
    """

    root: Part | None
    parts: list[Part]
    backwards: list[Part]
    by_operation: dict[Operation, Part]
    variables: dict[Operation, Expr]
    uses: Counter[Operation] = field(default_factory=Counter)
    free: dict[Operation, frozenset[ex.Index]] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()

    def free_in(self, operation: Operation) -> frozenset[ex.Index]:
        """The indices that an operation depends on."""
        return self.free.get(operation, frozenset())

    def shown(self, operation: Operation) -> Expr:
        """How an operand stands in a formula."""
        part = self.by_operation.get(operation)
        return operation.value if part is None or operation in self.variables else part.shown

    def depends(self, operation: Operation) -> bool:
        return operation in self.by_operation or operation in self.variables


def parts_of(root: Operation, wrt: Set[str], taken: Set[str]) -> Graph:
    """The graph of an objective for the variables called ``wrt``; ``taken`` names are not given again."""
    dependent = _dependent(root, wrt)
    cutter = Cutter(root)
    links: dict[Operation, Link] = {}
    uses: Counter[Operation] = Counter()
    order: list[Operation] = []
    pending = [(root, False)]
    while pending:
        operation, ready = pending.pop()
        if ready:
            order.append(operation)
            continue
        if operation in links or operation.kind == "leaf" or operation not in dependent:
            continue
        links[operation] = cutter.link(operation)
        pending.append((operation, True))
        for operand in operands_of(links[operation]):
            if any(inner in dependent for inner in operand.operands):
                dependent[operand] = None
        operands = [operand for operand in operands_of(links[operation]) if operand in dependent]
        uses.update(operands)
        pending.extend((operand, False) for operand in reversed(operands))
    variables = {operation: operation.value for operation in dependent if _is_variable(operation, wrt)}
    free = free_indices(root)
    quiet = _spoken_for(root, links, uses, free)
    indices = {index.name for found in free.values() for index in found}
    return _named(root, order, links, uses, quiet, variables, free, taken | indices)


def _is_variable(operation: Operation, wrt: Set[str]) -> bool:
    value = operation.value
    return (
        isinstance(value, (ex.Symbol, ex.Named)) and value.name in wrt and operation.kind in ("leaf", "part")
    )


def _dependent(root: Operation, wrt: Set[str]) -> dict[Operation, None]:
    """The operations that depend on a variable; a dict, whose order does not change from run to run."""
    found: dict[Operation, None] = {}
    for operation in postorder(root):
        if _is_variable(operation, wrt) or any(operand in found for operand in operation.operands):
            found[operation] = None
    return found


def _spoken_for(
    root: Operation,
    links: dict[Operation, Link],
    uses: Counter[Operation],
    free: Mapping[Operation, frozenset[ex.Index]],
) -> dict[Operation, Operation]:
    """Operands that need no name, each with the operation that speaks for it.

    They stand once: a term in a sum of its own shape and for the same samples, or what a constant scales.
    """
    quiet: dict[Operation, Operation] = {}
    for operation, link in links.items():  # wholes before their operands
        home = quiet.get(operation, operation)
        for operand in _passed_on(link, links):
            single = uses[operand] == 1 and operand.kind != "part" and operand is not root
            alike = operand.shape == operation.shape and free[operand] == free[operation]
            if single and operand in links and alike:
                quiet[operand] = home
    return quiet


def _passed_on(link: Link, links: dict[Operation, Link]) -> tuple[Operation, ...]:
    """The operands whose derivative is the upstream one but for a constant."""
    if isinstance(link, SumLink):
        return operands_of(link)
    if isinstance(link, ProductLink) and not link.factors:
        dependent = [(operand, exponent) for operand, exponent in link.scalars if operand in links]
        if len(dependent) == 1 and dependent[0][1] == 1:
            return (dependent[0][0],)
    return ()


def _named(
    root: Operation,
    order: list[Operation],
    links: dict[Operation, Link],
    uses: Counter[Operation],
    quiet: dict[Operation, Operation],
    variables: dict[Operation, Expr],
    free: dict[Operation, frozenset[ex.Index]],
    taken: Set[str],
) -> Graph:
    homes = _definitions(links)
    nameless = [o for o in order if o.kind != "part" and o is not root and o not in quiet]
    names = PartNames(taken, (operation.shape for operation in nameless if operation not in homes))
    graph = Graph(None, [], [], {}, variables, uses, free)
    for operation in order:
        link = links[operation]
        body = formula(link, operation.shape, graph)
        label: Named | None = None
        if operation.kind == "part":
            assert isinstance(operation.value, Named)
            label = operation.value
        elif operation is not root and operation not in quiet:
            samples = sorted(graph.free_in(operation), key=lambda index: index.name)
            label = Named.make(names.fresh(operation.shape, link, samples, homes.get(operation)), body)
        part = Part(operation, link, body, label, None, uses[operation])
        graph.parts.append(part)
        graph.by_operation[operation] = part
    for operation in order:
        part = graph.by_operation[operation]
        part.home = graph.by_operation[quiet[operation]] if operation in quiet else part
    graph.backwards = [graph.by_operation[operation] for operation in _backwards(root, links)]
    graph.root = graph.by_operation.get(root)
    graph.taken = names.taken
    return graph


def _definitions(links: dict[Operation, Link]) -> dict[Operation, str]:
    """The name that the program gives to what an operation first stands in; ``links`` has wholes first."""
    homes: dict[Operation, str] = {}
    for operation, link in links.items():
        home = operation.name if operation.kind == "part" else homes.get(operation)
        for operand in operands_of(link):
            if home is not None and operand.kind != "part":
                homes.setdefault(operand, home)
    return homes


def _backwards(root: Operation, links: dict[Operation, Link]) -> list[Operation]:
    """Every part after all that use it, in the order of the text where that leaves a choice."""
    order: list[Operation] = []
    seen: set[Operation] = set()
    pending = [(root, False)]
    while pending:
        operation, ready = pending.pop()
        if ready:
            order.append(operation)
        elif operation in links and operation not in seen:
            seen.add(operation)
            pending.append((operation, True))
            pending.extend((operand, False) for operand in operands_of(links[operation]))
    return order[::-1]


def formula(link: Link, shape: Shape, graph: Graph) -> Expr:
    """What a link makes of its operands, as they are shown."""
    match link:
        case ProductLink():
            return product_value(link, graph)
        case SumLink():
            return ex.combine(shape, ((graph.shown(term), factor) for term, factor in link.terms))
        case EntrywiseLink():
            return ex.entry_product([(graph.shown(o), ex.UNIT * sign) for o, sign in link.factors])
        case PowerLink():
            return ex.entrywise_power(graph.shown(link.base), ex.exponent_of(graph.shown(link.exponent)))
        case MatrixPowerLink():
            return ex.matrix_power(graph.shown(link.base), link.exponent)
        case PickLink():
            return ex.pick(graph.shown(link.base), link.row, link.col)
        case SamplesLink():
            return ex.IndexSum.make(link.index, graph.shown(link.body))
        case CallLink():
            operands = tuple(graph.shown(operand) for operand in link.operands)
            return ex.call(link.function, operands, link.axis, link.sizes)


def product_factors(link: ProductLink, graph: Graph) -> tuple[Expr, ...]:
    """The matrix factors as they stand, transposed where they are."""
    return tuple(
        ex.transpose(graph.shown(f.operand)) if f.transposed else graph.shown(f.operand) for f in link.factors
    )


def product_value(link: ProductLink, graph: Graph) -> Expr:
    factors = product_factors(link, graph)
    chain = ex.multiply(*factors) if factors else None
    if chain is not None and link.closed:
        chain = ex.trace(chain)
    scalars = [(graph.shown(operand), ex.UNIT * exponent) for operand, exponent in link.scalars]
    return ex.scaled(link.coefficient, {}, chain, *scalars)
