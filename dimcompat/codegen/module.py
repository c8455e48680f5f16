"""The whole module: imports, helpers, one function with its docstring, its body and its results.

A module of its own because here the contract of `generate` is kept: what the function is called, which
arguments it takes and in which order, and what it returns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from dimcompat import expressions as ex
from dimcompat.codegen.arguments import INDENT, Reader
from dimcompat.codegen.documentation import docstring
from dimcompat.codegen.emission import Emitter
from dimcompat.codegen.foresight import foreseen
from dimcompat.codegen.lowering import Lowering
from dimcompat.codegen.names import Names
from dimcompat.codegen.needs import Needs, needs_of
from dimcompat.codegen.output import Output
from dimcompat.codegen.scaling import shared
from dimcompat.codegen.second_order import FUNCTIONS, hessian_outputs
from dimcompat.codegen.spelling import SUM, Piece
from dimcompat.codegen.targets import TARGETS, Target
from dimcompat.codegen.values import VIEWS, Graph, Op, Value
from dimcompat.derivation import Derivation
from dimcompat.errors import UnsupportedError
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions.record import Function
from dimcompat.messages import say
from dimcompat.records import dataclass


def generate(
    derivation: Derivation, target: str = "numpy", *, checks: bool = True, hessian: str = "matrix"
) -> str:
    """The source text of a module with one function that computes the value and the derivative."""
    spelled = TARGETS.get(target)
    if spelled is None:
        message = say("E496", target=repr(target), targets=", ".join(TARGETS))
        raise UnsupportedError(message, code="E496", where="target")
    function, outputs = _asked(derivation, hessian)
    return _Module(derivation, spelled, checks, function, outputs).text()


def _asked(derivation: Derivation, hessian: str) -> tuple[str, list[Output]]:
    """What the function is called, and what it returns."""
    symbols = {declared.name: declared.symbol for declared in derivation.declarations}
    if derivation.order == 2:
        return FUNCTIONS.get(hessian, ""), hessian_outputs(derivation, hessian)
    if hessian != "matrix":
        hint = say("E489.hint")
        raise UnsupportedError(say("E489.order"), code="E489", hint=hint, where="hessian")
    scalar = derivation.objective.shape.is_scalar
    upstream = derivation.loss != derivation.name
    outputs = []
    for result in derivation.results:
        variable = str(result.variable)
        gradient = scalar or upstream
        by_scalar = variable in symbols and symbols[variable].shape.is_scalar
        like = symbols.get(variable) if gradient else None
        outputs.append(
            Output(
                f"d{derivation.loss}_d{variable}",
                ex.plain(result.expression),
                like,
                not gradient and not by_scalar,
            )
        )
    if upstream:
        return "gradient", outputs
    kind = "value_and_gradient" if scalar else "value_and_jacobian"
    return kind, [Output(derivation.name, ex.plain(derivation.objective)), *outputs]


@dataclass(slots=True)
class _Module:
    derivation: Derivation
    target: Target
    checks: bool
    function: str
    outputs: list[Output]

    def text(self) -> str:
        graph = Graph()
        mirrors = self._mirrors()
        foresight = foreseen([output.expression for output in self.outputs if output.key not in mirrors])
        needs = needs_of(self.derivation, foresight.order)
        names = Names((self.function, *self.target.helpers))
        inputs = {symbol: names.unique(symbol.name) for symbol in needs.symbols}
        dims = {name: names.unique(name) for name in needs.dims}
        functions = {record: names.unique(text) for record, text in needs.functions.items()}
        lowering = Lowering(
            graph, foresight, written_out=self.target.written_out, symmetric=self._symmetric()
        )
        values = [self._value(output, mirrors, lowering) for output in self.outputs]
        values = values if self.derivation.order == 2 else shared(lowering.algebra, values)
        for value, output in zip(values, self.outputs, strict=True):
            graph.names.setdefault(value, output.name)
        like = next((s for s in needs.symbols if s.labels is None), None)
        emitter = Emitter(graph, self.target, names, inputs, functions, dims, self._options(inputs, like))
        pieces = emitter.write(values)
        reader = Reader(self.target, inputs, dims, self.checks, names)
        reading = reader.read(emitter.sizes | needs.given_dims & emitter.sizes, self._shown(needs))
        returned = self._returned(values, pieces, reader.flat, inputs)
        extra = [*functions.values(), *(dims[name] for name in needs.dims if name in needs.given_dims)]
        signature = self._signature(inputs, extra, needs, functions)
        body = [*reading, *emitter.lines, *returned]
        text = docstring(
            self.derivation, self.function, self.outputs, needs, inputs, dims, functions, checks=self.checks
        )
        parts = [*emitter.helpers.values(), "\n".join([signature, text, *body]) + "\n"]
        imports = list(self.target.imports)
        if _uses("math", parts):
            imports.insert(0, "import math")
        if not _uses("jax", parts):
            imports = [line for line in imports if line != "import jax"]
        return "\n".join(imports) + "\n\n\n" + "\n\n".join(parts)

    def _symmetric(self) -> frozenset[Expr]:
        """Second derivatives by one variable, without the numbers and scalars in front."""
        bodies = (ex.split(o.expression)[2] for o in self.outputs if o.key and o.key[0] == o.key[1])
        return frozenset(body for body in bodies if body is not None)

    def _mirrors(self) -> dict[tuple[str, str] | None, Expr]:
        """Of two blocks of a Hessian that mirror each other the second, with the formula of the first."""
        found: dict[tuple[str, str], Expr] = {}
        mirrors: dict[tuple[str, str] | None, Expr] = {}
        for output in self.outputs:
            if output.key and output.key[::-1] in found:
                mirrors[output.key] = found[output.key[::-1]]
            elif output.key:
                found[output.key] = output.expression
        return mirrors

    def _value(
        self, output: Output, mirrors: dict[tuple[str, str] | None, Expr], lowering: Lowering
    ) -> Value:
        mirror = mirrors.get(output.key)
        if mirror is None:
            return lowering.lower(output.expression)
        return lowering.algebra.transpose(lowering.lower(mirror))

    def _options(self, inputs: dict[Symbol, str], like: Symbol | None) -> str:
        if not self.target.typed or like is None:
            return ""
        device = f", device={inputs[like]}.device" if self.target.tensors else ""
        return f", dtype={inputs[like]}.dtype{device}"

    def _signature(
        self,
        inputs: dict[Symbol, str],
        extra: Sequence[str],
        needs: Needs,
        functions: dict[Function, str],
    ) -> str:
        array = self.target.array
        parts = [
            f"{name}: {array if not symbol.shape.is_scalar else 'float' if symbol.labels is None else 'int'}"
            for symbol, name in inputs.items()
        ]
        if extra:
            parts += ["*", *(f"{name}" if name in functions.values() else f"{name}: int" for name in extra)]
        result = self._annotation()
        line = f"def {self.function}({', '.join(parts)}) -> {result}:"
        if len(line) <= 100:
            return line
        return f"def {self.function}(\n    " + ",\n    ".join(parts) + f",\n) -> {result}:"

    def _annotation(self) -> str:
        """The type of what is returned."""
        array = self.target.array
        number = "float" if self.target.name == "numpy" else array
        kinds = [number if o.shape.is_scalar and not o.matrix else array for o in self.outputs]
        if len(kinds) == 1:
            return kinds[0]
        if all(output.key for output in self.outputs):
            return f"dict[tuple[str, str], {array}]"
        return f"tuple[{', '.join(kinds)}]"

    def _shown(self, needs: Needs) -> list[Symbol]:
        """The arguments whose form as given decides the form of a result."""
        given = set(needs.symbols)
        shown = [output.like for output in self.outputs if output.like is not None and output.like in given]
        if any(self._follows_all(output, given) for output in self.outputs):
            shown += [symbol for symbol in needs.symbols if _is_vector(symbol)]
        return shown

    def _follows_all(self, output: Output, given: set[Symbol]) -> bool:
        """Whether it is a vector that is 1-D where every vector among the arguments is."""
        vector = output.shape.is_vector and not output.shape.is_scalar and not output.matrix
        return vector and (output.like is None or output.like not in given)

    # ── results ──────────────────────────────────────────────────────────────────────────────────────

    def _returned(
        self,
        values: Sequence[Value],
        pieces: Sequence[Piece],
        flat: dict[Symbol, str],
        inputs: dict[Symbol, str],
    ) -> list[str]:
        texts = []
        seen: set[Value] = set()
        for output, value, piece in zip(self.outputs, values, pieces, strict=True):
            shared = value in seen or _is_shared(value)
            seen.add(value)
            texts.append(self._result(output, value, piece, shared, flat, set(inputs)))
        keys = [output.key for output in self.outputs]
        if len(texts) > 1 and all(keys):
            blocks = [
                f"{INDENT * 2}{json.dumps(key)}: {text},".replace("[", "(", 1).replace("]", ")", 1)
                for key, text in zip(keys, texts, strict=True)
            ]
            return [f"{INDENT}return {{", *blocks, f"{INDENT}}}"]
        return [f"{INDENT}return {', '.join(texts)}"]

    def _result(
        self,
        output: Output,
        value: Value,
        piece: Piece,
        shared: bool,
        flat: dict[Symbol, str],
        given: set[Symbol],
    ) -> str:
        module, shape = self.target.module, output.shape
        if shape.is_scalar:
            return self._number(output, value, piece, flat)
        text = piece.at(SUM)
        if shared and value.axes and not self.target.maps:
            text = self.target.table[Op.COPY].replace(
                "{0}", piece.at(5) if self.target.tensors else piece.text
            )
            piece = Piece(text, 5)
        if not shape.is_vector:
            return text
        side = "[:, None]" if shape.is_column else "[None, :]"
        turned = f"{piece.at(5)}{side}"
        if output.matrix:
            return turned
        if self._follows_all(output, given):
            flags = [flag for symbol, flag in flat.items() if _is_vector(symbol)]
            return f"({text} if {' and '.join(flags)} else {turned})" if flags else turned
        assert output.like is not None
        if not _is_vector(output.like):
            return f"{module}.reshape({text}, {flat[output.like]})"
        return f"({text} if {flat[output.like]} else {turned})"

    def _number(self, output: Output, value: Value, piece: Piece, flat: dict[Symbol, str]) -> str:
        """A number; the derivative by a scalar comes back in the form in which that was given."""
        if self.target.name == "numpy":
            text = f"float({piece.text})"
            if output.matrix:
                return f"np.array([[{text}]])"
            if output.like in flat and output.like is not None:
                return f"({text} if {flat[output.like]} == () else np.full({flat[output.like]}, {text}))"
            return text
        convert = "torch.as_tensor" if self.target.tensors else "jnp.asarray"
        text = f"{convert}({piece.text})" if value.host or not piece.text.isidentifier() else piece.text
        if output.matrix:
            return f"{text}.reshape(1, 1)"
        if output.like in flat and output.like is not None:
            return f"{text}.reshape({flat[output.like]})"
        return text


def _uses(module: str, parts: Sequence[str]) -> bool:
    """Whether one of the texts names this module; where the letters are missing no pattern is sought."""
    return any(f"{module}." in part and re.search(rf"\b{module}\.", part) for part in parts)


def _is_vector(symbol: Symbol) -> bool:
    return symbol.shape.is_vector and not symbol.shape.is_scalar and symbol.labels is None


def _is_shared(value: Value) -> bool:
    """Whether the array is one of the arguments, or looks into one or into another."""
    return value.op in VIEWS
