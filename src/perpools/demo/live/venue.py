"""One market, as its logs tell it: traders look at it, and act on it."""

from dataclasses import dataclass, field
from functools import cached_property

from perpools.chain.history import History, Played
from perpools.chain.market import Market
from perpools.chain.node import Node
from perpools.spec import state
from perpools.spec.units import Address


@dataclass
class Venue:
    """A market, and how far its logs were read."""

    node: Node
    name: str
    market: Market
    factory: Address
    _played: Played | None = None
    _read_to: int = field(default=0)

    @cached_property
    def history(self) -> History:
        """What happened here."""
        return History(self.node, self.market.address, factory=self.factory)

    def standing(self) -> state.Market:
        """The market after the last block."""
        head = self.node.block().number
        if self._played is None:
            self._played, self._read_to = self.history.begun(), self.history.birth.block_number - 1
        if head > self._read_to:
            records = self.history.records(self._read_to + 1, head)
            self._played, self._read_to = self.history.replayed(self._played, records), head
        return self._played.market
