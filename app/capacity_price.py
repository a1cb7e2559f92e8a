"""What a call costs at a seller's rates of now: in the mean, and the dearest that the model takes."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from planning.allowance import Longest, dearest_call
from planning.prices import BUCKET_LEAST
from pricing.call_terms import CallTerms
from pricing.card_terms import STANDARD
from pricing.cost import FEES
from pricing.meters import METERS
from pricing.rates import Rate
from pricing.spans import RateFinder
from warehouse.capacity import MixCell
from warehouse.folder import Folder
from warehouse.rates import compile_rates, read_cards

INPUT, OUTPUT, CACHE_READ, REQUEST = (METERS.index(name) for name in ("input", "output", "cache_read", "request"))


class Price(NamedTuple):
    """Of one call, in pico-units; None where no rate says."""

    currency: str | None
    mean: Fraction | None
    output: Fraction | None
    """Of one output token, in the mean of the calls."""
    dearest: Longest | None
    unpriced: int
    """Calls that no rate of this seller prices: they are in no mean."""
    source: str | None


class Seller:
    """A seller's rates of one model at one instant."""

    def __init__(self, root: Path, seller: str, model: str, now: datetime) -> None:
        self.finder = RateFinder(rate for rate in compile_rates(read_cards(Folder(root))) if rate.seller == seller)
        self.seller, self.model, self.now = seller, model, now
        self.rate = lru_cache(self._rate)

    def _rate(self, size: int, tier: str = STANDARD) -> Rate | None:
        return self.finder.find(CallTerms(self.seller, self.model, self.now, size, tier))

    def price(self, mix: Sequence[MixCell], context: int | None, longest: int | None) -> Price:
        """What calls of this mix cost, each cell at its own step of input size and its own tier."""
        total, output, requests, outputs, unpriced = 0, 0, 0, 0, 0
        currency = source = None
        for cell in mix:
            rate = self.rate(BUCKET_LEAST[cell.context_bucket or 0], cell.tier)
            if rate is None or not _sells(rate, cell.counts):
                unpriced += cell.requests
                continue
            currency, source = rate.currency, rate.source
            total += sum(count * (pico or 0) for count, pico in zip(cell.counts, rate.pico, strict=True))
            output += cell.counts[OUTPUT] * (rate.pico[OUTPUT] or 0)
            requests += cell.requests
            outputs += cell.counts[OUTPUT]
        return Price(
            currency,
            Fraction(total, requests) if requests else None,
            Fraction(output, outputs) if outputs else None,
            self.dearest(context, longest),
            unpriced,
            source,
        )

    def dearest(self, context: int | None, longest: int | None) -> Longest | None:
        """The dearest call of text that the model takes, without a cache; None where the card lacks its context."""
        if context is None:
            return None
        steps, fee = [], 0
        for least in BUCKET_LEAST:
            rate = self.rate(least) if least <= context else None
            if rate is not None and rate.pico[INPUT] is not None and rate.pico[OUTPUT] is not None:
                steps.append((least, rate.pico[INPUT] or 0, rate.pico[OUTPUT] or 0))
                fee = max(fee, rate.pico[REQUEST] or 0)
        found = dearest_call(context, longest, steps) if steps and steps[0][0] == 0 else None
        return None if found is None else found._replace(pico=found.pico + fee)


def _sells(rate: Rate, counts: Sequence[int]) -> bool:
    return all(
        pico is not None or not count or meter in FEES
        for meter, count, pico in zip(METERS, counts, rate.pico, strict=True)
    )


def mean_call(input_tokens: float, cached_tokens: float, output_tokens: float) -> list[MixCell]:
    """A thousand calls of a mean size, as a mix."""
    counts = [0] * len(METERS)
    counts[INPUT] = round(1000 * max(0.0, input_tokens - cached_tokens))
    counts[CACHE_READ] = round(1000 * min(cached_tokens, input_tokens))
    counts[OUTPUT] = round(1000 * output_tokens)
    counts[REQUEST] = 1000
    bucket = sum(input_tokens >= least for least in BUCKET_LEAST) - 1
    return [MixCell(STANDARD, max(bucket, 0), 1000, tuple(counts))]
