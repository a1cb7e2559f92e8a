"""``tollbook anomalies``: what was unusual of late, for cron."""

from collections.abc import Collection, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.alerting import All, Ending, Notify, Quiet, channels_for, deliver, say
from app.commands.cost import demo_notes
from app.commands.entered import AsJson, amount_of, day_of
from app.figures import instant, plain, rounded
from app.present import present_of
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.anomalies import Judged, Look, Question, Watched
    from warehouse.alerts import Alert


def anomalies(
    context: typer.Context,
    by: Annotated[str, typer.Option(metavar="KINDS", help="Scopes: all, model, team, seller.")] = (
        "all,model,team,seller"
    ),
    day: Annotated[
        str | None, typer.Option(metavar="DAY", help="The last day to look at. [default: the last whole one]")
    ] = None,
    days: Annotated[int, typer.Option(metavar="N", min=1, max=90, help="How many days to look at.")] = 7,
    least: Annotated[str, typer.Option(metavar="AMOUNT", help="Tell nothing that is about less money.")] = "1",
    everything: All = False,
    quiet: Quiet = False,
    notify: Notify = None,
    as_json: AsJson = False,
) -> None:
    """What was unusual of late, and what drove it. For cron.

    Ends with 1 when something fired that was not told before, with 0 when
    nothing did, with 3 when a notification was not delivered.
    """
    from app.anomalies import is_told, look
    from warehouse.alerts import told_alerts

    session = session_of(context)
    to = channels_for(notify, everything)
    question = _question(by, day, days, least)
    now, demo = _present(session)
    found = look(session.warehouse, question, now, tell=session.tell)
    told = told_alerts(session.warehouse, tell=session.tell)
    old = {alert for alert, last in found.alerts if is_told(alert, last, told)}
    if question.day and question.day > found.through:
        session.tell(f"--day {question.day}: no whole day of data; this looks at the last whole one, {found.through}")
    shown = found if everything else found.without(old)
    if as_json:
        print_json(_as_object(shown, old) | {"why_not": found.why_not})
    else:
        _print(shown, old, [] if quiet else demo, quiet=quiet, why_not=found.why_not)
    alerts = [alert for alert, _ in shown.alerts]
    if everything:
        raise typer.Exit(Ending.FIRED if alerts else Ending.NOTHING)
    title = f"Tollbook: {len(alerts)} {'anomaly' if len(alerts) == 1 else 'anomalies'}"
    raise typer.Exit(deliver(session, to, alerts, (title, "\n".join(_lines(shown, old)))))


def _question(by: str, day: str | None, days: int, least: str) -> "Question":
    from app.anomalies import BY, Question

    kinds = tuple(dict.fromkeys(name.strip() for name in by.split(",") if name.strip()))
    if not kinds or not set(kinds) <= set(BY):
        raise UserMistake(f"--by takes {', '.join(BY)}, with commas between them; not {by!r}")
    return Question(kinds, None if day is None else day_of("--day", day), days, amount_of("--least", least))


def _present(session: Session) -> tuple[datetime, list[str]]:
    """The present, which a demo warehouse has of its own, and that it is a demo."""
    from warehouse.connection import open_reader

    with open_reader(session.warehouse, tell=session.tell) as reader:
        return present_of(session, reader), demo_notes(reader)


def _lines(shown: "Look", old: "Collection[Alert]") -> list[str]:
    """What fired, for people."""
    from app.anomaly_words import lines_of, silence_words

    lines = [silence_words(shown.silence)] if shown.silence else []
    for anomaly in shown.anomalies:
        lines += lines_of(anomaly, told=anomaly.alert in old)
    return lines


def _print(shown: "Look", old: "Collection[Alert]", demo: Sequence[str], *, quiet: bool, why_not: str | None) -> None:
    lines = _lines(shown, old)
    say(lines)
    if quiet:
        return
    if not lines:
        say([f"Nothing could be judged: {why_not}." if why_not else f"Nothing {'new ' if old else ''}is unusual."])
    table = plain_table("Scopes")
    for name in ("scope", "last day", "expected", "z", "finds a day", "finds a week"):
        table.add_column(name, justify="left" if name == "scope" else "right", no_wrap=name != "scope")
    for judged in shown.scopes:
        table.add_row(*_cells(judged))
    print_table(table, *_notes(shown, old), *demo, spare=("z",))


def _cells(judged: "Judged") -> list[str]:
    from app.anomaly_words import name_of, smallest

    found, currency = judged.found, judged.watched.currency
    expected = "–" if found.expected is None else f"{rounded(Fraction(round(found.expected) * 1000))} {currency}"
    z = "–" if found.z is None else f"{found.z:+.1f}"
    cost = f"{rounded(Fraction(judged.cost))} {currency}"
    return [name_of(judged.watched), cost, judged.why_not or expected, z, *smallest(judged)]


def _notes(shown: "Look", old: "Collection[Alert]") -> list[str]:
    from app.anomaly_words import name_of

    notes = [f"The last whole day is {shown.through}; data through {instant(shown.data_through)}."]
    notes.append("finds a day, finds a week: the smallest change that is found, of one day and of each of seven.")
    capped = [name_of(each.watched) for each in shown.scopes if each.found.caps_alone and each.why_not is None]
    if capped:
        notes.append(f"Too bursty to find a change in time, only a budget guards: {', '.join(capped)}.")
    if old and not {alert for alert, _ in shown.alerts} & set(old):
        notes.append(f"Told before: {len(old)}; --all shows what was.")
    return notes


def _as_object(shown: "Look", old: "Collection[Alert]") -> dict[str, Any]:
    from app.anomaly_words import command_for, driver_words, headline, page_for

    rows = [
        {
            **_scope_object(anomaly.watched),
            "rule": anomaly.episode.found.rule,
            "direction": anomaly.episode.direction,
            "day": plain(anomaly.episode.day),
            "since": plain(anomaly.since),
            "first": plain(anomaly.episode.first),
            "last": plain(anomaly.episode.last),
            "cost": format_pico(anomaly.actual),
            "expected": format_pico(anomaly.expected),
            "z": anomaly.episode.found.z,
            "told_before": anomaly.alert in old,
            "text": headline(anomaly),
            "drivers": [
                {
                    "cause": driver.cause,
                    "name": driver.name,
                    "cost_per_day": format_pico(round(driver.pico)),
                    "text": driver_words(driver, anomaly.watched.currency),
                }
                for driver in anomaly.drivers
            ],
            "command": command_for(anomaly),
            "page": page_for(anomaly),
        }
        for anomaly in shown.anomalies
    ]
    silence = shown.silence and {"first": plain(shown.silence.first), "last": plain(shown.silence.last)}
    return {
        "rows": rows,
        "no_calls": silence,
        "scopes": [_judged_object(judged) for judged in shown.scopes],
        "through": plain(shown.through),
        "data_through": instant(shown.data_through),
    }


def _judged_object(judged: "Judged") -> dict[str, Any]:
    found = judged.found
    expected = None if found.expected is None else format_pico(round(found.expected) * 1000)
    return {
        **_scope_object(judged.watched),
        "cost": format_pico(judged.cost),
        "expected": expected,
        "z": found.z,
        "smallest_day_factor": found.smallest_day,
        "smallest_week_factor": found.smallest_week,
        "caps_alone": found.caps_alone,
        "why_not": judged.why_not,
    }


def _scope_object(watched: "Watched") -> dict[str, str]:
    return {"by": watched.group.kind, "name": watched.group.name, "currency": watched.currency}
