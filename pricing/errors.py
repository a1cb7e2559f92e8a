"""What can go wrong in pricing.

* ``PricingError``: catch it to tell a person what to correct
  * ``RateError``: a figure that is no rate
  * ``UsageError``: counts that cannot be priced
  * ``CardError``: one or more rate card files with mistakes
  * ``FxTableError``: a table of exchange rates with mistakes
"""

from collections.abc import Sequence


class PricingError(ValueError):
    """Base of every error of this package. Its text is one a person can act on."""


class RateError(PricingError):
    """A figure that is no rate: not a quoted decimal string, too exact, or absurdly high."""

    def __init__(self, figure: object, why: str) -> None:
        super().__init__(f"{figure!r} is no rate: {why}")


class UsageError(PricingError):
    """A negative count of a meter. Logs with one are rejected where they are read."""

    def __init__(self, meter: str, count: int) -> None:
        super().__init__(f"{meter} is {count}; a count is never negative")


class CardError(PricingError):
    """Rate cards with mistakes: every mistake of every file, one message each, in ``problems``."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems: tuple[str, ...] = tuple(problems)


class FxTableError(PricingError):
    """A table of exchange rates with mistakes; the text names the first of them, with its line."""
