"""The functions of the language, as tables of their records' facts.

A module of its own because it prints records, not derivations; it decides nothing by a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

from dimcompat import expressions as ex
from dimcompat.errors import ShapeError
from dimcompat.expressions import Expr
from dimcompat.functions import ALIASES, REGISTRY
from dimcompat.functions.record import Function
from dimcompat.messages import DEFAULT, language, say, told
from dimcompat.program import Program
from dimcompat.records import dataclass
from dimcompat.renderers.glyphs import Glyphs
from dimcompat.renderers.wrapping import columns, padded, wrapped
from dimcompat.shapes import Dim, Shape

Parse = Callable[[str, dict[str, str]], Program]


def overview(width: int, lang: str | None = None) -> list[str]:
    """Every function in its group: name, aliases, what it is."""
    lang = language(lang)
    lines: list[str] = []
    names = {name: ", ".join((name, *_aliases(record))) for name, record in REGISTRY.items()}
    column = min(max(map(len, names.values())), 24) + 2
    for group in dict.fromkeys(record.group for record in REGISTRY.values()):
        title = _group(group, lang)
        lines += ["", title] if lines else [title]
        for name, record in REGISTRY.items():
            if record.group == group:
                lines += _row(f"  {names[name]}", summary(record, lang), column + 2, width)
    return lines


def summary(record: Function, lang: str) -> str:
    """What the function is, in a sentence."""
    if lang == DEFAULT:
        return record.summary
    from dimcompat.messages.functions_zh import SUMMARIES

    return SUMMARIES[record.name]


def _group(group: str, lang: str) -> str:
    if lang == DEFAULT:
        return group
    from dimcompat.messages.functions_zh import GROUPS

    return GROUPS[group]


def _aliases(record: Function) -> tuple[str, ...]:
    return tuple(alias for alias, name in ALIASES.items() if name == record.name)


def _row(label: str, text: str, column: int, width: int) -> list[str]:
    first, *rest = wrapped(text, max(width - column, 30)) or [""]
    start = padded(label, column) if columns(label) < column else f"{label} "
    return [(start + first).rstrip(), *(" " * column + line for line in rest)]


def details(record: Function, parse: Parse, glyphs: Glyphs, width: int, lang: str | None = None) -> list[str]:
    """One function: what it is, its other names, shape, derivative rule and example."""
    lang = language(lang)
    lines = [record.name, *(f"  {line}" for line in wrapped(summary(record, lang), width - 2))]
    for label, said in facts(record, parse, glyphs, lang):
        lines += _row(f"  {label}", said, 14, width)
    return lines


def facts(record: Function, parse: Parse, glyphs: Glyphs, lang: str = DEFAULT) -> list[tuple[str, str]]:
    """What there is to say of a function beside what it is, each with its label."""
    text, shapes = record.example
    use = _use(parse(text, shapes), record)
    rows: list[tuple[str, str]] = []
    if _aliases(record):
        rows.append(("also", ", ".join(_aliases(record))))
    if record.axis != "none":
        rows.append(("axis", say("function.both axes")))
    if use is not None:
        given = ", ".join(glyphs.shape(argument.shape) for argument in use.arguments)
        result = glyphs.shape(use.shape)
        rows.append(("shape", f"{given} {glyphs.arrow} {result}" if given else result))
    rows += [("derivative", rule) for rule in _rules(record, use)]
    declared = "; ".join(f"{name}: {shape}" for name, shape in shapes.items())
    rows.append(
        ("example", say("function.example with", example=text, declared=declared) if declared else text)
    )
    return [(told(say(f"function.{label}"), lang), told(said, lang)) for label, said in rows]


@dataclass(frozen=True, slots=True)
class Use:
    """A call of the function in its example."""

    arguments: tuple[Expr, ...]
    axis: int | None
    sizes: tuple[Dim, ...]
    shape: Shape


def _use(program: Program, record: Function) -> Use | None:
    """The call in the example, or, where it stands for other operations, one of the example's names."""
    pending = [program.operation]
    while pending:
        operation = pending.pop()
        if operation.kind == "call" and getattr(operation.function, "name", "") == record.name:
            arguments = tuple(_standing(operand.value) for operand in operation.operands)
            return Use(arguments, operation.axis, operation.sizes, operation.shape)
        pending.extend(operation.operands)
    if max(record.sizes):
        return None
    for arguments in permutations(program.symbols.values(), record.arity):
        try:
            return Use(arguments, None, (), record.shape_of(arguments, None, ()))
        except ShapeError:
            continue
    return None


def _standing(argument: Expr) -> Expr:
    """The argument, or a name for it where it is a formula."""
    if isinstance(argument, ex.Symbol):
        return argument
    name = "s" if argument.shape.is_scalar else "u" if argument.shape.is_vector else "U"
    return ex.Symbol.make(name, argument.shape)


def _rules(record: Function, use: Use | None) -> Iterator[str]:
    """The one statement of its derivative, in words or as a formula."""
    if record.derivative:
        names = ("u", "v", "w")[: record.arity]
        shape = Shape(Dim.symbol("m"), Dim.symbol("n"))
        arguments = tuple(ex.Symbol.make(name, shape) for name in names)
        for name, rule in zip(names, record.derivative, strict=False):
            formula = f"d {record.name}({', '.join(names)}) / d{name} = {rule(*arguments)}"
            yield say("function.entry by entry", formula=formula)
    elif record.constant:
        yield say("function.constant")
    elif record.lowering is not None:
        yield say("function.lowered")
    elif use is None:
        return
    elif record.differential is not None:
        written = ", ".join(map(str, use.arguments))
        for place, argument in enumerate(use.arguments):
            if isinstance(argument, ex.Symbol) and argument.labels is None:
                changes = tuple(_change(a, place == number) for number, a in enumerate(use.arguments))
                stated = record.differential(use.arguments, changes, use.axis, use.sizes)
                yield f"d {record.name}({written}) = {stated}"
    else:
        upstream = ex.Symbol.make("G", use.shape)
        for argument, rule in zip(use.arguments, record.adjoints, strict=False):
            backwards = rule(upstream, use.arguments, use.axis, use.sizes)
            yield say("function.linear", argument=argument, formula=backwards)


def _change(argument: Expr, changes: bool) -> Expr:
    if not changes:
        return ex.zeros(*argument.shape)
    return ex.Symbol.make(f"d{argument}", argument.shape)
