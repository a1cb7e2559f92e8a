"""How ``tollbook scenario run`` shows what scenarios come to: one step by step, several side by side."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import typer

from app.figures import UNKNOWN, instant, rounded, things
from app.saved_scenarios import moment, stale_text
from app.scenario_sentences import caveats_of, question_of
from app.session import plain_table, print_table
from planning.scenario import write_scenario

if TYPE_CHECKING:
    from rich.table import Table

    from app.saved_scenarios import Stale
    from app.scenarios import WhatIf
    from planning.bridge import Bridge
    from planning.what_if import Line

    Totals = dict[tuple[str, str, str], list[Line]]

NO_RATE = "no known cost"


def print_run(found: "Sequence[WhatIf]", stale: "Sequence[Stale]", notes: "Sequence[str]") -> None:
    """Each step by step where there is one; several side by side."""
    if len(found) == 1:
        _print_one(found[0])
    else:
        _print_several(found)
    for each in found:
        _print_projected(each, is_one=len(found) == 1)
    print_table(plain_table(), *(stale_text(each) for each in stale), *_all_notes(found), *notes)


def _print_one(found: "WhatIf") -> None:
    typer.echo(found.scenario.name)
    for said in asked_by(found):
        typer.echo(said)
    table = plain_table()
    for head in ("", "cost", "in other orders"):
        table.add_column(head, justify="left" if not head else "right", no_wrap=True)
    for number, bridge in enumerate(found.bridges):
        if number:
            table.add_row()
        for row in _steps(bridge):
            table.add_row(*row)
    print_table(table)
    print_table(_lines_table(found))


def asked_by(found: "WhatIf") -> list[str]:
    """What a scenario asks, and what its answer takes for granted: as the page says it."""
    changes = write_scenario(found.scenario)["changes"]
    return [question_of(changes), *caveats_of(changes)]


def _steps(bridge: "Bridge") -> Iterable[tuple[str, str, str]]:
    code = bridge.currency
    yield "as priced", _end(bridge.billed, bridge), ""
    for step in bridge.steps:
        if not step.counts:
            continue
        orders = f"{signed(step.least)} to {signed(step.most)}" if step.order else "the same"
        yield step.kind, f"{signed(step.pico)} {code}", orders if len(bridge.steps) > 1 else ""
    if bridge.apart_billed or bridge.apart_scenario:
        yield "calls apart", f"{signed(bridge.apart)} {code}", ""
    yield "scenario", _end(bridge.scenario, bridge), ""
    difference = bridge.difference
    yield "difference", NO_RATE if difference is None else f"{signed(difference)} {code}{_percent(bridge)}", ""


def _print_several(found: "Sequence[WhatIf]") -> None:
    """A column for each; what one has no step of is a dash."""
    table = plain_table()
    for head in ("", *(each.scenario.name for each in found)):
        table.add_column(head, justify="right" if head else "left", overflow="fold")
    sides = [{bridge.currency: list(_steps(bridge)) for bridge in each.bridges} for each in found]
    for code in dict.fromkeys(code for side in sides for code in side):
        if table.row_count:
            table.add_row()
        named = [{name: pico for name, pico, _ in side.get(code, ())} for side in sides]
        names = dict.fromkeys(name for side in named for name in side)
        for name in sorted(names, key=_ROWS.index):
            table.add_row(name, *(side.get(name, "–") for side in named))
    print_table(table, *(f"{each.scenario.name}: {said}" for each in found for said in asked_by(each)))


_ROWS = (
    "as priced", "price", "volume", "mix", "cache", "effort", "retries", "calls apart", "scenario", "difference",
)  # fmt: skip


def _lines_table(found: "WhatIf") -> "Table":
    """By seller and model, as priced and under the scenario."""
    table = plain_table()
    for head in ("seller", "model", "calls billed", "as priced", "calls", "scenario"):
        table.add_column(head, justify="left" if head in ("seller", "model") else "right", overflow="fold")
    sides = [_by_route(lines) for lines in (found.result.before, found.result.lines)]
    for key in dict.fromkeys(key for side in sides for key in side):
        cells = [cell for side in sides for cell in _cells(side.get(key, []), key[2])]
        table.add_row(key[0], key[1], *cells)
    return table


def _by_route(lines: "Iterable[Line]") -> "Totals":
    found: Totals = {}
    for line in lines:
        found.setdefault((line.seller or UNKNOWN, line.model or UNKNOWN, line.currency or ""), []).append(line)
    return found


def _cells(lines: "Sequence[Line]", code: str) -> tuple[str, str]:
    if not lines:
        return "–", "–"
    requests = sum((line.requests for line in lines), Fraction())
    known = [line.cost for line in lines if line.cost is not None]
    return calls(requests), f"{rounded(Fraction(sum(known)))} {code}" if known else NO_RATE


def _print_projected(found: "WhatIf", *, is_one: bool) -> None:
    for each in found.projected:
        name = "" if is_one else f"{found.scenario.name}, "
        table = plain_table()
        for head in (f"{name}{each.first} to {each.last}, {each.currency}", "P10", "P50", "P90"):
            table.add_column(head, justify="right" if head[0] == "P" and head[1:].isdecimal() else "left", no_wrap=True)
        table.add_row("as it is", *(rounded(Fraction(pico)) for pico in each.as_is))
        table.add_row("scenario", *(rounded(Fraction(pico)) for pico in each.scenario))
        table.add_row("difference", *(signed(pico) for pico in each.difference))
        then, now = f"{100 * each.unpriced:.1f}%", f"{100 * each.unpriced_as_is:.1f}%"
        shares = f"{name}{then} of the calls to come have no known cost, {now} as it is"
        print_table(table, f"{shares}." if each.is_of_the_same else f"{shares}: the difference is of different calls.")


def _all_notes(found: "Sequence[WhatIf]") -> list[str]:
    """What holds of all of them once, the rest by name."""
    notes = [(each.scenario.name, note) for each in found for note in _notes(each, is_one=len(found) == 1)]
    shared = {note for _, note in notes if sum(note == other for _, other in notes) == len(found)}
    return list(dict.fromkeys(note if note in shared else f"{name}: {note}" for name, note in notes))


def _notes(found: "WhatIf", *, is_one: bool) -> list[str]:
    result = found.result
    days = f"Calls of {found.since} to {found.until}" if found.since else "No call"
    rates = "rates of each call's own time" if found.as_of is None else f"rates as of {moment(found.as_of)}"
    notes = [f"{days}, {rates}; data through {instant(found.data_through) or UNKNOWN}."]
    if found.projected:
        notes.append("What may come is estimated over the forecast's paths; the steps above are of these past calls.")
    if result.billed_unpriced:
        notes.append(f"{things(result.billed_unpriced, 'call')} of unknown cost: in no amount as priced.")
    if result.only_billed.requests:
        told = " and ".join(f"{rounded(Fraction(pico))} {code}" for code, pico in result.only_billed.amounts.items())
        notes.append(f"{_some_calls(result.only_billed.requests)} with a cost as priced alone, {told}: calls apart.")
    if result.only_scenario.requests:
        told = " and ".join(f"{rounded(Fraction(pico))} {code}" for code, pico in result.only_scenario.amounts.items())
        notes.append(
            f"{_some_calls(result.only_scenario.requests)} with a cost in the scenario alone, {told}: calls apart."
        )
    if any(not bridge.is_whole for bridge in found.bridges):
        notes.append("The difference is of the calls whose cost is known on both sides.")
    notes += found.notes
    if not is_one and any(step.order for bridge in found.bridges for step in bridge.steps):
        notes.append("Its steps depend on their order: run it alone to see by how much.")
    return notes


def signed(pico: int) -> str:
    """``+0.12``, ``-0.12``, ``0.00``."""
    return f"{'+' if pico > 0 else ''}{rounded(Fraction(pico))}"


def calls(number: Fraction) -> str:
    """A count of calls, of which a share may leave a broken one."""
    return f"{int(number):,}" if number.denominator == 1 else f"{float(number):,.1f}"


def _some_calls(number: Fraction) -> str:
    return f"{calls(number)} call{'' if number == 1 else 's'}"


def _end(pico: int, bridge: "Bridge") -> str:
    """A total; where no call that costs has a known cost on this side, and some do on the other, none."""
    return f"{rounded(Fraction(pico))} {bridge.currency}" if pico or bridge.is_whole else NO_RATE


def _percent(bridge: "Bridge") -> str:
    if not bridge.known_billed or not bridge.difference:
        return ""
    return f" ({float(Fraction(100 * bridge.difference, bridge.known_billed)):+.1f}%)"
