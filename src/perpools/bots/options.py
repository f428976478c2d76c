"""
What a bot can be told: the settings of every command, and its own, under the same names as flags
(`--poll-s`), in the environment (`PERPOOLS_POLL_S`) and in the file (`poll_s`, in the table of the
bot's role where it is meant for that role alone). `docs/keeping.md` lists all of them.
"""

import re
from typing import Annotated, Any, ClassVar, Self

from eth_utils.address import to_checksum_address
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from perpools import quantities
from perpools.settings import Count, Endpoint, Seconds, Settings, Switch, Texts
from perpools.spec.units import Address, Assets, Wad, Wei

_PAIR = re.compile("0x[0-9a-fA-F]{40}=0x[0-9a-fA-F]{40}")

COIN_DECIMALS = 18
"""Every chain that runs these contracts counts its native coin in them."""


def _coins(value: Any) -> Wei:
    """The wei that a number of whole coins are."""
    return quantities.amount(str(value), COIN_DECIMALS)


def _share(value: Any) -> Wad:
    return quantities.percent(value)


def _workers(count: int) -> int:
    if not 1 <= count <= 256:
        raise ValueError("is not a number of threads: 1 to 256")
    return count


def _thresholds(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        quantities.amount(text.rpartition("=")[2], COIN_DECIMALS)
    return texts


def _pairs(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        if not _PAIR.fullmatch(text):
            raise ValueError("is not a pair: write it like COLLATERAL=FEED, both addresses")
    return texts


Coins = Annotated[Wei, BeforeValidator(_coins)]
Share = Annotated[Wad, BeforeValidator(_share)]
Workers = Annotated[Count, AfterValidator(_workers)]
Thresholds = Annotated[Texts, AfterValidator(_thresholds)]
Pairs = Annotated[Texts, AfterValidator(_pairs)]
Webhook = Annotated[str, Field(pattern=r"^https?://\S+$")]


class BotSettings(Settings):
    """What every bot knows."""

    skip: Texts = ()
    """Addresses of markets to leave alone."""
    min_tvl: Thresholds = ()
    """
    Leave markets alone that hold less, in whole units of collateral: `DUSD=1000` for one coin,
    `1000` for any.
    """
    once: Switch = False
    """Do what is due now, wait until it is believed, and stop."""
    dry_run: Switch = False
    """Decide and log; send nothing, and need no account."""
    poll_s: Seconds = 2.0
    """How often the node is asked for a new block while something is near."""
    idle_poll_s: Seconds = 15.0
    """How often while nothing is."""
    quiet_s: Seconds = 15.0
    """
    Without a new block for so long, the block that the node prepares tells the time: some chains
    have blocks on demand alone.
    """
    discover_s: Seconds = 60.0
    """How often new markets are looked for."""
    replace_after_s: Seconds = 60.0
    """A transaction not mined for so long is sent again for a higher fee."""
    backoff_base_s: Seconds = 2.0
    """After a failure its market is left alone for so long, and twice as long after each more."""
    backoff_max_s: Seconds = 60.0
    """The longest that a failing market is left alone."""
    max_exceptions: Count = 10
    """Stop with exit code 1 after so many failures of the loop itself in a row; 0: never."""
    workers: Workers = 8
    """Requests to nodes at the same time, each in a thread."""
    metrics_addr: Endpoint | None = None
    """HOST:PORT where /health, /ready, /status and /metrics answer; None: nowhere."""
    alert_webhook: Webhook | None = None
    """Where alerts are sent as JSON, by POST."""
    alert_repeat_s: Seconds = 3_600.0
    """An alert that goes on is repeated after so long."""
    alert_late_s: Seconds = 300.0
    """An event is late so long after its grid point."""
    alert_stall_s: Seconds = 300.0
    """The chain stands still when no block came for so long."""
    alert_balance: Coins = Field(5 * 10**16, validate_default=False)
    """The account's native coin is low below so many whole coins."""

    @property
    def sends(self) -> bool:
        """Whether the bot sends transactions, and needs an account."""
        return True

    @property
    def role_name(self) -> str:
        """What the bot is called."""
        return self.role or "bot"


class KeeperSettings(BotSettings):
    """What a keeper knows."""

    role: ClassVar[str | None] = "keeper"

    min_profit: Coins = 0
    """The least that an event leaves after gas, in whole native coins."""
    max_loss: Coins = 0
    """What an event may cost instead, for keepers who keep a market going at their own expense."""
    pay_feed: Pairs = ()
    """
    `COLLATERAL=FEED`: what counts as pay, and the feed that says how much of it a native coin is
    worth. Where any is given, no other collateral counts; where none is, every market's own word
    does.
    """
    jitter_s: Count = 0
    """Leave up to so many seconds after a grid point to other keepers."""

    @property
    def pay_feeds(self) -> dict[str, Address]:
        """The feed of each collateral that counts, both in lower case; empty: any counts."""
        pairs = (text.lower().split("=") for text in self.pay_feed)
        return {collateral: to_checksum_address(feed) for collateral, feed in pairs}

    @property
    def least_wei(self) -> Wei:
        """The least profit; below zero, the greatest loss."""
        return -self.max_loss if self.max_loss else self.min_profit

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.max_loss and self.min_profit:
            raise ValueError("max_loss and min_profit contradict each other: give one")
        return self


class ClaimerSettings(BotSettings):
    """What a claimer knows."""

    role: ClassVar[str | None] = "claimer"

    min_profit: Coins = 0
    """The least that a claim leaves after gas, in whole native coins."""


class BalancerSettings(BotSettings):
    """What a skew balancer knows."""

    role: ClassVar[str | None] = "balancer"

    live: Switch = False
    """Really order. Without it the balancer trades on paper alone."""
    budget: Thresholds = ()
    """The most to have in a market, in whole units of collateral: `DUSD=1000`, or `1000`."""
    max_order: Thresholds = ()
    """The most of one order, likewise."""
    threshold: Share = Field(5 * 10**16, validate_default=False)
    """Act where the larger side will be larger by more than this."""
    buffer: Share = Field(10**16, validate_default=False)
    """Leave the larger side larger by this."""
    lead_s: Count = 30
    """Order so many seconds before an epoch's cut-off, when others have ordered."""

    @property
    def sends(self) -> bool:
        """On paper nothing is sent."""
        return self.live


class WatcherSettings(BotSettings):
    """What a watcher knows."""

    role: ClassVar[str | None] = "watcher"

    closing_s: Count = 60
    """Tell that an epoch's window for orders closes so many seconds before it does."""
    since_block: Count | None = None
    """Tell everything since this block first; None: only what is new."""
    wind_down_share: Share = Field(5 * 10**17, validate_default=False)
    """Alert when so much of the wait until anyone may wind a market down has passed."""

    @property
    def sends(self) -> bool:
        """It never does."""
        return False


def threshold(texts: tuple[str, ...], symbol: str, decimals: int) -> Assets | None:
    """
    The base units that `SYMBOL=AMOUNT`, else a plain amount, gives for a coin; None where neither
    is given.
    """
    told = {text.rpartition("=")[0]: text.rpartition("=")[2] for text in texts}
    amount = told.get(symbol, told.get(""))
    return None if amount is None else quantities.amount(amount, decimals)


__all__ = [
    "BalancerSettings",
    "BotSettings",
    "ClaimerSettings",
    "KeeperSettings",
    "WatcherSettings",
    "threshold",
]
