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
from .interfaces import IFeed
from .interfaces import ITerms
from .lib import checks
from .lib import naming
from .lib import terms as terms_lib

interface IMarketViews:
    def tokens() -> address[2]: view
    def progress() -> (uint256, uint256, uint256, bool): view


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

    first_price: uint256 = (staticcall IFeed(terms.feed).latest())[0]
    checks._check_price(first_price)

    market: address = create_from_blueprint(
        MARKET_BLUEPRINT,
        terms,
        10 ** (18 - decimals),
        TOKEN_BLUEPRINT,
        naming._symbol(terms.leverage_wad, "L-", name),
        naming._symbol(terms.leverage_wad, "S-", name),
        msg.sender,
        seed_assets,
        first_price,
    )
    self.markets.append(market)

    self._fund(market, terms.collateral, 2 * seed_assets)
    self._announce(name, market, terms, seed_assets, first_price)
    return market


@external
@view
def market_count() -> uint256:
    """
    @notice How many markets were deployed here; `markets(i)` tells the address of each.
    """
    return len(self.markets)


@internal
def _fund(market: address, collateral_address: address, assets: uint256):
    """
    @notice Pay the seed in; it must arrive in full.
    """
    collateral: IERC20 = IERC20(collateral_address)
    held: uint256 = staticcall collateral.balanceOf(market)
    paid: bool = extcall collateral.transferFrom(msg.sender, market, assets, default_return_value=True)
    assert paid, "collateral: refused"
    assert staticcall collateral.balanceOf(market) == held + assets, "collateral: not as sent"


@internal
def _announce(
    name: String[32], market: address, terms: ITerms.Terms, seed_assets: uint256, first_price: uint256
):
    tokens: address[2] = staticcall IMarketViews(market).tokens()
    log IFactory.MarketDeployed(
        market=market,
        deployer=msg.sender,
        collateral=terms.collateral,
        name=name,
        long_token=tokens[0],
        short_token=tokens[1],
        first_price=first_price,
        seed_assets=seed_assets,
        last_epoch=(staticcall IMarketViews(market).progress())[0],
        terms=terms,
    )
