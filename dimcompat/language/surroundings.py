"""What stands around a node, as far as it says what was meant there.

A module of its own because the edits that are proposed for a fault ask it, whatever they change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import DimcompatError
from dimcompat.language import syntax as tree
from dimcompat.language.calls import called
from dimcompat.language.indices import is_index_sum
from dimcompat.language.syntax import Node
from dimcompat.shapes import SCALAR

if TYPE_CHECKING:
    from dimcompat.language.elaborate import Elaborator


def summed_up(node: Node, at: Elaborator) -> bool:
    """Whether the entries of what stands at a node are added up around it, so that it is no number."""
    above = {id(part): whole for whole in tree.postorder(at.root or node) for part in tree.children(whole)}
    inside = node
    while (outer := above.get(id(inside))) is not None:
        record = at.scope.function(outer.name) if isinstance(outer, tree.Call) else None
        if isinstance(outer, tree.Call) and record is not None and not record.entrywise:
            if is_index_sum(outer, at.scope):
                return False
            shape = at.shape(node.left) if isinstance(node, tree.Binary) else None
            vector = operations.leaf(ex.zeros(*(shape or SCALAR)))
            try:
                return called(outer, (vector,), at.scope).shape.is_scalar and not vector.shape.is_scalar
            except DimcompatError:
                return False
        inside = outer
    return False
