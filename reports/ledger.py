"""The ledger of a chargeback: a line per amount as CSV, every digit kept."""

import csv
import io
from fractions import Fraction

from pricing.money import PICO, format_pico
from reports.characters import visible
from reports.statements import Chargeback, Entry, Unknown

COLUMNS = {
    "period": "The month that is charged.",
    "about": "The month that the amount is about: an earlier one where it is an adjustment.",
    "team": "Who is charged. Empty: no team; shared cost that nobody is there to take, or calls of unknown cost.",
    "kind": "direct: the team's own calls. recurring: its own charges. shared: its share of what belongs to no team. "
    "adjustment: what became known of an earlier month. unknown: calls of unknown cost, which have no amount.",
    "rule": "By what a shared amount was divided: cost, tokens, requests, even or fixed. Empty: the team's own.",
    "share": "The team's share of the shared amount, 0 to 1, rounded to 12 decimals. Empty: the team's own.",
    "currency": "The currency of the amount.",
    "amount": "Exact, as a decimal number. Empty: unknown, which is not 0.",
    "description": "Seller and model, or the charge's name.",
    "project": "The project, where the log names one.",
    "calls": "How many calls of the team's own; of kind unknown, how many whose cost is unknown. Empty: no calls.",
    "under_review": "How many of the calls are under review.",
}
"""The ledger's columns, and what each holds."""
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula."""


def ledger(found: Chargeback, team: str | None = None) -> bytes:
    """The lines of all teams, or of one, as CSV (RFC 4180, UTF-8)."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    period = f"{found.month:%Y-%m}"
    for entry in found.entries:
        if team in (None, entry.team):
            lines.writerow([period, *_entry(entry)])
    for calls in found.unknown:
        if team in (None, calls.team):
            lines.writerow([period, *_unknown(calls)])
    return text.getvalue().encode("utf-8")


def _entry(entry: Entry) -> list[str]:
    own = entry.rule is None and entry.requests
    return [
        f"{entry.about:%Y-%m}",
        _name(entry.team),
        entry.kind,
        entry.rule or "",
        "" if entry.share is None else _decimal(entry.share),
        entry.currency,
        str(format_pico(entry.pico)),
        _name(entry.what),
        _name(entry.project),
        str(entry.requests) if own else "",
        str(entry.review) if own else "",
    ]


def _unknown(calls: Unknown) -> list[str]:
    names = (_name(calls.what), _name(calls.project))
    return [f"{calls.about:%Y-%m}", _name(calls.team), "unknown", "", "", "", "", *names, str(calls.requests), ""]


def _name(name: str | None) -> str:
    """A name as it is; with an apostrophe before it where a spreadsheet would work it out."""
    text = visible(name or "")
    return f"'{text}" if text.startswith(FORMULA) else text


def _decimal(share: Fraction) -> str:
    return str(format_pico(round(share * PICO)))
