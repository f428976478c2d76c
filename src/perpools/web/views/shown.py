"""All there is to know about one market now: what a page shows of it."""

from dataclasses import dataclass
from typing import Literal

from perpools.chain.in_units import RecipientName
from perpools.spec.units import Address, Epoch
from perpools.values import Amount, Duration, Moment, Number, Share
from perpools.web.live import Condition
from perpools.web.terms import Term
from perpools.web.views.overview import MarketRow
from perpools.web.views.payments import Payer


@dataclass(frozen=True, slots=True)
class SideView:
    """One side, now and as it will be if the price stays."""

    side: Literal["long", "short"]
    symbol: str
    token: Address
    balance: Amount
    supply: Amount
    part: Share
    """Of the value locked in both sides."""
    price: Number
    """Of one token now; the same after the next event, and after all orders that wait."""
    price_next: Number
    price_after_all: Number
    balance_after_all: Amount
    gains: Number
    """Effective leverage on a small move in its favour."""
    gains_after_all: Number
    losses: Number
    """Effective leverage on a small move against it."""


@dataclass(frozen=True, slots=True)
class ClockView:
    """Where the market stands on its grid; for countdowns, count from `now`."""

    now: Moment
    """The chain's present."""
    next_grid_point: Moment
    cutoff: Moment
    """Until when an order joins the epoch that an order placed now joins."""
    epoch: Epoch
    """Which that is."""
    executes_at: Moment
    """When it is executed."""
    overdue: Duration | None
    """For how long an event has been due; None while none is."""


@dataclass(frozen=True, slots=True)
class BatchView:
    """All orders of a kind that wait for one epoch."""

    kind: int
    name: str
    """Such as `mint long`."""
    amount: Amount
    worth: Amount
    """In collateral, at the present rate."""


@dataclass(frozen=True, slots=True)
class QueueEpoch:
    """An epoch that waits."""

    epoch: Epoch
    executes_at: Moment
    cutoff: Moment
    locked: bool
    """Whether its orders can no longer be cancelled."""
    batches: tuple[BatchView, ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """An event that is foreseen, at the present price."""

    epoch: Epoch
    executes_at: Moment
    old_price: Number
    new_price: Number
    payer: Payer
    paid: Amount
    """What one side pays the other."""
    long_balance: Amount
    short_balance: Amount
    """After the event's transfer, before its orders."""
    long_price: Number
    short_price: Number
    """Of one token, after the event."""


@dataclass(frozen=True, slots=True)
class ForecastView:
    """What the coming events make of the market if the price stays."""

    price: Number
    """The price assumed."""
    events: tuple[EventView, ...]
    """Until no order waits; the first is the next event."""
    rebalancing_rate: Share
    """After them."""


@dataclass(frozen=True, slots=True)
class FeedView:
    """How the price feed is."""

    address: Address
    alive: bool
    """Whether it gives a valid price now; False too where it could not be asked."""
    asked: bool
    """Whether it could be asked."""
    price: Number | None
    observed_at: Moment | None
    age: Duration | None


@dataclass(frozen=True, slots=True)
class KeeperView:
    """Who closed the last event, and how punctual events are."""

    last_keeper: Address | None
    last_event_at: Moment | None
    """When it was mined."""
    last_late: Duration | None
    last_reward: Amount | None
    late_p50: Duration | None
    late_p99: Duration | None
    """Over the last events, at most 200."""
    events: int
    """How many of them."""
    healthy: bool
    """Whether nothing is overdue beyond a few blocks."""


@dataclass(frozen=True, slots=True)
class FeeView:
    """A recipient of the management fees."""

    recipient: RecipientName
    which: int
    """As the action `pay-fees` takes it."""
    account: Address | None
    """None: nobody, who has no share."""
    proposed: Address | None
    """Who may take its place, and has not yet."""
    owed: Amount
    """Accrued until the last event, and not paid out yet."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """Something that is wrong."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class MarketView:
    """One market."""

    row: MarketRow
    collateral: Address
    price_now: Number | None
    """What the feed says; None where it says nothing valid or cannot be asked."""
    average: Number
    """The simple moving average: the last executed price."""
    sma_periods: int
    last_spot: Number
    """The spot price of the last event."""
    rebalancing_rate: Share
    long: SideView
    short: SideView
    mint_fee: Share
    """What an order executed at the next event pays."""
    burn_fee: Share
    fees: tuple[FeeView, ...]
    """What the primary and the secondary recipient are owed."""
    clock: ClockView | None
    """None once wound down."""
    queue: tuple[QueueEpoch, ...]
    forecast: ForecastView | None
    """None once wound down."""
    feed: FeedView
    keeper: KeeperView
    terms: tuple[Term, ...]
    alerts: tuple[AlertView, ...]
    condition: Condition

    @property
    def sides(self) -> tuple[SideView, SideView]:
        """Long and short."""
        return self.long, self.short
