"""A market's numbers in its own units and at its own moments, wherever its state comes from."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from perpools.chain.snapshot import Fixed
from perpools.spec import escrow, forecast, rates, schedule
from perpools.spec.kinds import ASSETS, ITEMS, LONG_TOKENS
from perpools.spec.roles import RECIPIENTS
from perpools.spec.state import Escrow, Market
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address, Assets, Epoch, Seconds, Timestamp, Tokens
from perpools.values import Amount, Moment, Number

TOKEN_DECIMALS = 18

RecipientName = Literal["primary", "secondary"]
RECIPIENT_NAMES: tuple[RecipientName, ...] = ("primary", "secondary")


class FeeAccount(NamedTuple):
    """A recipient of a market's management fees."""

    which: int
    """As `pay_fees` takes it."""
    name: RecipientName
    account: Address | None
    """None: nobody, who has no share."""
    proposed: Address | None
    """Who may take its place."""
    owed: Amount
    """Accrued, and not paid out yet."""

    @property
    def facts(self) -> dict[str, Any]:
        """For people and programs."""
        told = {"recipient": self.name, "account": self.account, "proposed": self.proposed}
        return {**told, "owed": self.owed}


class InUnits(ABC):
    """A market at a moment."""

    @property
    @abstractmethod
    def market(self) -> Market:
        """Its state."""

    @property
    @abstractmethod
    def fixed(self) -> Fixed:
        """What never changes about it."""

    @property
    @abstractmethod
    def present(self) -> Timestamp:
        """When a transaction sent now would be mined."""

    def assets(self, units: Assets) -> Amount:
        """Collateral."""
        return self.item(ASSETS, units)

    def tokens(self, side: int, units: Tokens) -> Amount:
        """L- or S-tokens."""
        return self.item(LONG_TOKENS + side, units)

    def item(self, item: int, units: int) -> Amount:
        """Anything that a market deals in."""
        if item == ASSETS:
            return Amount(units, self.market.terms.decimals, self.fixed.collateral_symbol)
        return Amount(units, TOKEN_DECIMALS, self.fixed.symbols[item - LONG_TOKENS])

    def token_price(self, side: int, market: Market | None = None) -> Number:
        """Of one whole token, in whole units of collateral."""
        pool, scale = (market or self.market).pool, self.market.terms.asset_scale
        return Number(rates.price_wad(pool.balances[side], pool.supplies[side], scale))

    def worth(self, side: int, units: Tokens) -> Assets:
        """What tokens are worth at the present rate, before any fee."""
        pool = self.market.pool
        return rates.assets_for_tokens(units, pool.balances[side], pool.supplies[side])

    @property
    def title(self) -> str:
        """Such as `ETH/USD 3x`; the tokens' own symbols say it."""
        leverage, _, name = self.fixed.symbols[0].partition("L-")
        return f"{name} {leverage}x" if name else self.fixed.symbols[0]

    def waits(self, epoch: Epoch) -> bool:
        """Whether the orders of an epoch are still to be executed."""
        return epoch > self.market.last_epoch and not self.market.wound_down

    def waiting(self) -> Iterator[tuple[Epoch, int, int]]:
        """Epoch, kind and amount of the batches that wait, in the order of their execution."""
        for (epoch, kind), batch in sorted(self.market.batches.items()):
            if self.waits(epoch) and batch.paid_in:
                yield epoch, kind, batch.paid_in

    def moment(self, epoch: Epoch) -> Moment:
        """When the orders of an epoch are executed."""
        return Moment(forecast.executes_at(self.market, epoch), self.present)

    def cutoff(self, epoch: Epoch) -> Moment:
        """The last second in which an order joins an epoch, and in which it can be cancelled."""
        return Moment(forecast.cutoff_at(self.market, epoch), self.present)

    @property
    def joined(self) -> Epoch:
        """The epoch that an order placed now joins."""
        return self.market.epoch_joined(self.present)

    @property
    def upcoming(self) -> Epoch:
        """The next epoch whose grid point is still to pass."""
        return schedule.latest_passed(self.present, self.market.terms.interval_s) + 1

    @property
    def overdue_s(self) -> Seconds | None:
        """How long an event has been due already, whatever a trigger says; None while none is."""
        due = forecast.executes_at(self.market, self.market.due_epoch)
        return self.present - due if self.present > due and not self.market.wound_down else None

    @property
    def fee_accounts(self) -> tuple[FeeAccount, FeeAccount]:
        """The primary and the secondary recipient, and what a payment would send each."""
        primary, secondary = (self._fee_account(which) for which in RECIPIENTS)
        return primary, secondary

    def _fee_account(self, which: int) -> FeeAccount:
        market = self.market
        account = market.recipients[which]
        return FeeAccount(
            which,
            RECIPIENT_NAMES[which],
            None if account == NOBODY else account,
            market.proposed[which],
            self.assets(market.fees[which]),
        )

    def due(self, owner: Address) -> Escrow:
        """What a claim would send."""
        return escrow.claimable(self.market, owner)

    def due_amounts(self, owner: Address) -> dict[str, Amount]:
        """The same, by name; what is nothing is left out."""
        due = self.due(owner)
        amounts = {item: self.item(item, due[item]) for item in ITEMS if due[item]}
        return {("assets", "long_tokens", "short_tokens")[item]: a for item, a in amounts.items()}
