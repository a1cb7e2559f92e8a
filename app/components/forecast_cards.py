"""A period at a glance: where it ends, what is spent, and the plain figures beside the forecast."""

from app.components.cards import Card, show_cards
from app.components.forecast_data import Page
from app.components.formats import MINUS, money, plural
from planning.glance import Glance, before_of

SURE = 0.995


def show_forecast_cards(page: Page, glance: Glance) -> None:
    """Projected, spent, run-rate, the period before."""
    show_cards([_projected(page, glance), _spent(page, glance), _run_rate(page, glance), _before(page, glance)])


def _projected(page: Page, glance: Glance) -> Card:
    code = glance.currency
    band = f"projected, 80%: {money(glance.low, code)} to {money(glance.high, code)}"
    return Card(
        page.period.name,
        (money(glance.middle, code),),
        band if glance.is_forecast else "no forecast: as in its last days",
        "The middle: half of what may come ends below it. One time in ten it ends below the band, one in ten above.",
    )


def _spent(page: Page, glance: Glance) -> Card:
    period = page.period
    if page.begun < period.first:
        note = f"begins {period.first}"
    else:
        whole = (page.begun - period.first).days
        note = f"{whole} of {plural(period.days, 'day')}, and the one in progress"
    return Card("Spent so far", (money(glance.spent, glance.currency),), note, "As priced, at the dated rates.")


def _run_rate(page: Page, glance: Glance) -> Card:
    text = "–" if glance.run_rate is None else money(glance.run_rate, glance.currency)
    note = "no whole day yet" if glance.run_rate is None else _against(glance.run_rate, glance.middle, "projected")
    about = "What everybody reckons: the mean of the whole days so far, for every day of the period."
    return Card("Run-rate", (text,), note, about)


def _before(page: Page, glance: Glance) -> Card:
    before = before_of(page.period)
    about = "As priced. The chance is the share of the sample paths on which this period costs more."
    if glance.before is None:
        return Card(before.name, ("–",), "no data of it", about)
    if not glance.before_is_whole:
        note = "so far, it is not over" if before.last >= page.begun else "not all of it is in the data"
        return Card(before.name, (money(glance.before, glance.currency),), note, about)
    return Card(before.name, (money(glance.before, glance.currency),), _chance(glance.above_before), about)


def _chance(share: float | None) -> str:
    if share is None:
        return "as priced"
    if share > SURE or share < 1 - SURE:
        return f"{_in_words(share)} exceeded"
    return f"{100 * share:.0f}% chance to exceed it"


def _in_words(share: float) -> str:
    """A chance near 0 or 1: no share of paths is certain."""
    return "almost surely" if share > SURE else "almost surely not"


def _against(pico: int, other: int, name: str) -> str:
    if not other:
        return f"beside what is {name}"
    change = round(100 * (pico - other) / other)
    sign = "+" if change > 0 else MINUS if change < 0 else "±"
    return f"{sign}{abs(change)}% against {name}"
