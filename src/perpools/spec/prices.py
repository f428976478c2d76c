"""
What the oracle says: the price as of a moment (R14).

What executes an order is the last observation at or before its grid point if it was fresh then,
else, the feed having been silent, the first one after it. Observations are ordered by the time the
chain knew them, which nothing can change later, and aged by the time they were observed.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from .fixed_point import MAX_PRICE
from .units import Seconds, Timestamp, Wad


@dataclass(frozen=True, slots=True)
class Observation:
    """
    A price, when it was observed, and how long it took to reach the chain.

    A price that is not in (0, MAX_PRICE) says that the feed answered nothing usable: silence, which
    hides the observations before it and is never used.
    """

    price: Wad
    observed_at: Timestamp
    delay: Seconds = 0

    @property
    def known_at(self) -> Timestamp:
        """When the chain knew it."""
        return self.observed_at + self.delay

    @property
    def usable(self) -> bool:
        """Whether it is a price at all."""
        return 0 < self.price < MAX_PRICE


def as_of(
    observations: Sequence[Observation], time: Timestamp, max_age: Seconds
) -> Observation | None:
    """
    The last observation at or before `time` if it is usable and was no older than `max_age`, else
    the first usable one after `time`; None while there is none.

    `observations` are what the feed has seen so far, in the order of `known_at`.
    """
    after = bisect_right(observations, time, key=lambda seen: seen.known_at)
    if after:
        pointer = observations[after - 1]
        if pointer.usable and time - pointer.observed_at <= max_age:
            return pointer
    later = (observations[index] for index in range(after, len(observations)))
    return next((seen for seen in later if seen.usable), None)


def latest(
    observations: Sequence[Observation], now: Timestamp, max_age: Seconds
) -> Observation | None:
    """The last observation, if it is usable, not from the future and no older than `max_age`."""
    if not observations:
        return None
    last = observations[-1]
    valid = last.usable and last.known_at <= now and now - last.observed_at <= max_age
    return last if valid else None


class Answer(NamedTuple):
    """What a feed answers as of a time."""

    price: Wad
    moment: Timestamp
    """When it was observed; where the feed was silent at that time, when the chain knew it."""


def answer(observations: Sequence[Observation], time: Timestamp, max_age: Seconds) -> Answer | None:
    """
    The price as of `time` and its moment, which is after `time` exactly where the feed was silent
    then; None while there is none.
    """
    found = as_of(observations, time, max_age)
    if found is None:
        return None
    return Answer(found.price, found.observed_at if found.known_at <= time else found.known_at)


class Feed(Protocol):
    """Where an event gets its price."""

    def as_of(self, time: Timestamp) -> Wad | None:
        """The price that executes what is due at `time`; None while there is none."""


@dataclass(frozen=True, slots=True)
class History:
    """A feed that remembers: what it has observed so far, in the order of `known_at`."""

    observations: tuple[Observation, ...]
    max_age: Seconds

    def observe(self, price: Wad, observed_at: Timestamp, delay: Seconds = 0) -> "History":
        """The feed after one more observation."""
        seen = Observation(price, observed_at, delay)
        return History((*self.observations, seen), self.max_age)

    def answer(self, time: Timestamp) -> Answer | None:
        """The price as of `time` and its moment; None while there is none."""
        return answer(self.observations, time, self.max_age)

    def as_of(self, time: Timestamp) -> Wad | None:
        """The price that executes what is due at `time`; None while there is none."""
        found = self.answer(time)
        return None if found is None else found.price

    def latest(self, now: Timestamp) -> Wad | None:
        """The price now; None where there is no valid one."""
        found = latest(self.observations, now, self.max_age)
        return None if found is None else found.price
