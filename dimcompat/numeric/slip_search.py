"""The slip that makes a claim right when it is undone, found by trying them all.

A module of its own because it knows which edits are worth trying and how to choose among those that
were confirmed, and nothing of causes or sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, partial, reduce
from itertools import chain, combinations, islice, product

from dimcompat.expressions import Expr
from dimcompat.language.claim import meaning
from dimcompat.language.claim_edits import Editor
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import binary, places, text_of
from dimcompat.language.scope import size_arguments
from dimcompat.language.slips import Edit
from dimcompat.language.syntax import Binary, Call, Node, NumberLiteral, Transpose, Unary
from dimcompat.language.writer import write
from dimcompat.numeric.bench import ONE, Bench, Match
from dimcompat.shapes import Shape

SINGLES, PAIRS = 6_000, 6_000
WORK = 100_000
"""Nodes computed for one search, so that a long claim is answered as soon as a short one."""
LONGEST_FORMULA = 2_000
LARGEST_IN_POOL, MOST_IN_POOL = 14, 80
MOST_FACTORS = 4
LARGEST_TIE = 0.02
OWN_FAULTS = ("claim.transpose", "claim.function", "claim.name", "claim.term.extra")


class SlipSearch:
    """Slips of one claim, tried on its bench."""

    def __init__(self, bench: Bench, expected: Expr) -> None:
        self.bench = bench
        self.trials = bench.trials
        self.scope = bench.claim.scope
        self.root = bench.claim.root
        texts = dict.fromkeys((write(expected), write(expected.expanded)))
        self.formulas = [parse_expression(text) for text in texts if len(text) <= LONGEST_FORMULA]

    def single(self) -> tuple[Edit, Match] | None:
        """The likeliest single slip, two transposes counting as one."""
        editor = self.editor
        singles = islice(editor.single(self.root), SINGLES)
        return self._best(chain(singles, islice(editor.two_transposes(self.root), SINGLES)))

    def double(self) -> tuple[Edit, Match] | None:
        """The likeliest pair of slips."""
        return self._best(islice(self.editor.double(self.root), PAIRS))

    def lacking(self) -> tuple[Edit, Match] | None:
        """A name that is missing as a factor, and nothing else."""
        return self._best(self.editor.missing(self.root, self.editor.bare), exact=True)

    @cached_property
    def editor(self) -> Editor:
        return Editor(self.scope, self._shape, self._pool(), self.bench.shape, self._functions())

    def _shape(self, node: Node) -> Shape | None:
        value = self.trials.value(node)
        return None if value is None else value.shape

    def _pool(self) -> list[Node]:
        """Formulas that may be missing: the names, and the small parts of the right formula."""
        scope = self.scope
        numbers = [name for name, symbol in scope.symbols.items() if symbol.labels is None]
        texts = [*numbers, *scope.parts, *scope.found_on_the_way]
        found: dict[str, Node] = {text: parse_expression(text) for text in texts}
        for root in self.formulas:
            for node in (part for _, whole in places(root) for part in _with_parts(whole)):
                large = sum(1 for _ in islice(places(node), LARGEST_IN_POOL + 1)) > LARGEST_IN_POOL
                if not large and not isinstance(node, NumberLiteral | Transpose | Unary):
                    found.setdefault(text_of(node), node)
        pool = list(found.values())[:MOST_IN_POOL]
        for node in pool:
            self.trials.keep(node)
        return pool

    def _functions(self) -> list[str]:
        """The functions of one value that the right formula calls."""
        calls = [node for root in self.formulas for _, node in places(root) if isinstance(node, Call)]
        single = [call for call in calls if len(call.arguments) == 1 and not size_arguments(call)]
        return list(dict.fromkeys(call.name for call in single if not call.keywords))

    def _best(self, edits: Iterable[Edit], *, exact: bool = False) -> tuple[Edit, Match] | None:
        """The likeliest edit that makes the claim right, up to a simple factor or the layout."""
        chosen: tuple[float, Edit, Match] | None = None
        last = self.trials.work + WORK
        for edit in edits:
            if chosen is not None and edit.weight > chosen[0] + LARGEST_TIE:
                continue
            if self.trials.work > last:
                break
            match = self.bench.match(edit.tree)
            if match is None or (exact and not match.is_exact):
                continue
            weight = weight_of(edit, match)
            if (chosen is None or weight < chosen[0]) and meaning(edit.tree, self.scope) is not None:
                chosen = (weight, edit, match)
        return None if chosen is None else chosen[1:]


def _with_parts(node: Node) -> Iterator[Node]:
    """A part; of a difference also the opposite, of a product entry by entry any of its factors together."""
    yield from _either_way(node)
    chain: list[Node] = []
    while isinstance(node, Binary) and node.operator == ".*":
        chain.append(node.right)
        node = node.left
    chain = [*chain, node][::-1]
    if not 3 <= len(chain) <= MOST_FACTORS:
        return
    for size in range(2, len(chain)):
        for some in combinations(chain, size):
            for choice in product(*map(_either_way, some)):
                yield reduce(partial(binary, ".*"), choice)


def _either_way(node: Node) -> list[Node]:
    """A formula, and for a difference its opposite."""
    if isinstance(node, Binary) and node.operator == "-":
        return [node, binary("-", node.right, node.left)]
    return [node]


def weight_of(edit: Edit, match: Match) -> float:
    """How unlikely an edit is, with what is needed besides.

    Of two alike the one in the smaller part is told where that part itself is wrong, and in the larger one
    where something is missing beside it.
    """
    size = min(len(text_of(edit.old)) / 10_000, LARGEST_TIE) * (1 if edit.key.startswith(OWN_FAULTS) else -1)
    return edit.weight + size + (0.0 if match.multiple == ONE else 1.5) + 0.9 * match.turned
