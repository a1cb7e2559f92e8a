"""Checks of how models are called: effort that changes nothing, failures, answers without a limit, cut, or empty."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.doctor import Check, Finding, Patient, counted, some
from app.figures import UNKNOWN, count, money, share, things

if TYPE_CHECKING:
    from app.habits import Discipline


def failures(patient: Patient) -> Iterator[Finding]:
    """Attempts that failed, whatever the reason."""
    from app.failing import failures_of

    found = failures_of(patient.reader, patient.scope)
    for total in found.by([]):
        kinds = some(counted((str(row.group[0]), row.failures) for row in found.by(["category"])))
        yield Finding(
            "failures",
            f"{count(total.failures)} of {things(found.attempts, 'attempt')} failed: {kinds}; "
            f"charged {_amounts(total.costs, total.unpriced)}",
            "`tollbook failures` says where, what they cost and what they delayed",
            needs_person=False,
            calls=total.failures,
            costs=total.costs,
            unpriced=total.unpriced,
            page="reconciliation",
        )
    if found.retries_unseen:
        yield Finding(
            "retries not logged",
            f"{things(found.calls_retried_unseen, 'call')} had {things(found.retries_unseen, 'attempt')} that the log "
            "counts and does not hold: their cost is unknown",
            "have the gateway log every attempt",
            needs_person=False,
            calls=found.calls_retried_unseen,
            page="reconciliation",
        )


def output(patient: Patient) -> Iterator[Finding]:
    """Answers without a limit, cut by length, paid and empty."""
    from analysis.discipline import CUT, EMPTY, NO_LIMIT
    from app.habits import discipline_of

    fixes = {
        NO_LIMIT: "set max_tokens somewhat above the model's P99, which the page Tasks shows under Output",
        CUT: "raise max_tokens, or ask for less at once: a cut answer is paid whole",
        EMPTY: "raise max_tokens or lower the effort: thinking takes from the same limit",
    }
    says = {NO_LIMIT: "without max_tokens", CUT: "cut by their limit", EMPTY: "empty and not known to be free"}
    found = discipline_of(patient.reader, patient.scope)
    for habit in found.habits:
        if habit.calls and habit.name in fixes:
            yield Finding(
                habit.name,
                f"{count(habit.calls)} of {things(habit.of, 'answer')} ({_share(habit.calls, habit.of)}) "
                f"{says[habit.name]}: {_amounts(habit.costs, habit.unpriced)}",
                fixes[habit.name],
                needs_person=False,
                calls=habit.calls,
                costs=habit.costs,
                unpriced=habit.unpriced,
                page="tasks",
            )

    yield from _long(found)


def _long(found: "Discipline") -> Iterator[Finding]:
    """The longest answers of models of which no limit is known: what a limit would bound."""
    from analysis.discipline import LONGEST

    free = [of for of in found.lengths if of.greatest_limit is None and of.p99 is not None]
    habits = [habit for of in free for habit in found.by_model[of.seller, of.model] if habit.name == LONGEST]
    if habits:
        costs: dict[str, int] = {}
        for habit in habits:
            costs = {name: costs.get(name, 0) + habit.costs.get(name, 0) for name in {**costs, **habit.costs}}
        calls, unpriced = sum(habit.calls for habit in habits), sum(habit.unpriced for habit in habits)
        named = some(counted((f"{of.model or 'no model'} at {of.seller or 'no seller'}", of.p99 or 0) for of in free))
        yield Finding(
            "longest answers",
            f"{things(calls, 'answer')} at P99 or longer where no limit is known: {_amounts(costs, unpriced)}; "
            f"P99 in tokens: {named}",
            "a max_tokens somewhat above the P99 bounds what one answer can cost",
            needs_person=False,
            calls=calls,
            costs=costs,
            unpriced=unpriced,
            page="tasks",
        )


def _share(part: int, whole: int) -> str:
    text = share(part, whole)
    return "<0.1%" if text == "0.0%" else text


def effort_ignored(patient: Patient) -> Iterator[Finding]:
    """Tiers of effort between which nothing differs, where the data could have shown a difference."""
    from app.efforts import Material, ignored_tiers, read_tasks
    from warehouse.effort_tasks import has_tiers
    from warehouse.outcomes import outcomes_beside

    tasks = read_tasks(patient.reader, patient.scope) if has_tiers(patient.reader, patient.scope) else []
    if not tasks and not patient.known.runs:
        return
    outcomes = outcomes_beside(patient.reader, list(patient.known.entered))
    for pair in ignored_tiers(Material(tasks, outcomes, patient.known.runs), patient.root, patient.now):
        judged = pair.output
        if judged and pair.first.effort and pair.second.effort:
            ratio = judged.ratio
            within = f", 95%: {ratio.low:.2f} to {ratio.high:.2f}" if ratio.low and ratio.high else ""
            yield Finding(
                "effort ignored",
                f"{pair.second.name} writes {ratio.estimate or 0:.2f} times what {pair.first.effort} writes{within}: "
                f"the tiers make no difference, over {things(ratio.tasks, 'task')}",
                "look at the model string: a wrong name or an alias ignores the tier; `tollbook effort` shows both",
                needs_person=True,
                page="effort",
            )


def _amounts(costs: dict[str, int], unpriced: int) -> str:
    known = " + ".join(money(cost, currency) for currency, cost in costs.items())
    if not known:
        return f"{UNKNOWN} of {count(unpriced)}" if unpriced else "nothing"
    return known + (f", and {UNKNOWN} of {count(unpriced)}" if unpriced else "")


HABITS = (
    Check(("effort ignored",), effort_ignored),
    Check(("failures", "retries not logged"), failures),
    Check(("no max_tokens", "cut by length", "paid, empty", "longest answers"), output),
)
