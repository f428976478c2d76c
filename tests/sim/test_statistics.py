"""Statistics, worked by hand."""

import numpy as np
import pytest

from perpools.sim import Agent, Orders, View, backtest, order
from perpools.sim.backtests import ENGINES
from perpools.sim.statistics import constant_leverage, max_drawdown, returns, volatility
from perpools.sim.trading import hedge_ratio_error
from tests.sim.scenes import V1, daily, market

LINEAR = V1.replace("leverage = 3", 'leverage = 2\ntransfer = "linear"')


def test_drawdown_is_from_a_peak_to_a_later_low() -> None:
    assert max_drawdown(np.array([1.0, 2.0, 1.0, 3.0, 2.4])) == 0.5
    assert max_drawdown(np.array([1.0, 2.0, 3.0])) == 0.0


def test_a_constant_leverage_compounds_and_can_be_lost() -> None:
    assert constant_leverage(np.array([0.1, -0.1]), 2.0) == pytest.approx(1.2 * 0.8)
    assert constant_leverage(np.array([0.1, -0.5]), 2.0) == 0.0


def test_volatility_is_of_a_year() -> None:
    levels = np.exp(np.array([0.0, 0.01, 0.0, 0.01, 0.0]))
    assert volatility(levels, 4 / 365) == pytest.approx(0.01 * (4 / 3) ** 0.5 * 365**0.5)
    assert volatility(np.array([1.0, 2.0]), 1.0) == 0.0


def test_two_events_give_what_pencil_and_paper_give() -> None:
    """Leverage 2, linear: up a tenth, then down a tenth, from parity."""
    result = backtest(market(LINEAR), daily(100, 110, 99))
    statistics = result.statistics
    up, down = 2 * (1 - 100 / 110), 2 * (1 - 99 / 110)
    long, short = 1 + up, 1 - up
    long, short = long * (1 - down), short + long * down
    assert statistics.long.token_price == pytest.approx(long)
    assert statistics.short.total_return == pytest.approx(short - 1)
    assert statistics.skew.last == pytest.approx(long / short)
    assert statistics.skew.rebalancing_rate == pytest.approx(long / short - 1)
    assert statistics.long.effective_leverage == pytest.approx(2 * short / long)
    assert statistics.long.constant_leverage_return == pytest.approx(1.2 * 0.8 - 1)
    assert statistics.long.buy_and_hold_return == pytest.approx(-0.02)
    assert statistics.long.worst_event == pytest.approx(-down)
    assert statistics.transfer.largest == pytest.approx(down)
    assert statistics.transfer.price_move == pytest.approx(-0.1)
    assert statistics.price.total_return == pytest.approx(-0.01)
    assert result.events == 2


def test_at_parity_nobody_pays_for_the_other_sides_size() -> None:
    result = backtest(market(LINEAR), daily(100, 110))
    assert result.statistics.long.funding == 0.0


def test_the_smaller_side_is_paid_by_the_larger() -> None:
    """After the long side grew, a fall pays the short side more than it would at parity."""
    result = backtest(market(LINEAR), daily(100, 120, 110))
    assert result.statistics.short.funding > 0
    assert result.statistics.long.funding == 0.0


def test_everything_leaves_the_pool_that_was_charged() -> None:
    text = f'{V1}[fees]\nmanagement = "10%/year"\n'
    result = backtest(market(text), daily(*([100.0] * 366)))
    pool = result.series.long_balance + result.series.short_balance
    assert result.costs.management_fees == pytest.approx(pool[0] - pool[-1])
    assert 1 - pool[-1] / pool[0] == pytest.approx(0.0951, abs=2e-4)


def test_returns_are_steps() -> None:
    assert returns(np.array([1.0, 2.0, 1.0])).tolist() == [1.0, -0.5]


def test_what_orders_cost_and_moved_is_counted() -> None:
    """Somebody mints for 1,000 at the first grid point and burns half of it at the third."""
    text = f'{LINEAR}front_running_interval = "1h"\n[fees]\nmint = "1%"\nburn = "2%"\n'
    trader = Agent("trader", in_and_out, cash=10_000.0)
    for engine in ENGINES:
        result = backtest(market(text), daily(*[100.0] * 6), [trader], engine=engine)
        trading, [agent] = result.statistics.trading, result.statistics.agents
        tokens = 990.0
        rate = 1_001_000 / (1_000_000 + tokens)
        burned = 495.0 * rate
        assert trading.long.paid_in == pytest.approx(1_000.0)
        assert trading.long.entry_price == pytest.approx(1_000.0 / tokens)
        assert trading.long.exit_price == pytest.approx(rate * 0.98)
        assert trading.short.entry_price is None
        assert trading.volume == pytest.approx(1_000.0 + burned * 0.98)
        assert trading.volume_per_day == pytest.approx(trading.volume / 5)
        assert trading.most_waiting == pytest.approx(1_000.0)
        assert trading.mean_waiting == pytest.approx((1_000.0 + burned) / 5)
        assert agent.fees == pytest.approx(10.0 + burned * 0.02)
        assert agent.hedge_ratio_error is None


def in_and_out(my: tuple[()], view: View) -> Orders:
    if view.step == 0:
        return order(long_mint=1_000.0)
    return order(long_burn=view.long_tokens / 2) if view.step == 2 else order()


def test_who_holds_the_pool_is_measured() -> None:
    """One of two equal holders of a side, the other side another's: 1/4, 3/4 never trade."""
    trader = Agent("trader", all_in, cash=1_000.0)
    text = f'{LINEAR}front_running_interval = "1h"\n[fees]\nmint = "0%"\n'
    result = backtest(market(text), daily(*[100.0] * 4), [trader], liquidity=1_000.0)
    holders = result.statistics.holders
    assert holders.largest_share == pytest.approx(2 / 3)
    assert holders.concentration == pytest.approx(4 / 9 + 1 / 9)
    assert holders.in_escrow == pytest.approx(1 / 3)


def all_in(my: tuple[()], view: View) -> Orders:
    return order(long_mint=view.cash)


def test_a_hedge_is_off_by_what_it_does_not_take_back() -> None:
    inside = np.array([0.0, 1.0, -2.0, 4.0, 3.0])
    for part, off in ((1.0, 0.0), (0.5, 0.5), (1.25, -0.25)):
        found = hedge_ratio_error(inside - part * inside, -part * inside)
        assert found == pytest.approx(off, abs=1e-12)
    assert hedge_ratio_error(inside, np.zeros(5)) is None
