"""What the commands by which people enter things share: options, and reading what was typed."""

import getpass
import re
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from app.session import Session, UserMistake
from pricing.errors import RateError
from pricing.money import parse_signed_amount

if TYPE_CHECKING:
    from warehouse.entries import Author

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Who = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who enters it, for the audit. [default: the user of this machine]")
]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Its number, as list shows it.")]
Source = Annotated[str | None, typer.Option(metavar="TEXT", help="Where it stands: a contract, a URL, a file.")]


def author_of(session: Session, who: str | None) -> "Author":
    """Who enters something: as given, else the user of this machine."""
    from warehouse.entries import Author

    try:
        return Author(who or getpass.getuser(), session.now)
    except (OSError, KeyError):
        raise UserMistake("this machine does not say who you are: give --who NAME") from None


def day_of(option: str, text: str) -> date:
    """The day that an option names; raises UserMistake."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserMistake(f"{option}: {text!r} is no day; write it as in 2026-11-01") from None


def currency_of(text: str, option: str = "--currency") -> str:
    """A currency's code in capitals; raises UserMistake."""
    code = text.upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise UserMistake(f"{option}: {text!r} is no currency; write its code, as in EUR")
    return code


def amount_of(option: str, text: str, *, decimals: int = 12, signed: bool = False) -> int:
    """Pico-units of an amount; raises UserMistake."""
    try:
        amount = parse_signed_amount(text, decimals=decimals)
    except RateError as error:
        raise UserMistake(f"{option}: {text!r} is no amount: {str(error).partition(': ')[2]}") from None
    if amount < 0 and not signed:
        raise UserMistake(f"{option}: {text!r} is below 0")
    return amount


def one_of(option: str, text: str, names: tuple[str, ...]) -> str:
    """One of a few words; raises UserMistake naming them."""
    if text not in names:
        raise UserMistake(f"{option}: there is no {text!r}; there are {', '.join(names)}")
    return text
