r"""``\mathbf{w} \cdot \mathbf{x}`` of two columns, which is their dot product.

A module of its own because a point is a product like any other until the shapes of both sides are known:
of two columns there is no other product.
"""

from __future__ import annotations

from collections.abc import Callable

from dimcompat.functions.linear_algebra import DOT
from dimcompat.language.plain import Kind, Token

POINTS = (r"\cdot", "·", "⋅", r"\bullet")
SAMPLE = ("(", "", "[", "", ",", ":", "]", "'", ")")
"""The tokens of a row as a column; the names may be any."""

Test = Callable[[str], bool]


def with_dot_products(found: list[Token], text: str, is_column: Test, is_scalar: Test) -> list[Token]:
    """The tokens of a formula with a point between two columns as a call of dot."""
    result: list[Token] = []
    place = 0
    while place < len(found):
        token = found[place]
        left, right = _column_before(result, is_column), _column_at(found, place + 1, is_column)
        point = token.text == "*" and text[token.start : token.end] in POINTS
        bound = _binds_tighter(found[place + 1 + right : place + 2 + right])
        if point and left and right and not bound and _stands_alone(result[:-left], is_scalar):
            start = result[-left].start
            opened = [Token(Kind.NAME, DOT.name, start, start), Token(Kind.OPEN, "(", start, start)]
            result[len(result) - left :] = [*opened, *result[-left:]]
            result.append(Token(Kind.COMMA, ",", *token[2:]))
            result += found[place + 1 : place + 1 + right]
            result.append(Token(Kind.CLOSE, ")", result[-1].end, result[-1].end))
            place += 1 + right
            continue
        result.append(token)
        place += 1
    return result


def _binds_tighter(following: list[Token]) -> bool:
    """Whether what stands behind a column belongs to it, as a transpose or a power does."""
    kinds = (Kind.TRANSPOSE, Kind.SUPERSCRIPT, Kind.OPEN)
    return any(token.kind in kinds or token.text in ("^", ".^") for token in following)


def _column_at(found: list[Token], place: int, is_column: Test) -> int:
    """How many tokens from a place on are a column: a declared one or a sample."""
    if place < len(found) and found[place].kind is Kind.NAME and is_column(found[place].text):
        return 1
    return len(SAMPLE) if _is_sample(found[place : place + len(SAMPLE)]) else 0


def _column_before(found: list[Token], is_column: Test) -> int:
    if found and found[-1].kind is Kind.NAME and is_column(found[-1].text):
        return 1
    return len(SAMPLE) if _is_sample(found[-len(SAMPLE) :]) else 0


def _is_sample(found: list[Token]) -> bool:
    texts = [token.text for token in found]
    return len(texts) == len(SAMPLE) and all(
        wanted in ("", text) for wanted, text in zip(SAMPLE, texts, strict=True)
    )


def _stands_alone(before: list[Token], is_scalar: Test) -> bool:
    """Whether what stands before a column only scales it, so that the point joins two columns."""
    place = len(before) - 1
    while place > 0 and before[place].text == "*":
        start = place - 1
        if before[start].text == ")":
            depth = 0
            while start >= 0:
                depth += (before[start].text == ")") - (before[start].text == "(")
                if not depth:
                    break
                start -= 1
        factor = before[start:place]
        if not all(t.kind is not Kind.NAME or is_scalar(t.text) for t in factor):
            return False
        place = start - 1
    return place < 0 or before[place].text in ("(", ",", "=", "+", "-", ";")
