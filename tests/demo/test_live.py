"""The demo's world: its past is a real one, and its present goes on with the real bots."""

import math
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from random import Random

import pytest

from perpools.chain import snapshot
from perpools.cli import demo_bots
from perpools.demo.live import paths
from perpools.demo.live.life import AGE_S, Life
from perpools.demo.live.world import INTERVAL_S, MARKETS, World, build
from perpools.spec import invariants, schedule
from perpools.spec.fixed_point import WAD

FASTER = 40
PATIENCE_S = 40
BEGAN = 1_800_000_000


class Clock:
    """Goes faster than the machine's."""

    def __init__(self) -> None:
        self._from = time.monotonic()

    def __call__(self) -> int:
        return BEGAN + int((time.monotonic() - self._from) * FASTER)


@pytest.fixture(scope="module")
def life() -> Life:
    """A world with its past; time goes fast in it."""
    clock = Clock()
    life = Life(build(clock() - AGE_S, seed=1), 1, clock)
    life.make_past()
    return life


def until(holds: Callable[[], bool], do: Callable[[], None]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        do()
        time.sleep(0.02)


@pytest.fixture
def kept(life: Life) -> Iterator[World]:
    """The world while its bots run."""
    stopping = threading.Event()
    bots = threading.Thread(target=demo_bots.run, args=(life.world, stopping))
    bots.start()
    yield life.world
    stopping.set()
    bots.join(PATIENCE_S)
    assert not bots.is_alive()


def test_the_past_reaches_the_present_in_every_market(life: Life) -> None:
    assert [venue.name for venue in life.world.venues] == [name for name, _, _ in MARKETS]
    head = life.world.node.block().timestamp
    for venue in life.world.venues:
        assert schedule.latest_passed(head, INTERVAL_S) - venue.standing().last_epoch <= 1


def test_what_traders_know_from_logs_is_what_the_chain_says(life: Life) -> None:
    for venue in life.world.venues:
        known, node = venue.standing(), life.world.node
        seen = snapshot.read(node, venue.market.address, life.world.cast.traders).market
        assert (known.pool, known.samples, known.fees) == (seen.pool, seen.samples, seen.fees)
        assert not list(invariants.broken(known))


def test_traders_have_ordered_and_the_sides_are_not_as_they_were(life: Life) -> None:
    for venue in life.world.venues:
        market = venue.standing()
        assert len({owner for owner, _, _ in market.orders}) >= 2
        assert market.pool.balances[0] != market.pool.balances[1]


def test_the_bots_close_every_epoch_of_the_present(life: Life, kept: World) -> None:
    before = [venue.standing().last_epoch for venue in kept.venues]

    def closed() -> bool:
        now = [venue.standing().last_epoch for venue in kept.venues]
        return all(later >= earlier + 2 for earlier, later in zip(before, now, strict=True))

    until(closed, life.tick)


def test_without_anything_to_do_time_goes_on_in_blocks_without_transactions(life: Life) -> None:
    node = life.world.node
    blocks, began = node.block().number, node.block().timestamp
    until(lambda: node.block().timestamp > began + INTERVAL_S, life.tick)
    assert node.block().number > blocks


def test_fixings_are_played_without_a_leap_where_they_begin_again() -> None:
    told = list(islice(paths.played("USD"), paths.FIXINGS + 20))
    steps = [after / before for before, after in pairwise(told)]
    assert all(0.9 < step < 1.1 for step in steps)
    assert len(set(told)) > 100


def test_a_path_that_is_made_up_is_the_same_for_the_same_seed() -> None:
    walks = (paths.made_up(WAD, Random(seed)) for seed in (1, 1, 2))
    one, other, third = ([walk(BEGAN + 60 * n) for n in range(50)] for walk in walks)
    assert one == other != third
    assert all(price > 0 for price in one)


@pytest.mark.parametrize("every_s", [60, 3_600])
def test_a_path_that_is_made_up_moves_as_much_by_the_year_however_often_it_is_told(
    every_s: int,
) -> None:
    walk = paths.made_up(WAD, Random(3))
    told = [walk(BEGAN + every_s * n) for n in range(4_000)]
    moves = [math.log(after / before) for before, after in pairwise(told)]
    by_the_year = statistics.pstdev(moves) * math.sqrt(paths.YEAR_S / every_s)
    assert by_the_year == pytest.approx(paths.VOLATILITY, rel=0.05)
