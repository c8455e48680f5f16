"""The plan of docs/architecture.md, held by tests: where imports may point, and who may know what."""

from __future__ import annotations

import ast
import re
import statistics
import tomllib
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dimcompat"

# A room may import the rooms of the rows above its own, and those of its own row.
ORDER = (
    ("records", "likeness", "exit_status"),
    ("shapes", "messages", "errors", "error_codes", "callers"),
    ("expressions",),
    ("operations",),
    ("functions",),
    ("program", "derivation", "verdict"),
    ("language", "calculus"),
    ("numeric", "codegen"),
    ("renderers",),
    ("api", "building", "checking", "sympy_bridge"),
    ("dimcompat",),  # the public names, in __init__.py
    ("completion", "usage", "translated_help"),
    ("options",),
    ("asking",),
    ("weaving", "notebook"),
    ("reference", "repl", "commands"),
    ("cli",),
    ("__main__",),
)
# Side by side, these do not know each other.
APART = (("language", "calculus"), ("numeric", "codegen"))
# Doors: imports inside a function that lead upward (room → module).
DOORS = {("expressions", "language.writer"), ("derivation", "renderers")}

LONGEST, MEDIAN = 400, 150

# Words that are names of functions and also say something else in the contract: a step's kind, a verdict's
# cause, a kind of declaration. They count only where they are plainly compared with a function's name.
ALSO_WORDS = {"pick", "sum", "step", "sign", "norm", "transpose", "vector", "matrix", "e", "square"}
# Whose literals may hold names of functions: sentences, and the examples of help texts.
SENTENCES, HELP = {"messages"}, {"cli", "commands", "repl"}


# ── the package as data ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Module:
    """A source file: `name` is its dotted name below dimcompat (`language.parser`)."""

    name: str
    path: Path
    tree: ast.Module
    is_package: bool

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Import:
    """One module of ours that another one imports, and how."""

    target: str
    line: int
    inside_function: bool
    for_types_only: bool


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts) or "dimcompat"
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        found[name] = Module(name, path, tree, is_package)
    return found


def imports(module: Module, known: Set[str]) -> Iterator[Import]:
    """Every import of one of our modules, at whatever depth it stands."""

    def visit(node: ast.AST, inside: bool, types: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import | ast.ImportFrom):
                for target in targets(child, module, known):
                    yield Import(target, child.lineno, inside, types)
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            guard = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            yield from visit(child, inside or function, types or guard)

    return visit(module.tree, False, False)


def targets(node: ast.Import | ast.ImportFrom, module: Module, known: Set[str]) -> Iterator[str]:
    """The modules of ours that a statement names; what it takes from a package may be one of its modules."""
    if isinstance(node, ast.Import):
        dotted = [alias.name for alias in node.names]
    else:
        base = node.module or ""
        if node.level:
            package = ["dimcompat", *module.name.split(".")] if module.name != "dimcompat" else ["dimcompat"]
            package = package[: len(package) - node.level + module.is_package]
            base = ".".join([*package, *([node.module] if node.module else [])])
        dotted = [f"{base}.{alias.name}" for alias in node.names]
    for name in dotted:
        if name.partition(".")[0] != "dimcompat":
            continue
        below = name.partition(".")[2]
        while below and below not in known:
            below = below.rpartition(".")[0]
        yield below or "dimcompat"


def level(room: str) -> int:
    return next(number for number, row in enumerate(ORDER) if room in row)


def may_import(room: str, other: str) -> bool:
    if room == other:
        return True
    apart = any({room, other} == set(pair) for pair in APART)
    return level(other) <= level(room) and not apart


def room_of(module: str) -> str:
    return module.partition(".")[0]


def is_door(room: str, target: str) -> bool:
    return any(room == source and f"{target}.".startswith(f"{door}.") for source, door in DOORS)


# ── (a) imports point one way, (b) without cycles ────────────────────────────────────────────────────


def test_every_module_has_its_place() -> None:
    places = {room for row in ORDER for room in row}
    assert sorted({module.room for module in modules().values()} - places) == []


def test_imports_point_one_way() -> None:
    wrong = [
        f"{module.name}:{found.line} imports {found.target}"
        for module in modules().values()
        for found in imports(module, modules().keys())
        if not may_import(module.room, room_of(found.target))
        and not (found.inside_function and is_door(module.room, found.target))
    ]
    assert wrong == []


def test_no_cycles() -> None:
    graph = {
        module.name: {
            found.target
            for found in imports(module, modules().keys())
            if not found.inside_function and not found.for_types_only and found.target != module.name
        }
        for module in modules().values()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("a cycle: " + " ← ".join(error.args[1]))


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("calculus.engine", "from dimcompat.language import parser", ["language.parser"]),
        ("calculus.engine", "from dimcompat.shapes import Shape", ["shapes"]),
        ("calculus.engine", "from .scalar import f\nfrom ..shapes import S", ["calculus.scalar", "shapes"]),
        ("calculus", "from . import scalar\nfrom .. import shapes", ["calculus.scalar", "shapes"]),
        ("shapes", "import numpy\nfrom dimcompat import derive", ["dimcompat"]),
        ("cli", "import dimcompat.language.parser as p", ["language.parser"]),
    ],
)
def test_reading_of_imports(module: str, source: str, expected: list[str]) -> None:
    known = {"dimcompat", "shapes", "calculus", "calculus.scalar", "calculus.engine", "language.parser"}
    read = Module(module, Path(), ast.parse(source), is_package=module == "calculus")
    assert [found.target for found in imports(read, known)] == expected


@pytest.mark.parametrize(
    ("room", "other", "allowed"),
    [
        ("calculus", "functions", True),
        ("functions", "calculus", False),
        ("calculus", "language", False),
        ("language", "calculus", False),
        ("numeric", "language", True),
        ("shapes", "expressions", False),
        ("renderers", "api", False),
    ],
)
def test_reading_of_the_order(room: str, other: str, allowed: bool) -> None:
    assert may_import(room, other) is allowed


# ── (c) no file is long ──────────────────────────────────────────────────────────────────────────────


def test_files_are_short() -> None:
    lengths = {m.name: len(m.path.read_text(encoding="utf-8").splitlines()) for m in modules().values()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
    assert statistics.median(lengths.values()) < MEDIAN
    others = [path for room in ("tests", "benchmarks") for path in (ROOT / room).rglob("*.py")]
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in others}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


# ── (d) only functions/ knows functions by name ──────────────────────────────────────────────────────


def decisions(tree: ast.Module, names: Set[str], *, literals: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Where code compares with names of functions or keeps a table of them: line, names."""
    exported = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(ast.unparse(t) == "__all__" for t in node.targets)
    }
    for node in ast.walk(tree):
        if id(node) in exported:
            continue
        suspects: list[str] = []
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                words = {word for side in sides for word in strings(side)}
                about_names = any(speaks_of_names(side) for side in sides)
                suspects = counted(words, names, about_names)
            case ast.Match(subject=subject, cases=cases):
                patterns = [n for c in cases for n in ast.walk(c.pattern) if isinstance(n, ast.MatchValue)]
                words = {word for pattern in patterns for word in strings(pattern.value)}
                suspects = counted(words, names, speaks_of_names(subject))
            case ast.Dict(keys=keys) if literals:
                words = {word for key in keys if key is not None for word in strings(key)}
                suspects = counted(words, names, False)
            case ast.Set() | ast.List() | ast.Tuple() if literals:
                suspects = counted(set(strings(node)), names, False)
        if suspects:
            yield node.lineno, suspects


def strings(node: ast.expr) -> Iterator[str]:
    """The strings that an operand is or lists."""
    match node:
        case ast.Constant(value=str(word)):
            yield word
        case ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from strings(part)


def speaks_of_names(node: ast.expr) -> bool:
    """`node.name`, `function`, `call.function.name`: an operand that is a function's name by its own name."""
    last = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return last.endswith(("name", "function", "callee"))


def counted(words: Set[str], names: Set[str], about_names: bool) -> list[str]:
    found = words & names
    return sorted(found) if about_names or found - ALSO_WORDS else []


def function_names() -> set[str]:
    if "functions" not in modules():
        pytest.skip("no functions yet")
    from dimcompat.functions import REGISTRY

    aliases = {alias for record in REGISTRY.values() for alias in getattr(record, "aliases", ())}
    return set(REGISTRY) | aliases


def test_only_functions_know_functions_by_name() -> None:
    names = function_names()
    assert {"exp", "sum", "inv", "softmax"} <= names
    found = [
        f"{module.name}:{line} decides by {', '.join(suspects)}"
        for module in modules().values()
        if module.room not in {"functions"} | SENTENCES
        for line, suspects in decisions(module.tree, names, literals=module.room not in HELP)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "if call.name == 'exp': pass",
        "ok = 'softmax' != name",
        "if name in ('exp', 'log'): pass",
        "if record.name == 'sum': pass",
        "match call.name:\n    case 'exp' | 'log': pass",
        "match call.name:\n    case 'sum': pass",
        "match node:\n    case Call(name='softmax'): pass",
        "TABLE = {'exp': 'np.exp', 'sum': 'np.sum'}",
        "ENTRYWISE = {'exp', 'log'}",
        "PAIRS = (('exp', 'log'),)",
    ],
)
def test_a_decision_by_name_is_seen(source: str) -> None:
    assert list(decisions(ast.parse(source), {"exp", "log", "softmax", "sum"}))


@pytest.mark.parametrize(
    "source",
    [
        "if step.kind == 'sum': pass",
        "match step.kind:\n    case 'sum' | 'product': pass",
        "KINDS = ('product', 'sum')",
        "__all__ = ['exp', 'log']",
        "if call.function is exp: pass",
        "text = 'exp'",
    ],
)
def test_what_is_no_decision_by_name(source: str) -> None:
    assert not list(decisions(ast.parse(source), {"exp", "log", "softmax", "sum"}))


# ── (e) every module says what it is for ─────────────────────────────────────────────────────────────


def test_every_module_has_a_docstring() -> None:
    assert [name for name, module in modules().items() if not ast.get_docstring(module.tree)] == []


# ── one fact in one place ────────────────────────────────────────────────────────────────────────────


def test_the_version_is_stated_alike() -> None:
    import dimcompat

    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert dimcompat.__version__ == version
    assert re.findall(r"^version: (\S+)$", citation, flags=re.MULTILINE) == [version]
