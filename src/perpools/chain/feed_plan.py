"""What has to be deployed for a feed that a market file names; what is there is used as it is."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from eth_account.signers.local import LocalAccount
from eth_utils.address import (
    is_checksum_address,
    is_checksum_formatted_address,
    to_checksum_address,
)

from perpools import artifacts, quantities
from perpools.chain import feeds, hints
from perpools.chain.node import Node
from perpools.chain.steps import Creation, FirstValue, Made, Step, Where
from perpools.errors import ConfigError, StrangeAnswer
from perpools.feed_source import EXISTING, FILE, ROOM, Source, rooms
from perpools.spec.terms import MAX_DECIMALS, NOBODY
from perpools.spec.units import Address, Seconds, Wad

DELEGATION = bytes.fromhex("ef0100")
"""What the code of an account begins with that lent itself to a contract, yet signs (EIP-7702)."""


class First(NamedTuple):
    """The first value of a posted feed that is to be deployed."""

    publisher: LocalAccount
    price: Wad


class Asked(NamedTuple):
    """Where a file names a feed, and what for."""

    key: str
    max_age_s: Seconds | None = None
    """Of feeds that have none of their own."""
    priced: bool = True
    """It must have a price now: markets begin with one. A keeper's feed may be silent."""


@dataclass(slots=True)
class Draft:
    """A plan in the making."""

    node: Node
    sender: Address
    first: First | None = None
    steps: list[Step] = field(default_factory=list)
    found: dict[Source, Where] = field(default_factory=dict)
    """What stands, or will, for each feed named so far: none is deployed twice."""

    def create(self, contract: str, arguments: tuple[object, ...], text: str) -> Made:
        """Deploy one more contract."""
        if contract not in artifacts.names():
            raise ConfigError(f"this installation has no contract {contract}: install a newer one")
        self.steps.append(Creation(contract, arguments, f"deploy {text}"))
        return Made(len(self.steps) - 1)

    def feed(self, source: Source, asked: Asked, room: int = ROOM) -> Where:
        """
        The feed that a source names, deployed where it is not there yet; an event has room for so
        many hints. `ConfigError` for what could not work.
        """
        if source.kind == FILE:
            raise ConfigError(
                f"{asked.key}: {source.path} is for backtests: name a feed on a chain"
            )
        key = replace(source, max_age_s=source.max_age_s or asked.max_age_s)
        if key not in self.found:
            if source.parts:
                self.found[key] = self._composed(source, asked, room)
            elif source.address is None or source.kind == feeds.POSTED:
                self.found[key] = self._posted(source, asked)
            else:
                self.found[key] = self._read(source, asked, room)
        return self.found[key]

    def _composed(self, source: Source, asked: Asked, room: int) -> Made:
        """A ratio, an inverse or a median: its parts first."""
        each = zip(source.parts, rooms(source.kind, room), strict=True)
        parts = [self.feed(part, asked, its_room) for part, its_room in each]
        arguments = (parts,) if source.kind == feeds.MEDIAN else tuple(parts)
        return self.create(source.kind.capitalize(), arguments, f"the {source}")

    def _read(self, source: Source, asked: Asked, room: int) -> Where:
        """A feed that is there, or an aggregator that wants an adapter."""
        address = account(asked.key, source.address or "")
        found = feeds.recognise(self.node, address)
        if source.kind == EXISTING or found.kind == feeds.CHAINLINK:
            self._check_feed(found, source, asked)
            if feeds.width(found) > room:
                raise ConfigError(f"{asked.key}: there is no room for the hints of {found}")
            return address
        self._check_aggregator(address, source, asked)
        sequencer = account(asked.key, source.sequencer) if source.sequencer else NOBODY
        arguments = (address, max_age(source, asked), sequencer, source.grace_s)
        return self.create("Chainlink", arguments, f"a feed that reads the aggregator {address}")

    def _posted(self, source: Source, asked: Asked) -> Where:
        """A posted feed that is there, or a new one of a publisher."""
        publisher = account(asked.key, source.address) if source.address else self.sender
        code = self.node.code(publisher)
        if code and not code.startswith(DELEGATION):
            found = feeds.recognise(self.node, publisher)
            if found.kind != feeds.POSTED:
                raise ConfigError(
                    f"{asked.key}: {publisher} is a contract, and no posted feed: "
                    "name a publisher's account"
                )
            self._check_feed(found, source, asked)
            return publisher
        first = self._first(publisher, asked) if asked.priced else None
        arguments = (publisher, max_age(source, asked))
        made = self.create("Posted", arguments, f"a feed of the values that {publisher} publishes")
        if first:
            shown = quantities.show_number(first.price)
            text = f"publish {shown} as its first value"
            self.steps.append(FirstValue(made, first.publisher, first.price, text))
        return made

    def _first(self, publisher: Address, asked: Asked) -> First:
        """The value that a new posted feed begins with, taken out: it is for one feed alone."""
        first, self.first = self.first, None
        if first is None:
            raise ConfigError(
                f"{asked.key}: a new posted feed has no price, and a market begins with one: "
                "give its first price, or publish to a feed and name the feed's address"
            )
        if first.publisher.address != publisher:
            raise ConfigError(
                f"{asked.key}: {publisher} publishes, but the key is {first.publisher.address}'s"
            )
        return first

    def _check_feed(self, found: feeds.Feed, source: Source, asked: Asked) -> None:
        """What is there answers as a feed, and as it must."""
        reason = feeds.refusal(self.node, found.address)
        if isinstance(reason, StrangeAnswer):
            raise ConfigError(
                f"{asked.key}: {found.address} does not answer as a feed does; "
                f"an aggregator is written chainlink:{found.address}"
            )
        if reason is not None and asked.priced:
            raise ConfigError(f"{asked.key}: {found.address} has no price now ({reason})")
        if source.max_age_s not in (None, found.max_age_s):
            own = found.max_age_s
            told = "no max_age" if own is None else f"a max_age of {quantities.show_duration(own)}"
            raise ConfigError(f"{asked.key}: {found.address} has {told} for ever: leave yours out")

    def _check_aggregator(self, address: Address, source: Source, asked: Asked) -> None:
        """What an adapter and, for a price, a new market would refuse."""
        last = hints.latest_round(self.node, address)
        if last is None or hints.decimals(self.node, address) > MAX_DECIMALS:
            raise ConfigError(f"{asked.key}: {address} is no aggregator of this chain")
        age_s, most_s = self.node.block().timestamp - last.updated_at, max_age(source, asked)
        if asked.priced and (age_s > most_s or last.answer <= 0):
            told = (
                f"{quantities.show_duration(max(0, age_s))} old" if age_s > most_s else "no price"
            )
            raise ConfigError(f"{asked.key}: the last answer of {address} is {told}")


def account(key: str, text: str) -> Address:
    """An address as a file has it, checksummed; `ConfigError` where its capitals say a typo."""
    if is_checksum_formatted_address(text) and not is_checksum_address(text):
        raise ConfigError(f"{key}: {text} is mistyped: its capitals and its digits do not agree")
    return to_checksum_address(text)


def max_age(source: Source, asked: Asked) -> Seconds:
    """Of a feed to be deployed."""
    seconds = source.max_age_s or asked.max_age_s
    if seconds is None:
        raise ConfigError(
            f"price.max_age: missing: the {source.kind} feed of {asked.key} is to be deployed; "
            'write its heartbeat and some margin, such as "25h"'
        )
    return seconds
