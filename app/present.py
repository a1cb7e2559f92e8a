"""The present, for commands: as given, else a demo's own, else the clock's; and the billing day that it falls on."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from app.session import Session

if TYPE_CHECKING:
    from warehouse.connection import Reader


def present_of(session: Session, reader: "Reader") -> datetime:
    """The present instant, naive UTC."""
    from warehouse.demo import demo_state

    return session.now if session.now_given else demo_state(reader).now or session.now


def today_of(session: Session, reader: "Reader") -> date:
    """The present day in the zone that the warehouse's days are in."""
    from warehouse.recurring import billing_day
    from warehouse.traffic import zone_of

    return billing_day(present_of(session, reader), zone_of(reader))


def present_without_reader(session: Session) -> datetime:
    """The same where nothing else is read; the session's own before anything was loaded."""
    from warehouse.connection import open_reader
    from warehouse.errors import WarehouseMissing

    try:
        with open_reader(session.warehouse, tell=session.tell) as reader:
            return present_of(session, reader)
    except WarehouseMissing:
        return session.now


def today_without_reader(session: Session) -> date:
    """The present day where nothing else is read; that of UTC before anything was loaded."""
    from warehouse.connection import open_reader
    from warehouse.errors import WarehouseMissing

    try:
        with open_reader(session.warehouse, tell=session.tell) as reader:
            return today_of(session, reader)
    except WarehouseMissing:
        return session.now.date()
