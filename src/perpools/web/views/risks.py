"""What somebody should know before an order, in plain words."""

from perpools.spec.forecast import Quote
from perpools.spec.kinds import LONG_BURN, LONG_FLIP
from perpools.spec.state import Market
from perpools.spec.terms import Terms
from perpools.values import Moment, Number, Share
from perpools.web.sight import Sight

LARGE_MOVE_WAD = 2 * 10**16
"""An order that costs more than 2% of its worth is worth a warning."""
LARGE_SKEW_WAD = 5 * 10**17


def of_order(sight: Sight, kind: int, quote: Quote) -> tuple[str, ...]:
    """Of any order of a kind."""
    when = Moment(quote.executes_at).text
    said = [
        f"What you receive is decided by the price at {when}, which nobody knows yet.",
        f"You can cancel until {Moment(quote.cutoff_at).text}; after it the order is bound.",
    ]
    if kind < LONG_BURN or kind >= LONG_FLIP:
        said += of_holding(sight.market.terms)
    return tuple(said)


def of_holding(terms: Terms) -> list[str]:
    """Of holding tokens of a side."""
    leverage = Number(terms.leverage_wad, "x").text
    return [
        f"A move of 1% against your side costs it about {leverage[:-1]}%; gains depend on how much "
        "the other side holds, and are smaller where your side is the larger.",
        "Held for long, a token falls behind the leverage times the price's move: each way and "
        "back costs a little.",
        "A side can lose nearly everything. Nobody is liquidated, and nobody owes more than paid.",
    ]


def of_pair(action: str) -> tuple[str, ...]:
    """Of a pair."""
    if action == "mint":
        return (
            "A pair is worth the same whatever the price does: what one token loses the other "
            "gains. Only selling one of the two takes a position.",
        )
    return ("Both tokens are given up at their present book value, at once.",)


def warnings(sight: Sight, quote: Quote, after: Market) -> tuple[str, ...]:
    """What is unusual about an order, or this moment."""
    said = []
    if quote.refunded:
        said.append("The order is too small: it would be refunded when its epoch is closed.")
    if sight.feed is None:
        said.append(
            "The price feed gives no valid price now: reckoned at the last executed price."
            if sight.asked
            else "The price could not be asked for: reckoned at the last executed price."
        )
    if quote.slippage_wad > LARGE_MOVE_WAD:
        share = Share(quote.slippage_wad).text
        said.append(f"It receives {share} less than at the present rates.")
    long, short = after.pool.balances
    if long and short and min(long, short) * 10**18 < LARGE_SKEW_WAD * max(long, short):
        larger = "long" if long > short else "short"
        said.append(f"The {larger} side will hold more than twice the other: it gains less.")
    if sight.overdue_s:
        said.append("An event is overdue: orders wait until somebody closes it.")
    return tuple(said)
