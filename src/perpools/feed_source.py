"""
What a market file writes where it names a feed, and what that means.

    feed  = ADDRESS                     a contract that answers as a feed does: used as it is
          | KIND ":" parts              one of the kinds below, to be deployed
          | KIND "(" parts ")"          the same; within other parts, where commas would mix
          | "posted"                    values that the deployer publishes
    parts = part {"," part}
    part  = feed | NAME "=" VALUE

    chainlink:AGGREGATOR[,max_age=25h][,sequencer=ADDRESS][,grace=1h]
    posted:PUBLISHER[,max_age=25h]
    ratio:BASE,QUOTE                    the price of BASE in units of QUOTE
    inverse:FEED                        one by the price of FEED
    median:FEED,FEED,FEED               the middle of three

So `ratio(chainlink:0xA, inverse(chainlink:0xB))` and `ratio:0xC,0xD` are feeds. In place of an
aggregator or a publisher the address of an adapter that is already there does as well. An event
needs a hint for each feed at the bottom, and has room for three: of composed feeds only a ratio may
be a part of another, as the quote of a ratio, once.
"""

import re
from dataclasses import dataclass, replace

from perpools import quantities
from perpools.spec.units import Address, Seconds

ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
FILES = (".csv", ".parquet")
"""Prices of the past, which only a backtest can use."""

EXISTING, FILE = "feed", "file"
"""The kinds of a bare address, and of a file."""

PARTS = {"ratio": 2, "inverse": 1, "median": 3}
"""How many feeds each composed kind is made of."""

ROOM = 3
"""Hints in the word that an event is given (`contracts/lib/feeds.vy`)."""

OPTIONS = {"chainlink": ("max_age", "sequencer", "grace"), "posted": ("max_age",)}
"""What a part may name, by the kind it belongs to."""

KINDS = (*OPTIONS, *PARTS)
GRACE_S: Seconds = 3_600
"""Where a sequencer is named and no grace: what Chainlink's own examples wait."""

MOST_CHARACTERS = 1_000
"""Five aggregators with all their options have half of it."""
_HEAD = re.compile(r"([a-z]+)\s*(:(.*)|\((.*)\))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed as a market file names it."""

    kind: str
    """One of `KINDS`, `EXISTING` or `FILE`."""
    address: Address | None = None
    """The feed, the aggregator or the publisher; None: the deployer publishes."""
    parts: tuple["Source", ...] = ()
    max_age_s: Seconds | None = None
    """Beyond it an observation is stale; None: what the file says for all of its feeds."""
    sequencer: Address | None = None
    """The uptime feed of a rollup's sequencer."""
    grace_s: Seconds = 0
    """How long after a restart of the sequencer no price is trusted."""
    path: str = ""
    """Of a file of prices."""

    def __str__(self) -> str:
        """As a market file may name it, its options left out."""
        if self.parts:
            return f"{self.kind}({', '.join(map(str, self.parts))})"
        if self.kind in (EXISTING, FILE):
            return self.address or self.path
        return f"{self.kind}:{self.address}" if self.address else self.kind


def parse(text: str) -> Source:
    """What a text means; `ValueError` says what is wrong with it, as the rest of a sentence."""
    if text.endswith(FILES):
        return Source(FILE, path=text)
    if len(text) > MOST_CHARACTERS:
        raise ValueError("is too long to be a feed")
    return _feed(text.strip(), ROOM)


def rooms(kind: str, room: int) -> tuple[int, ...]:
    """For how many hints each part of a composed feed has room, which has so much itself."""
    return {"ratio": (1, room - 1), "inverse": (room,), "median": (1, 1, 1)}[kind]


def _feed(text: str, room: int) -> Source:
    """`room`: for how many hints."""
    if ADDRESS.fullmatch(text):
        return Source(EXISTING, text)
    if text == "posted":
        return Source("posted")
    head = _HEAD.fullmatch(text)
    kind, inside = (head[1], head[4] if head[3] is None else head[3]) if head else (text, "")
    if kind not in KINDS:
        raise ValueError(
            "is not a feed: write an address, or one of "
            f"{', '.join(KINDS)} and what it reads, or a file in {' or '.join(FILES)}"
        )
    parts = _split(inside)
    return _composed(kind, parts, room) if kind in PARTS else _leaf(kind, parts)


def _composed(kind: str, texts: list[str], room: int) -> Source:
    count = PARTS[kind]
    if len(texts) != count:
        feeds = "1 feed" if count == 1 else f"{count} feeds"
        raise ValueError(f"is not a feed: {kind} takes {feeds}, not {len(texts)}")
    if room < count:
        raise ValueError(f"has no room for the hints of a {kind} where it stands within another")
    return Source(kind, parts=tuple(map(_feed, texts, rooms(kind, room))))


def _leaf(kind: str, texts: list[str]) -> Source:
    addresses = [text for text in texts if "=" not in text]
    if len(addresses) != 1 or not ADDRESS.fullmatch(addresses[0]):
        named = "its publisher" if kind == "posted" else "an aggregator"
        raise ValueError(f"is not a feed: {kind} takes the address of {named}: {kind}:0x...")
    source = Source(kind, addresses[0])
    for text in texts:
        name, is_option, value = (part.strip() for part in text.partition("="))
        if is_option:
            source = _with(source, name, value)
    return replace(source, grace_s=GRACE_S) if source.sequencer and not source.grace_s else source


def _with(source: Source, name: str, value: str) -> Source:
    known = OPTIONS[source.kind]
    if name not in known:
        raise ValueError(f"is not a feed: {source.kind} knows {', '.join(known)}, not {name}")
    if name == "sequencer":
        if not ADDRESS.fullmatch(value):
            raise ValueError("is not a feed: a sequencer is the address of its uptime feed")
        return replace(source, sequencer=value)
    try:
        seconds = quantities.duration(value)
    except ValueError as wrong:
        raise ValueError(f"is not a feed: {name} {wrong}") from None
    if seconds == 0:
        raise ValueError(f"is not a feed: {name} is more than 0s")
    if name == "grace":
        return replace(source, grace_s=seconds)
    return replace(source, max_age_s=seconds)


def _split(text: str) -> list[str]:
    """At the commas that are in no parentheses."""
    parts, depth, begin = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
        if character == "," and depth == 0:
            parts.append(text[begin:index].strip())
            begin = index + 1
    if depth:
        raise ValueError("is not a feed: its parentheses do not match")
    return [*parts, text[begin:].strip()]
