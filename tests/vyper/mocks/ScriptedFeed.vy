# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Scripted feed, for tests only
@notice Answers a set price, or as asked: refuses, burns all the gas it gets, garbles. A price as of
        a moment contains the moment, so that a market which asks for another one is found out, and
        needs the hint that was set. Twin: `tests.stateful.surroundings.Feed`.
"""

SILENT: constant(uint256) = 1
BURNS_GAS: constant(uint256) = 2
GARBLED: constant(uint256) = 3

price: public(uint256)
drift: public(uint256)
hint: public(uint256)
history_manner: public(uint256)
latest_manner: public(uint256)


@deploy
def __init__(price: uint256, drift: uint256):
    self.price = price
    self.drift = drift


@external
def set_price(price: uint256):
    self.price = price


@external
def set_hint(hint: uint256):
    self.hint = hint


@external
def misbehave(history_manner: uint256, latest_manner: uint256):
    self.history_manner = history_manner
    self.latest_manner = latest_manner


@external
@view
@raw_return
def latest() -> Bytes[64]:
    return self._answer(self.latest_manner, self.price, block.timestamp)


@external
@view
@raw_return
def as_of(time: uint256, hint: uint256) -> Bytes[64]:
    assert hint == self.hint, "feed: wrong hint"
    drifted: uint256 = self.price
    if self.price > self.drift and self.price < 2**119:
        drifted += time % (self.drift + 1)
    return self._answer(self.history_manner, drifted, time)


@internal
@view
def _answer(manner: uint256, price: uint256, time: uint256) -> Bytes[64]:
    if manner == BURNS_GAS:
        raise UNREACHABLE
    assert manner != SILENT, "feed: silent"
    if manner == GARBLED:
        return b"?"
    return abi_encode(price, time)
