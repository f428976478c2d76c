# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Naming
@notice Symbols of L- and S-tokens: leverage, side, market (R15).
@custom:model perpools.spec.naming
"""

# Leverage is a multiple of a hundredth (R1).
HUNDREDTH_WAD: constant(uint256) = 10**16


@internal
@pure
def _symbol(leverage_wad: uint256, side: String[2], name: String[32]) -> String[44]:
    """
    @notice Such as `3L-ETH/USD` or `1.25S-EUR/USD`.
    @param side `L-` or `S-`.
    """
    hundredths: uint256 = leverage_wad // HUNDREDTH_WAD
    whole: String[3] = uint2str(convert(hundredths // 100, uint8))
    tenths: String[3] = uint2str(convert(hundredths // 10 % 10, uint8))
    rest: String[3] = uint2str(convert(hundredths % 10, uint8))
    if hundredths % 100 == 0:
        return concat(whole, side, name)
    if hundredths % 10 == 0:
        return concat(whole, ".", tenths, side, name)
    return concat(whole, ".", tenths, rest, side, name)
