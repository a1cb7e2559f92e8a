"""The one-file page: it shows every cell as it is written, runs and fetches nothing, and fits a phone and paper."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from reports.characters import visible
from reports.document import Document, Facts, Table, Words
from reports.figures import kind_of, text_of
from reports.page import render
from tests.report_documents import NASTY, every_kind

VOID = {"meta", "br", "link"}
RUNS_OR_FETCHES = {"script", "iframe", "object", "embed", "link", "img", "form", "base", "image", "foreignObject"}


class Page(HTMLParser):
    """A page taken apart: every element with its attributes, and the text of each by where it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render(every_kind()).decode())


def shown(document: Document) -> Iterator[str]:
    """Every text and figure of a document as it has to be written."""
    yield from (document.title, document.subtitle, document.banner)
    for section in document.all_sections:
        yield from (section.title, section.lead)
        for block in section.blocks:
            match block:
                case Facts(facts=facts):
                    yield from (text for fact in facts for text in (fact.label, fact.note))
                    yield from (text_of(fact.value, kind_of(fact.value)) for fact in facts)
                case Words(paragraphs=paragraphs):
                    yield from paragraphs
                case Table():
                    yield from (block.title, *block.notes, "" if block.rows else block.empty)
                    yield from (text_of(cell, column.kind) for row in block.rows
                                for cell, column in zip(row, block.columns, strict=True))  # fmt: skip
                case _:
                    yield block.title


def test_every_word_and_figure_of_the_document_is_on_the_page(page):
    assert page.open == []
    wanted = {" ".join(visible(text).split()) for text in shown(every_kind())}
    assert [text for text in wanted if text not in page.text] == []


def test_nothing_runs_and_nothing_is_fetched(page):
    assert page.named(*RUNS_OR_FETCHES) == []
    assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []
    style = render(every_kind()).decode().partition("<style>")[2].partition("</style>")[0]
    assert {address[:16] for address in re.findall(r"url\(([^)]*)\)", style)} == {"data:font/woff2;"}
    assert "@import" not in style
    addresses = [attributes.get("href") or "" for attributes in page.named("a")]
    assert [each for each in addresses if not each.startswith(("#", "https://"))] == []


def test_an_address_that_would_run_something_is_no_link():
    document = every_kind()
    (wide,) = [table for _, table in document.tables() if table.key == "rates"]
    cells = list(wide.rows[0])
    place = next(place for place, column in enumerate(wide.columns) if column.kind == "link")
    cells[place] = cells[place]._replace(url="javascript:alert(1)")  # type: ignore[union-attr,call-arg]
    section = document.summary._replace(blocks=(wide._replace(rows=(tuple(cells),)),))
    found = Page(render(document._replace(summary=section, sections=())).decode())
    assert "javascript:alert(1)" in found.text
    assert [each["href"] for each in found.named("a")] == ["#main", "#s-summary"]


def test_headings_tables_and_pictures_can_be_told_by_ear(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert all(attributes.get("scope") in ("col", "row") for attributes in page.named("th"))
    assert all(attributes["aria-label"] for attributes in page.named("svg"))
    assert {attributes["role"] for attributes in page.named("svg")} == {"img"}
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    pointed = [attributes["aria-labelledby"] for _, attributes in page.elements if "aria-labelledby" in attributes]
    assert set(pointed) <= set(ids)


def test_equal_documents_give_equal_bytes():
    assert render(every_kind()) == render(every_kind())


def test_a_total_that_a_column_has_not_is_no_figure_that_was_not_reported():
    (table,) = [table for _, table in every_kind().tables() if table.key == "spend_by_model"]
    section = every_kind().summary._replace(blocks=(table._replace(rows=table.rows[:1], notes=()),))
    found = Page(render(every_kind()._replace(summary=section, sections=())).decode())
    assert "–" not in found.text.partition("Total in USD")[2].partition("What the columns are")[0]


def test_a_banner_cannot_leave_its_string_in_the_style_sheet():
    banner = '"; } body { display: none } </style><script>alert(1)</script> \\ \n'
    found = Page(render(every_kind()._replace(banner=banner)).decode())
    assert found.named("script") == []
    assert len(found.named("style")) == 1
    assert " ".join(visible(banner).split()) in found.text


@pytest.mark.browser
def test_in_a_browser_it_fetches_nothing_fits_a_phone_and_prints(chromium, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "report.html"
    path.write_bytes(render(every_kind()))
    asked: list[str] = []
    said: list[str] = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        phone = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
        phone.on("request", lambda request: asked.append(request.url))
        phone.on("console", lambda message: said.append(message.text))
        phone.on("dialog", lambda dialog: said.append(dialog.message))
        phone.goto(path.as_uri())
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        assert phone.evaluate("document.fonts.ready.then(all => all.check('16px \"Source Sans 3\"'))")
        assert phone.locator("svg:visible").count() == phone.locator("figure").count()
        assert phone.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(11, 15, 20)"
        assert visible(NASTY[0]) in phone.locator("#t-nasty_names").inner_text()
        printed = phone.pdf(prefer_css_page_size=True)
        browser.close()
    assert (asked, said) == ([path.as_uri()], [])
    assert printed.startswith(b"%PDF")


def test_the_demos_report_says_that_it_is_one(demo_report):
    found = Page((demo_report / "tollbook-procurement-2026-10.html").read_text(encoding="utf-8"))
    assert "Demo data" in found.text
    assert found.open == []
