"""What vendors say of a model's speed on one's own servers: sentences to show, from which nothing can be reckoned."""

from pathlib import Path

from app.claimed import all_claims
from warehouse.rate_sellers import family_of


def claimed_speeds(root: Path, family: str) -> tuple[str, ...]:
    """The speeds claimed of a model without a number of GPUs and a mix, each with whose word it is."""
    found = [claim for _, claim in all_claims(root) if family_of(claim.model) == family]
    return tuple(
        f"{claim.text} {claim.unit} on {claim.conditions} ({claim.by}, {claim.date}; {claim.status})"
        for claim in found
        if claim.unit == "tokens/s" and "self-hosted" in claim.about
    )
