"""A bot put together, and run."""

import asyncio
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import stamina.instrumentation
from eth_utils.address import to_checksum_address

from perpools.bots import logs
from perpools.bots.alerts import Alerts, Emit, Webhook
from perpools.bots.balancer import Balancer
from perpools.bots.claimer import Claimer
from perpools.bots.heads import Heads
from perpools.bots.keeper import Keeper
from perpools.bots.logs import Log
from perpools.bots.metrics import Metrics
from perpools.bots.options import (
    BalancerSettings,
    BotSettings,
    ClaimerSettings,
    KeeperSettings,
    WatcherSettings,
)
from perpools.bots.registry import Registry
from perpools.bots.runner import Runner
from perpools.bots.station import Role, Station
from perpools.bots.wallet import Ledger, Wallet
from perpools.bots.watcher import Watcher
from perpools.chain import accounts, connect, deployment
from perpools.chain.fees import FeePolicy
from perpools.chain.node import Node
from perpools.chain.sending import Outbox
from perpools.errors import ConfigError
from perpools.settings import NO_NODE
from perpools.spec.units import Address

NO_ACCOUNT = (
    "no account: give --keystore FILE, --account ADDRESS where the node signs, or --dry-run"
)

DRAIN_S = 5.0
"""How long the webhook may take for its last words."""

Password = Callable[[], str]
"""Asks for a keystore's password."""


def nothing(_: dict[str, Any]) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Bot:
    """What a bot is made of."""

    settings: BotSettings
    node: Node
    account: Address | None
    """Who sends; None: nobody, it only decides."""
    factory: Address | None
    metrics: Metrics
    log: Log
    emit: Emit = nothing
    ledger: Ledger = field(default_factory=Ledger)
    """Shared by keepers of one process."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> int:
        """Run until stopped, or done where it only does what is due; the exit code."""
        settings = self.settings
        async with AsyncExitStack() as after:
            threads = after.enter_context(ThreadPoolExecutor(settings.workers, "chain"))
            heads = Heads(time.monotonic)
            alerts = Alerts(settings.role_name, self.log, self.metrics, settings.alert_repeat_s)
            station = Station(
                self.node,
                settings,
                heads,
                self.metrics,
                alerts,
                self.log,
                self.emit,
                threads,
                self.stopping,
            )
            alerts.send_to(self.emit)
            if settings.alert_webhook:
                await self._hook(after, alerts, settings.alert_webhook)
            registry = Registry(self.node, settings, self.factory)
            return await Runner(station, registry, self._role(station), self.account).run()

    async def _hook(self, after: AsyncExitStack, alerts: Alerts, url: str) -> None:
        webhook = Webhook(url, self.log, self.metrics)
        sending = asyncio.create_task(webhook.run())
        alerts.send_to(webhook.take)
        after.push_async_callback(_end, sending)
        after.push_async_callback(webhook.drain, DRAIN_S)

    def _role(self, station: Station) -> Role:
        settings = self.settings
        wallet = self._wallet(station)
        if isinstance(settings, KeeperSettings):
            return Keeper(station, wallet, settings, self.ledger)
        if isinstance(settings, ClaimerSettings):
            return Claimer(station, wallet, settings)
        if isinstance(settings, BalancerSettings):
            return Balancer(station, wallet, settings)
        assert isinstance(settings, WatcherSettings)
        return Watcher(station, settings)

    def _wallet(self, station: Station) -> Wallet | None:
        if self.account is None or self.settings.dry_run or not self.settings.sends:
            return None
        policy = FeePolicy(self.settings.max_fee_wei, self.settings.priority_wei)
        return Wallet(station, Outbox(self.node, self.account, policy), self.account)


def launch(settings: BotSettings, emit: Emit, password: Password) -> int:
    """
    Run the bot that settings describe until a signal stops it; the exit code. `password` is asked
    where there is a keystore to open.
    """
    stamina.instrumentation.set_on_retry_hooks(())  # standard output is for facts alone
    metrics, log = Metrics(settings.role_name), logs.logger(settings.log_format, settings.log_level)
    node = connected(settings, metrics)
    node, account = signing(settings, node, password)
    bot = Bot(settings, node, account, factory(settings), metrics, log, emit)
    return asyncio.run(_until_signalled(bot))


def connected(settings: BotSettings, metrics: Metrics) -> Node:
    """The chain that settings name; every request is counted."""
    if not settings.rpc:
        raise ConfigError(NO_NODE)
    return connect(
        *settings.rpc,
        chain_id=settings.chain_id,
        timeout_s=settings.timeout_s,
        on_request=metrics.asked,
    )


def signing(settings: BotSettings, node: Node, password: Password) -> tuple[Node, Address | None]:
    """The node that can send for the bot's account, and the account; none where none is needed."""
    if settings.keystore is not None and not settings.dry_run:
        signer = accounts.load(settings.keystore, password())
        return node.signing(signer), signer.address
    if settings.keystore is not None:
        return node, accounts.address_of(settings.keystore)
    if settings.account is not None:
        account = to_checksum_address(settings.account)
        if not settings.dry_run and account not in node.accounts:
            raise ConfigError(
                f"account: the node does not sign for {account}: give --keystore FILE"
            )
        return node, account
    if settings.dry_run or not settings.sends:
        return node, None
    raise ConfigError(NO_ACCOUNT)


def factory(settings: BotSettings) -> Address | None:
    """Whose markets are meant; None where only those that are named."""
    if settings.factory:
        return to_checksum_address(settings.factory)
    if settings.deployment:
        return to_checksum_address(deployment.load(settings.deployment).factory)
    return None


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _until_signalled(bot: Bot) -> int:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, bot.stopping.set)
    return await bot.run()
