"""
The past of an aggregator: all rounds that count within a span, phase by phase, in batches.

Which rounds count is the rule that the feed's own `as_of` follows (`spec.rounds.history`): those of
each phase until the first round of a higher one, a past phase ending at its first hole. As many
phases are looked into as the contract does.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from perpools.chain import hints
from perpools.chain.hints import NEVER, Phase, Round
from perpools.chain.node import Node
from perpools.errors import ConfigError
from perpools.spec import rounds
from perpools.spec.prices import Observation
from perpools.spec.units import Address, Timestamp

BATCH = 100
"""Rounds read in one request: what public nodes take at once."""
MOST_DECIMALS = 18

OnProgress = Callable[[int, int], None]
"""Told after each batch: rounds read, of how many."""


class Stretch(NamedTuple):
    """Rounds of one phase that count, both ends included."""

    phase: int
    first: int
    last: int

    @property
    def ids(self) -> list[int]:
        """As the proxy names them, in the order of time."""
        numbers = range(self.first, self.last + 1)
        return [rounds.round_id(self.phase, number) for number in numbers]


def read(
    node: Node,
    aggregator: Address,
    since: Timestamp,
    until: Timestamp,
    on_progress: OnProgress = lambda _, __: None,
) -> list[Observation]:
    """
    What a proxy or an aggregator told from the last round at or before `since` to the last one at
    or before `until`, oldest first; rounds without a price are left out. `ConfigError` where
    nothing at the address answers as an aggregator.
    """
    latest = hints.latest_round(node, aggregator)
    decimals = hints.decimals(node, aggregator)
    if latest is None or decimals > MOST_DECIMALS:
        raise ConfigError(f"{aggregator}: no Chainlink feed is there: its rounds cannot be read")
    ids = [
        named for part in _stretches(node, aggregator, latest, since, until) for named in part.ids
    ]
    found: list[Observation] = []
    for first in range(0, len(ids), BATCH):
        batch = hints.read_rounds(node, aggregator, ids[first : first + BATCH])
        found += _priced(batch, rounds.scale(decimals))
        on_progress(min(first + BATCH, len(ids)), len(ids))
    return found


def _stretches(
    node: Node, aggregator: Address, latest: Round, since: Timestamp, until: Timestamp
) -> list[Stretch]:
    """Those with rounds in the span, in the order of time."""
    found: list[Stretch] = []
    for phase in _phases(node, aggregator, latest):
        if phase.began_at <= until:
            last = _number(node, aggregator, latest, phase, min(until, phase.ended_at - 1))
            first = _number(node, aggregator, latest, phase, since)
            found.append(Stretch(phase.number, max(first, 1), last))
            if first:
                break
    return found[::-1]


def _phases(node: Node, aggregator: Address, latest: Round) -> Iterator[Phase]:
    """The present one first, even where its first round cannot be read."""
    present = rounds.phase(latest.id)
    counted = hints.past_phases(node, aggregator, present)
    if not counted or counted[0].number != present:
        yield Phase(present, 0, NEVER)
    yield from counted


def _number(node: Node, aggregator: Address, latest: Round, phase: Phase, time: Timestamp) -> int:
    """The last round of a phase at or before a moment, 0 where there is none."""
    if phase.number == rounds.phase(latest.id):
        if latest.updated_at <= time:
            return latest.id & rounds.LOW_64_BITS
        return hints.last_number(node, aggregator, latest, time)
    if phase.began_at > time:
        return 0
    return hints.past_number(node, aggregator, phase.number, time)


def _priced(batch: list[Round | None], scale: int) -> Iterator[Observation]:
    for told in batch:
        price = rounds.price_wad(told.answer, scale) if told else 0
        if told and price:
            yield Observation(price, told.updated_at)
