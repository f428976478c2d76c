"""
What the contracts log is enough to know all of a market (R16): the raw logs of market and tokens,
folded after every step, give the very state.
"""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import settings

from perpools.spec import replay
from perpools.spec.events import Deployed, Event, Transfer
from perpools.spec.invariants import broken
from perpools.spec.kinds import LONG, LONG_BURN
from perpools.spec.state import MARKET, VAULT, Market
from tests.stateful import wire
from tests.stateful.hostile import Hostile
from tests.stateful.model import Outcome
from tests.stateful.test_market import SAMPLES
from tests.strategies import V1
from tests.world import World

SHARE = 12
"""A walk in so many of a profile's examples: `test_market` walks the others."""


class Logged(World):
    """Contracts, and a market made of nothing but what they log."""

    replayed: Market | None = None
    logged: tuple[Event, ...] = ()

    def _events(self, computation: Any) -> tuple[Event, ...]:
        sides = {token.address.canonical_address: side for side, token in enumerate(self.tokens)}
        told: list[Event] = []
        for _, address, topics, data in sorted(computation.get_raw_log_entries()):
            if address == self.chain.address.canonical_address:
                told.append(self._event(topics, data))
            elif address in sides:
                told.append(self._transfer(sides[address], topics, data))
        self.logged = tuple(told)
        return super()._events(computation)

    def _transfer(self, side: int, topics: list[int], data: bytes) -> Transfer:
        assert self.tokens[side].event_abi_for[topics[0]]["name"] == "Transfer"
        names = self.names | {self.tokens[side].address: VAULT}
        sender, receiver = (names[wire.address_of(word)] for word in topics[1:])
        return Transfer(side, sender, receiver, *wire.words(data))

    def _adopt(self, outcome: Outcome) -> None:
        assert self.replayed is not None
        for event, following in zip(self.logged, [*self.logged[1:], None], strict=True):
            if not replay.is_told(event, following):
                self.replayed = replay.apply(self.replayed, event, self.now)
                assert broken(self.replayed) == []
        self.logged = ()
        super()._adopt(outcome)

    @contextmanager
    def what_if(self) -> Iterator[None]:
        kept = self.replayed
        with super().what_if():
            yield
        self.replayed = kept

    def check(self) -> None:
        super().check()
        if self.replayed is None:
            first = Deployed(
                "deployer", self.feed.price, self.setup.seed_assets, self.market.last_epoch
            )
            self.replayed = replay.start(self.setup.terms, first)
        assert self.replayed == self.market


class Walking(Hostile):
    driver = Logged


TestWalks = Walking.TestCase
TestWalks.settings = settings(max_examples=max(1, settings.default.max_examples // SHARE))

DIRECTED = sorted(name for name in dir(Hostile) if name.startswith("reaches_"))


@pytest.mark.parametrize("name", DIRECTED)
def test_a_fresh_market(name: str) -> None:
    walk = Walking()
    walk.open_market(V1)
    rule = getattr(walk, name)
    rule(**{argument: SAMPLES[argument] for argument in inspect.signature(rule).parameters})
    walk.everything_agrees()
    walk.teardown()


def test_tokens_given_to_the_market_are_not_those_it_takes() -> None:
    walk = Walking()
    walk.open_market(V1)
    held = walk.fund("trader", LONG)
    given = held // 4
    walk.act("transfer", LONG, MARKET, given, sender="trader")
    walk.act("place_order", LONG_BURN, given, sender="trader")
    walk.everything_agrees()
    assert walk.world.replayed.holdings[LONG]["trader"] == held - 2 * given
    walk.teardown()
