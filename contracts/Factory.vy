# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Factory
@notice Anyone deploys markets here; its events are the registry of all of them (R1).
@custom:kill It cannot be stopped. It holds nothing and has no power over a market it deployed.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed

from .interfaces import IFactory
from .interfaces import ITerms
from .lib import naming
from .lib import terms as terms_lib

interface IMarketViews:
    def tokens() -> address[2]: view
    def average() -> (uint256, uint256): view


MARKET_BLUEPRINT: public(immutable(address))
TOKEN_BLUEPRINT: public(immutable(address))

markets: public(DynArray[address, 2**32])


@deploy
def __init__(market_blueprint: address, token_blueprint: address):
    """
    @notice A factory of one version of the protocol: ERC-5202 blueprints of `Market` and `SideToken`.
    """
    MARKET_BLUEPRINT = market_blueprint
    TOKEN_BLUEPRINT = token_blueprint


@external
def deploy(name: String[32], terms: ITerms.Terms, seed_assets: uint256) -> address:
    """
    @notice Deploy a market and pay its seed: `seed_assets` of collateral to each side, which the
            caller has approved to this factory. The caller gets L- and S-tokens 1:1 (one whole
            unit of collateral, one whole token), less those locked for ever.
    @param name Of what the price is, such as `ETH/USD`.
    @param terms Fixed for ever.
    """
    decimals: uint256 = convert(staticcall IERC20Detailed(terms.collateral).decimals(), uint256)
    terms_lib._check(terms, decimals, seed_assets)

    market: address = create_from_blueprint(
        MARKET_BLUEPRINT,
        terms,
        TOKEN_BLUEPRINT,
        naming._symbol(terms.leverage_wad, "L-", name),
        naming._symbol(terms.leverage_wad, "S-", name),
        msg.sender,
        seed_assets,
    )
    self.markets.append(market)

    collateral: IERC20 = IERC20(terms.collateral)
    held: uint256 = staticcall collateral.balanceOf(market)
    paid: bool = extcall collateral.transferFrom(
        msg.sender, market, 2 * seed_assets, default_return_value=True
    )
    assert paid, "collateral: refused"
    assert (
        staticcall collateral.balanceOf(market) == held + 2 * seed_assets
    ), "collateral: not as sent"

    self._announce(name, market, terms, seed_assets)
    return market


@external
@view
def market_count() -> uint256:
    """
    @notice How many markets were deployed here; `markets(i)` tells the address of each.
    """
    return len(self.markets)


@internal
def _announce(name: String[32], market: address, terms: ITerms.Terms, seed_assets: uint256):
    tokens: address[2] = staticcall IMarketViews(market).tokens()
    log IFactory.MarketDeployed(
        market=market,
        deployer=msg.sender,
        collateral=terms.collateral,
        name=name,
        long_token=tokens[0],
        short_token=tokens[1],
        first_price=(staticcall IMarketViews(market).average())[0],
        seed_assets=seed_assets,
        last_epoch=block.timestamp // terms.interval_s,
        terms=terms,
    )
