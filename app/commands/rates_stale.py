"""``tollbook rates stale``: rates whose source nobody has looked at for too long; for a person and for cron."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.rate_tables import print_rates
from app.commands.rates import AsJson, Seller, all_rates, in_force
from app.figures import days_since, things
from app.session import Session, session_of

if TYPE_CHECKING:
    from pricing.rates import Rate

STALE = 1
"""Exit code where something is stale."""


def rates_stale(
    context: typer.Context,
    days: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Older than so many days. [default: stale_days of the settings]"),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Rates that have priced nothing here, too.")] = False,
    seller: Seller = None,
    as_json: AsJson = False,
) -> None:
    """Rates in force that nobody has checked for too long; exit code 1 when there are any.

    Only those that have priced calls of this warehouse, unless --all.
    """
    from warehouse.rate_book import stale_days_of

    session = session_of(context)
    limit = stale_days_of(session.warehouse) if days is None else days
    rates = [rate for rate in in_force(all_rates(session.warehouse), session.now) if seller in (None, rate.seller)]
    if not every:
        used = _used(session)
        rates = [rate for rate in rates if rate.digest in used]
    stale = sorted((rate for rate in rates if _is_stale(rate, session, limit)), key=lambda rate: rate.checked)
    notes = [f"{things(len(stale), 'rate')} of {len(rates)} not checked for more than {things(limit, 'day')}."]
    if stale:
        notes.append("Look at the source, then write the day into the entry's `checked`; a new price is a new entry.")
    print_rates(stale, session.now, as_json, *notes)
    if stale:
        raise typer.Exit(STALE)


def _is_stale(rate: "Rate", session: Session, limit: int) -> bool:
    return days_since(rate.checked, session.now) > limit


def _used(session: Session) -> set[str]:
    """Digests of the rates that priced something; raises WarehouseMissing."""
    from warehouse.connection import open_reader
    from warehouse.rate_book import used_digests

    with open_reader(session.warehouse, tell=session.tell) as reader:
        return used_digests(reader)
