# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Feed reader
@notice Asks feeds that must not be able to stop who asks.
"""



# What such a feed may use: several times what any adapter needs.
FEED_GAS: constant(uint256) = 300_000


@internal
@view
def _latest(feed: address) -> uint256:
    """
    @notice A feed's latest price, or 0 where it gives none, whatever it does instead.
    """
    if feed == empty(address):
        return 0
    answered: bool = False
    answer: Bytes[64] = b""
    answered, answer = raw_call(
        feed,
        method_id("latest()"),
        max_outsize=64,
        gas=FEED_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not answered or len(answer) != 64:
        return 0
    return convert(slice(answer, 0, 32), uint256)
