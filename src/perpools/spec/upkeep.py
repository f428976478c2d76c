"""Many markets rebalanced in one call (R18): what one does is nothing to the others."""

from collections.abc import Sequence

from . import errors
from .prices import Feed
from .rebalancing import Gas, rebalance
from .state import Call, Market, Step


def due(market: Market, call: Call, feed: Feed) -> bool:
    """
    Whether an event would be accepted now: its grid point has passed, its feed proves the price,
    and its trigger agrees.
    """
    try:
        rebalance(market, call, feed, Gas())
    except errors.Rejected:
        return False
    return True


def rebalance_many(
    markets: Sequence[Market], call: Call, feeds: Sequence[Feed], gas: Sequence[Gas]
) -> list[Step | errors.Rejected]:
    """
    Each market's event, or why it refused; refused as a whole where none succeeded.

    The call's sender is the keeper of all of them: nobody else is paid.
    """
    if len(markets) != len(feeds):
        raise errors.HintsAreNotAsMany
    told = [_attempt(*one) for one in zip(markets, [call] * len(markets), feeds, gas, strict=True)]
    if not any(isinstance(step, Step) for step in told):
        raise errors.NothingDone
    return told


def _attempt(market: Market, call: Call, feed: Feed, gas: Gas) -> Step | errors.Rejected:
    try:
        return rebalance(market, call, feed, gas)
    except errors.Rejected as refusal:
        return refusal
