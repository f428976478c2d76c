"""Markets, prices and scenes that the simulator's tests share."""

from functools import cache

from perpools import market_file
from perpools.market_file import MarketFile
from perpools.sim import paths, prices, recruit
from perpools.sim.backtests import set_up
from perpools.sim.prices import Prices
from perpools.sim.scene import Keeper, Scene
from perpools.spec.fixed_point import WAD

DAY_S = 86_400
HOUR_S = 3_600

DAILY = 'name = "EUR/USD"\nleverage = 3\ninterval = "1d"\n'
V1 = f'preset = "v1"\n{DAILY}'
V2 = f'preset = "v2"\n{DAILY}front_running_interval = "8d"\n'
FEES = f"""
{V2}
[fees]
mint = "0.3%"
mint_step = "0.05%"
mint_max = "1%"
burn = "0.1%"
management = "2%/year"
"""
TRIGGERED = """
preset = "v2"
name = "EUR/USD"
leverage = 2.5
transfer = "linear"
trigger = "price change 1%"
interval = "1d"
max_interval = "5d"
front_running_interval = "1d"
"""
MOMENTUM = TRIGGERED.replace("price change 1%", "momentum 0.5%").replace("linear", "power")

PUNCTUAL = Keeper()
UNRELIABLE = Keeper(late_s=600, fails=0.3, eth_price=3_000.0)


def market(text: str) -> MarketFile:
    return market_file.parse(text)


@cache
def euro(days: int | None = None) -> Prices:
    """The ECB's EUR/USD, the last so many fixings of it."""
    known = prices.ecb("EURUSD")
    return (
        known
        if days is None
        else known._replace(times=known.times[-days:], wads=known.wads[-days:])
    )


def daily(*values: float, name: str = "synthetic") -> Prices:
    """A price for each day."""
    times = tuple(DAY_S * (10_000 + day) for day in range(len(values)))
    return Prices(name, times, tuple(round(value * 10**9) * (WAD // 10**9) for value in values))


def hourly(count: int, volatility: float = 0.8) -> Prices:
    """A price for each hour, drawn."""
    levels = paths.spots(paths.Brownian(volatility=volatility), 1, 0, count, HOUR_S)
    times = tuple(HOUR_S * (400_000 + hour) for hour in range(count))
    return Prices("drawn", times, tuple(round(level * 10**9) * 10**9 for level in levels))


def scene(
    text: str,
    known: Prices,
    agents: str = "",
    keeper: Keeper = PUNCTUAL,
    liquidity: float = 1_000_000.0,
    seed: int = 1,
) -> Scene:
    return set_up(
        market(text), known, recruit(agents), keeper=keeper, liquidity=liquidity, seed=seed
    )
