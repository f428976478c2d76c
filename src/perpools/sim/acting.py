"""
Agents at work in the fast engine: look, decide, order.

Every function here also compiles with Numba.
"""

from typing import Any

from .agents import Orders
from .books import (
    CASH,
    EARLIEST,
    LAST,
    LONG_TOKENS,
    MEMORY,
    OUTSIDE,
    REFUSED,
    SAMPLES,
    SHORT_TOKENS,
    WINDOW,
    Books,
    Run,
)
from .events import item_in
from .pool import Row
from .seeing import affordable, forecast, look, mean, trade_outside, value
from .supplies import hold, mint


def act_all(run: Run, decide: Any, settings: Any, point: int, early: int) -> None:
    """
    Let agents act in the interval after a grid point: those before the keeper comes where `early`
    is 1, those after it where it is 0. `decide` does so for all of them.
    """
    after_s, late_s, books, tape = run.cast.after_s, run.rules.late_s, run.books, run.tape
    for agent in range(len(after_s)):
        if (after_s[agent] <= late_s) == (early == 1):
            act(run, decide, settings, agent, point)
            wallet = books.wallets[agent]
            tape.values[agent][point] = value(books.pool, books.pending[agent + 1], wallet)
            tape.outside[agent][point] = wallet[OUTSIDE]


def act(run: Run, decide: Any, settings: Any, agent: int, point: int) -> None:
    """Let one agent look, decide and order."""
    rules, books, cast = run.rules, run.books, run.cast
    wallet, price = books.wallets[agent], run.track.seen[agent][point]
    epoch = point + (cast.after_s[agent] + rules.notice_s) // rules.interval_s + 1
    counts, samples = books.counts, books.samples
    prices = (
        price,
        mean(samples, counts[SAMPLES]),
        forecast(rules, samples, counts[SAMPLES], epoch - counts[LAST], price),
    )
    tables = (books.pool, books.pending[0], books.pending[agent + 1], wallet)
    wanted = decide(
        agent, look(rules, tables, prices, point, run.track.draws[agent][point]), settings
    )
    place(books, agent, epoch, wanted)
    trade_pairs(books, agent, wanted)
    trade_outside(wallet, price, wanted.hedge, cast.hedge_costs[agent])
    wallet[MEMORY] = wanted.memory


def place(books: Books, agent: int, epoch: int, wanted: Orders) -> None:
    """Pay for orders, and let them wait for their epoch (R3)."""
    amounts = (
        wanted.long_mint,
        wanted.short_mint,
        wanted.long_burn,
        wanted.short_burn,
        wanted.long_flip,
        wanted.short_flip,
    )
    wallet = books.wallets[agent]
    for kind in range(6):
        if amounts[kind] > 0.0:
            item = item_in(kind)
            amount = affordable(amounts[kind], wallet[item])
            if amount > 0.0 and join(books, epoch):
                pay(books.pool, wallet, item, amount)
                book(books, agent, epoch, kind, amount)
            elif amount > 0.0:
                books.counts[REFUSED] += 1


def pay(pool: Row, wallet: Row, item: int, amount: float) -> None:
    """Take from a wallet what an order costs; tokens only wait, they are not burned yet."""
    if item == CASH:
        wallet[CASH] -= amount
    else:
        hold(pool, item - LONG_TOKENS, wallet, item, -amount)


def join(books: Books, epoch: int) -> bool:
    """Mark an epoch as waiting, unless the keeper is too far behind (R5)."""
    counts = books.counts
    if counts[EARLIEST] < 0:
        counts[EARLIEST] = epoch
    if epoch - counts[EARLIEST] >= WINDOW:
        return False
    if epoch < counts[EARLIEST]:
        counts[EARLIEST] = epoch
    books.slots[epoch % WINDOW] = epoch
    return True


def book(books: Books, agent: int, epoch: int, kind: int, amount: float) -> None:
    """Add to an epoch's batch, and to what its owner has waiting."""
    slot = epoch % WINDOW
    books.totals[slot][kind] += amount
    books.waiting[agent][slot * 6 + kind] += amount
    books.pending[0][kind] += amount
    books.pending[agent + 1][kind] += amount


def trade_pairs(books: Books, agent: int, wanted: Orders) -> None:
    """Mint and redeem pairs at once at book value (R11), for oneself and to sell or buy outside."""
    wallet, pool = books.wallets[agent], books.pool
    if wanted.pair_mint > 0.0:
        assets = affordable(wanted.pair_mint, wallet[CASH])
        if assets > 0.0:
            mint_pair(pool, assets, wallet, LONG_TOKENS)
            wallet[CASH] -= assets
    if wanted.pair_redeem > 0.0:
        tokens = affordable(wanted.pair_redeem, paired(pool, wallet))
        if tokens > 0.0:
            wallet[CASH] += redeem_pair(pool, tokens, wallet, LONG_TOKENS)
    if wanted.arbitrage != 0.0:
        arbitrage(books, wallet, wanted.arbitrage, wanted.premium)


def paired(pool: Row, wallet: Row) -> float:
    """L-tokens of a wallet that it has the S-tokens to redeem with."""
    tokens = wallet[LONG_TOKENS]
    if pool[3] * tokens > pool[2] * wallet[SHORT_TOKENS]:
        return wallet[SHORT_TOKENS] * pool[2] / pool[3]
    return tokens


def arbitrage(books: Books, wallet: Row, amount: float, premium: float) -> None:
    """Mint a pair and sell it outside, or buy one there and redeem it."""
    pool, outsiders = books.pool, books.outsiders
    assets = affordable(amount, wallet[CASH])
    if assets > 0.0:
        mint_pair(pool, assets, outsiders, 0)
        wallet[CASH] += assets * premium
    most = min(outsiders[0] / pool[2], outsiders[1] / pool[3]) / 2.0 * (pool[0] + pool[1])
    assets = affordable(-amount, most)
    if assets > 0.0:
        received = redeem_pair(pool, assets / (pool[0] + pool[1]) * pool[2], outsiders, 0)
        wallet[CASH] -= received * premium


def mint_pair(pool: Row, assets: float, holder: Row, first: int) -> None:
    """Pay collateral into both sides; their tokens go to where `holder` keeps L-tokens."""
    total = pool[0] + pool[1]
    for side in range(2):
        tokens = pool[2 + side] * assets / total
        pool[side] += pool[side] * assets / total
        mint(pool, side, holder, first + side, tokens)


def redeem_pair(pool: Row, long_tokens: float, holder: Row, first: int) -> float:
    """Give an equal fraction of both supplies; their worth."""
    part, received = long_tokens / pool[2], 0.0
    for side in range(2):
        held, rate = pool[side], pool[side] / pool[2 + side]
        mint(pool, side, holder, first + side, -pool[2 + side] * part)
        pool[side] = pool[2 + side] * rate
        received += held * part
    return received
