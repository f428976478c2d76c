"""What a watcher tells programs: a fact for each event, and when an epoch's window closes. Pure."""

from typing import Any, NamedTuple, Protocol

from perpools.spec import schedule
from perpools.spec.units import Epoch, Seconds, Timestamp
from perpools.values import as_json

TYPES = {
    "OrderPlaced": "order",
    "OrderCancelled": "cancel",
    "BatchExecuted": "batch",
    "Rebalanced": "event",
    "Claimed": "claim",
    "Withdrawn": "withdrawal",
    "PairMinted": "pair-mint",
    "PairRedeemed": "pair-redeem",
    "WoundDown": "wind-down",
    "Redeemed": "redemption",
    "OperatorSet": "operator",
    "FeesPaid": "fees",
    "RecipientProposed": "recipient-proposed",
    "RecipientChanged": "recipient-changed",
    "Transfer": "transfer",
}
"""What each event of the specification is called."""

CLOSING = "commit-window-closing"
UNDONE = "undone"


class Recorded(Protocol):
    """An event, and where it is on the chain."""

    @property
    def event(self) -> Any:
        """The specification's event."""

    @property
    def block_number(self) -> int:
        """Its block."""

    @property
    def timestamp(self) -> Timestamp:
        """The block's time."""

    @property
    def transaction_hash(self) -> str:
        """Its transaction."""

    @property
    def index(self) -> int:
        """Its number in the block."""


def fact(market: str, record: Recorded) -> dict[str, Any]:
    """One event as programs are told of it; amounts are the protocol's integers."""
    return {
        "type": TYPES[type(record.event).__name__],
        "market": market,
        "block": record.block_number,
        "time": record.timestamp,
        "transaction": record.transaction_hash,
        "index": record.index,
        **as_json(record.event._asdict()),
    }


def undone(market: str, record: Recorded) -> dict[str, Any]:
    """That an event told before is no longer on the chain."""
    told = fact(market, record)
    return {**told, "type": UNDONE, "of": told["type"]}


class Window(NamedTuple):
    """When an epoch can be joined."""

    epoch: Epoch
    cutoff_at: Timestamp
    """The last second in which an order joins it, or leaves it."""
    executes_at: Timestamp


def window(now: Timestamp, interval_s: Seconds, front_running_s: Seconds) -> Window:
    """The window that is open now."""
    epoch = schedule.epoch_joined(now, front_running_s, interval_s)
    point = schedule.grid_point(epoch, interval_s)
    return Window(epoch, point - front_running_s - 1, point)


def is_closing(window: Window, now: Timestamp, ahead_s: Seconds, told: Epoch) -> bool:
    """Whether somebody should be told now that a window closes; `told` is the last one told of."""
    return window.epoch > told and now >= window.cutoff_at - ahead_s
