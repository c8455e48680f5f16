"""Is a claimed derivative right, and if not, what was the slip: guesses in order of likelihood, each confirmed.

A module of its own because it alone knows the order: what holds for the claim as a whole, then under a
condition, then what one edit mends, then two; `shape` and `other` where nothing was confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np

from dimcompat.expressions import Expr
from dimcompat.language.claim import Claim, meaning
from dimcompat.language.claim_edits import Edit, Editor
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import Path, binary, negated, number, places, replaced, text_of, turned
from dimcompat.language.scope import size_arguments
from dimcompat.language.syntax import Binary, Call, Name, Node, NumberLiteral, Transpose, Unary
from dimcompat.language.writer import write
from dimcompat.numeric.bench import ONE, Bench, Match, Multiple, same
from dimcompat.numeric.conditions import LIKELY_CONDITIONS, RARE_CONDITIONS, Condition, condition
from dimcompat.numeric.counterexample import counterexample
from dimcompat.numeric.mixtures import Mixture, common_terms, contributions, mixture
from dimcompat.numeric.multiples import scalar_multiple
from dimcompat.program import Program
from dimcompat.shapes import Shape
from dimcompat.verdict import Cause, Derivative, Evidence, Fact, Formula, Said

MOST_NODES = 150
SINGLES, PAIRS = 4_000, 6_000
LONGEST_REPAIR = 400
LARGEST_IN_POOL = 14
LIKELY = 2.05


@dataclass(frozen=True, slots=True)
class Asked:
    """The question: the derivative, the contributions that were added in it, and where other derivatives are.

    ``apart`` finds the derivatives of both operands where the objective is a quotient or product of scalars.
    ``square`` is (name, formula, part) of a link that has a part as a factor twice.
    ``forms`` are other forms of the derivative by their name; ``others`` finds the derivatives by other names.
    """

    program: Program
    variable: str
    expected: Expr
    contributions: Sequence[Sequence[Expr]] = ()
    forms: Mapping[str, Expr] | None = None
    others: Callable[[], Mapping[str, Expr]] = dict
    square: tuple[str, str, str] | None = None
    apart: Callable[[], tuple[Expr, Expr] | None] = lambda: None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found; the sentences are told, the headline first."""

    cause: Cause
    told: tuple[Said, ...]
    shape: Shape | None = None
    repair: str | None = None
    evidence: Evidence | None = None


def diagnose(claim: Claim, asked: Asked) -> Diagnosis:
    """The verdict on a claim that has been read."""
    with np.errstate(all="ignore"):
        bench = Bench(asked.program, claim, asked.expected, asked.seed)
        return _Diagnosing(claim, asked, bench).diagnosis()


def said(key: str, **fields: Fact | Node) -> Said:
    """A sentence; trees become formulas."""
    facts: list[tuple[str, Fact]] = []
    for name, value in fields.items():
        plain = isinstance(value, str | Formula | Shape | Derivative)
        facts.append((name, value if plain else Formula(text_of(value))))  # type: ignore[arg-type]
    return Said(key, tuple(facts))


class _Diagnosing:
    """One claim while it is judged."""

    def __init__(self, claim: Claim, asked: Asked, bench: Bench) -> None:
        self.claim, self.asked, self.bench = claim, asked, bench
        self.trials = bench.trials
        self.trials.keep(claim.root)
        self.small = sum(1 for _ in places(claim.root)) <= MOST_NODES
        self.shape = None if claim.operation is None else claim.operation.shape

    def diagnosis(self) -> Diagnosis:
        match = self.whole()
        if self.bench.points and not any(self.bench.scales) and self.claim.operation is not None:
            exact = match is not None and match.is_exact
            words = said("claim.right") if exact else self.no_dependence()
            return self.with_evidence(self.found("right" if exact else "other", words))
        if match is not None and match.is_exact:
            return Diagnosis("right", (said("claim.right"),), self.shape)
        stages: Iterable[Callable[[], Diagnosis | None]] = (
            lambda: self.of_whole(match) if match is not None else None,
            self.other_variable,
            self.other_form,
            self.mixed,
            self.operands_apart,
            self.likely_slip,
            lambda: self.under_condition(LIKELY_CONDITIONS),
            self.scaled_by_formula,
            lambda: self.slip,
            self.multiplied_out,
            lambda: self.under_condition(RARE_CONDITIONS),
            self.two_slips,
            self.link_of_chain,
            self.partly_right,
        )
        for stage in stages:
            found = stage()
            if found is not None:
                return self.with_evidence(found)
        return self.with_evidence(self.unexplained())

    def whole(self) -> Match | None:
        """How the claim as it is relates to the derivative."""
        operation = self.claim.operation
        if operation is None or not self.bench.points or not self.bench.fits(operation.shape):
            return None
        first = self.trials.of_expression(operation.value, 0)
        return self.bench.related(
            lambda at: self.trials.of_expression(operation.value, at), first, broad=True
        )

    def no_dependence(self) -> Said:
        names = {"objective": Formula(self.asked.program.name), "variable": Formula(self.asked.variable)}
        return said("claim.zero", **names)

    # the claim as a whole

    def of_whole(self, match: Match) -> Diagnosis:
        repair = self.claim.root if match.multiple == ONE else scaled(self.claim.root, match.multiple.inverse)
        if match.turned:
            repair = turned(repair)
        extra = (said("claim.also.turned"),) if match.turned else ()
        if match.multiple == ONE:
            return self.found("layout", said("claim.layout"), repair)
        if match.multiple.number == -1 and not match.multiple.dims:
            return self.found("sign", said("claim.sign"), repair, *extra)
        return self.found("factor", *self.factor_words(match.multiple), repair=repair, more=extra)

    def factor_words(self, multiple: Multiple) -> tuple[Said, ...]:
        inverse = multiple.inverse
        times = said("claim.times", count=Formula(multiple.text))
        negative = (said("claim.also.sign"),) if multiple.number < 0 else ()
        size = Multiple(abs(multiple.number), multiple.dims)
        wanted = Multiple(abs(inverse.number), inverse.dims)
        if wanted.is_whole:
            twice = self.why_twice() if wanted == Multiple(ONE.number * 2) else ()
            if wanted.dims and wanted.number == 1:
                return said("claim.factor.mean", factor=Formula(wanted.text)), times, *negative
            return said("claim.factor.missing", factor=Formula(wanted.text)), *(twice or (times,)), *negative
        if size.is_whole:
            return said("claim.factor.extra", factor=Formula(size.text)), times, *negative
        return said("claim.factor.wrong", count=Formula(multiple.text)), times, *negative

    def why_twice(self) -> tuple[Said, ...]:
        if self.asked.square is None:
            return ()
        link, formula, part = self.asked.square
        return (said("claim.why.twice", link=Formula(f"{link} = {formula}"), part=Formula(part)),)

    def other_variable(self) -> Diagnosis | None:
        """Whether it is the derivative by another declared name, and no forgotten factor makes it right."""
        operation = self.claim.operation
        if operation is None:
            return None
        for name, other in self.asked.others().items():
            if name in self.asked.program.symbols and self.equals(operation.value, other):
                words = said("claim.variable", name=Formula(name))
                lacking = self.best(self.editor.missing(self.claim.root, self.bare_names()), exact=True)
                if lacking is None or not self.small:
                    return self.found("variable", words)
                edited = self.from_edit(*lacking)
                return replace(edited, told=(*edited.told, words))
        return None

    def other_form(self) -> Diagnosis | None:
        operation = self.claim.operation
        for name, form in (self.asked.forms or {}).items():
            if operation is not None and self.equals(operation.value, form):
                return self.found("conditional", said(f"claim.form.{name}"))
        return None

    def equals(self, value: Expr, other: Expr) -> bool:
        if value.shape != other.shape:
            return False
        pairs = (
            (self.trials.of_expression(value, at).array, self.trials.of_expression(other, at).array)
            for at in range(len(self.bench.points))
        )
        return all(same(left, right) and np.abs(right).max() > 0 for left, right in pairs)

    def under_condition(self, conditions: Sequence[Condition]) -> Diagnosis | None:
        found = condition(self.bench, self.asked.program.symbols, conditions)
        if found is None:
            return None
        words, multiple = found
        if multiple == ONE:
            return self.found("conditional", words)
        if multiple.number == -1 and not multiple.dims:
            return self.found("sign", said("claim.sign"), None, words)
        return self.found("factor", *self.factor_words(multiple), more=(words,))

    def mixed(self) -> Diagnosis | None:
        """Whether it has the contributions, or the terms of the derivative as it stands, in other numbers."""
        found = contributions(self.bench, self.asked.contributions) if self.small else None
        if found is not None and found.said.key == "claim.term.instead":
            assumed = self.under_condition(LIKELY_CONDITIONS)
            if assumed is not None:
                return assumed
        return self.of_mixture(found)

    def multiplied_out(self) -> Diagnosis | None:
        """Whether it has the terms of the derivative, multiplied out, in other numbers."""
        return self.of_mixture(mixture(self.bench) if self.small else None)

    def of_mixture(self, found: Mixture | None) -> Diagnosis | None:
        if found is None:
            return None
        return self.found(found.cause, found.said, None, *self.why_terms(found.cause))

    def why_terms(self, cause: Cause) -> tuple[Said, ...]:
        if cause != "term" or not self.asked.contributions:
            return ()
        return (said("claim.why.terms", variable=Formula(self.asked.variable)),)

    def operands_apart(self) -> Diagnosis | None:
        """Whether both operands of the objective were differentiated and the results divided or multiplied."""
        root = self.claim.root
        pair = self.asked.apart() if isinstance(root, Binary) else None
        if pair is None or not isinstance(root, Binary):
            return None
        divided = root.operator in ("/", "./")
        for at in range(len(self.bench.points)):
            for node, derivative in zip((root.left, root.right), pair, strict=True):
                value, wanted = self.trials.value(node, at), self.trials.of_expression(derivative, at)
                if value is None or not (
                    same(value.array, wanted.array) or same(value.array.T, wanted.array)
                ):
                    return None
        return self.found("term", said("claim.quotient" if divided else "claim.product"))

    def partly_right(self) -> Diagnosis | None:
        """Whether some of its terms are those of the derivative."""
        found = common_terms(self.bench) if self.small else None
        if found is None:
            return None
        right, wanted = found
        return self.found("term", said("claim.term.other", part=Formula(right), term=Formula(wanted)))

    def scaled_by_formula(self) -> Diagnosis | None:
        if not self.small:
            return None
        found = scalar_multiple(self.bench, self.asked.program)
        if found is None:
            return None
        cause, key, fields, repair = found
        return self.found(cause, said(key, **fields), repair)

    # edits

    @property
    def editor(self) -> Editor:
        return Editor(self.claim.scope, self.shape_of, self.pool())

    def shape_of(self, node: Node) -> Shape | None:
        value = self.trials.value(node)
        return None if value is None else value.shape

    def pool(self) -> list[Node]:
        """Formulas that may be missing: the names, and the small parts of the right formula."""
        if not hasattr(self, "_pool"):
            scope = self.claim.scope
            numbers = [name for name, symbol in scope.symbols.items() if symbol.labels is None]
            texts = [*numbers, *scope.parts, *scope.found_on_the_way]
            found: dict[str, Node] = {text: parse_expression(text) for text in texts}
            for formula in (self.asked.expected, self.asked.expected.expanded):
                root = parse_expression(write(formula))
                for _, node in places(root):
                    count = sum(1 for _ in places(node))
                    if isinstance(node, NumberLiteral | Transpose | Unary) or count > LARGEST_IN_POOL:
                        continue
                    found.setdefault(text_of(node), node)
            for node in found.values():
                self.trials.keep(node)
            self._pool = list(found.values())
        return self._pool

    @cached_property
    def slip(self) -> Diagnosis | None:
        """The likeliest single slip, two transposes counting as one."""
        return None if self.best_slip is None else self.from_edit(*self.best_slip)

    def likely_slip(self) -> Diagnosis | None:
        """The slip, if it is likelier than a condition that the author may have had in mind."""
        best = self.best_slip
        return self.slip if best is not None and weight_of(*best) <= LIKELY else None

    @cached_property
    def best_slip(self) -> tuple[Edit, Match] | None:
        if not self.small:
            return None
        root, editor = self.claim.root, self.editor
        turns = list(editor.transposes(root))
        pairs = (
            Edit(b.tree, "transpose", "claim.transpose.two", a.weight + b.weight, a.old, a.old, b.old)
            for a in turns
            for b in editor.transposes(a.tree)
        )
        return self.best(chain(_first(self.singles(root), SINGLES), _first(pairs, SINGLES)))

    def singles(self, root: Node) -> Iterator[Edit]:
        editor = self.editor
        yield from editor.transposes(root)
        yield from editor.operators(root)
        yield from editor.names(root)
        yield from editor.signs(root)
        yield from editor.powers(root)
        yield from editor.sums(root)
        yield from editor.extras(root)
        yield from editor.multiples(root)
        yield from editor.orders(root)
        yield from editor.groupings(root)
        yield from editor.functions(root, self.function_names())
        yield from editor.spreads(root, self.bench.shape)
        yield from editor.missing_terms(root, self.bare_names())
        yield from editor.missing(root)

    def bare_names(self) -> list[Node]:
        return [node for node in self.pool() if isinstance(node, Name)]

    def function_names(self) -> list[str]:
        """The functions of one value that the right formula calls."""
        calls = [
            node
            for formula in (self.asked.expected, self.asked.expected.expanded)
            for _, node in places(parse_expression(write(formula)))
            if isinstance(node, Call) and len(node.arguments) == 1 and not size_arguments(node)
        ]
        return list(dict.fromkeys(call.name for call in calls if not call.keywords))

    def two_slips(self) -> Diagnosis | None:
        if not self.small:
            return None
        found = self.best(_first(self.pairs(), PAIRS))
        return None if found is None else self.from_edit(*found)

    def pairs(self) -> Iterator[Edit]:
        """The likely pairs; the cause is that of the first slip, which is the rarer one by itself."""
        editor, root = self.editor, self.claim.root
        bare = self.bare_names()

        def after(firsts: Iterable[Edit], seconds: Callable[[Node], Iterable[Edit]]) -> Iterator[Edit]:
            for first in firsts:
                for second in seconds(first.tree):
                    yield first.then(second)

        yield from after(editor.operators(root), editor.transposes)
        yield from after(editor.operators(root), editor.operators)
        yield from after(editor.sums(root), editor.transposes)
        yield from after(editor.signs(root), editor.transposes)
        yield from after(editor.operators(root), editor.powers)
        yield from after(editor.powers(root), editor.transposes)
        yield from after(editor.operators(root), lambda tree: editor.missing(tree, bare))
        yield from after(editor.extras(root), editor.transposes)
        yield from after(editor.orders(root), editor.operators)
        yield from after(editor.missing(root, bare), editor.transposes)
        yield from after(editor.powers(root), editor.powers)
        yield from after(editor.signs(root), editor.signs)

    def best(self, edits: Iterable[Edit], *, exact: bool = False) -> tuple[Edit, Match] | None:
        """The likeliest edit that makes the claim right, up to a simple factor or the layout."""
        chosen: tuple[float, Edit, Match] | None = None
        for edit in edits:
            if chosen is not None and edit.weight >= chosen[0]:
                continue
            match = self.bench.match(edit.tree)
            if match is None or (exact and not match.is_exact):
                continue
            weight = weight_of(edit, match)
            if (chosen is None or weight < chosen[0]) and meaning(edit.tree, self.claim.scope) is not None:
                chosen = (weight, edit, match)
        return None if chosen is None else chosen[1:]

    def from_edit(self, edit: Edit, match: Match) -> Diagnosis:
        repair = edit.tree
        more: list[Said] = []
        if match.multiple != ONE:
            negative = match.multiple.number == -1 and not match.multiple.dims
            count = Formula(match.multiple.inverse.text)
            more.append(said("claim.also.sign") if negative else said("claim.also.factor", count=count))
            repair = scaled(repair, match.multiple.inverse)
        if match.turned:
            more.append(said("claim.also.turned"))
            repair = turned(repair)
        head = said(edit.key, part=edit.part, old=edit.old, new=edit.new)
        if edit.also is not None:
            second = edit.also
            more.insert(0, said(second.key, part=second.part, old=second.old, new=second.new))
        return self.found(edit.cause, head, repair, *more)

    # what is left

    def link_of_chain(self) -> Diagnosis | None:
        """Whether it is the derivative by a part on the way: the last link of the chain is missing."""
        operation = self.claim.operation
        if operation is None:
            return None
        for name, other in self.asked.others().items():
            if name in self.asked.program.parts and self.equals(operation.value, other):
                return self.found("factor", said("claim.stops", name=Formula(name)))
        return None

    def unexplained(self) -> Diagnosis:
        if self.claim.operation is None:
            why = str(self.claim.fault).rstrip(".") if self.claim.fault is not None else ""
            return self.found("shape", said("claim.shape.inside", why=why))
        if self.shape is not None and self.shape != self.bench.shape:
            variable = Formula(self.asked.variable)
            return self.found(
                "shape", said("claim.shape", shape=self.shape, wanted=self.bench.shape, variable=variable)
            )
        return self.found("other", said("claim.other"))

    def found(
        self, cause: Cause, *words: Said | Node | None, repair: Node | None = None, more: Sequence[Said] = ()
    ) -> Diagnosis:
        told = [word for word in words if isinstance(word, Said)]
        trees = [word for word in words if word is not None and not isinstance(word, Said)]
        repair = trees[0] if trees else repair
        text = text_of(repair) if repair is not None and self.small else None
        if text is not None and len(text) > LONGEST_REPAIR:
            text = None
        return Diagnosis(cause, (*told, *more), self.shape, text)

    def with_evidence(self, found: Diagnosis) -> Diagnosis:
        operation = self.claim.operation
        if operation is None or found.cause in ("layout", "right") or not self.bench.points:
            return found
        symbols = self.asked.program.symbols
        return replace(
            found,
            evidence=counterexample(
                self.asked.expected, operation.value, symbols, self.bench.functions, self.asked.seed
            ),
        )


def weight_of(edit: Edit, match: Match) -> float:
    """How unlikely an edit is, with what is needed besides."""
    return edit.weight + (0.0 if match.multiple == ONE else 1.5) + 0.9 * match.turned


def scaled(root: Node, multiple: Multiple) -> Node:
    """A formula times a number, which goes to the front of a product."""
    path: Path = ()
    node = root
    while isinstance(node, Binary) and node.operator in ("*", "@", ".*", "/", "./"):
        path, node = (*path, 0), node.left
    if isinstance(node, Unary) and node.operator == "-":
        return scaled(replaced(root, path, node.operand), replace(multiple, number=-multiple.number))
    whole = isinstance(node, NumberLiteral) and not multiple.dims
    size = replace(multiple, number=abs(multiple.number))
    if isinstance(node, NumberLiteral) and whole:
        new = number(node.value * size.number)
    else:
        new = node if size == ONE else binary("*", parse_expression(size.text), node)
    return replaced(root, path, negated(new) if multiple.number < 0 else new)


def _first(edits: Iterable[Edit], count: int) -> Iterator[Edit]:
    for number_, edit in enumerate(edits):
        if number_ >= count:
            return
        yield edit
