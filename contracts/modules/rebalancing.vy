# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Rebalancing
@notice The rebalancing event (R5): one epoch closed, at one price, at a cost that nothing can
        raise. Owns the mint fee where it steps (R8).
"""

from ..interfaces import IFeed
from ..interfaces import IMarket
from ..interfaces import ISideToken
from ..interfaces import ITransfer
from ..interfaces import ITrigger
from ..lib import checks
from ..lib import fees
from ..lib import fixed_point as fp
from ..lib import keeper_reward
from ..lib import pool
from ..lib import rates
from ..lib import schedule
from . import charter
from . import custody
from . import escrow
from . import feed_reader
from . import fee_account
from . import grid
from . import order_book
from . import price_average
from . import sides

uses: charter
uses: custody
uses: escrow
uses: fee_account
uses: grid
uses: order_book
uses: price_average
uses: sides

# Gas of an event outside what the contract can measure: the transaction itself (21,000), and what is
# written and logged after the keeper's pay is known.
GAS_OVERHEAD: constant(uint256) = 51_000


struct Move:
    old_price: uint256
    new_price: uint256
    spot: uint256
    fraction: uint256


struct Costs:
    mint_fee_wad: uint256
    fee: uint256
    reward: uint256
    gas_used: uint256


mint_fee: uint256


@deploy
def __init__():
    self.mint_fee = charter.TERMS.mint_fee_wad


@external
@nonreentrant
def rebalance(hint: uint256 = 0, keeper: address = msg.sender) -> uint256:
    """
    @notice Close exactly one epoch as of its own grid point: record the price, charge the
            management fee, move value, execute the epoch's orders at the rates then fixed, pay
            the keeper (R5). Its cost does not depend on how many orders wait or how late it is.
    @param hint Helps the feed to prove the price, such as a round id; never changes it.
    @param keeper Whose escrow is paid.
    @return The epoch closed.
    """
    gas_before: uint256 = msg.gas
    now: grid.Grid = grid._live()
    epoch: uint256 = 0
    with_orders: bool = False
    epoch, with_orders = self._epoch_to_close(now)
    move: Move = self._record(now, epoch, with_orders, hint)

    after: pool.Pool = sides._pool()
    before: uint256[2] = after.balances
    costs: Costs = empty(Costs)
    move.fraction = pool._movable(after.supplies, self._fraction(move))
    after.balances, costs.fee = pool._take(before, self._management_fraction(epoch - now.last_epoch), fp.ONE)
    after.balances = pool._transfer_value(after.balances, move.old_price, move.new_price, move.fraction)
    costs.mint_fee_wad = self._step_mint_fee(after)
    if with_orders:
        after = self._execute(epoch, after, costs.mint_fee_wad, 6 if now.leaving & 1 == 1 else 2)

    fee_account._accrue(costs.fee, charter.TERMS.secondary_share_wad)
    grid._close(now, epoch)
    costs.gas_used = gas_before - msg.gas + GAS_OVERHEAD
    after.balances, costs.reward = self._pay_keeper(epoch, costs.gas_used, after.balances)
    escrow._credit_assets(keeper, costs.reward)
    sides._set(after)

    self._tell(epoch, keeper, move, before, after, costs)
    return epoch


@external
@nonreentrant
@view
def mint_fee_wad() -> uint256:
    """
    @notice The mint fee that the next event's orders pay.
    """
    return self._mint_fee()


@internal
@view
def _epoch_to_close(now: grid.Grid) -> (uint256, bool):
    epoch: uint256 = 0
    with_orders: bool = False
    epoch, with_orders = schedule._next_to_close(
        schedule._latest_passed(block.timestamp, charter.TERMS.interval_s), now.earliest_waiting, now.waiting
    )
    assert epoch > now.last_epoch, "event: not due"
    return epoch, with_orders


@internal
def _record(now: grid.Grid, epoch: uint256, with_orders: bool, hint: uint256) -> Move:
    """
    @notice Read the price as of the grid point and record it; where no order waits, only if the
            trigger says so or the longest wait is over (R7).
    """
    move: Move = empty(Move)
    move.spot = (staticcall IFeed(charter.TERMS.feed).as_of(charter._grid_point(epoch), hint))[0]
    checks._check_price(move.spot)
    move.old_price, move.new_price = price_average._record(move.spot, charter.TERMS.sma_periods)
    if with_orders or charter.TERMS.trigger == empty(address):
        return move
    if (epoch - now.last_epoch) * charter.TERMS.interval_s < charter.TERMS.max_interval_s:
        due: bool = staticcall ITrigger(charter.TERMS.trigger).due(move.old_price, move.new_price, move.spot)
        assert due, "event: trigger not met"
    return move


@internal
@view
def _management_fraction(intervals: uint256) -> uint256:
    if charter.TERMS.management_fee_wad == 0:
        return 0
    return fees._management_fraction(charter.TERMS.management_fee_wad, charter.TERMS.interval_s, intervals)


@internal
@view
def _fraction(move: Move) -> uint256:
    return staticcall ITransfer(charter.TERMS.transfer).fraction(move.old_price, move.new_price, charter.TERMS.leverage_wad)


@internal
def _execute(epoch: uint256, moved: pool.Pool, mint_fee_wad: uint256, kinds_ordered: uint256) -> pool.Pool:
    """
    @notice Execute the batches of an epoch at the rates of `moved`; one call per token.
    @param kinds_ordered Two where nobody burns or flips, else six.
    """
    amounts: uint256[6] = order_book._amounts(epoch, kinds_ordered)
    done: pool.Executed = pool._execute(moved, amounts, mint_fee_wad, charter.TERMS.burn_fee_wad)
    for kind: uint256 in range(kinds_ordered, bound=6):
        if amounts[kind] != 0:
            order_book._freeze(epoch, kind, amounts[kind], done.outs[kind])
            log IMarket.BatchExecuted(
                epoch=epoch, kind=kind, paid_in=amounts[kind], paid_out=done.outs[kind]
            )
    for side: uint256 in range(2):
        if done.minted[side] != 0 or done.burned[side] != 0:
            extcall ISideToken(custody.TOKENS[side]).settle(done.minted[side], done.burned[side])
    return done.pool


@internal
@view
def _mint_fee() -> uint256:
    if charter.TERMS.mint_fee_step_wad == 0:
        return charter.TERMS.mint_fee_wad
    return self.mint_fee


@internal
def _step_mint_fee(settled: pool.Pool) -> uint256:
    """
    @notice Step the mint fee where it steps, by the rates the event settles at (R8).
    @return The mint fee of this event's orders.
    """
    mint_fee_wad: uint256 = self._mint_fee()
    if charter.TERMS.mint_fee_step_wad == 0:
        return mint_fee_wad
    self.mint_fee = fees._next_mint_fee(
        mint_fee_wad,
        charter.TERMS.mint_fee_step_wad,
        charter.TERMS.mint_fee_max_wad,
        rates._price_wad(settled.balances[0], settled.supplies[0], charter.ASSET_SCALE),
        rates._price_wad(settled.balances[1], settled.supplies[1], charter.ASSET_SCALE),
    )
    return mint_fee_wad


@internal
@view
def _pay_keeper(epoch: uint256, gas_used: uint256, balances: uint256[2]) -> (uint256[2], uint256):
    """
    @notice Both balances after they paid the keeper in proportion, and its reward: nothing where
            its feed gives no price (R9).
    """
    assets_per_eth_wad: uint256 = feed_reader._latest(charter.TERMS.eth_feed)
    if assets_per_eth_wad == 0:
        return balances, 0
    fast: uint256 = fp._mul_div_down(feed_reader._latest(charter.TERMS.gas_feed), 1, fp.WAD)
    if fast == 0:
        fast = block.basefee
    late_s: uint256 = block.timestamp - charter._grid_point(epoch)
    tip_wad: uint256 = keeper_reward._tip(
        late_s, charter.TERMS.block_time_s, charter.TERMS.tip_step_wad, charter.TERMS.tip_max_wad
    )
    cost_wei: uint256 = gas_used * keeper_reward._gas_price(tx.gasprice, fast, charter.TERMS.gas_premium_wei)
    total: uint256 = balances[0] + balances[1]
    reward: uint256 = min(
        keeper_reward._reward(cost_wei, tip_wad, assets_per_eth_wad, charter.ASSET_SCALE),
        keeper_reward._cap(total, charter.TERMS.reward_cap_wad),
    )
    return pool._take(balances, reward, total)


@internal
def _tell(
    epoch: uint256, keeper: address, move: Move, before: uint256[2], after: pool.Pool, costs: Costs
):
    log IMarket.Rebalanced(
        epoch=epoch,
        keeper=keeper,
        old_price=move.old_price,
        new_price=move.new_price,
        spot=move.spot,
        fraction=move.fraction,
        long_before=before[0],
        short_before=before[1],
        long_after=after.balances[0],
        short_after=after.balances[1],
        long_supply=after.supplies[0],
        short_supply=after.supplies[1],
        mint_fee_wad=costs.mint_fee_wad,
        fee=costs.fee,
        reward=costs.reward,
        gas_used=costs.gas_used,
    )
