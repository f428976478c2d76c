"""
How feeds number, scale and store what they observed (R14). Mirrors `contracts/lib/rounds.vy`.

A proxy stands before a succession of aggregators, its phases. `history` says which of all their
rounds count, and `hint` which of them an as-of question has to name.
"""

from bisect import bisect_right
from collections.abc import Sequence

from .fixed_point import MAX_PRICE
from .prices import Observation
from .units import Timestamp, Wad

LOW_64_BITS = 2**64 - 1


def round_id(phase: int, number: int) -> int:
    """A round as a proxy names it: round `number` of the aggregator of `phase`."""
    return phase << 64 | number


def phase(round_id: int) -> int:
    """The phase a round belongs to; 0 for an aggregator without a proxy."""
    return round_id >> 64


def scale(decimals: int) -> int:
    """What one unit of an answer with `decimals` (at most 18) is worth in WAD."""
    return int(10 ** (18 - decimals))


def price_wad(answer: int, scale: int) -> Wad:
    """An answer in WAD, exactly; 0 where it is no price: not positive, or not below MAX_PRICE."""
    price = answer * scale
    return price if 0 < price < MAX_PRICE else 0


def pack(price: Wad, observed_at: Timestamp, posted_at: Timestamp) -> int:
    """A posted value in one word: price (128 bits), when it was observed and posted (64 each)."""
    return price << 128 | observed_at << 64 | posted_at


def unpack(word: int) -> tuple[Wad, Timestamp, Timestamp]:
    """Price, observed at, posted at: what `pack` was given."""
    return word >> 128, word >> 64 & LOW_64_BITS, word & LOW_64_BITS


Phases = Sequence[Sequence[Observation | None]]
"""The rounds of phase 1, 2, ... by number from 1, in order of time; None for an unreadable one."""


def history(phases: Phases) -> list[tuple[int, Observation]]:
    """
    The rounds that count, with their ids, in the order of time: those of each phase until the first
    round of a higher one. A past phase ends at its first hole; the last phase passes over its own.
    """
    counted: list[tuple[int, Observation]] = []
    ended_at: Timestamp | None = None
    for index in range(len(phases) - 1, -1, -1):
        readable = _readable(phases[index], is_last=index == len(phases) - 1)
        counted += [
            (round_id(index + 1, number), seen)
            for number, seen in reversed(readable)
            if ended_at is None or seen.known_at < ended_at
        ]
        if readable and readable[0][0] == 1:
            started_at = readable[0][1].known_at
            ended_at = started_at if ended_at is None else min(ended_at, started_at)
    return counted[::-1]


def hint(history: Sequence[tuple[int, Observation]], time: Timestamp) -> int:
    """The id of the last round at or before `time`, 0 where there is none."""
    after = bisect_right(history, time, key=lambda entry: entry[1].known_at)
    return history[after - 1][0] if after else 0


def _readable(
    rounds: Sequence[Observation | None], *, is_last: bool
) -> list[tuple[int, Observation]]:
    """The rounds of one phase that can be read, with their numbers from 1."""
    found: list[tuple[int, Observation]] = []
    for number, seen in enumerate(rounds, 1):
        if seen is not None:
            found.append((number, seen))
        elif not is_last:
            break
    return found
