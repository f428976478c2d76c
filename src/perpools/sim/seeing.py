"""
What an agent sees, from the numbers of either engine.

Every function here also compiles with Numba.
"""

from .agents import View
from .books import CASH, LONG_TOKENS, MARK, MEMORY, OUTSIDE, SHORT_TOKENS, UNITS
from .pool import SMALLEST, Row, Rules


def mean(samples: Row, count: int) -> float:
    """The average of the samples there are."""
    total = 0.0
    for position in range(count):
        total += samples[position]
    return total / count


def mean_after(rules: Rules, samples: Row, count: int, events: int, price: float) -> float:
    """The average after so many more events, if the price stayed at `price`."""
    if events >= rules.sma_periods:
        return price
    kept = min(count, rules.sma_periods - events)
    total = events * price
    for position in range(count - kept, count):
        total += samples[position]
    return total / (kept + events)


def forecast(rules: Rules, samples: Row, count: int, events: int, price: float) -> float:
    """
    The move of the average at the first event after an order is executed, `events` events from
    now, if the price stayed at `price`.
    """
    then = mean_after(rules, samples, count, events, price)
    return mean_after(rules, samples, count, events + 1, price) / then - 1.0


def expected(pool: Row, pending: Row, side: int) -> float:
    """A side's balance once all waiting orders are executed, at the rates of now."""
    other = 1 - side
    own_rate, other_rate = pool[side] / pool[2 + side], pool[other] / pool[2 + other]
    leaving = (pending[2 + side] + pending[4 + side]) * own_rate
    entering = pending[side] + pending[4 + other] * other_rate
    return pool[side] + entering - leaving


def worth(pool: Row, own_pending: Row, wallet: Row, side: int) -> float:
    """What an agent holds of a side once its waiting orders are executed, in collateral."""
    other = 1 - side
    own_rate, other_rate = pool[side] / pool[2 + side], pool[other] / pool[2 + other]
    held = wallet[LONG_TOKENS + side] * own_rate + own_pending[side]
    return held + own_pending[4 + other] * other_rate


def value(pool: Row, own_pending: Row, wallet: Row) -> float:
    """Everything an agent has, in collateral, at the rates of now."""
    long_rate, short_rate = pool[0] / pool[2], pool[1] / pool[3]
    # the sums of `worth`, written out: this is asked of every agent at every grid point
    long = wallet[LONG_TOKENS] * long_rate + own_pending[0] + own_pending[5] * short_rate
    short = wallet[SHORT_TOKENS] * short_rate + own_pending[1] + own_pending[4] * long_rate
    leaving = own_pending[2] * pool[0] / pool[2] + own_pending[3] * pool[1] / pool[3]
    return wallet[CASH] + wallet[OUTSIDE] + long + short + leaving


def look(
    rules: Rules,
    tables: tuple[Row, Row, Row, Row],
    prices: tuple[float, float, float],
    step: int,
    draws: Row,
) -> View:
    """
    An agent's view. `tables` are the pool, what waits of everybody and of the agent, and its
    wallet; `prices` are what it sees now, the market's average, and the forecast.
    """
    pool, pending, own_pending, wallet = tables
    return View(
        step,
        *prices,
        rules.leverage,
        pool[0],
        pool[1],
        expected(pool, pending, 0),
        expected(pool, pending, 1),
        pool[0] / pool[2],
        pool[1] / pool[3],
        pool[4],
        rules.burn_fee,
        wallet[CASH],
        wallet[LONG_TOKENS],
        wallet[SHORT_TOKENS],
        worth(pool, own_pending, wallet, 0),
        worth(pool, own_pending, wallet, 1),
        wallet[UNITS],
        wallet[MEMORY],
        draws[0],
        draws[1],
        draws[2],
    )


def affordable(amount: float, available: float) -> float:
    """
    What of a wanted amount can be had: all there is where it is about that, and nothing where it
    is next to nothing.
    """
    if amount >= available * (1.0 - 1e-12):
        amount = available
    if amount > SMALLEST:
        return amount
    return 0.0


def trade_outside(wallet: Row, price: float, target: float, cost: float) -> None:
    """Value what is held outside at a price, then trade it to a target at a cost."""
    wallet[OUTSIDE] += wallet[UNITS] * (price - wallet[MARK])
    wallet[MARK] = price
    if target != wallet[UNITS]:
        wallet[OUTSIDE] -= abs(target - wallet[UNITS]) * price * cost
        wallet[UNITS] = target
