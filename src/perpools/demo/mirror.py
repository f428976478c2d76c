"""A market that exists twice: on the chain and in the specification, compared after every operation."""

from dataclasses import dataclass, field

from perpools.chain.lens import Lens
from perpools.chain.market import Market, Outcome
from perpools.chain.node import Node
from perpools.demo.comparison import expected, require_same, scope, told
from perpools.demo.ledger import Ledger, Wallets, wallet_change
from perpools.demo.operations import Facts, Operation
from perpools.spec import state
from perpools.spec.errors import Rejected
from perpools.spec.events import Event, Rebalanced
from perpools.spec.prices import History
from perpools.spec.rebalancing import Gas
from perpools.spec.state import Step
from perpools.spec.units import Seconds


class Feed:
    """A feed as the specification sees it: a history that grows."""

    def __init__(self, max_age: Seconds) -> None:
        self.history = History((), max_age)


@dataclass
class Mirror:
    """One market, twice. Chain and specification must agree in everything, refusals included."""

    name: str
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
        self.compare(where, step.events)
        return step.events

    def compare(self, where: str, events: tuple[Event, ...] = ()) -> None:
        """Raise the first difference between both states of the market."""
        asked = scope(self.spec, tuple(self.wallets), events)
        chain = told(self.lens, self.market.address, asked)
        require_same(where, chain, expected(self.spec, self.wallets, asked))

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
