"""`perpools serve --demo`: how soon it answers, that its account trades, and how it ends."""

import re
import signal
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import Served, served
from tests.browser.visit import visit

SOON_S = 15.0
"""What is promised, on two cores that have nothing else to do."""
BUSY = 3
"""How much longer it may take here: all other tests run at the same time."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("demo"), "--demo") as made:
        yield made


def test_it_answers_soon_with_three_markets(
    demo: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with urllib.request.urlopen(demo.url, timeout=SOON_S) as answer:
        page = answer.read().decode()
    took_s = demo.took_s + time.monotonic() - began
    with capsys.disabled():
        print(f"\nperpools serve --demo: a complete overview {took_s:.1f} s after its start")
    assert all(name in page for name in ("EUR/USD", "ETH/USD", "EUR/JPY"))
    assert took_s < SOON_S * BUSY


def test_a_visitor_without_a_wallet_trades_with_an_account_of_the_demo(
    browser: Browser, demo: Served
) -> None:
    with visit(browser, demo.url, name="demo") as seen:
        page = seen.page
        seen.enter("ETH/USD")
        seen.press("Connect")
        seen.press("Demo account")
        page.get_by_role("textbox", name="You pay").fill("500")
        page.get_by_role("button", name=re.compile("^Mint")).click()
        seen.press("Confirm", page.get_by_role("dialog"))
        seen.says(re.compile("^Ordered: "))
        seen.press("Close", page.get_by_role("dialog"))
        expect(page.get_by_text("executes in").first).to_be_visible()
        seen.shoot("demo-market")


def test_a_signal_ends_everything_at_once_and_cleanly(demo: Served) -> None:
    began = time.monotonic()
    assert demo.stop(signal.SIGTERM) == 0
    assert time.monotonic() - began < SOON_S
    assert demo.log == ""
