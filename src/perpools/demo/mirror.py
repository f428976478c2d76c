"""A market that exists twice, compared after every operation."""

from dataclasses import dataclass, field
from itertools import cycle

from eth_utils.address import to_checksum_address

from perpools.chain.lens import Account, Lens
from perpools.chain.market import Market, Outcome
from perpools.chain.node import Node, Receipt
from perpools.demo.comparison import (
    Scope,
    account,
    epochs_of,
    expected,
    placed_in,
    require_same,
    told,
    waiting_epochs,
)
from perpools.demo.ledger import Ledger, Wallets, wallet_change
from perpools.demo.operations import Facts, Operation
from perpools.spec import state
from perpools.spec.errors import Rejected
from perpools.spec.events import Event, Rebalanced
from perpools.spec.prices import History
from perpools.spec.rebalancing import Gas
from perpools.spec.state import Step
from perpools.spec.units import Address, Seconds

IN_TURN = 2
"""Accounts read after every operation though nothing says that they changed."""


class Feed:
    """A feed as the specification sees it: a history that grows."""

    def __init__(self, max_age: Seconds) -> None:
        self.history = History((), max_age)


@dataclass
class Mirror:
    """One market, twice. Chain and specification must agree in everything, refusals included."""

    name: str
    preset: str
    node: Node
    lens: Lens
    market: Market
    spec: state.Market
    price: Feed
    eth: Feed
    wallets: Wallets
    """Collateral that every account holds: one coin, whatever the market."""
    operations: int = 0
    events: int = 0
    refusals: int = 0
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.spec)
        self._rows = self._expected_rows()
        self._turns = cycle(self.wallets)

    def act(self, operation: Operation) -> tuple[Event, ...]:
        """Do one operation twice; returns its events, or raises the first `Mismatch`."""
        where = f"{self.name}, operation {self.operations + 1}, {operation.name}"
        outcome, reason = self._on_chain(operation)
        step, due = self._in_spec(operation, self._facts(outcome))
        require_same(f"{where}: refusal", reason, due)
        seen = outcome.events if outcome else ()
        kinds = [tuple(type(event).__name__ for event in events) for events in (seen, step.events)]
        require_same(f"{where}: events", *kinds)
        for name, one, other in zip(kinds[0], seen, step.events, strict=True):
            require_same(f"{where}: {name}", one, other)
        self._adopt(step)
        self._compare_concerned(where, outcome, step)
        return step.events

    def compare_all(self, where: str) -> None:
        """Compare everything: the whole market, every account and every batch that waits."""
        self._compare(where, Scope(tuple(self.wallets), waiting_epochs(self.spec), ()))

    def _compare_concerned(self, where: str, outcome: Outcome | None, step: Step) -> None:
        """
        The market; every account that a log names, or that is another for the specification; and
        in turn some whose turn it is. What neither side says has moved was compared before.
        """
        rows = self._expected_rows()
        accounts = {owner for owner, row in rows.items() if row != self._rows[owner]}
        if outcome:
            accounts |= named_in(outcome.receipt) & rows.keys()
        accounts |= {next(self._turns) for _ in range(IN_TURN)}
        waiting = waiting_epochs(self.spec)
        epochs = epochs_of(step.events) | set(waiting[self.operations % max(len(waiting), 1) :][:1])
        self._compare(where, Scope(sorted(accounts), sorted(epochs), placed_in(step.events)))
        self._rows = rows

    def _compare(self, where: str, asked: Scope) -> None:
        chain = told(self.lens, self.market.address, asked)
        require_same(where, chain, expected(self.spec, self.wallets, asked))

    def _expected_rows(self) -> dict[Address, Account]:
        return {owner: account(self.spec, owner, held) for owner, held in self.wallets.items()}

    def _on_chain(self, operation: Operation) -> tuple[Outcome | None, str]:
        try:
            return operation.on_chain(self.market), ""
        except Rejected as refusal:
            return None, refusal.reason

    def _in_spec(self, operation: Operation, facts: Facts) -> tuple[Step, str]:
        try:
            return operation.in_spec(self.spec, facts), ""
        except Rejected as refusal:
            return Step(self.spec), refusal.reason

    def _facts(self, outcome: Outcome | None) -> Facts:
        """The moment, and for an event what its keeper is paid by (R9)."""
        block = self.node.block()
        event = outcome.events[-1] if outcome and outcome.events else None
        if not isinstance(event, Rebalanced) or outcome is None:
            return Facts(block.timestamp, Gas())
        eth = self.eth.history.latest(block.timestamp) or 0
        gas = Gas(event.gas_used, outcome.receipt.gas_price, block.base_fee, eth)
        return Facts(block.timestamp, gas)

    def _adopt(self, step: Step) -> None:
        self.ledger.record(self.spec, step)
        for change in map(wallet_change, step.events):
            if change is not None:
                self.wallets[change[0]] += change[1]
        self.spec = step.market
        self.operations += 1
        self.events += len(step.events)
        self.refusals += not step.events


def named_in(receipt: Receipt) -> set[Address]:
    """Everybody whom any contract's log names: tokens move under no other condition."""
    topics = {topic for log in receipt.logs for topic in log.topics[1:] if not any(topic[:12])}
    return {to_checksum_address(topic[12:]) for topic in topics}
