"""A month charged back to its teams: what the command and what runs by itself share."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.books import State, read_calls, state_of
from app.session import UserMistake

if TYPE_CHECKING:
    from analysis.allocation import Rule
    from reports.chargeback import Standing
    from reports.document import Document
    from reports.statements import Chargeback
    from warehouse.locks import Tell

LEDGER = "csv"
FORMATS = ("pdf", "xlsx", "html", LEDGER)


class Charged(NamedTuple):
    """A month's chargeback, and what has to be known beside it."""

    found: "Chargeback"
    standing: "Standing"
    made_at: datetime

    def document(self, team: str | None) -> "Document":
        """The document of all teams, or of one; raises ReportError."""
        from reports.chargeback import build

        return build(self.found, self.standing, self.made_at, team=team)


class Wanted(NamedTuple):
    """What is to be charged back."""

    month: date | None
    """None: the last whole month with something in it."""
    rule: "Rule | None"
    """None: as the settings say, else in proportion to cost."""
    target: str | None
    """The currency to convert to; None: none."""


def charge_month(root: Path, now: datetime, wanted: Wanted, *, now_given: bool, tell: "Tell") -> Charged:
    """Read the books and divide a month; raises UserMistake, ReportError, WarehouseError."""
    from reports.chargeback import Standing
    from reports.statements import Exchange, charge_back
    from warehouse.charges import list_charges
    from warehouse.connection import open_reader
    from warehouse.demo import demo_state
    from warehouse.fx import read_rates
    from warehouse.month_close import list_closings
    from warehouse.recurring import billing_day
    from warehouse.traffic import zone_of

    with open_reader(root, tell=tell) as reader:
        demo = demo_state(reader)
        present = now if now_given else demo.now or now
        today = billing_day(present, zone_of(reader))
        calls = read_calls(reader, today)
    state = state_of(calls, list_charges(root, tell=tell), list_closings(root, tell=tell), today)
    month = wanted.month or last_month(state)
    exchange = None
    if wanted.target:
        currencies = {wanted.target, *currencies_of(state)}
        exchange = Exchange(wanted.target, read_rates(root, currencies, tell=tell), today)
    rule = wanted.rule or rule_of_settings(root)
    found = charge_back(state.books, month, rule, exchange=exchange)
    closing = found.books.closing
    changed = closing is not None and closing.closing_id in state.changed
    standing = Standing(state.zone, today, state.through, changed, month in state.deleted, bool(demo.demo_files))
    return Charged(found, standing, present)


def last_month(state: State) -> date:
    """The last whole month with something in it, else the newest; raises UserMistake where there is none."""
    this = state.today.replace(day=1)
    months = [each.month for each in state.books if each.own or each.adjustments]
    if not months:
        raise UserMistake("no month has a call or a charge: there is nothing to charge back")
    return max((month for month in months if month < this), default=months[-1])


def currencies_of(state: State) -> Iterable[str]:
    """Every currency that a line of the books is in."""
    for each in state.books:
        for lines in (each.own, *each.adjustments.values()):
            yield from (key.currency for key in lines if key.currency)


def rule_of_settings(root: Path) -> "Rule":
    """The rule that ``tollbook.toml`` names, else in proportion to cost; raises UserMistake."""
    from app.allocation_rule import DEFAULT, rule_of
    from warehouse.folder import Folder

    folder = Folder(root)
    said = folder.settings().chargeback_rule if folder.settings_file.exists() else None
    return rule_of(said or DEFAULT, root, option=f"{folder.settings_file}: chargeback_rule")


def files_of(charged: Charged, team: str | None, stem: str, forms: Sequence[str]) -> dict[str, bytes]:
    """The files of some formats by name; raises ReportError."""
    from reports.formats import render_files
    from reports.ledger import ledger

    document = charged.document(team)
    found: dict[str, bytes] = {}
    for form in forms:
        if form == LEDGER:
            found[f"{stem}.{form}"] = ledger(charged.found, team)
        else:
            found |= render_files(document, stem, [form])
    return found
