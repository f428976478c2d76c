"""
Which observation a feed has to be told for a moment: the last one at or before it (R14).

The answer is that of `perpools.spec.rounds.hint` on all rounds there are, found with a number of
questions that grows with the logarithm of their count: the recent past with two or three, each of
them one batch. A moment after the latest observation needs one or two.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from eth_utils.crypto import keccak

from perpools.chain.node import Node
from perpools.errors import StrangeAnswer
from perpools.spec import rounds
from perpools.spec.errors import Rejected
from perpools.spec.units import Address, Timestamp

Known = Callable[[Sequence[int]], Sequence[Timestamp | None]]
"""When each of these was known to the chain; None for one that cannot be read."""

NEVER: Timestamp = 2**256
"""Later than every moment."""

MAX_PHASES = 16
"""As many of a proxy's phases before the present one the contract looks at."""

LARGEST_ROUND = 2**32
"""Aggregators count their rounds in 32 bits."""

EVENLY = 15
"""Observations read at once where nothing better is known: each batch leaves a sixteenth."""

EDGE = 64
"""What is read at either end where nothing else is readable: no event passes over longer holes."""

FEW = 8
"""Questions that are asked one by one where some of them are refused."""

_WORD = 32


def _selector(signature: str) -> bytes:
    return keccak(text=signature)[:4]


LATEST_ROUND, ROUND = _selector("latestRoundData()"), _selector("getRoundData(uint80)")
DECIMALS = _selector("decimals()")
COUNT, VALUE = _selector("count()"), _selector("value(uint256)")


class Round(NamedTuple):
    """What an aggregator tells of one round, without the member that is deprecated."""

    id: int
    answer: int
    started_at: Timestamp
    updated_at: Timestamp


class Phase(NamedTuple):
    """One aggregator behind a proxy, from its first round until a higher one's."""

    number: int
    began_at: Timestamp
    ended_at: Timestamp


def answers(node: Node, calls: Sequence[tuple[Address, bytes]]) -> list[bytes | None]:
    """What contracts answer; None for each that refuses. `ChainError` where nobody could ask."""
    if not calls:
        return []
    try:
        return list(node.calls(calls))
    except (Rejected, StrangeAnswer):
        if len(calls) == 1:
            return [None]
    size = len(calls) // 2 if len(calls) > FEW else 1
    pieces = [calls[first : first + size] for first in range(0, len(calls), size)]
    return [answer for piece in pieces for answer in answers(node, piece)]


def words(data: bytes | None, count: int) -> list[int] | None:
    """So many numbers; None where there are fewer."""
    if data is None or len(data) < count * _WORD:
        return None
    return [int.from_bytes(data[i * _WORD : (i + 1) * _WORD]) for i in range(count)]


def latest_round(node: Node, aggregator: Address) -> Round | None:
    """The round that an aggregator says is its latest; None where it does not answer."""
    [answer] = answers(node, [(aggregator, LATEST_ROUND)])
    return _round(answer)


def decimals(node: Node, aggregator: Address) -> int:
    """How many digits of a whole unit an aggregator's answers have; too many where it is silent."""
    [answer] = answers(node, [(aggregator, DECIMALS)])
    [told] = words(answer, 1) or [NEVER]
    return told


def read_rounds(node: Node, aggregator: Address, ids: Sequence[int]) -> list[Round | None]:
    """Rounds by their ids; None for each that is not there or answers as another."""
    told = answers(node, [(aggregator, ROUND + named.to_bytes(_WORD)) for named in ids])
    found = zip(ids, map(_round, told), strict=True)
    return [one if one and one.id == named else None for named, one in found]


def last_round(node: Node, aggregator: Address, time: Timestamp) -> int:
    """
    The id of a proxy's or aggregator's last round at or before `time`, 0 where there is none.

    As the contract does, it takes for granted that no past phase has a hole. Where more than
    `EDGE` rounds in a row cannot be read it may miss one among them; no event gets past those.
    """
    latest = latest_round(node, aggregator)
    if latest is None or latest.updated_at <= time:
        return latest.id if latest else 0
    last_phase = rounds.phase(latest.id)
    number = last_number(node, aggregator, latest, time)
    if number:
        return rounds.round_id(last_phase, number)
    for phase in past_phases(node, aggregator, last_phase):
        if phase.began_at <= time and phase.number != last_phase:
            return rounds.round_id(phase.number, past_number(node, aggregator, phase.number, time))
    return 0


def last_number(node: Node, aggregator: Address, latest: Round, time: Timestamp) -> int:
    """The last round of the present phase at or before `time`, which `latest` is after; or 0."""
    last_phase, count = rounds.phase(latest.id), latest.id & rounds.LOW_64_BITS
    known = partial(_updated, node, aggregator, last_phase)
    return last_at(known, (0, count), time, {1, *_backwards(count)})


def past_number(node: Node, aggregator: Address, phase: int, time: Timestamp) -> int:
    """The last round of a past phase at or before `time`, when it had begun."""
    known = partial(_until_hole, node, aggregator, phase)
    return last_at(known, (1, LARGEST_ROUND), time, _powers(LARGEST_ROUND))


def last_value(node: Node, feed: Address, time: Timestamp) -> int:
    """The index of a posted feed's last value posted at or before `time`, 0 where there is none."""
    [answer] = answers(node, [(feed, COUNT)])
    [count] = words(answer, 1) or [0]

    def known(indices: Sequence[int]) -> Sequence[Timestamp | None]:
        told = answers(node, [(feed, VALUE + index.to_bytes(_WORD)) for index in indices])
        return [value[2] if (value := words(one, 3)) else None for one in told]

    return last_at(known, (0, count + 1), time, _backwards(count + 1))


def last_at(
    known: Known, bounds: tuple[int, int], time: Timestamp, first_asked: Iterable[int]
) -> int:
    """
    The last number that was known at or before `time`: the lower bound, which was, or one between
    the bounds. The upper bound was not. What cannot be read is passed over.
    """
    low, high = bounds
    unreadable: set[int] = set()
    asked = sorted(number for number in first_asked if low < number < high)
    while asked:
        told = dict(zip(asked, known(asked), strict=True))
        unreadable |= {number for number, at in told.items() if at is None}
        readable = {number: at for number, at in told.items() if at is not None}
        low = max([low, *(number for number, at in readable.items() if at <= time)])
        high = min([high, *(number for number, at in readable.items() if at > time)])
        asked = _fresh(_evenly(low, high), unreadable) or _fresh(_edges(low, high), unreadable)
    return low


def past_phases(node: Node, aggregator: Address, last_phase: int) -> list[Phase]:
    """
    The phases that count, the present one first if its first round can be read: a phase ends,
    perhaps before it begins, at the earliest first round of a higher one.
    """
    numbers = range(last_phase, max(0, last_phase - MAX_PHASES - 1), -1)
    firsts = read_rounds(node, aggregator, [rounds.round_id(number, 1) for number in numbers])
    found, ended_at = list[Phase](), NEVER
    for number, first in zip(numbers, firsts, strict=True):
        if first is not None and first.updated_at < ended_at:
            found.append(Phase(number, first.updated_at, ended_at))
            ended_at = first.updated_at
    return found


def _updated(
    node: Node, aggregator: Address, phase: int, numbers: Sequence[int]
) -> list[Timestamp | None]:
    found = read_rounds(node, aggregator, [rounds.round_id(phase, number) for number in numbers])
    return [one.updated_at if one else None for one in found]


def _until_hole(
    node: Node, aggregator: Address, phase: int, numbers: Sequence[int]
) -> list[Timestamp | None]:
    """Past phases end where they cannot be read."""
    told = _updated(node, aggregator, phase, numbers)
    return [NEVER if at is None else at for at in told]


def _round(data: bytes | None) -> Round | None:
    """A round as the contract reads it: one that was never updated is none."""
    told = words(data, 5)
    if told is None or told[3] == 0:
        return None
    named, word, started_at, updated_at, _ = told
    return Round(named, word - 2**256 if word >> 255 else word, started_at, updated_at)


def _fresh(numbers: Iterable[int], unreadable: set[int]) -> list[int]:
    return sorted(set(numbers) - unreadable)


def _evenly(low: int, high: int) -> Iterable[int]:
    """Numbers between the two, all of them where they are few."""
    step = max(1, -(-(high - low) // (EVENLY + 1)))
    return range(low + step, high, step)


def _edges(low: int, high: int) -> Iterable[int]:
    """Those next to the two."""
    return {*range(low + 1, min(high, low + 1 + EDGE)), *range(max(low + 1, high - EDGE), high)}


def _powers(most: int) -> Iterable[int]:
    return (2**exponent for exponent in range(most.bit_length()))


def _backwards(high: int) -> Iterable[int]:
    """Doubling steps back: what is asked about is mostly recent."""
    return (high - step for step in _powers(high))
