# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Scripted part of a median, for tests only
@notice Answers each of a feed's two questions with any bytes at all, or refuses with them, burns all the
        gas it gets, or answers only where it gets much; as of a moment it may do another thing when it
        is asked with another hint.
"""

ANSWERS: constant(uint256) = 0
REFUSES: constant(uint256) = 1
BURNS_GAS: constant(uint256) = 2
NEEDS_GAS: constant(uint256) = 3


struct Script:
    manner: uint256
    words: Bytes[128]


now: Script
past: Script
misled: Script
hint: uint256


@external
def says_now(manner: uint256, words: Bytes[128]):
    self.now = Script(manner=manner, words=words)


@external
def says_then(manner: uint256, words: Bytes[128]):
    """
    @notice As of any moment, whatever the hint.
    """
    self.past = Script(manner=manner, words=words)
    self.misled = self.past


@external
def is_misled(hint: uint256, manner: uint256, words: Bytes[128]):
    """
    @notice As of any moment, with any other hint than this.
    """
    self.hint = hint
    self.misled = Script(manner=manner, words=words)


@external
@view
@raw_return
def latest() -> Bytes[128]:
    return self._act(self.now)


@external
@view
@raw_return
def as_of(time: uint256, hint: uint256) -> Bytes[128]:
    return self._act(self.past if hint == self.hint else self.misled)


@internal
@view
def _act(script: Script) -> Bytes[128]:
    if script.manner == BURNS_GAS:
        raise UNREACHABLE
    if script.manner == NEEDS_GAS:
        # no burning: whoever asks has all of it left
        assert msg.gas >= 75_000, "part: too little gas"
    if script.manner == REFUSES:
        raw_revert(script.words)
    return script.words
