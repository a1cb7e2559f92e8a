"""What ``tollbook launch`` does beside drawing a plan: it saves, lists, removes, and asks the records."""

from datetime import date
from typing import TYPE_CHECKING

from app.figures import UNKNOWN, instant
from app.launch_file import plan_text, template_text
from app.launches import Launch, actual_of, figures_of, measure
from app.present import today_of
from app.session import Session, plain_table, print_json, print_table
from planning.launch_plan import LaunchPlan, inputs_of, write_launch_plan
from warehouse.connection import open_reader
from warehouse.launch_plans import (
    Draft,
    SavedPlan,
    get_launch_plan,
    list_launch_plans,
    remove_launch_plan,
    save_launch_plan,
)

if TYPE_CHECKING:
    from planning.guess import Guess
    from planning.launch_actual import Actual
    from warehouse.entries import Author

WORDS = {"added": "saved", "changed": "saved again", "same": "already saved as it is"}
NONE = "no launch plan was saved: tollbook launch --template prints one to begin with"


def template(today: date) -> str:
    """A plan to begin with."""
    return template_text(today)


def as_yaml(plan: LaunchPlan) -> str:
    """The plan as a file."""
    return plan_text(plan)


def actual(session: Session, launch: Launch) -> "Actual":
    """The launch's own calls beside the plan."""
    with open_reader(session.warehouse, tell=session.tell) as reader:
        return actual_of(reader, launch, today_of(session, reader))


def save(session: Session, launch: Launch, author: "Author", *, is_quiet: bool) -> None:
    """Save a plan with what it comes to."""
    draft = Draft(write_launch_plan(launch.plan), figures_of(launch))
    kept = save_launch_plan(session.warehouse, draft, author, tell=session.tell)
    if not is_quiet:
        session.tell(f"launch plan {kept.number}, {launch.plan.name}: {WORDS[kept.what]}")


def remove(session: Session, asked: str, author: "Author") -> None:
    """Take a saved plan out."""
    was = get_launch_plan(session.warehouse, asked, tell=session.tell)
    remove_launch_plan(session.warehouse, str(was.number), author, tell=session.tell)
    session.tell(f"launch plan {was.number}, {was.name}: removed")


def list_plans(session: Session, as_json: bool) -> None:
    """The saved plans and what they came to."""
    plans = list_launch_plans(session.warehouse, tell=session.tell)
    if as_json:
        print_json({"rows": [_as_row(plan) for plan in plans]})
        return
    table = plain_table()
    for name in ("number", "name", "owner", "start", "days", "P50", "P90", "saved", "by"):
        table.add_column(name, justify="right" if name in ("number", "days", "P50", "P90") else "left", overflow="fold")
    for plan in plans:
        said, currency = plan.document, plan.figures.get("currency", "")
        amounts = (_amount(plan.figures.get(name), currency) for name in ("p50", "p90"))
        days = str(said.get("days", LaunchPlan.model_fields["days"].default))
        name = f"{plan.name} (demo)" if plan.demo else plan.name
        when = f"{plan.changed_at:%Y-%m-%d}"
        table.add_row(str(plan.number), name, plan.owner, str(said["start"]), days, *amounts, when, plan.changed_by)
    print_table(table, *([] if plans else [NONE]))


def print_measured(session: Session, plan: LaunchPlan, as_json: bool) -> None:
    """What the records say of each input, beside what the plan says."""
    with open_reader(session.warehouse, tell=session.tell) as reader:
        found = measure(reader, plan, today_of(session, reader))
    known = {name: each.guess for name, each in found.inputs.items()}
    rows = [
        (each.name, each.guess, known.get(each.name))
        for each in inputs_of(plan)
        if each.name in known or each.guess.is_open or each.name in found.missing or "." not in each.name
    ]
    if as_json:
        print_json(
            {
                "rows": [{"input": name, "plan": _three(own), "measured": _three(said)} for name, own, said in rows],
                "calls": found.calls,
                "since": str(found.since),
                "until": str(found.until),
                "data_through": instant(found.data_through),
                "notes": list(found.notes),
                "missing": dict(found.missing),
            }
        )
        return
    table = plain_table()
    for head in ("input", "plan", "records", "of"):
        table.add_column(head, overflow="fold")
    for name, own, said in rows:
        table.add_row(name, told(own), told(said), (said.note if said else None) or found.missing.get(name, "–"))
    print_table(table, *found.notes)


def told(guess: "Guess | None") -> str:
    """``1.2 to 2 (1.5)``, ``1.5``, ``measured``."""
    if guess is None:
        return UNKNOWN
    if guess.is_open:
        return "measured"
    low, likely, high = (f"{value:,.6g}" for value in guess.span)
    return likely if low == high else f"{low} to {high} ({likely})"


def _three(guess: "Guess | None") -> dict[str, float] | None:
    return None if guess is None or guess.is_open else guess.span._asdict()


def _amount(text: object, currency: str) -> str:
    return "–" if text is None else f"{float(str(text)):,.2f} {currency}"


def _as_row(plan: SavedPlan) -> dict[str, object]:
    return {
        "number": plan.number,
        "name": plan.name,
        "owner": plan.owner,
        "document": plan.document,
        "figures": plan.figures,
        "changed_at": instant(plan.changed_at),
        "changed_by": plan.changed_by,
        "demo": plan.demo,
    }
