"""A market from the wizard: its terms, tried on the past, then deployed and there."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from perpools.web.playing import MOST_BYTES
from tests.browser.house import House
from tests.browser.test_newcomer import connect
from tests.browser.visit import visit
from tests.browser.wallet import BrowserWallet

SLOW_MS = 60_000
"""A backtest over all fixings, while other tests use both cores."""


def fill(page: Page, **told: str) -> None:
    for label, text in told.items():
        page.get_by_role("textbox", name=label.replace("_", " "), exact=True).fill(text)


def test_terms_are_tried_on_the_past_and_become_a_market(browser: Browser, home: House) -> None:
    wallet = BrowserWallet(home.node, home.newcomer())
    with visit(browser, home.url, wallet, name="wizard") as seen:
        page = seen.open("/new")
        connect(seen, wallet)
        fill(page, Name="BTC/USD", Leverage="2", Seed_of_each_side="100", Interval="1h")
        seen.says("These terms are within the protocol's bounds.")

        seen.press("Backtest these terms")
        figures = page.get_by_role("heading", name=re.compile("^EUR.USD "))
        expect(figures).to_be_visible(timeout=SLOW_MS)
        seen.drawn()
        seen.shoot("wizard-tried")

        seen.press("Deploy…")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("Its terms can never be changed")).to_be_visible()
        seen.press("Confirm", dialog)
        expect(dialog.get_by_text("The market is deployed.")).to_be_visible(timeout=SLOW_MS)
        seen.shoot("wizard-deployed")
        dialog.get_by_role("link", name="Open its page").click()
        expect(page.locator("h1")).to_contain_text("BTC/USD")
        listed = home.stage.protocol.factory.markets()
        assert [one.name for one in listed] == ["ETH/USD", "BTC/USD"]


def test_what_is_wrong_is_said_at_its_field(browser: Browser, home: House) -> None:
    with visit(browser, home.url, name="wizard-wrong") as seen:
        page = seen.open("/new")
        fill(page, Name="BTC/USD", Leverage="1000")
        leverage = page.get_by_role("textbox", name="Leverage", exact=True)
        expect(leverage).to_have_attribute("aria-invalid", "true")
        seen.press("Deploy…")
        expect(leverage).to_be_focused()
        assert len(home.stage.protocol.factory.markets()) <= 2


def test_a_file_of_ones_own_is_tried_and_what_is_wrong_with_one_is_said(
    browser: Browser, home: House, tmp_path: Path
) -> None:
    rows = [f"{1_700_000_000 + hour * 3600},{2_000 + hour % 7 * 10}" for hour in range(200)]
    good, bad, large = (tmp_path / name for name in ("good.csv", "bad.csv", "large.csv"))
    good.write_text("\n".join(["timestamp,price", *rows]))
    bad.write_text("time,price\n1,2\n")
    large.write_text("timestamp,price\n" + "1,2\n" * (MOST_BYTES // 4))
    with visit(browser, home.url, name="wizard-file") as seen:
        page = seen.open("/new")
        fill(page, Name="BTC/USD", Leverage="2")
        page.get_by_role("radio", name="Your own file").check()
        for path, said in ((bad, "bad.csv: "), (large, "no CSV or Parquet file of at most")):
            with page.expect_file_chooser() as chooser:
                page.get_by_role("button", name="Choose a file").click()
            chooser.value.set_files(path)
            expect(page.get_by_role("alert")).to_contain_text(said)
            seen.press("Backtest these terms")
            expect(page.get_by_role("alert")).to_contain_text(said)
        page.locator("input[type=file]").set_input_files(good)
        seen.says("good.csv: 200 prices; nothing of it is kept")
        seen.press("Backtest these terms")
        heading = page.get_by_role("heading", name=re.compile("^good.csv, 2023-11-1"))
        expect(heading).to_be_visible(timeout=SLOW_MS)
        seen.drawn()
        seen.shoot("wizard-file")
