"""Is a claimed derivative right, and if not, why: guesses in order of likelihood, each confirmed.

A module of its own because it alone knows the order: what holds for the claim as a whole, then under a
condition, then what one edit mends, then two; `shape` and `other` where nothing was confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

import numpy as np

from dimcompat.calculus.simplify import simplified
from dimcompat.errors import UnsupportedError
from dimcompat.expressions import Expr
from dimcompat.language.claim import Claim
from dimcompat.language.rewriting import nodes, text_of, turned
from dimcompat.language.slips import Edit
from dimcompat.language.syntax import Binary, Node
from dimcompat.messages import say
from dimcompat.numeric.bench import ONE, Bench, Match
from dimcompat.numeric.claim_points import same
from dimcompat.numeric.conditions import LIKELY_CONDITIONS, RARE_CONDITIONS, Condition, Met, benches, met
from dimcompat.numeric.counterexample import counterexample
from dimcompat.numeric.diagnosis import Asked, Diagnosis, said, scaled
from dimcompat.numeric.entry_factors import entry_factor
from dimcompat.numeric.mixtures import Mixture, common_terms, contributions, mixture
from dimcompat.numeric.multiple_words import factor_words
from dimcompat.numeric.multiples import scalar_multiple
from dimcompat.numeric.slip_search import SlipSearch, weight_of
from dimcompat.numeric.trials import Value
from dimcompat.verdict import Cause, Evidence, Formula, Said

MOST_NODES = 150
LONGEST_REPAIR = 400
LIKELY = 2.05


def diagnose(claim: Claim, asked: Asked) -> Diagnosis:
    """The verdict on a claim that has been read."""
    with np.errstate(all="ignore"):
        bench = Bench(asked.program, claim, asked.expected, asked.seed)
        return _Diagnosing(claim, asked, bench).diagnosis()


class _Diagnosing:
    """One claim while it is judged."""

    def __init__(self, claim: Claim, asked: Asked, bench: Bench) -> None:
        self.claim, self.asked, self.bench = claim, asked, bench
        self.trials = bench.trials
        self.trials.keep(claim.root)
        self.small = sum(1 for _ in islice(nodes(claim.root), MOST_NODES + 1)) <= MOST_NODES
        self.shape = None if claim.operation is None else claim.operation.shape

    def diagnosis(self) -> Diagnosis:
        if not self.bench.points:
            return self.by_form()
        match = self.whole()
        if not any(self.bench.scales) and self.claim.operation is not None:
            exact = match is not None and match.is_exact
            words = said("claim.right") if exact else self.no_dependence()
            return self.with_evidence(self.found("right" if exact else "other", words))
        if match is not None and match.is_exact:
            if self.claim.operation is not None and self.bench.wrong_on_a_branch(self.claim.operation.value):
                slip = None if self.bench.branched else self.one_slip()
                return self.with_evidence(slip or self.found("conditional", said("claim.branch")))
            return Diagnosis("right", (said("claim.right"),), self.shape)
        if match is not None and not self.bench.vanishes_where_flat(self.claimed):
            match = None
        stages: Iterable[Callable[[], Diagnosis | None]] = (
            lambda: self.of_whole(match) if match is not None else None,
            self.other_variable,
            self.other_form,
            self.mixed,
            self.operands_apart,
            self.likely_slip,
            lambda: self.under_condition(LIKELY_CONDITIONS),
            self.scaled_by_formula,
            self.one_slip,
            self.multiplied_out,
            lambda: self.under_condition(RARE_CONDITIONS),
            self.entry_factor,
            self.two_slips,
            self.link_of_chain,
            self.slip_under_condition,
            self.diagonal_alone,
            self.partly_right,
        )
        for stage in stages:
            found = stage()
            if found is not None:
                return self.with_evidence(found)
        return self.with_evidence(self.unexplained())

    def by_form(self) -> Diagnosis:
        """The verdict where no numbers can be compared: by shapes, and by the formula itself."""
        operation = self.claim.operation
        if operation is None or operation.shape != self.bench.shape:
            return self.unexplained()
        if simplified(operation.value) is simplified(self.asked.expected):
            return Diagnosis("right", (said("claim.right"),), self.shape)
        raise UnsupportedError(say("E420"), code="E420", hint=say("E420.hint"), where="claim")

    def whole(self) -> Match | None:
        """How the claim as it is relates to the derivative."""
        operation = self.claim.operation
        if operation is None or not self.bench.fits(operation.shape):
            return None
        return self.bench.related(self.claimed, self.claimed(0), broad=True)

    def claimed(self, at: int) -> Value:
        """The claim's value at a point."""
        assert self.claim.operation is not None
        return self.trials.of_expression(self.claim.operation.value, at)

    def no_dependence(self) -> Said:
        names = {"objective": Formula(self.asked.program.name), "variable": Formula(self.asked.variable)}
        return said("claim.zero", **names)

    # the claim as a whole

    def of_whole(self, match: Match) -> Diagnosis:
        repair = self.claim.root
        if self.small and match.multiple != ONE:
            repair = scaled(repair, match.multiple.inverse)
        if match.turned:
            repair = turned(repair)
        extra = (said("claim.also.turned"),) if match.turned else ()
        if match.multiple == ONE:
            return self.found("layout", said("claim.layout"), repair=repair)
        if match.multiple.number == -1 and not match.multiple.dims:
            return self.found("sign", said("claim.sign"), *extra, repair=repair)
        return self.found("factor", *factor_words(match.multiple, self.asked.square), *extra, repair=repair)

    def other_variable(self) -> Diagnosis | None:
        """Whether it is the derivative by another declared name, and no forgotten factor makes it right."""
        operation = self.claim.operation
        if operation is None:
            return None
        for name, other in self.asked.others().items():
            if name in self.asked.program.symbols and self.equals(operation.value, other):
                words = said("claim.variable", name=Formula(name))
                lacking = self.search.lacking() if self.small else None
                if lacking is None:
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
        found = next((one for one in self.met(conditions) if not self.refuted(one)), None)
        if found is None:
            return None
        if self.bench.kinks is not None and not found.is_one_sign:
            # the sign of a name may be meant; anything else hides which derivative of a kink is missing
            slip = self.one_slip()
            if slip is not None:
                return slip
        words, multiple = found.said, found.multiple
        if multiple == ONE:
            return self.found("conditional", words)
        if multiple.number == -1 and not multiple.dims:
            return self.found("sign", said("claim.sign"), words)
        return self.found("factor", *factor_words(multiple, self.asked.square), words)

    def met(self, conditions: Sequence[Condition]) -> Iterable[Met]:
        return met(self.bench, self.asked.program.symbols, conditions)

    def refuted(self, found: Met) -> bool:
        """Whether the small example, where the claim is wrong, fulfils the condition all the same."""
        if found.multiple != ONE or self.evidence is None:
            return False
        return found.fulfilled({name: np.array(value) for name, value in self.evidence.values})

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
        return self.found(found.cause, found.said, *self.why_terms(found.cause))

    def why_terms(self, cause: Cause) -> tuple[Said, ...]:
        if cause != "term" or not self.asked.contributions:
            return ()
        return (said("claim.why.terms", variable=Formula(self.asked.variable)),)

    def operands_apart(self) -> Diagnosis | None:
        """Whether both operands of the objective were differentiated, and the results put together."""
        root = self.claim.root
        pair = self.asked.apart() if self.small and isinstance(root, Binary) else None
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

    def diagonal_alone(self) -> Diagnosis | None:
        """Whether it is the diagonal of the derivative, of a matrix that has more: as if each entry depended
        on its own entry alone."""
        if self.claim.operation is None or self.shape != self.bench.shape or not self.bench.shape.is_square:
            return None
        for at, target in enumerate(self.bench.targets):
            diagonal = np.where(np.eye(len(target)) > 0, target, 0.0)
            if not diagonal.any() or not same(self.claimed(at).array, diagonal):
                return None
        return self.found("entrywise", said("claim.diagonal.alone"))

    def scaled_by_formula(self) -> Diagnosis | None:
        if not self.small:
            return None
        found = scalar_multiple(self.bench, self.asked.program)
        if found is None:
            return None
        cause, key, fields, repair = found
        return self.found(cause, said(key, **fields), repair=repair)

    # slips

    @cached_property
    def search(self) -> SlipSearch:
        return SlipSearch(self.bench, self.asked.expected)

    @cached_property
    def slip(self) -> tuple[Edit, Match] | None:
        """The likeliest single slip, two transposes counting as one."""
        return self.search.single() if self.small else None

    def likely_slip(self) -> Diagnosis | None:
        """The slip, if it is likelier than a condition that the author may have had in mind."""
        return self.one_slip() if self.slip is not None and weight_of(*self.slip) <= LIKELY else None

    def one_slip(self) -> Diagnosis | None:
        return None if self.slip is None else self.from_edit(*self.slip)

    def entry_factor(self) -> Diagnosis | None:
        found = entry_factor(self.bench, self.search.editor.pool) if self.small else None
        if found is None:
            return None
        factor, lacking, mended = found
        key = "claim.factor.entries" if lacking else "claim.factor.part"
        return self.found("factor", said(key, part=Formula(factor)), repair=mended)

    def two_slips(self) -> Diagnosis | None:
        found = self.search.double() if self.small else None
        return None if found is None else self.from_edit(*found)

    def slip_under_condition(self) -> Diagnosis | None:
        """Whether it is the transpose, or has one slip, where a common condition holds."""
        if not self.small:
            return None
        for words, bench in benches(self.bench, self.asked.program.symbols):
            match = bench.match(self.claim.root)
            if match is not None and match.turned and match.multiple == ONE:
                return self.found("conditional", words, said("claim.also.turned"))
            slip = SlipSearch(bench, self.asked.expected).single()
            if slip is not None and slip[1].is_exact:
                found = self.from_edit(*slip)
                return replace(found, told=(*found.told, words), repair=None)
        return None

    def from_edit(self, edit: Edit, match: Match) -> Diagnosis:
        more = [] if edit.also is None else [_of_slip(edit.also)]
        repair = edit.tree
        if match.multiple != ONE:
            inverse = match.multiple.inverse
            plain = inverse.number == -1 and not inverse.dims
            more.append(
                said("claim.also.sign") if plain else said("claim.also.factor", count=Formula(inverse.text))
            )
            repair = scaled(repair, inverse)
        if match.turned:
            more.append(said("claim.also.turned"))
            repair = turned(repair)
        return self.found(edit.cause, _of_slip(edit), *more, repair=repair)

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
            why = self.claim.fault.message if self.claim.fault is not None else ""
            return self.found("shape", said("claim.shape.inside", why=why))
        if self.shape is not None and self.shape != self.bench.shape:
            variable = Formula(self.asked.variable)
            return self.found(
                "shape", said("claim.shape", shape=self.shape, wanted=self.bench.shape, variable=variable)
            )
        return self.found("other", said("claim.other"))

    def found(self, cause: Cause, *told: Said, repair: Node | None = None) -> Diagnosis:
        """A diagnosis; the repair is written out where it is short enough to be read."""
        text = text_of(repair) if repair is not None and self.small else None
        if text is not None and len(text) > LONGEST_REPAIR:
            text = None
        return Diagnosis(cause, told, self.shape, text)

    def with_evidence(self, found: Diagnosis) -> Diagnosis:
        return found if found.cause in ("layout", "right") else replace(found, evidence=self.evidence)

    @cached_property
    def evidence(self) -> Evidence | None:
        """A small point at which the claim is wrong."""
        operation, bench = self.claim.operation, self.bench
        if operation is None:
            return None
        symbols = self.asked.program.symbols
        return counterexample(
            self.asked.expected, operation.value, symbols, bench.functions, bench.kinks, self.asked.seed
        )


def _of_slip(edit: Edit) -> Said:
    return said(edit.key, part=edit.part, old=edit.old, new=edit.new)
