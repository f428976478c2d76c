# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Plain aggregator, for tests only
@notice A Chainlink-like aggregator that behaves, with storage as dense as the real ones keep it: the
        latest round's id in one word, each round in another.
"""

ANSWER_BITS: constant(uint256) = 192

decimals: public(uint8)
latest_id: uint256
rounds: HashMap[uint256, uint256]


@deploy
def __init__(decimals: uint8):
    self.decimals = decimals


@external
def push(answer: uint256):
    """
    @notice The next round, updated now.
    """
    id: uint256 = self.latest_id + 1
    self.latest_id = id
    self.rounds[id] = answer | (block.timestamp << ANSWER_BITS)


@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    return self._round(self.latest_id)


@external
@view
def getRoundData(id: uint80) -> (uint80, int256, uint256, uint256, uint80):
    assert id != 0 and convert(id, uint256) <= self.latest_id, "No data present"
    return self._round(convert(id, uint256))


@internal
@view
def _round(id: uint256) -> (uint80, int256, uint256, uint256, uint80):
    word: uint256 = self.rounds[id]
    answer: int256 = convert(word & (2**ANSWER_BITS - 1), int256)
    updated_at: uint256 = word >> ANSWER_BITS
    round_id: uint80 = convert(id, uint80)
    return round_id, answer, updated_at, updated_at, round_id
