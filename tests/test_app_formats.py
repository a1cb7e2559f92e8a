"""Figures as people read them, the clock, and the colours of models."""

from datetime import datetime

import pytest

from app.clock import now
from app.components.formats import amounts, count, duration, money, share
from app.components.task_spread import edges_of
from pricing.money import PICO
from reports.colours import OTHER, PALETTE, PATTERNS, paint_of
from warehouse.overview_tasks import TaskSpread


@pytest.mark.parametrize(
    ("pico", "currency", "text"),
    [
        (None, None, "unknown"),
        (None, "USD", "unknown"),
        (0, "USD", "$0.00"),
        (174_280_000, "USD", "$0.000174"),
        (1, "USD", "$0.000000000001"),
        (12_960_000_000, "CNY", "CN¥0.0130"),
        (255_000_000_000, "USD", "$0.2550"),
        (1_234_565 * PICO // 1000, "USD", "$1,234.56"),
        (-5 * PICO, "EUR", "−€5.00"),
        (16_300 * PICO, "USD", "$16.3k"),
        (999_950 * PICO, "USD", "$1.00M"),
        (1_200_000 * PICO, "CHF", "CHF 1.20M"),
    ],
)
def test_money(pico, currency, text):
    assert money(pico, currency) == text


def test_amounts_of_several_currencies_stand_side_by_side():
    assert amounts({"USD": 2 * PICO, "CNY": PICO}) == "CN¥1.00 and $2.00"
    assert amounts({}) == "unknown"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "–"), (0, 9, "0%"), (9, 9, "100%"), (1, 100_000, "<0.1%"), (99_999, 100_000, ">99.9%"), (1, 3, "33.3%")],
)
def test_only_all_of_it_is_100_percent(part, whole, text):
    assert share(part, whole) == text


def test_counts_and_spans():
    assert [count(number) for number in (None, 9_456, 2_582_296)] == ["–", "9,456", "2.58M"]
    assert [duration(span) for span in (None, 840, 12_400, 200_000, 7_500_000)] == [
        "–",
        "840 ms",
        "12.4 s",
        "3 min 20 s",
        "2 h 5 min",
    ]


def test_the_clock_is_given_or_told_or_the_machines(monkeypatch):
    assert now("2026-11-22T10:00:00+01:00") == datetime(2026, 11, 22, 9)
    monkeypatch.setenv("TOLLBOOK_NOW", "2026-11-22")
    assert now() == datetime(2026, 11, 22)
    monkeypatch.delenv("TOLLBOOK_NOW")
    assert now().tzinfo is None
    with pytest.raises(ValueError, match="'soon' is not a time"):
        now("soon")


def test_a_model_keeps_its_colour_and_no_two_look_alike():
    models = [f"model-{number}" for number in range(len(PALETTE) * len(PATTERNS))]
    assert len({paint_of(model, models) for model in models}) == len(models)
    assert paint_of("model-3", models) == paint_of("model-3", models[:5])
    assert paint_of("stranger", models).colour == OTHER


@pytest.mark.parametrize(("cheapest", "dearest"), [(5, 5), (90_557_400_000, 2_559_456_400_000), (3, 10**15)])
def test_every_cost_falls_into_a_bin(cheapest, dearest):
    spread = TaskSpread("USD", 9, 99, cheapest, dearest, dearest, cheapest, 0, "task")
    edges = edges_of(spread)
    assert edges[0] <= cheapest and dearest < edges[-1]
    assert list(edges) == sorted(set(edges))
