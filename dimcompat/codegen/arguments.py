"""The lines that read the arguments: arrays of the declared shapes, vectors 1-D, sizes by name.

A module of its own because it is the only part of generated code that may fail: everything behind it
works on arrays whose sizes fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from dimcompat.codegen.emission import dim_text
from dimcompat.codegen.names import Names
from dimcompat.codegen.targets import Target
from dimcompat.expressions import Symbol
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, Dim

INDENT = "    "


@dataclass(slots=True)
class Reader:
    """Writes the lines that read these arguments; ``names`` are those of the parameters."""

    target: Target
    names: Mapping[Symbol, str]
    dims: Mapping[str, str]
    checks: bool
    free: Names
    flat: dict[Symbol, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def read(self, needed: set[str], shown: Iterable[Symbol]) -> list[str]:
        """All lines; ``needed`` are the dimension symbols that the body uses, ``shown`` the vectors and
        scalars whose form as given decides the form of a result."""
        symbols = list(self.names)
        wanted = set(shown)
        for symbol in symbols:
            if self.checks:
                self._convert(symbol)
        if self.checks:
            needed = needed | {name for symbol in symbols for dim in symbol.shape for name in dim.symbols}
            needed |= {name for s in symbols if s.labels is not None for name in s.labels.symbols}
        sure = self._bind(symbols, needed)
        if self.checks:
            for symbol in symbols:
                self._compare(symbol, sure)
        for symbol in symbols:
            self._flatten(symbol, symbol in wanted)
        return self.lines

    def _add(self, *lines: str) -> None:
        self.lines += [INDENT + line for line in lines]

    # ── arrays ───────────────────────────────────────────────────────────────────────────────────────

    def _convert(self, symbol: Symbol) -> None:
        name, module = self.names[symbol], self.target.module
        expected = shape_texts(symbol, self.dims)
        if symbol.labels is not None:
            self._convert_labels(symbol)
        elif self.target.tensors:
            self._add(f"{name} = torch.as_tensor({name})")
            self._add(
                f"if not {name}.is_floating_point():", f"    {name} = {name}.to(torch.get_default_dtype())"
            )
        elif self.target.maps:
            self._add(f"{name} = {module}.asarray({name})")
            self._add(
                f"if not {module}.issubdtype({name}.dtype, {module}.floating):",
                f"    {name} = {name}.astype(float)",
            )
        else:
            self._add(f"{name} = {module}.asarray({name}, dtype=float)")
        shape, given = symbol.shape, f"not {{tuple({name}.shape)}}"
        if shape.is_scalar:
            self._fault(f"any(size != 1 for size in {name}.shape)", f"{name} must be a number, {given}")
        elif shape.is_vector:
            other = f"{name}.shape[{1 if shape.is_column else 0}] != 1"
            self._fault(
                f"{name}.ndim not in (1, 2) or ({name}.ndim == 2 and {other})",
                f"{name} must have shape {' or '.join(expected)}, {given}",
            )
        else:
            self._fault(f"{name}.ndim != 2", f"{name} must have shape {expected[0]}, {given}")

    def _convert_labels(self, symbol: Symbol) -> None:
        name, module = self.names[symbol], self.target.module
        if self.target.tensors:
            self._add(f"{name} = torch.as_tensor({name})")
            self._fault(
                f"{name}.is_floating_point() and bool(({name} != {name}.round()).any())",
                f"{name} must hold integers",
            )
            self._add(f"{name} = {name}.long()")
            return
        self._add(f"{name} = {module}.asarray({name})")
        if self.target.maps:
            self._add(f"{name} = {name}.astype(int)")
            return
        self._fault(
            f'{name}.dtype.kind not in "biu" and not np.array_equal({name}, np.rint({name}))',
            f"{name} must hold integers",
        )
        self._add(f"{name} = {name}.astype(int)")

    def _fault(self, condition: str, message: str) -> None:
        text = f'f"{message}"' if "{" in message else f'"{message}"'
        self._add(f"if {condition}:", f"    raise ValueError({text})")

    # ── sizes ────────────────────────────────────────────────────────────────────────────────────────

    def _bind(self, symbols: Sequence[Symbol], needed: set[str]) -> set[tuple[Symbol, Dim]]:
        """A line for every dimension symbol; returns which axes cannot differ from it any more."""
        sure: set[tuple[Symbol, Dim]] = set()
        bound: set[str] = set()
        for symbol in symbols:
            pair = [dim for dim in symbol.shape if len(dim.symbols) == 1 and dim.text in needed - bound]
            if len(pair) == 2 and pair[0] is not pair[1]:
                self._add(
                    f"{self.dims[pair[0].text]}, {self.dims[pair[1].text]} = {self.names[symbol]}.shape"
                )
            else:
                for dim in pair[:1]:
                    self._add(f"{self.dims[dim.text]} = {self.names[symbol]}.shape[{_axis(symbol, dim)}]")
            sure |= {(symbol, dim) for dim in pair if len(set(pair)) == len(pair)}
            bound |= {dim.text for dim in pair}
        waiting = [(symbol, dim) for symbol in symbols for dim in symbol.shape if dim.symbols - bound]
        while True:
            solvable = [
                item
                for item in waiting
                if len(item[1].symbols & needed - bound) == 1 == len(item[1].symbols - bound)
            ]
            if not solvable:
                return sure
            symbol, dim = solvable[0]
            (name,) = dim.symbols - bound
            self._solve(name, dim, f"{self.names[symbol]}.shape[{_axis(symbol, dim)}]")
            bound.add(name)

    def _solve(self, name: str, dim: Dim, size: str) -> None:
        """The size of the one unknown symbol in a dimension."""
        with_it = [(monomial, factor) for monomial, factor in dim.terms if name in dict(monomial)]
        rest = {monomial: factor for monomial, factor in dim.terms if name not in dict(monomial)}
        own = self.dims[name]
        if len(with_it) == 1 and dict(with_it[0][0]) == {name: 1}:
            without = f"{size} - {dim_text(Dim(rest), self.dims).at(2)}" if rest else size
            factor = with_it[0][1]
            self._add(f"{own} = {without}" if factor == 1 else f"{own} = ({without}) // {factor}")
            return
        self._add(f"{own} = 1", f"while {dim_text(dim, self.dims).text} < {size}:", f"    {own} += 1")

    def _compare(self, symbol: Symbol, sure: set[tuple[Symbol, Dim]]) -> None:
        name, shape = self.names[symbol], symbol.shape
        dims = [dim for dim in shape if dim is not ONE]
        unsure = [dim for dim in dims if (symbol, dim) not in sure]
        if symbol.labels is not None and not self.target.maps:
            classes = dim_text(symbol.labels, self.dims).text
            if symbol.labels.symbols <= self.dims.keys():
                self._fault(
                    f"{name}.min() < 0 or {name}.max() >= {classes}",
                    f"{name} must hold labels from 0 to {{{classes} - 1}}, "
                    f"not from {{{name}.min()}} to {{{name}.max()}}",
                )
        if not unsure:
            return
        expected = " or ".join(shape_texts(symbol, self.dims))
        texts = [dim_text(dim, self.dims).text for dim in dims]
        if shape.is_vector:
            wrong = f"{name}.shape[{_axis(symbol, dims[0])}] != {dim_text(dims[0], self.dims).at(1)}"
            sizes = texts[0] if texts[0].isdigit() else f"{texts[0]} = {{{texts[0]}}}"
            self._fault(wrong, f"{name} must have shape {expected} with {sizes}, not {{tuple({name}.shape)}}")
        else:
            self._fault(
                f"{name}.shape != ({', '.join(texts)})",
                f"{name} must have shape {expected} = {{({', '.join(texts)})}}, not {{tuple({name}.shape)}}",
            )

    # ── the form inside ──────────────────────────────────────────────────────────────────────────────

    def _flatten(self, symbol: Symbol, shown: bool) -> None:
        """Vectors 1-D, scalars numbers; how one was given is noted where a result follows it."""
        name, shape = self.names[symbol], symbol.shape
        if shape.is_scalar:
            self._scalar(symbol, shown)
        elif shape.is_vector:
            if shown:
                flag = self.flat[symbol] = self.free.unique(f"{name}_is_flat")
                self._add(f"{flag} = {name}.ndim == 1", f"if not {flag}:", f"    {name} = {name}.reshape(-1)")
            else:
                self._add(f"if {name}.ndim != 1:", f"    {name} = {name}.reshape(-1)")

    def _scalar(self, symbol: Symbol, shown: bool) -> None:
        name, module = self.names[symbol], self.target.module
        if shown:
            shape = self.flat[symbol] = self.free.unique(f"{name}_shape")
        if self.target.name == "numpy":
            if shown:
                self._add(f"{shape} = np.shape({name})")
            number = (
                f"int(np.asarray({name}).item())"
                if symbol.labels is not None
                else f"np.asarray({name}).item()"
            )
            kind = "int" if symbol.labels is not None else "float"
            self._add(f"if not isinstance({name}, {kind}):", f"    {name} = {number}")
            return
        convert = f"{module}.as_tensor" if self.target.tensors else f"{module}.asarray"
        self._add(f"{name} = {convert}({name})")
        if shown:
            self._add(f"{shape} = {name}.shape")
        self._add(f"{name} = {name}.reshape(())")


def _axis(symbol: Symbol, dim: Dim) -> int:
    """Where an array of this name shows a dimension; a vector may have one axis or two."""
    shape = symbol.shape
    if shape.is_vector:
        return 0 if shape.is_column else -1
    return 0 if shape.rows is dim else 1


def shape_texts(symbol: Symbol, dims: Mapping[str, str]) -> list[str]:
    """The shapes that an argument may have."""
    rows, cols = (dim_text(dim, dims).text for dim in symbol.shape)
    if symbol.shape.is_scalar:
        return ["()"]
    if symbol.shape.is_vector:
        return [f"({rows if symbol.shape.is_column else cols},)", f"({rows}, {cols})"]
    return [f"({rows}, {cols})"]
