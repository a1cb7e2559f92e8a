"""What the command and the page say of a reconciliation, in the same words."""

from analysis.bill_overlaps import overlaps
from analysis.bill_reasons import Finding
from analysis.reconcile import Bill
from app.figures import things
from app.reconciling import Found, Side
from warehouse.bills import Call

STATES = {
    "matched": "matched",
    "different": "different",
    "ours_only": "ours only",
    "theirs_only": "theirs only",
    "pending": "too fresh",
    "tax": "tax",
    "credit": "credit",
    "usage": "credit",
    "fee": "fee",
    "byok": "own key",
}
"""A finding's state, or the kind of lines that are kept apart."""
REPORTED = {
    "matched": "matched",
    "different": "different",
    "ours_only": "ours only: the log reports no cost",
    "theirs_only": "theirs only: calls without a price",
    "other_currency": "reported in another currency",
    "own_key": "own upstream key: another seller bills them",
    "free": "free: no cost is due and none reported",
    "unknown": "neither cost is known",
}
"""How the two costs of calls stand to one another."""
AGAINST = {"invoices": "Invoices", "buckets": "Sellers' own reports of costs"}
OPEN = ("different", "ours_only", "theirs_only")
"""States that somebody has to look into."""


def title_of(side: Side, bill: Bill) -> str:
    """Which bill it is: whose, in which currency, about which days."""
    days = f"{bill.first} to {bill.last}" if bill.first != bill.last else f"{bill.first}"
    return f"{AGAINST[side.against]}: {bill.seller}, {bill.currency}, {days} ({side.zone})"


def about_of(found: Finding) -> str:
    """What a finding is about: a model, a key, or all of the bill."""
    return ", ".join(filter(None, (found.model, found.key and f"key {found.key}"))) or "all"


def bills_of(found: Finding) -> list[str]:
    """The invoices whose lines are compared there; empty where no line names it."""
    return list(dict.fromkeys(line.ref for cell in found.cells for line in cell.lines))


def has_more_bills(bill: Bill) -> bool:
    """Whether its lines are of more than one invoice."""
    return len({line.ref for line in (*(line for cell in bill.cells for line in cell.lines), *bill.apart)}) > 1


def twice_lines(bill: Bill) -> list[str]:
    """Which two invoices are about the same days, so that calls on them may be billed twice."""
    found = overlaps(line for cell in bill.cells for line in cell.lines)
    return [
        f"Two invoices cover {each.first}{f' to {each.last}' if each.last != each.first else ''}: "
        f"{each.refs[0]} and {each.refs[1]}. Where one takes the other's place, remove that one."
        for each in found
    ]


def days_of(found: Finding) -> str:
    """Its days: one, or from one to another and how many."""
    if found.first == found.last:
        return str(found.first)
    whole = (found.last - found.first).days + 1
    number = "" if found.days in (1, whole) else f" ({found.days} days)"
    return f"{found.first} to {found.last}{number}"


def why_of(found: Finding) -> str:
    """Its reason, and what the log says of doubtful calls there."""
    return f"{found.why}; {found.aside}" if found.aside else found.why


def matched_line(found: Found) -> str:
    """How many comparisons agree."""
    lined = [cell for cell in found.bill.cells if cell.lines or cell.ours]
    matched = sum(cell.state == "matched" for cell in lined)
    return f"{matched:,} of {len(lined):,} comparisons match, each to within the digit that the bill rounds to."


def left_out(side: Side) -> str:
    """Which lines were compared with nothing because they are about more than what was asked for."""
    if not side.narrowed:
        return ""
    sellers = ", ".join(dict.fromkeys(side.narrowed))
    return f"{things(len(side.narrowed), 'line')} left out, of {sellers}: about more than the models or keys asked for."


def has_open(side: Side) -> bool:
    """Whether a difference is there that somebody has to look into."""
    return any(finding.state in OPEN for found in side.found for finding in found.findings)


def known_of(each: Call) -> str:
    """What a call has that may be why: its price, usage, status, retries."""
    told = [
        each.unpriced_reason,
        None if each.usage_status == "reported" or each.unpriced_reason else f"usage {each.usage_status}",
        f"status {each.http_status}" if each.http_status and each.http_status >= 400 else None,
        f"tried again {each.retries:,} times" if each.retries else None,
        f"the rate of {each.rate_model} at {each.rate_seller} from {each.rate_from:%Y-%m-%d}"
        if each.rate_from
        else None,
    ]
    return ", ".join(filter(None, told)) or "–"


def rate_of(each: Call) -> str | None:
    """The other rate at which a call would cost just what is reported."""
    if each.rate_from is None:
        return None
    return f"reported at the rate of {each.rate_model} at {each.rate_seller} from {each.rate_from:%Y-%m-%d}"
