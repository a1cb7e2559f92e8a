"""Every rate that priced a call: what it asks, on whose word, when somebody last looked, and what it priced."""

from collections.abc import Sequence
from datetime import datetime

from pricing.rates import OPEN, PRECEDENCE
from pricing.terms_text import render_when
from reports.document import (
    Block,
    Cell,
    Column,
    Link,
    Money,
    Section,
    Table,
    UnitRate,
    count_column,
    money_column,
    text_column,
)
from reports.past import Past
from reports.sections.cells import things
from warehouse.used_rates import UNITS, UsedRate

TITLE = "Rates"
CARDS = {precedence: name for name, precedence in PRECEDENCE.items()}
NUMBER = text_column("No.", "The number of the rate in this report.")
METER_NAMES = {
    "input": "input",
    "cache_read": "read from the cache",
    "cache_write_5m": "written to the cache for 5 minutes",
    "cache_write_1h": "written to the cache for 1 hour",
    "cache_write": "written to the cache",
    "output": "output",
    "input_image": "input, images",
    "input_audio": "input, audio",
    "input_video": "input, video",
    "output_audio": "output, audio",
    "output_image": "output, images",
    "web_search": "web searches",
    "request": "requests",
}
USED_COLUMNS = (
    NUMBER,
    text_column("Seller", "Who bills."),
    text_column("Model", "The model string that the card prices."),
    text_column("Applies to", "Which calls of the model it prices: size, hours, service tier, region, contract."),
    Column("From", "day", "The first day on which it holds (UTC)."),
    Column("Until", "day", "The day on which it ends (UTC); a dash: no end is known."),
    count_column("Calls", "Calls of the period that it priced."),
    count_column("Tokens", "Their tokens."),
    money_column("Cost", "What they cost at this rate."),
)
FIGURE_COLUMNS = (
    NUMBER,
    text_column("Meter", "The class of tokens or units that is charged for."),
    Column("Rate", "rate", "What is asked: per 1,000,000 tokens, or per unit. A dash: the card asks nothing for it."),
    count_column("Quantity", "What the calls of the period used of it."),
    money_column("Cost", "Quantity times rate, exactly."),
)
WORD_COLUMNS = (
    NUMBER,
    text_column("Confidence", "On whose word it is: official, contract, article, or a registry of prices."),
    Column("Checked", "day", "The day on which somebody last looked at the source."),
    count_column("Age in days", "Days from then to the making of this report."),
    text_column("State", "Stale: in force, and nobody has looked at the source for longer than the settings allow."),
    text_column("Card", "Whose card says so: one's own or contract, shipped with Tollbook, or from a registry."),
    Column("Source", "link", "Where it stands."),
    text_column("Note", "What the card says of it besides."),
)


def rates_section(past: Past) -> Section:
    """The rates, their figures and their evidence."""
    used, days = past.grounds.used.rates, past.grounds.stale_days
    if not used:
        return Section("rates", TITLE, "No rate priced a call in this period.", ())
    stale = frozenset(place for place, each in enumerate(used) if is_stale(each, past.now, days))
    blocks: list[Block] = [
        Table("rates", "What they priced", USED_COLUMNS, _numbered(used), _totals(used), marked=stale),
        Table("rate_figures", "What they ask", FIGURE_COLUMNS, _figures(used), _figure_totals(used)),
        Table(
            "rate_sources",
            "On whose word",
            WORD_COLUMNS,
            tuple((_name(place), *_word(each, past)) for place, each in enumerate(used)),
            notes=(_stale_note(len(stale), days),),
            marked=stale,
        ),
    ]
    lead = f"{things(len(used), 'rate')} priced the calls. A rate is never edited: a new price is a new rate."
    return Section("rates", TITLE, lead, tuple(blocks))


def is_stale(each: UsedRate, now: datetime, days: int) -> bool:
    """In force, and nobody has looked at its source for longer: what has ended stays as it was."""
    rate = each.rate
    return age_days(each, now) > days and each.active and rate.valid_from <= now < rate.valid_until


def age_days(each: UsedRate, now: datetime) -> int:
    """Days since someone looked at the source; 0 for a clock that is set to before."""
    return max(0, (now.date() - each.rate.checked).days)


def _name(place: int) -> str:
    return f"R{place + 1}"


def _numbered(used: Sequence[UsedRate]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((_name(place), *_used(each)) for place, each in enumerate(used))


def _used(each: UsedRate) -> tuple[Cell, ...]:
    rate = each.rate
    until = None if rate.valid_until >= OPEN else rate.valid_until.date()
    return (
        rate.seller,
        rate.model,
        render_when(rate) or "every call",
        rate.valid_from.date(),
        until,
        each.calls,
        each.tokens,
        Money(each.cost, rate.currency),
    )


def _figures(used: Sequence[UsedRate]) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    for place, each in enumerate(used):
        currency = each.rate.currency
        for meter, name in METER_NAMES.items():
            found = each.meters.get(meter)
            # Every call is a request: where none is charged for, the row would say nothing.
            if found and (meter != "request" or found.pico):
                rate = UnitRate(found.pico, currency, "unit" if meter in UNITS else "token")
                rows.append((_name(place), name, rate, found.quantity, Money(found.cost, currency)))
    return tuple(rows)


def _word(each: UsedRate, past: Past) -> tuple[Cell, ...]:
    rate, days = each.rate, past.grounds.stale_days
    state = "stale" if is_stale(each, past.now, days) else "in force" if _holds(each, past.now) else "ended"
    source: Cell = Link(rate.source) if rate.source.startswith(("https://", "http://")) else rate.source
    age = age_days(each, past.now)
    return rate.confidence, rate.checked, age, state, CARDS[rate.precedence], source, rate.note


def _holds(each: UsedRate, now: datetime) -> bool:
    return each.active and each.rate.valid_from <= now < each.rate.valid_until


def _totals(used: Sequence[UsedRate]) -> tuple[tuple[Cell, ...], ...]:
    """What all rates of a currency priced."""
    return tuple(
        (
            *("Total", *[None] * 5),
            sum(each.calls for each in found),
            sum(each.tokens for each in found),
            Money(sum(each.cost for each in found), currency),
        )
        for currency, found in _by_currency(used)
    )


def _figure_totals(used: Sequence[UsedRate]) -> tuple[tuple[Cell, ...], ...]:
    costs = [(currency, sum(each.cost for each in found)) for currency, found in _by_currency(used)]
    return tuple(("Total", None, None, None, Money(pico, currency)) for currency, pico in costs)


def _by_currency(used: Sequence[UsedRate]) -> list[tuple[str, list[UsedRate]]]:
    currencies = sorted({each.rate.currency for each in used})
    return [(currency, [each for each in used if each.rate.currency == currency]) for currency in currencies]


def _stale_note(stale: int, days: int) -> str:
    if stale:
        return f"Marked: nobody has looked at the source of {things(stale, 'rate')} for more than {days} days."
    return f"No rate in force is older than {days} days since somebody looked at its source."
