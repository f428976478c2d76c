"""
Everything that ever happened to a market, from the logs: typed records, and the state by replay.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from eth_abi.exceptions import DecodingError
from eth_utils.abi import abi_to_signature, event_signature_to_log_topic
from eth_utils.address import to_checksum_address

from perpools import artifacts
from perpools.chain import snapshot
from perpools.chain.contract import Interface
from perpools.chain.market import spec_event
from perpools.chain.node import Log, Node
from perpools.chain.snapshot import Fixed
from perpools.chain.terms import ChainTerms, encode_terms
from perpools.errors import ChainError, StrangeAnswer
from perpools.spec import positions, replay
from perpools.spec.events import Deployed, Event, Transfer
from perpools.spec.kinds import ASSETS, LONG, LONG_TOKENS
from perpools.spec.pool import LOCKED
from perpools.spec.positions import Book, Position
from perpools.spec.state import VAULT, Market
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address, Timestamp

ANNOUNCEMENT = "MarketDeployed"
MOST_TIMES = 10_000
"""Times of blocks that are remembered: whoever follows a market for years needs the last ones."""


@dataclass(frozen=True, slots=True)
class Record:
    """An event of a market or of its tokens, and where it is on the chain."""

    event: Event
    """Accounts as the specification calls them: the market's own is `state.MARKET`."""
    block_number: int
    block_hash: str
    timestamp: Timestamp
    transaction_hash: str
    index: int
    """Of the log, among all of its block."""
    address: Address
    """Whose log it is: the market's or a token's."""


class Birth(NamedTuple):
    """How a market came to be."""

    deployed: Deployed
    factory: Address
    block_number: int


class Played(NamedTuple):
    """What a history comes to."""

    market: Market
    book: Book


class History:
    """
    One market's history, read anew whenever it is asked for: nothing is kept but what cannot change
    and the times of blocks.

    The market's address is trusted, and so is what a factory announced of it where that agrees with
    the market and with the birth of its tokens; name the `factory` to trust no other.
    """

    def __init__(
        self, node: Node, market: Address, *, factory: Address | None = None, first_block: int = 0
    ) -> None:
        self.node, self.first_block = node, first_block
        self.market: Address = to_checksum_address(market)
        self._factories = None if factory is None else [factory]
        self._times: dict[str, Timestamp] = {}

    @cached_property
    def fixed(self) -> Fixed:
        """What never changes about the market."""
        return snapshot.read_fixed(self.node, self.market)

    @cached_property
    def birth(self) -> Birth:
        """How the market came to be; `ChainError` where no log since `first_block` tells."""
        topics = [_topic("Factory", ANNOUNCEMENT), _padded(self.market)]
        for first, last in self._where():
            for log in self.node.logs(self._factories, topics, first, last):
                birth = self._birth(log)
                if birth is not None:
                    return birth
        raise ChainError(
            f"no log since block {self.first_block} tells of the deployment of {self.market}: "
            "name an earlier block, or a node that keeps older logs"
        )

    def records(self, first: int, last: int) -> Iterator[Record]:
        """
        What happened in these blocks, in its order: all events of the market, and the transfers of
        tokens that their holders made by themselves. What the market's events tell of anyway is not
        told twice.
        """
        logged = ((self._event(log), log) for log in self._logs(first, last))
        ours = [(event, log) for event, log in logged if event is not None]
        following = [event for event, _ in ours[1:]]
        for (event, log), then in zip(ours, [*following, None], strict=False):
            if not replay.is_told(event, then):
                yield self._record(event, log)

    def state(self, block: int | None = None) -> Market:
        """
        The market after a block, the latest if none is named, by replay: of collateral and native
        coin that came without a call it knows nothing.
        """
        return self.played(block).market

    def position(self, owner: Address, block: int | None = None) -> Position:
        """What an account has, what it cost, and what it made of it."""
        market, book = self.played(block)
        return positions.position(book, market, owner)

    def operators(self, owner: Address) -> tuple[Address, ...]:
        """Who may act for an account now, in the order of their appointment; replays nothing."""
        topics = [_topic("Market", "OperatorSet"), _padded(owner)]
        first, last = self.birth.block_number, self.node.block().number
        appointed: dict[Address, None] = {}
        logs = self.node.logs([self.market], topics, first, last)
        for _, told in filter(None, map(self._interfaces["Market"].decode_log, logs)):
            appointed.pop(told["operator"], None)
            if told["approved"]:
                appointed[told["operator"]] = None
        return tuple(appointed)

    def played(self, block: int | None = None) -> Played:
        """The market and everybody's positions after a block."""
        last = self.node.block().number if block is None else block
        first = self.birth.block_number
        if last < first:
            raise ChainError(f"{self.market} was deployed in block {first}: ask for a later one")
        return self.replayed(self.begun(), self.records(first, last))

    def begun(self) -> Played:
        """The market just deployed."""
        market = replay.start(self.fixed.terms, self.birth.deployed)
        return Played(market, positions.opened(market))

    def replayed(self, played: Played, records: Iterable[Record]) -> Played:
        """
        What came of it after more records; `ChainError` where they do not follow: some are missing,
        or the chain was reorganised in between.
        """
        return replayed(played, records)

    def _where(self) -> Iterator[tuple[int, int]]:
        """
        The blocks in which to look for the birth: the one since which the market has code, where
        the node remembers, which spares a long search; then all.
        """
        head, born = self.node.block().number, None
        with suppress(ChainError):
            born = bisect_left(range(head + 1), 1, lo=self.first_block, key=self._is_there)
        if born is not None:
            yield born, born
        yield self.first_block, head

    def _is_there(self, block: int) -> bool:
        return bool(self.node.code(self.market, block))

    def _logs(self, first: int, last: int) -> Iterator[Log]:
        return self.node.logs([self.market, *self.fixed.tokens], None, first, last)

    def _event(self, log: Log) -> Event | None:
        """What a log tells; None for allowances."""
        if log.address == self.market:
            told = self._interfaces["Market"].decode_log(log)
            return None if told is None else self._spelled(*told)
        told = self._interfaces["SideToken"].decode_log(log)
        if told is None or told[0] != "Transfer":
            return None
        side = self.fixed.tokens.index(log.address)
        fields = dict(zip(Transfer._fields, (side, *told[1].values()), strict=True))
        return self._spelled("Transfer", fields)

    def _spelled(self, name: str, fields: dict[str, Any]) -> Event:
        """An event, its accounts as the specification calls them."""
        side = fields["side"] if name == "Transfer" else None
        if name == "Withdrawn" and fields["item"] != ASSETS:
            side = fields["item"] - LONG_TOKENS
        accounts = {key: value for key, value in fields.items() if isinstance(value, str)}
        spelled = {key: self.fixed.spelled(value, side) for key, value in accounts.items()}
        return spec_event(name, {**fields, **spelled})

    def _record(self, event: Event, log: Log) -> Record:
        return Record(
            event,
            log.block_number,
            log.block_hash,
            self._time(log),
            log.transaction_hash,
            log.index,
            log.address,
        )

    def _time(self, log: Log) -> Timestamp:
        if log.timestamp is not None:
            return log.timestamp
        if log.block_hash not in self._times:
            if len(self._times) >= MOST_TIMES:
                self._times.clear()
            self._times[log.block_hash] = self.node.block(log.block_number).timestamp
        return self._times[log.block_hash]

    @cached_property
    def _interfaces(self) -> dict[str, Interface]:
        names = ("Factory", "Market", "SideToken")
        return {name: Interface(artifacts.load(name).abi) for name in names}

    def _birth(self, log: Log) -> Birth | None:
        """
        What an announcement says; None where it cannot be true, for anybody's contract can announce
        anything.
        """
        try:
            told = self._interfaces["Factory"].decode_log(log)
        except (StrangeAnswer, DecodingError, ValueError):
            return None
        if told is None:
            return None
        fields, its = told[1], encode_terms(self.fixed.terms, self.fixed.contracts)
        tokens = fields["long_token"], fields["short_token"]
        facts = Deployed(*(fields[name] for name in Deployed._fields))
        if (ChainTerms(*fields["terms"]), tokens) != (its, self.fixed.tokens):
            return None
        if facts.last_epoch != self._time(log) // its.interval_s or not self._seeded(facts, log):
            return None
        return Birth(facts, log.address, log.block_number)

    def _seeded(self, facts: Deployed, log: Log) -> bool:
        """Whether the tokens were born in that block, and the deployer's, and as many."""
        tokens = facts.seed_assets * self.fixed.terms.asset_scale
        logged = map(self._event, self._logs(log.block_number, log.block_number))
        minted = [e for e in logged if isinstance(e, Transfer) and e.sender == NOBODY]
        return minted[:2] == [
            Transfer(LONG, NOBODY, facts.deployer, tokens - LOCKED),
            Transfer(LONG, NOBODY, VAULT, LOCKED),
        ]


def replayed(played: Played, records: Iterable[Record]) -> Played:
    """What came of a market after more records; `ChainError` where they do not follow."""
    market, book = played
    for record in records:
        try:
            after = replay.apply(market, record.event, record.timestamp)
        except replay.Unexplained as gap:
            at = f"block {record.block_number}, log {record.index}"
            raise ChainError(f"the logs do not fit at {at}, read them again: {gap}") from None
        book = positions.advance(book, market, record.event)
        market = after
    return Played(market, book)


def _topic(contract: str, event: str) -> bytes:
    [entry] = (e for e in artifacts.load(contract).abi if e.get("name") == event)
    return bytes(event_signature_to_log_topic(abi_to_signature(entry)))  # type: ignore[arg-type]


def _padded(account: Address) -> bytes:
    """An account as a topic."""
    return bytes.fromhex(account.removeprefix("0x")).rjust(32, b"\0")
