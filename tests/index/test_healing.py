"""What was read wrongly, or replaced deeper than chains usually are, is mended in the end."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import select

from perpools.chain.following import DEPTH
from perpools.chain.history import Record
from perpools.chain.node import Block
from perpools.errors import ChainError
from perpools.index import tables
from perpools.index.mirror import Mirror
from perpools.index.tracking import Unborn
from perpools.spec import replay
from perpools.spec.events import Event, Transfer
from perpools.spec.kinds import LONG as LONG_SIDE
from tests.index.same import differences, said
from tests.index.tale import (
    BIRTH,
    CROWD,
    DEPLOYER,
    POOL,
    WAD,
    Chapter,
    Desk,
    Hearsay,
    Tale,
    World,
    beginning,
)

LONG = 3 * DEPTH
PARTIES = DEPLOYER, CROWD[0]


class Deaf(Hearsay):
    """A history that may leave out the holders' own transfers."""

    hears = True

    def records(self, first: int, last: int) -> Iterator[Record]:
        for record in super().records(first, last):
            if self.hears or not isinstance(record.event, Transfer):
                yield record


def idle(tale: Tale, blocks: int) -> Tale:
    """Blocks in which nothing happens."""
    for _ in range(blocks):
        tale = with_block(tale)
    return tale


def with_block(tale: Tale, *events: Event) -> Tale:
    """One more block that tells these events."""
    before = tale.chapters[max(tale.chapters)]
    number, now = before.block.number + 1, before.world.now + 1
    market = before.world.market
    for event in events:
        market = replay.apply(market, event, now)
    block = Block(number, f"0x{number:064x}", now, 10**9, True)
    world = World(market, before.world.price, now)
    return Tale({**tale.chapters, number: Chapter(block, events, world)})


def insist(desk: Desk, tale: Tale, looks: int = 12) -> int:
    """Look until all is well; how often nothing could be written."""
    failures = 0
    for _ in range(looks):
        try:
            if not desk.look(tale).behind:
                return failures
        except ChainError:
            failures += 1
            desk.tracker.drop()
    raise AssertionError("it is never well")


def test_a_log_left_out_of_settled_blocks_is_found_once_others_do_not_fit() -> None:
    given, back = (Transfer(LONG_SIDE, *who, WAD) for who in (PARTIES, PARTIES[::-1]))
    early = idle(with_block(beginning(), given), 2 * DEPTH)
    later = with_block(early, back)
    with closing(Desk(early).begin()) as desk, closing(Desk(later).begin()) as alone:
        deaf = Deaf(early)
        desk.tracker.history = desk.history = deaf
        deaf.hears = False
        desk.follow(early)
        deaf.hears = True
        assert insist(desk, later) > 0
        assert differences(desk.database, alone.follow(later).database) == {}


def test_a_chain_replaced_deeper_than_usual_is_read_again() -> None:
    first = beginning().go_on(LONG, 5)
    for depth in (DEPTH + 1, 2 * DEPTH, LONG):
        second = first.until(max(first.chapters) - depth).go_on(depth + 2, 6)
        desk, alone = Desk(first).begin().follow(first), Desk(second).begin().follow(second)
        with closing(desk), closing(alone):
            mirror = Mirror(desk.database)
            assert mirror.standing(POOL).market == first.market
            insist(desk, second)
            assert differences(desk.database, alone.database) == {}
            assert mirror.standing(POOL).market == second.market


def test_a_market_whose_birth_was_undone_leaves_no_rows() -> None:
    first, second = beginning(0).go_on(20, 1), beginning(1).go_on(30, 1)
    with closing(Desk(first).begin().follow(first)) as desk:
        with pytest.raises(Unborn):
            desk.look(second)
        assert not any(said(desk.database).values())
        with desk.database.session() as session:
            undone = session.scalars(select(tables.News.undone)).all()
        assert undone.count(True) == undone.count(False) > 0
        with closing(Desk(second).begin().follow(second)) as alone:
            again = Desk(second, desk.path).begin().follow(second)
            assert differences(again.database, alone.database) == {}
            again.close()


def test_a_chain_that_is_shorter_now_is_believed_where_its_blocks_differ() -> None:
    first = beginning().go_on(40, 7)
    shorter = first.until(30).go_on(5, 8)
    with closing(Desk(first).begin().follow(first)) as desk:
        step = desk.look(shorter)
        assert step.undone > 0
        with closing(Desk(shorter).begin().follow(shorter)) as alone:
            assert differences(desk.database, alone.database) == {}


def test_a_chain_that_is_shorter_and_the_same_is_waited_for() -> None:
    first = beginning().go_on(40, 7)
    with closing(Desk(first).begin().follow(first)) as desk:
        before = said(desk.database)
        assert desk.look(first.until(30)).undone == 0
        assert desk.look(first.until(BIRTH)).undone == 0
        assert said(desk.database) == before
