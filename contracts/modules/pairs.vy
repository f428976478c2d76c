# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Pairs
@notice Equal fractions of both sides, minted and redeemed at once at book value: what one side
        pays the other, its holder pays itself, so there is nothing to front-run (R11).
"""

from ..interfaces import IMarket
from ..interfaces import ISideToken
from ..lib import checks
from ..lib import kinds
from ..lib import pool
from ..lib import rates
from . import custody
from . import grid
from . import sides

uses: custody
uses: grid
uses: sides

@deploy
def __init__():
    pass


@external
@nonreentrant
def mint_pair(assets: uint256) -> (uint256, uint256):
    """
    @notice Pay `assets` into both sides in proportion; receive the same fraction of both
            supplies at once, rounded down (R11).
    @return L- and S-tokens received.
    """
    grid._live()
    before: pool.Pool = sides._pool()
    total: uint256 = before.balances[0] + before.balances[1]
    checks._check_amount(assets, pool.LIMIT - 1 - total)
    long_tokens: uint256 = rates._pair_part(before.supplies[0], assets, total)
    short_tokens: uint256 = rates._pair_part(before.supplies[1], assets, total)
    assert long_tokens != 0 and short_tokens != 0, "pair: too small"
    assert (
        long_tokens < pool.LIMIT - before.supplies[0] and short_tokens < pool.LIMIT - before.supplies[1]
    ), "pair: too large"
    long_assets: uint256 = rates._pair_cost(before.balances[0], assets, total)

    before.balances = [before.balances[0] + long_assets, before.balances[1] + assets - long_assets]
    before.supplies = [before.supplies[0] + long_tokens, before.supplies[1] + short_tokens]
    sides._set(before)

    custody._collect(msg.sender, kinds.ASSETS, assets)
    extcall ISideToken(custody.TOKENS[0]).mint(msg.sender, long_tokens)
    extcall ISideToken(custody.TOKENS[1]).mint(msg.sender, short_tokens)

    log IMarket.PairMinted(
        owner=msg.sender,
        long_assets=long_assets,
        short_assets=assets - long_assets,
        long_tokens=long_tokens,
        short_tokens=short_tokens,
    )
    return long_tokens, short_tokens


@external
@nonreentrant
def redeem_pair(long_tokens: uint256) -> uint256:
    """
    @notice Give `long_tokens` and the same fraction of the other supply, rounded up; receive
            their worth at once, rounded down (R11).
    @return Collateral received.
    """
    grid._live()
    before: pool.Pool = sides._pool()
    checks._check_amount(long_tokens, before.supplies[0])
    short_tokens: uint256 = rates._counterpart(long_tokens, before.supplies[0], before.supplies[1])
    long_assets: uint256 = rates._assets_for_tokens(long_tokens, before.balances[0], before.supplies[0])
    short_assets: uint256 = rates._assets_for_tokens(short_tokens, before.balances[1], before.supplies[1])

    before.balances = [before.balances[0] - long_assets, before.balances[1] - short_assets]
    before.supplies = [before.supplies[0] - long_tokens, before.supplies[1] - short_tokens]
    sides._set(before)

    extcall ISideToken(custody.TOKENS[0]).burn(msg.sender, long_tokens)
    extcall ISideToken(custody.TOKENS[1]).burn(msg.sender, short_tokens)
    custody._pay_out(msg.sender, kinds.ASSETS, long_assets + short_assets)

    log IMarket.PairRedeemed(
        owner=msg.sender,
        long_assets=long_assets,
        short_assets=short_assets,
        long_tokens=long_tokens,
        short_tokens=short_tokens,
    )
    return long_assets + short_assets
