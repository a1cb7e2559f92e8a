"""Alerts that were told: each is told once per period and threshold, or once per episode."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from warehouse.entries import Author, open_entries, read_entries
from warehouse.locks import Tell
from warehouse.sqlfiles import run

Kind = Literal["budget", "anomaly"]


class Alert(NamedTuple):
    """What makes an alert the same one."""

    kind: Kind
    subject: str
    """The budget or the scope it is about."""
    what: str
    """The threshold, or the direction."""
    period: date
    """The first day of the budget's period, or of the episode."""


def told_alerts(root: Path, *, tell: Tell) -> set[Alert]:
    """Every alert that was told."""
    return {Alert._make(row[:4]) for row in read_entries(root, "alert_sent", tell=tell)}


def keep_told(root: Path, alerts: Iterable[Alert], *, now: datetime, tell: Tell) -> None:
    """Remember alerts as told."""
    with open_entries(root, Author("alerts", now), purpose="alerts", tell=tell) as entries:
        for alert in alerts:
            run(entries.connection, "insert_alert_sent", {**alert._asdict(), "now": now})
