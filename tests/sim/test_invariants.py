"""Whatever agents and keepers do, the specification's invariants hold in every state on the way."""

from hypothesis import given, settings
from hypothesis import strategies as st

from perpools.sim import exact
from perpools.sim.roster import ROSTER
from perpools.sim.scene import Keeper
from perpools.spec.invariants import broken
from perpools.spec.state import Market
from tests.sim.scenes import FEES, MOMENTUM, TRIGGERED, V1, V2, daily, scene

markets = st.sampled_from([V1, V2, FEES, TRIGGERED, MOMENTUM])
moves = st.lists(st.sampled_from([0.2, 0.9, 0.99, 1.0, 1.01, 1.1, 5.0]), min_size=3, max_size=25)
casts = st.lists(st.sampled_from(sorted(ROSTER)), max_size=4, unique=True).map(",".join)
keepers = st.sampled_from(
    [
        Keeper(late_s, fails, eth_price)
        for late_s in (1, 600, 80_000)
        for fails in (0.0, 0.3, 0.9)
        for eth_price in (0.0, 3_000.0)
    ]
)
liquidities = st.sampled_from([0.001, 1_000.0, 1_000_000.0])


@given(markets, moves, casts, keepers, liquidities)
@settings(max_examples=40)
def test_invariants_hold_in_every_simulated_state(
    text: str, changes: list[float], cast: str, keeper: Keeper, liquidity: float
) -> None:
    values = [100.0]
    for change in changes:
        values.append(values[-1] * change)
    seen = 0

    def check(market: Market) -> None:
        nonlocal seen
        seen += 1
        assert broken(market) == []

    acting = cast.replace("random-flow", "random-flow:activity=1,size=40000")
    played = scene(text, daily(*values), acting, keeper, liquidity)
    outcome = exact.play(played, lambda done, of: None, check)
    assert seen >= len(outcome.events)
