"""The markets that a bot tends: what never changes about each, and how it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from perpools import artifacts
from perpools.chain import feeds
from perpools.chain.contract import Interface
from perpools.chain.feeds import Feed
from perpools.chain.lens import Progress
from perpools.chain.market import spec_event
from perpools.chain.node import Node, Receipt
from perpools.chain.terms import ChainTerms
from perpools.chain.tokens import Token
from perpools.spec import naming
from perpools.spec.events import Event
from perpools.spec.terms import MAX_DECIMALS
from perpools.spec.units import Address, Assets

SIDES = ("L-", "S-")

MARKET = Interface(artifacts.load("Market").abi)
"""How every market is spoken to."""


class Coin(NamedTuple):
    """A collateral."""

    address: Address
    symbol: str
    decimals: int


@dataclass(frozen=True)
class Place:
    """A market, and what never changes about it."""

    address: Address
    name: str
    """What the factory calls it; empty where it is known by its address alone."""
    terms: ChainTerms
    coin: Coin
    feed: Feed
    """Its price feed."""
    tokens: tuple[Address, Address]
    block_number: int
    """No log of it is older."""

    @cached_property
    def asset_scale(self) -> int:
        """Base units of a token for each base unit of collateral that it was seeded with."""
        return int(10 ** (MAX_DECIMALS - self.coin.decimals))

    @cached_property
    def names(self) -> frozenset[str]:
        """What it may be called: its address, its tokens' symbols, its name."""
        symbols = (naming.symbol(self.terms.leverage_wad, side, self.name) for side in SIDES)
        return frozenset({self.address.lower(), *((self.name, *symbols) if self.name else ())})


class Standing(NamedTuple):
    """How a market stands at the head."""

    progress: Progress
    balances: tuple[Assets, Assets]
    supplies: tuple[int, int]

    @property
    def total(self) -> Assets:
        """Collateral of both sides."""
        return sum(self.balances)


def ask(
    node: Node, address: Address, *questions: tuple[Any, ...], block: int | None = None
) -> list[Any]:
    """
    What several views of a market answer, in one batch; each is a name and its arguments. As of a
    block, where one is named.
    """
    functions = [MARKET.function(name, arguments) for name, *arguments in questions]
    calls = [
        (address, function.encode(arguments))
        for function, (_, *arguments) in zip(functions, questions, strict=True)
    ]
    answers = node.calls(calls, block) if calls else []
    return [function.decode(data) for function, data in zip(functions, answers, strict=True)]


def standing(node: Node, place: Place, block: int | None = None) -> Standing:
    """How a market stands now, or stood after a block."""
    views = ("progress",), ("balances_and_supplies",)
    progress, pool = ask(node, place.address, *views, block=block)
    return Standing(Progress(*progress), *pool)


def place(node: Node, address: Address, name: str = "", block_number: int = 0) -> Place:
    """A market by its address."""
    terms, tokens = ask(node, address, ("terms",), ("tokens",))
    known = ChainTerms(*terms)
    coin = Token(node, known.collateral)
    told = Coin(known.collateral, coin.symbol, coin.decimals)
    feed = feeds.recognise(node, known.feed)
    return Place(address, name, known, told, feed, (tokens[0], tokens[1]), block_number)


def batches(node: Node, place: Place, epochs: Sequence[int]) -> dict[int, int]:
    """What waits in the batches of some epochs, by kind, in base units of what they pay."""
    keys = [(epoch, kind) for epoch in epochs for kind in range(6)]
    told = ask(node, place.address, *(("batch", epoch, kind) for epoch, kind in keys))
    totals = dict.fromkeys(range(6), 0)
    for (_, kind), (paid_in, _) in zip(keys, told, strict=True):
        totals[kind] += paid_in
    return totals


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a market, and where it is on the chain."""

    event: Event
    block_number: int
    block_hash: str
    index: int


def told(node: Node, address: Address, first: int, last: int) -> list[Told]:
    """What a market itself told in these blocks, in order."""
    found = []
    for log in node.logs([address], None, first, last):
        named = MARKET.decode_log(log)
        if named is not None:
            event = spec_event(*named)
            found.append(Told(event, log.block_number, log.block_hash, log.index))
    return found


E = TypeVar("E")


def event_in(place: Place, receipt: Receipt, kind: type[E]) -> E | None:
    """A market's event of one kind among what a transaction did; None where there is none."""
    for log in receipt.logs:
        named = MARKET.decode_log(log) if log.address == place.address else None
        event = spec_event(*named) if named else None
        if isinstance(event, kind):
            return event
    return None
