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
    pending: list[Expr] = [result.expression for result in reversed(derivation.results)]
    said: dict[str, Equality] = {part.name: Equality("", ()) for part in typed if part.name is not None}
    known = len(said)
    while pending:
        for node in distinct_nodes(pending.pop()):
            if isinstance(node, Named) and node.name not in said:
                left = Quotient(*node.quotient) if node.quotient is not None else node.name
                said[node.name] = Equality(left, (layout(node.definition),))
                pending.append(node.definition)
    return tuple(Remark((sentence("results.where", definition=d),)) for d in list(said.values())[known:])
