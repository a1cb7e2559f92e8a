"""``tollbook prepaid``: what is paid in advance, what is left of it, and the day it runs out."""

from datetime import date, datetime, time
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from app.balances import Known, Standing, read_standings
from app.commands.entered import AsJson, Number, Who, amount_of, author_of, currency_of, day_of, one_of
from app.figures import instant, money, rounded, things
from app.present import present_without_reader
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico
from pricing.prepaid import NARROWED_BY, Account, Reading, TopUp

if TYPE_CHECKING:
    from warehouse.prepaid import Entered

prepaid = typer.Typer()
TABLES = {"account": "account", "topup": "topup", "balance": "reading"}
"""What can be removed, and where it is kept."""
Which = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its number or name, or its seller where it is the one.")]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="Anything to remember.")]


@prepaid.callback(invoke_without_command=True)
def prepaid_alone(context: typer.Context, as_json: AsJson = False) -> None:
    """What is paid in advance, what is left of it, and until when.

    Top-ups less what was billed; a balance that the seller shows corrects it.

    Without a command: every account at a glance.
    """
    if context.invoked_subcommand is None:
        _list(session_of(context), as_json)


@prepaid.command("add")
def add_account(
    context: typer.Context,
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="As tollbook cost --by seller names it.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="Its currency, as in USD.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call it. [default: the seller]")] = None,
    org: Annotated[str | None, typer.Option(metavar="NAME", help="It pays for this organisation alone.")] = None,
    team: Annotated[str | None, typer.Option(metavar="NAME", help="It pays for this team alone.")] = None,
    key_alias: Annotated[str | None, typer.Option(metavar="NAME", help="It pays for this key alone.")] = None,
    note: Note = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Enter an account with a seller."""
    from warehouse import prepaid as accounts

    session = session_of(context)
    account = Account(0, (name or seller).strip(), seller, currency_of(currency), org, team, key_alias, note)
    number = accounts.add_account(session.warehouse, account, author_of(session, who), tell=session.tell)
    if as_json:
        print_json({"account": account._replace(account_id=number)._asdict()})
    else:
        session.tell(f"account {number}, {account.name}: enter what was paid with tollbook prepaid topup {number}")


@prepaid.command("topup")
def add_topup(
    context: typer.Context,
    account: Which,
    amount: Annotated[str, typer.Option(metavar="AMOUNT", help="What the seller credited, as in 50.00.")],
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When: a day, from its beginning, or a time. [default: today]")
    ] = None,
    fee: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Paid beyond that; it is no credit.")] = None,
    expires: Annotated[str | None, typer.Option(metavar="DAY", help="The last day on which it can be used.")] = None,
    note: Note = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Enter a top-up; one of a day to come counts from then on."""
    from warehouse import prepaid as accounts

    session = session_of(context)
    found, zone, now = _account(session, account), _zone(session), present_without_reader(session)
    credited = _instant("--at", at, zone) if at else _begin(now, zone)
    ends = None if expires is None else day_of("--expires", expires)
    if ends and datetime.combine(ends, time.max, ZoneInfo(zone)) < _local(credited, zone):
        raise UserMistake(f"--expires {ends} is before the top-up")
    entered = TopUp(
        0,
        found.account_id,
        credited,
        amount_of("--amount", amount),
        None if fee is None else amount_of("--fee", fee),
        ends,
        note,
    )
    number = accounts.add_topup(session.warehouse, entered, author_of(session, who), tell=session.tell)
    _show_saved(session, found.account_id, f"topup {number}", as_json)


@prepaid.command("balance")
def add_balance(
    context: typer.Context,
    account: Which,
    amount: Annotated[str, typer.Option(metavar="AMOUNT", help="What the seller shows as left; it may be below 0.")],
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it was so: a day, at its end, or a time. [default: now]")
    ] = None,
    note: Note = None,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """State what the seller shows: it holds from then on, and the difference to ours is shown."""
    from warehouse import prepaid as accounts

    session = session_of(context)
    found, zone, now = _account(session, account), _zone(session), present_without_reader(session)
    read_at = _instant("--at", at, zone, at_end=True) if at else now
    if read_at > now:
        raise UserMistake(f"--at: {at} has not come yet; without --at it is now, {instant(now)}")
    entered = Reading(0, found.account_id, read_at, amount_of("--amount", amount, signed=True), note)
    number = accounts.add_reading(session.warehouse, entered, author_of(session, who), tell=session.tell)
    _show_saved(session, found.account_id, f"balance {number}", as_json)


@prepaid.command("remove")
def remove_entry(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="account, topup or balance.")],
    number: Number,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take an entry out, as if it had never been made; the audit keeps it."""
    from warehouse import prepaid as accounts

    session = session_of(context)
    table = TABLES[one_of("WHAT", what, tuple(TABLES))]
    accounts.remove_entry(session.warehouse, table, number, author_of(session, who), tell=session.tell)
    if as_json:
        print_json({"removed": {"what": what, "number": number}})
    else:
        session.tell(f"removed {what} {number}")


@prepaid.command("show")
def show_account(
    context: typer.Context,
    account: Which,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="How much to top up to last until then. [default: in 30 days]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """One account: its top-ups, its balances beside ours, and what makes it last."""
    session = session_of(context)
    day = None if until is None else day_of("--until", until)
    _show_one(session, _account(session, account).account_id, day, as_json)


def _entered(session: Session) -> "Entered":
    from warehouse.prepaid import list_prepaid

    return list_prepaid(session.warehouse, tell=session.tell)


def _zone(session: Session) -> str:
    """The zone that the figures are in, which the settings may run ahead of."""
    from warehouse.connection import open_reader
    from warehouse.traffic import zone_of

    with open_reader(session.warehouse, tell=session.tell) as reader:
        return zone_of(reader)


def _account(session: Session, text: str) -> Account:
    """The account that a person means; raises UserMistake."""
    accounts = _entered(session).accounts
    for found in accounts:
        if text in (str(found.account_id), found.name):
            return found
    of_seller = [found for found in accounts if found.seller == text]
    if len(of_seller) == 1:
        return of_seller[0]
    known = ", ".join(f"{found.account_id} ({found.name})" for found in of_seller or accounts)
    if not known:
        raise UserMistake("no account was entered: tollbook prepaid add SELLER --currency CODE")
    what = f"{text!r} has several accounts" if of_seller else f"there is no account {text!r}"
    raise UserMistake(f"{what}; there are {known}")


def _instant(option: str, text: str, zone: str, *, at_end: bool = False) -> datetime:
    """The instant that an option names, in naive UTC: a day is its beginning or its end in the billing zone."""
    from warehouse.recurring import day_span, end_of_day

    try:
        if len(text) == len("2026-11-01"):
            day = date.fromisoformat(text)
            return end_of_day(day, zone) if at_end else day_span(day, zone)[0]
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise UserMistake(f"{option}: {text!r} is no time; write 2026-11-01 or 2026-11-01T15:30Z") from None


def _begin(now: datetime, zone: str) -> datetime:
    from warehouse.recurring import billing_day, day_span

    return day_span(billing_day(now, zone), zone)[0]


def _local(at: datetime, zone: str) -> datetime:
    return at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))


def _standings(session: Session) -> list[Standing]:
    from app.outlook import read_events
    from warehouse.connection import open_reader

    known = Known(_entered(session), read_events(session.warehouse, tell=session.tell), present_without_reader(session))
    with open_reader(session.warehouse, tell=session.tell) as reader:
        return read_standings(reader, known)


def _list(session: Session, as_json: bool) -> None:
    found = _standings(session)
    if as_json:
        print_json({"rows": [_as_object(each, None) for each in found]})
        return
    table = plain_table()
    for head in ("no.", "account", "pays for", "left", "billed", "topped up", "runs out", "80% of the paths"):
        table.add_column(head, justify="right" if head in ("no.", "left", "billed", "topped up") else "left")
    for each in found:
        table.add_row(*_cells(each))
    notes = [] if found else ["No account was entered: tollbook prepaid add SELLER --currency CODE."]
    for each in found:
        notes += [f"{each.account.name}: {note}" for note in _warnings(each)]
    print_table(table, *notes, spare=("topped up", "billed"))


def _cells(found: Standing) -> tuple[str, ...]:
    account, past = found.account, found.past
    head = (str(account.account_id), account.name, _pays_for(account))
    if past is None:
        return (*head, "nothing entered", "–", "–", "–", "–")
    amounts = (money(pico, account.currency) for pico in (past.left, past.billed, past.topped_up))
    return (*head, *amounts, *_runs_out(found))


def _runs_out(found: Standing) -> tuple[str, str]:
    """The day, and the band around it."""
    if found.past and found.past.left < 0:
        since = found.past.below_since
        return f"below zero since {since}" if since else "below zero", "–"
    if found.ahead is None:
        return "–", "–"
    ends = found.ahead.last
    early, middle, late = found.ahead.early, found.ahead.middle, found.ahead.late
    beyond = f"after {ends}"
    day = f"by now (about {middle})" if found.is_over else str(middle or beyond)
    return day, "–" if early is None else f"{early} to {late or beyond}"


def _pays_for(account: Account) -> str:
    own = [f"{name.replace('_alias', '')} {value}" for name in NARROWED_BY if (value := getattr(account, name))]
    return ", ".join([account.seller, *own])


def _warnings(found: Standing) -> list[str]:
    """What a reader has to know of an account's figures."""
    past, notes = found.past, list[str]()
    if past is None:
        return [f"no top-up or balance up to {found.today}: tollbook prepaid topup {found.account.account_id}"]
    if past.unpriced:
        notes.append(f"at most: {things(past.unpriced, 'call')} of unknown cost since it was last known.")
    if past.left < 0:
        notes.append("below 0: a top-up is missing here, or a balance: tollbook prepaid balance.")
    if found.other_currencies:
        notes.append(
            f"its calls were billed in {', '.join(found.other_currencies)} too, which is not in these figures."
        )
    if ends := sorted({lot.expires for lot in past.lots if lot.expires}):
        notes.append(f"credit expires on {', '.join(map(str, ends))}: what is not used by then is lost.")
    if found.is_stale:
        notes.append(
            f"data through {instant(found.data_through)}, and today is {found.today}: the days since then are "
            f"projected, too, until their logs are loaded."
        )
    if found.why_not:
        notes.append(f"the days to come are unknown: {found.why_not}.")
    if found.unpriced_ahead > 0.005:
        notes.append(f"{found.unpriced_ahead:.0%} of its calls to come have no price: it runs out sooner.")
    return notes


def _show_saved(session: Session, account: int, entered: str, as_json: bool) -> None:
    """The account with an entry just made; whatever may be wrong with it, nobody should make the entry twice."""
    from warehouse.errors import WarehouseError

    try:
        _show_one(session, account, None, as_json)
    except (UserMistake, WarehouseError, ValueError, ArithmeticError) as error:
        session.tell(f"{entered} was entered, do not enter it again; the account cannot be shown: {error}")
        if as_json:
            print_json({"account": None, "entered": entered})


def _show_one(session: Session, number: int, until: date | None, as_json: bool) -> None:
    (found,) = (each for each in _standings(session) if each.account.account_id == number)
    if until and found.ahead and not found.ahead.first <= until <= found.ahead.last:
        raise UserMistake(f"--until: give a day from {found.ahead.first} to {found.ahead.last}")
    if as_json:
        print_json({"account": _as_object(found, until)})
        return
    _print_entries(found)
    print_table(plain_table(), *_story(found, until), *_warnings(found))


def _print_entries(found: Standing) -> None:
    table = plain_table(f"{found.account.name}: {_pays_for(found.account)}")
    for head in ("entry", "no.", "when", "amount", "ours", "difference", "fee", "expires", "note"):
        table.add_column(head, justify="right" if head in ("no.", "amount", "ours", "difference", "fee") else "left")
    currency = found.account.currency
    rows: list[tuple[datetime, tuple[str, ...]]] = []
    for topup in found.topups:
        amount, fee = money(topup.pico, currency), "–" if topup.fee is None else money(topup.fee, currency)
        cells = (amount, "", "", fee, str(topup.expires or "–"), topup.note or "–")
        rows.append((topup.credited_at, ("top-up", str(topup.topup_id), _when(topup.credited_at, found.zone), *cells)))
    for reading in found.readings:
        adjusted = found.compared(reading)
        known = adjusted is not None and adjusted.ours is not None
        beside = (
            money(adjusted.ours, currency) if adjusted and known else "–",
            money(adjusted.difference, currency) if adjusted and known else "–",
        )
        cells = (money(reading.pico, currency), *beside, "", "", reading.note or "–")
        rows.append((reading.read_at, ("balance", str(reading.reading_id), _when(reading.read_at, found.zone), *cells)))
    for _, row in sorted(rows, key=lambda pair: pair[0]):
        table.add_row(*row)
    print_table(table, spare=("note", "expires", "fee"))


def _when(at: datetime, zone: str) -> str:
    local = _local(at, zone)
    return f"{local:%Y-%m-%d}" if local.time() in (time(), time.max) else f"{local:%Y-%m-%d %H:%M}"


def _story(found: Standing, until: date | None) -> list[str]:
    """How the account came to what is left, and what is to come, in sentences."""
    from planning.prepaid import SURE

    past, currency = found.past, found.account.currency
    if past is None:
        return []
    adjusted = sum(each.difference for each in past.adjusted)
    parts = [f"topped up {money(past.topped_up, currency)}", f"billed {money(past.billed, currency)}"]
    parts += [f"adjusted by {money(adjusted, currency)}"] if past.adjusted else []
    parts += [f"expired {money(past.expired, currency)}"] if past.expired else []
    billed = (
        f"as priced through {instant(found.data_through)}"
        if found.data_through
        else "and no call up to today is loaded yet"
    )
    lines = [f"Left: {money(past.left, currency)} ({', '.join(parts)}), {billed}."]
    if found.fees:
        lines.append(f"Fees of top-ups, which are no credit: {money(found.fees, currency)}.")
    if past.left < 0:
        lines.append(f"It is {_runs_out(found)[0]}.")
    if found.ahead is None:
        return lines
    day, band = _runs_out(found)
    if found.is_over and past.left >= 0:
        lines.append(f"It has probably run out {day} (80% of the paths: {band}).")
    elif past.left >= 0:
        lines.append(f"Runs out: {day} (80% of the paths: {band}).")
    ends = until or found.lasts
    pico = found.to_last(ends)
    need = f"top up {rounded(Fraction(pico))} {currency}" if pico else "nothing has to be topped up"
    return [*lines, f"To last through {ends} with {SURE:.0%} probability: {need}."]


def _as_object(found: Standing, until: date | None) -> dict[str, Any]:
    """An account as JSON has it."""
    past, ahead = found.past, found.ahead
    row: dict[str, Any] = {**found.account._asdict(), "data_through": instant(found.data_through), "left": None}
    if past:
        row |= {
            "left": format_pico(past.left),
            "is_at_most": past.unpriced > 0,
            "unpriced": past.unpriced,
            "topped_up": format_pico(past.topped_up),
            "billed": format_pico(past.billed),
            "expired": format_pico(past.expired),
            "adjusted": format_pico(sum(each.difference for each in past.adjusted)),
            "fees": format_pico(found.fees),
            "below_zero_since": str(past.below_since) if past.below_since else None,
        }
    row["topups"] = [_entry_object(each) for each in found.topups]
    row["balances"] = [
        _entry_object(each)
        | {
            "ours": format_pico(adjusted.ours) if (adjusted := found.compared(each)) else None,
            "difference": format_pico(adjusted.difference) if adjusted and adjusted.ours is not None else None,
        }
        for each in found.readings
    ]
    row["other_currencies"] = list(found.other_currencies)
    return row | {"runs_out": _ahead_object(found, until) if ahead else None, "why_not": found.why_not}


def _ahead_object(found: Standing, until: date | None) -> dict[str, Any]:
    from planning.prepaid import SURE

    ahead = found.ahead
    assert ahead is not None
    early, middle, late = ahead.early, ahead.middle, ahead.late
    ends = until or found.lasts
    return {
        "before_today": found.is_over,
        "early": str(early) if early else None,
        "middle": str(middle) if middle else None,
        "late": str(late) if late else None,
        "looked_through": str(ahead.last),
        "top_up": {"until": str(ends), "probability": SURE, "amount": format_pico(ahead.needed(ends))},
        "unpriced_share": round(found.unpriced_ahead, 6),
    }


def _entry_object(entry: TopUp | Reading) -> dict[str, Any]:
    row: dict[str, Any] = entry._asdict()
    row["amount"] = format_pico(row.pop("pico"))
    if "fee" in row:
        row["fee"], row["expires"] = format_pico(row["fee"]), str(row["expires"]) if row["expires"] else None
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in row.items()}
