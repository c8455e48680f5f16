"""Values as lines of Python: what is used twice gets a name, the rest stands where it is used.

A module of its own because it decides nothing about mathematics: order, names, line lengths, and the
blocks of sums over an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from dimcompat.codegen.names import Names
from dimcompat.codegen.spelling import (
    ATOM,
    PRODUCT,
    SUM,
    Piece,
    filled,
    is_floating,
    matmul_text,
    named_places,
    number_text,
    places,
    power_text,
    product_text,
    sum_text,
)
from dimcompat.codegen.targets import Target
from dimcompat.codegen.values import Axes, Graph, Op, Value, in_order
from dimcompat.codegen.zero_wins import guarded, infinite_at_zeros
from dimcompat.expressions import Index, Symbol
from dimcompat.functions.record import Function
from dimcompat.records import dataclass
from dimcompat.shapes import Dim

LONGEST = 72  # a line that is no longer may hold what is used once
ATOMS = frozenset({Op.INPUT, Op.NUMBER, Op.SIZE, Op.CONSTANT, Op.INDEX})
LIGHT = frozenset({Op.TRANSPOSE, Op.COLUMN, Op.ROW})


@dataclass(slots=True)
class Emitter:
    """Writes the body of one function."""

    graph: Graph
    target: Target
    names: Names
    inputs: Mapping[Symbol, str]
    functions: Mapping[Function, str]
    dims: dict[str, str]
    options: str = ""
    lines: list[str] = field(default_factory=list)
    helpers: dict[str, str] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)
    pieces: dict[Value, Piece] = field(default_factory=dict)
    uses: dict[Value, int] = field(default_factory=dict)
    outside: set[Value] = field(default_factory=set)
    infinite: frozenset[Value] = frozenset()

    def write(self, outputs: Sequence[Value]) -> list[Piece]:
        """The texts of the outputs, after the lines that they need."""
        order = in_order(outputs)
        self.infinite = infinite_at_zeros(order)
        uses = self.uses = dict.fromkeys(order, 0)
        for output in outputs:
            uses[output] += 1
        for value in order:
            template = self._template(value) if value.operands else None
            for place, operand in enumerate(value.operands):
                uses[operand] += max(1, places(template, place)) if template else 1
                if value.free - operand.free:
                    self.outside.add(operand)
        self._block(order, frozenset(), "    ")
        return [self.pieces[output] for output in outputs]

    def _block(self, values: Iterable[Value], scope: frozenset[Index], indent: str) -> None:
        """The lines for those of these values that depend on no index that is bound further inside."""
        for value in values:
            if value.free <= scope and value not in self.pieces:
                self.pieces[value] = self._named(value, self._loop(value, scope, indent), indent)

    def _named(self, value: Value, piece: Piece, indent: str) -> Piece:
        if value.op in ATOMS or piece.text.isidentifier():
            return piece
        light = value.op in LIGHT and self.pieces[value.operands[0]].text.isidentifier()
        wanted = self.graph.names.get(value)
        once = self.uses[value] <= 1 and value not in self.outside and len(piece.text) <= LONGEST
        if wanted is None and (once or light):
            return piece
        name = self.names.unique(wanted) if wanted is not None else self.names.fresh()
        self.lines.append(f"{indent}{name} = {piece.text}")
        return Piece(name, ATOM)

    def _loop(self, value: Value, scope: frozenset[Index], indent: str) -> Piece:
        if value.op in self.target.in_place and self._is_own(value.operands[0]):
            return self._added(value, indent)
        if value.op != Op.LOOP:
            return self._text(value, [self.pieces[operand] for operand in value.operands])
        index, (body,) = value.facts, value.operands
        assert isinstance(index, Index)
        name, total = self.names.unique(index.name), self.names.fresh()
        before = set(self.pieces)
        counter = self.graph.make(Op.INDEX, facts=(index,))
        self.pieces[counter] = Piece(name, ATOM)
        length = self.dim(index.dim).text
        if self.target.maps:
            inside = self.names.unique("summand")
            self.lines.append(f"{indent}def {inside}({name}):")
        else:
            self.lines += [f"{indent}{total} = 0.0", f"{indent}for {name} in range({length}):"]
        inner = indent + "    "
        self._block(in_order([body], frozenset({index})), scope | {index}, inner)
        text = self.pieces[body].at(SUM)
        if self.target.maps:
            self.lines += [
                f"{inner}return {text}",
                f"{indent}{total} = jax.vmap({inside})(jnp.arange({length})).sum(axis=0)",
            ]
        else:
            self.lines.append(f"{inner}{total} = {total} + {text}")
        self.pieces = {known: piece for known, piece in self.pieces.items() if known in before}
        return Piece(total, ATOM)

    def _is_own(self, value: Value) -> bool:
        """Whether an array is made for one use alone, which may then write any number into it."""
        return (
            is_floating(value)
            and self.uses[value] == 1
            and value not in self.outside
            and value not in self.graph.names
        )

    def _added(self, value: Value, indent: str) -> Piece:
        """What is added to some entries of an array, written into it."""
        base, added, *others = (self.pieces[operand] for operand in value.operands)
        if not base.text.isidentifier():
            wanted = self.graph.names.get(value)
            name = self.names.unique(wanted) if wanted is not None else self.names.fresh()
            self.lines.append(f"{indent}{name} = {base.text}")
            base = Piece(name, ATOM)
        sign, number = "+", value.operands[1]
        if number.op is Op.NUMBER and isinstance(number.facts, Fraction) and number.facts < 0:
            sign, added = "-", number_text(-number.facts)
        template = self.target.in_place[value.op]
        self.lines.append(indent + filled(template, [base, added, *others], {"sign": sign}))
        return base

    # ── one value ────────────────────────────────────────────────────────────────────────────────────

    def _template(self, value: Value) -> str | None:
        if value.op == Op.CALL and isinstance(value.facts, Function) and value.facts not in self.functions:
            return self.target.code(value.facts).expression
        if value.op == Op.STRETCH and value.operands[0].host:
            return self.target.table[Op.FULL]
        return self.target.table.get(value.op)

    def _text(self, value: Value, pieces: list[Piece]) -> Piece:
        if self.infinite:
            if value.op is Op.MATMUL and self._is_turned(value):
                pieces = [pieces[1], self.pieces[value.operands[0].operands[0]]]
            found = guarded(value, pieces, self.infinite, self.target.table[Op.ROOT])
            if found is not None:
                piece, names = found
                self.helpers |= {name: self.target.helpers[name] for name in names}
                return piece
        match value.op:
            case Op.INPUT:
                assert isinstance(value.facts, Symbol)
                return Piece(self.inputs[value.facts], ATOM)
            case Op.NUMBER:
                return number_text(value.facts)  # type: ignore[arg-type]
            case Op.SIZE:
                assert isinstance(value.facts, Dim)
                return self.dim(value.facts)
            case Op.SUM:
                return sum_text(value, pieces)
            case Op.PRODUCT:
                return product_text(value, pieces, self.target.table[Op.ROOT])
            case Op.POWER:
                return power_text(pieces)
            case Op.MATMUL:
                return self._matmul(value)
            case Op.OUTER:
                return Piece(f"{pieces[0].at(ATOM)}[:, None] * {pieces[1].at(ATOM)}", PRODUCT)
            case Op.PICKED:
                return self._picked(value, pieces[0])
            case Op.CALL:
                return self._call(value, pieces)
        template = self._template(value)
        assert template is not None, value.op
        return Piece(self._helped(filled(template, pieces, self._fields(value, pieces))), ATOM)

    def _matmul(self, value: Value) -> Piece:
        """``A.T @ x`` as ``x @ A``, which needs no view; a row of such products is read from the left."""
        left, right = value.operands
        if not self._is_turned(value):
            continued = left.op is Op.MATMUL and not self._is_turned(left)
            return matmul_text(self.pieces[left], self.pieces[right], continued=continued)
        pieces = self.pieces[right], self.pieces[left.operands[0]]
        return matmul_text(*pieces, continued=right.op is Op.MATMUL and self._is_turned(right))

    def _is_turned(self, product: Value) -> bool:
        """Whether a product is written with the vector first."""
        left, right = product.operands
        bare = left.op is Op.TRANSPOSE and not self.pieces[left].text.isidentifier()
        return bare and len(right.axes) == 1

    def _picked(self, value: Value, base: Piece) -> Piece:
        assert isinstance(value.facts, tuple)
        names = [
            None if at is None else self.pieces[self.graph.make(Op.INDEX, facts=(at,))].text
            for at in value.facts
        ]
        row, col = names
        if row is None:
            return Piece(f"{base.at(ATOM)}[:, {col}]", ATOM)
        return Piece(f"{base.at(ATOM)}[{row if col is None else f'{row}, {col}'}]", ATOM)

    def _call(self, value: Value, pieces: list[Piece]) -> Piece:
        function = value.facts
        assert isinstance(function, Function)
        if self.target.tensors:
            pieces = [
                Piece(f"torch.as_tensor({piece.text}{self.options})", ATOM) if operand.host else piece
                for operand, piece in zip(value.operands, pieces, strict=True)
            ]
        given = self.functions.get(function)
        if given is not None:
            text = f"{given}({', '.join(piece.text for piece in pieces)})"
            if function.entrywise:
                return Piece(text, ATOM)
            return Piece(f"{self.target.module}.reshape({text}, {self.axes(value.axes)})", ATOM)
        code = self.target.code(function)
        if code.helper:
            self.helpers[code.helper] = code.helper
        text = filled(code.expression, pieces)
        return Piece(
            text, ATOM if text.startswith("(") or ("(" in text and not text[0].isdigit()) else PRODUCT
        )

    def _helped(self, text: str) -> str:
        name = text.partition("(")[0]
        if name in self.target.helpers:
            self.helpers[name] = self.target.helpers[name]
        return text

    def _fields(self, value: Value, pieces: list[Piece]) -> dict[str, str]:
        wanted = named_places(self._template(value) or "")
        if not wanted:
            return {}
        fields = {"options": self.options, "facts": str(value.facts)}
        if "axes" in wanted:
            fields["axes"] = self.axes(value.axes)
        if "length" in wanted:
            fields["length"] = self.dim(value.facts if isinstance(value.facts, Dim) else value.axes[0]).text
        dims = value.facts if isinstance(value.facts, tuple) else ()
        for name, dim in zip(("first", "second", "third"), dims, strict=False):
            if name in wanted:
                fields[name] = self.dim(dim).text
        if value.op == Op.KRON_TIMES:
            _, outer, _, rows, has_left, has_right = dims
            parts = iter(piece.text for piece in pieces[1:])
            fields["left"] = next(parts) if has_left else "None"
            fields["right"] = next(parts) if has_right else "None"
            fields["dims"] = f"({self.dim(outer).text}, {self.dim(rows).text})"
        if value.op in (Op.KRON_COMMUTED, Op.MULTI_DOT):
            fields["operands"] = ", ".join(piece.text for piece in pieces)
        if value.op == Op.GRID_PRODUCT:
            count, size, has_diagonal, mirrored = dims
            fields["mirrored"] = ", mirrored=True" if mirrored else ""
            fields["right"] = pieces[3].text if has_diagonal else "None"
            fields["dims"] = f"({self.dim(count).text}, {self.dim(size).text})"
        return fields

    # ── sizes ────────────────────────────────────────────────────────────────────────────────────────

    def axes(self, axes: Axes) -> str:
        texts = [self.dim(dim).text for dim in axes]
        return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"

    def dim(self, dim: Dim) -> Piece:
        """A dimension in the names of the sizes, which are noted as needed."""
        self.sizes |= dim.symbols
        return dim_text(dim, self.dims)


def dim_text(dim: Dim, names: Mapping[str, str]) -> Piece:
    if dim.text in names:
        return Piece(names[dim.text], ATOM)
    terms = []
    for monomial, factor in dim.terms:
        parts = [names[name] if power == 1 else f"{names[name]}**{power}" for name, power in monomial]
        if factor != 1 or not parts:
            parts.insert(0, str(factor))
        terms.append(" * ".join(parts))
    level = SUM if len(terms) > 1 else ATOM if len(dim.terms[0][0]) == 1 and "*" not in terms[0] else PRODUCT
    return Piece(" + ".join(terms), ATOM if dim.value is not None else level)
