"""Syntax to operations: what each node means, its shape checked, every fault located.

A module of its own because it is the one place where a text gets its meaning; it decides
nothing about layout, derivatives or output. Every pass here is a loop over nodes, parts
before wholes, so that a chain of 100,000 operators needs no deep stack; a long sum is built
in halves, because adding its terms one by one would take time that grows with its square.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import DimcompatError, fault
from dimcompat.expressions import Number
from dimcompat.language import syntax as tree
from dimcompat.language.calls import called, check_call, refuse_labels
from dimcompat.language.declarations import FILLINGS
from dimcompat.language.excerpts import short
from dimcompat.language.indices import Indices, bound, is_index_sum, label_as_number
from dimcompat.language.long_sums import SUMS, links_of, total
from dimcompat.language.meaning import ADDED, OPERATIONS
from dimcompat.language.scope import Scope, size_arguments
from dimcompat.language.syntax import Node
from dimcompat.operations import Operation
from dimcompat.shapes import Shape, broadcast

MAX_DEPTH, MAX_OPERATORS = 200, 10_000
LONG_SUM, MOST_TRIED = 64, 5_000
MAX_BITS = 8_000


class Elaborator:
    """Operations of the nodes of one text, remembered by node."""

    def __init__(
        self,
        scope: Scope,
        text: str,
        done: Mapping[int, Operation] | None = None,
        *,
        indices: Indices | None = None,
        trial: bool = False,
    ) -> None:
        self.scope = scope
        self.text = text
        self.done: dict[int, Operation] = dict(done or {})
        self.shapes: dict[int, Shape] = {}
        self.waiting: dict[int, Operation] = {}
        self.names: dict[str, Operation] = {}
        self.indices = indices or Indices()
        self.trial = trial
        self.root: Node | None = None
        self.size = 0
        self.mixes_products = False

    def elaborate(self, root: Node) -> Operation:
        """The operation that ``root`` means; raises a located DimcompatError."""
        self.root = root
        nodes = list(tree.postorder(root))
        self.size = len(nodes)
        passed_over, sums = self._plan(nodes)
        if not self.trial:
            self.indices = bound(nodes, self.scope)
        passed_over |= self.indices.passed_over
        for node in nodes:
            if id(node) in self.done or id(node) in passed_over:
                continue
            if isinstance(node, tree.Name) and node.name in self.names:
                self.done[id(node)] = self.names[node.name]
                continue
            try:
                operation = self._long_sum(node) if id(node) in sums else self._operation(node)
            except DimcompatError as error:
                raise self.located(error, node) from None
            if operation is not None:
                self.done[id(node)] = self._checked(operation, node)
        result = self.done.get(id(root)) or self._raise_unfilled(root)
        refuse_labels(root, result)
        return result

    def located(self, error: DimcompatError, node: Node) -> DimcompatError:
        """The error with its place, the shapes involved and what would fit."""
        if self.trial:
            return error
        from dimcompat.language.faults import located, with_near_name

        if isinstance(node, tree.Name):
            return with_near_name(error, node, self)
        return located(error, node, self) if error.span is None else error

    def fits(self, node: Node, operation: Operation) -> bool:
        """Whether the whole expression is well shaped with ``operation`` in place of ``node``."""
        if self.root is None or self.size > MOST_TRIED:
            return False
        done = {**dict.fromkeys(map(id, tree.postorder(node)), operation), **self.done, id(node): operation}
        trial = Elaborator(self.scope, self.text, done, indices=self.indices, trial=True)
        try:
            trial.elaborate(self.root)
        except DimcompatError:
            return False
        return True

    def shape(self, node: Node) -> Shape | None:
        """The shape of a node that has been elaborated; None for dimensions and the like."""
        if id(node) in self.shapes:
            return self.shapes[id(node)]
        operation = self.done.get(id(node))
        return operation.shape if operation is not None else None

    def mixed(self, node: tree.Binary) -> DimcompatError:
        """The error for a ``*`` that may be meant entry by entry."""
        from dimcompat.language.edits import entrywise

        return fault("E139", node.span, found=short(self.words(node)), wanted=entrywise(node, self))

    # the order of work

    def _plan(self, nodes: list[Node]) -> tuple[set[int], set[int]]:
        """The nodes that are no values of their own, and the tops of long sums.

        Refuses calls of what is not there, and more operators than can be computed with in good time.
        """
        passed_over: set[int] = set()
        links: dict[int, int] = {}
        tops: dict[int, tree.Binary] = {}
        depths: dict[int, int] = {}
        operators = 0
        for node in nodes:
            if isinstance(node, (tree.Name, tree.NumberLiteral)):
                continue
            depth = max(depths.get(id(part), 0) for part in tree.children(node) or (node,))
            if isinstance(node, tree.Binary) and node.operator in SUMS:
                tops.pop(id(node.left), None)
                length = links[id(node)] = links.get(id(node.left), 0) + 1
                if length >= LONG_SUM:
                    tops[id(node)] = node
            else:
                depth, operators = depth + 1, operators + 1
            depths[id(node)] = depth
            if isinstance(node, tree.Call) and not is_index_sum(node, self.scope):
                check_call(node, self.scope)
                for part in (*size_arguments(node), *(keyword.value for keyword in node.keywords)):
                    passed_over.update(id(inner) for inner in tree.postorder(part))
            if depth > MAX_DEPTH:
                raise fault("E133", node.span, limit=MAX_DEPTH)
            if operators > MAX_OPERATORS:
                raise fault("E148", node.span, limit=MAX_OPERATORS)
        for top in tops.values():
            passed_over.update(id(link) for link in links_of(top)[:-1])
        return passed_over, set(tops)

    # one node

    def _operation(self, node: Node) -> Operation | None:
        match node:
            case tree.NumberLiteral():
                return operations.leaf(ex.number(node.value))
            case tree.Name():
                found = self.scope.operation(node.name)
                if found is None:
                    raise self.scope.unknown(node)
                self.names[node.name] = found
                return found
            case tree.Unary():
                operand = self.operand(node.operand)
                return operations.negate(operand) if node.operator == "-" else operand
            case tree.Transpose():
                if node.spelled_with_caret_T and "T" in self.scope:
                    raise self._transpose_or_power(node)
                return operations.transpose(self.operand(node.operand))
            case tree.Binary():
                return self._binary(node)
            case tree.Index():
                base = self.done.get(id(node.operand)) or self._raise_unfilled(node.operand)
                return self.indices.picked(node, base, self)
            case tree.Call() if node in self.indices:
                return self.indices.total(node, self.operand(node.arguments[1]), self)
            case tree.Call():
                of_label = self.indices.call_of_label(node, self)
                if of_label is not None:
                    return of_label
                record = self.scope.function(node.name)
                if record is None and node.name in FILLINGS:
                    self.waiting[id(node)] = self.operand(node.arguments[0])
                    return None
                values = node.arguments[: record.written if record is not None else 0]
                operands = tuple(self.done.get(id(a)) or self._raise_unfilled(a) for a in values)
                return called(node, operands, self.scope)

    def operand(self, node: Node) -> Operation:
        """The operation of a node that has been elaborated, as a number."""
        operation = self.done.get(id(node)) or self._raise_unfilled(node)
        refuse_labels(node, operation)
        return operation

    def _raise_unfilled(self, node: Node) -> Operation:
        raise self._unfilled(node)

    def _unfilled(self, node: Node) -> DimcompatError:
        if isinstance(node, tree.Index):
            return label_as_number(node, self.done[id(node.operand)])
        assert isinstance(node, tree.Call)
        return fault("E213", node.span, found=self.words(node), instead=FILLINGS[node.name])

    def words(self, node: Node) -> str:
        return self.text[slice(*node.span)]

    def _binary(self, node: tree.Binary) -> Operation:
        left, right = self.waiting.get(id(node.left)), self.waiting.get(id(node.right))
        if node.operator in ADDED and (left is None) != (right is None):
            if left is not None:
                other = self.operand(node.right)
                return OPERATIONS[node.operator](self._filled(node.left, left, other.shape), other)
            other = self.operand(node.left)
            assert right is not None
            return OPERATIONS[node.operator](other, self._filled(node.right, right, other.shape))
        base, other = self.operand(node.left), self.operand(node.right)
        if node.operator in ("^", ".^"):
            _check_growth(base, other, node)
        return OPERATIONS[node.operator](base, other)

    def _filled(self, node: Node, constant: Operation, shape: Shape) -> Operation:
        assert isinstance(node, tree.Call)
        if not constant.shape.is_scalar:
            raise fault("E215", node.span, found=self.words(node), shape=constant.shape)
        self.waiting.pop(id(node))
        self.done[id(node)] = operations.multiply(constant, operations.leaf(ex.ones(*shape)))
        return self.done[id(node)]

    def _transpose_or_power(self, node: tree.Transpose) -> DimcompatError:
        words = self.words(node)
        base = words[: max(words.rfind("^"), words.rfind("**"))].rstrip()
        return fault("E138", node.span, found=words, wanted=f"{base}'")

    def _checked(self, operation: Operation, node: Node) -> Operation:
        coefficient, _ = ex.split_coefficient(operation.value)
        if coefficient is not ex.UNIT and _bits(coefficient) > MAX_BITS:
            raise fault("E146", node.span)
        return operation

    # long sums

    def _long_sum(self, top: Node) -> Operation:
        """The sum of many terms: those of one shape are counted, then added in halves."""
        links = links_of(top)
        first = self.operand(links[0].left)
        joint = first.shape
        terms: dict[Shape, dict[Operation, int]] = {joint: {first: 1}}
        for link in links:
            if id(link.right) in self.waiting:
                self._filled(link.right, self.waiting[id(link.right)], joint)
            term = self.operand(link.right)
            shape = term.shape
            fitting = joint if shape == joint else broadcast((joint, shape))
            if fitting is None:
                raise self._located_link(link, joint, term)
            joint = self.shapes[id(link)] = fitting
            alike = terms.setdefault(shape, {})
            alike[term] = alike.get(term, 0) + (1 if link.operator == "+" else -1)
        result = total(terms.pop(joint))
        for alike in terms.values():
            result = operations.add(result, total(alike))
        return result

    def _located_link(self, link: tree.Binary, joint: Shape, term: Operation) -> DimcompatError:
        """The error of one link of a long sum; only its own term is pointed at."""
        self.done[id(link.left)] = operations.leaf(ex.zeros(*joint))
        try:
            OPERATIONS[link.operator](self.done[id(link.left)], term)
        except DimcompatError as error:
            return self.located(error, link).at(link.right.span)
        raise AssertionError("a sum was refused that can be added")


def _check_growth(base: Operation, exponent: Operation, node: Node) -> None:
    """Refuses a power of a number that would have too many digits, before it is computed."""
    if not isinstance(exponent.value, Number):
        return
    bits = _bits(ex.split_coefficient(base.value)[0])
    if bits > 1 and bits * abs(exponent.value.value) > MAX_BITS:
        raise fault("E146", node.span)


def _bits(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())
