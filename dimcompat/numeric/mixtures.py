"""A claim as a mixture of the derivative's terms: one left out, one with the wrong sign or factor.

A module of its own because it is the product rule read backwards: the derivative is a sum of
contributions, and the claim has each of them so many times.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import binary, negated, text_of, turned
from dimcompat.language.syntax import Binary, Node, NumberLiteral, Transpose, Unary
from dimcompat.language.writer import write
from dimcompat.numeric.bench import ONE, Bench, Multiple
from dimcompat.numeric.claim_points import SAME, same
from dimcompat.numeric.diagnosis import scaled
from dimcompat.numeric.machine import Array
from dimcompat.records import dataclass
from dimcompat.verdict import Cause, Fact, Formula, Said

MOST_TERMS = 10
LONGEST_FORMULA = 2_000
LARGEST = 16


@dataclass(frozen=True, slots=True)
class Mixture:
    """What a mixture tells: the cause and the sentence."""

    cause: Cause
    said: Said


def contributions(bench: Bench, groups: Sequence[Sequence[Expr]]) -> Mixture | None:
    """How often the claim has each contribution of a group that was added to the derivative, or each of
    the derivative's terms as it stands."""
    claimed = _claimed(bench)
    if claimed is None:
        return None
    whole = [*groups, [ex.scale(factor, body) for body, factor in _sum_terms(bench.expected)]]
    for group in whole:
        if any(term.shape != bench.shape for term in group):
            continue
        every = range(len(bench.points))
        parts = [[bench.trials.of_expression(term, at).array for at in every] for term in group]
        found = _explained(bench, [write(term) for term in group], parts, claimed)
        if found is not None:
            return found
    return None


def mixture(bench: Bench) -> Mixture | None:
    """How often the claim has each term of the derivative, multiplied out."""
    claimed = _claimed(bench)
    if claimed is None:
        return None
    trials = bench.trials
    for text in dict.fromkeys((write(bench.expected), write(bench.expected.expanded))):
        terms = expanded(parse_expression(text)) if len(text) <= LONGEST_FORMULA else None
        if terms is None:
            continue
        values = [[trials.value(term, at) for at in range(len(bench.points))] for term in terms]
        if any(one is None or one.shape != bench.shape for row in values for one in row):
            continue
        arrays = [[one.array for one in row if one is not None] for row in values]
        found = _explained(bench, *_merged(terms, arrays), claimed)
        if found is not None:
            return found
    return None


def _claimed(bench: Bench) -> list[Array] | None:
    found = [bench.trials.value(bench.claim.root, at) for at in range(len(bench.points))]
    if any(value is None or value.shape != bench.shape for value in found):
        return None
    return [value.array for value in found if value is not None]


def _sum_terms(expression: Expr) -> tuple[tuple[Expr, Fraction], ...]:
    return expression.terms if isinstance(expression, ex.Sum) else ()


def _merged(terms: list[Node], arrays: list[list[Array]]) -> tuple[list[str], list[list[Array]]]:
    """Equal terms as one, with their number in front."""
    texts: list[tuple[Node, int]] = []
    kept: list[list[Array]] = []
    for term, row in zip(terms, arrays, strict=True):
        for place, other in enumerate(kept):
            count = texts[place][1]
            if all(same(one * count, two) for one, two in zip(row, other, strict=True)):
                texts[place] = (texts[place][0], count + 1)
                kept[place] = [one + two for one, two in zip(row, other, strict=True)]
                break
        else:
            texts.append((term, 1))
            kept.append(row)
    return [text_of(scaled(term, Multiple(Fraction(count)))) for term, count in texts], kept


def common_terms(bench: Bench) -> tuple[str, str] | None:
    """The terms that claim and derivative have in common, and those that the claim lacks."""
    claimed = expanded(bench.claim.root) or []
    for text in dict.fromkeys((write(bench.expected), write(bench.expected.expanded))):
        terms = (expanded(parse_expression(text)) if len(text) <= LONGEST_FORMULA else None) or []
        if len(terms) < 2:
            continue
        lacking = [term for term in terms if not any(_equal(bench, term, other) for other in claimed)]
        if lacking and len(lacking) < len(terms):
            right = [text_of(scaled(term, ONE)) for term in terms if term not in lacking]
            return _joined(right), _joined([text_of(scaled(term, ONE)) for term in lacking])
    return None


def _equal(bench: Bench, left: Node, right: Node) -> bool:
    for at in range(len(bench.points)):
        one, other = bench.trials.value(left, at), bench.trials.value(right, at)
        if one is None or other is None or one.shape != other.shape or not same(one.array, other.array):
            return False
    return True


def _explained(
    bench: Bench, texts: list[str], parts: list[list[Array]], claimed: list[Array]
) -> Mixture | None:
    if not 2 <= len(texts) <= MOST_TERMS or len(claimed) < len(bench.points):
        return None
    counts: list[Fraction] | None = None
    for at in range(len(bench.points)):
        columns = [part[at] for part in parts]
        if not same(np.asarray(sum(columns)), bench.targets[at]):
            return None
        if not np.isfinite(claimed[at]).all():
            return None
        table = np.stack([column.reshape(-1) for column in columns], axis=1)
        if np.linalg.matrix_rank(table, tol=1e-9 * max(1e-300, float(np.abs(table).max()))) < len(texts):
            return None
        found, *_ = np.linalg.lstsq(table, claimed[at].reshape(-1), rcond=None)
        scale = max(1e-9, float(np.abs(claimed[at]).max()))
        if not np.isfinite(found).all():
            return None
        if float(np.abs(table @ found - claimed[at].reshape(-1)).max()) > SAME * scale:
            return None
        rounded = [Fraction(float(one)).limit_denominator(LARGEST) for one in found]
        if counts is None:
            counts = rounded
        if rounded != counts or any(
            abs(float(one) - float(exact)) > 1e-6 for one, exact in zip(found, rounded, strict=True)
        ):
            return None
    assert counts is not None
    if not any(counts) or any(abs(one) > LARGEST for one in counts):
        return None
    return _told(texts, counts)


def _told(texts: list[str], counts: list[Fraction]) -> Mixture | None:
    pairs = list(zip(texts, counts, strict=True))
    lacking = [text for text, count in pairs if count == 0]
    turned_round = [text for text, count in pairs if count == -1]
    scaled = [(text, count) for text, count in pairs if count not in (0, 1, -1)]
    if lacking and (scaled or turned_round):
        text, count = scaled[0] if scaled else (turned_round[0], Fraction(-1))
        return _mixture("term", "claim.term.instead", term=lacking[0], other=text, count=str(count))
    if lacking:
        return _mixture("term", "claim.term.missing", term=_joined(lacking))
    if scaled:
        text, count = scaled[0]
        return _mixture("factor", "claim.factor.of term", term=text, count=str(count))
    if turned_round:
        return _mixture("sign", "claim.sign.term", part=_joined(turned_round))
    return None


def _mixture(cause: Cause, key: str, **fields: str) -> Mixture:
    facts: list[tuple[str, Fact]] = [(name, Formula(text)) for name, text in fields.items()]
    return Mixture(cause, Said(key, tuple(facts)))


def _joined(terms: list[str]) -> str:
    return " + ".join(terms).replace("+ -", "- ")


def expanded(root: Node) -> list[Node] | None:
    """The terms of a formula multiplied out; None where there are too many."""
    try:
        terms = _terms(root)
    except OverflowError:
        return None
    return terms


def _terms(node: Node) -> list[Node]:
    match node:
        case Unary(operator="-"):
            return [negated(term) for term in _terms(node.operand)]
        case Transpose():
            return [turned(term) for term in _terms(node.operand)]
        case Binary(operator="+"):
            return _limited([*_terms(node.left), *_terms(node.right)])
        case Binary(operator="-"):
            return _limited([*_terms(node.left), *(negated(term) for term in _terms(node.right))])
        case Binary(operator="*" | "@" | ".*"):
            left, right = _terms(node.left), _terms(node.right)
            if len(left) == len(right) == 1:
                return [node]
            return _limited([_times(node, a, b) for a in left for b in right])
        case Binary(operator="/" | "./"):
            left = _terms(node.left)
            return [node] if len(left) == 1 else [binary(node.operator, a, node.right) for a in left]
        case _:
            return [node]


def _times(node: Binary, left: Node, right: Node) -> Node:
    """A product with its signs in front."""
    negative = False
    if isinstance(left, Unary) and left.operator == "-":
        negative, left = not negative, left.operand
    if isinstance(right, Unary) and right.operator == "-":
        negative, right = not negative, right.operand
    if _is_one(right):
        product = left
    else:
        product = right if _is_one(left) else binary(node.operator, left, right)
    return negated(product) if negative else product


def _is_one(node: Node) -> bool:
    return isinstance(node, NumberLiteral) and node.value == 1


def _limited(terms: list[Node]) -> list[Node]:
    if len(terms) > MOST_TERMS:
        raise OverflowError
    return terms
