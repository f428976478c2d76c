# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Side token
@notice An L- or S-token: a share of one side of one market. ERC-20 with permits; only the market
        that deployed it mints, burns, and takes tokens that their owner orders with.
@custom:kill It cannot be stopped: no administrator, no pause, no upgrade.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed

from .interfaces import IERC20Permit
from .interfaces import ISideToken
from .modules import erc20

implements: IERC20
implements: IERC20Detailed
implements: IERC20Permit
implements: ISideToken

initializes: erc20

exports: (
    # ERC-20
    erc20.name,
    erc20.symbol,
    erc20.decimals,
    erc20.balanceOf,
    erc20.allowance,
    erc20.transfer,
    erc20.transferFrom,
    erc20.approve,
    # EIP-2612 and ERC-5267
    erc20.permit,
    erc20.nonces,
    erc20.DOMAIN_SEPARATOR,
    erc20.eip712Domain,
)

interface IMarketSupplies:
    def balances_and_supplies() -> (uint256[2], uint256[2]): view


MARKET: public(immutable(address))
SIDE: public(immutable(uint256))


@deploy
def __init__(side: uint256, symbol: String[44], deployer: address, seed_tokens: uint256, locked: uint256):
    """
    @notice A token of the market that deploys it. This contract itself holds the locked tokens,
            for ever: it has no way to send them.
    """
    MARKET = msg.sender
    SIDE = side
    erc20.__init__(concat("Perpetual Pools ", symbol), symbol, 18)
    erc20._mint(deployer, seed_tokens - locked)
    erc20._mint(self, locked)


@external
@view
def totalSupply() -> uint256:
    """
    @notice All tokens there are, by the market's books: the only place that counts them.
    """
    return (staticcall IMarketSupplies(MARKET).balances_and_supplies())[1][SIDE]


@external
def take(owner: address, tokens: uint256):
    """
    @notice Move tokens of an owner into the market's care; needs no approval.
    """
    self._only_market()

    erc20._move(owner, MARKET, tokens)


@external
def settle(minted: uint256, burned: uint256):
    """
    @notice Mint into, and burn out of, the market's care.
    """
    self._only_market()

    erc20._settle(MARKET, minted, burned)


@external
def mint(receiver: address, tokens: uint256):
    """
    @notice Mint to a holder.
    """
    self._only_market()

    erc20._mint(receiver, tokens)


@external
def burn(holder: address, tokens: uint256):
    """
    @notice Burn a holder's tokens.
    """
    self._only_market()

    erc20._burn(holder, tokens)


@internal
@view
def _only_market():
    assert msg.sender == MARKET, "token: not the market"
