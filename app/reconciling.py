"""Bills beside calls, for the command and the page: what is read, compared and found is the same in both."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from analysis.bill_names import names_on_bill
from analysis.bill_reasons import Finding, Hours, findings
from analysis.coverage import Group, Headline, headline
from analysis.reconcile import NOBODY, Allowed, Answered, Bill, BillLine, Hints, Ours, reconcile
from warehouse.bills import About, Bucket, CallDay, read_answered, read_buckets, read_days, read_hours
from warehouse.connection import Reader
from warehouse.coverage import read_known
from warehouse.invoices import Invoice
from warehouse.scope import Scope

MONTH = timedelta(days=31)


class Asked(NamedTuple):
    """Which bills and calls are compared, and how strictly."""

    since: date | None = None
    until: date | None = None
    sellers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    allowed: Allowed = Allowed()
    zone: str = "UTC"
    """In which the days of invoices begin and end; those of sellers' own reports are UTC."""


class Found(NamedTuple):
    """One bill and what was found of it."""

    bill: Bill
    findings: tuple[Finding, ...]


class Side(NamedTuple):
    """All bills of one kind beside the calls."""

    against: str
    """``invoices`` or ``buckets``."""
    zone: str
    found: tuple[Found, ...]
    unbilled: tuple[Ours, ...]
    """Calls that none of the bills is about."""
    own_keys: tuple[CallDay, ...]
    """Calls with an own upstream key: another seller bills them."""
    names: tuple[tuple[str, str, str], ...]
    """Of a seller, what the calls call a model, and what its bill calls it."""
    narrowed: tuple[str, ...]
    """The seller of each line that was left out because it is about more than the models or keys asked for."""
    first: date
    last: date
    """The days that the bills and the period asked for are about."""


def against_invoices(reader: Reader, invoices: Sequence[Invoice], asked: Asked, today: date) -> Side | None:
    """Invoices beside the calls; None where there is none."""
    return _side(reader, "invoices", [line_of_invoice(each) for each in invoices], asked, today)


def against_buckets(reader: Reader, asked: Asked, today: date) -> Side | None:
    """Sellers' own reports of costs beside the calls; None where none was loaded."""
    lines = [_line_of_bucket(each) for each in read_buckets(reader, asked.since, asked.until)]
    answered = read_answered(reader, asked.since, asked.until)
    answered = {seller: days for seller, days in answered.items() if not asked.sellers or seller in asked.sellers}
    return _side(reader, "buckets", lines, asked._replace(zone="UTC"), today, answered)


def about_calls(side: Side, bill: Bill, found: Finding) -> About:
    """Which calls are behind a finding: those of its comparisons, by the names that the log gives them."""
    days = [each for cell in found.cells for each in cell.days]
    ours: dict[str, set[str]] = {}
    for seller, mine, theirs in side.names:
        if seller == bill.seller:
            ours.setdefault(theirs, set()).add(mine)
    named = {each.model or "" for each in days}
    models = named | {mine for name in named for mine in ours.get(name, ())}
    keys = {each.key for each in days}
    wanted = None if keys <= {None} else tuple(sorted(key or "" for key in keys))
    return About(bill.seller, bill.currency, tuple(sorted({each.day for each in days})), tuple(sorted(models)), wanted)


def confirmed_by(sides: Iterable[Side], scope: Scope) -> int:
    """Attempts of a period that a line of a bill is about, without those whose log says what was billed.

    An invoice and a seller's own report are about the same calls: of a seller and day, only the larger number counts.
    Where their days begin at other hours, only the larger number of all days.
    """
    known = list(sides)
    is_by_day = len({side.zone for side in known}) == 1
    most: dict[tuple[str | None, date | None], int] = {}
    for side in known:
        counts = Counter[tuple[str | None, date | None]]()
        # Calls without a price stand on the bills of all their seller's currencies.
        for each in {day for found in side.found for cell in found.bill.cells if cell.lines for day in cell.days}:
            if (scope.since is None or each.day >= scope.since) and (scope.until is None or each.day <= scope.until):
                counts[each.seller, each.day if is_by_day else None] += each.calls - each.hints.confirmed
        for name, calls in counts.items():
            most[name] = max(most.get(name, 0), calls)
    return sum(most.values())


def coverage(reader: Reader, scope: Scope, confirmed: int = 0) -> Headline:
    """Attempts, with usage, priced, billed, unknown, and the money at risk.

    ``confirmed``: attempts that bills are about, beside those whose log says what was billed.
    """
    known = read_known(reader, scope)
    groups = [Group(*row) for row in known.groups]
    billed = confirmed + sum(group.confirmed for group in groups)
    return headline(groups, known.ceilings, known.ranges, min(billed, sum(group.calls for group in groups)))


def _side(  # noqa: PLR0913 - what is compared, and how
    reader: Reader, against: str, lines: Sequence[BillLine], asked: Asked, today: date, answered: Answered = NOBODY
) -> Side | None:
    within = [line for line in lines if _is_within(line, asked)]
    asked_for = [day for days in answered.values() for day in days]
    if not within and not asked_for:
        return None
    first = min([line.first for line in within] + asked_for + ([asked.since] if asked.since else []))
    last = max([line.last for line in within] + asked_for + ([asked.until] if asked.until else []))
    by_key = any(line.key for line in within) or bool(asked.keys)
    days = read_days(reader, (first.replace(day=1), last + MONTH), zone=asked.zone, by_key=by_key)
    names = _names(days, within)
    on_bills = {(seller, theirs) for (seller, ours), theirs in names.items() if ours in asked.models}
    kept = [line for line in within if _is_kept(line, on_bills, asked)]
    beside = [line for line in lines if not (_is_within(line, asked) and _is_kept(line, on_bills, asked))]
    of_calls = [_ours(each, names) for each in days if not each.own_key and _is_of(each, names, on_bills, asked)]
    period = (asked.since, asked.until)
    done = reconcile(of_calls, kept, asked.allowed, period=period, today=today, beside=beside, answered=answered)
    if not within and not done.bills:
        return None
    first, last = asked.since or first, asked.until or last
    narrowed = tuple(line.seller for line in within if _is_about_more(line, asked))
    own = [each for each in days if each.own_key and _is_of(each, names, on_bills, asked)]
    return Side(
        against,
        asked.zone,
        tuple(Found(bill, tuple(findings(bill, _hours(reader, bill, names, by_key)))) for bill in done.bills),
        _unbilled(done.unbilled, first, last),
        tuple(each for each in own if first <= each.day <= last),
        tuple(sorted((seller, ours, theirs) for (seller, ours), theirs in names.items())),
        narrowed,
        first,
        last,
    )


Names = dict[tuple[str, str], str]
"""Of a seller and our name of a model, the bill's name."""


def _names(days: Iterable[CallDay], lines: Iterable[BillLine]) -> Names:
    ours: dict[str, set[str]] = {}
    theirs: dict[str, set[str]] = {}
    for day in days:
        if day.seller and day.model:
            ours.setdefault(day.seller, set()).add(day.model)
    for line in lines:
        if line.model:
            theirs.setdefault(line.seller, set()).add(line.model)
    return {
        (seller, mine): named
        for seller, names in theirs.items()
        for mine, named in names_on_bill(ours.get(seller, ()), names).items()
    }


def _hours(reader: Reader, bill: Bill, names: Names, by_key: bool) -> Hours | None:
    """What calls cost by the hour, where it may tell why days differ."""
    odd = [cell for cell in bill.cells if cell.state == "different" and cell.about.first == cell.about.last]
    if not odd:
        return None
    days = (bill.first, bill.last)
    found: dict[tuple[str | None, str | None], list[tuple[datetime, int]]] = {}
    for (model, key), spent in read_hours(reader, bill.seller, bill.currency, days, by_key=by_key).items():
        found.setdefault((names.get((bill.seller, model or ""), model), key), []).extend(spent)
    return found


def _ours(day: CallDay, names: Names) -> Ours:
    model = names.get((day.seller or "", day.model or ""), day.model)
    return Ours(day.day, day.seller, model, day.key, day.currency, day.calls, day.pico, Hints(*day[8:]))


def line_of_invoice(each: Invoice) -> BillLine:
    """A line that was entered, as a line of a bill; without a number it is known by its file, or its own number."""
    about = (each.model, each.key, each.first, each.last, each.currency, each.pico)
    return BillLine(each.number or each.source or f"line {each.invoice_id}", each.seller, *about, each.kind, each.label)


def _line_of_bucket(each: Bucket) -> BillLine:
    kind = "fee" if each.is_other else "usage" if each.pico >= 0 else "credit"
    about = (each.model, each.key, each.day, each.day, each.currency, each.pico)
    return BillLine(each.source, each.seller, *about, kind, "about no model" if each.is_other else None)


def _is_within(line: BillLine, asked: Asked) -> bool:
    if asked.sellers and line.seller not in asked.sellers:
        return False
    return (asked.since is None or line.last >= asked.since) and (asked.until is None or line.first <= asked.until)


OnBills = set[tuple[str, str]]
"""Of sellers, what their bills call the models that were asked for, where that is another name."""


def _is_kept(line: BillLine, on_bills: OnBills, asked: Asked) -> bool:
    is_of_model = not asked.models or line.model in asked.models or (line.seller, line.model) in on_bills
    return is_of_model and (not asked.keys or line.key in asked.keys)


def _is_about_more(line: BillLine, asked: Asked) -> bool:
    """A line about all models says nothing of one of them."""
    return line.kind == "usage" and bool((asked.models and not line.model) or (asked.keys and not line.key))


def _is_of(day: CallDay, names: Names, on_bills: OnBills, asked: Asked) -> bool:
    """Whether a day's calls were asked for: by their own model's name, or by what its bill calls it and others."""
    model = names.get((day.seller or "", day.model or ""), day.model)
    return (
        (not asked.sellers or day.seller in asked.sellers)
        and (not asked.models or bool({day.model, model} & {*asked.models}) or (day.seller, model) in on_bills)
        and (not asked.keys or day.key in asked.keys)
    )


def _unbilled(calls: Iterable[Ours], first: date, last: date) -> tuple[Ours, ...]:
    """Calls that cost something, on the days of the bills, and that none of them is about; by seller and model."""
    sums: dict[tuple[str | None, str | None, str | None], Ours] = {}
    for each in calls:
        if first <= each.day <= last and (each.pico or each.hints.unpriced):
            name = (each.seller, each.model, each.currency)
            was = sums.get(name)
            sums[name] = (
                each._replace(key=None)
                if was is None
                else was._replace(
                    calls=was.calls + each.calls, pico=was.pico + each.pico, hints=was.hints.plus(each.hints)
                )
            )
    return tuple(sorted(sums.values(), key=lambda each: (each.currency or "~", -each.pico)))
