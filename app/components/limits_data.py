"""What the section of limits asks: read once per state of the traffic and of the cards."""

from datetime import datetime
from pathlib import Path

from app.capacities import Asked, Capacity, capacity
from app.capacity_routes import Route, routes_of
from app.components.entries import present
from app.components.page import Run
from warehouse.connection import Reader
from warehouse.rate_trial import own_cards

Cards = tuple[tuple[str, int], ...]


def routes_for(run: Run) -> list[Route]:
    """Every seller's model with calls or limits."""
    return run.desk.ask(_routes, str(run.desk.root), own_cards(run.desk.root), _hour(run))


def capacity_for(run: Run, asked: Asked) -> Capacity:
    """The answer; raises UserMistake where there is none."""
    return run.desk.ask(_capacity, str(run.desk.root), asked, own_cards(run.desk.root), _hour(run))


def _hour(run: Run) -> datetime:
    """The present hour: the limits and rates in force then."""
    return present(run).replace(minute=0, second=0, microsecond=0)


def _routes(reader: Reader, root: str, cards: Cards, now: datetime) -> list[Route]:
    return routes_of(reader, Path(root), now)


def _capacity(reader: Reader, root: str, asked: Asked, cards: Cards, now: datetime) -> Capacity:
    return capacity(reader, Path(root), asked, now)
