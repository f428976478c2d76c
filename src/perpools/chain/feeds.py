"""
Feeds of any kind: which one stands at an address, what it answers, and the hint it needs.

A feed is known by the views it has. One of a stranger's making is a feed as well: it is asked with
the hint 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from perpools import artifacts
from perpools.chain import hints
from perpools.chain.contract import Contract, Interface
from perpools.chain.node import Node
from perpools.errors import ConfigError, StrangeAnswer
from perpools.spec.errors import HintIsWrong, Rejected
from perpools.spec.prices import Observation
from perpools.spec.units import Address, Seconds, Timestamp

CHAINLINK, POSTED, OTHER = "chainlink", "posted", "feed"
RATIO, INVERSE, MEDIAN = "ratio", "inverse", "median"

HINT_BITS = 80
"""Of one part's hint in a composed feed's: what a round id of a proxy takes."""

DEPTH = 4
"""Composed feeds within each other that are looked into; more than the hints of an event allow."""

_VIEWS = ("AGGREGATOR", "PUBLISHER", "BASE", "QUOTE", "FEED", "PARTS", "MAX_AGE")
"""What only our feeds answer."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands at an address. None of it ever changes."""

    address: Address
    kind: str
    source: Address | None = None
    """The aggregator of a Chainlink feed, the publisher of a posted one."""
    parts: tuple["Feed", ...] = ()
    max_age_s: Seconds | None = None
    """Beyond it an observation is stale."""

    def __str__(self) -> str:
        """As a market file could name it, were it not there already."""
        if self.parts:
            return f"{self.kind}({', '.join(map(str, self.parts))})"
        return self.address if self.source is None else f"{self.kind}:{self.source}"


def recognise(node: Node, address: Address, *, depth: int = DEPTH) -> Feed:
    """
    Which feed stands at an address, its parts included; of kind `OTHER` where it is none of ours,
    whatever it is.
    """
    told = _views(node, address)
    max_age_s = int.from_bytes(told["MAX_AGE"][:32]) if told["MAX_AGE"] else None
    if told["AGGREGATOR"] and max_age_s is not None:
        return Feed(address, CHAINLINK, _address(told["AGGREGATOR"]), (), max_age_s)
    if told["PUBLISHER"] and max_age_s is not None:
        return Feed(address, POSTED, _address(told["PUBLISHER"]), (), max_age_s)
    for kind, words in _composition(told):
        if depth and all(words):
            parts = (recognise(node, _address(word), depth=depth - 1) for word in words)
            return Feed(address, kind, parts=tuple(parts))
    return Feed(address, OTHER)


def latest(node: Node, feed: Address | Feed) -> Observation | None:
    """The price now; None while the feed refuses to name one. Its delay is not known."""
    return _asked(node, feed, "latest")


def as_of(node: Node, feed: Address | Feed, time: Timestamp, hint: int) -> Observation | None:
    """
    The price as of a moment that has passed, and its own moment: when it was observed, or, where
    the feed was silent at `time`, when it was known. None while there is none; `HintIsWrong` where
    the hint is.
    """
    return _asked(node, feed, "as_of", time, hint)


def hint(node: Node, feed: Address | Feed, time: Timestamp) -> int:
    """
    What `as_of` has to be told for a moment: the last observation at or before it, in the feed's
    own numbering; 0 where there is none, and for a feed of a kind that is not known.

    An address is recognised anew at each question: who asks often keeps what `recognise` told.
    """
    known = recognise(node, feed) if isinstance(feed, str) else feed
    if known.kind == CHAINLINK and known.source:
        return hints.last_round(node, known.source, time)
    if known.kind == POSTED:
        return hints.last_value(node, known.address, time)
    return pack([hint(node, part, time) for part in known.parts])


def pack(parts: Sequence[int]) -> int:
    """
    The hint of a composed feed from those of its parts, the first one's lowest. Only the last may
    be longer than `HINT_BITS`, as that of a ratio's quote is which is a ratio itself; another is 0
    then, for it could not be given.
    """
    packed = 0
    for index, part in enumerate(parts):
        fits = index == len(parts) - 1 or part >> HINT_BITS == 0
        packed |= (part if fits else 0) << index * HINT_BITS
    return packed


def refusal(node: Node, feed: Address) -> Rejected | StrangeAnswer | None:
    """Why a feed names no price now; `StrangeAnswer` where it does not answer as a feed at all."""
    try:
        Contract(node, feed, _interface()).read("latest")
    except (Rejected, StrangeAnswer) as refused:
        return refused
    return None


def width(feed: Feed) -> int:
    """How many hints a feed needs: of its parts, together."""
    return sum(map(width, feed.parts)) or 1


def _asked(node: Node, feed: Address | Feed, *question: Any) -> Observation | None:
    address = feed if isinstance(feed, str) else feed.address
    try:
        price, moment = Contract(node, address, _interface()).read(*question)
    except HintIsWrong:
        raise
    except (Rejected, StrangeAnswer) as refused:
        if isinstance(refused, StrangeAnswer) and not node.code(address):
            raise ConfigError(f"no feed at {address}: no contract is there") from None
        return None
    return Observation(price, moment)


def _interface() -> Interface:
    """Every feed has these two functions of the posted one."""
    return Interface(artifacts.load("Posted").abi)


def _views(node: Node, address: Address) -> dict[str, bytes]:
    """What each view answers, nothing where there is none."""
    answers = hints.answers(node, [(address, keccak(text=f"{name}()")[:4]) for name in _VIEWS])
    told = (answer if answer and len(answer) >= 32 else b"" for answer in answers)
    return dict(zip(_VIEWS, told, strict=True))


def _composition(told: dict[str, bytes]) -> list[tuple[str, list[bytes]]]:
    """Each composed kind and the words that would name its parts."""
    return [
        (RATIO, [told["BASE"], told["QUOTE"]]),
        (INVERSE, [told["FEED"]]),
        (MEDIAN, [told["PARTS"][i : i + 32] for i in (0, 32, 64)]),
    ]


def _address(word: bytes) -> Address:
    return to_checksum_address(word[12:32])
