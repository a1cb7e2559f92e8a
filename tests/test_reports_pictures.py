"""Pictures of reports: the same bytes each time, well-formed, no script, exact places, names cut and never executed."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import Band, BandDay, Bars, Chart, Range, Ranges, Series, Step, Waterfall
from reports.colours import OTHER, PALETTE
from reports.pictures import svg_of
from reports.pictures.scale import scale_of, short, tick_text
from reports.pictures.stacks import pieces, reaches, sums
from reports.typeface import fitted, width_of
from tests.report_documents import MODELS, NASTY, PICO, every_kind

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = [
    block
    for section in every_kind().all_sections
    for block in section.blocks
    if isinstance(block, Bars | Band | Waterfall | Ranges)
]


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(svg_of(chart, every_kind().models, width_mm=170))


def texts(chart: Chart) -> list[str]:
    return [each.text or "" for each in drawn(chart).iter(f"{SVG}text")]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_a_picture_is_well_formed_fits_and_holds_no_script(chart):
    root = drawn(chart)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "defs", "pattern", "path", "circle", "text", "rect", "polyline", "polygon",
    }  # fmt: skip
    assert not [name for each in root.iter() for name in each.attrib if "href" in name or name.startswith("on")]
    assert root.attrib["aria-label"]
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    for text in root.iter(f"{SVG}text"):
        x, wide = float(text.attrib["x"]), width_of(text.text or "", 8.5)
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[text.attrib.get("text-anchor", "start")]
        assert left >= -0.1, text.text
        assert left + wide <= width + 0.1, text.text
        assert 0 < float(text.attrib["y"]) < height


def test_a_picture_has_the_same_bytes_in_another_process():
    script = "import sys; from tests.test_reports_pictures import *; sys.stdout.buffer.write(all_bytes())"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, check=True)
    assert done.stdout == all_bytes()


def all_bytes() -> bytes:
    return b"".join(svg_of(chart, MODELS, width_mm=170) for chart in CHARTS)


def test_names_are_cut_and_their_characters_that_show_nothing_are_shown():
    (chart,) = (chart for chart in CHARTS if chart.key == "nasty_bars")
    found = texts(chart)
    assert set(NASTY[:6]) <= set(found)
    assert "⟨U+0000⟩" in " ".join(found)
    assert [text for text in found if text.startswith("averylong") and text.endswith("…")]


def test_each_model_has_its_colour_and_those_beyond_the_palette_a_hatching():
    (chart,) = (chart for chart in CHARTS if chart.key == "hatched")
    fills = {each.attrib["fill"] for each in drawn(chart).iter(f"{SVG}rect")}
    assert {*PALETTE, OTHER} <= fills
    assert {f"url(#hatched-hatch-{place})" for place in range(17)} <= fills


def test_bars_are_as_long_as_their_figures():
    series = (Series("Cost", (10 * PICO, 20 * PICO, None, -5 * PICO)),)
    chart = Bars("b", "b", "b", "USD", ("one", "two", "none", "credit"), series, lying=True)
    wide = [float(each.attrib["width"]) for each in drawn(chart).iter(f"{SVG}rect")]
    assert wide == pytest.approx([wide[0], 2 * wide[0], wide[0] / 2], abs=0.02)
    assert [text for text in texts(chart) if text in ("10.00", "20.00", "–", "−5.00")] == [
        "10.00", "20.00", "–", "−5.00",
    ]  # fmt: skip


def test_a_stack_keeps_credits_below_zero():
    series = (Series("a", (5, None)), Series("b", (-3, None)), Series("c", (4, None)))
    chart = Bars("b", "b", "b", "calls", ("x", "y"), series)
    assert [each[2:] for each in pieces(chart)] == [(0, 5), (0, -3), (5, 9)]
    assert (sums(chart), reaches(chart)) == ([6, None], [9, 0])


def test_labels_below_are_whole_and_thinned_where_they_would_touch():
    labels = tuple(f"2026-10-{day:02}" for day in range(1, 32))
    chart = Bars("b", "b", "b", "calls", labels, (Series("a", tuple(range(1, 32))),))
    found = [text for text in texts(chart) if text.startswith("2026")]
    assert found[-1] == "2026-10-31"
    assert set(found) < set(labels)
    assert len(found) > 5


def test_an_open_end_is_left_open():
    chart = Ranges("r", "r", "r", "USD", (Range("a", None, 10 * PICO, 11 * PICO),))
    assert "11.00" in texts(chart)


def test_a_band_says_what_its_lines_come_to():
    (chart,) = (chart for chart in CHARTS if chart.key == "projection")
    assert {"high 53.8k", "middle 46.5k", "low 40.6k", "billed 28.5k", "budget 50.0k"} <= set(texts(chart))


def test_a_band_of_nothing_known_is_drawn():
    chart = Band("b", "b", "b", "USD", (BandDay(every_kind().made_at.date(), None, None, None, None),))
    assert "2 Nov" in texts(chart)


def test_a_band_with_nothing_billed_is_drawn():
    day = every_kind().made_at.date()
    chart = Band("b", "b", "b", "USD", (BandDay(day, None, None, PICO, None),))
    assert "middle 1.00" in texts(chart)


def test_a_waterfall_says_each_change_with_its_sign():
    chart = Waterfall("w", "w", "w", "USD", Step("a", 3 * PICO), (Step("b", PICO), Step("c", -2 * PICO)),
                      Step("d", 2 * PICO))  # fmt: skip
    assert {"3.00", "+1.00", "−2.00", "2.00"} <= set(texts(chart))


@pytest.mark.parametrize("width_mm", [60, 96, 170])
def test_figures_below_an_axis_stay_apart(width_mm):
    series = (Series("a", (2 * 10**9, 9 * 10**9)),)
    chart = Bars("b", "b", "b", "USD", ("a team with a long name", "b"), series, lying=True)
    root = ElementTree.fromstring(svg_of(chart, (), width_mm=width_mm))
    below = [each for each in root.iter(f"{SVG}text") if each.attrib.get("text-anchor") == "middle"]
    assert len(below) >= 2
    places = [(float(each.attrib["x"]), width_of(each.text or "", 8.5)) for each in below]
    for (left, wide), (right, wider) in zip(places, places[1:], strict=False):
        assert left + wide / 2 < right - wider / 2


@given(st.lists(st.integers(-(10**20), 10**20), max_size=6))
def test_an_axis_holds_zero_and_every_value_in_round_steps(values):
    scale = scale_of(values, 0, 100)
    assert scale.ticks[0] <= min(0, *values, 0) <= max(0, *values, 0) <= scale.ticks[-1]
    assert 0 in scale.ticks
    assert 2 <= len(scale.ticks) <= 8
    assert len({after - before for before, after in zip(scale.ticks, scale.ticks[1:], strict=False)}) == 1
    places = [scale.place(value) for value in sorted(values)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (48_215_370_000_000_000, "USD", "48.2k"),
        (999_960_000_000_000_000, "USD", "1.00M"),
        (1234_567_890_123_456_789_000_000, "USD", "1,235B"),
        (-11_400 * PICO, "USD", "−11.4k"),
        (174_280_000, "USD", "0.000174"),
        (9_999, "calls", "9,999"),
        (12_345_678, "calls", "12.3M"),
        (None, "USD", "–"),
    ],
)
def test_a_figure_beside_a_bar_is_short(value, unit, text):
    assert short(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "USD", "0"),
        (2_500 * PICO, "USD", "2.5k"),
        (2 * 10**9, "USD", "0.002"),
        (-5, "calls", "−5"),
        (3_000_000, "calls", "3M"),
    ],
)
def test_a_figure_on_an_axis_is_shorter(value, unit, text):
    assert tick_text(value, unit) == text


@given(st.text(max_size=40), st.floats(10, 200))
def test_a_cut_name_fits(text, room):
    assert width_of(fitted(text, room, 8.5), 8.5) <= room + 1e-6
