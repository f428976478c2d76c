# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Upkeep
@notice Many markets rebalanced in one call: what one of them does, or refuses to do, is nothing to the
        others (R18). The keeper's pay of every event goes into the caller's own escrow. Of the
        shape that keeper networks ask for, and of no network.
@dev    A market reimburses the gas of an event that has a transaction and cold feeds to itself. Of a batch
        each further market finds 21,000 gas of the transaction spent already, and 10,000 more where it
        shares its feed of ether with the one before; 7,000 are used here. So a batch earns its keeper
        about 24,000 gas per further market beyond what it costs. No market pays more than for an
        event alone, and anybody may batch. Name markets of factories you know: what is none may spend its
        gas on anything, such as the events of the markets after it, for somebody else's pay.
@custom:kill It cannot be stopped. It holds nothing, has no owner, and may be deployed any number of times.
"""

from .interfaces import IMarketViews
from .interfaces import ITerms
from .interfaces import IUpkeep
from .lib import fixed_point as fp
from .lib import schedule
from .modules import preview

# What a transaction of sixteen million gas has room for, each market with twice what an event takes.
MAX_MARKETS: constant(uint256) = 64
# What one market may use: four times what an event with two feeds of rounds takes. What needs more, such
# as a search through many unusable rounds, is asked of the market itself.
GAS_EACH: constant(uint256) = 500_000
# What happens here beside a market's own work.
GAS_RESERVED: constant(uint256) = 20_000
# What asking one market may use: several times what its views, its feed and its trigger need.
CHECK_GAS: constant(uint256) = 1_000_000
# Two lists of MAX_MARKETS words, each with its place and its length.
MAX_BYTES: constant(uint256) = 32 * (2 * MAX_MARKETS + 4)


@external
def performUpkeep(performData: Bytes[MAX_BYTES]):
    """
    @notice `rebalance_many` of the ABI-encoded markets and hints.
    """
    markets: DynArray[address, MAX_MARKETS] = []
    hints: DynArray[uint256, MAX_MARKETS] = []
    markets, hints = self._decoded(performData)
    self._rebalance(markets, hints, GAS_EACH)


@external
def rebalance_many(
    markets: DynArray[address, MAX_MARKETS],
    hints: DynArray[uint256, MAX_MARKETS],
    gas_each: uint256 = GAS_EACH,
) -> uint256:
    """
    @notice Rebalance each of these markets with its hint; what fails is told and passed over. Refused
            where nothing succeeded, and where a market could not be given `gas_each` in full.
    @param markets A market may be named again to close another epoch.
    @return How many events there were.
    """
    return self._rebalance(markets, hints, gas_each)


@external
@view
def checkUpkeep(checkData: Bytes[MAX_BYTES]) -> (bool, Bytes[MAX_BYTES]):
    """
    @notice Whether an event of any of the ABI-encoded markets, with their hints, is due; and those of
            which one is, encoded for `performUpkeep`.
    """
    markets: DynArray[address, MAX_MARKETS] = []
    hints: DynArray[uint256, MAX_MARKETS] = []
    markets, hints = self._decoded(checkData)
    due_markets: DynArray[address, MAX_MARKETS] = []
    due_hints: DynArray[uint256, MAX_MARKETS] = []
    for index: uint256 in range(len(markets), bound=MAX_MARKETS):
        if self._says_due(markets[index], hints[index]):
            due_markets.append(markets[index])
            due_hints.append(hints[index])
    return len(due_markets) != 0, abi_encode(due_markets, due_hints)


@external
@view
def due(market: address, hint: uint256 = 0) -> bool:
    """
    @notice Whether an event of this market would be accepted now: its grid point has passed, its feed
            proves the price by this hint, and its trigger agrees.
    """
    views: IMarketViews = IMarketViews(market)
    if (staticcall views.progress()).wound_down:
        return False
    terms: ITerms.Terms = staticcall views.terms()
    next: preview.Next = preview._next(views, terms)
    if not next.passed:
        return False
    spot: uint256 = preview._spot(terms.feed, schedule._grid_point(next.epoch, terms.interval_s), hint)
    if spot == 0 or spot >= fp.MAX_PRICE:
        return False
    return preview._is_due(terms, next, preview._move(views, terms.sma_periods, spot))


@internal
@pure
def _decoded(data: Bytes[MAX_BYTES]) -> (DynArray[address, MAX_MARKETS], DynArray[uint256, MAX_MARKETS]):
    markets: DynArray[address, MAX_MARKETS] = []
    hints: DynArray[uint256, MAX_MARKETS] = []
    markets, hints = abi_decode(data, (DynArray[address, MAX_MARKETS], DynArray[uint256, MAX_MARKETS]))
    self._check_hints(len(markets), len(hints))
    return markets, hints


@internal
@pure
def _check_hints(markets: uint256, hints: uint256):
    assert markets == hints, "upkeep: not a hint per market"


@internal
def _rebalance(
    markets: DynArray[address, MAX_MARKETS], hints: DynArray[uint256, MAX_MARKETS], gas_each: uint256
) -> uint256:
    self._check_hints(len(markets), len(hints))
    done: uint256 = 0
    for index: uint256 in range(len(markets), bound=MAX_MARKETS):
        if self._rebalance_one(markets[index], hints[index], gas_each):
            done += 1
    assert done != 0, "upkeep: nothing done"
    return done


@internal
def _rebalance_one(market: address, hint: uint256, gas_each: uint256) -> bool:
    # a call is granted at most 63/64 of what is left
    needed: uint256 = gas_each + fp._mul_div_up(gas_each, 1, 63) + GAS_RESERVED
    assert msg.gas >= needed, "upkeep: too little gas"
    answered: bool = False
    response: Bytes[100] = b""
    answered, response = raw_call(
        market,
        abi_encode(hint, msg.sender, method_id=method_id("rebalance(uint256,address)")),
        max_outsize=100,
        gas=gas_each,
        revert_on_failure=False,
    )
    # an account without code answers nothing
    if answered and len(response) == 32:
        log IUpkeep.Performed(market=market, keeper=msg.sender, epoch=convert(slice(response, 0, 32), uint256))
        return True
    log IUpkeep.Failed(market=market, keeper=msg.sender, reason=self._reason(response))
    return False


@internal
@view
def _says_due(market: address, hint: uint256) -> bool:
    """
    @notice What `due` says, whatever the market does when it is asked.
    """
    answered: bool = False
    response: Bytes[32] = b""
    answered, response = raw_call(
        self,
        abi_encode(market, hint, method_id=method_id("due(address,uint256)")),
        max_outsize=32,
        gas=CHECK_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    return answered and len(response) == 32 and convert(response, uint256) == 1


@internal
@pure
def _reason(response: Bytes[100]) -> bytes32:
    """
    @notice The text of a refusal, up to 32 bytes of it, else the first 32 bytes of what there is.
    """
    if len(response) == 100 and slice(response, 0, 4) == method_id("Error(string)", output_type=Bytes[4]):
        return convert(slice(response, 68, 32), bytes32)
    return convert(slice(concat(response, empty(bytes32)), 0, 32), bytes32)
