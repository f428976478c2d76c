# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Purse, for tests only
@notice An account with code: takes native coin, refuses it, or calls back when it gets some.
"""

REFUSES: constant(uint256) = 1
CALLS_BACK: constant(uint256) = 2

manner: public(uint256)
callee: address
calldata: Bytes[256]
got_in: public(bool)


@external
def misbehave(manner: uint256, callee: address, calldata: Bytes[256]):
    self.manner = manner
    self.callee = callee
    self.calldata = calldata


@external
@payable
def __default__():
    assert self.manner != REFUSES, "purse: closed"
    if self.manner == CALLS_BACK:
        self.got_in = self.got_in or raw_call(self.callee, self.calldata, revert_on_failure=False)
