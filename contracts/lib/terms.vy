# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Terms
@license Apache-2.0
@notice Which markets may be deployed. Every bound is checked once, before there is a market.
@custom:model perpools.spec.terms
"""

from ..interfaces import ITerms
from . import fixed_point as fp
from . import pool

# Tokens have 18 decimals and their supply must be able to follow the collateral.
MAX_DECIMALS: constant(uint256) = 18
# Below a tenth a market hardly moves; above a hundred every hour is a coin toss.
MIN_LEVERAGE_WAD: constant(uint256) = 10**17
MAX_LEVERAGE_WAD: constant(uint256) = 100 * 10**18
# Hundredths keep names readable ("1.25L") and the curves' integer arithmetic exact.
LEVERAGE_STEP_WAD: constant(uint256) = 10**16
# A day of hourly prices; the ring of samples has this many words.
MAX_SMA_PERIODS: constant(uint256) = 24
# The management fee of one interval must stay far below everything.
MAX_INTERVAL_S: constant(uint256) = 365 * 86_400
# An owner's word of waiting epochs has room for so many (orders wait at most 27 grid points).
MAX_FRONT_RUNNING_INTERVALS: constant(uint256) = 26
# Above a tenth a fee is a trap, not a price.
MAX_FEE_WAD: constant(uint256) = 10**17
# Fifty times what the first version of the protocol paid on top of fast gas (20 gwei).
MAX_GAS_PREMIUM_WEI: constant(uint256) = 1_000 * 10**9
# No chain has longer blocks; no clock of a chain counts less than a second.
MIN_BLOCK_TIME_S: constant(uint256) = 1
MAX_BLOCK_TIME_S: constant(uint256) = 3_600
# Even a day of hourly events at the cap leaves a pool four fifths of itself.
MAX_REWARD_CAP_WAD: constant(uint256) = 10**16
# A feed may fail for a day without ending the market.
MIN_WIND_DOWN_AFTER_S: constant(uint256) = 86_400
# Nobody should have to wait longer for their money.
MAX_WIND_DOWN_AFTER_S: constant(uint256) = 365 * 86_400
# In tokens' base units: 28 bits below the limit of supplies, so that a new market can grow.
MAX_SEED: constant(uint256) = 2**100


@internal
@pure
def _check(terms: ITerms.Terms, decimals: uint256, seed_assets: uint256):
    """
    @notice Refuse terms out of their bounds.
    @param decimals The collateral's.
    @param seed_assets What the deployer pays to each side.
    """
    assert decimals <= MAX_DECIMALS, "decimals: more than 18"
    self._check_price(terms)
    self._check_schedule(terms)
    self._check_fees(terms)
    self._check_recipients(terms)
    self._check_keeper(terms)
    self._check_seed(seed_assets, decimals)


@internal
@pure
def _check_price(terms: ITerms.Terms):
    """
    @notice Leverage and price average.
    """
    assert terms.leverage_wad >= MIN_LEVERAGE_WAD, "leverage: out of range"
    assert terms.leverage_wad <= MAX_LEVERAGE_WAD, "leverage: out of range"
    assert terms.leverage_wad % LEVERAGE_STEP_WAD == 0, "leverage: not in hundredths"
    assert terms.sma_periods >= 1, "sma periods: out of range"
    assert terms.sma_periods <= MAX_SMA_PERIODS, "sma periods: out of range"


@internal
@pure
def _check_schedule(terms: ITerms.Terms):
    """
    @notice Times: from each grid point to the last resort.
    """
    interval_s: uint256 = terms.interval_s
    assert interval_s >= 1, "interval: out of range"
    assert interval_s <= MAX_INTERVAL_S, "interval: out of range"
    longest_s: uint256 = MAX_FRONT_RUNNING_INTERVALS * interval_s
    assert terms.front_running_interval_s <= longest_s, "front-running interval: too long"
    if terms.trigger == empty(address):
        assert terms.max_interval_s == 0, "max interval: without trigger"
    else:
        assert terms.max_interval_s >= interval_s, "max interval: out of range"
        assert terms.max_interval_s <= MAX_INTERVAL_S, "max interval: out of range"
    least_s: uint256 = max(MIN_WIND_DOWN_AFTER_S, max(interval_s, terms.max_interval_s))
    assert terms.wind_down_after_s >= least_s, "wind-down delay: out of range"
    assert terms.wind_down_after_s <= MAX_WIND_DOWN_AFTER_S, "wind-down delay: out of range"


@internal
@pure
def _check_fees(terms: ITerms.Terms):
    """
    @notice What holders pay.
    """
    assert terms.mint_fee_max_wad <= MAX_FEE_WAD, "mint fee max: out of range"
    assert terms.mint_fee_wad <= terms.mint_fee_max_wad, "mint fee: above its max"
    assert terms.mint_fee_step_wad <= terms.mint_fee_max_wad, "mint fee step: above the max"
    assert terms.burn_fee_wad <= MAX_FEE_WAD, "burn fee: out of range"
    assert terms.management_fee_wad <= MAX_FEE_WAD, "management fee: out of range"


@internal
@pure
def _check_recipients(terms: ITerms.Terms):
    """
    @notice Who gets the management fee.
    """
    assert terms.primary != empty(address), "primary: zero address"
    assert terms.secondary_share_wad <= fp.WAD, "secondary share: out of range"
    if terms.secondary_share_wad != 0:
        assert terms.secondary != empty(address), "secondary: zero address"


@internal
@pure
def _check_keeper(terms: ITerms.Terms):
    """
    @notice What an event may cost the pool.
    """
    assert terms.gas_premium_wei <= MAX_GAS_PREMIUM_WEI, "gas premium: out of range"
    assert terms.tip_step_wad <= fp.WAD, "tip step: out of range"
    assert terms.tip_max_wad <= fp.WAD, "tip max: out of range"
    assert terms.block_time_s >= MIN_BLOCK_TIME_S, "block time: out of range"
    assert terms.block_time_s <= MAX_BLOCK_TIME_S, "block time: out of range"
    assert terms.reward_cap_wad <= MAX_REWARD_CAP_WAD, "reward cap: out of range"


@internal
@pure
def _check_seed(seed_assets: uint256, decimals: uint256):
    """
    @notice Enough for the locked tokens and one unit more, far from the limit of supplies.
    """
    assert seed_assets <= MAX_SEED, "seed: too large"
    tokens: uint256 = seed_assets * 10 ** (MAX_DECIMALS - decimals)
    assert tokens > pool.LOCKED, "seed: too small"
    assert tokens <= MAX_SEED, "seed: too large"
