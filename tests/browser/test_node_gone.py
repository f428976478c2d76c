"""The node goes away and comes back: what is known stays on the page, which says how old it is."""

import re

from playwright.sync_api import Browser, expect

from perpools.spec.kinds import LONG_MINT
from tests.browser.house import House
from tests.browser.visit import visit
from tests.chain.faults import drop

GONE = re.compile("node", re.IGNORECASE)


def test_reading_goes_on_without_a_node_and_recovers_with_it(browser: Browser, home: House) -> None:
    with visit(browser, home.url, name="node-gone") as seen:
        page = seen.open("/")
        banner = page.get_by_role("status").filter(has_text=GONE).first
        home.proxy.do(drop())
        try:
            expect(banner).to_be_visible(timeout=30_000)
            seen.shoot("node-gone")
            seen.enter("ETH/USD")
            seen.open(f"/portfolio/{home.depositor}")
            seen.says("3L-ETH/USD")
            home.stage.order(home.market, LONG_MINT)
        finally:
            home.proxy.heal()
        expect(banner).to_be_hidden(timeout=30_000)
        seen.open(f"/portfolio/{home.depositor}")
        seen.says("executes in")
