"""What a reader has to know of an answer about limits."""

from app.capacities import Basis, Capacity
from warehouse.capacity import MOST_CALLS


def notes_of(found: Capacity) -> list[str]:
    """How it is counted, on what it rests, and what is not known."""
    tiers = [each.tier for each in found.standings]
    notes = ["Over a limit: when the call begins, the 60 seconds up to it hold more than the limit, none held back."]
    notes += _of_basis(found)
    if found.basis.calls.duration_us is None and any(tier.caps.concurrency for tier in tiers):
        notes.append("How long calls take is not known: nothing is said of concurrency. Give --seconds.")
    if any(tier.is_account_wide for tier in tiers):
        notes.append("A tier that names no model may count all of the account's calls together: these are one model's.")
    notes += _of_price(found)
    notes.append("Tokens are input, cached too, and output as answered; some sellers count max_tokens in its place.")
    return notes


def _of_basis(found: Capacity) -> list[str]:
    basis, kind = found.basis, found.basis.kind
    notes = []
    if basis.crowd is not None:
        notes.append("Estimates: nothing was replayed. Waits are of drawn calls, rough near a full tier.")
    if basis.growth is not None:
        notes.append(_growth(basis, basis.growth))
    if kind is not None:
        notes.append(f"Class {kind.name}: {kind.about}. {kind.source} ({kind.licence}). {kind.note}")
        if found.asked.input_tokens is None:
            sizes = f"{kind.input_tokens:,.0f} tokens in and {kind.output_tokens:,.0f} out"
            notes.append(f"Its calls have {sizes} in the mean, none of them cached: give your own.")
    if basis.cut:
        notes.append(f"The newest {MOST_CALLS:,} calls are looked at.")
    return notes


def _growth(basis: Basis, times: float) -> str:
    measured = basis.kind.name if basis.kind else "own calls"
    return (
        f"That is {times:,.1f} times the rate at which {measured} were measured. Shares over a limit, tiers and waits "
        f"are as if every burst grew with it; the lower share is that of more users who come independently of each "
        f"other. What is true lies between."
    )


def _of_price(found: Capacity) -> list[str]:
    price, seller = found.price, found.asked.seller
    if price.mean is None:
        return [f"No rate of {seller} prices these calls now: what the limit lets one spend is unknown."]
    notes = [f"Priced at {seller}'s rates of now: {price.source}."]
    if price.unpriced:
        notes.append(f"{price.unpriced:,} calls have no rate there; the cost of a call is the mean of the others.")
    return notes
