"""Terms that are accepted, and every bound of them: at it, just inside and just outside."""

from dataclasses import fields, replace
from typing import Any, NamedTuple

from perpools.spec import errors
from perpools.spec.errors import Rejected
from perpools.spec.terms import NOBODY, Terms

HOUR_S, DAY_S, YEAR_S = 3_600, 86_400, 365 * 86_400
PERCENT = 10**16
SEED = 10**9
BENEFICIARY = "0x" + 40 * "1"


def no_transfer(old_price: int, new_price: int, leverage: int) -> int:
    """Move nothing: terms do not look at the curve."""
    return 0


def always(old_price: int, new_price: int, spot: int) -> bool:
    """A trigger that is always met."""
    return True


TERMS = Terms(
    decimals=6,
    transfer=no_transfer,
    leverage_wad=3 * 10**18,
    sma_periods=8,
    interval_s=HOUR_S,
    front_running_interval_s=8 * HOUR_S,
    mint_fee_wad=PERCENT,
    mint_fee_max_wad=5 * PERCENT,
    primary=BENEFICIARY,
    gas_premium_wei=20 * 10**9,
    tip_step_wad=5 * PERCENT,
    tip_max_wad=100 * PERCENT,
    block_time_s=13,
    reward_cap_wad=PERCENT // 10,
    wind_down_after_s=30 * DAY_S,
)
TRIGGERED = replace(TERMS, trigger=always, max_interval_s=DAY_S)


class Case(NamedTuple):
    """Terms with some of their values replaced, and what becomes of them."""

    label: str
    terms: Terms
    seed_assets: int
    refusal: type[Rejected] | None


def _case(base: Terms, refusal: type[Rejected] | None, seed: int = SEED, **changes: Any) -> Case:
    label = " ".join(f"{name}={value}" for name, value in changes.items()) or f"seed={seed}"
    return Case(label, replace(base, **changes), seed, refusal)


def _bounds(
    name: str, low: int, high: int, refusal: type[Rejected], step: int = 1, base: Terms = TERMS
) -> list[Case]:
    accepted = [low, low + step, high - step, high]
    refused = [high + step] + ([low - step] if low >= step else [])
    return [_case(base, None, **{name: value}) for value in accepted] + [
        _case(base, refusal, **{name: value}) for value in refused
    ]


# Between these ends nothing but the named value is at stake.
LONG = replace(TERMS, wind_down_after_s=YEAR_S, front_running_interval_s=0)

CASES = [
    _case(TERMS, None),
    _case(TRIGGERED, None),
    *_bounds("leverage_wad", 10**17, 10**20, errors.LeverageIsOutOfRange, step=10**16),
    _case(TERMS, errors.LeverageIsOutOfRange, leverage_wad=10**17 - 1),
    _case(TERMS, errors.LeverageIsOutOfRange, leverage_wad=10**20 + 1),
    _case(TERMS, errors.LeverageIsTooFine, leverage_wad=3 * 10**18 + 1),
    _case(TERMS, errors.LeverageIsTooFine, leverage_wad=3 * 10**18 + 10**16 - 1),
    *_bounds("sma_periods", 1, 24, errors.SmaPeriodsAreOutOfRange),
    *_bounds("interval_s", 1, YEAR_S, errors.IntervalIsOutOfRange, base=LONG),
    *_bounds("front_running_interval_s", 0, 26 * HOUR_S, errors.FrontRunningIntervalIsTooLong),
    _case(TERMS, errors.MaxIntervalWithoutTrigger, max_interval_s=1),
    _case(TERMS, errors.MaxIntervalWithoutTrigger, max_interval_s=HOUR_S),
    *_bounds(
        "max_interval_s",
        HOUR_S,
        YEAR_S,
        errors.MaxIntervalIsOutOfRange,
        base=replace(TRIGGERED, wind_down_after_s=YEAR_S),
    ),
    *_bounds("wind_down_after_s", DAY_S, YEAR_S, errors.WindDownDelayIsOutOfRange),
    *_bounds(
        "wind_down_after_s",
        3 * DAY_S,
        YEAR_S,
        errors.WindDownDelayIsOutOfRange,
        base=replace(TRIGGERED, max_interval_s=3 * DAY_S),
    ),
    *_bounds(
        "wind_down_after_s",
        7 * DAY_S,
        YEAR_S,
        errors.WindDownDelayIsOutOfRange,
        base=replace(TERMS, interval_s=7 * DAY_S),
    ),
    *_bounds("mint_fee_max_wad", PERCENT, 10 * PERCENT, errors.MintFeeMaxIsOutOfRange)[:-1],
    _case(TERMS, errors.MintFeeIsAboveItsMax, mint_fee_max_wad=PERCENT - 1),
    *_bounds("mint_fee_wad", 0, 5 * PERCENT, errors.MintFeeIsAboveItsMax),
    *_bounds("mint_fee_step_wad", 0, 5 * PERCENT, errors.MintFeeStepIsAboveTheMax),
    *_bounds("burn_fee_wad", 0, 10 * PERCENT, errors.BurnFeeIsOutOfRange),
    *_bounds("management_fee_wad", 0, 10 * PERCENT, errors.ManagementFeeIsOutOfRange),
    _case(TERMS, errors.PrimaryIsNobody, primary=NOBODY),
    *_bounds(
        "secondary_share_wad",
        0,
        100 * PERCENT,
        errors.SecondaryShareIsOutOfRange,
        base=replace(TERMS, secondary=BENEFICIARY),
    ),
    _case(TERMS, errors.SecondaryIsNobody, secondary_share_wad=1),
    _case(TERMS, errors.SecondaryIsNobody, secondary_share_wad=100 * PERCENT),
    *_bounds("gas_premium_wei", 0, 1_000 * 10**9, errors.GasPremiumIsOutOfRange),
    *_bounds("tip_step_wad", 0, 100 * PERCENT, errors.TipStepIsOutOfRange),
    *_bounds("tip_max_wad", 0, 100 * PERCENT, errors.TipMaxIsOutOfRange),
    *_bounds("block_time_s", 1, 3_600, errors.BlockTimeIsOutOfRange),
    *_bounds("reward_cap_wad", 0, PERCENT, errors.RewardCapIsOutOfRange),
    *(
        _case(TERMS, refusal, seed=seed, decimals=decimals)
        for decimals, seed, refusal in [
            (0, 1, None),
            (0, 0, errors.SeedIsTooSmall),
            (6, 2, None),
            (6, 1, errors.SeedIsTooSmall),
            (6, 2**100 // 10**12, None),
            (6, 2**100 // 10**12 + 1, errors.SeedIsTooLarge),
            (18, 10**12 + 1, None),
            (18, 10**12, errors.SeedIsTooSmall),
            (18, 2**100, None),
            (18, 2**100 + 1, errors.SeedIsTooLarge),
            (0, 2**256 - 1, errors.SeedIsTooLarge),
            (19, SEED, errors.TooManyDecimals),
            (255, SEED, errors.TooManyDecimals),
        ]
    ),
]

NUMBERS = [
    field.name for field in fields(Terms) if field.name.endswith(("_wad", "_s", "_wei", "periods"))
]
"""Terms that are plain numbers, in the order of the struct."""
