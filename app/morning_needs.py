"""What needs a person in the morning: each one line with its figure and the place where it is put right."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from app.budget_words import chance_text
from app.components.formats import day, money, plural
from app.doctor import Finding, Patient, examine

if TYPE_CHECKING:
    from app.anomalies import Anomaly, Look
    from app.balances import Standing
    from app.books import State
    from app.budgets import Budgets, Stood
    from app.escalations import Escalations
    from app.report_due import Found

Kind = Literal["check", "budget", "prepaid", "unusual", "escalation", "report", "month", "files"]
CHECKS = (
    "watch lost", "watch failing", "dropped calls", "rejected lines", "stopped sending", "no seller", "no rate",
    "near name", "under review", "seen twice", "stale rates", "streams without usage", "answers without usage",
    "wrong region",
)  # fmt: skip
"""The checks of a check-up that say whether the figures are whole."""
AT_RISK = ("over", "likely over", "at risk")
SOON = timedelta(days=30)
"""An account that runs out within so many days is told."""
MOST_UNUSUAL = 3
PREPAID = (("section", "Prepaid"),)
MONTHS = (("section", "Month close"),)
"""Sections of the page Budgets."""


class Need(NamedTuple):
    """One thing that waits for somebody."""

    kind: Kind
    figure: str
    """How much, or of what."""
    says: str
    """What is the matter, after the figure."""
    page: str
    """Where in the app it is put right, by its address."""
    params: tuple[tuple[str, str], ...] = ()
    """What of that page to open."""


def needs_of_checks(patient: Patient) -> list[Need]:
    """What a check-up says of the figures themselves."""
    found = [finding for finding in examine(patient, CHECKS) if finding.needs_person]
    return [_of_finding(finding) for finding in found]


def _of_finding(finding: Finding) -> Need:
    """The finding's first words: the rest stands on the page."""
    first = finding.says.partition(": ")[0].partition("; ")[0]
    number, _, rest = first.partition(" ")
    noun, _, says = rest.partition(" ")
    figure, says = (f"{number} {noun}", says) if number[:1].isdigit() else (finding.check.capitalize(), first)
    return Need("check", figure, says, finding.page or "checkup")


def needs_of_budgets(found: "Budgets") -> list[Need]:
    """Budgets that are over, or may well be."""
    return [_of_budget(each) for each in found.stood if each.standing.state in AT_RISK]


def _of_budget(each: "Stood") -> Need:
    place = each.standing
    most = place.projected.median if place.projected and place.state != "over" else place.spent
    word = "projected" if place.projected and place.state != "over" else "spent"
    code = place.budget.currency
    says = f"is {place.state}: {money(most, code)} {word} of {money(place.amount, code)}"
    # Half of what may come is above what is projected: a budget is at risk below its amount, too.
    if word == "projected" and place.probability is not None:
        says += f", {chance_text(place.probability)} chance to exceed it"
    return Need("budget", f"Budget {place.budget.name}", says, "budgets", (("budget", str(each.entry.number)),))


def needs_of_prepaid(found: "Iterable[Standing]") -> list[Need]:
    """Accounts whose credit ends soon, or has."""
    return [need for each in found if (need := _of_account(each))]


def _of_account(found: "Standing") -> Need | None:
    code, past, ahead = found.account.currency, found.past, found.ahead
    if past and past.left < 0:
        says = f"is {money(-past.left, code)} below zero"
    elif past and ahead and ahead.middle and ahead.middle <= found.today + SOON:
        when = "has probably run out by now" if found.is_over else f"runs out about {day(ahead.middle)}"
        says = f"{when}: {money(past.left, code)} left"
    else:
        return None
    return Need("prepaid", f"Account {found.account.name}", says, "budgets", PREPAID)


def needs_of_days(found: "Look") -> list[Need]:
    """What was unusual of late, the largest first."""
    needs = [_of_anomaly(each) for each in found.anomalies[:MOST_UNUSUAL]]
    rest = len(found.anomalies) - MOST_UNUSUAL
    more = Need("unusual", plural(rest, "more"), "unusual: `tollbook anomalies`", "overview")
    return [*needs, more._replace(figure=f"{rest:,} more")] if rest > 0 else needs


def _of_anomaly(found: "Anomaly") -> Need:
    (kind, name), code, episode = found.watched.group, found.watched.currency, found.episode
    params = () if kind == "all" else ((kind, name),)
    subject = "All traffic" if kind == "all" else f"{kind.capitalize()} {name}"
    expected = money(found.expected, code)
    if episode.found.rule == "stop":
        says = f"cost nothing on {day(episode.day)}, {expected} on a mean day"
    else:
        when = f"on {day(episode.day)}" if episode.found.rule == "day" else f"in the 7 days to {day(episode.day)}"
        says = f"cost {money(found.actual, code)} {when}, {expected} expected"
    return Need("unusual", subject, says, "overview", (("period", "Last 30 days"), *params))


def needs_of_escalations(found: "Escalations") -> list[Need]:
    """Calls that book-keeping finds to have been escalated without a word."""
    calls = sum(each.calls for each in found.suspected)
    if not calls:
        return []
    least: dict[str, int] = {}
    for each in found.suspected:
        if each.currency and each.unpriced < each.calls:
            least[each.currency] = least.get(each.currency, 0) + each.at_least
    amount = " and ".join(money(pico, code) for code, pico in sorted(least.items()))
    says = f"billed and never shown: at least {amount}" if amount else "billed and never shown, at unknown cost"
    return [Need("escalation", plural(calls, "call"), says, "tasks", (("section", "Escalation"),))]


def needs_of_reports(found: "Found") -> list[Need]:
    """Reports that are due, or wait for data."""
    periods = [(each.plan.name, each.period.name) for each in found.due]
    return [Need("report", f"Report {name}", f"of {period} is due", "reports") for name, period in periods]


def needs_of_books(state: "State") -> list[Need]:
    """The last month that is over and not closed, and closed ones that are no longer as they were, or known better."""
    from app.books import late_months
    from planning.close import in_force, name_of, what_is_missing, why_not_next
    from reports.closed_words import later_text

    closed = in_force(state.closings)
    over = [
        each.month
        for each in state.books
        if each.closing is None
        and what_is_missing(each.month, state.today, state.through) is None
        and (not closed or why_not_next(closed, each.month) is None)
    ]
    broken = [each.month for each in closed if each.closing_id in state.changed]
    return [
        *(Need("month", name_of(month), "is not as it was closed", "budgets", MONTHS) for month in broken),
        *(
            Need("month", name_of(month), f"is closed, and more became known: {later_text(lines)}", "budgets", MONTHS)
            for month, lines in late_months(state).items()
        ),
        # Before the first closing every month is open: the last one is what matters now.
        *(Need("month", name_of(month), "is over and not closed", "budgets", MONTHS) for month in over[-1:]),
    ]
