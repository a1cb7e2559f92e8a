"""The PDF: the figures are in its text, names are shown and never set as source, it is tagged, and always the same."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.charts import Bars, Series
from reports.document import Document, Fact, Facts, Link, Section, Table, Words, text_column
from reports.pdf import render, render_png
from reports.pdf.columns import LANDSCAPE, PORTRAIT, laid_out, needs_side, set_of
from reports.pdf.content import content_of
from reports.pdf.wording import CODED, broken, in_face, room_for, shown
from reports.typeface import FOLDER
from tests.report_documents import NASTY, every_kind

ROOT = Path(__file__).parents[1]
OUT = ROOT / "tests" / "out" / "pdf"
"""Where pages are put for looking at."""
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")


@pytest.fixture(scope="module")
def pdf(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(render(every_kind()))
    return path


def asked(pdf: Path, *command: str) -> str:
    tool, *options = command
    done = subprocess.run([tool, *options, str(pdf), *(["-"] if tool == "pdftotext" else [])], capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def pages(pdf: Path) -> list[str]:
    return asked(pdf, "pdftotext", "-layout").rstrip("\f").split("\f")


@needs_poppler
def test_the_text_holds_the_figures(pdf):
    text = "\n".join(pages(pdf))
    for figure in ("48,215.37", "9,000,000", "18,215.37", "62.0%", "−12.00", "0.000174", "2026-10-07 09:05:08 UTC"):
        assert figure in text
    (row,) = re.findall(r".*deepseek-v4\.5-pro +openrouter.*", text)
    assert row.split()[0] == "▲"
    assert "unknown" in row
    assert "0.00" not in row


@needs_poppler
def test_names_are_shown_as_they_are(pdf):
    text = re.sub(r"\s+", "", "".join(pages(pdf)))
    for name in NASTY:
        assert re.sub(r"\s+", "", in_face(name)) in text
    assert re.sub(r"\s+", "", CODED) in text


@needs_poppler
def test_the_summary_fits_on_one_page_and_pages_are_numbered(pdf):
    found = pages(pdf)
    assert [place for place, page in enumerate(found, 1) if "What was spent, why it changed" in page] == [2]
    assert [place for place, page in enumerate(found, 1) if "One team has no budget." in page] == [2]
    for place, page in enumerate(found, 1):
        assert f"{place} of {len(found)}" in page
        assert "Demo data: no real traffic" in page


@needs_poppler
def test_a_long_table_repeats_its_head(pdf):
    found = [page for page in pages(pdf) if re.search(r"team-\d", page)]
    assert len(found) > 2
    assert all("P50 latency" in page for page in found)


@needs_poppler
def test_it_is_tagged_and_says_what_it_is(pdf):
    said = asked(pdf, "pdfinfo")
    for line in (r"Title: +What LLM traffic cost in October 2026", "Author: +Tollbook", "Tagged: +yes",
                 "JavaScript: +no", "Encrypted: +no", "CreationDate: .*2026"):  # fmt: skip
        assert re.search(line, said), line
    meta = asked(pdf, "pdfinfo", "-meta")
    assert re.search(r"pdfaid:part>2<.*pdfaid:conformance>A<", meta, re.DOTALL)
    assert "pdfuaid:part>1<" in meta
    tree = asked(pdf, "pdfinfo", "-struct")
    for tag in ("H1", "H2", "Table", "TH", "TD", "Figure", "Link", "TOC"):
        assert re.search(rf"(?m)^ *{tag}\b", tree), tag


@pytest.mark.long
@needs_poppler
def test_a_figure_is_read_out_with_its_unit(pdf):
    told = re.sub(r'"\s+"', "", asked(pdf, "pdfinfo", "-struct-text"))
    assert told.count('"48,215.37 USD"') == 2


@needs_poppler
def test_no_font_but_ours_is_in_it(pdf):
    fonts = asked(pdf, "pdffonts").splitlines()[2:]
    assert fonts
    assert all(re.match(r"\w+\+SourceSans3-", line) and " yes yes yes " in line for line in fonts), fonts


def test_the_same_document_gives_the_same_bytes_in_another_process(pdf):
    script = (
        "import sys; from tests.report_documents import every_kind; from reports.pdf import render;"
        "sys.stdout.buffer.write(render(every_kind()))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == pdf.read_bytes()


def test_the_pages_are_pictures_for_a_preview(pdf):
    found = render_png(every_kind(), ppi=70)
    assert all(page.startswith(b"\x89PNG") for page in found)
    OUT.mkdir(parents=True, exist_ok=True)
    for place, page in enumerate(found, 1):
        (OUT / f"page-{place:02}.png").write_bytes(page)
    assert len(found) > 8
    (OUT / "report.pdf").write_bytes(pdf.read_bytes())


def only(*blocks) -> Document:
    made = every_kind().made_at
    return Document("A report", "for a test", (), made, Section("summary", "Summary", "One part.", blocks), ())


def test_a_report_of_one_page_is_a_list_of_pictures():
    assert len(render_png(only(Words(("One word.",))), ppi=30)) == 2


def test_the_template_sets_without_a_warning():
    import typst

    content = content_of(every_kind())
    template = (ROOT / "reports" / "pdf" / "report.typ").read_bytes()
    parts: Any = {"main.typ": template, "report.json": json.dumps(content.data).encode(), **content.pictures}
    compiler = typst.Compiler(parts, font_paths=[str(FOLDER)], ignore_system_fonts=True)
    assert compiler.compile_with_warnings(format="pdf", timestamp=0)[1] == []


def test_a_code_is_explained_only_where_there_is_one():
    assert content_of(only(Words(("Plain.",)))).data["coded"] == ""
    assert content_of(only(Words(("中",)))).data["coded"] == CODED


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain − – … ▲ é", "plain − – … ▲ é"),
        ("中文 x", "⟨U+4E2D 6587⟩ x"),
        ("\ud800", "⟨U+D800⟩"),
        ("a\u200bb\u00adc\ufeff", "a⟨U+200B⟩b⟨U+00AD⟩c⟨U+FEFF⟩"),
    ],
)
def test_what_the_typeface_lacks_is_a_code(text, written):
    assert in_face(text) == written


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://example.com/a?b=c", True),
        ("http://example.com", True),
        ("javascript:alert(1)", False),
        ("https://example.com/a b", False),
        ("https://例.com", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_a_plain_address_is_a_link(url, leads):
    assert bool(shown(Link(url)).url) == leads


@needs_poppler
def test_a_table_without_rows_says_so_under_its_title(pdf):
    assert re.search(r"Claims\s+No claim was entered\.", pages(pdf)[-1])


def test_a_word_is_broken_only_where_it_has_to_be():
    assert broken("two words", 200, 10) == "two words"
    address = "https://example.com/a/very/long/path"
    pieces = broken(address, 80, 10).split("\n")
    assert "".join(pieces) == address
    assert pieces[0] == "https://example."
    assert all(room_for(piece, 10) <= 80.02 for piece in pieces)


def test_a_width_of_nothing_ends():
    assert broken("abc", 0, 10) == "a\nb\nc"


def table_of(columns: int, text: str) -> Table:
    heads = tuple(text_column(f"Column {place}", "A column.") for place in range(columns))
    return Table("wide", "Wide", heads, ((text,) * columns,))


def test_a_table_too_wide_for_an_upright_page_has_one_on_its_side():
    small, wide = set_of(table_of(5, "a few words here")), set_of(table_of(14, "a few words here"))
    assert (needs_side(small), needs_side(wide)) == (False, True)
    assert sum(laid_out(small, PORTRAIT).widths) == pytest.approx(PORTRAIT)
    assert sum(laid_out(wide, LANDSCAPE).widths) == pytest.approx(LANDSCAPE)


def test_a_long_text_has_the_room_that_short_ones_leave():
    columns = tuple(text_column(f"Column {place}", "A column.") for place in range(4))
    table = Table("t", "t", columns, (("short", "also short", "few words " * 20, "many words " * 60),))
    short, also, few, many = laid_out(set_of(table), PORTRAIT).widths
    assert short < also < few < many
    assert many == pytest.approx(3 * few, rel=0.2)
    assert short + also + few + many == pytest.approx(PORTRAIT)


def test_even_forty_columns_are_set():
    assert render(only(table_of(40, "averylongword")))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
@example(["0", "", "0"])
def test_any_text_is_set_anywhere(names):
    columns = tuple(text_column(name, name) for name in names)
    table = Table("t", names[0], columns, (tuple(names),), (tuple(names),), tuple(names), frozenset({0}))
    series = (Series(names[0], (1,) * len(names), names[0]),)
    picture = Bars("b", names[0], names[0], names[0], tuple(names), series)
    facts = tuple(Fact(name, name, name) for name in names)
    document = only(table, picture, Facts("f", facts), Words(tuple(names), "claim"))
    section = document.summary._replace(title=names[0], lead=names[0])
    assert render(document._replace(title=names[0], subtitle=names[0], about=facts, summary=section, banner=names[0]))


def test_a_fact_of_any_length_is_set():
    about = tuple(Fact(name, name * 3, name) for name in NASTY)
    assert render(only()._replace(about=about, banner=NASTY[13], title=NASTY[13], subtitle=NASTY[5]))
