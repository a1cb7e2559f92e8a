"""The tables and the JSON of ``tollbook selfhost``."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.figures import instant, rounded
from app.self_hosting import Against, Answer
from app.self_hosting_words import (
    COUNTED,
    NEVER,
    counted,
    ends,
    notes,
    number,
    percent,
    throughput_text,
    times,
    traffic_text,
    volume_text,
)
from app.session import plain_table, print_table
from planning.self_host import Case, Unit
from planning.self_host_even import Even
from pricing.money import format_pico

USE = (
    "Even at a use of: the share of all reserved hours that has to be work for a GPU to cost what the seller asks for "
    "that work, staff aside."
)


def print_answers(found: Sequence[Answer], demo: Sequence[str], options: Mapping[str, str]) -> None:
    """Servers, sellers and utilisations; of several kinds of servers each one's cheapest seller."""
    first = found[0]
    _print_servers(found)
    _print_sellers(found)
    if len(found) == 1 and first.hosting.gpu_hour is not None:
        _print_tried(first)
    said = dict.fromkeys(note for each in found for note in notes(each, options.__getitem__))
    taken = [throughput_text(each) for each in found]
    several = ["Of each the cheapest seller that prices all calls; --servers NAME shows every one."]
    print_table(plain_table(), *(several if len(found) > 1 else []), USE, *taken, *said, *demo)


def _print_servers(found: Sequence[Answer]) -> None:
    code = found[0].hosting.currency
    print_table(plain_table(), traffic_text(found[0]))
    table = plain_table()
    for name in ("servers", "whose word", "input"):
        table.add_column(name, overflow="fold")
    heads = ("busy, mean", "busy, peak", "reserved", "used", "GPU-hours/month", f"{code}/month", "per 1M")
    for name in (*heads, _piece(found[0])):
        table.add_column(name, justify="right", no_wrap=True)
    for each in found:
        speed = each.hosting.throughput
        for case, unit in zip(each.cases, each.units, strict=True):
            work = (number(case.mean), number(case.peak), f"{case.gpus:,} GPUs", percent(case.used))
            costs = (amount(case.cost), amount(unit.mtok), amount(_of_piece(each, unit)))
            table.add_row(speed.name, speed.word, counted(each, case), *work, f"{case.gpu_hours:,}", *costs)
    print_table(table, spare=(_piece(found[0]), "whose word", "busy, mean"))


def _piece(found: Answer) -> str:
    """What the last column of costs is about: tasks, where every call names its own."""
    return "per task" if found.traffic.tasks else "per 1,000 calls"


def _of_piece(found: Answer, unit: Unit) -> Fraction | None:
    return unit.task if found.traffic.tasks else unit.thousand_calls


def _print_sellers(found: Sequence[Answer]) -> None:
    table = plain_table()
    for name in ("servers", "seller"):
        table.add_column(name, overflow="fold")
    heads = ("same at GPU-hour of", "pays from", "for good from", "even at a use of")
    for name in ("a month", "per 1M", _piece(found[0]), *heads):
        table.add_column(name, justify="right", no_wrap=True)
    several = len(found) > 1
    apart: dict[str, None] = {}
    for each in found:
        for one in each.sellers[:1] if several else each.sellers:
            if one.why is not None:
                apart[f"{one.offer.seller} is not held against the servers: {one.why}."] = None
            table.add_row(each.hosting.throughput.name, *_seller_cells(each, one))
    print_table(table, *apart, spare=(_piece(found[0]), "for good from", "per 1M"))


def _seller_cells(found: Answer, one: Against) -> list[str]:
    code = one.offer.currency
    month = "unknown" if one.month is None else f"{rounded(one.month)} {code}"
    cells = [one.offer.seller, month, amount(one.unit.mtok), amount(_of_piece(found, one.unit))]
    if not one.evens:
        return [*cells, "–", "–", "–", "–"]
    priced = found.hosting.gpu_hour is not None
    return [
        *cells,
        ends(NEVER if even.gpu_hour is None else f"{rounded(even.gpu_hour)} {code}" for even in one.evens),
        ends(volume_text(found, even.first) for even in one.evens) if priced else "–",
        ends(times(even.lasting) for even in one.evens) if priced else "–",
        ends("–" if even.use is None else percent(even.use) for even in one.evens),
    ]


def _print_tried(found: Answer) -> None:
    table = plain_table()
    for name in ("at a utilisation of", "GPUs", "a month", "per 1M", "per 1M, if so around the clock"):
        table.add_column(name, justify="right", no_wrap=True)
    for tried in found.tried:
        own = " (asked for)" if tried.share == Fraction(found.hosting.utilisation) else ""
        table.add_row(
            f"{percent(tried.share)}{own}",
            ends(f"{case.gpus:,}" for case in tried.cases),
            ends(amount(case.cost) for case in tried.cases),
            ends(amount(mtok) for mtok in _mtoks(found, tried.cases)),
            ends(amount(mtok) for mtok in tried.around_the_clock),
        )
    print_table(table)


def _mtoks(found: Answer, cases: Sequence[Case]) -> list[Fraction | None]:
    from planning.self_host import units

    return [units(case.cost, found.traffic).mtok for case in cases]


def amount(pico: Fraction | None) -> str:
    """An amount for the eye; a dash where none is known."""
    return "–" if pico is None else rounded(pico)


def as_object(found: Answer, options: Mapping[str, str]) -> dict[str, Any]:
    """One kind of servers as JSON: amounts and prices as decimal strings, plain numbers as numbers, null: unknown."""
    traffic, hosting = found.traffic, found.hosting
    return {
        "servers": hosting.throughput.model_dump(mode="json"),
        "currency": hosting.currency,
        "gpu_hour": hosting.gpu_hour,
        "licence_gpu_year": hosting.licence_gpu_year,
        "staff_month": hosting.staff_month,
        "utilisation": hosting.utilisation,
        "input_weight": hosting.input_weight,
        "sized_for": hosting.sized_for,
        "traffic": {
            "since": instant(traffic.busy[0].at),
            "until": instant(traffic.busy[-1].at),
            "hours": traffic.hours,
            "requests": traffic.requests,
            "input": traffic.input,
            "cached": traffic.cached,
            "output": traffic.output,
            "tasks": traffic.tasks,
            "left_out": dict(found.side.aside),
        },
        "cases": [_case(case, unit) for case, unit in zip(found.cases, found.units, strict=True)],
        "sellers": [_seller(one) for one in found.sellers],
        "utilisations": [
            {
                "utilisation": float(tried.share),
                "cases": [
                    {
                        "input": COUNTED[case.end],
                        "gpus": case.gpus,
                        "month": exact(case.cost),
                        "per_mtok_full": exact(full),
                    }
                    for case, full in zip(tried.cases, tried.around_the_clock, strict=True)
                ],
            }
            for tried in found.tried
        ],
        "notes": notes(found, options.__getitem__),
    }


def _case(case: Case, unit: Unit) -> dict[str, Any]:
    return {
        "input": COUNTED[case.end],
        "busy_mean": float(case.mean),
        "busy_peak": float(case.peak),
        "peak_at": instant(case.peak_at),
        "servers": case.servers,
        "gpus": case.gpus,
        "gpu_hours": case.gpu_hours,
        "used": float(case.used),
        "month": exact(case.cost),
        **_unit(unit),
    }


def _unit(unit: Unit) -> dict[str, Any]:
    return {
        "per_mtok": exact(unit.mtok),
        "per_thousand_calls": exact(unit.thousand_calls),
        "per_task": exact(unit.task),
    }


def _seller(one: Against) -> dict[str, Any]:
    return {
        "seller": one.offer.seller,
        "model": one.offer.model,
        "currency": one.offer.currency,
        "month": exact(one.month),
        **_unit(one.unit),
        "checked": str(one.offer.checked),
        "why_not": one.why,
        "cases": [_even(even) for even in one.evens],
    }


def _even(even: Even) -> dict[str, Any]:
    return {
        "saved": exact(even.saved),
        "gpu_hour": exact(even.gpu_hour),
        "pays_from_volume": _plain(even.first),
        "for_good_from_volume": _plain(even.lasting),
        "use": _plain(even.use),
    }


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def exact(pico: Fraction | None) -> str | None:
    """Pico-units as a decimal string, rounded half-even once."""
    return None if pico is None else format_pico(round(pico))
