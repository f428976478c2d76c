"""A market on a chain that somebody has played with: where questions about it get interesting."""

from typing import Any

from hypothesis import strategies as st

from perpools.spec import schedule
from perpools.spec.kinds import KINDS
from perpools.spec.state import Market
from perpools.spec.units import Epoch, Timestamp
from tests.stateful.settling import Settling
from tests.strategies import Setup, moves
from tests.world import World


class Played(Settling):
    """Opened by a test, not walked by itself."""

    driver = World
    world: World


def opened(setup: Setup) -> Played:
    found = Played()
    found.open_market(setup)
    return found


@st.composite
def moments(draw: st.DrawFn) -> tuple[Any, ...]:
    """Orders of any kind, time that passes, prices that move, events or none."""
    order = st.tuples(st.just("order"), st.sampled_from(KINDS), st.sampled_from([1, 100, 900]))
    wait = st.tuples(st.just("wait"), st.sampled_from([1, 300, 999, 1_000, 1_001, 5_500]))
    price = st.tuples(st.just("price"), moves)
    event = st.tuples(st.just("event"))
    return tuple(draw(st.lists(st.one_of(order, order, wait, wait, price, event), max_size=9)))


def play(played: Played, happened: tuple[Any, ...]) -> World:
    for name, *what in happened:
        if name == "order":
            played.order("trader", *what)
        elif name == "wait":
            played.world.advance(1 + played.world.interval * what[0] // 1_000)
        elif name == "price":
            played.scale_price(*what)
        else:
            played.rebalance()
    return played.world


class Fixed:
    """A feed that gives one price, whatever the moment."""

    def __init__(self, price: int) -> None:
        self.price = price

    def as_of(self, time: Timestamp) -> int:
        return self.price


def epoch_due(market: Market, now: Timestamp) -> Epoch:
    """The epoch that an event now would close."""
    passed = schedule.latest_passed(now, market.terms.interval_s)
    return schedule.next_to_close(passed, market.earliest_waiting, market.waiting)[0]


def first_second(market: Market, now: Timestamp) -> Timestamp:
    """When the next event can happen: now, or as soon as its grid point has passed."""
    if epoch_due(market, now) > market.last_epoch:
        return now
    return schedule.grid_point(market.last_epoch + 1, market.terms.interval_s) + 1
