# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A contract that announces markets which are not its own
"""

from contracts.interfaces import IFactory
from contracts.interfaces import ITerms


@external
def announce(
    market: address,
    deployer: address,
    long_token: address,
    short_token: address,
    last_epoch: uint256,
    terms: ITerms.Terms,
):
    """
    @notice Say what a factory would say, of a market of somebody else's.
    """
    log IFactory.MarketDeployed(
        market=market,
        deployer=deployer,
        collateral=terms.collateral,
        name="ETH/USD",
        long_token=long_token,
        short_token=short_token,
        first_price=1,
        seed_assets=10**9,
        last_epoch=last_epoch,
        terms=terms,
    )
