"""How ``tollbook scenario`` shows what was saved: a list, one, and whether they still hold."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.commands.scenario_object import amounts, stale_object
from app.figures import instant, rounded
from app.saved_scenarios import Stale, moment, stale_text
from app.scenario_sentences import question_of
from app.session import UserMistake, plain_table, print_json, print_table

if TYPE_CHECKING:
    from warehouse.scenarios import SavedScenario

ESTIMATED = "≈ Of traffic to come: the middle of what may come, as it is and under the scenario."
NONE = "No scenario was saved: tollbook scenario --template prints one, tollbook scenario save FILE keeps it."
DEMO = "Demo data, made up: tollbook demo --remove takes them out."


def print_list(saved: "Sequence[SavedScenario]", as_json: bool) -> None:
    """All that were saved."""
    if as_json:
        print_json({"rows": [_as_object(each) for each in saved]})
        return
    table = plain_table()
    for head in ("no.", "scenario", "owner", "saved", "data through", "as priced", "scenario's cost"):
        table.add_column(head, justify="right" if head in ("no.", "as priced", "scenario's cost") else "left")
    for each in saved:
        held = each.figures
        dates = (moment(each.changed_at), instant(held.data_through) or "–")
        amounts_told = (_totals(held.billed, each), _totals(held.cost, each))
        table.add_row(str(each.number), each.name, each.owner, *dates, *amounts_told)
    notes = ["Amounts are those of when it was saved: tollbook scenario check says whether they still hold."]
    notes += [ESTIMATED] if any(_is_ahead(each) for each in saved) else []
    notes += [DEMO] if any(each.demo for each in saved) else []
    print_table(table, *(notes if saved else [NONE]), spare=("data through", "owner"))


def print_saved(saved: "SavedScenario", as_json: bool) -> None:
    """One: what it says, whose it is, what it came to."""
    if as_json:
        print_json({"scenario": _as_object(saved)})
        return
    table = plain_table()
    for head in ("", f"scenario {saved.number}"):
        table.add_column(head, overflow="fold")
    held, changes = saved.figures, saved.document.get("changes", [])
    for name, value in saved.document.items():
        if name != "changes":
            table.add_row(name, _flat(value))
    table.add_row("asks", question_of(changes))
    for number, change in enumerate(changes):
        told = _flat({field: value for field, value in change.items() if field != "kind"})
        table.add_row(f"change {number + 1}", f"{change['kind']}{': ' if told else ''}{told}")
    table.add_row("owner", saved.owner)
    table.add_row("saved", f"{moment(saved.changed_at)} by {saved.changed_by}, first {moment(saved.created_at)}")
    as_is = "as it is" if _is_ahead(saved) else "billed"
    table.add_row("came to", f"{_totals(held.cost, saved)}; {as_is} {_totals(held.billed, saved)}")
    table.add_row("data through", instant(held.data_through) or "–")
    table.add_row("digests", f"rates {held.rates_digest}, calls {held.data_digest}")
    print_table(table, *([ESTIMATED] if _is_ahead(saved) else []), *([DEMO] if saved.demo else []))


def print_check(rows: "Sequence[tuple[SavedScenario, Stale | UserMistake | None]]", as_json: bool) -> None:
    """Whether each still holds, and what has changed where it does not."""
    if as_json:
        print_json({"rows": [_checked(saved, state) for saved, state in rows]})
        return
    table = plain_table()
    for head in ("no.", "scenario", "saved", "state"):
        table.add_column(head, justify="right" if head == "no." else "left", overflow="fold")
    notes = []
    for saved, state in rows:
        table.add_row(str(saved.number), saved.name, moment(saved.changed_at), _state(state))
        if state is not None:
            notes.append(stale_text(state) if isinstance(state, Stale) else str(state))
    print_table(table, *(notes if rows else [NONE]))


def _checked(saved: "SavedScenario", state: "Stale | UserMistake | None") -> dict[str, Any]:
    why = str(state) if isinstance(state, UserMistake) else None
    stale = stale_object(state if isinstance(state, Stale) else None)
    return {"no": saved.number, "name": saved.name, "holds": state is None, "stale": stale, "cannot_because": why}


def _state(state: "Stale | UserMistake | None") -> str:
    if state is None:
        return "holds"
    return f"stale: {', '.join(state.moved)}" if isinstance(state, Stale) else "cannot be computed"


def _as_object(saved: "SavedScenario") -> dict[str, Any]:
    held = saved.figures
    return {
        "no": saved.number,
        "name": saved.name,
        "owner": saved.owner,
        "document": saved.document,
        "billed": amounts(held.billed),
        "cost": amounts(held.cost),
        "rates_digest": held.rates_digest,
        "data_digest": held.data_digest,
        "data_through": instant(held.data_through),
        "created_at": instant(saved.created_at),
        "changed_at": instant(saved.changed_at),
        "changed_by": saved.changed_by,
        "demo": saved.demo,
    }


def _flat(value: object) -> str:
    """``seller novita, share 0.3, output (value 1.2, source claim)``."""
    if isinstance(value, Mapping):
        return ", ".join(
            f"{name} ({_flat(held)})" if isinstance(held, Mapping) else f"{name} {held}" for name, held in value.items()
        )
    return str(value)


def _totals(pico: Mapping[str, int], saved: "SavedScenario") -> str:
    about = "≈ " if _is_ahead(saved) else ""
    return ", ".join(f"{about}{rounded(Fraction(each))} {code}" for code, each in sorted(pico.items())) or "–"


def _is_ahead(saved: "SavedScenario") -> bool:
    return "projected_until" in saved.document
