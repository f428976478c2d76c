"""
What the chain itself says of a market and of those who kept it, whatever went wrong meanwhile:
every epoch with orders was closed once and in its order, for the pay that the specification says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from perpools.chain.history import History, Record
from perpools.chain.node import Receipt
from perpools.spec import invariants, schedule
from perpools.spec.events import Claimed, Event, OrderPlaced, Rebalanced
from perpools.spec.rebalancing import Gas, rebalance
from perpools.spec.state import Call, Market, replace
from perpools.spec.units import Address, Epoch, Timestamp, Wad, Wei
from tests.bots.stage import MINUTE_S, TERMS, WAD
from tests.faults.harness import PURSE, World

ETH_RATE = 3_000 * WAD


E = TypeVar("E")

Wasted = dict[Address, tuple[int, ...]]
"""Gas of each transaction that was refused: it did nothing else."""


@dataclass(frozen=True)
class Said:
    """A feed that gave this price."""

    spot: Wad

    def as_of(self, time: Timestamp) -> Wad | None:
        return self.spot


class Verdict(NamedTuple):
    """What came of it."""

    closed: list[Epoch]
    """In the chain's order."""
    rewards: Mapping[Address, int]
    tips: Mapping[Address, Wei]
    """Earned by claims for others."""
    sent: Mapping[Address, int]
    """Transactions of each account that were mined."""
    failed: Wasted


def judge(world: World) -> Verdict:
    """Whatever holds after every fault; what is left to compare is returned."""
    world.end()
    history = History(world.node, world.market.address)
    records = list(history.records(0, world.node.block().number))
    events = [record.event for record in records if isinstance(record.event, Rebalanced)]
    closed = [event.epoch for event in events]
    assert closed == sorted(set(closed)), "an epoch was closed twice, or out of order"
    assert _ordered(world, records) <= set(closed), "an epoch with orders was missed"
    assert world.due is None, "an event is due"
    _check_state(world, _relived(world, history, records))
    rewards = dict.fromkeys(world.roles.values(), 0)
    for event in events:
        rewards[event.keeper] = rewards.get(event.keeper, 0) + event.reward
    _check_pay(world, rewards)
    tips = _tips(world, records)
    return Verdict(closed, rewards, tips, *_spent(world, tips))


def told(world: World, kind: type[E]) -> list[E]:
    """What a market told of one kind."""
    history = History(world.node, world.market.address)
    records = history.records(0, world.node.block().number)
    return [record.event for record in records if isinstance(record.event, kind)]


def _ordered(world: World, records: list[Record]) -> set[Epoch]:
    """Epochs with orders whose grid point has passed."""
    passed = schedule.latest_passed(world.now, MINUTE_S)
    placed = (record.event for record in records if isinstance(record.event, OrderPlaced))
    return {event.epoch for event in placed if event.epoch <= passed}


def _relived(world: World, history: History, records: Sequence[Record]) -> Market:
    """The state after all that was told, every event of which is what the specification does."""
    played = history.begun()
    for record in records:
        if isinstance(record.event, Rebalanced):
            assert record.event == _by_the_book(world, played.market, record.event, record)
        played = history.replayed(played, [record])
    return played.market


def _by_the_book(world: World, market: Market, event: Rebalanced, record: Record) -> Event:
    """An event as the specification closes it, by whom and when it was, at the gas price paid."""
    receipt = world.node.receipt(record.transaction_hash)
    assert receipt is not None
    base_fee = world.node.block(record.block_number).base_fee
    gas = Gas(event.gas_used, receipt.gas_price, base_fee, ETH_RATE)
    whole = replace(market, terms=replace(market.terms, transfer=TERMS.transfer))
    return rebalance(whole, Call(event.keeper, record.timestamp), Said(event.spot), gas).events[-1]


def _check_state(world: World, state: Market) -> None:
    """The logs explain what the contracts hold, to the unit."""
    market = world.market.address
    assert not invariants.broken(state)
    assert world.stage.coin.read("balanceOf", market) == state.held
    assert world.node.balance(market) == state.tips_held


def _check_pay(world: World, rewards: Mapping[Address, int]) -> None:
    """Every keeper is owed what its events say, and nothing else."""
    for account, reward in rewards.items():
        due, _ = world.market.contract.read("claimable", account)
        assert due[0] == reward


def _tips(world: World, records: Sequence[Record]) -> dict[Address, Wei]:
    tips = dict.fromkeys(world.roles.values(), 0)
    for record in records:
        if isinstance(record.event, Claimed) and record.event.caller in tips:
            tips[record.event.caller] += record.event.tip
    return tips


def _spent(world: World, tips: Mapping[Address, Wei]) -> tuple[dict[Address, int], Wasted]:
    """Transactions of accounts, mined and failed; they paid for gas and for nothing else."""
    sent: dict[Address, int] = {}
    failed: Wasted = {}
    for account in world.roles.values():
        receipts = [receipt for sender, receipt in _receipts(world) if sender == account]
        paid = sum(receipt.gas_used * receipt.gas_price for receipt in receipts)
        sent[account] = len(receipts)
        failed[account] = tuple(r.gas_used for r in receipts if not r.succeeded)
        assert world.node.balance(account) == PURSE + tips[account] - paid
        assert sent[account] == world.node.nonce(account) == world.node.nonce(account, pending=True)
    return sent, failed


def _receipts(world: World) -> list[tuple[Address, Receipt]]:
    """Every transaction's sender and receipt."""
    found = []
    for number in range(world.node.block().number + 1):
        block: Any = world.node.web3.eth.get_block(number, full_transactions=True)
        for transaction in block["transactions"]:
            receipt = world.node.receipt("0x" + bytes(transaction["hash"]).hex())
            assert receipt is not None
            found.append((transaction["from"], receipt))
    return found
