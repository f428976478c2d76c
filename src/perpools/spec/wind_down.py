"""Wind-down (R13): no funds can be locked by a dead feed, a dead team or a dead front end."""

from . import checks, errors, rates, schedule, tokens
from .events import Redeemed, WoundDown
from .kinds import SIDES
from .pool import Pool
from .state import Call, Market, Step, replace
from .units import Tokens

ABANDONED = 3
"""
After so many times the wait no feed is asked any more: history that nobody can prove must not
lock funds.
"""


def wind_down(market: Market, call: Call, *, feed_alive: bool) -> Step:
    """
    Stop the market for good. Anyone may, once an event has been due for `wind_down_after_s`
    and the feed gives no valid price, or for three times as long whatever the feed says.

    Rates freeze at the last event; orders that wait become refundable; tokens redeem at once.
    """
    if market.wound_down:
        raise errors.MarketIsWoundDown
    overdue_s = call.now - schedule.grid_point(market.due_epoch, market.terms.interval_s)
    if overdue_s < market.terms.wind_down_after_s:
        raise errors.WindDownIsNotOverdue
    if feed_alive and overdue_s < ABANDONED * market.terms.wind_down_after_s:
        raise errors.FeedIsAlive
    return Step(replace(market, wound_down=True), (WoundDown(market.last_epoch),))


def redeem(market: Market, call: Call, side: int, amount: Tokens) -> Step:
    """
    Give tokens of a side of a wound-down market; receive their share of it at once, rounded
    down.
    """
    if not market.wound_down:
        raise errors.MarketIsNotWoundDown
    if side not in SIDES:
        raise errors.UnknownSide
    balances, supplies = list(market.pool.balances), list(market.pool.supplies)
    checks.check_amount(amount, supplies[side])

    assets = rates.assets_for_tokens(amount, balances[side], supplies[side])
    holdings = tokens.debit(market.holdings[side], call.sender, amount)
    balances[side] -= assets
    supplies[side] -= amount
    after = Pool((balances[0], balances[1]), (supplies[0], supplies[1]))
    market = replace(
        tokens.with_holdings(market, side, holdings), pool=after, held=market.held - assets
    )
    return Step(market, (Redeemed(call.sender, side, amount, assets),))
