"""What is not there yet, and what time alone changes though no block comes."""

import asyncio

from nicegui import context
from nicegui.testing.user_simulation import user_simulation

from perpools.errors import ChainError
from perpools.index.monitor import Finding
from perpools.web import views
from perpools.web.live import LOOK_EVERY_S, Live
from perpools.web.pages.holder import Standing, Wallet
from perpools.web.pages.market import MarketPage
from perpools.web.pages.portfolio import Portfolio
from tests.web.served import Clock, Served
from tests.web.test_pages_drawn import drawn

WRONG = "These numbers may be wrong"
LOOKS = 50
"""So many times a tenth of a second is waited."""


def test_an_alert_appears_on_a_markets_page_without_a_block(shown: Served) -> None:
    found: dict[str, Finding] = {}
    served = shown.live
    clock = Clock()
    live = Live(served.reader, served.standings, served.node, findings=found.get, clock=clock)

    async def root() -> None:
        await MarketPage(live, shown.address).build("mint", "long")

    async def run() -> None:
        async with user_simulation(root) as user:
            await user.open("/")
            await user.should_not_see(WRONG)
            found[shown.address] = Finding(shown.address, 1, broken=("V1",))
            clock.seconds += 2 * LOOK_EVERY_S
            await user.should_see(WRONG, retries=LOOKS)

    asyncio.run(run())


def test_a_portfolio_says_nothing_before_it_knows(shown: Served) -> None:
    [owner, *_] = shown.past.node.accounts

    def check() -> None:
        page = Portfolio(shown.live, Wallet(shown.live, "", None, Standing()), owner)
        assert skeletons() == 2
        assert not page._awaited.inner.visible
        assert not page._history._awaited.inner.visible

        page.show(views.portfolio(shown.live, owner))

        assert skeletons() == 1, "the history's"
        assert page._awaited.inner.visible

    drawn(check)


def test_a_portfolio_that_cannot_be_told_waits_no_longer(shown: Served) -> None:
    [owner, *_] = shown.past.node.accounts

    def check() -> None:
        page = Portfolio(shown.live, Wallet(shown.live, "", None, Standing()), owner)
        page.fail(ChainError("no answer"))
        assert skeletons() == 1, "the history's"
        assert page._wrong.visible
        assert not page._awaited.inner.visible

    drawn(check)


def skeletons() -> int:
    """Places on the page where something is yet to come."""
    elements = context.client.elements.values()
    return len({one.parent_slot for one in elements if "pp-skeleton" in one.classes})
