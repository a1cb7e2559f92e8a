"""The rule of a chargeback as people say it: a word, or a file of fixed shares."""

import csv
import io
from fractions import Fraction
from pathlib import Path

from analysis.allocation import NAMES, Rule
from app.session import UserMistake
from pricing.errors import RateError
from pricing.money import PICO, parse_signed_amount

WORDS = tuple(name for name in NAMES if name != "fixed")
DEFAULT = "cost"
HEADS = ["team", "share"]
MOST_BYTES = 1 << 20


def rule_of(text: str, folder: Path = Path(), *, option: str = "--rule") -> Rule:
    """The rule that an option or a setting names; a file's path is looked up from the folder. Raises UserMistake."""
    for word in WORDS:
        if text == word:
            return Rule(word)
    path = folder / text
    if not path.is_file():
        raise UserMistake(
            f"{option}: {text!r} is no rule and no file; there are {', '.join(WORDS)}, or a CSV of shares"
        )
    return Rule("fixed", read_shares(path))


def read_shares(path: Path) -> dict[str, Fraction]:
    """Each team's part, from a CSV with the columns team and share; raises UserMistake.

    Parts may be any numbers from 0 up, as heads or desks are. Written with ``%``, they have to add up to 100%.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserMistake(f"{path}: it is larger than a file of shares can be, 1 MiB")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserMistake(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UserMistake(f"{path}: it is no text in UTF-8") from None
    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if any(map(str.strip, row))]
    except csv.Error as error:
        raise UserMistake(f"{path}: it is no CSV: {error}") from None
    if not rows or [head.strip().lower() for head in rows[0]] != HEADS:
        raise UserMistake(f"{path}: its first line has to be team,share")
    return _checked(rows[1:], path)


def _checked(rows: list[list[str]], path: Path) -> dict[str, Fraction]:
    shares: dict[str, Fraction] = {}
    for row in rows:
        said = ",".join(row)
        if len(row) != len(HEADS) or not row[0].strip():
            raise UserMistake(f"{path}: {said!r} is no team and its share")
        team = row[0].strip()
        if team in shares:
            raise UserMistake(f"{path}: {team!r} is there twice")
        shares[team] = _part(row[1].strip(), path, said)
    if not any(shares.values()):
        raise UserMistake(f"{path}: nobody has a share above 0")
    percent = [row[1].strip().endswith("%") for row in rows]
    if any(percent) and not all(percent):
        raise UserMistake(f"{path}: write % with every share, or with none")
    if all(percent) and (whole := sum(shares.values())) != 100:
        raise UserMistake(f"{path}: the shares add up to {float(whole):g}%, and have to come to 100%")
    return shares


def _part(text: str, path: Path, said: str) -> Fraction:
    try:
        part = Fraction(parse_signed_amount(text.removesuffix("%").strip()), PICO)
    except RateError:
        part = Fraction(-1)
    if part < 0:
        raise UserMistake(f"{path}: {said!r}: write a share as in 12.5 or 12.5%, from 0 up")
    return part
