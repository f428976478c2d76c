# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Preview
@notice What the next event of any market would be, by asking its views: for contracts that look at
        markets from outside. Owns nothing.
"""

from ..interfaces import IMarketViews
from ..interfaces import ITerms
from ..interfaces import ITrigger
from ..lib import fixed_point as fp
from ..lib import schedule

# The longest average there is.
MAX_SAMPLES: constant(uint256) = 24


struct Next:
    epoch: uint256
    with_orders: bool
    # whether its grid point has passed
    passed: bool
    # grid intervals since the event before
    intervals: uint256


struct Move:
    old_price: uint256
    new_price: uint256
    spot: uint256


@internal
@view
def _next(market: IMarketViews, terms: ITerms.Terms) -> Next:
    """
    @notice The epoch that the next event closes: the one that is due, else that of the next grid point.
            Refused where the market is wound down.
    """
    progress: IMarketViews.Progress = staticcall market.progress()
    assert not progress.wound_down, "market: wound down"
    next: Next = empty(Next)
    next.epoch, next.with_orders = schedule._next_to_close(
        schedule._latest_passed(block.timestamp, terms.interval_s), progress.earliest_waiting, progress.waiting
    )
    next.passed = next.epoch > progress.last_epoch
    if not next.passed:
        next.epoch, next.with_orders = schedule._next_to_close(
            progress.last_epoch + 1, progress.earliest_waiting, progress.waiting
        )
    next.intervals = next.epoch - progress.last_epoch
    return next


@internal
@view
def _samples(market: IMarketViews) -> DynArray[uint256, MAX_SAMPLES]:
    """
    @notice The market's samples of the price, oldest first.
    """
    told: DynArray[uint256, MAX_SAMPLES] = []
    for index: uint256 in range(MAX_SAMPLES):
        sample: uint256 = 0
        count: uint256 = 0
        sample, count = staticcall market.sample(index)
        if index == count:
            break
        told.append(sample)
    return told


@internal
@view
def _move(market: IMarketViews, sma_periods: uint256, spot: uint256) -> Move:
    """
    @notice The average before and after an event at `spot`; both rounded down.
    """
    samples: DynArray[uint256, MAX_SAMPLES] = self._samples(market)
    count: uint256 = len(samples)
    sum: uint256 = 0
    for sample: uint256 in samples:
        sum += sample
    move: Move = Move(old_price=fp._mul_div_down(sum, 1, count), new_price=0, spot=spot)
    sum += spot
    if count == sma_periods:
        sum -= samples[0]
    else:
        count += 1
    move.new_price = fp._mul_div_down(sum, 1, count)
    return move


@internal
@view
def _is_due(terms: ITerms.Terms, next: Next, move: Move) -> bool:
    """
    @notice Whether the event would be accepted now, at this price.
    """
    if not next.passed:
        return False
    if next.with_orders or terms.trigger == empty(address):
        return True
    if next.intervals * terms.interval_s >= terms.max_interval_s:
        return True
    return staticcall ITrigger(terms.trigger).due(move.old_price, move.new_price, move.spot)


@internal
@view
def _spot(feed: address, time: uint256, hint: uint256) -> uint256:
    """
    @notice The price as of `time`, 0 where the feed proves none.
    """
    answered: bool = False
    answer: Bytes[64] = b""
    answered, answer = raw_call(
        feed,
        abi_encode(time, hint, method_id=method_id("as_of(uint256,uint256)")),
        max_outsize=64,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not answered or len(answer) != 64:
        return 0
    return convert(slice(answer, 0, 32), uint256)
