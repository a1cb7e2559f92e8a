"""Checks of keys that were refused: one of another region's account, one that is not valid, one that was put right."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.doctor import Check, Finding, Patient, counted, first_few
from app.figures import count, things

if TYPE_CHECKING:
    from pricing.regions import Region
    from warehouse.checkups import KeyPlace

WRONG_REGION = "wrong region"
REFUSED = "refused keys"


class Stay(NamedTuple):
    """A key or caller at an address, and the region that it is in, where that is known."""

    place: "KeyPlace"
    address: str
    region: "Region | None"

    @property
    def who(self) -> str:
        """``key search-prod``, ``calls of support``."""
        if self.place.caller is None:
            return "calls without a name"
        return f"{'key' if self.place.is_key else 'calls of'} {self.place.caller}"


def refused(patient: Patient) -> Iterator[Finding]:
    """Keys that were refused: of another region's account, else invalid; and those that were put right."""
    from pricing.regions import others, regions_of
    from warehouse.checkups import refused_keys
    from warehouse.folder import Folder
    from warehouse.rates import read_cards

    places = refused_keys(patient.reader, patient.scope)
    if not places:
        return
    cards = read_cards(Folder(patient.root)).all
    regions = regions_of(cards)
    urls = {card.seller: card.base_urls[0].url for card in reversed(cards) if card.base_urls}
    stays = [_stay(place, urls, regions) for place in places]
    for stay in stays:
        if stay.place.refused and not stay.place.is_over:
            home = _home(stay, stays)
            yield (
                _of_region(stay, home) if home else _invalid(stay, others(stay.region, regions) if stay.region else [])
            )
    past = [stay for stay in stays if stay.place.refused and stay.place.is_over]
    if past:
        calls = sum(stay.place.refused for stay in past)
        yield Finding(
            REFUSED,
            f"{things(calls, 'attempt')} refused for their key, and later ones answered there",
            "nothing, if the key was put right",
            needs_person=False,
            calls=calls,
            cases=first_few(counted((f"{stay.who} at {stay.address}", stay.place.refused) for stay in past)),
            page="reconciliation",
        )


def _stay(place: "KeyPlace", urls: dict[str, str], regions: "Sequence[Region]") -> Stay:
    from pricing.regions import find_region

    address = place.base_url or urls.get(place.seller or "", "")
    return Stay(place, address or place.seller or "", find_region(address, regions) if address else None)


def _home(stay: Stay, stays: Sequence[Stay]) -> Stay | None:
    """Where the same caller is answered: in another region of the company whose address refuses it every time."""
    region, place = stay.region, stay.place
    if region is None or place.caller is None or place.answered:
        return None
    alike = [
        each
        for each in stays
        if (each.place.caller, each.place.is_key) == (place.caller, place.is_key) and each.place.answered
    ]
    near = [
        each
        for each in alike
        if each.region and each.region.company == region.company and each.region.name != region.name
    ]
    return max(near, key=lambda each: each.place.answered, default=None)


def _of_region(stay: Stay, home: Stay) -> Finding:
    assert stay.region and home.region
    theirs = f"{home.region.company}'s {home.region.name} region, not of its {stay.region.name} one"
    verdict = f"it is a key of {theirs}" if stay.place.is_key else f"its key seems to be one of {theirs}"
    return Finding(
        WRONG_REGION,
        f"{stay.who} was answered at {home.address} ({count(home.place.answered)}) and refused at {stay.address} "
        f"({count(stay.place.refused)}): {verdict}",
        f"set the client's base_url to {home.address}, or give it a key of an account of the {stay.region.name} region",
        needs_person=True,
        calls=stay.place.refused,
        page="reconciliation",
    )


def _invalid(stay: Stay, elsewhere: "Sequence[Region]") -> Finding:
    place = stay.place
    also = "".join(f"; a key of {each.company}'s {each.name} region works at {each.url} alone" for each in elsewhere)
    when = "none answered since" if place.answered else "none answered"
    return Finding(
        REFUSED,
        f"{count(place.refused)} of {things(place.attempts, 'attempt')} of {stay.who} refused for their key at "
        f"{stay.address}, and {when}",
        f"look whether the key is valid{also}",
        needs_person=True,
        calls=place.refused,
        page="reconciliation",
    )


KEYS = (Check((WRONG_REGION, REFUSED), refused),)
