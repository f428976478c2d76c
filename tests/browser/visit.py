"""A visit: one browser context, what it asked for, and what it complained about."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.wallet import BrowserWallet
from tests.evm import ROOT

SCREENSHOTS = ROOT / ".build/screenshots"
PATIENCE_MS = 30_000
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
DRAWN = """[...document.querySelectorAll(".pp-chart")]
  .every((chart) => !chart.getClientRects().length || chart.querySelector("svg path"))
  && !document.querySelector(".pp-skeleton")"""
LOCAL = ("data", "blob", "about")

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visit:
    """One page of one visitor, and everything that went on around it."""

    url: str
    page: Page
    name: str = "visit"
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    forgiven: tuple[str, ...] = ()
    """Complaints that belong to what a test does, such as a connection it cut itself."""

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.set_default_timeout(PATIENCE_MS)

    def open(self, path: str = "/") -> Page:
        """A page of the dashboard, once it is connected and says what it is about."""
        self.page.goto(self.url + path)
        self.ready()
        return self.page

    def ready(self) -> None:
        """Wait until the page is there, and its server hears what is done on it."""
        expect(self.page.locator("h1")).to_be_visible()
        self.page.wait_for_function("window.socket?.connected && window.did_handshake")

    def drawn(self) -> None:
        """Wait until all that can be seen is there, the charts too; none of them moves."""
        self.page.wait_for_function(DRAWN)

    def enter(self, name: str) -> None:
        """From the overview to a market's page."""
        self.open("/").get_by_role("link", name=name).first.click()
        self.page.wait_for_url("**/market/**")
        expect(self.page.locator("h1")).to_contain_text(name)
        self.ready()

    def shoot(self, name: str) -> None:
        """Keep how it looks: all of the page, or what is seen of it while a dialog is open."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        whole = self.page.get_by_role("dialog").count() == 0
        if whole:
            self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)

    def says(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until the page says this."""
        found = self.page.get_by_text(text).first
        expect(found).to_be_visible()
        return found

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something to come true beside the page, which goes on meanwhile."""
        deadline = time.monotonic() + PATIENCE_MS / 1_000
        while not holds():
            assert time.monotonic() < deadline, f"never: {what}"
            self.page.wait_for_timeout(20)

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=name, exact=True).first.click()

    def check(self) -> None:
        """Nothing was asked of anybody else, and the browser had nothing to complain about."""
        here = urlsplit(self.url).netloc
        strangers = {
            url
            for url in self.asked
            if urlsplit(url).scheme not in LOCAL and urlsplit(url).netloc != here
        }
        assert not strangers
        told = [c for c in self.complaints if not any(word in c for word in self.forgiven)]
        assert not told

    def keep(self) -> None:
        """What went wrong, for whoever looks into it: a picture, and Playwright's trace."""
        folder = SCREENSHOTS / "failed"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{self.name}.png", full_page=True)
        self.page.context.tracing.stop(path=folder / f"{self.name}.zip")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")


@contextmanager
def visit(
    browser: Browser, url: str, wallet: BrowserWallet | None = None, **told: Any
) -> Iterator[Visit]:
    """A visitor of one's own; a failure leaves a trace and a picture behind."""
    name = told.pop("name", "visit")
    width, height = SIZES[told.pop("size", "wide")]
    context = browser.new_context(viewport={"width": width, "height": height}, **told)
    if wallet:
        wallet.put_into(context)
    context.tracing.start(snapshots=True)
    made = Visit(url, context.new_page(), name)
    try:
        yield made
        made.check()
    except BaseException:
        made.keep()
        raise
    finally:
        context.close()
