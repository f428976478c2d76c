# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Hostile market, for tests only
@notice Where a market would rebalance, it refuses, burns all gas, answers with very much, lies, or calls
        back. Asked anything else it does the same.
"""

REFUSES: constant(uint256) = 0
BURNS_GAS: constant(uint256) = 1
BOMBS: constant(uint256) = 2
LIES: constant(uint256) = 3
CALLS_BACK: constant(uint256) = 4
STOPS_WITHOUT_REASON: constant(uint256) = 5
SAYS_TOO_LITTLE: constant(uint256) = 6
REFUSES_WITH_MUCH: constant(uint256) = 7

# Words of an answer that would cost whoever copied it more than an event.
MUCH: constant(uint256) = 65_536

manner: uint256
target: address
calldata: Bytes[512]
got_in: public(bool)


@external
def misbehave(manner: uint256):
    self.manner = manner


@external
def call_back(target: address, calldata: Bytes[512]):
    self.target = target
    self.calldata = calldata


@external
@raw_return
def __default__() -> Bytes[MUCH]:
    if self.manner == BURNS_GAS:
        raise UNREACHABLE
    assert self.manner != REFUSES, "hostile: no"
    if self.manner == STOPS_WITHOUT_REASON:
        raw_revert(b"")
    if self.manner == SAYS_TOO_LITTLE:
        return b"yes"
    if self.manner == CALLS_BACK:
        self.got_in = raw_call(self.target, self.calldata, revert_on_failure=False)
    if self.manner == BOMBS:
        return abi_encode(empty(uint256[MUCH // 32]))
    if self.manner == REFUSES_WITH_MUCH:
        raw_revert(abi_encode(empty(uint256[MUCH // 32])))
    lie: uint256 = 7
    return abi_encode(lie)
