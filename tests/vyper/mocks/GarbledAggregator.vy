# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Garbled aggregator, for tests only
@notice One round, number 1, at 1 dollar, now; answered with as many bytes as asked for instead of 160.
"""

decimals: public(constant(uint8)) = 8

latest_length: public(uint256)
round_length: public(uint256)


@deploy
def __init__():
    self.latest_length = 160
    self.round_length = 160


@external
def set_lengths(latest_length: uint256, round_length: uint256):
    self.latest_length = latest_length
    self.round_length = round_length


@external
@view
@raw_return
def latestRoundData() -> Bytes[192]:
    return slice(self._data(), 0, self.latest_length)


@external
@view
@raw_return
def getRoundData(round_id: uint80) -> Bytes[192]:
    return slice(self._data(), 0, self.round_length)


@internal
@view
def _data() -> Bytes[192]:
    one: uint256 = 1
    answer: uint256 = 10**8
    return abi_encode(one, answer, block.timestamp, block.timestamp, one, one)
