"""What surrounds a market: twins of the coin, the feeds and the trigger in tests/vyper/mocks."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from perpools.spec import errors
from perpools.spec.state import MARKET

PERCENT = 100

# How a coin moves: `Coin.misbehave`.
PLAIN, FEE, SAYS_NO, SAYS_NOTHING, CALLS_BACK = range(5)

# What an account with code does with native coin: `Purse.misbehave`.
TAKES, REFUSES, RECLAIMS = range(3)

# How a feed answers: `ScriptedFeed.misbehave`.
ANSWERS, SILENT, BURNS_GAS, GARBLED = range(4)


class Refused(Exception):
    """Somebody else than the market said no; the market passes the reason on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Flow(NamedTuple):
    """An amount that goes from one account to another."""

    payer: str
    receiver: str
    amount: int


@dataclass
class Coin:
    """The collateral: who holds how much, and how it behaves."""

    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    blocked: set[str] = field(default_factory=set)
    forgetful: set[str] = field(default_factory=set)
    """Who has not approved the market."""
    manner: int = PLAIN
    kept: int = 0
    """Fees it kept: no longer anybody's."""

    def received(self, flow: Flow) -> int:
        """What arrives, or why nothing moves."""
        if flow.receiver == MARKET and flow.payer in self.forgetful:
            raise Refused("coin: allowance too low")
        if self.blocked & {flow.payer, flow.receiver}:
            raise Refused("coin: blocked")
        if self.balances[flow.payer] < flow.amount:
            raise Refused("coin: balance too low")
        if self.manner == SAYS_NO:
            raise errors.CollateralIsRefused
        return flow.amount - (flow.amount // PERCENT if self.manner == FEE else 0)

    def move(self, flow: Flow) -> None:
        arrived = self.received(flow)
        self.balances[flow.payer] -= flow.amount
        self.balances[flow.receiver] += arrived
        self.kept += flow.amount - arrived


@dataclass
class Feed:
    """A scripted price; as of a moment it contains the moment."""

    price: int
    drift: int = 0
    hint: int = 0
    """What must be said to be told a price as of a moment."""
    history: int = ANSWERS
    latest: int = ANSWERS
    said: int = 0

    def as_of(self, time: int) -> int:
        if self.said != self.hint:
            raise errors.HintIsWrong
        if self.history != ANSWERS:
            raise errors.FeedIsSilent
        drifted = self.price
        if self.drift < self.price < 2**119:
            drifted += time % (self.drift + 1)
        return drifted

    @property
    def price_now(self) -> int:
        """The latest price, 0 where there is none."""
        return self.price if self.latest == ANSWERS else 0


def is_met(old_price: int, new_price: int, spot: int) -> bool:
    """The scripted trigger."""
    moved = abs(old_price - new_price)
    return moved * PERCENT >= old_price or spot >= 2 * new_price
