"""The fields of a rate card: figures, instants, days and names, each with the message for a mistaken one."""

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from pricing.money import RATE_PATTERN, parse_rate, parse_unit_rate

_SAME_AS = re.compile(r"same_as ([a-z0-9_]+)")
_FACTOR = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,12})?")
_YEARS = range(2000, 9999)


def same_as(figure: str) -> str | None:
    """The meter that a figure points at: ``"same_as input"`` gives ``input``; None where there is none."""
    match = _SAME_AS.fullmatch(figure)
    return match[1] if match else None


def _token_figure(value: object) -> object:
    if not (isinstance(value, str) and same_as(value)):
        parse_rate(value)
    return value


def _unit_figure(value: object) -> object:
    parse_unit_rate(value)
    return value


def _factor(value: object) -> object:
    if not isinstance(value, str) or not _FACTOR.fullmatch(value):
        raise ValueError(f'{value} is no factor; write it quoted, as in "0.5"')
    return value


def _percent(value: object) -> object:
    if not isinstance(value, str) or not _FACTOR.fullmatch(value) or not 0 < Fraction(value) < 100:
        raise ValueError(f'{value} is no percentage between 0 and 100; write it quoted, as in "15"')
    return value


def _instant(value: object) -> datetime:
    example = "write it like 2026-06-18T00:00:00Z"
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value} is no date and time; {example}") from None
    if not isinstance(value, datetime):
        raise ValueError(f"{value} is no date and time; {example}")
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone; {example}")
    if value.microsecond or value.year not in _YEARS:
        raise ValueError(f"{value} is not a whole second of the years 2000 to 9998; for no end leave it out")
    return value.astimezone(UTC)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value} is no date; write it like 2026-06-18") from None


def _zone(value: object) -> object:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{value} is no time zone; write it like UTC or Asia/Shanghai") from None
    return value


Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A second with its zone; kept in UTC."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
TokenFigure = Annotated[
    str,
    BeforeValidator(_token_figure),
    WithJsonSchema({"type": "string", "pattern": f"{RATE_PATTERN}|^{_SAME_AS.pattern}$"}),
]
"""A quoted decimal per 1,000,000 tokens, or ``same_as`` and a meter that has one."""
UnitFigure = Annotated[str, BeforeValidator(_unit_figure), WithJsonSchema({"type": "string", "pattern": RATE_PATTERN})]
"""A quoted decimal per single unit."""
Factor = Annotated[str, BeforeValidator(_factor), WithJsonSchema({"type": "string", "pattern": f"^{_FACTOR.pattern}$"})]
"""A quoted decimal that figures are multiplied by, exactly."""
Percent = Annotated[
    str, BeforeValidator(_percent), WithJsonSchema({"type": "string", "pattern": f"^{_FACTOR.pattern}$"})
]
"""A quoted decimal between 0 and 100."""
Zone = Annotated[str, BeforeValidator(_zone)]
"""A time zone by its IANA name."""
Text = Annotated[str, Field(pattern=r"^\S(.*\S)?$")]
"""A line of text without spaces around it."""
Prose = Annotated[str, Field(pattern=r"\S")]
Seller = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Status = Annotated[int, Field(ge=100, le=599, strict=True)]
Confidence = Literal["official", "registry", "article", "contract"]
"""On whose word: the seller's, a price registry's, an article's, or a signed contract's."""
Quantity = Annotated[str, Field(pattern=RATE_PATTERN, strict=True)]
"""A quoted decimal that is no rate: an amount paid, a score."""
Tokens = Annotated[int, Field(ge=1, lt=1 << 40, strict=True)]


class Part(BaseModel):
    """A part of a card: a key it does not know is refused, so that nothing a card says is ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)
