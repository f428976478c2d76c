"""Logs are told once, and taken back when their block is undone."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from perpools.chain.following import DEPTH, Followed, mark


class Record(NamedTuple):
    block_number: int
    block_hash: str
    index: int


def record(block: int, branch: str = "a", index: int = 0) -> Record:
    return Record(block, f"{branch}{block}", index)


def test_what_is_new_is_told_once() -> None:
    followed, news = Followed[Record](9).look([record(10), record(11)], 11)
    assert news.fresh == (record(10), record(11))
    followed, news = followed.look([record(10), record(11), record(12)], 12)
    assert news.fresh == (record(12),)
    assert news.undone == ()


def test_what_is_undone_is_taken_back_the_latest_first() -> None:
    followed, _ = Followed[Record](9).look([record(10), record(11), record(12)], 12)
    _, news = followed.look([record(10), record(11, "b")], 12)
    assert news.undone == (record(12), record(11))
    assert news.fresh == (record(11, "b"),)


def test_the_same_log_in_another_block_is_another() -> None:
    followed, _ = Followed[Record](9).look([record(10)], 10)
    _, news = followed.look([record(10, "b")], 10)
    assert (news.undone, news.fresh) == ((record(10),), (record(10, "b"),))


def test_deep_blocks_settle_and_are_not_read_again() -> None:
    followed, _ = Followed[Record](9).look([record(10), record(10 + DEPTH)], 10 + DEPTH)
    assert followed.first == 11
    assert followed.recent == (record(10 + DEPTH),)


def test_a_chain_that_is_shorter_than_before_unsettles_nothing() -> None:
    followed, _ = Followed[Record](9).look([], 200)
    followed, _ = followed.look([], 150)
    assert followed.settled == 200 - DEPTH


LENGTH = 40
BLOCKS = st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH)


@given(st.lists(st.tuples(st.integers(0, LENGTH), BLOCKS)))
def test_what_was_told_and_not_taken_back_is_what_is_on_the_chain(
    looks: list[tuple[int, list[bool]]],
) -> None:
    """Before each look the chain is another from some block on, with logs in some of its blocks."""
    chain: list[Record | None] = [None] * LENGTH
    followed, told = Followed[Record](-1), list[Record]()
    for branch, (fork, holds) in enumerate(looks):
        later = [record(n, f"{branch}-") if holds[n] else None for n in range(fork, LENGTH)]
        chain = chain[:fork] + later
        found = [one for one in chain if one is not None]
        followed, news = followed.look(found, LENGTH - 1)
        told = [one for one in told if one not in news.undone] + list(news.fresh)
        assert sorted(map(mark, told)) == sorted(map(mark, found))
