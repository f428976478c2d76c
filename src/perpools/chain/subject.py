"""The market that a command is about, with its numbers in its own units."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_utils.address import to_checksum_address

from perpools.chain import feeds, snapshot
from perpools.chain.in_units import InUnits
from perpools.chain.market import Market as Client
from perpools.chain.market import Outcome
from perpools.chain.node import Node
from perpools.chain.snapshot import Fixed, Snapshot
from perpools.chain.tokens import Token
from perpools.errors import ConfigError, StrangeAnswer
from perpools.spec.events import Event
from perpools.spec.kinds import SIDES
from perpools.spec.prices import Observation
from perpools.spec.state import Market
from perpools.spec.units import Address, Assets, Timestamp, Wad
from perpools.values import Name, coin

SIDE_NAMES = ("long", "short")


@dataclass
class Subject(InUnits):
    """One market at one block."""

    node: Node
    address: Address
    seen: Snapshot
    now: Timestamp
    """When a transaction sent now would be mined."""

    @classmethod
    def read(
        cls, node: Node, address: Address, accounts: Sequence[Address], now: Timestamp
    ) -> "Subject":
        """As the chain has it now; only these accounts are known one by one."""
        try:
            return cls(node, address, snapshot.read(node, address, accounts), now)
        except StrangeAnswer as strange:
            raise ConfigError(f"market: {address} is none on this chain ({strange})") from None

    @property
    def market(self) -> Market:
        """Its state."""
        return self.seen.market

    @property
    def fixed(self) -> Fixed:
        """What never changes about it."""
        return self.seen.fixed

    @property
    def present(self) -> Timestamp:
        """The moment to reckon with."""
        return self.now

    @cached_property
    def feed(self) -> Observation | None:
        """What its feed says now; None while it says nothing valid."""
        return feeds.latest(self.node, self.seen.contracts.feed)

    def client(self, node: Node) -> Client:
        """Its functions, called through a node."""
        return Client(node, self.address)

    def price_now(self, given: Wad | None = None) -> Wad:
        """The price to reckon with: a given one, else the feed's, else the last executed one."""
        if given is not None:
            return given
        return self.feed.price if self.feed else self.market.samples[-1]

    def wallet(self, owner: Address) -> tuple[int, int, int]:
        """Collateral, L- and S-tokens in an owner's own hands."""
        long, short = (self.market.holdings[side].get(owner, 0) for side in SIDES)
        return self.collateral(owner), long, short

    def collateral(self, owner: Address) -> Assets:
        """Collateral in an owner's own hands."""
        if owner in self.seen.wallets:
            return self.seen.wallets[owner]
        return Token(self.node, self.seen.contracts.collateral).balance(owner)

    def told(self, *outcomes: Outcome) -> dict[str, Any]:
        """What transactions did and cost; their events are for programs alone."""
        receipts = [outcome.receipt for outcome in outcomes]
        if not receipts:
            return {}
        return {
            "transactions": [receipt.hash for receipt in receipts],
            "transaction": receipts[-1].hash,
            "block": Name(receipts[-1].block_number),
            "gas_used": sum(receipt.gas_used for receipt in receipts),
            "gas_paid": coin(sum(receipt.gas_used * receipt.gas_price for receipt in receipts)),
            "events": [event_facts(event) for outcome in outcomes for event in outcome.events],
        }


def event_facts(event: Event) -> dict[str, Any]:
    """An event by its name and fields, as the specification has them."""
    return {"event": type(event).__name__, **event._asdict()}


def parse_side(name: str) -> int:
    """0 for long, 1 for short."""
    if name not in SIDE_NAMES:
        raise ConfigError(f"side: '{name}' is unknown: write long or short")
    return SIDE_NAMES.index(name)


def checksummed(address: str) -> Address:
    """As the specification spells accounts; `ConfigError` for what is no address."""
    if not re.fullmatch("0x[0-9a-fA-F]{40}", address):
        raise ConfigError(f"'{address}' is not an address: write 0x and 40 hexadecimal digits")
    return to_checksum_address(address)
