"""``tollbook budget``: what may be spent, where each budget stands, and every change."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.budget_terms import changed_form, month_amount_of, normal_form
from app.commands.entered import AsJson, Number, Who, author_of, day_of
from app.present import today_of, today_without_reader
from app.session import Session, UserMistake, print_json, session_of
from planning.budget import CARRIES, PERIODS

if TYPE_CHECKING:
    from app.budgets import Budgets
    from warehouse.budgets import BudgetVersion

budget = typer.Typer()
Which = Annotated[str, typer.Argument(metavar="BUDGET", help="Its number or its name, as list shows them.")]
Owner = Annotated[str | None, typer.Option(metavar="NAME", help="Who answers for it.")]
Thresholds = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold",
        metavar="LINE",
        help="80%, 1200.00, '100% forecast' or '100% forecast at 80%'; repeat it for more.",
    ),
]
Carry = Annotated[str | None, typer.Option(metavar="WHAT", help=f"Carried to the next period: {', '.join(CARRIES)}.")]
Recurring = Annotated[bool | None, typer.Option("--recurring/--no-recurring", help="Whether recurring charges count.")]
Credits = Annotated[bool | None, typer.Option("--credits/--no-credits", help="Whether credits on invoices count.")]
MonthAmounts = Annotated[
    list[str] | None,
    typer.Option("--month-amount", metavar="MONTH=AMOUNT", help="From a month on, as in 2027-01=2000; repeat it."),
]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="Anything to remember.")]


@budget.callback(invoke_without_command=True)
def budget_alone(context: typer.Context, as_json: AsJson = False) -> None:
    """Budgets: spent, left, where each period ends, and when it breaks.

    Without a command: the same as list.
    """
    if context.invoked_subcommand is None:
        list_budgets(context, as_json)


@budget.command("list")
def list_budgets(context: typer.Context, as_json: AsJson = False) -> None:
    """Every budget with where it stands, the worst first."""
    from app.commands.budget_tables import print_budgets

    print_budgets(standings(session_of(context)), as_json)


@budget.command("show")
def show_budget(context: typer.Context, which: Which, as_json: AsJson = False) -> None:
    """One budget: what it says, where it stands, its thresholds, and why."""
    from app.commands.budget_tables import print_budget

    session = session_of(context)
    print_budget(standings(session, entry_of(session, which)), as_json)


@budget.command("add")
def add_budget(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="Its currency, as in USD; others do not count.")],
    amount: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Of each month, or of all its days.")] = None,
    month_amount: MonthAmounts = None,
    period: Annotated[str, typer.Option(metavar="PERIOD", help=f"{', '.join(PERIODS)}.")] = "month",
    first: Annotated[
        str | None, typer.Option(metavar="DAY", help="Its first day. [default: the first of this month]")
    ] = None,
    last: Annotated[str | None, typer.Option(metavar="DAY", help="Its last day. [default: open]")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="DIMENSION=VALUE", help="Only this; repeat it for more values or dimensions."),
    ] = None,
    owner: Owner = None,
    threshold: Thresholds = None,
    carry: Carry = None,
    recurring: Recurring = None,
    credits: Credits = None,
    note: Note = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Enter a budget. Without thresholds it gets 80%, 100% and 100% forecast."""
    from app.commands.cost import scope_of
    from warehouse import budgets

    session = session_of(context)
    scope = scope_of(None, None, where or [])
    given = {
        "name": name,
        "owner": owner,
        "scope": {each: list(values) for each, values in scope.values} or None,
        "period": period,
        "first": first,
        "last": last,
        "currency": currency,
        "amount": amount,
        "amounts": dict(month_amount_of(each) for each in month_amount) if month_amount else None,
        "carry": carry,
        "recurring": recurring,
        "credits": credits,
        "thresholds": threshold,
        "note": note,
    }
    form = normal_form({field: value for field, value in given.items() if value is not None}, session)
    number = budgets.add_budget(session.warehouse, form, author_of(session, who), tell=session.tell)
    _say("added", number, form, as_json, session)


@budget.command("set")
def set_budget(
    context: typer.Context,
    which: Which,
    amount: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Another amount; past months keep theirs.")
    ] = None,
    from_month: Annotated[
        str | None, typer.Option("--from", metavar="MONTH", help="From which month on. [default: this one]")
    ] = None,
    month_amount: MonthAmounts = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Another name.")] = None,
    owner: Owner = None,
    threshold: Thresholds = None,
    carry: Carry = None,
    recurring: Recurring = None,
    credits: Credits = None,
    note: Note = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Change a budget: a new version, with who, when, before and after.

    Thresholds take the place of all those before. Scope, period and currency
    stay: what is about something else is another budget.
    """
    session = session_of(context)
    amounts = [month_amount_of(each) for each in month_amount or []]
    if amount is not None:
        amounts.append((from_month or f"{today_without_reader(session):%Y-%m}", amount))
    elif from_month:
        raise UserMistake("--from belongs to --amount")
    fields = {"name": name, "owner": owner, "carry": carry, "recurring": recurring, "credits": credits, "note": note}
    given = {field: value for field, value in (fields | {"thresholds": threshold}).items() if value is not None}
    if not given and not amounts:
        raise UserMistake("nothing to change was given; see tollbook budget set --help")
    _change(session, which, lambda was: changed_form(was, given, amounts, session), who, "changed", as_json)


@budget.command("end")
def end_budget(
    context: typer.Context,
    which: Which,
    last: Annotated[str | None, typer.Option(metavar="DAY", help="Its last day. [default: today]")] = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Give a budget its last day; the periods before stay."""
    session = session_of(context)
    day = str(day_of("--last", last) if last else today_without_reader(session))
    _change(session, which, lambda was: normal_form(was.form | {"last": day}, session), who, "ended", as_json)


@budget.command("remove")
def remove_budget(context: typer.Context, which: Which, who: Who = None, as_json: AsJson = False) -> None:
    """Take a budget out of every list; its history stays."""
    from warehouse import budgets

    session = session_of(context)
    number = entry_of(session, which).number
    removed = budgets.remove_budget(session.warehouse, number, author_of(session, who), tell=session.tell)
    _say("removed", number, removed.form, as_json, session)


@budget.command("import")
def import_budgets(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A YAML file of budgets, as export writes it.")],
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Enter the budgets of a file by their names: all or none.

    What is new is added, what differs is changed, the rest stays as it is.
    An item is all that its budget says: what it leaves out is as without it.
    Scope, period and currency of a budget that there is stay.
    """
    from app.budget_file import read_budget_file
    from app.budget_words import changes_between
    from warehouse import budgets

    session = session_of(context)
    known = {each.name: each.form for each in budgets.list_budgets(session.warehouse, tell=session.tell)}
    forms = read_budget_file(file, today_without_reader(session), known)
    done = budgets.put_budgets(session.warehouse, forms, author_of(session, who), tell=session.tell)
    rows = []
    for put, form in zip(done, forms, strict=True):
        changes = changes_between(put.before, form) if put.before else []
        told = [{"field": field, "before": before, "after": after} for field, before, after in changes]
        rows.append({"no": put.number, "name": form["name"], "what": put.what, "changes": told})
    if as_json:
        print_json({"rows": rows})
        return
    for row in rows:
        session.tell(f"{row['what']}: budget {row['no']}, {row['name']}")
        for change in row["changes"]:
            session.tell(f"  {change['field']}: {change['before']} → {change['after']}")


@budget.command("export")
def export_budgets(context: typer.Context, as_json: AsJson = False) -> None:
    """Write every budget as the YAML that import reads."""
    from app.budget_file import write_budget_file
    from warehouse import budgets

    session = session_of(context)
    forms = [each.form for each in budgets.list_budgets(session.warehouse, tell=session.tell)]
    if as_json:
        print_json({"budgets": forms})
    elif forms:
        typer.echo(write_budget_file(forms), nl=False)
    else:
        session.tell("no budget was entered: tollbook budget add")


@budget.command("history")
def budget_history(context: typer.Context, number: Number, as_json: AsJson = False) -> None:
    """Every change of a budget: who, when, before and after; of a removed one, too."""
    from app.commands.budget_tables import print_history
    from warehouse import budgets

    session = session_of(context)
    print_history(budgets.budget_history(session.warehouse, number, tell=session.tell), as_json)


def standings(session: Session, only: "BudgetVersion | None" = None) -> "Budgets":
    """Every budget, or one, with where it stands; without any, nothing is read of the traffic."""
    from app.budgets import Budgets, Known, read_beside, read_budgets
    from warehouse import budgets
    from warehouse.connection import open_reader
    from warehouse.errors import WarehouseMissing
    from warehouse.folder import Folder

    root = session.warehouse
    if not Folder(root).settings_file.exists():
        raise WarehouseMissing(root)
    entries = [only] if only else budgets.list_budgets(root, tell=session.tell)
    if not entries:
        return Budgets(today_without_reader(session), None, ())
    beside = read_beside(root, tell=session.tell)
    with open_reader(root, tell=session.tell) as reader:
        return read_budgets(reader, Known(tuple(entries), beside, today_of(session, reader)))


def entry_of(session: Session, which: str) -> "BudgetVersion":
    """A budget by its number or its name; raises UserMistake."""
    from warehouse import budgets

    entries = budgets.list_budgets(session.warehouse, tell=session.tell)
    found = next((each for each in entries if which in (str(each.number), each.name)), None)
    if found is None:
        known = ", ".join(f"{each.number} {each.name}" for each in entries)
        raise UserMistake(f"there is no budget {which!r}; {f'entered are {known}' if known else 'none was entered'}")
    return found


def _change(
    session: Session,
    which: str,
    make: "Callable[[BudgetVersion], dict[str, Any]]",
    who: str | None,
    what: "Any",
    as_json: bool,
) -> None:
    from warehouse import budgets

    was = entry_of(session, which)
    change = budgets.Change(was.number, make, what)
    now = budgets.change_budget(session.warehouse, change, author_of(session, who), tell=session.tell)
    _say(what if now.version != was.version else "unchanged", now.number, now.form, as_json, session)


def _say(what: str, number: int, form: dict[str, Any], as_json: bool, session: Session) -> None:
    if as_json:
        print_json({"what": what, "no": number, "terms": form})
    else:
        session.tell(f"{what}: budget {number}, {form['name']}")
