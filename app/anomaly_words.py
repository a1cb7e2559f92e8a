"""Anomalies in words: what happened, what drove it, and where to look."""

from datetime import timedelta
from fractions import Fraction
from urllib.parse import urlencode

from analysis.drivers import Driver
from app.anomalies import Anomaly, Judged, Silence, Watched
from app.figures import instant, rounded, things

MOST_DRIVERS = 5


def headline(anomaly: Anomaly) -> str:
    """``team search: 2026-11-20 cost 31.20 USD, 10.40 USD expected (3.0 times)``."""
    found, currency = anomaly.episode.found, anomaly.watched.currency
    expected = f"{rounded(Fraction(anomaly.expected))} {currency}"
    if found.rule == "stop":
        return f"{name_of(anomaly.watched)}: nothing on {anomaly.episode.day}, {expected} on a mean day"
    when = str(anomaly.episode.day) if found.rule == "day" else f"the 7 days to {anomaly.episode.day}"
    actual = f"{rounded(Fraction(anomaly.actual))} {currency}"
    return f"{name_of(anomaly.watched)}: {when} cost {actual}, {expected} expected{_times(anomaly)}"


def _times(anomaly: Anomaly) -> str:
    factor = anomaly.actual / anomaly.expected if anomaly.expected else None
    return "" if factor is None else f" ({factor:.1f} times)" if factor >= 2 else f" ({factor - 1:+.0%})"


def lines_of(anomaly: Anomaly, *, told: bool = False) -> list[str]:
    """Everything about an anomaly, for people."""
    episode = anomaly.episode
    lines = [headline(anomaly) + (" (told before)" if told else "")]
    if episode.first != episode.last:
        lines.append(f"  fired from {episode.first} to {episode.last}")
    lines += [f"  {driver_words(driver, anomaly.watched.currency)}" for driver in anomaly.drivers[:MOST_DRIVERS]]
    return [*lines, f"  look at: {command_for(anomaly)}", f"           {page_for(anomaly)} on the Overview page"]


def driver_words(driver: Driver, currency: str) -> str:
    """``model step-3.7-flash: 12.10 USD a day more (4.00, now 16.10)``."""
    name = f"{driver.cause} {driver.name}" if driver.name else driver.cause
    more = f"{rounded(abs(driver.pico))} {currency} a day {'more' if driver.pico > 0 else 'less'}"
    return f"{name}: {more}{_was_and_is(driver)}"


def _was_and_is(driver: Driver) -> str:
    was, now = driver.was, driver.now
    if driver.cause == "mix":
        return " (which models, and how much of it is output)"
    if was is None or now is None:
        return ""
    if driver.cause == "price":
        more = float(now / was) - 1 if was else 0.0
        return f" (the same tokens cost {abs(more):.0%} {'more' if more > 0 else 'less'})" if was else ""
    if driver.cause == "cache share":
        return f" ({float(was):.0%} of the input, now {float(now):.0%})"
    if driver.cause in ("model", "team", "seller"):
        return f" ({rounded(was)}, now {rounded(now)})"
    return f" ({_number(was)}, now {_number(now)})"


def _number(value: Fraction) -> str:
    return f"{float(value):,.0f}" if value >= 10 or value.denominator == 1 else f"{float(value):,.1f}"


def command_for(anomaly: Anomaly) -> str:
    """The command that shows the days in question."""
    kind, name = anomaly.watched.group
    by = "model" if kind in ("all", "team", "seller") else "team"
    where = "" if kind == "all" else f" --where '{kind}={name}'"
    since = anomaly.since - timedelta(days=7)
    return f"tollbook cost --by day,{by} --since {since} --until {anomaly.episode.last}{where}"


def page_for(anomaly: Anomaly) -> str:
    """The filters of a page in its address."""
    kind, name = anomaly.watched.group
    wanted = {"period": "Last 30 days", **({} if kind == "all" else {kind: name})}
    return f"/?{urlencode(wanted)}"


def name_of(watched: Watched) -> str:
    """``all traffic``, ``team search``."""
    return "all traffic" if watched.group.kind == "all" else " ".join(watched.group)


def silence_words(silence: Silence) -> str:
    """That nothing came any more, and both things it can mean."""
    days = (silence.last - silence.first).days + 1
    return (
        f"no calls since {instant(silence.data_through)}: {things(days, 'whole day')} with nothing; "
        "either the traffic stopped, or its logs were not loaded: tollbook ingest"
    )


def smallest(judged: Judged) -> tuple[str, str]:
    """The smallest change that could be found: on one day, and over seven."""
    found = judged.found
    return _factor(found.smallest_day), _factor(found.smallest_week)


def _factor(factor: float | None) -> str:
    return "–" if factor is None else f"x{factor:.1f}" if factor < 10 else f"x{factor:,.0f}"
