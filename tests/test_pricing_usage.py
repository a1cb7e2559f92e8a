"""Counts become disjoint meters by the declared flavour; contradictions are read, named and never clamped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.meters import BASE_METER, METERS, TOKEN_METERS, Usage
from pricing.usage import FLAVOURS, Counts, UsageReading, read_usage

OPENAI, ANTHROPIC, GEMINI = FLAVOURS["openai_chat"], FLAVOURS["anthropic"], FLAVOURS["gemini"]
INPUTS = [meter for meter in TOKEN_METERS if meter.startswith(("input", "cache"))]
OUTPUTS = [meter for meter in TOKEN_METERS if meter.startswith("output")]

counts = st.builds(Counts, *[st.none() | st.integers(0, 50)] * len(Counts._fields))
flavours = st.sampled_from(list(FLAVOURS.values()))


def summed(usage, meters):
    return sum(getattr(usage, meter) or 0 for meter in meters)


def test_meters_are_the_fields_of_usage():
    assert Usage._fields == METERS
    assert set(BASE_METER) == {"input_image", "input_audio", "input_video", "output_audio", "output_image"}


def test_flavours_are_found_by_name():
    assert {name: flavour[1:] for name, flavour in FLAVOURS.items()} == {
        "openai_chat": (True, True),
        "openai_responses": (True, True),
        "anthropic": (False, True),
        "bedrock_converse": (False, True),
        "gemini": (True, False),
        "cohere": (False, True),
    }


@pytest.mark.parametrize(
    ("flavour", "counted", "expected"),
    [
        (
            OPENAI,
            Counts(591, 120, cache_read=512, total=711),
            UsageReading(Usage(79, 512, output=120), 0, None),
        ),
        (OPENAI, Counts(), UsageReading(Usage(), None, None)),
        (OPENAI, Counts(10, None, total=10), UsageReading(Usage(10), 0, None)),
        (OPENAI, Counts(None, 5, cache_read=3), UsageReading(Usage(None, 3, output=5), None, None)),
        (
            OPENAI,
            Counts(100, 10, 20, 1, 2, 3, reasoning=10, total=110),
            UsageReading(Usage(74, 20, 1, 2, 3, 10), 0, None),
        ),
        (
            OPENAI,
            Counts(100, 50, input_audio=5, input_image=6, input_video=7, output_audio=8, output_image=9),
            UsageReading(
                Usage(82, output=33, input_image=6, input_audio=5, input_video=7, output_audio=8, output_image=9),
                None,
                None,
            ),
        ),
        (
            ANTHROPIC,
            Counts(10, 5, cache_read=500, cache_write_5m=90, reasoning=2, total=605),
            UsageReading(Usage(10, 500, 90, output=5), 0, None),
        ),
        (
            GEMINI,
            Counts(30, 5, cache_read=10, reasoning=40, total=75),
            UsageReading(Usage(20, 10, output=45), 0, None),
        ),
    ],
)
def test_counts_are_read_by_their_flavour(flavour, counted, expected):
    assert read_usage(counted, flavour) == expected


@pytest.mark.parametrize(
    ("flavour", "counted", "expected"),
    [
        (
            OPENAI,
            Counts(10, 5, cache_read=500, total=15),
            UsageReading(Usage(-490, 500, output=5), 0, "cache exceeds input"),
        ),
        (
            OPENAI,
            Counts(10, 5, cache_read=6, input_audio=5),
            UsageReading(Usage(4, 6, output=5), None, "modalities exceed input"),
        ),
        (
            ANTHROPIC,
            Counts(10, 5, cache_read=6, input_image=11),
            UsageReading(Usage(10, 6, output=5), None, "modalities exceed input"),
        ),
        (
            OPENAI,
            Counts(10, 5, reasoning=6),
            UsageReading(Usage(10, output=5), None, "reasoning exceeds output"),
        ),
        (
            OPENAI,
            Counts(10, 5, output_image=4, output_audio=2),
            UsageReading(Usage(10, output=5), None, "modalities exceed output"),
        ),
        (OPENAI, Counts(10, 5, total=16), UsageReading(Usage(10, output=5), 1, "total differs")),
        (OPENAI, Counts(10, 5, total=0), UsageReading(Usage(10, output=5), -15, "total differs")),
        (OPENAI, Counts(total=7), UsageReading(Usage(), 7, "total differs")),
        (
            OPENAI,
            Counts(10, 5, cache_read=11, reasoning=6, total=1, input_video=12, output_audio=6),
            UsageReading(
                Usage(-1, 11, output=5),
                -14,
                "cache exceeds input; modalities exceed input; reasoning exceeds output; "
                "modalities exceed output; total differs",
            ),
        ),
    ],
)
def test_contradictions_are_named(flavour, counted, expected):
    assert read_usage(counted, flavour) == expected


@given(counts, flavours)
def test_no_meter_is_negative_but_the_input_that_more_cache_than_prompt_leaves(counted, flavour):
    usage, _, review = read_usage(counted, flavour)
    assert min((count for count in usage[1:] if count is not None), default=0) >= 0
    assert (usage.input is not None and usage.input < 0) == ("cache exceeds input" in (review or ""))


@given(counts, flavours)
def test_without_a_reason_the_meters_add_up_to_what_was_reported(counted, flavour):
    usage, gap, review = read_usage(counted, flavour)
    if review or counted.prompt is None or counted.completion is None:
        return
    beside = 0 if flavour.cache_inside_input else summed(usage, [m for m in INPUTS if m.startswith("cache")])
    outside = 0 if flavour.reasoning_inside_output else counted.reasoning or 0
    assert summed(usage, INPUTS) == counted.prompt + beside
    assert summed(usage, OUTPUTS) == counted.completion + outside
    assert gap in (None, 0)


@given(counts, flavours)
def test_input_and_output_are_unknown_exactly_when_their_totals_are(counted, flavour):
    usage = read_usage(counted, flavour).usage
    assert (usage.input is None, usage.output is None) == (counted.prompt is None, counted.completion is None)
