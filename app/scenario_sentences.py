"""Scenarios in words: the question that one asks, and each of its changes."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Change = Mapping[str, Any]


def question_of(changes: Sequence[Change]) -> str:
    """What is asked, as one sentence."""
    if not changes:
        return "What if …?"
    said = [sentence_of(change) for change in changes]
    return f"What if {', and '.join(said)}?"


def caveats_of(changes: Sequence[Change]) -> list[str]:
    """What an answer takes for granted, of traffic that goes to another model."""
    said = []
    for change in changes:
        where = change.get("where", {})
        if change["kind"] != "move" or _name(where.get("model", "")) == _name(change["model"]):
            continue
        ratios = [change.get(side, {}) for side in ("input", "output")]
        source = {"measured": "measured", "claim": "a claim"}.get(ratios[1].get("source", "guess"), "a guess")
        same = all(Decimal(ratio.get("value", "1")) == 1 for ratio in ratios)
        takes = (
            "as many tokens for the same task as here"
            if same
            else "the tokens for the same task that the scenario sets"
        )
        said.append(f"{change['model']} takes {takes}: {source}. That it does the work as well is not said.")
    return said


def scope_of(document: Mapping[str, Any]) -> str:
    """The calls that a scenario says it is about; nothing where it leaves that to whoever looks."""
    days = [f"{word} {document[name]}" for name, word in (("since", "from"), ("until", "until")) if document.get(name)]
    if document.get("last_days"):
        days = [f"of its last {document['last_days']} whole days"]
    return " ".join(part for part in (calls_of(document.get("where")), *days) if part)


def sentence_of(change: Change) -> str:
    """One change, as it goes on after "What if"."""
    return _SENTENCES[change["kind"]](change)


def calls_of(where: Mapping[str, str] | None) -> str:
    """The calls that a change is about; nothing where that is all."""
    if not where:
        return ""
    seller, model, team = (where.get(name) for name in ("seller", "model", "team"))
    route = f"{model} at {seller}" if model and seller else model or (f"{seller}" if seller else "")
    return " ".join(part for part in (f"of {route}" if route else "", f"of team {team}" if team else "") if part)


def percent(share: str) -> str:
    """A share as a percentage: "0.305" is 30.5%."""
    text = f"{Decimal(share) * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def _about(change: Change) -> str:
    calls = calls_of(change.get("where"))
    return f" {calls}" if calls else ""


def _moved(change: Change) -> str:
    share = Decimal(change.get("share", "1"))
    what = "all calls" if share == 1 else f"{percent(str(share))} of the calls"
    ratios = {side: change.get(side, {}).get("value", "1") for side in ("input", "output")}
    tokens = [f"{value} times the {side} tokens" for side, value in ratios.items() if Decimal(value) != 1]
    return (
        f"{what}{_about(change)} went to {change['model']} at {change['seller']}"
        + (f", with {' and '.join(tokens)}" if tokens else "")
    )  # fmt: skip


def _name(model: str) -> str:
    """A model's name without whose it is."""
    return model.rsplit("/", 1)[-1].lower()


def _volume(change: Change) -> str:
    return f"there were {_plain(change['times'])} times the calls{_about(change)}"


def _cached(change: Change) -> str:
    if change.get("times") is not None:
        return f"the cache share{_about(change)} were {_plain(change['times'])} times what it is"
    return f"{percent(change['share'])} of the input{_about(change)} came from the cache"


def _media(change: Change) -> str:
    named = [(change.get(f"{what}s", "0"), what) for what in ("image", "video")]
    parts = [f"{_plain(number)} {what}{'' if Decimal(number) == 1 else 's'}" for number, what in named]
    return f"every call{_about(change)} had {' and '.join(parts)}"


def _effort(change: Change) -> str:
    mix = {tier: share for tier, share in change["mix"].items() if Decimal(share)}
    if len(mix) == 1:
        return f"all calls{_about(change)} asked for {next(iter(mix))} effort"
    parts = [f"{percent(share)} {tier}" for tier, share in mix.items()]
    return f"calls{_about(change)} asked for {', '.join(parts)} effort"


def _rates(change: Change) -> str:
    figures = {**change.get("per_mtok", {}), **change.get("per_unit", {})}
    parts = [f"{meter.replace('_', ' ')} {_plain(figure)}" for meter, figure in figures.items()]
    code = f" {change['currency']}" if change.get("currency") else ""
    return f"rates{_about(change)} were {', '.join(parts)}{code}"


def _plain(figure: str) -> str:
    try:
        text = f"{Decimal(figure):f}"
    except InvalidOperation:
        # What somebody is still writing is shown as it is; reading the scenario says what is wrong with it.
        return figure
    return text.rstrip("0").rstrip(".") if "." in text else text


_SENTENCES: dict[str, Callable[[Change], str]] = {
    "drop_failed": lambda change: f"failed calls{_about(change)} were not made",
    "retries": lambda change: f"calls{_about(change)} took {_plain(change['attempts']['value'])} charged tries each",
    "volume": _volume,
    "move": _moved,
    "effort": _effort,
    "output_cap": lambda change: f"no answer{_about(change)} were longer than {change['tokens']:,} tokens",
    "media": _media,
    "cache": _cached,
    "batch": lambda change: f"{percent(change['share'])} of the calls{_about(change)} went through batch",
    "rates": _rates,
    "discount": lambda change: f"there were {_plain(change['percent_off'])}% off{_about(change)}",
}
