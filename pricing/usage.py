"""From the counts that an API reports to disjoint meters, and whether the counts can be true.

A **flavour** says what a seller's API surface puts inside what: cached tokens inside the prompt count or
beside it, reasoning inside the completion count or beside it. Whoever reads the log declares it; it is never
guessed.

The warehouse does the same in SQL for whole files, and a property test holds the two equal. So the rules are:

- A count that is None counts as 0 in every sum and difference below; it never becomes 0 itself.
- *cache* is cache_read + cache_write_5m + cache_write_1h + cache_write. *modalities in* is input_audio +
  input_image + input_video; *modalities out* is output_audio + output_image.
- *answer* is completion, plus reasoning when the flavour has it outside.
- input = prompt - cache - modalities in, when cache is inside; prompt - modalities in, when it is outside.
  output = answer - modalities out. input is None when prompt is; output is None when completion is.
- check_gap = total - (prompt + answer) when cache is inside, total - (prompt + cache + answer) when it is
  outside; None without total. It is always the declared flavour's, whatever else is found.
- Counts that contradict each other are read all the same, with a reason. Nothing is clamped:

  1. ``cache exceeds input``: inside, and cache > prompt. It cannot be, and input is then negative: the meters are
     what the flavour says, so that they add up to what was reported, and the call's band has the other readings.
  2. ``modalities exceed input``: there are more than is left. They stay in it, and their meters are None.
  3. ``reasoning exceeds output``: inside, and reasoning > completion.
  4. ``modalities exceed output``: output would be negative. They stay in it, and their meters are None.
  5. ``total differs``: check_gap is neither None nor 0.

  Several reasons are joined with ``"; "``, in this order. No comparison with a prompt, completion or total
  of None holds.
"""

from typing import NamedTuple

from pricing.meters import Usage

CACHE_EXCEEDS = "cache exceeds input"
MODALITIES_EXCEED_INPUT = "modalities exceed input"
REASONING_EXCEEDS = "reasoning exceeds output"
MODALITIES_EXCEED_OUTPUT = "modalities exceed output"
TOTAL_DIFFERS = "total differs"


class Flavour(NamedTuple):
    """What an API surface counts inside what."""

    name: str
    cache_inside_input: bool
    reasoning_inside_output: bool


FLAVOURS: dict[str, Flavour] = {
    flavour.name: flavour
    for flavour in (
        Flavour("openai_chat", cache_inside_input=True, reasoning_inside_output=True),
        Flavour("openai_responses", cache_inside_input=True, reasoning_inside_output=True),
        Flavour("anthropic", cache_inside_input=False, reasoning_inside_output=True),
        # Its total holds the cached tokens too.
        Flavour("bedrock_converse", cache_inside_input=False, reasoning_inside_output=True),
        Flavour("gemini", cache_inside_input=True, reasoning_inside_output=False),
        # Its billed units: what it counts as cached is not among them.
        Flavour("cohere", cache_inside_input=False, reasoning_inside_output=True),
    )
}
"""Flavours by name."""


class Counts(NamedTuple):
    """Token counts as the API reports them. None: not reported. Never negative: such a line is rejected."""

    prompt: int | None = None
    completion: int | None = None
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None
    total: int | None = None
    input_audio: int | None = None
    input_image: int | None = None
    input_video: int | None = None
    output_audio: int | None = None
    output_image: int | None = None


class UsageReading(NamedTuple):
    """Meters of one call, what the reported total is off by (tokens), and why it needs review (or None).

    ``usage.web_search`` and ``usage.request`` are None here: no token count holds them.
    """

    usage: Usage
    check_gap: int | None
    review: str | None


def read_usage(counts: Counts, flavour: Flavour) -> UsageReading:
    """The meters of ``counts``, by the rules at the top of this module."""
    reasons: list[str] = []
    usage = _read_input(_as_reported(counts), counts, flavour, reasons)
    if flavour.reasoning_inside_output and _exceeds(counts.reasoning, counts.completion):
        reasons.append(REASONING_EXCEEDS)
    usage = _read_output(usage, counts, flavour, reasons)
    gap = _check_gap(counts, flavour)
    if gap:
        reasons.append(TOTAL_DIFFERS)
    return UsageReading(usage, gap, "; ".join(reasons) or None)


def _as_reported(counts: Counts) -> Usage:
    return Usage(
        cache_read=counts.cache_read,
        cache_write_5m=counts.cache_write_5m,
        cache_write_1h=counts.cache_write_1h,
        cache_write=counts.cache_write,
        input_image=counts.input_image,
        input_audio=counts.input_audio,
        input_video=counts.input_video,
        output_audio=counts.output_audio,
        output_image=counts.output_image,
    )


def _read_input(usage: Usage, counts: Counts, flavour: Flavour, reasons: list[str]) -> Usage:
    if counts.prompt is None:
        return usage
    text = counts.prompt
    if flavour.cache_inside_input:
        text -= _cache(counts)
        if text < 0:
            reasons.append(CACHE_EXCEEDS)
    modalities = _sum(counts.input_audio, counts.input_image, counts.input_video)
    if modalities and modalities > text:
        reasons.append(MODALITIES_EXCEED_INPUT)
        return usage._replace(input=text, input_audio=None, input_image=None, input_video=None)
    return usage._replace(input=text - modalities)


def _read_output(usage: Usage, counts: Counts, flavour: Flavour, reasons: list[str]) -> Usage:
    if counts.completion is None:
        return usage
    answer = _answer(counts, flavour)
    modalities = _sum(counts.output_audio, counts.output_image)
    if modalities > answer:
        reasons.append(MODALITIES_EXCEED_OUTPUT)
        return usage._replace(output=answer, output_audio=None, output_image=None)
    return usage._replace(output=answer - modalities)


def _check_gap(counts: Counts, flavour: Flavour) -> int | None:
    if counts.total is None:
        return None
    beside = 0 if flavour.cache_inside_input else _cache(counts)
    return counts.total - (_sum(counts.prompt) + beside + _answer(counts, flavour))


def _answer(counts: Counts, flavour: Flavour) -> int:
    return _sum(counts.completion, None if flavour.reasoning_inside_output else counts.reasoning)


def _cache(counts: Counts) -> int:
    return _sum(counts.cache_read, counts.cache_write_5m, counts.cache_write_1h, counts.cache_write)


def _sum(*parts: int | None) -> int:
    return sum(part or 0 for part in parts)


def _exceeds(part: int | None, whole: int | None) -> bool:
    return part is not None and whole is not None and part > whole
