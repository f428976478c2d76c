"""What an account has in every market, what it cost, and what it made of it."""

from dataclasses import dataclass
from typing import Literal

from perpools.chain.in_units import RecipientName
from perpools.spec.units import Address, Epoch
from perpools.values import Amount, Moment, Number, Share
from perpools.web.live import Condition


@dataclass(frozen=True, slots=True)
class HoldingView:
    """An account's tokens of one side, wherever they are."""

    side: Literal["long", "short"]
    symbol: str
    token: Address
    tokens: Amount
    wallet: Amount
    escrow: Amount
    waiting: Amount
    """In orders that wait to be burned or flipped."""
    price: Number
    entry_price: Number | None
    """Average cost of one token; None where there is none."""
    cost: Amount
    value: Amount
    unrealised: Amount
    unrealised_share: Share | None
    realised: Amount
    exposure: Amount
    """Value times effective leverage on gains."""


@dataclass(frozen=True, slots=True)
class WaitingView:
    """An order that waits to be executed."""

    market: Address
    title: str
    kind: int
    name: str
    amount: Amount
    epoch: Epoch
    executes_at: Moment
    cancel_until: Moment
    cancellable: bool
    tip: Amount
    """Of all the account's orders in that epoch."""


@dataclass(frozen=True, slots=True)
class PositionView:
    """An account in one market."""

    market: Address
    title: str
    wound_down: bool
    long: HoldingView
    short: HoldingView
    waiting: tuple[WaitingView, ...]
    waiting_assets: Amount
    """Collateral in orders that wait."""
    escrow_assets: Amount
    escrow_long: Amount
    escrow_short: Amount
    """Executed or refunded, ready to be claimed or ordered with."""
    tips: Amount
    """For whoever claims."""
    claimable: bool
    worth: Amount
    paid_in: Amount
    taken_out: Amount
    profit: Amount
    earned: Amount
    """Part of the profit: keeper's pay and management fees."""
    fees: Amount

    @property
    def sides(self) -> tuple[HoldingView, HoldingView]:
        """Long and short."""
        return self.long, self.short


@dataclass(frozen=True, slots=True)
class TotalView:
    """All positions whose market holds the same collateral."""

    collateral: Address
    symbol: str
    worth: Amount
    paid_in: Amount
    taken_out: Amount
    profit: Amount


@dataclass(frozen=True, slots=True)
class OperatorView:
    """Somebody who may act for an account in a market, in everything."""

    market: Address
    title: str
    operator: Address


@dataclass(frozen=True, slots=True)
class EarningView:
    """A market's management fee, of which the account is the recipient, or is proposed as it."""

    market: Address
    title: str
    recipient: RecipientName
    which: int
    """As the actions `pay-fees`, `propose-recipient` and `accept-recipient` take it."""
    account: Address | None
    """The recipient; None: nobody, who has no share."""
    proposed: Address | None
    """Who may take its place, and has not yet."""
    owed: Amount
    """Accrued until the last event, and not paid out yet."""


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """One account."""

    account: Address
    native: Amount | None
    """Native coin in its wallet; None where no node tells."""
    positions: tuple[PositionView, ...]
    """Of the markets it ever had to do with, the most valuable first."""
    waiting: tuple[WaitingView, ...]
    """Of all markets, in the order of their execution."""
    totals: tuple[TotalView, ...]
    operators: tuple[OperatorView, ...]
    """Who may act for it now."""
    fees: tuple[EarningView, ...]
    """What it earns beside: no part of its positions, its worth or its profit until it is paid."""
    condition: Condition
