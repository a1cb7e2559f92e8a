"""Each claim beside our own measurement, for the command and the page alike. Nothing is priced or forecast from it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.claims import Claimed, Difference, Verdict, judge, ratio_of_means, relation
from analysis.intervals import Interval
from app.claim_evidence import (
    Measurement,
    ModelEvidence,
    cost_per_resolved,
    cost_per_task,
    evidence_of,
    resolved_share,
    solved_in_runs,
    speed,
    spread_of_passes,
    throughput,
)
from app.figures import share

if TYPE_CHECKING:
    from pathlib import Path

    from pricing.card_model import Card
    from pricing.claims import Claim
    from warehouse.connection import Reader
    from warehouse.eval_runs import EvalRun
    from warehouse.outcomes import Outcome

LABEL = (
    "Claims, not measurements: somebody's word. Nothing is priced, forecast or budgeted from one. Servers of one's own "
    "are sized from speeds that a third party measured, and say so; never from a vendor's."
)
DEMO = "the measurement has demo calls in it, which are made up"
PER_TASK = re.compile(r"([A-Z]{3}) per task")


class Beside(NamedTuple):
    """One claim, and what there is to say of it here."""

    seller: str
    card: str
    claim: "Claim"
    verdict: Verdict
    own: Measurement | None
    comparator: Measurement | None
    """The same of the model that the claim compares with."""
    also: tuple[Measurement, ...]
    differences: tuple[Difference, ...]
    relation: str | None


class Bench(NamedTuple):
    """Where claims are compared: the traffic, its outcomes, and on whose word two set-ups count as one."""

    reader: "Reader"
    outcomes: "dict[str, Outcome]"
    is_demo: bool
    same_setup: str | None
    runs: "Sequence[EvalRun]" = ()
    """Runs of evaluations that were loaded."""


def all_claims(root: "Path") -> "list[tuple[Card, Claim]]":
    """Every claim of every card, by model."""
    from warehouse.folder import Folder
    from warehouse.rates import read_cards

    every = [(card, claim) for card in read_cards(Folder(root)).all for claim in card.claims]
    return sorted(every, key=lambda pair: (pair[1].model, pair[0].seller))


def unmeasured(claims: "list[tuple[Card, Claim]]") -> list[Beside]:
    """The claims where nothing was loaded yet."""
    nothing = Verdict("unverified", "nothing here measures it")
    return [Beside(card.seller, card.file, claim, nothing, None, None, (), (), None) for card, claim in claims]


def beside(bench: Bench, claims: "list[tuple[Card, Claim]]") -> list[Beside]:
    """Each claim with our measurement, the differences in set-up, and what can be said."""
    names = {claim.model for _, claim in claims} | {claim.comparator.model for _, claim in claims if claim.comparator}
    evidence = {name: evidence_of(bench.reader, name, bench.outcomes) for name in sorted(names)}
    return [_compared(bench, card, claim, evidence) for card, claim in claims]


def _compared(bench: Bench, card: "Card", claim: "Claim", evidence: dict[str, ModelEvidence]) -> Beside:
    benchmark = benchmark_of(claim)
    model = evidence[claim.model].of_kind(benchmark)
    other = evidence[claim.comparator.model].of_kind(benchmark) if claim.comparator else None
    own, comparator, also = _measure(bench, card, claim, model, other)
    differences = tuple(_differences(bench, card, claim, model, own)) if own else ()
    claimed = Claimed(float(claim.figure), float(claim.figure_to or claim.figure), claim.bound)
    verdict = judge(claimed, own and own.found, differences)
    # What calls ask for is no part of what a machine can do, and a mean no part of how far passes lie apart.
    near = relation(claimed, own.found) if own and own.of not in ("call", "full run") else None
    return Beside(card.seller, card.file, claim, verdict, own, comparator, also, differences, near)


def _measure(
    bench: Bench, card: "Card", claim: "Claim", model: ModelEvidence, other: ModelEvidence | None
) -> tuple[Measurement | None, Measurement | None, tuple[Measurement, ...]]:
    """Our figure in the claim's unit, that of its comparator, and what else is worth knowing."""
    if found := PER_TASK.fullmatch(claim.unit):
        currency = found[1]
        per_resolved = cost_per_resolved(model, currency)
        also = (per_resolved,) if per_resolved else ()
        return cost_per_task(model, currency), other and cost_per_task(other, currency), also
    if claim.unit == "%" and "spread" in claim.about:
        passes = spread_of_passes(bench.runs, claim.model)
        others = spread_of_passes(bench.runs, claim.comparator.model) if claim.comparator else []
        return next(iter(passes), None), next(iter(others), None), tuple(passes[1:])
    if claim.unit == "%":
        return _benchmark(bench, claim, model), other and _benchmark(bench, claim, other), ()
    if claim.unit.startswith("% of the comparator") and other:
        return _ratio(model, other), None, tuple(filter(None, (resolved_share(model), resolved_share(other))))
    if claim.unit == "output tokens/s":
        return throughput(bench.reader, model, card.seller), None, ()
    if claim.unit == "tokens/s":
        return speed(bench.reader, model, card.seller), None, ()
    return None, None, ()


def _benchmark(bench: Bench, claim: "Claim", model: ModelEvidence) -> Measurement | None:
    """The share solved in loaded runs of the same set, else of tasks of the logs that were resolved."""
    benchmark = benchmark_of(claim)
    return (benchmark and solved_in_runs(bench.runs, model.model, benchmark)) or resolved_share(model)


def _ratio(model: ModelEvidence, other: ModelEvidence) -> Measurement | None:
    """The share of resolved tasks by that of the comparator, in percent."""
    first, second = resolved_share(model), resolved_share(other)
    if first is None or second is None:
        return None
    shares = [[float(solved) for solved in each.resolved().values()] for each in (model, other)]
    found = ratio_of_means(shares[0], shares[1], key=f"claim ratio {model.model} {other.model}")
    percent = [None if value is None else 100 * value for value in (found.estimate, found.low, found.high)]
    scaled = Interval(percent[0], percent[1], percent[2], found.clusters, found.why)
    return first._replace(what="resolved, by the comparator's", found=scaled)


def benchmark_of(claim: "Claim") -> str | None:
    """The set of tasks that a claim is about, where it names one."""
    if claim.harness and " on " in f" {claim.harness}":
        return f" {claim.harness}".rsplit(" on ", 1)[1]
    return claim.about if claim.unit == "%" else None


def _differences(
    bench: Bench, card: "Card", claim: "Claim", model: ModelEvidence, own: Measurement
) -> list[Difference]:
    """How the two set-ups differ, the decisive differences first."""
    found = [*_decisive(bench, claim, model, own), *_said(card, claim, model, own)]
    if bench.same_setup:
        found = [each._replace(is_decisive=each.is_decisive and each.says == DEMO) for each in found]
        found.append(Difference(f"taken as one set-up on your word: {bench.same_setup}", False))
    return sorted(found, key=lambda each: not each.is_decisive)


def _decisive(bench: Bench, claim: "Claim", model: ModelEvidence, own: Measurement) -> list[Difference]:
    found = [Difference(DEMO, True)] if bench.is_demo or _is_of_demo_runs(bench, own) else []
    benchmark = benchmark_of(claim)
    if own.of == "full run":
        return [*found, Difference("how far passes lie apart depends on the tasks, and on how many there are", True)]
    if own.of != "task":
        where = claim.conditions or claim.harness or "a set-up that is not named"
        return [*found, Difference(f"claimed for {where}; a log tells nothing of the machines", True)]
    if benchmark and not model.has_kind(benchmark) and own.what != f"solved, in {benchmark}":
        found.append(Difference(f"claimed on {benchmark}, measured on tasks of your own", True))
    if claim.conditions:
        number, advised = model.tasks.number, model.tasks.advised
        met = "advisor" in claim.conditions.lower() and advised == number
        told = f"{advised:,} of {number:,} measured tasks declare an advisor" if not met else "as measured"
        known = told if "advisor" in claim.conditions.lower() else "the log does not tell whether that holds here"
        found.append(Difference(f"claimed {claim.conditions}; {known}", not met))
    return found


def _is_of_demo_runs(bench: Bench, own: Measurement) -> bool:
    return own.what.startswith("solved") and any(run.demo for run in bench.runs)


def _said(card: "Card", claim: "Claim", model: ModelEvidence, own: Measurement) -> list[Difference]:
    """What differs, or may, and speaks neither for nor against."""
    found = [f"the claim is of {claim.date}, the measurement of {own.first_at:%Y-%m-%d} to {own.last_at:%Y-%m-%d}"]
    if claim.harness:
        found.append(f"the harness is {claim.harness}")
    elif own.of == "task":
        found.append("the claim does not say on which harness")
    if own.of == "task":
        sellers, efforts = Counter[str](), Counter[str]()
        for each in model.mix:
            sellers[each.seller or "no seller"] += each.calls
            efforts[each.effort or "not told"] += each.calls
        if set(sellers) != {card.seller}:
            found.append(f"claimed at {card.seller}, measured at {_listed(sellers)} of the model's calls in tasks")
        found.append(f"effort of these calls: {_listed(efforts)}; the claim names none")
    return [Difference(says, False) for says in found]


def _listed(counts: Counter[str]) -> str:
    whole = sum(counts.values())
    return ", ".join(f"{name} {share(calls, whole)}" for name, calls in counts.most_common())
