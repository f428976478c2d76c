"""Why the factory refuses to deploy a market (R1)."""

from .base import Rejected


class TooManyDecimals(Rejected):
    reason = "decimals: more than 18"


class LeverageIsOutOfRange(Rejected):
    reason = "leverage: out of range"


class LeverageIsTooFine(Rejected):
    reason = "leverage: not in hundredths"


class SmaPeriodsAreOutOfRange(Rejected):
    reason = "sma periods: out of range"


class IntervalIsOutOfRange(Rejected):
    reason = "interval: out of range"


class FrontRunningIntervalIsTooLong(Rejected):
    reason = "front-running interval: too long"


class MaxIntervalWithoutTrigger(Rejected):
    reason = "max interval: without trigger"


class MaxIntervalIsOutOfRange(Rejected):
    reason = "max interval: out of range"


class WindDownDelayIsOutOfRange(Rejected):
    reason = "wind-down delay: out of range"


class MintFeeMaxIsOutOfRange(Rejected):
    reason = "mint fee max: out of range"


class MintFeeIsAboveItsMax(Rejected):
    reason = "mint fee: above its max"


class MintFeeStepIsAboveTheMax(Rejected):
    reason = "mint fee step: above the max"


class BurnFeeIsOutOfRange(Rejected):
    reason = "burn fee: out of range"


class ManagementFeeIsOutOfRange(Rejected):
    reason = "management fee: out of range"


class PrimaryIsNobody(Rejected):
    reason = "primary: zero address"


class SecondaryShareIsOutOfRange(Rejected):
    reason = "secondary share: out of range"


class SecondaryIsNobody(Rejected):
    reason = "secondary: zero address"


class GasPremiumIsOutOfRange(Rejected):
    reason = "gas premium: out of range"


class TipStepIsOutOfRange(Rejected):
    reason = "tip step: out of range"


class TipMaxIsOutOfRange(Rejected):
    reason = "tip max: out of range"


class BlockTimeIsOutOfRange(Rejected):
    reason = "block time: out of range"


class RewardCapIsOutOfRange(Rejected):
    reason = "reward cap: out of range"


class SeedIsTooLarge(Rejected):
    reason = "seed: too large"


class SeedIsTooSmall(Rejected):
    reason = "seed: too small"


class CapIsOutOfRange(Rejected):
    reason = "cap: out of range"


class ThresholdIsOutOfRange(Rejected):
    reason = "threshold: out of range"
