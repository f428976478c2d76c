# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Demo coin
@notice Play money for the embedded chain and test networks: anyone may mint any amount of it.
@custom:kill It cannot be stopped, and is worth nothing.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed

from ..modules import erc20

implements: IERC20
implements: IERC20Detailed

initializes: erc20

exports: (
    erc20.name,
    erc20.symbol,
    erc20.decimals,
    erc20.balanceOf,
    erc20.allowance,
    erc20.transfer,
    erc20.transferFrom,
    erc20.approve,
)


totalSupply: public(uint256)


@deploy
def __init__(name: String[60], symbol: String[44], decimals: uint8):
    erc20.__init__(name, symbol, decimals)


@external
def mint(receiver: address, amount: uint256):
    """
    @notice Mint to anybody.
    """
    self.totalSupply += amount
    erc20._mint(receiver, amount)
