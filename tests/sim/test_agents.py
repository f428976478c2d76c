"""Agents: ten lines of a user's own, and what those that come with the simulator do and show."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from perpools.errors import ConfigError
from perpools.sim import Agent, Orders, Result, View, backtest, order, recruit
from perpools.sim.scene import Keeper
from tests.sim.scenes import V1, V2, euro, market
from tests.sim.test_engines import assert_same

SHORT_NOTICE = 'preset = "v2"\nname = "EUR/USD"\nleverage = 3\ninterval = "1d"\n'
DAYS = 600


class Settings(NamedTuple):
    size: float = 1_000.0


def buy_the_dip(my: Settings, view: View) -> Orders:
    if view.price < view.average:
        return order(long_mint=my.size)
    return order(long_burn=view.long_tokens)


def played(text: str, agents: Any, days: int = DAYS, **options: Any) -> Result:
    recruited = recruit(agents) if isinstance(agents, str) else agents
    return backtest(market(text), euro(days), recruited, **options)


def profit(result: Result) -> float:
    return result.statistics.agents[0].profit


def test_a_users_agent_is_ten_lines_and_plays_in_both_engines() -> None:
    agents = [Agent("dip buyer", buy_the_dip, Settings(size=500.0), cash=5_000.0)]
    results = [played(V2, agents, engine=engine) for engine in ("fast", "exact")]
    assert results[0].columns["with_orders"].sum() > 10
    assert_same(results[0].scene, results[0].outcome, results[1].outcome)


def test_a_users_file_joins_the_roster(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "from perpools.sim import Agent, order\n"
        "AGENTS = [Agent('saver', lambda my, view: order(long_mint=10.0))]\n"
    )
    names = [agent.name for agent in recruit(f"momentum:size=5,periods=9,{path},momentum")]
    assert names == ["momentum", "saver", "momentum 2"]
    path.write_text("AGENTS = 3\n")
    with pytest.raises(ConfigError, match="must define AGENTS"):
        recruit(str(path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nobody", "agent 'nobody' is unknown: choose from random-flow, skew-farmer"),
        ("momentum:speed=3", "agent momentum has no setting 'speed': choose from periods"),
        ("momentum:size=big", "agent momentum: size=big is not a number"),
        ("delta-hedger:every=1.5", "agent delta-hedger: every=1.5 is not a whole number"),
        ("gone.py", "gone.py: no such file"),
    ],
)
def test_an_agent_that_is_not_there_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        recruit(text)
    assert str(refusal.value).startswith(said)


def test_nobody_spends_what_he_has_not() -> None:
    greedy = Agent("greedy", lambda my, view: order(long_mint=1e9, short_burn=1e9), cash=100.0)
    result = played(V1, [greedy], days=50)
    wallet = result.outcome.wallets[0]
    assert wallet[0] == 0.0
    assert min(wallet[:3]) >= 0.0


def test_orders_that_are_not_numbers_are_none() -> None:
    broken = Agent("broken", lambda my, view: order(long_mint=float("nan"), short_mint=-5.0))
    assert played(V1, [broken], days=50).outcome.wallets[0][0] == 100_000.0


def test_a_skew_farmer_brings_the_sides_together() -> None:
    crowd = "random-flow:activity=1,size=20000,cash=1000000"
    alone = played(V1, crowd)
    farmed = played(V1, f"{crowd},skew-farmer:cash=2000000")
    unevenness = [
        np.abs(np.log(result.series.long_balance / result.series.short_balance)).mean()
        for result in (alone, farmed)
    ]
    assert unevenness[1] < unevenness[0] / 2


def test_a_front_runner_gains_by_an_average_it_can_foresee() -> None:
    """What the eight intervals of notice are for: they outlast the average of eight prices."""
    noticed = {
        notice: profit(
            played(
                f'{SHORT_NOTICE}front_running_interval = "{notice}"\n',
                "front-runner:threshold=0.001",
            )
        )
        for notice in ("5m", "4d", "8d")
    }
    assert noticed["5m"] > 2 * noticed["4d"] > 0
    assert noticed["8d"] == 0.0


def test_a_front_runner_gains_nothing_where_the_price_is_the_spot_price() -> None:
    assert profit(played(V1, "front-runner:threshold=0.001")) == 0.0


def test_a_delta_hedger_sways_less_than_its_exposure() -> None:
    """Its S-tokens cancel most of what the underlying it owns does."""
    hedged = played(V1, "delta-hedger:every=1,hedge_cost=0", days=1_500)
    values = np.array(hedged.outcome.values[0])
    naked = 200_000.0 * hedged.series.spot[1:] / hedged.series.spot[0]
    sways = [np.diff(series).std() for series in (values, naked)]
    assert sways[0] < sways[1] / 3


def test_a_pair_arbitrageur_changes_no_rate() -> None:
    """Pairs are neutral (R11): tokens are worth the same with and without them."""
    alone, tied = played(V1, ""), played(V1, "pair-arbitrageur")
    for side in ("long", "short"):
        assert tied.token_price(side) == pytest.approx(alone.token_price(side), rel=1e-12)
    assert tied.columns["long_supply"].std() > 0
    assert profit(tied) > 0


def test_a_momentum_trader_holds_one_side_at_a_time() -> None:
    result = played(V1, "momentum:periods=10,threshold=0.005")
    assert result.columns["with_orders"].sum() > 10


def test_a_failing_keeper_merges_intervals_without_orders() -> None:
    late = played(V1, "", keeper=Keeper(fails=0.5))
    punctual = played(V1, "")
    assert 0.4 < late.lateness.missed / punctual.events < 0.6
    last = int(late.columns["epoch"][-1])
    assert late.series.spot[-1] == punctual.series.spot[last]


def test_a_late_keeper_never_changes_the_price_of_an_order() -> None:
    """An order's price is that of its own grid point, whoever comes when (R5)."""
    late = played(V1, "random-flow:activity=1", keeper=Keeper(late_s=50_000, fails=0.4))
    spots = late.series.spot[1:]
    expected = [late.scene.grid.wads[int(epoch)] / 10**18 for epoch in late.columns["epoch"]]
    assert spots.tolist() == expected
    assert late.lateness.longest_s > 86_400
