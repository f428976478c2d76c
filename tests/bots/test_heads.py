"""Everything waits for the chain's clock."""

import asyncio
from collections.abc import Coroutine

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.bots import heads
from perpools.bots.heads import AnyBlock, Doze, Head, Heads, Nap, NextBlock, Until


class Clock:
    """A machine's, wound by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def head(number: int, timestamp: int, branch: str = "a", now: int | None = None) -> Head:
    return Head(number, f"{branch}{number}", timestamp, 1, now or timestamp)


async def woken(waiting: Coroutine[None, None, None], *moves: Head | None) -> int | None:
    """After which of the moves somebody who waits goes on; a move to nowhere is a step back."""
    task = asyncio.create_task(waiting)
    await asyncio.sleep(0)
    for index, move in enumerate(moves):
        if move is None:
            CHAIN.step_back()
        else:
            CHAIN.move(move)
        for _ in range(3):
            await asyncio.sleep(0)
        if task.done():
            return index
    task.cancel()
    return None


CHAIN: Heads


@pytest.fixture(autouse=True)
def clock() -> Clock:
    global CHAIN
    told = Clock()
    CHAIN = Heads(told)
    return told


def test_a_moment_is_waited_for_on_the_chain() -> None:
    moves = head(1, 100), head(2, 109), head(3, 110)
    assert asyncio.run(woken(CHAIN.wait(Until(110)), *moves)) == 2


def test_a_moment_that_is_over_is_not_waited_for() -> None:
    CHAIN.move(head(1, 100))
    assert asyncio.run(woken(CHAIN.wait(Until(100)), head(2, 101))) == 0


def test_the_block_to_come_tells_the_time_where_it_is_asked_for_it() -> None:
    assert asyncio.run(woken(CHAIN.wait(Until(110)), head(1, 100), head(1, 100, now=110))) == 1


def test_a_step_back_of_the_chain_wakes_everybody() -> None:
    assert asyncio.run(woken(CHAIN.wait(Until(110)), head(1, 100), None)) == 1


def test_the_next_block_is_any_other() -> None:
    first = head(1, 100)
    assert asyncio.run(woken(CHAIN.wait(NextBlock(first)), first, first, head(2, 112))) == 2
    assert asyncio.run(woken(CHAIN.wait(NextBlock(first)), head(1, 100, "b"))) == 0


def test_a_block_that_came_before_anybody_waited_is_not_missed() -> None:
    CHAIN.move(head(2, 112))
    assert asyncio.run(woken(CHAIN.wait(NextBlock(head(1, 100))), head(2, 112))) == 0


def test_any_other_block_will_do() -> None:
    first = head(1, 100)
    assert asyncio.run(woken(CHAIN.wait(AnyBlock(first)), first, head(2, 100))) == 1


def test_a_nap_is_this_machines() -> None:
    asyncio.run(asyncio.wait_for(CHAIN.wait(Nap(0.001)), 5))


def test_it_is_known_for_how_long_no_block_came(clock: Clock) -> None:
    CHAIN.move(head(1, 100))
    clock.now = 7.0
    CHAIN.move(head(1, 100, now=107))
    assert CHAIN.standing_s == 7.0
    CHAIN.move(head(2, 112))
    assert CHAIN.standing_s == 0.0


def test_the_node_is_left_alone_until_something_is_near(clock: Clock) -> None:
    async def naps() -> list[float]:
        told = [CHAIN.nap_s(2, 15)]
        CHAIN.move(head(1, 100))
        told.append(CHAIN.nap_s(2, 15))
        waits = [asyncio.create_task(CHAIN.wait(Until(time))) for time in (109, 10_000)]
        await asyncio.sleep(0)
        told.append(CHAIN.nap_s(2, 15))
        clock.now = 8.0
        told.append(CHAIN.nap_s(2, 15))
        waits.append(asyncio.create_task(CHAIN.wait(NextBlock(head(1, 100)))))
        await asyncio.sleep(0)
        told.append(CHAIN.nap_s(2, 15))
        for wait in waits:
            wait.cancel()
        return told

    assert asyncio.run(naps()) == [2, 15, 9, 2, 2]


@given(st.one_of(st.none(), st.floats(-1e6, 1e6)), st.floats(0.01, 10), st.floats(10, 100))
def test_a_nap_is_between_polling_and_idling(
    left_s: float | None, poll_s: float, idle_s: float
) -> None:
    assert poll_s <= heads.nap_s(left_s, poll_s, idle_s) <= idle_s


def test_a_block_is_not_waited_for_for_ever() -> None:
    first = head(1, 100)
    CHAIN.move(first)
    asyncio.run(asyncio.wait_for(CHAIN.wait(NextBlock(first, 0.001)), 5))


def test_who_dozes_hears_whoever_begins_to_wait() -> None:
    async def dozing() -> tuple[bool, bool]:
        CHAIN.move(head(1, 100))
        doze = asyncio.create_task(CHAIN.wait(Doze(0, 3_600)))
        await asyncio.sleep(0)
        before = doze.done()
        waiting = asyncio.create_task(CHAIN.wait(AnyBlock(head(1, 100))))
        await asyncio.wait_for(doze, 1)
        waiting.cancel()
        return before, doze.done()

    assert asyncio.run(dozing()) == (False, True)
