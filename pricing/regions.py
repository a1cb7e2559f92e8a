"""Companies whose accounts are apart by region: a key of one region is refused at the address of another."""

from collections.abc import Iterable
from typing import NamedTuple

from pricing.card_model import Card
from pricing.sellers import starts_with


class Region(NamedTuple):
    """One region of a company, and the address that takes its keys alone."""

    company: str
    name: str
    url: str


APART = (
    Region("StepFun", "global", "https://api.stepfun.ai"),
    Region("StepFun", "China", "https://api.stepfun.com"),
    Region("Moonshot", "global", "https://api.moonshot.ai"),
    Region("Moonshot", "China", "https://api.moonshot.cn"),
    Region("MiniMax", "global", "https://api.minimax.io"),
    Region("MiniMax", "China", "https://api.minimaxi.com"),
    Region("Z.ai", "global", "https://api.z.ai"),
    Region("Z.ai", "China", "https://open.bigmodel.cn"),
    Region("Alibaba Cloud", "China", "https://dashscope.aliyuncs.com"),
    Region("Alibaba Cloud", "Singapore", "https://dashscope-intl.aliyuncs.com"),
    Region("Alibaba Cloud", "US", "https://dashscope-us.aliyuncs.com"),
    Region("Alibaba Cloud", "Hong Kong", "https://cn-hongkong.dashscope.aliyuncs.com"),
)
"""Regions whose keys are not interchangeable, as the companies say or their users found."""


def regions_of(cards: Iterable[Card]) -> list[Region]:
    """The regions that are known to be apart, and those of cards that name several for one seller."""
    found = list(APART)
    for card in cards:
        named = [(place.region, place.url) for place in card.base_urls if place.region]
        if len({region for region, _ in named}) > 1:
            found += [Region(card.name or card.seller, region, url) for region, url in named]
    return found


def find_region(base_url: str, regions: Iterable[Region]) -> Region | None:
    """The region that an address is in; None for one of no known region."""
    return next((region for region in regions if starts_with(base_url, region.url)), None)


def others(region: Region, regions: Iterable[Region]) -> list[Region]:
    """The same company's other regions."""
    return [each for each in regions if each.company == region.company and each.name != region.name]
