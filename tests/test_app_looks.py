"""The house's colours and charts: everything can be read and told apart, in both themes, also without seeing it."""

import ast
import tomllib
from itertools import combinations
from math import dist
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import theme
from reports.colours import DARK, LIGHT, OTHER, PALETTE, SEEN, Ink, Paint, contrast, edge_of

ROOT = Path(__file__).parents[1]
THEME = tomllib.loads((ROOT / "app/.streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
SCHEMES = [("light", LIGHT), ("dark", DARK)]
READ = 4.5
"""The contrast that text needs."""
SMALL_PRINT = 0.6
"""How much of a text's colour Streamlit leaves it in small print."""
DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
TRITAN = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
"""How eyes without one kind of cone see linear red, green and blue (Machado, Oliveira and Fernandes, 2009)."""


def parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def mixed(top: str, under: str, share: float) -> str:
    both = zip(parts(top), parts(under), strict=True)
    return "#" + "".join(f"{round(above * share + below * (1 - share)):02X}" for above, below in both)


def seen_by(eye: tuple[tuple[float, ...], ...] | None, colour: str) -> tuple[float, ...]:
    """The colour as such an eye sees it, in Lab, where distances are about as large as they look."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in unit(colour)]
    if eye:
        linear = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in eye]
    xyz = [
        sum(a * b for a, b in zip(row, linear, strict=True)) / white
        for row, white in (
            ((0.4124, 0.3576, 0.1805), 0.9505),
            ((0.2126, 0.7152, 0.0722), 1.0),
            ((0.0193, 0.1192, 0.9505), 1.089),
        )
    ]
    x, y, z = (max(value, 0) ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in xyz)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def unit(colour: str) -> list[float]:
    return [part / 255 for part in parts(colour)]


@pytest.mark.parametrize(("name", "ink"), SCHEMES)
def test_every_ink_can_be_read_on_every_paper(name, ink: Ink):
    colours = THEME[name]
    papers = [
        colours["backgroundColor"],
        colours["secondaryBackgroundColor"],
        colours["dataframeHeaderBackgroundColor"],
    ]
    inks = [ink.strong, ink.soft, colours["textColor"], colours["linkColor"], colours["codeTextColor"]]
    inks.append(colours["dataframeHeaderTextColor"])
    assert ink.paper == colours["backgroundColor"]
    assert {(text, paper) for text in inks for paper in papers if contrast(text, paper) < READ} == set()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_small_print_and_code_in_it_can_be_read(name):
    colours = THEME[name]
    for text in (colours["textColor"], colours["codeTextColor"]):
        for paper in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
            assert contrast(mixed(text, paper, SMALL_PRINT), paper) >= READ


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_stands_on_the_main_button_can_be_read(name):
    assert contrast("#FFFFFF", THEME[name]["primaryColor"]) >= READ


@pytest.mark.parametrize(("name", "ink"), SCHEMES)
def test_every_paint_is_told_from_the_paper(name, ink: Ink):
    assert {paint for paint in (*PALETTE, OTHER) if contrast(edge_of(paint, ink.paper), ink.paper) < SEEN} == set()


@pytest.mark.parametrize("eye", [None, DEUTAN, PROTAN, TRITAN], ids=["all cones", "no green", "no red", "no blue"])
def test_paints_are_told_apart_by_every_eye(eye):
    near = [pair for pair in combinations(PALETTE, 2) if dist(*(seen_by(eye, paint) for paint in pair)) < 15]
    assert near == []


def test_a_pale_fill_gets_an_edge_and_a_strong_one_none(monkeypatch):
    monkeypatch.setattr("streamlit.context", SimpleNamespace(theme=SimpleNamespace(type="light")))
    assert theme.edge(theme.BLUE)["width"] == 0 and theme.stroke(theme.BLUE) == theme.BLUE
    assert theme.edge(theme.YELLOW)["width"] == 1 and theme.stroke(theme.YELLOW) != theme.YELLOW


def test_a_hatched_bar_keeps_its_colour_under_the_hatching(monkeypatch):
    monkeypatch.setattr("streamlit.context", SimpleNamespace(theme=SimpleNamespace(type="light")))
    pattern = theme.marker(Paint(theme.BLUE, "/"))["pattern"]
    assert (pattern["bgcolor"], pattern["fgcolor"]) == (theme.BLUE, LIGHT.paper)


def test_contrast_is_counted_as_the_guidelines_count_it():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


def drawn() -> list[tuple[str, ast.Call]]:
    """Every call in the app that draws a chart or a table, with where it stands."""
    found = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "plotly_chart" in text or "dataframe(" in text or "show_frame(" in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
                    if name in ("plotly_chart", "dataframe", "show_frame"):
                        found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node))
    return found


def test_every_chart_and_table_says_what_it_shows():
    assert [where for where, call in drawn() if "alt" not in {word.arg for word in call.keywords}] == []
