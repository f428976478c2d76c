"""
From records to rows: pure. A `Folding` takes one record after the other through the specification,
once each, and collects what the tables are to say.
"""

from collections.abc import Callable
from typing import Any

from perpools.chain.history import Record, replayed
from perpools.chain.snapshot import Fixed
from perpools.index import events as told
from perpools.index import standing
from perpools.index.changes import UNMARKED, Row, Rows
from perpools.index.checkpoint import State
from perpools.index.happenings import CLAIMED, REDEEMED, WITHDRAWN
from perpools.index.ledger import NOT_ACCOUNTS, Kept, Key, Ledger, Placed, Spot, Tally
from perpools.index.tables import (
    Batch,
    Claim,
    Epoch,
    FeePayment,
    Involved,
    Pair,
    Transfer,
)
from perpools.index.tables import Record as RecordRow
from perpools.spec import events, rates
from perpools.spec.escrow import claimable
from perpools.spec.fees import after_fee
from perpools.spec.kinds import ITEMS, KINDS, LONG_BURN, LONG_FLIP
from perpools.spec.measures import order_fee, order_worth
from perpools.spec.pool import Pool
from perpools.spec.replay import settled
from perpools.spec.state import Market
from perpools.spec.units import Address, Seconds, Timestamp


class Folding:
    """One market, record by record. After an error it is of no use any more."""

    def __init__(self, fixed: Fixed, state: State) -> None:
        self.fixed, self.played = fixed, state.played
        self.ledger: Ledger = state.ledger.copy()
        self.rows = Rows()

    @property
    def state(self) -> State:
        """The market after the last record."""
        return State(self.played, self.ledger.copy())

    def take(self, record: Record) -> None:
        """One more record; `ChainError` where it does not follow from those before it."""
        before, event = self.played.market, record.event
        self._roll(record.timestamp)
        self.played = replayed(self.played, (record,))
        row = told.place_of(self.fixed.address, record)
        involved = dict.fromkeys(told.accounts_in(event))
        handler = HANDLERS.get(type(event))
        if handler is not None:
            involved |= dict.fromkeys(handler(self, before, event, row) or ())
        whom = [account for account in involved if account not in NOT_ACCOUNTS]
        self.rows.touched.update(whom)
        place = {name: row[name] for name in ("market", "block_number", "log_index")}
        self.rows.inserted[Involved] += [{**place, "account": account} for account in whom]
        self.rows.inserted[RecordRow].append(told.row_of(self.fixed.address, record))

    def close(self) -> Rows:
        """All rows; the running hour and day are as of now."""
        for period_s, tally in self.ledger.tallies.items():
            self._snapshot(period_s, tally)
        return self.rows

    # the hours and days

    def _roll(self, now: Timestamp) -> None:
        """Close the hours and days that are over."""
        for period_s, tally in list(self.ledger.tallies.items()):
            start = now - now % period_s
            if start != tally.start:
                self._snapshot(period_s, tally)
                self.ledger.tallies[period_s] = Tally(start)

    def _snapshot(self, period_s: Seconds, tally: Tally) -> None:
        key = period_s, tally.start
        row = {"market": self.fixed.address, "period_s": period_s, **tally._asdict()}
        stands = standing.snapshot(self.played, self.ledger.spot_wad)
        self.rows.snapshots[key] = {**row, **stands}

    # what is told

    def ordered(self, _: Market, order: events.OrderPlaced, row: Row) -> None:
        """An order waits."""
        terms, spot = self.fixed.terms, (row["block_number"], row["log_index"])
        due = {"executes_at": order.epoch * terms.interval_s, "refunded": False}
        nothing = dict.fromkeys(UNMARKED)
        self.rows.orders[spot] = {**row, **order._asdict(), **due, **nothing}
        key = order.controller, order.epoch, order.kind
        placed = Placed(*spot, order.amount)
        self.ledger.waiting[key] = (*self.ledger.waiting.get(key, ()), placed)
        self.ledger.add(orders=1)
        if order.from_escrow:
            self._taken(order.owner, row)

    def cancelled(self, _: Market, event: events.OrderCancelled, row: Row) -> None:
        """All that a controller ordered of a kind in an epoch is taken back."""
        key = event.controller, event.epoch, event.kind
        for placed in self.ledger.waiting.pop(key):
            self.rows.mark(placed[:2], cancelled_block=row["block_number"], cancelled_at=row["at"])

    def executed(self, _: Market, event: events.BatchExecuted, row: Row) -> None:
        """A batch was executed; what it means for its orders is told with the epoch."""
        place = {name: row[name] for name in ("market", "block_number")}
        self.rows.inserted[Batch].append({**place, **event._asdict()})

    def rebalanced(self, before: Market, event: events.Rebalanced, row: Row) -> list[Address]:
        """An epoch was closed; whose orders were executed."""
        then = settled(before, event)
        closed = sorted(key for key in self.ledger.waiting if key[1] == event.epoch)
        count = sum(self._filled(key, then, event, row) for key in closed)
        epoch = standing.epoch(self.fixed.terms, before.last_epoch, event, row)
        self.rows.inserted[Epoch].append({**epoch, "orders": count})
        self._keep(event.keeper, epoch)
        self._count(event, then)
        return [controller for controller, _, _ in closed]

    def claimed(self, _: Market, event: events.Claimed, row: Row) -> None:
        """Everything due was sent."""
        owner, caller, *sent = event
        self._claim(row, CLAIMED, (owner, caller), sent)
        self._all_taken(owner, row)

    def withdrawn(self, _: Market, event: events.Withdrawn, row: Row) -> None:
        """Part of what was due was sent."""
        owner, receiver, item, amount = event
        sent = [amount if item == what else 0 for what in ITEMS]
        self._claim(row, WITHDRAWN, (owner, receiver), [*sent, 0])
        self._taken(owner, row)

    def redeemed(self, _: Market, event: events.Redeemed, row: Row) -> None:
        """Tokens of a market wound down were given for collateral."""
        owner, side, tokens, assets = event
        given = [tokens, 0] if side == 0 else [0, tokens]
        self._claim(row, REDEEMED, (owner, owner), [assets, *given, 0])
        self.ledger.add(volume_out=assets)

    def paired(self, _: Market, event: events.PairMinted | events.PairRedeemed, row: Row) -> None:
        """A pair was minted or redeemed."""
        minted = isinstance(event, events.PairMinted)
        self.rows.inserted[Pair].append({**row, **event._asdict(), "minted": minted})
        assets = event.long_assets + event.short_assets
        self.ledger.add(**{"volume_in" if minted else "volume_out": assets})

    def moved(self, before: Market, event: events.Transfer, row: Row) -> None:
        """Tokens changed hands."""
        balances, supplies = before.pool
        of_side = balances[event.side], supplies[event.side]
        worth = rates.assets_for_tokens(event.tokens, *of_side)
        self.rows.inserted[Transfer].append({**row, **event._asdict(), "worth": worth})

    def paid(self, _: Market, event: events.FeesPaid, row: Row) -> None:
        """A recipient was sent its fees."""
        self.rows.inserted[FeePayment].append({**row, **event._asdict()})

    def ended(self, _: Market, __: events.WoundDown, row: Row) -> list[Address]:
        """Everything that waits is refunded; to whom."""
        refunded = sorted(self.ledger.waiting)
        for key in refunded:
            self._refunded(key, self.ledger.waiting.pop(key), row)
        return [controller for controller, _, _ in refunded]

    # what becomes of orders

    def _filled(self, key: Key, then: Pool, event: events.Rebalanced, row: Row) -> int:
        """
        Give every order of a controller its part: the parts of several of one kind add up to what
        all of them together receive. How many there were.
        """
        placed, (who, epoch, kind) = self.ledger.waiting.pop(key), key
        batch = self.played.market.batches[epoch, kind]
        if not batch.paid_out:
            self._refunded(key, placed, row)
            return len(placed)
        costs = event.mint_fee_wad, self.fixed.terms.burn_fee_wad
        ordered = received = charged = 0
        for one in placed:
            ordered += one.amount
            out = rates.payout(ordered, *batch)
            fee = order_fee(kind, ordered, then, costs)
            self._mark_executed(one[:2], row, (out - received, fee - charged, False))
            received, charged = out, fee
        self._bring(who, placed)
        return len(placed)

    def _refunded(self, key: Key, placed: tuple[Placed, ...], row: Row) -> None:
        for one in placed:
            self._mark_executed(one[:2], row, (one.amount, 0, True))
        self._bring(key[0], placed)

    def _mark_executed(self, spot: Spot, row: Row, outcome: tuple[int, int, bool]) -> None:
        where = {"executed_block": row["block_number"], "executed_at": row["at"]}
        what = dict(zip(("paid_out", "fee_assets", "refunded"), outcome, strict=True))
        self.rows.mark(spot, **where, **what)

    def _bring(self, who: Address, placed: tuple[Placed, ...]) -> None:
        spots = tuple(one[:2] for one in placed)
        self.ledger.brought[who] = (*self.ledger.brought.get(who, ()), *spots)

    def _taken(self, owner: Address, row: Row) -> None:
        """Somebody took or ordered with part of what was due: perhaps the rest of it."""
        if owner in self.ledger.brought and not any(claimable(self.played.market, owner)[:3]):
            self._all_taken(owner, row)

    def _all_taken(self, owner: Address, row: Row) -> None:
        for spot in self.ledger.brought.pop(owner, ()):
            self.rows.mark(spot, claimed_block=row["block_number"], claimed_at=row["at"])

    def _claim(
        self, row: Row, kind: str, parties: tuple[Address, Address], sent: list[int]
    ) -> None:
        names = "assets", "long_tokens", "short_tokens", "tip"
        who = dict(zip(("owner", "other"), parties, strict=True))
        amounts = dict(zip(names, sent, strict=True))
        self.rows.inserted[Claim].append({**row, "kind": kind, **who, **amounts})

    # what an event comes to

    def _keep(self, keeper: Address, epoch: Row) -> None:
        """Add an event to what its keeper did."""
        kept = self.ledger.keepers.get(keeper, Kept())
        self.ledger.keepers[keeper] = Kept(
            kept.events + 1,
            kept.reward_assets + epoch["reward_assets"],
            kept.gas_used + epoch["gas_used"],
            kept.late_s_total + epoch["late_s"],
            max(kept.worst_late_s, epoch["late_s"]),
            epoch["at"],
        )
        self.rows.keepers.add(keeper)

    def _count(self, event: events.Rebalanced, then: Pool) -> None:
        """Add an event to the running hour and day."""
        self.ledger.spot_wad = event.spot
        came, left = 0, 0
        for kind in KINDS:
            batch = self.played.market.batches.get((event.epoch, kind))
            if batch is None or not batch.paid_out:
                continue
            worth = order_worth(kind, batch.paid_in, then)
            if kind >= LONG_BURN:
                worth = after_fee(worth, self.fixed.terms.burn_fee_wad)
                left += worth
            if kind < LONG_BURN or kind >= LONG_FLIP:
                came += worth
        flows = {"volume_in": came, "volume_out": left}
        self.ledger.add(events=1, fees=event.fee, rewards=event.reward, **flows)


Handler = Callable[[Folding, Market, Any, Row], list[Address] | None]
HANDLERS: dict[type, Handler] = {
    events.OrderPlaced: Folding.ordered,
    events.OrderCancelled: Folding.cancelled,
    events.BatchExecuted: Folding.executed,
    events.Rebalanced: Folding.rebalanced,
    events.Claimed: Folding.claimed,
    events.Withdrawn: Folding.withdrawn,
    events.Redeemed: Folding.redeemed,
    events.PairMinted: Folding.paired,
    events.PairRedeemed: Folding.paired,
    events.Transfer: Folding.moved,
    events.FeesPaid: Folding.paid,
    events.WoundDown: Folding.ended,
}
"""What an event does beside changing the state; whoever it concerns and does not name."""
