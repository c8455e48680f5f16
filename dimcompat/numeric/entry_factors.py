"""A factor entry by entry that the claim lacks or has too much, such as a forgotten derivative in a chain.

A module of its own because it needs no edits: the quotient of derivative and claim, entry by entry, is
compared with the formulas that the problem has, their products and reciprocals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement

import numpy as np

from dimcompat.language.rewriting import binary, text_of
from dimcompat.language.syntax import Node
from dimcompat.numeric.bench import Bench
from dimcompat.numeric.claim_points import same
from dimcompat.numeric.machine import Array

MOST = 40


def entry_factor(bench: Bench, pool: Sequence[Node]) -> tuple[str, bool, Node] | None:
    """The factor, whether the claim lacks it (or has it too much), and the claim with that mended."""
    root = bench.claim.root
    claimed = _values(bench, root)
    if claimed is None:
        return None
    alike = [(node, values) for node in pool if (values := _values(bench, node)) is not None][:MOST]
    for node, values in _products(alike):
        for lacking in (True, False):
            pairs = zip(claimed, values, bench.targets, strict=True)
            if all(same(c * v if lacking else c / v, t) for c, v, t in pairs):
                mended = binary(".*", node, root) if lacking else binary("./", root, node)
                return text_of(node), lacking, mended
    return None


def _values(bench: Bench, node: Node) -> list[Array] | None:
    found = [bench.trials.value(node, at) for at in range(len(bench.points))]
    if any(value is None or value.shape != bench.shape for value in found):
        return None
    return [np.asarray(value.array) for value in found if value is not None]


def _products(alike: Sequence[tuple[Node, list[Array]]]) -> Iterator[tuple[Node, list[Array]]]:
    yield from alike
    for (one, left), (two, right) in combinations_with_replacement(alike, 2):
        yield binary(".*", one, two), [a * b for a, b in zip(left, right, strict=True)]
