"""`perpools serve --demo`: how soon it answers, that its account trades, and how it ends."""

import json
import re
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import Served, served
from tests.browser.visit import visit
from tests.faults.process import until

SOON_S = 15.0
"""What is promised, on two cores that have nothing else to do."""
ENDS_S = 3.0
BUSY = 3
"""How much longer it may take here: all other tests run at the same time."""

MARKET = """
preset = "v2"
name = "EUR/USD"
leverage = 3
collateral = "0x0000000000000000000000000000000000000001"
seed = 1
[price]
feed = "0x0000000000000000000000000000000000000001"
"""
TRIED = json.dumps({"market": MARKET, "source": "ecb:EURUSD"}).encode()


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


def test_a_signal_ends_everything_soon_and_cleanly_whatever_is_being_worked_out(
    demo: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    markets = [told["market"] for told in demo.status["markets"]]
    asked = [f"/api/v1/markets/{market}/decay?paths=4096&volatility=0.9" for market in markets]
    for path in [*asked, "/api/v1/stream"]:
        threading.Thread(target=hear, args=(demo.url + path,), daemon=True).start()
    threading.Thread(target=hear, args=(demo.url + "/api/v1/backtest", TRIED), daemon=True).start()
    until(lambda: "perpools_stream_clients 1.0" in metrics(demo), "the stream is heard")
    began = time.monotonic()
    assert demo.stop(signal.SIGTERM) == 0
    took_s = time.monotonic() - began
    with capsys.disabled():
        print(f"\nperpools serve --demo: ended {took_s:.1f} s after it was told to, at work")
    assert took_s < ENDS_S * BUSY
    assert "Traceback" not in demo.log


def hear(url: str, body: bytes | None = None) -> None:
    """Ask, and hear all that comes of it, be it cut off."""
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with suppress(OSError, HTTPException), urllib.request.urlopen(asked) as answer:
        answer.read()


def metrics(demo: Served) -> list[str]:
    with urllib.request.urlopen(f"{demo.url}/metrics") as answer:
        text: bytes = answer.read()
    return text.decode().splitlines()
