"""
Write the golden histories. The specification is their only author: `python -m tests.vectors.build`.

A difference in a file is a change of the protocol.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from perpools.spec import schedule
from perpools.spec.kinds import LONG_BURN, LONG_FLIP, LONG_MINT, SHORT_BURN, SHORT_FLIP, SHORT_MINT
from tests.stateful.model import Model
from tests.strategies import DAY_S, HOUR_S, PERCENT, V1, V2, WAD, Setup
from tests.vectors.history import HERE, Step, end_of, perform, start_of, text

PRICE = 2_000 * WAD
FREE = replace(V1, drift=0, start=1_700_000_000, terms=replace(V1.terms, management_fee_wad=0))
"""No fees, so that a reader can check the numbers in the head."""
DEAR = replace(V2, drift=0, start=1_700_000_000)


class Play:
    """A history while it is made."""

    def __init__(self, setup: Setup) -> None:
        self.model, self.start, self.steps = Model(setup), start_of(setup), list[Step]()

    def do(self, name: str, by: str | None = None, value: int = 0, **given: Any) -> None:
        step: Step = {"do": name, "with": given}
        if by is not None:
            step |= {"by": by, "value": value}
        self.steps.append(step | {"then": perform(self.model, step)})

    def order(self, by: str, kind: int, amount: int, value: int = 0, **more: Any) -> None:
        self.do("place_order", by, value, kind=kind, amount=amount, **more)

    def wait(self, intervals: int = 1) -> None:
        """Until a second after a grid point."""
        point = schedule.grid_point(self.model.now // HOUR_S + intervals, HOUR_S)
        self.do("wait", seconds=point + 1 - self.model.now)

    def event(self, price: int = PRICE, intervals: int = 1, by: str = "keeper") -> None:
        self.wait(intervals)
        self.do("price", price=price)
        self.do("rebalance", by)

    def held(self, who: str, side: int) -> int:
        return self.model.held(who, side)

    def exit(self, who: str, side: int) -> None:
        self.order(who, LONG_BURN + side, self.held(who, side))


def price_doubles_at_3x(play: Play) -> None:
    """The long side gains seven eighths of the short side, and both leave with it."""
    play.order("depositor", LONG_MINT, 500 * 10**6)
    play.order("hedger", SHORT_MINT, 500 * 10**6)
    play.event()
    play.do("claim", "depositor")
    play.do("claim", "hedger")
    play.event(2 * PRICE)
    play.exit("depositor", 0)
    play.exit("hedger", 1)
    play.event(2 * PRICE)
    play.do("claim", "depositor")
    play.do("claim", "hedger")
    play.do("claim", "hedger")


def burns_queued_in_two_epochs(play: Play) -> None:
    """Burns of five and fifteen tokens wait in different epochs: both get the same rate."""
    play.order("depositor", LONG_MINT, 30 * 10**6)
    play.event(intervals=3)
    play.do("claim", "depositor")
    play.order("depositor", LONG_BURN, 5 * 10**18)
    play.wait()
    play.order("depositor", LONG_BURN, 15 * 10**18)
    play.wait(4)
    play.do("rebalance", "keeper")
    play.do("rebalance", "keeper")
    play.do("rebalance", "keeper")
    play.do("claim", "depositor")


def side_wiped_to_dust(play: Play) -> None:
    """The long side decays to one unit: nothing sticks, what cannot be executed is refunded."""
    play.order("depositor", LONG_MINT, 10**21)
    play.order("hedger", SHORT_MINT, 10**21)
    play.event()
    play.do("claim", "depositor")
    play.do("claim", "hedger")
    for power in (3, 6, 9):
        play.event(PRICE // 10**power)
    play.order("depositor", LONG_BURN, 1)
    play.order("depositor", LONG_FLIP, 1)
    play.order("latecomer", LONG_MINT, 10**24)
    play.order("hedger", SHORT_FLIP, 10**20)
    play.event(PRICE // 10**9)
    for who in ("depositor", "latecomer", "hedger"):
        play.do("claim", who)
    for power in (6, 3, 0):
        play.event(PRICE // 10**power)
    play.exit("depositor", 0)
    play.exit("hedger", 1)
    play.event()
    play.do("claim", "depositor")
    play.do("claim", "hedger")


def late_keeper(play: Play) -> None:
    """Nobody comes for two days: each epoch with orders is closed on its own, the rest merges."""
    for kind in (LONG_MINT, SHORT_MINT, LONG_MINT):
        play.order("depositor", kind, 100 * 10**18)
        play.wait()
    play.wait(50)
    play.order("latecomer", LONG_MINT, 10**18)
    play.do("price", price=PRICE * 11 // 10)
    for _ in range(5):
        play.do("rebalance", "keeper")
    play.do("claim", "depositor")
    play.wait(20)
    play.order("trader", LONG_MINT, 10**18)
    play.wait(70)
    play.order("trader", LONG_MINT, 10**18)
    play.do("rebalance", "keeper")
    play.do("rebalance", "keeper")
    play.order("trader", LONG_MINT, 10**18)


def wind_down(play: Play) -> None:
    """The feed dies with orders waiting: they are refunded, and every token gets its share."""
    play.order("depositor", LONG_MINT, 10**21)
    play.order("hedger", SHORT_MINT, 10**20)
    play.event(PRICE, intervals=9)
    play.do("claim", "depositor")
    play.event(PRICE * 12 // 10)
    play.order("depositor", LONG_BURN, 10**18, value=5)
    play.order("trader", SHORT_MINT, 10**18)
    play.do("feed", answers=False)
    play.wait(10)
    play.do("rebalance", "keeper")
    play.do("wind_down", "trader")
    play.do("wait", seconds=30 * DAY_S)
    play.do("feed", answers=True)
    play.do("wind_down", "trader")
    play.do("feed", answers=False)
    play.do("wind_down", "trader")
    play.order("trader", LONG_MINT, 1)
    play.do("rebalance", "keeper")
    for who in ("keeper", "depositor", "hedger", "trader"):
        play.do("claim", who)
    play.do("redeem", "depositor", side=0, amount=play.held("depositor", 0))
    play.do("redeem", "hedger", side=1, amount=play.held("hedger", 1))
    play.do("pay_fees", "trader", which=0)
    play.do("pay_fees", "trader", which=1)


def flips_with_fees(play: Play) -> None:
    """All fees are those of the event, whatever the mint fee does before the claim."""
    play.order("depositor", LONG_MINT, 10**21)
    play.order("hedger", SHORT_MINT, 10**21)
    play.event(PRICE, intervals=9)
    play.do("claim", "depositor")
    play.do("claim", "hedger")
    play.order("depositor", LONG_FLIP, play.held("depositor", 0) // 2)
    play.order("hedger", SHORT_FLIP, play.held("hedger", 1) // 3)
    play.order("hedger", SHORT_BURN, play.held("hedger", 1) // 3)
    play.event(PRICE * 105 // 100, intervals=9)
    for _ in range(5):
        play.event(PRICE * 104 // 100)
    play.do("claim", "hedger")
    play.do("claim", "depositor")
    play.do("pay_fees", "trader", which=0)
    play.do("pay_fees", "trader", which=1)
    play.do("pay_fees", "trader", which=1)


def pairs(play: Play) -> None:
    """Equal fractions of both sides, minted and redeemed at once, before and after a move."""
    play.do("mint_pair", "trader", assets=10**9 + 1)
    play.do("mint_pair", "trader", assets=1)
    play.event(PRICE * 13 // 10)
    play.do("mint_pair", "hedger", assets=333_333_333)
    play.do("redeem_pair", "trader", long_tokens=play.held("trader", 0) // 3)
    play.do("transfer", "hedger", side=1, receiver="latecomer", tokens=10**18)
    play.do("redeem_pair", "latecomer", long_tokens=1)
    play.do("redeem_pair", "hedger", long_tokens=play.held("hedger", 0) // 2)
    play.exit("trader", 0)
    play.event(PRICE)
    play.do("claim", "trader")


def tips_and_operators(play: Play) -> None:
    """Whoever is appointed acts for an owner, whoever is tipped claims for it, nobody else."""
    play.do("reward_price", price=2**119)
    play.order("depositor", LONG_MINT, 10**9, value=700)
    play.order("depositor", SHORT_MINT, 10**9, value=50)
    epoch = play.model.open_epoch
    play.do("cancel_order", "keeper", epoch=epoch, kind=LONG_MINT, controller="depositor")
    play.do("cancel_order", "depositor", epoch=epoch, kind=LONG_MINT)
    play.do("setOperator", "depositor", operator="trader", approved=True)
    play.order(
        "trader", LONG_MINT, 10**8, from_escrow=10**8, owner="depositor", controller="trader"
    )
    play.order("keeper", LONG_MINT, 1, value=1, controller="depositor")
    play.event(by="latecomer")
    play.do("claim", "partner", owner="depositor")
    play.do("claim", "partner", owner="depositor")
    play.do("withdraw", "trader", item=0, amount=4, owner="depositor", receiver="hedger")
    play.do("claim", "trader")
    play.do("claim", "latecomer")
    dismissed(play)


def dismissed(play: Play) -> None:
    """An operator acts until it is told not to."""
    play.order("depositor", SHORT_BURN, 10**18, value=9)
    play.do(
        "cancel_order",
        "trader",
        epoch=play.model.open_epoch,
        kind=SHORT_BURN,
        controller="depositor",
    )
    play.do("setOperator", "depositor", operator="trader", approved=False)
    play.do("claim", "trader", owner="depositor")


HISTORIES: dict[Callable[[Play], None], Setup] = {
    price_doubles_at_3x: FREE,
    burns_queued_in_two_epochs: replace(
        FREE, terms=replace(FREE.terms, front_running_interval_s=2 * HOUR_S)
    ),
    side_wiped_to_dust: replace(
        FREE, terms=replace(FREE.terms, decimals=18, leverage_wad=20 * WAD)
    ),
    late_keeper: replace(DEAR, terms=replace(DEAR.terms, front_running_interval_s=0)),
    wind_down: DEAR,
    flips_with_fees: replace(DEAR, terms=replace(DEAR.terms, mint_fee_wad=3 * PERCENT)),
    pairs: FREE,
    tips_and_operators: FREE,
}


def build(story: Callable[[Play], None], setup: Setup) -> str:
    """The file of one history."""
    play = Play(setup)
    if story is not tips_and_operators:
        play.do("reward_price", price=0)
    story(play)
    history = {
        "story": story.__doc__,
        "start": play.start,
        "steps": play.steps,
        "end": end_of(play.model),
    }
    return text(history)


def file_name(story: Callable[[Play], None]) -> str:
    return story.__name__.replace("_", "-") + ".json"


if __name__ == "__main__":
    for story, setup in HISTORIES.items():
        (HERE / file_name(story)).write_text(build(story, setup))
