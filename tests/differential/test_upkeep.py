"""Through the upkeep a market does what it does alone, and it is due exactly where it would."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perpools.spec import errors
from tests.evm import deployer
from tests.stateful import wire
from tests.stateful.model import GAS_PRICE, Outcome
from tests.stateful.operations import Operation
from tests.stateful.played import Played, moments, opened, play
from tests.stateful.surroundings import ANSWERS, SILENT
from tests.strategies import TRIGGERED, Setup, setups
from tests.world import World


@pytest.fixture(scope="module")
def keepers() -> Any:
    return deployer("contracts/Upkeep.vy").deploy()


class Tended(World):
    """A market that is rebalanced through the upkeep, where its caller is the keeper."""

    upkeep: Any = None

    def _perform(self, asked: Operation, predicted: Outcome) -> Outcome:
        through = asked.name == "rebalance" and asked.arguments["keeper"] == asked.sender
        if through and predicted.refusal:
            sent = self._send(asked)
            assert wire.reason(sent.output) == errors.NothingDone.reason
            return predicted
        return super()._perform(asked, predicted)

    def _send(self, asked: Operation) -> Any:
        if asked.name != "rebalance" or asked.arguments["keeper"] != asked.sender:
            return super()._send(asked)
        given = [self.chain.address], [asked.arguments["hint"]]
        data = self.upkeep.rebalance_many.prepare_calldata(*given)
        sender = self.addresses[asked.sender]
        return wire.execute(self.upkeep, data, sender=sender, gas_price=GAS_PRICE)


class Tending(Played):
    driver = Tended


@settings(max_examples=max(5, settings.default.max_examples // 8))
@given(setup=setups(), happened=moments())
def test_through_the_upkeep_a_market_does_what_it_does_alone(
    keepers: Any, setup: Setup, happened: tuple[Any, ...]
) -> None:
    Tended.upkeep = keepers
    played = Tending()
    played.open_market(setup)
    world = play(played, happened)
    played.wait_for_a_grid_point()
    played.catch_up()
    world.check()
    world.close()


@settings(max_examples=max(5, settings.default.max_examples // 8))
@given(setup=setups(), happened=moments(), hint=st.sampled_from([0, 7]), dead=st.booleans())
def test_an_event_is_due_exactly_where_it_is_accepted(
    keepers: Any, setup: Setup, happened: tuple[Any, ...], hint: int, dead: bool
) -> None:
    played = opened(setup)
    world = play(played, happened)
    world.set_hint(hint)
    if dead:
        world.feed_behaves("feed", ANSWERS, SILENT)
    for offset in (0, 1, 0):
        for said in (0, 7):
            due = keepers.due(world.chain.address, said)
            with world.what_if():
                assert due == (world.act("rebalance", said) is not None)
        played.wait_for_a_grid_point(offset)
    world.close()


def test_a_trigger_decides_what_is_due(keepers: Any) -> None:
    played = opened(TRIGGERED)
    world, market = played.world, played.world.chain.address
    played.wait_for_a_grid_point()
    assert not keepers.due(market)
    world.set_price(world.feed.price * 2)
    assert keepers.due(market)
    world.set_price(world.market.average)
    longest = TRIGGERED.terms.max_interval_s // TRIGGERED.terms.interval_s
    played.wait_for_a_grid_point(more_intervals=longest - 3)
    assert not keepers.due(market)
    played.wait_for_a_grid_point()
    assert keepers.due(market)
    world.close()
