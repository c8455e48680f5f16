r"""Claims about one component, ``\frac{\partial J}{\partial w_j} = …``, as a claim about all of them.

A module of its own because the index of such a claim is bound by nothing in its text: what stands in front
says that the formula is one entry, and here the entries are put into their places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dimcompat.functions.constants import EYE
from dimcompat.functions.reductions import SUM
from dimcompat.language.latex import plain_name
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import NOWHERE, binary, called, name
from dimcompat.language.scope import Scope
from dimcompat.language.syntax import All, Index, Node
from dimcompat.language.writer import write_dimension
from dimcompat.shapes import ONE, Shape

_ENTRY = re.compile(
    r"(?:\\[A-Za-z]+\s*\{\s*)?(?P<name>\\?[^\W_]+)\s*\}?\s*"
    r"(?:_\s*(?P<bare>[A-Za-z])|_\s*\{\s*(?P<braced>[A-Za-z](?:[\s,]*[A-Za-z])?)\s*\}"
    r"|\[\s*(?P<boxed>[A-Za-z](?:\s*,\s*[A-Za-z])?)\s*\])"
)


def indices_of(entry: str, variable: str, scope: Scope) -> tuple[str, ...]:
    """The indices of an entry of the variable, such as ``w_j``, where that is none of the text's names."""
    found = _ENTRY.fullmatch(entry.strip())
    if found is None:
        return ()
    base = plain_name(found["name"])
    entry_of = base if base in scope else base.upper()
    if entry_of != variable:
        return ()
    letters = re.findall("[A-Za-z]", found["bare"] or found["braced"] or found["boxed"])
    wanted = [dim for dim in shape_of(scope, variable) if dim is not ONE]
    new = not any(letter in scope for letter in letters)
    return tuple(letters) if len(set(letters)) == len(letters) == len(wanted) and new else ()


def shape_of(scope: Scope, variable: str) -> Shape:
    """The shape of a name that has a value."""
    operation = scope.operation(variable)
    assert operation is not None
    return operation.shape


def gathered(root: Node, indices: Sequence[str], shape: Shape) -> Node:
    """The matrix of this shape whose entry at the indices is ``root``."""
    dims = [dim for dim in shape if dim is not ONE]
    for place, (index, dim) in reversed(list(enumerate(zip(indices, dims, strict=True)))):
        eye = called(EYE.name, parse_expression(write_dimension(dim)))
        as_column = place == 0 and not shape.is_row
        items = (All(NOWHERE), name(index)) if as_column else (name(index), All(NOWHERE))
        unit = Index(eye, items, NOWHERE)
        product = binary("*", unit, root) if as_column else binary("*", root, unit)
        root = called(SUM.name, name(index), product)
    return root
