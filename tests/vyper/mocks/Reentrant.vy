# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Re-entrant account, for tests only
@notice Whatever it is sent or called with, it makes one call of its own and remembers whether that got through.
"""

target: address
calldata: Bytes[4096]
tried: public(bool)
got_in: public(bool)


@deploy
@payable
def __init__(target: address, calldata: Bytes[4096]):
    self.target = target
    self.calldata = calldata


@external
@payable
def __default__():
    self.tried = True
    if raw_call(self.target, self.calldata, revert_on_failure=False):
        self.got_in = True
