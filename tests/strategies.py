"""The domain of the tests: markets, prices and delays; steered, not filtered."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from perpools.spec import transfer_curves
from perpools.spec.terms import Terms
from tests.stateful.surroundings import is_met

WAD, GWEI = 10**18, 10**9
PERCENT = WAD // 100
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400

CURVES = {
    "Power": transfer_curves.power,
    "Sigmoid": transfer_curves.sigmoid,
}


@dataclass(frozen=True)
class Setup:
    """A market to deploy, and the world it is deployed into."""

    terms: Terms
    curve: str
    """The contract of the transfer function in `terms`."""
    first_price: int = 2_000 * WAD
    seed_units: int = 1_000
    drift: int = 1_008
    """How much a price as of a moment contains of the moment."""
    start: int = 1_700_000_123

    @property
    def unit(self) -> int:
        """One whole coin of collateral."""
        return 10**self.terms.decimals

    @property
    def seed_assets(self) -> int:
        return self.seed_units * self.unit


V1 = Setup(
    Terms(
        decimals=6,
        transfer=transfer_curves.power,
        leverage_wad=3 * WAD,
        sma_periods=1,
        interval_s=HOUR_S,
        front_running_interval_s=5 * MINUTE_S,
        management_fee_wad=2 * PERCENT,
        primary="treasury",
        gas_premium_wei=20 * GWEI,
        tip_step_wad=5 * PERCENT,
        tip_max_wad=100 * PERCENT,
        block_time_s=13,
        reward_cap_wad=PERCENT // 10,
        wind_down_after_s=30 * DAY_S,
    ),
    "Power",
)
"""Like the first published version: spot price, minutes of notice."""

V2 = Setup(
    replace(
        V1.terms,
        decimals=18,
        transfer=transfer_curves.sigmoid,
        leverage_wad=150 * PERCENT,
        sma_periods=8,
        front_running_interval_s=8 * HOUR_S,
        mint_fee_wad=PERCENT,
        mint_fee_step_wad=PERCENT // 4,
        mint_fee_max_wad=5 * PERCENT,
        burn_fee_wad=PERCENT // 2,
        management_fee_wad=10 * PERCENT,
        secondary="partner",
        secondary_share_wad=30 * PERCENT,
    ),
    "Sigmoid",
)
"""Like the second: an average, hours of notice, all fees."""

TRIGGERED = replace(V1, terms=replace(V1.terms, trigger=is_met, max_interval_s=12 * HOUR_S))
"""With a trigger instead of an event at every grid point."""


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """One of the three, or their like with other numbers."""
    base = draw(st.sampled_from([V1, V2, TRIGGERED]))
    if draw(st.booleans()):
        return base
    interval = draw(st.sampled_from([1, 7 * MINUTE_S, HOUR_S, DAY_S]))
    curve = draw(st.sampled_from(sorted(CURVES)))
    most_fee = draw(st.integers(0, 10)) * PERCENT
    terms = replace(
        base.terms,
        decimals=draw(st.sampled_from([0, 6, 8, 18])),
        transfer=CURVES[curve],
        leverage_wad=draw(st.integers(10, 10_000)) * PERCENT,
        sma_periods=draw(st.integers(1, 24)),
        interval_s=interval,
        front_running_interval_s=draw(st.integers(0, 26 * interval)),
        max_interval_s=interval * draw(st.integers(1, 30)) if base.terms.trigger else 0,
        mint_fee_wad=draw(st.integers(0, most_fee)),
        mint_fee_step_wad=draw(st.just(0) | st.integers(0, most_fee)),
        mint_fee_max_wad=most_fee,
        burn_fee_wad=draw(st.integers(0, 10)) * PERCENT,
    )
    return replace(base, terms=terms, curve=curve, first_price=draw(prices))


prices = st.sampled_from([10**12, 2_000 * WAD, 10**30])
moves = st.sampled_from([(1, 1), (101, 100), (99, 100), (11, 10), (10, 11), (3, 2), (2, 3)])
"""By what part a price moves from one moment to another: new and old."""
leaps = st.sampled_from([(100, 1), (1, 100), (10**6, 1), (1, 10**6), (10**12, 1), (1, 10**12)])
few = st.integers(0, 3)
late = st.sampled_from([0, 0, 0, 1, 2, 14, 50])
"""For how many intervals no keeper comes."""
parts = st.sampled_from([1, 10, 500, 999, 1_000])
"""Thousandths of what there is."""
