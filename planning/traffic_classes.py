"""Kinds of traffic measured on public traces: for those whose own calls do not exist yet."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.crowd import Crowd

DATA = Path(__file__).parent / "traffic_classes.json"


class TrafficClass(NamedTuple):
    """One kind of traffic, and where its numbers are from."""

    name: str
    about: str
    crowd: Crowd
    input_tokens: float
    """Of a call, in the mean."""
    output_tokens: float
    parts: tuple[float, ...]
    """Input and output together: the means of equal parts of the calls, the shortest part first."""
    calls: int
    minutes: int
    per_minute: float
    """How many came in the mean, where they were measured."""
    source: str
    licence: str
    note: str

    def sizes(self, count: int, mean: float | None, random: np.random.Generator) -> NDArray[np.int64]:
        """Tokens of so many calls, drawn; with another mean all are as many times longer."""
        parts = np.array(self.parts)
        scale = 1.0 if mean is None else mean / parts.mean()
        found: NDArray[np.int64] = np.rint(random.choice(parts, count) * scale).astype(np.int64)
        return found


@cache
def traffic_classes() -> dict[str, TrafficClass]:
    """All of them, by name."""
    rows = json.loads(DATA.read_text(encoding="utf-8"))["classes"]
    return {row["name"]: _class_of(row) for row in rows}


def _class_of(row: dict[str, object]) -> TrafficClass:
    crowd = row.pop("crowd")
    assert isinstance(crowd, dict)
    parts = row.pop("parts")
    assert isinstance(parts, list)
    held = Crowd(tuple(crowd["levels"]), tuple(crowd["weights"]), crowd["stay"])
    return TrafficClass(**row, crowd=held, parts=tuple(parts))  # type: ignore[arg-type]
