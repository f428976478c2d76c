"""How a market begins (R1): seeded on both sides, checked once, immutable from then on."""

from .checks import check_price
from .pool import LOCKED, Pool
from .state import VAULT, Call, Market
from .terms import Terms, check
from .units import Assets, Wad


def deploy(call: Call, terms: Terms, first_price: Wad, seed_assets: Assets) -> Market:
    """
    A market whose sides hold `seed_assets` each, paid by the deployer, who gets the tokens
    1:1 less the locked ones.

    The first price is the feed's latest: the first event compares with it. The grid point
    before now counts as closed.
    """
    check(terms, seed_assets)
    check_price(first_price)
    tokens = seed_assets * terms.asset_scale
    seeded = {call.sender: tokens - LOCKED, VAULT: LOCKED}
    return Market(
        terms=terms,
        pool=Pool((seed_assets, seed_assets), (tokens, tokens)),
        mint_fee_wad=terms.mint_fee_wad,
        last_epoch=call.now // terms.interval_s,
        held=2 * seed_assets,
        samples=(first_price,),
        holdings=(seeded, seeded),
        recipients=(terms.primary, terms.secondary),
    )
