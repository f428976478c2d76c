"""A market from the wizard's draft: planned, agreed to, and deployed through the page's wallet."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from itertools import count

from perpools import quantities
from perpools.chain.factory import Factory
from perpools.chain.steps import Done, Made, Opening, Plan, Step
from perpools.errors import ConfigError, PoolsError
from perpools.market_file import MarketFile
from perpools.spec.errors import Rejected
from perpools.spec.units import Address
from perpools.values import Number
from perpools.web.live import Live
from perpools.web.pages import wording
from perpools.web.pages.forms import enable
from perpools.web.pages.holder import Wallet
from perpools.web.pages.parts import box, link, notice
from perpools.web.pages.refusals import in_words
from perpools.web.pages.steps import IN_WALLET, ON_SERVER, Agreement, StepList
from perpools.web.pages.wallet_menu import open_dialog
from perpools.web.pages.wallet_node import through

log = logging.getLogger(__name__)

LOOK_S, LOOKS = 0.25, 60
"""How often and how many times a page asks whether the index knows a new market."""

FOR_EVER = "Its terms can never be changed, by nobody. Look at them once more."
NO_FACTORY = (
    "no factory is known on this chain: deploy the protocol first, with"
    " `perpools deploy --protocol`, or deploy this file with `perpools deploy`"
)

MadeFeed = Callable[[str], None]
"""Told of a price feed's address as soon as it is there."""


def factory_of(live: Live) -> Address:
    """
    The factory that the server was told of, else that of most markets; `ConfigError` where there
    is none.
    """
    if live.deployment:
        return live.deployment.factory
    factories = [row.factory for row in live.markets]
    if not factories:
        raise ConfigError(NO_FACTORY)
    return max(sorted(set(factories)), key=factories.count)


def known_transfers(live: Live, factory: Address) -> Mapping[str, Address]:
    """Transfer functions that are there already, by name."""
    if live.deployment and live.deployment.transfers:
        return live.deployment.transfers
    found: dict[str, Address] = {}
    for row in live.markets:
        if row.factory == factory and row.transfer != "other":
            contracts = live.standings.standing(row.address).fixed.contracts
            found.setdefault(row.transfer, contracts.transfer)
    return found


def plan_of(live: Live, file: MarketFile, sender: Address) -> Plan:
    """What will be sent; `ConfigError` names what cannot work. For a thread."""
    factory = factory_of(live)
    transfers = known_transfers(live, factory)
    return Factory(live.node, factory).plan(file, sender, transfers=transfers)


async def deploy(live: Live, wallet: Wallet, file: MarketFile, made_feed: MadeFeed) -> None:
    """From the button to the new market's page; `PoolsError` where it cannot be planned."""
    if wallet.account is None or not wallet.can_act:
        open_dialog(wallet)
        return
    plan = await asyncio.to_thread(plan_of, live, file, wallet.account)
    cost = plan.gas * (await asyncio.to_thread(live.node.block)).base_fee
    with wallet.client:
        _Deployment(live, wallet, file, plan).open(cost, made_feed)


class _Deployment:
    """The dialog, and what happens in it."""

    def __init__(self, live: Live, wallet: Wallet, file: MarketFile, plan: Plan) -> None:
        self.live, self.wallet, self.file, self.plan = live, wallet, file, plan
        self.at = 0

    def open(self, cost: int, made_feed: MadeFeed) -> None:
        """Show what will be sent, and what is missing for it."""
        rows = {
            "Market": f"{self.file.name}, {Number(self.file.leverage).text}x",
            "Factory": factory_of(self.live),
            "Seed of each side": quantities.show_number(self.file.seed),
            "Gas about": f"{self.plan.gas:,}, {wording.gas_cost(cost)}",
        }
        agreement = Agreement(self.wallet, "Deploy this market", rows)
        agreement.remark([FOR_EVER])
        with agreement.place:
            shown = StepList(self.plan.text)
            for lack in self.plan.lacks:
                notice(lack, "bad")
        enable(agreement.go, enabled=not self.plan.lacks)
        agreement.go.on("click", lambda: self._run(agreement, shown, made_feed))
        agreement.dialog.open()

    async def _run(self, agreement: Agreement, shown: StepList, made_feed: MadeFeed) -> None:
        if agreement.running:
            return
        agreement.running = True
        enable(agreement.go, enabled=False)
        agreement.dialog.props("persistent")
        waiting = IN_WALLET if self.wallet.kind == "browser" else ON_SERVER
        shown.show(0, "now", waiting)
        market = await self._send(shown, waiting, made_feed)
        if market is not None:
            await self._indexed(market)
        agreement.dialog.props(remove="persistent")
        agreement.leave.text = "Close"
        if market is not None:
            agreement.go.set_visibility(False)
            agreement.tell("The market is deployed.")
            with agreement.place, box("p"):
                link("Open its page", f"/market/{market}", "pp-button primary")
        await self.wallet.changed()

    async def _send(self, shown: StepList, waiting: str, made_feed: MadeFeed) -> Address | None:
        loop, numbers, feed = asyncio.get_running_loop(), count(), _feed_step(self.plan)

        def told(_: Step, done: Done) -> None:
            index = next(numbers)
            loop.call_soon_threadsafe(self._done, shown, waiting, index)
            if index == feed and done.address:
                loop.call_soon_threadsafe(made_feed, done.address)

        node = through(self.wallet, lambda: self.plan.text[min(self.at, len(self.plan.text) - 1)])
        factory = Factory(node, factory_of(self.live))
        try:
            deployed = await asyncio.to_thread(factory.carry_out, self.plan, told)
        except (PoolsError, Rejected) as refused:
            shown.show(self.at, "failed", in_words(refused))
        except Exception:
            log.exception("a market could not be deployed")
            shown.show(self.at, "failed", "something went wrong here; nothing more was sent")
        else:
            return deployed.market.address
        return None

    async def _indexed(self, market: Address) -> None:
        """Wait until it has a page, though not for ever: an index may be far behind."""
        for _ in range(LOOKS):
            if market in self.live.last.markets:
                return
            await asyncio.sleep(LOOK_S)

    def _done(self, shown: StepList, waiting: str, index: int) -> None:
        shown.show(index, "done", "mined")
        self.at = index + 1
        if self.at < len(self.plan.steps):
            shown.show(self.at, "now", waiting)


def _feed_step(plan: Plan) -> int | None:
    """Which step makes the price feed; None: it is there already."""
    last = plan.steps[-1]
    feed: object = last.listing.contracts.feed if isinstance(last, Opening) else None
    return feed.step if isinstance(feed, Made) else None
