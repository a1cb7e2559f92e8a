"""A launch plan that is changed input by input: what moves along, what makes room, and how it is written."""

from datetime import date

import pytest

from app.launch_draft import by_hand, moved, place_of, spread, with_guess, with_part, with_value, without_part
from app.launch_measured import Filled, Measured, fill
from app.launch_starts import FILES, start_of
from app.launch_words import field_of, figure, input_words, span_words
from planning.guess import SHARE, Bounds, Guess
from planning.launch_plan import inputs_of, read_launch_plan, write_launch_plan

TODAY = date(2026, 11, 22)
GUESS = Guess(low=500, likely=1000, high=2500)


def plan_of(name: str = "Mixed product"):
    return read_launch_plan(start_of(name, TODAY))


@pytest.mark.parametrize("name", FILES)
def test_every_first_plan_can_be_used_and_says_where_its_claims_are_from(name: str):
    plan = plan_of(name)
    assert read_launch_plan(write_launch_plan(plan)) == plan
    assert plan.start == date(2026, 11, 30)
    assert all(each.guess.note for each in inputs_of(plan) if each.guess.source == "claim")
    assert sum(each.guess.source == "claim" for each in inputs_of(plan)) >= 4


def test_low_and_high_keep_their_distance_in_proportion():
    assert moved(GUESS, 4000, Bounds()).span == (2000, 4000, 10000)
    assert moved(Guess(low=0.2, likely=0.4, high=0.8), 0.6, SHARE).span == (0.3, 0.6, 1.0)
    assert moved(Guess(likely=3), 5, Bounds()) == Guess(likely=5)
    assert moved(GUESS, 0, Bounds()).span == (0, 0, 0)


def test_ends_take_the_likely_value_along_and_may_be_given_the_wrong_way_round():
    assert spread(GUESS, 1200, 3000).span == (1200, 1200, 3000)
    assert spread(GUESS, 3000, 200).span == (200, 1000, 3000)
    assert not spread(GUESS, 800, 800).has_spread


def test_the_other_shares_make_room():
    plan = plan_of()
    changed = read_launch_plan(with_guess(plan, "kinds.short_text.share", Guess(likely=0.725)))
    shares = {name: kind.share.span.likely for name, kind in changed.kinds.items()}
    assert shares["short_text"] == 0.725
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["tool_call"] == pytest.approx(0.1)
    alone = read_launch_plan(with_guess(plan, "kinds.image.share", Guess(likely=1)))
    assert [kind.share.span.likely for kind in alone.kinds.values()] == [0, 0, 1, 0, 0, 0]
    back = read_launch_plan(with_guess(alone, "kinds.image.share", Guess(likely=0.5)))
    assert back.kinds["failure"].share.span.likely == pytest.approx(0.1)


def test_a_kind_comes_with_nothing_and_leaves_its_share_to_the_others():
    document = write_launch_plan(plan_of("Chat assistant"))
    more = with_part(document, "kinds", "video", {"input_tokens": 1, "output_tokens": 1})
    assert read_launch_plan(more).kinds["video"].share.span.likely == 0
    less = read_launch_plan(without_part(document, "kinds", "short_text"))
    assert less.kinds["long_context"].share.span == (0.5, 1, 1)


def test_what_a_person_writes_over_a_measurement_is_a_guess():
    was = Guess(likely=3, source="measured", note="of 12 calls")
    assert by_hand(was, Guess(likely=4, source="measured", note="of 12 calls")) == Guess(likely=4)
    claim = Guess(likely=4, source="claim")
    assert by_hand(Guess(likely=3, source="claim"), claim) is claim


def test_every_input_has_its_place_and_its_words():
    document = write_launch_plan(plan_of())
    document = with_value(document, ("effort",), {"low": {"share": 0.4}, "high": {"share": 0.6}})
    document = with_value(document, ("routes",), [document["routes"][0] | {"share": share} for share in (0.3, 0.7)])
    document = with_value(document, ("adoption",), {"curve": "points", "points": [{"day": 7, "share": 0.1}]})
    document = with_value(document, ("escalation",), {"share": 0.1, "seller": "openai", "model": "gpt-5"})
    plan = read_launch_plan(document)
    names = [each.name for each in inputs_of(plan)]
    words = [input_words(name) for name in names]
    assert len(set(words)) == len(names)
    for name in names:
        assert field_of(name).about
        changed = read_launch_plan(with_guess(plan, name, Guess(likely=1, note="here")))
        assert [each.guess.note for each in inputs_of(changed) if each.name == name] == ["here"]
    assert place_of(plan, "adoption.day 7") == ("adoption", "points", 0, "share")


def test_figures_are_short():
    assert [figure(value) for value in (0, 0.25, 970, 1200, 27000, 3_400_000)] == [
        "0", "0.25", "970", "1,200", "27k", "3.4M",
    ]  # fmt: skip
    assert span_words(field_of("users"), GUESS) == "500 – 2,500"
    assert span_words(field_of("weekend"), Guess(low=0.3, likely=0.5, high=0.8)) == "30 – 80%"
    assert span_words(field_of("users"), Guess(likely=1)) == "no spread"


def test_measured_shares_that_nearly_add_up_are_made_a_whole():
    plan = read_launch_plan(with_guess(plan_of("Chat assistant"), "kinds.short_text.share", Guess(source="measured")))
    plan = read_launch_plan(with_value(write_launch_plan(plan), ("kinds", "long_context", "share"), "measured"))
    said = {
        f"kinds.{name}.share": Filled(f"kinds.{name}.share", Guess(likely=likely, source="measured", note="12 calls"))
        for name, likely in (("short_text", 0.7), ("long_context", 0.28))
    }
    filled, names = fill(plan, Measured(said, {}, 12, None, None, None, ()))
    shares = [kind.share for kind in filled.kinds.values()]
    assert [share.span.likely for share in shares] == pytest.approx([0.7 / 0.98, 0.28 / 0.98])
    assert {(share.source, share.note) for share in shares} == {("measured", "12 calls")}
    assert len(names) == 2
