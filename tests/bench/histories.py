"""What a sweep over one history costs: settings without agents, one by one and side by side."""

from itertools import product
from time import process_time

from perpools import market_file
from perpools.sim import fast, history_sweep, prices
from perpools.sim.backtests import set_up
from perpools.sim.history_sweep import History
from perpools.sim.scene import Scene

DAYS = 4_000
"""Fixings of the euro that are played, the last of them."""
MARKET = """
preset = "v2"
name = "benchmark"
leverage = {leverage}
interval = "1d"
[price]
sma_periods = {periods}
[fees]
management = "{fee}%/year"
"""


def scenes(days: int) -> list[Scene]:
    """64 settings: eight leverages, two averages, four fees."""
    known = prices.ecb("EURUSD")
    last = known._replace(times=known.times[-days:], wads=known.wads[-days:])
    return [
        set_up(market_file.parse(MARKET.format(leverage=leverage, periods=periods, fee=fee)), last)
        for leverage, periods, fee in product(range(1, 9), (1, 8), range(4))
    ]


def alone(settings: list[Scene]) -> float:
    """Seconds of the processor, setting after setting."""
    begun = process_time()
    for scene in settings:
        fast.play(scene, lambda _, __: None, compiled=False)
    return process_time() - begun


def together(settings: list[Scene]) -> float:
    """Seconds of the processor, measures included."""
    history = History(settings)
    begun = process_time()
    for task in range(len(history.tasks)):
        history_sweep.play(history, task)
    return process_time() - begun
