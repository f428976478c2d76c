"""What is written is what the specification says, whatever the chain does in between."""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from perpools.chain.following import DEPTH
from perpools.index import tables
from perpools.index.mirror import Mirror
from perpools.spec import escrow, invariants, replay
from perpools.spec.bookkeeping import Book, advance, opened
from perpools.spec.positions import position
from perpools.spec.state import Market, replace
from tests.index.same import differences
from tests.index.tale import BIRTH, POOL, Desk, Tale, beginning

SEEDS = st.integers(0, 2**32)
FEWER = settings(
    max_examples=max(5, settings.default.max_examples // 10),  # type: ignore[union-attr]
    deadline=None,
)
BLOCKS = 90


@contextmanager
def followed(tale: Tale) -> Iterator[Desk]:
    """A tale written from its beginning."""
    desk = Desk(tale).begin()
    with closing(desk):
        yield desk.follow(tale)


def pieces(chance: random.Random, tale: Tale) -> Iterator[Tale]:
    """The tale as far as it got at some moments."""
    last, at = max(tale.chapters), BIRTH
    while at < last:
        at = min(last, at + chance.choice([1, 2, 3, 10, 40]))
        yield tale.until(at)


def book_of(tale: Tale) -> Book:
    """The book that the tale itself leads to."""
    chapters = sorted(tale.chapters.items())
    before = chapters[0][1].world.market
    book = opened(before)
    for record in tale.records(0, chapters[-1][0]):
        book = advance(book, before, record.event)
        before = replay.apply(before, record.event, record.timestamp)
    return book


@FEWER
@given(seed=SEEDS)
def test_after_every_look_the_tables_lead_to_the_specifications_state(seed: int) -> None:
    tale = beginning().go_on(BLOCKS, seed, ends=seed % 3 == 0)
    desk = Desk(tale).begin()
    with closing(desk):
        mirror = Mirror(desk.database)
        for part in pieces(random.Random(seed), tale):
            desk.follow(part)
            standing = mirror.standing(POOL)
            assert standing.market == part.market
            assert invariants.broken(standing.market) == []
            afresh = Mirror(desk.database).standing(POOL)
            assert afresh == standing
            assert (standing.block_number, standing.at) == (part.head.number, part.head.timestamp)
        check_accounts(desk, book_of(tale), tale.market)
        check_orders(desk, tale)
        check_totals(desk, tale)


def check_accounts(desk: Desk, book: Book, market: Market) -> None:
    """Every account's rows say what the specification says of it."""
    with desk.database.session() as session:
        accounts = {row.account: row for row in session.scalars(select(tables.Account))}
        sides = {(row.account, row.side): row for row in session.scalars(select(tables.Position))}
    assert {*accounts} | {"locked", "market"} == {*book.accounts} | {"locked", "market"}
    for account, row in accounts.items():
        has, due = position(book, market, account), escrow.claimable(market, account)
        flows = row.paid_in, row.taken_out, row.earned, row.fees, row.waiting_assets
        assert flows == (has.paid_in, has.taken_out, has.earned, has.fees, has.waiting_assets)
        held = row.escrow_assets, row.escrow_long, row.escrow_short, row.escrow_tip
        assert held == due
        for side, holding in enumerate((has.long, has.short)):
            found = sides[account, side]
            kept = found.wallet, found.escrow, found.waiting, found.cost_assets
            assert kept == holding[:4]
            assert (found.entry_price_wad, found.realised) == (holding[4], holding[6])


def check_orders(desk: Desk, tale: Tale) -> None:
    """What waits, waits; what was executed and not taken is what escrow owes."""
    with desk.database.session() as session:
        rows = session.scalars(select(tables.Order)).all()
    market = tale.market
    waiting: dict[tuple[str, int, int], int] = defaultdict(int)
    parts: dict[tuple[str, int, int], int] = defaultdict(int)
    for row in rows:
        key = row.controller, row.epoch, row.kind
        if row.status == tables.WAITING:
            waiting[key] += row.amount
        elif row.status in (tables.EXECUTED, tables.REFUNDED):
            parts[key] += row.paid_out or 0
    open_ = {
        key: amount
        for key, amount in market.orders.items()
        if key[1] > market.last_epoch and not market.wound_down
    }
    assert waiting == open_
    for key in market.orders.keys() - open_.keys():
        alone = replace(market, orders={key: market.orders[key]}, escrow={}, tips={})
        assert parts[key] == sum(escrow.claimable(alone, key[0]))


def check_totals(desk: Desk, tale: Tale) -> None:
    """Hours and keepers add up to the events."""
    with desk.database.session() as session:
        epochs = session.scalars(select(tables.Epoch)).all()
        keepers = session.scalars(select(tables.Keeper)).all()
        hours = session.scalars(select(tables.Snapshot).filter_by(period_s=3_600)).all()
        days = session.scalars(select(tables.Snapshot).filter_by(period_s=86_400)).all()
    rewards = sum(row.reward_assets for row in epochs)
    assert rewards == sum(row.reward_assets for row in keepers)
    for periods in (hours, days):
        assert rewards == sum(row.rewards for row in periods)
        assert sum(row.events for row in periods) == len(epochs)
        last = max(periods, key=lambda row: row.start)
        assert (last.long_balance, last.short_balance) == tale.market.pool.balances


@FEWER
@given(seed=SEEDS, other=SEEDS, depth=st.integers(1, DEPTH), more=st.integers(0, 30))
def test_after_a_reorganisation_the_tables_are_those_of_the_other_branch_alone(
    seed: int, other: int, depth: int, more: int
) -> None:
    first = beginning().go_on(BLOCKS, seed, ends=seed % 3 == 0)
    fork = max(first.chapters) - depth
    second = first.until(fork).go_on(depth + more, other + 2**33)
    desk = Desk(first).begin()
    with closing(desk), followed(second) as alone:
        for part in pieces(random.Random(seed), first):
            desk.follow(part)
        desk.follow(second)
        assert differences(desk.database, alone.database) == {}
        assert Mirror(desk.database).standing(POOL).market == second.market


@FEWER
@given(seed=SEEDS, chunk=st.integers(5, 60))
def test_pieces_of_any_size_come_to_the_same_rows(seed: int, chunk: int) -> None:
    tale = beginning().go_on(3 * DEPTH, seed)
    desk = Desk(tale, chunk=chunk).begin()
    with closing(desk), followed(tale) as alone:
        desk.follow(tale)
        assert differences(desk.database, alone.database) == {}


@FEWER
@given(seed=SEEDS)
def test_a_mirror_follows_from_one_branch_to_another(seed: int) -> None:
    chance = random.Random(seed)
    tale = beginning().go_on(30, seed)
    with followed(tale) as desk:
        mirror = Mirror(desk.database)
        for turn in range(6):
            back = max(tale.chapters) - chance.randint(0, 12)
            tale = tale.until(max(BIRTH, back)).go_on(chance.randint(13, 20), seed + turn + 1)
            desk.follow(tale)
            assert mirror.standing(POOL).market == tale.market
