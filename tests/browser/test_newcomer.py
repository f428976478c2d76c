"""A newcomer's path on a real node: from opening the page to tokens in the wallet."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from perpools.spec.kinds import LONG
from tests.browser.house import House
from tests.browser.visit import Visit, visit
from tests.browser.wallet import BrowserWallet

PAYS = 1_000


def connect(seen: Visit, wallet: BrowserWallet) -> None:
    """By the wallet that the browser offers."""
    seen.press("Connect")
    seen.press("Test wallet")
    expect(account_button(seen.page, wallet)).to_be_visible()


def account_button(page: Page, wallet: BrowserWallet) -> Locator:
    return page.get_by_role("button", name=f"Account {wallet.account}")


def open_market(home: House, seen: Visit) -> None:
    home.begin_epoch()
    seen.enter("ETH/USD")


def order(seen: Visit, amount: str = str(PAYS)) -> None:
    """Write an amount, read what it may come to, and agree."""
    page = seen.page
    page.get_by_role("textbox", name="You pay").fill(amount)
    page.get_by_text("What you should know before ordering").click()
    expect(page.locator(".pp-risk li").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Mint")).click()
    seen.press("Confirm", page.get_by_role("dialog"))


def executed(home: House, seen: Visit) -> None:
    """Time passes until the keeper has executed what waits, and the page says so."""
    claim = seen.page.get_by_role("button", name="Claim all")
    for _ in range(2):
        home.pass_grid_point()
        seen.until(lambda: home.kept, "an event")
    expect(claim).to_be_visible()


def test_from_an_empty_page_to_a_claimed_position(browser: Browser, home: House) -> None:
    wallet = BrowserWallet(home.node, home.newcomer())
    with visit(browser, home.url, wallet, name="newcomer") as seen:
        open_market(home, seen)
        connect(seen, wallet)
        order(seen)
        seen.says(re.compile("^Ordered: "))
        seen.shoot("newcomer-ordered")
        seen.press("Close", seen.page.get_by_role("dialog"))
        assert len(wallet.sent) == 2, "an allowance and an order"
        expect(seen.page.get_by_text("executes in").first).to_be_visible()

        executed(home, seen)
        seen.press("Claim all")
        seen.press("Confirm", seen.page.get_by_role("dialog"))
        seen.says(re.compile("^Claimed: "))
        seen.shoot("newcomer-claimed")
        seen.press("Close", seen.page.get_by_role("dialog"))
        assert home.tokens(LONG, wallet.account) > 0

        seen.open("/portfolio")
        seen.says("3L-ETH/USD")
        seen.shoot("newcomer-portfolio")


def test_what_is_declined_in_the_wallet_is_not_sent(browser: Browser, home: House) -> None:
    wallet = BrowserWallet(home.node, home.newcomer())
    wallet.declines = True
    with visit(browser, home.url, wallet, name="declined") as seen:
        open_market(home, seen)
        connect(seen, wallet)
        order(seen)
        seen.says(re.compile("^Declined in the wallet"))
        seen.press("Close", seen.page.get_by_role("dialog"))
        assert wallet.sent == []


def test_a_wallet_on_another_chain_is_led_back(browser: Browser, home: House) -> None:
    wallet = BrowserWallet(home.node, home.newcomer())
    wallet.chain_id = 1
    with visit(browser, home.url, wallet, name="wrong-chain") as seen:
        open_market(home, seen)
        seen.press("Connect")
        seen.press("Test wallet")
        seen.press("Wrong chain")
        seen.press(f"Switch to chain {home.node.chain_id}")
        expect(account_button(seen.page, wallet)).to_be_visible()


def test_a_reload_in_the_middle_of_a_transaction_loses_nothing(
    browser: Browser, home: House
) -> None:
    wallet = BrowserWallet(home.node, home.newcomer())
    with visit(browser, home.url, wallet, name="reload") as seen:
        open_market(home, seen)
        connect(seen, wallet)
        home.stage.ask("evm_setAutomine", False)
        try:
            order(seen)
            seen.until(lambda: bool(wallet.sent), "a transaction")
            seen.page.reload()
            expect(account_button(seen.page, wallet)).to_be_visible()
            seen.says(re.compile("^Waiting for: "))
        finally:
            home.stage.ask("evm_setAutomine", True)
            home.stage.ask("evm_mine")
        seen.says(re.compile("^Done: "))
        expect(seen.page.locator(".pp-toast")).to_have_count(0)


def test_a_success_leaves_by_itself_and_an_error_waits_to_be_closed(
    browser: Browser, home: House
) -> None:
    wallet = BrowserWallet(home.node, home.newcomer())
    wallet.hides = True
    with visit(browser, home.url, wallet, name="toasts") as seen:
        success, error = (seen.page.locator(f".pp-toast.{kind}") for kind in ("good", "bad"))
        open_market(home, seen)
        seen.press("Connect")
        seen.press("Test wallet")
        expect(error).to_contain_text("Declined in the wallet")
        wallet.hides = False
        seen.press("Test wallet")
        order(seen)
        expect(success).to_contain_text("Ordered: ")
        expect(success).to_have_attribute("role", "alert")
        seen.shoot("toasts")
        expect(success).to_be_hidden()
        expect(error).to_be_visible()
        seen.press("Close", error)
        expect(error).to_be_hidden()
