"""Which markets may be deployed (R1). Mirrors `contracts/lib/terms.vy`.

Every bound is checked once, before there is a market; afterwards nothing can change.
"""

from collections.abc import Callable
from dataclasses import dataclass

from . import errors
from .fixed_point import WAD
from .pool import LOCKED
from .transfer_curves import TransferFunction
from .units import Address, Assets, Seconds, Wad, Wei

Trigger = Callable[[Wad, Wad, Wad], bool]
"""Last executed price, average, spot: whether an event is due where no order waits (R7)."""

NOBODY: Address = "0x" + 40 * "0"
"""No account: the chain's zero address."""

MAX_DECIMALS = 18
"""Tokens have 18 decimals and their supply must be able to follow the collateral."""
MIN_LEVERAGE_WAD, MAX_LEVERAGE_WAD = WAD // 10, 100 * WAD
"""Below a tenth a market hardly moves; above a hundred every hour is a coin toss."""
LEVERAGE_STEP_WAD = WAD // 100
"""Hundredths keep names readable ("1.25L") and the curves' integer arithmetic exact."""
MAX_SMA_PERIODS = 24
"""A day of hourly prices; the ring of samples has this many words."""
MAX_INTERVAL_S = 365 * 86_400
"""The management fee of one interval must stay far below everything."""
MAX_FRONT_RUNNING_INTERVALS = 26
"""An owner's word of waiting epochs has room for so many (orders wait at most 27 grid points)."""
MAX_FEE_WAD = WAD // 10
"""Above a tenth a fee is a trap, not a price."""
MAX_GAS_PREMIUM_WEI = 1_000 * 10**9
"""Fifty times what the first version of the protocol paid on top of fast gas (20 gwei)."""
MIN_BLOCK_TIME_S, MAX_BLOCK_TIME_S = 1, 3_600
"""No chain has longer blocks; no clock of a chain counts less than a second."""
MAX_REWARD_CAP_WAD = WAD // 100
"""Even a day of hourly events at the cap leaves a pool four fifths of itself."""
MIN_WIND_DOWN_AFTER_S = 86_400
"""A feed may fail for a day without ending the market."""
MAX_WIND_DOWN_AFTER_S = 365 * 86_400
"""Nobody should have to wait longer for their money."""
MAX_SEED = 2**100
"""In tokens' base units: 28 bits below the limit of supplies, so that a new market can grow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything a deployer chooses, once. A contract's feeds are not part of the specification."""

    decimals: int
    """The collateral's."""
    transfer: TransferFunction
    trigger: Trigger | None = None
    """None: an event is due at every grid point."""
    leverage_wad: Wad
    sma_periods: int
    """Events whose prices are averaged; 1 is the spot price."""
    interval_s: Seconds
    front_running_interval_s: Seconds
    """An order is executed more than this after it is placed."""
    max_interval_s: Seconds = 0
    """The longest wait for an event where there is a trigger, else 0."""
    mint_fee_wad: Wad = 0
    mint_fee_step_wad: Wad = 0
    """By how much the mint fee moves after each event, within zero and its max."""
    mint_fee_max_wad: Wad = 0
    burn_fee_wad: Wad = 0
    management_fee_wad: Wad = 0
    """Of both sides, per year of 365 days."""
    primary: Address
    secondary: Address = NOBODY
    secondary_share_wad: Wad = 0
    """The part of the management fee that goes to `secondary`."""
    gas_premium_wei: Wei
    """A keeper's gas price counts up to the fast gas price plus this."""
    tip_step_wad: Wad
    """Tip on top of the gas: one step, plus one for each block time since the grid point."""
    tip_max_wad: Wad
    block_time_s: Seconds
    reward_cap_wad: Wad
    """Most of the pool that one event may pay to its keeper."""
    wind_down_after_s: Seconds
    """How long a due event may lack a price before anyone may wind the market down."""

    @property
    def asset_scale(self) -> int:
        """Base units of a token for each base unit of collateral that it was seeded with."""
        scale: int = 10 ** (MAX_DECIMALS - self.decimals)
        return scale


def check(terms: Terms, seed_assets: Assets) -> None:
    """Refuse terms out of their bounds, and a seed that cannot carry the locked tokens."""
    if terms.decimals > MAX_DECIMALS:
        raise errors.TooManyDecimals
    check_price(terms)
    check_schedule(terms)
    check_fees(terms)
    check_recipients(terms)
    check_keeper(terms)
    check_seed(seed_assets, terms.decimals)


def check_price(terms: Terms) -> None:
    """Leverage and price average."""
    if not MIN_LEVERAGE_WAD <= terms.leverage_wad <= MAX_LEVERAGE_WAD:
        raise errors.LeverageIsOutOfRange
    if terms.leverage_wad % LEVERAGE_STEP_WAD != 0:
        raise errors.LeverageIsTooFine
    if not 1 <= terms.sma_periods <= MAX_SMA_PERIODS:
        raise errors.SmaPeriodsAreOutOfRange


def check_schedule(terms: Terms) -> None:
    """Times: from each grid point to the last resort."""
    if not 1 <= terms.interval_s <= MAX_INTERVAL_S:
        raise errors.IntervalIsOutOfRange
    if terms.front_running_interval_s > MAX_FRONT_RUNNING_INTERVALS * terms.interval_s:
        raise errors.FrontRunningIntervalIsTooLong
    if terms.trigger is None:
        if terms.max_interval_s != 0:
            raise errors.MaxIntervalWithoutTrigger
    elif not terms.interval_s <= terms.max_interval_s <= MAX_INTERVAL_S:
        raise errors.MaxIntervalIsOutOfRange
    least_s = max(MIN_WIND_DOWN_AFTER_S, terms.interval_s, terms.max_interval_s)
    if not least_s <= terms.wind_down_after_s <= MAX_WIND_DOWN_AFTER_S:
        raise errors.WindDownDelayIsOutOfRange


def check_fees(terms: Terms) -> None:
    """What holders pay."""
    if terms.mint_fee_max_wad > MAX_FEE_WAD:
        raise errors.MintFeeMaxIsOutOfRange
    if terms.mint_fee_wad > terms.mint_fee_max_wad:
        raise errors.MintFeeIsAboveItsMax
    if terms.mint_fee_step_wad > terms.mint_fee_max_wad:
        raise errors.MintFeeStepIsAboveTheMax
    if terms.burn_fee_wad > MAX_FEE_WAD:
        raise errors.BurnFeeIsOutOfRange
    if terms.management_fee_wad > MAX_FEE_WAD:
        raise errors.ManagementFeeIsOutOfRange


def check_recipients(terms: Terms) -> None:
    """Who gets the management fee."""
    if terms.primary == NOBODY:
        raise errors.PrimaryIsNobody
    if terms.secondary_share_wad > WAD:
        raise errors.SecondaryShareIsOutOfRange
    if terms.secondary_share_wad != 0 and terms.secondary == NOBODY:
        raise errors.SecondaryIsNobody


def check_keeper(terms: Terms) -> None:
    """What an event may cost the pool."""
    if terms.gas_premium_wei > MAX_GAS_PREMIUM_WEI:
        raise errors.GasPremiumIsOutOfRange
    if terms.tip_step_wad > WAD:
        raise errors.TipStepIsOutOfRange
    if terms.tip_max_wad > WAD:
        raise errors.TipMaxIsOutOfRange
    if not MIN_BLOCK_TIME_S <= terms.block_time_s <= MAX_BLOCK_TIME_S:
        raise errors.BlockTimeIsOutOfRange
    if terms.reward_cap_wad > MAX_REWARD_CAP_WAD:
        raise errors.RewardCapIsOutOfRange


def check_seed(seed_assets: Assets, decimals: int) -> None:
    """Enough for the locked tokens and one unit more, far from the limit of supplies."""
    tokens = seed_assets * 10 ** (MAX_DECIMALS - decimals)
    if tokens > MAX_SEED:
        raise errors.SeedIsTooLarge
    if tokens <= LOCKED:
        raise errors.SeedIsTooSmall
