"""Every page: how it looks, on which screens, and for whoever cannot see it or has no mouse."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House
from tests.browser.seeing import faults, overflow, tabbed
from tests.browser.visit import SIZES, THEMES, Visit, visit
from tests.browser.wallet import BrowserWallet

PAGES = {
    "overview": "/",
    "market": "/market/{market}",
    "portfolio": "/portfolio/{depositor}",
    "wizard": "/new",
    "unknown": "/market/0x0000000000000000000000000000000000000001",
}
SAYS = {
    "overview": "Locked in",
    "market": "Decay",
    "portfolio": "Worth now",
    "wizard": "Market file",
    "unknown": "The index knows no market",
}
"""What is there once a page has what it asked for."""
WITHIN = """[...document.querySelectorAll(".pp-chart svg")].every((chart) =>
  chart.getBoundingClientRect().right <= chart.closest(".pp-card").getBoundingClientRect().right)"""
NOT_FOUND = ("status of 404",)
"""What the browser says of the page about a market that is none."""


def path(home: House, name: str) -> str:
    return PAGES[name].format(market=home.market.address, depositor=home.depositor)


@pytest.fixture(scope="module", params=THEMES)
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def looking(browser: Browser, home: House, theme: str, size: str) -> Iterator[Visit]:
    """Somebody who looks at one page after the other, on one screen."""
    name = f"{theme}-{size}"
    with visit(browser, home.url, name=name, size=size, color_scheme=theme) as seen:
        seen.forgiven = NOT_FOUND
        yield seen


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_screen_and_can_be_read(
    home: House, looking: Visit, theme: str, size: str, name: str
) -> None:
    page = looking.open(path(home, name))
    looking.says(SAYS[name])
    looking.drawn()
    looking.shoot(f"{name}-{theme}-{size}")
    assert overflow(page) <= 0
    assert faults(page) == []


def test_charts_keep_to_their_cards_when_the_window_becomes_another(
    home: House, seen: Visit
) -> None:
    page = seen.open(path(home, "market"))
    seen.drawn()
    for width in (1024, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(WITHIN)


def headings(page: Page) -> list[str]:
    return [heading.inner_text() for heading in page.get_by_role("heading").all()]


def order_of(stops: list[dict[str, Any]]) -> list[int]:
    return [stop["place"] for stop in stops]


@pytest.mark.parametrize("name", ["overview", "market", "portfolio", "wizard"])
def test_the_keyboard_reaches_everything_in_the_order_of_reading(
    home: House, seen: Visit, name: str
) -> None:
    page = seen.open(path(home, name))
    stops = tabbed(page)
    assert len(stops) > 5
    assert order_of(stops) == sorted(order_of(stops))
    assert [stop["what"] for stop in stops if not stop["seen"]] == []
    assert [stop["what"] for stop in stops if not stop["marked"]] == []


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(seen: Visit) -> None:
    page = seen.open("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_path_that_is_no_pages_says_so_and_leads_back(seen: Visit) -> None:
    seen.forgiven = NOT_FOUND
    page = seen.open("/no/such/page")
    assert headings(page) == ["Nothing is here"]
    seen.says("No page has the address '/no/such/page'.")
    page.get_by_role("link", name="All markets").click()
    seen.says("Locked in")


def test_without_a_wallet_everything_is_read_and_nothing_can_be_sent(
    home: House, seen: Visit
) -> None:
    page = seen.open(path(home, "market"))
    assert {"Trade", "Yours in this market"} <= {*headings(page)}
    page.get_by_role("textbox", name="You pay").fill("1000")
    seen.says("About: the price")  # the button moves down as the quote comes
    seen.press("Connect to order")
    seen.says(re.compile("^No wallet was found in this browser"))
    seen.shoot("no-wallet")


def test_the_theme_that_somebody_chose_stays(seen: Visit) -> None:
    page = seen.open("/")
    colour = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(colour)
    page.get_by_role("button", name=re.compile("theme|dark|light", re.IGNORECASE)).click()
    page.wait_for_function(f"{colour} !== '{before}'")
    after = page.evaluate(colour)
    page.reload()
    page.wait_for_function(f"{colour} === '{after}'")


def test_what_happens_on_the_chain_appears_without_a_reload(home: House, seen: Visit) -> None:
    page = seen.open("/")
    row = page.get_by_role("row", name="ETH/USD")
    expect(row).to_be_visible()
    home.stage.say(3_333)
    home.stage.mine()
    expect(row).to_contain_text("3,333")


def test_another_ones_portfolio_can_be_looked_at_but_not_acted_on(
    browser: Browser, home: House
) -> None:
    wallet = BrowserWallet(home.node, home.newcomer())
    with visit(browser, home.url, wallet, name="others") as seen:
        page = seen.open(path(home, "portfolio"))
        seen.press("Connect")
        seen.press("Test wallet")
        expect(page.get_by_role("button", name=f"Account {wallet.account}")).to_be_visible()
        seen.says("3L-ETH/USD")
        expect(page.get_by_role("button", name="Claim all")).to_have_count(0)
