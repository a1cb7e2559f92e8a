"""Four costs side by side, per seller and model: as priced, as reported, re-rated, as invoiced."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from pricing.four_costs import UNPRICED, UNREPORTED, Reason, merged, reason_of_invoice, reasons_of
from warehouse.connection import Reader
from warehouse.four_sums import Line, read_lines
from warehouse.invoices import ASIDE, Invoice, Part, covers, credited, kinds_notes, parts_within
from warehouse.rerated import latest_run
from warehouse.scope import EVERYTHING, Scope

Key = tuple[str | None, str | None, str | None]
"""Seller, model (None: all of the seller's, or none named) and currency."""
NOT_COVERED = "the invoices are not about all of these days and models"
BY_DAYS = "the invoice's share of these days, whatever was called on them"


class FourCosts(NamedTuple):
    """The costs of one seller, or of one of its models, in one currency; None where a cost is not known."""

    seller: str | None
    model: str | None
    is_seller: bool
    """All models of the seller together."""
    currency: str | None
    first: date | None
    last: date | None
    calls: int
    unpriced: int
    billed: int | None
    reported: int | None
    kinds: tuple[str, ...]
    """What the reported figures are, as the log says."""
    rerated: int | None
    invoiced: int | None
    parts: tuple[Part, ...]
    """The invoices, or shares of their days, that ``invoiced`` adds up."""
    reasons: tuple[Reason, ...]
    """Why ``reported`` is not ``billed``."""
    is_covered: bool
    """The invoices are about every day from the first call to the last, and about every model."""
    unpriced_elsewhere: int
    """Calls of the same seller without a price, and so without a currency: they may be in an invoice."""

    @property
    def invoice_reason(self) -> str | None:
        """Why ``invoiced`` is not ``billed``; None where it is, or where there is nothing to compare."""
        if self.invoiced is None or self.billed is None:
            return None
        if not self.is_covered:
            return NOT_COVERED
        if not all(part.is_whole for part in self.parts):
            return BY_DAYS
        return reason_of_invoice(self.invoiced, self.billed, self.reported, self.unpriced_elsewhere, self.credited)

    @property
    def credited(self) -> tuple[int, str] | None:
        """What credits take off ``invoiced``, in pico-units and in words; None where there is none."""
        return credited(self.parts, self.currency)


def four_costs(reader: Reader, invoices: Sequence[Invoice], scope: Scope = EVERYTHING) -> list[FourCosts]:
    """Each seller's costs per currency, followed by those of its models; dearest model first."""
    parts = parts_within(invoices, scope)
    latest = latest_run(reader, scope)
    rerated = latest.costs if latest else {}
    models = [_model_line(line, parts, rerated) for line in read_lines(reader, scope)]
    models = [line._replace(unpriced_elsewhere=_unpriced(models, line)) for line in models]
    models += [_unseen(part) for part in _first_of_each(parts) if part.invoice.model and not _is_met(part, models)]
    found = []
    for seller, currency in _sellers(models, parts):
        own = [line for line in models if (line.seller, line.currency) == (seller, currency)]
        mine = tuple(part for part in parts if (part.invoice.seller, part.invoice.currency) == (seller, currency))
        unpriced = sum(line.unpriced for line in models if line.seller == seller)
        found += [_seller_line(seller, currency, own, mine)._replace(unpriced_elsewhere=unpriced), *own]
    return found


def notes_on_invoices(lines: Sequence[FourCosts], invoices: Sequence[Invoice], scope: Scope) -> list[str]:
    """Which kinds of an invoice's lines are in what is invoiced, and which are not."""
    parts = dict.fromkeys(part for line in lines for part in line.parts)
    return kinds_notes(parts, parts_within(invoices, scope, kinds=ASIDE))


def without_repeats(lines: Sequence[FourCosts]) -> list[FourCosts]:
    """Without the line of a seller whose only model says the same."""
    kept = []
    for place, line in enumerate(lines):
        own = [each for each in lines[place + 1 :] if (each.seller, each.currency) == (line.seller, line.currency)]
        if not (line.is_seller and len(own) == 1 and own[0].invoiced == line.invoiced):
            kept.append(line)
    return kept


def _model_line(line: Line, parts: Sequence[Part], rerated: dict[Key, int]) -> FourCosts:
    key, (billed, reported) = (line.seller, line.model, line.currency), line.sums[:2]
    mine = tuple(part for part in parts if _key_of(part) == key and line.model is not None)
    return FourCosts(
        line.seller,
        line.model,
        False,
        line.currency,
        line.first,
        line.last,
        line.calls,
        line.unpriced,
        billed,
        reported,
        tuple(sorted(line.kinds)),
        rerated.get(key),
        sum(part.pico for part in mine) if mine else None,
        mine,
        tuple(reasons_of(line.sums)) if billed is not None and reported is not None else (),
        line.first is not None
        and line.last is not None
        and covers([part for part in mine if part.invoice.key is None], line.first, line.last),
        0,
    )


def _seller_line(
    seller: str | None, currency: str | None, models: Sequence[FourCosts], parts: tuple[Part, ...]
) -> FourCosts:
    called = [line for line in models if line.first and line.last]
    first = min((line.first for line in called if line.first), default=None)
    last = max((line.last for line in called if line.last), default=None)
    whole = [part for part in parts if part.invoice.model is None and part.invoice.key is None]
    both = any(line.billed is not None for line in models) and any(line.reported is not None for line in models)
    return FourCosts(
        seller,
        None,
        True,
        currency,
        first,
        last,
        sum(line.calls for line in models),
        sum(line.unpriced for line in models),
        _sum(line.billed for line in models),
        _sum(line.reported for line in models),
        tuple(sorted({kind for line in models for kind in line.kinds})),
        _rerated(models),
        _sum(part.pico for part in parts),
        parts,
        tuple(merged([reason for line in models for reason in _whole_reasons(line)])) if both else (),
        bool(first and last and covers(whole, first, last)) or all(line.is_covered for line in called),
        0,
    )


def _rerated(models: Sequence[FourCosts]) -> int | None:
    """Of a seller whose every priced model was re-rated: the sum of some would look like the whole."""
    known = all(line.rerated is not None for line in models if line.billed is not None)
    return _sum(line.rerated for line in models) if known else None


def _whole_reasons(line: FourCosts) -> Sequence[Reason]:
    """A model's reasons as a part of its seller's: one that has only one of the two costs has all of it to explain."""
    if line.billed is None:
        return [Reason(UNPRICED, line.reported)] if line.reported else []
    return [Reason(UNREPORTED, -line.billed)] if line.reported is None and line.billed else line.reasons


def _unseen(part: Part) -> FourCosts:
    """An invoice about a model of which no call is known."""
    each = part.invoice
    empty = (None, None, 0, 0, None, None, (), None)
    return FourCosts(each.seller, each.model, False, each.currency, *empty, part.pico, (part,), (), False, 0)


def _is_met(part: Part, models: Sequence[FourCosts]) -> bool:
    return any((line.seller, line.model, line.currency) == _key_of(part) for line in models)


def _unpriced(models: Sequence[FourCosts], line: FourCosts) -> int:
    """Calls of the same seller, and of the same model where one is named, that have no price."""
    return sum(
        other.unpriced
        for other in models
        if (other.seller, other.model) == (line.seller, line.model) and other.unpriced
    )


def _first_of_each(parts: Sequence[Part]) -> list[Part]:
    """The parts of one seller, model and currency put together as one."""
    groups: dict[Key, list[Part]] = {}
    for part in parts:
        groups.setdefault(_key_of(part), []).append(part)
    return [found[0]._replace(pico=sum(part.pico for part in found)) for found in groups.values()]


def _key_of(part: Part) -> Key:
    return part.invoice.seller, part.invoice.model, part.invoice.currency


def _sellers(models: Sequence[FourCosts], parts: Sequence[Part]) -> list[tuple[str | None, str | None]]:
    pairs = [(line.seller, line.currency) for line in models]
    pairs += [(part.invoice.seller, part.invoice.currency) for part in parts]
    return sorted(dict.fromkeys(pairs), key=lambda pair: (pair[0] is None, pair[0], pair[1] is None, pair[1]))


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
