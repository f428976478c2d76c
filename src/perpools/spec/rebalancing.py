"""The rebalancing event (R5): one epoch closed, at one price, at a cost that nothing can raise."""

from typing import NamedTuple

from . import errors, fees, keeper_reward, pool, rates, schedule, tokens
from .checks import check_price
from .escrow import credit
from .events import BatchExecuted, Event, Rebalanced
from .fixed_point import ONE
from .kinds import KINDS, SIDES
from .pool import Executed, Pool
from .prices import Feed
from .state import MARKET, Batch, Call, Escrow, Market, Step, replace
from .units import Assets, Epoch, Fraction, Wad, Wei


class Gas(NamedTuple):
    """What the chain knows when an event ends and its keeper is paid (R9)."""

    used: int = 0
    """Gas that the event used, its fixed overhead included."""
    price: Wei = 0
    """Gas price that the keeper pays."""
    fast: Wei = 0
    """Fast gas price: a feed's, or the block's base fee."""
    assets_per_eth_wad: Wad = 0
    """
    Price of the native coin in collateral; 0 where its feed gives none, and then nothing is
    paid.
    """


class _Move(NamedTuple):
    """What the price did between two events, and what it costs the losing side."""

    old_price: Wad
    new_price: Wad
    spot: Wad
    fraction: Fraction


def rebalance(market: Market, call: Call, feed: Feed, gas: Gas) -> Step:
    """
    Close exactly one epoch, as of its own grid point.

    Record the price, charge the management fee, move value, execute the epoch's orders at the
    rates then fixed, pay the keeper: in this order. Whoever calls, and whenever, changes
    nothing but the keeper's tip. The call's sender is the keeper that is paid.
    """
    epoch, with_orders = _epoch_to_close(market, call)
    before, move, recorded = market.pool, *_record(market, feed, epoch)
    if not with_orders:
        _check_trigger(market, epoch, move)

    charged, fee = pool.take(before.balances, _management_fraction(market, epoch), ONE)
    balances = pool.transfer_value(charged, move.old_price, move.new_price, move.fraction)
    moved = before._replace(balances=balances)
    amounts = [market.batches.get((epoch, kind), Batch()).paid_in for kind in KINDS]
    done = pool.execute(moved, amounts, market.mint_fee_wad, market.terms.burn_fee_wad)
    total = sum(done.pool.balances)
    balances, reward = pool.take(
        done.pool.balances, _reward(market, call, epoch, gas, total), total
    )
    after = done.pool._replace(balances=balances)

    costs = (market.mint_fee_wad, fee, reward, gas.used)
    rebalanced = Rebalanced(
        epoch, call.sender, *move, *before.balances, *balances, *after.supplies, *costs
    )
    market = _accrue(replace(recorded, pool=after), fee)
    market = credit(market, call.sender, Escrow(assets=reward))
    market, executed = _settle_batches(market, epoch, amounts, done)
    return Step(_close(market, epoch, moved), (*executed, rebalanced))


def _epoch_to_close(market: Market, call: Call) -> tuple[Epoch, bool]:
    if market.wound_down:
        raise errors.MarketIsWoundDown
    passed = schedule.latest_passed(call.now, market.terms.interval_s)
    epoch, with_orders = schedule.next_to_close(passed, market.earliest_waiting, market.waiting)
    if epoch <= market.last_epoch:
        raise errors.EventIsNotDue
    return epoch, with_orders


def _record(market: Market, feed: Feed, epoch: Epoch) -> tuple[_Move, Market]:
    """
    Read the price as of the grid point: one sample per event; the average is of the samples
    there are.
    """
    spot = feed.as_of(schedule.grid_point(epoch, market.terms.interval_s))
    if spot is None:
        raise errors.FeedIsSilent
    check_price(spot)
    samples = (*market.samples, spot)[-market.terms.sma_periods :]
    recorded = replace(market, samples=samples)
    prices = market.average, recorded.average
    fraction = market.terms.transfer(*prices, market.terms.leverage_wad)
    return _Move(*prices, spot, pool.movable(market.pool.supplies, fraction)), recorded


def _check_trigger(market: Market, epoch: Epoch, move: _Move) -> None:
    """
    Without orders an event is due when its trigger says so, at the latest after the longest
    wait (R7).
    """
    trigger, waited_s = market.terms.trigger, (epoch - market.last_epoch) * market.terms.interval_s
    if trigger is None or waited_s >= market.terms.max_interval_s:
        return
    if not trigger(move.old_price, move.new_price, move.spot):
        raise errors.TriggerIsNotMet


def _management_fraction(market: Market, epoch: Epoch) -> Fraction:
    terms = market.terms
    return fees.management_fraction(
        terms.management_fee_wad, terms.interval_s, epoch - market.last_epoch
    )


def _reward(market: Market, call: Call, epoch: Epoch, gas: Gas, total: Assets) -> Assets:
    terms = market.terms
    late_s = call.now - schedule.grid_point(epoch, terms.interval_s)
    tip = keeper_reward.tip(late_s, terms.block_time_s, terms.tip_step_wad, terms.tip_max_wad)
    price = keeper_reward.gas_price(gas.price, gas.fast, terms.gas_premium_wei)
    earned = keeper_reward.reward(gas.used * price, tip, gas.assets_per_eth_wad, terms.asset_scale)
    return min(earned, keeper_reward.cap(total, terms.reward_cap_wad))


def _accrue(market: Market, fee: int) -> Market:
    primary, secondary = fees.split(fee, market.terms.secondary_share_wad)
    return replace(market, fees=(market.fees[0] + primary, market.fees[1] + secondary))


def _settle_batches(
    market: Market, epoch: Epoch, amounts: list[int], done: Executed
) -> tuple[Market, tuple[Event, ...]]:
    """Freeze what each batch received, and mint and burn the tokens in the market's care."""
    batches, executed = dict(market.batches), []
    for kind in KINDS:
        if amounts[kind]:
            batches[epoch, kind] = Batch(amounts[kind], done.outs[kind])
            executed.append(BatchExecuted(epoch, kind, amounts[kind], done.outs[kind]))
    for side in SIDES:
        holdings = tokens.credit(market.holdings[side], MARKET, done.minted[side])
        market = tokens.with_holdings(
            market, side, tokens.debit(holdings, MARKET, done.burned[side])
        )
    return replace(market, batches=batches), tuple(executed)


def _close(market: Market, epoch: Epoch, settled: Pool) -> Market:
    """
    Advance the grid, and step the mint fee where it steps (R8), by the rates this event
    settled at.
    """
    terms, mint_fee_wad = market.terms, market.mint_fee_wad
    if terms.mint_fee_step_wad:
        prices = (rates.price_wad(b, s, terms.asset_scale) for b, s in zip(*settled, strict=True))
        step, most = terms.mint_fee_step_wad, terms.mint_fee_max_wad
        mint_fee_wad = fees.next_mint_fee(mint_fee_wad, step, most, *prices)
    earliest, waiting = market.earliest_waiting, market.waiting
    if waiting and epoch == earliest:
        earliest, waiting = schedule.leave(earliest, waiting)
    return replace(
        market,
        last_epoch=epoch,
        earliest_waiting=earliest,
        waiting=waiting,
        mint_fee_wad=mint_fee_wad,
    )
