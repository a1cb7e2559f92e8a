"""A reader's way through the app in a real Chromium: where to click on a desk and on a phone, what was asked for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from app.components.formats import money
from pricing.money import parse_signed_amount
from scripts.running import running_app

READY_MS = 90_000
PHONE = 390
PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
DROPPED = """([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    return data;
}"""


class Look(NamedTuple):
    """How the reader sees the app."""

    scheme: str
    width: int

    @property
    def is_phone(self) -> bool:
        return self.width == PHONE


LOOKS = [
    Look("light", 1440),
    *(
        pytest.param(look, marks=pytest.mark.long)
        for look in (Look("dark", 1440), Look("light", PHONE), Look("dark", PHONE))
    ),
]
"""The first goes with every run of the tests."""
in_every_look = pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")


class Reader:
    """One person at one browser: what it asked for (``asked``), and what the server did not let it (``refused``)."""

    def __init__(self, browser: Browser, address: str, look: Look) -> None:
        self.look, self.address = look, address
        self.asked: list[str] = []
        self.refused: list[str] = []
        context = browser.new_context(
            viewport={"width": look.width, "height": 1400},
            color_scheme="dark" if look.scheme == "dark" else "light",
            is_mobile=look.is_phone,
            has_touch=look.is_phone,
            # By what a browser says it is, the menu closes by itself once a page is chosen.
            user_agent=PHONE_AGENT if look.is_phone else None,
        )
        context.set_default_timeout(READY_MS)
        context.on("request", lambda request: self.asked.append(request.url))
        self.page: Page = context.new_page()
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.refused.append(str(error)))

    def _hear(self, said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            self.refused.append(said.text)

    def open(self, path: str = "/") -> None:
        """Follow a link to the app."""
        self.page.goto(self.address + path)

    def go(self, menu: str, name: str) -> None:
        """Choose a page from the menu: it lies open at the top of a desk, and behind a button on a phone."""
        if self.look.is_phone:
            self.page.get_by_test_id("stExpandSidebarButton").click()
            link = self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True)
            # The title of each section stays at the upper edge, over what is only just in sight.
            link.evaluate("link => link.scrollIntoView({ block: 'center' })")
            link.click()
        else:
            self.page.get_by_text(menu, exact=True).first.click()
            self.page.get_by_role("menuitem", name=name, exact=True).click()
        self.sees_page(name)

    def sees_page(self, name: str) -> None:
        """The page is the one of this heading."""
        expect(self.page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()

    def sees(self, text: str, within: "Page | Locator | None" = None) -> None:
        """The words stand on the page."""
        expect((within or self.page).get_by_text(text).first).to_be_visible()

    def sees_cell(self, text: str) -> None:
        """The words stand in a cell of a table, which is drawn as a picture."""
        expect(self.page.get_by_role("gridcell", name=text, exact=True).first).to_be_attached()

    def metric(self, label: str) -> Locator:
        """The figure that stands under a label."""
        found = self.page.get_by_test_id("stMetric").filter(has=self.page.get_by_text(label, exact=True))
        return found.first.get_by_test_id("stMetricValue")

    def sees_metric(self, label: str, value: str) -> None:
        """A figure stands under its label."""
        expect(self.metric(label)).to_have_text(value)

    def press(self, name: str, within: "Page | Locator | None" = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=name).first.click()

    def choose(self, label: str, option: str, within: "Page | Locator | None" = None) -> None:
        """Choose from a list."""
        box = (within or self.page).get_by_role("combobox", name=label, exact=True)
        box.click()
        # Long lists hold only what is in sight.
        box.press_sequentially(option)
        self.page.get_by_role("option", name=option, exact=True).click()

    def dialog(self, title: str) -> Locator:
        """The dialog that is open, once it is."""
        found = self.page.get_by_role("dialog").filter(has_text=title)
        expect(found).to_be_visible()
        return found

    def takes(self, button: str, ending: str = "") -> Path:
        """Take a file along; returns where it is, under a name with this ending."""
        with self.page.expect_download() as download:
            self.press(button)
        path = Path(download.value.path())
        return path.rename(path.with_suffix(ending)) if ending else path

    def drop(self, path: Path) -> None:
        """Drop a file on the place for logs, as from a folder's window."""
        files = self.page.evaluate_handle(DROPPED, [path.name, path.read_text(encoding="utf-8")])
        self.page.get_by_test_id("stFileUploaderDropzone").first.dispatch_event("drop", {"dataTransfer": files})

    def link(self) -> str:
        """What the address bar says after the app's own address."""
        return self.page.url.removeprefix(self.address)


class Company:
    """Readers of one running app."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self.readers: list[Reader] = []

    def reader(self, look: Look) -> Reader:
        """Somebody with a browser of their own."""
        self.readers.append(Reader(self._browser, self._address, look))
        return self.readers[-1]


@contextmanager
def company(chromium: str, warehouse: Path, now: str) -> Iterator[Company]:
    """The app over a warehouse at an instant; at the end, nobody's browser may have asked anyone but this machine."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("TOLLBOOK_NOW", now)
        expect.set_options(timeout=READY_MS)
        with running_app(warehouse) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            found = Company(browser, address)
            yield found
            browser.close()
    assert [text for reader in found.readers for text in reader.refused] == []
    asked = [url for reader in found.readers for url in reader.asked]
    assert asked
    assert [
        url for url in asked if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
    ] == []


def call(name: str, time: str, seller: str, model: str, usage: tuple[int, int], **about: object) -> str:
    """A line of a gateway's log; ``usage`` is tokens in and out."""
    tokens = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    answer = {"id": name, "object": "chat.completion", "model": model, "usage": tokens}
    return json.dumps({"time": time, "seller": seller, **about, "request": {"model": model}, "response": answer}) + "\n"


def shown(amount: str, currency: str = "USD") -> str:
    """An exact amount of the command line as pages write it."""
    return money(parse_signed_amount(amount), currency)
