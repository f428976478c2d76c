# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Aggregator, for tests only
@notice A Chainlink-like aggregator or proxy whose rounds are written at will, and which can misbehave in
        every way one call can, but for garbled data (GarbledAggregator). Also an uptime feed:
        `set_status` writes status and since when.
"""

REVERT: constant(uint256) = 1
BURN_ALL_GAS: constant(uint256) = 2
ANSWER_ANOTHER_ROUND: constant(uint256) = 3
ANSWER_ZEROS: constant(uint256) = 4

# The id under which `misbehave` means the call for the latest round.
LATEST: constant(uint256) = max_value(uint256)


struct Round:
    answer: int256
    started_at: uint256
    updated_at: uint256


decimals: public(uint8)
latest_id: public(uint256)
manner: public(HashMap[uint256, uint256])
zeros_for_missing: public(bool)
rounds: HashMap[uint256, Round]
written: HashMap[uint256, bool]


@deploy
def __init__(decimals: uint8):
    self.decimals = decimals


@external
def push(answer: int256) -> uint256:
    """
    @notice The next round of the current phase, updated now.
    """
    id: uint256 = self.latest_id + 1
    self._write(id, answer, block.timestamp, block.timestamp)
    return id


@external
def set_round(id: uint256, answer: int256, updated_at: uint256):
    self._write(id, answer, updated_at, updated_at)


@external
def set_rounds(ids: DynArray[uint256, 256], answers: DynArray[int256, 256], updated_at: DynArray[uint256, 256]):
    for i: uint256 in range(len(ids), bound=256):
        self._write(ids[i], answers[i], updated_at[i], updated_at[i])


@external
def set_status(id: uint256, answer: int256, started_at: uint256, updated_at: uint256):
    self._write(id, answer, started_at, updated_at)


@external
def set_latest(id: uint256):
    self.latest_id = id


@external
def forget(id: uint256):
    self.written[id] = False


@external
def misbehave(id: uint256, manner: uint256):
    self.manner[id] = manner


@external
def answer_zeros_for_missing():
    self.zeros_for_missing = True


@external
@view
def latestRoundData() -> (uint256, int256, uint256, uint256, uint256):
    return self._answer(self.latest_id, self.manner[LATEST])


@external
@view
def getRoundData(round_id: uint80) -> (uint256, int256, uint256, uint256, uint256):
    id: uint256 = convert(round_id, uint256)
    return self._answer(id, self.manner[id])


@internal
def _write(id: uint256, answer: int256, started_at: uint256, updated_at: uint256):
    self.rounds[id] = Round(answer=answer, started_at=started_at, updated_at=updated_at)
    self.written[id] = True
    self.latest_id = max(self.latest_id, id)


@internal
@view
def _answer(id: uint256, manner: uint256) -> (uint256, int256, uint256, uint256, uint256):
    if manner == BURN_ALL_GAS:
        raise UNREACHABLE
    assert manner != REVERT, "aggregator: asked to revert"
    assert self.written[id] or self.zeros_for_missing, "aggregator: no data"
    told: Round = self.rounds[id] if self.written[id] and manner != ANSWER_ZEROS else empty(Round)
    named: uint256 = id + 1 if manner == ANSWER_ANOTHER_ROUND else id
    return named, told.answer, told.started_at, told.updated_at, named
