"""
Rebalancing events in the fast engine: `spec.rebalancing` in floating point.

Every function here also compiles with Numba.
"""

from .activity import order_fee, waiting_worth, write_flows, write_none, write_shares
from .books import (
    CASH,
    EARLIEST,
    EVENTS,
    FEES,
    LAST,
    LONG_TOKENS,
    SAMPLES,
    WAITING,
    WINDOW,
    Books,
    Run,
)
from .pool import (
    LONG,
    SHORT,
    Pool,
    Row,
    Rules,
    balance_after,
    charge,
    fix_outs,
    fraction,
    is_met,
    management_part,
    movable,
    next_mint_fee,
    reward_part,
    transfer,
)
from .seeing import mean
from .supplies import hold, mint, supply

At = tuple[int, int, bool]
"""The grid point of now, the epoch, whether orders wait in it."""
Move = tuple[float, float, float, float]
"""The spot price, both averages, and the part of a side that moved."""
Costs = tuple[float, float, float]
"""The mint fee of the event's orders, the management fee, the keeper's pay."""


def close_due(run: Run, point: int) -> None:
    """Close every epoch that is due when the keeper comes after a grid point."""
    counts, due = run.books.counts, True
    while due:
        earliest = counts[EARLIEST]
        with_orders = 0 <= earliest <= point
        epoch = earliest if with_orders else point
        due = epoch > counts[LAST] and run.track.known[epoch] <= point
        if due:
            due = close(run, point, epoch, with_orders)


def close(run: Run, point: int, epoch: int, with_orders: bool) -> bool:
    """Close one epoch after a grid point; false where its trigger says that it is not due."""
    rules, books, counts = run.rules, run.books, run.books.counts
    spot, old = run.track.spots[epoch], mean(books.samples, counts[SAMPLES])
    new = mean_with(rules, books.samples, counts[SAMPLES], spot)
    waited, mint_fee = epoch - counts[LAST], books.pool[4]
    if not with_orders and not is_met(rules, (old, new, spot), waited):
        return False

    record_sample(rules, books, spot)
    before = Pool(books.pool[0], books.pool[1], books.pool[2], books.pool[3])
    row = run.tape.events[counts[EVENTS]]
    row[WAITING] = waiting_worth(before, books.pending[0])
    part = movable(before, fraction(rules, old, new))
    fee = management_part(rules, waited)
    settled = transfer(charge(before, fee), old, new, part)
    done = execute_batches(rules, books, settled, epoch, row) if with_orders else settled
    late_s = (point - epoch) * rules.interval_s + rules.late_s
    reward = reward_part(rules, done, with_orders, late_s)
    after = charge(done, reward)

    if not with_orders:
        write_none(row)
    write_shares(row, after, books.wallets, books.pending)
    write(books.pool, after, next_mint_fee(rules, mint_fee, settled))
    counts[LAST] = epoch
    costs = (mint_fee, fee * (before.long + before.short), reward * (done.long + done.short))
    record(run, (point, epoch, with_orders), (spot, old, new, part[0]), (before, after), costs)
    return True


def mean_with(rules: Rules, samples: Row, count: int, spot: float) -> float:
    """The average with one more sample."""
    kept = min(count, rules.sma_periods - 1)
    total = 0.0
    for position in range(count - kept, count):
        total += samples[position]
    return (total + spot) / (kept + 1)


def record_sample(rules: Rules, books: Books, spot: float) -> None:
    """The ring of samples with one more."""
    samples, count = books.samples, books.counts[SAMPLES]
    if count < rules.sma_periods:
        samples[count] = spot
        books.counts[SAMPLES] = count + 1
        return
    for position in range(count - 1):
        samples[position] = samples[position + 1]
    samples[count - 1] = spot


def execute_batches(rules: Rules, books: Books, pool: Pool, epoch: int, line: Row) -> Pool:
    """The pool after an epoch's orders; owners are paid at once. `line` is the event's."""
    slot, outs, row, burn_fee = epoch % WINDOW, books.outs, books.pool, rules.burn_fee
    totals, pending = books.totals[slot], books.pending[0]
    fix_outs(pool, totals, row[4], burn_fee, outs)
    write_flows(line, pool, totals, burn_fee, outs)
    burn_tokens(books, slot, outs)
    long = balance_after(pool, LONG, row[2], totals, burn_fee, outs)
    short = balance_after(pool, SHORT, row[3], totals, burn_fee, outs)
    for agent in range(len(books.wallets)):
        charge_owner(books, agent, slot, pool, burn_fee)
        pay_owner(books, agent, slot, outs)
    for kind in range(6):
        pending[kind] = max(0.0, pending[kind] - totals[kind])
        totals[kind] = 0.0
    books.slots[slot] = -1
    advance(books, epoch)
    return Pool(long, short, row[2], row[3])


def burn_tokens(books: Books, slot: int, outs: Row) -> None:
    """Take all that is burned and flipped out of the supplies."""
    for agent in range(len(books.wallets)):
        waiting = books.waiting[agent]
        for kind in range(2, 6):
            if outs[kind] >= 0.0 and waiting[slot * 6 + kind] > 0.0:
                supply(books.pool, kind % 2, -waiting[slot * 6 + kind])


def charge_owner(books: Books, agent: int, slot: int, pool: Pool, burn_fee: float) -> None:
    """Count the fees of an agent's orders; they stay in the pool."""
    wallet, waiting = books.wallets[agent], books.waiting[agent]
    for kind in range(6):
        amount = waiting[slot * 6 + kind]
        if amount > 0.0 and books.outs[kind] >= 0.0:
            wallet[FEES] += order_fee(pool, kind, amount, books.pool[4], burn_fee)


def pay_owner(books: Books, agent: int, slot: int, outs: Row) -> None:
    """Give an agent what its orders received, or back what they paid."""
    wallet, waiting, pending = books.wallets[agent], books.waiting[agent], books.pending[agent + 1]
    for kind in range(6):
        amount = waiting[slot * 6 + kind]
        if amount > 0.0:
            waiting[slot * 6 + kind] = 0.0
            pending[kind] = max(0.0, pending[kind] - amount)
            refunded = outs[kind] < 0.0
            item = item_in(kind) if refunded else item_out(kind)
            if item == CASH:
                wallet[CASH] += amount if refunded else amount * outs[kind]
            elif refunded:
                hold(books.pool, item - LONG_TOKENS, wallet, item, amount)
            else:
                mint(books.pool, item - LONG_TOKENS, wallet, item, amount * outs[kind])


def item_in(kind: int) -> int:
    """What pays for an order."""
    return CASH if kind < 2 else LONG_TOKENS + kind % 2


def item_out(kind: int) -> int:
    """Where an order's proceeds go."""
    if kind < 2:
        return LONG_TOKENS + kind
    return CASH if kind < 4 else LONG_TOKENS + 1 - kind % 2


def advance(books: Books, epoch: int) -> None:
    """The earliest epoch that waits, once this one is closed."""
    books.counts[EARLIEST] = -1
    for later in range(epoch + 1, epoch + WINDOW):
        if books.slots[later % WINDOW] == later:
            books.counts[EARLIEST] = later
            return


def write(row: Row, pool: Pool, mint_fee: float) -> None:
    """Keep the pool."""
    row[0] = pool.long
    row[1] = pool.short
    row[2] = pool.long_supply
    row[3] = pool.short_supply
    row[4] = mint_fee


def record(
    run: Run,
    at: tuple[int, int, bool],
    move: tuple[float, ...],
    pools: tuple[Pool, Pool],
    costs: tuple[float, ...],
) -> None:
    """One line of the tape, in the order of `books.COLUMNS`."""
    (point, epoch, with_orders), (before, after) = at, pools
    spot, old, new, part = move
    mint_fee, fee, reward = costs
    row = run.tape.events[run.books.counts[EVENTS]]
    row[0] = epoch
    row[1] = point - epoch
    row[2] = spot
    row[3] = old
    row[4] = new
    row[5] = part
    row[6] = before.long
    row[7] = before.short
    write_after(row, after)
    row[12] = mint_fee
    row[13] = fee
    row[14] = reward
    row[15] = 1.0 if with_orders else 0.0
    run.books.counts[EVENTS] += 1


def write_after(row: Row, after: Pool) -> None:
    """The pool's part of a line."""
    row[8] = after.long
    row[9] = after.short
    row[10] = after.long_supply
    row[11] = after.short_supply
