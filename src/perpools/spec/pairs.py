"""
Pairs (R11): equal fractions of both sides, minted and redeemed at once at book value.

What one side pays the other, its holder pays himself: there is nothing to front-run, so nothing
to wait for.
"""

from . import errors, rates, tokens
from .checks import check_amount
from .events import PairMinted, PairRedeemed
from .kinds import LONG, SHORT
from .pool import LIMIT, Pool
from .state import Call, Market, Step, replace
from .units import Assets, Tokens


def mint(market: Market, call: Call, assets: Assets) -> Step:
    """
    Pay `assets` into both sides in proportion; receive the same fraction of both supplies,
    rounded down.
    """
    if market.wound_down:
        raise errors.MarketIsWoundDown
    balances, supplies = market.pool
    total = sum(balances)
    check_amount(assets, LIMIT - 1 - total)
    long_tokens = rates.pair_part(supplies[LONG], assets, total)
    short_tokens = rates.pair_part(supplies[SHORT], assets, total)
    if 0 in (long_tokens, short_tokens):
        raise errors.PairIsTooSmall
    if long_tokens >= LIMIT - supplies[LONG] or short_tokens >= LIMIT - supplies[SHORT]:
        raise errors.PairIsTooLarge
    if call.received not in (None, assets):
        raise errors.CollateralIsNotAsSent

    long_assets = rates.pair_cost(balances[LONG], assets, total)
    event = PairMinted(call.sender, long_assets, assets - long_assets, long_tokens, short_tokens)
    return Step(_shift(market, event, 1), (event,))


def redeem(market: Market, call: Call, long_tokens: Tokens) -> Step:
    """
    Give `long_tokens` and the same fraction of the other supply, rounded up; receive their
    worth, rounded down.
    """
    if market.wound_down:
        raise errors.MarketIsWoundDown
    balances, supplies = market.pool
    check_amount(long_tokens, supplies[LONG])

    short_tokens = rates.counterpart(long_tokens, supplies[LONG], supplies[SHORT])
    event = PairRedeemed(
        call.sender,
        rates.assets_for_tokens(long_tokens, balances[LONG], supplies[LONG]),
        rates.assets_for_tokens(short_tokens, balances[SHORT], supplies[SHORT]),
        long_tokens,
        short_tokens,
    )
    return Step(_shift(market, event, -1), (event,))


def _shift(market: Market, pair: PairMinted | PairRedeemed, sign: int) -> Market:
    """Add a pair to the pool, or take it out."""
    assets, minted = (pair.long_assets, pair.short_assets), (pair.long_tokens, pair.short_tokens)
    for side in (LONG, SHORT):
        change = tokens.credit if sign > 0 else tokens.debit
        market = tokens.with_holdings(
            market, side, change(market.holdings[side], pair.owner, minted[side])
        )
    balances, supplies = market.pool
    after = Pool(
        (balances[0] + sign * assets[0], balances[1] + sign * assets[1]),
        (supplies[0] + sign * minted[0], supplies[1] + sign * minted[1]),
    )
    return replace(market, pool=after, held=market.held + sign * sum(assets))
