"""What the names in a result stand for, where no step is shown that says so.

A module of its own because a result must never stand alone with a name that only a step explains.
"""

from __future__ import annotations

from dimcompat.derivation import Derivation
from dimcompat.expressions import Expr, Named
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.language.layout import layout
from dimcompat.operations import postorder
from dimcompat.renderers.blocks import Equality, Quotient, Remark, sentence


def definitions(derivation: Derivation, steps: str) -> tuple[Remark, ...]:
    """A remark for each name in the results that neither the source nor a step shown defines."""
    if steps != "none":
        return ()
    typed = postorder(derivation.typed) if derivation.typed is not None else ()
    known = {part.name for part in typed}
    pending: list[Expr] = [result.expression for result in reversed(derivation.results)]
    said: list[Remark] = []
    while pending:
        for node in distinct_nodes(pending.pop()):
            if isinstance(node, Named) and node.name not in known:
                left = Quotient(*node.quotient) if node.quotient is not None else node.name
                definition = Equality(left, (layout(node.definition),))
                said.append(Remark((sentence("results.where", definition=definition),)))
                known.add(node.name)
                pending.append(node.definition)
    return tuple(said)
