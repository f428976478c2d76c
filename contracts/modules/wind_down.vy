# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Wind-down
@notice No funds can be locked by a dead feed, a dead team or a dead front end (R13).
"""

from ..interfaces import IMarket
from ..interfaces import ISideToken
from ..lib import checks
from ..lib import kinds
from ..lib import pool
from ..lib import rates
from ..lib import schedule
from . import charter
from . import custody
from . import feed_reader
from . import grid
from . import sides

uses: charter
uses: custody
uses: grid
uses: sides

# After so many times the wait no feed is asked any more: history that nobody can prove must not lock funds.
ABANDONED: constant(uint256) = 3


@deploy
def __init__():
    pass


@external
@nonreentrant
def wind_down():
    """
    @notice Stop the market for good. Anyone may, once an event has been due for
            `wind_down_after_s` and the feed gives no valid price, or for three times as long
            whatever the feed says. Rates freeze at the last event; orders that wait become
            refundable; tokens redeem at once (R13).
    """
    now: grid.Grid = grid._live()
    due_at: uint256 = charter._grid_point(self._due_epoch(now))
    assert block.timestamp >= due_at + charter.TERMS.wind_down_after_s, "wind-down: nothing overdue"
    if block.timestamp < due_at + ABANDONED * charter.TERMS.wind_down_after_s:
        assert msg.gas >= 2 * feed_reader.FEED_GAS, "wind-down: too little gas"
        assert feed_reader._latest(charter.TERMS.feed) == 0, "wind-down: feed alive"

    grid._wind_down()

    log IMarket.WoundDown(epoch=now.last_epoch)


@external
@nonreentrant
def redeem(side: uint256, amount: uint256) -> uint256:
    """
    @notice Give tokens of a side of a wound-down market; receive their share of it at once,
            rounded down.
    @param amount Tokens given.
    @return Collateral received.
    """
    assert grid._grid().wound_down, "market: not wound down"
    assert side < 2, "side: unknown"
    before: pool.Pool = sides._pool()
    checks._check_amount(amount, before.supplies[side])
    assets: uint256 = rates._assets_for_tokens(amount, before.balances[side], before.supplies[side])

    before.balances[side] -= assets
    before.supplies[side] -= amount
    sides._set(before)

    extcall ISideToken(custody.TOKENS[side]).burn(msg.sender, amount)
    custody._pay_out(msg.sender, kinds.ASSETS, assets)

    log IMarket.Redeemed(owner=msg.sender, side=side, tokens=amount, assets=assets)
    return assets


@internal
@view
def _due_epoch(now: grid.Grid) -> uint256:
    """
    @notice The epoch that must be closed next at the latest: that of a trigger's longest wait, or
            an earlier one that waits. An order can bring it forward, and never postpone it.
    """
    longest: uint256 = schedule._longest_wait(charter.TERMS.max_interval_s, charter.TERMS.interval_s)
    due: uint256 = now.last_epoch + longest
    return min(due, now.earliest_waiting) if now.waiting != 0 else due
