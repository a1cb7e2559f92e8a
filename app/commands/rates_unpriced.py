"""``tollbook rates unpriced``: what has no rate, how much of it there is, and the entry that would settle it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.rates import AsJson, Seller, all_rates
from app.figures import count, instant, plain, things
from app.session import plain_table, print_json, print_table, session_of

if TYPE_CHECKING:
    from pricing.rates import Rate
    from warehouse.rate_book import RateGap

NEAR = 3
SKELETON = """\
# Fill in every "?" from the seller's price list; a meter without a price is left out, never "0".
seller: {seller}
models:
"""
UNTIL = "      valid_until: {known}  # from then on it has a rate, which an entry without an end would replace\n"
BESIDE = "      # It has a rate, which this entry replaces: write all of its prices, its service_tiers too.\n"
ENTRY = """\
  {model}:
    - valid_from: {day}T00:00:00Z  # the day the source proves; not later than {day}, for all of these calls
{until}      currency: "?"
      per_mtok: {{input: "?", cache_read: "?", output: "?"}}
      source: "?"
      checked: {today}
      confidence: official
"""


def rates_unpriced(
    context: typer.Context,
    seller: Seller = None,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Cards to fill in, one for each seller.")] = False,
    as_json: AsJson = False,
) -> None:
    """What has no rate, with its volume, and names near it. A near name is never taken for the model."""
    from warehouse.connection import open_reader
    from warehouse.rate_book import read_gaps

    session = session_of(context)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        gaps = [gap for gap in read_gaps(reader) if not gap.sells_no_tokens and seller in (None, gap.seller)]
    rates = all_rates(session.warehouse)
    hints = [names_near(gap, rates) for gap in gaps]
    if as_json:
        print_json({"rows": [_as_object(gap, near) for gap, near in zip(gaps, hints, strict=True)]})
    elif as_yaml:
        typer.echo(_cards(gaps, str(session.now.date())), nl=False)
    else:
        _print(gaps, hints)


def names_near(gap: "RateGap", rates: "Sequence[Rate]") -> list[str]:
    """Names near it that have a rate: of its own seller first, as the check-up tells them; then the same elsewhere."""
    from pricing.near_names import near_names

    if gap.model is None:
        return []
    own = near_names(gap.model, (string for rate in rates if rate.seller == gap.seller for string in rate.strings))
    last = _last(gap.model)
    elsewhere = sorted({f"{rate.seller}: {rate.model}" for rate in rates if _last(rate.model) == last})
    return ([near.name for near in own] + [name for name in elsewhere if not name.startswith(f"{gap.seller}: ")])[:NEAR]


def _last(model: str) -> str:
    return model.rsplit("/", 1)[-1].lower()


def _print(gaps: "Sequence[RateGap]", hints: Sequence[list[str]]) -> None:
    table = plain_table()
    for name in ("seller", "model", "why"):
        table.add_column(name, overflow="fold")
    for name in ("calls", "tokens"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("first", "last"):
        table.add_column(name, no_wrap=True)
    table.add_column("near", overflow="fold")
    for gap, near in zip(gaps, hints, strict=True):
        place = [gap.seller, gap.model or "–", gap.reason]
        days = [str(gap.first_day), str(gap.last_day)]
        known = [f"it has one from {gap.known_from:%Y-%m-%d}"] if gap.known_from is not None else []
        table.add_row(*place, count(gap.requests), count(gap.tokens), *days, ", ".join(known + near) or "–")
    calls = sum(gap.requests for gap in gaps)
    notes = (
        [
            f"{things(calls, 'call')} without a price for want of a rate.",
            "tollbook rates unpriced --yaml writes cards to fill in; put them into the warehouse's rate_cards folder,",
            "then: tollbook rerate --unpriced. A near name is a hint: an alias in a card makes it the same model.",
        ]
        if gaps
        else ["Every call that could have a rate has one."]
    )
    print_table(table, *notes, spare=("near", "first"))


def _as_object(gap: "RateGap", near: list[str]) -> dict[str, Any]:
    return {
        "seller": gap.seller,
        "model": gap.model,
        "reason": gap.reason,
        "requests": gap.requests,
        "tokens": gap.tokens,
        "first_day": plain(gap.first_day),
        "last_day": plain(gap.last_day),
        "known_from": instant(gap.known_from),
        "known_until": None if gap.known_until is None or gap.known_until.year == 9999 else instant(gap.known_until),
        "near": near,
    }


def _cards(gaps: "Sequence[RateGap]", today: str) -> str:
    """YAML for each seller; what still holds a "?" is refused when it is loaded."""
    texts = []
    for seller in dict.fromkeys(gap.seller for gap in gaps):
        by_model: dict[str, list[RateGap]] = {}
        for gap in gaps:
            if gap.seller == seller and gap.model is not None:
                by_model.setdefault(gap.model, []).append(gap)
        entries = [_entry(model, found, today) for model, found in by_model.items()]
        texts.append(SKELETON.format(seller=seller) + "".join(entries))
    return "---\n".join(texts)


def _entry(model: str, gaps: "Sequence[RateGap]", today: str) -> str:
    """An entry that ends where a known rate begins: one's own card goes before every other one."""
    until = ""
    for known in (gap.known_from for gap in gaps if gap.known_from is not None):
        is_before = max(gap.last_day for gap in gaps) < known.date()
        until = UNTIL.format(known=instant(known)) if is_before else BESIDE
    first = min(gap.first_day for gap in gaps)
    return ENTRY.format(model=_quoted(model), day=first, until=until, today=today)


def _quoted(name: str) -> str:
    """A model string as a YAML key: digits alone, or a colon, would be something else."""
    import json

    return json.dumps(name, ensure_ascii=False) if not name.replace("-", "").replace("/", "").isalpha() else name
