# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Forecasting
@notice What the next event of any market would do at a price: the event's own arithmetic over the
        market's views. Owns nothing.
"""

from ethereum.ercs import IERC20Detailed

from ..interfaces import IMarketViews
from ..interfaces import ITerms
from ..interfaces import ITransfer
from ..lib import checks
from ..lib import fees
from ..lib import fixed_point as fp
from ..lib import keeper_reward
from ..lib import pool
from ..lib import rates
from ..lib import schedule
from . import preview

KINDS: constant(uint256) = 6


struct Batch:
    paid_in: uint256
    # 0 before the epoch was closed, or where the orders are refunded
    paid_out: uint256


# What the chain knows when an event ends and its keeper is paid (R9).
struct Gas:
    # gas the event uses, its fixed overhead included
    used: uint256
    # what the keeper pays for it, and the fast gas price: a feed's, or the block's base fee
    price: uint256
    fast: uint256
    # price of the native coin in collateral; 0 where its feed gives none, and then nothing is paid
    assets_per_eth_wad: uint256


# The next event, as it would happen at a price.
struct Forecast:
    # the epoch it closes: the one that is due, else that of the next grid point
    epoch: uint256
    with_orders: bool
    # whether it would be accepted now; else this is how it would go at its grid point
    due: bool
    # last executed price, the one it executes at, and the part of the losing side that moves
    old_price: uint256
    new_price: uint256
    fraction: uint256
    # price of each token that the orders are executed at
    rates_wad: uint256[2]
    # what each batch pays in and receives; received 0: it is refunded
    batches: Batch[6]
    # afterwards
    balances: uint256[2]
    supplies: uint256[2]
    # the mint fee of its orders, and of those after
    mint_fee_wad: uint256
    next_mint_fee_wad: uint256
    # management fee charged, and then accrued for the primary and the secondary recipient
    fee: uint256
    fees: uint256[2]
    # the keeper's pay
    reward: uint256


@internal
@view
def _forecast(market: address, price: uint256, gas_given: Gas) -> Forecast:
    """
    @notice The next event, if nothing else happens before. Refused where the market is wound down, and
            where the price is none.
    """
    checks._check_price(price)
    views: IMarketViews = IMarketViews(market)
    terms: ITerms.Terms = staticcall views.terms()
    asset_scale: uint256 = 10 ** (18 - convert(staticcall IERC20Detailed(terms.collateral).decimals(), uint256))
    next: preview.Next = preview._next(views, terms)
    move: preview.Move = preview._move(views, terms.sma_periods, price)
    told: Forecast = empty(Forecast)
    told.epoch = next.epoch
    told.with_orders = next.with_orders
    told.due = preview._is_due(terms, next, move)
    told.old_price = move.old_price
    told.new_price = move.new_price

    told = self._with_transfer(told, views, terms, next.intervals)
    told = self._with_mint_fee(told, terms, staticcall views.mint_fee_wad(), asset_scale)
    if next.with_orders:
        told = self._with_orders(told, self._batches_of(views, next.epoch), terms.burn_fee_wad)
    return self._with_reward(told, terms, gas_given, asset_scale)


@internal
@view
def _with_transfer(
    before: Forecast, views: IMarketViews, terms: ITerms.Terms, intervals: uint256
) -> Forecast:
    """
    @notice The management fee charged, and value moved.
    """
    told: Forecast = before
    told.balances, told.supplies = staticcall views.balances_and_supplies()
    told.fees[0], told.fees[1] = staticcall views.fees_accrued()
    charged: uint256 = fees._management_fraction(terms.management_fee_wad, terms.interval_s, intervals)
    told.balances, told.fee = pool._take(told.balances, charged, fp.ONE)
    primary: uint256 = 0
    secondary: uint256 = 0
    primary, secondary = fees._split(told.fee, terms.secondary_share_wad)
    told.fees = [told.fees[0] + primary, told.fees[1] + secondary]
    told.fraction = pool._movable(
        told.supplies,
        staticcall ITransfer(terms.transfer).fraction(told.old_price, told.new_price, terms.leverage_wad),
    )
    told.balances = pool._transfer_value(told.balances, told.old_price, told.new_price, told.fraction)
    return told


@internal
@pure
def _with_mint_fee(
    before: Forecast, terms: ITerms.Terms, mint_fee_wad: uint256, asset_scale: uint256
) -> Forecast:
    """
    @notice Both rates fixed, and the mint fee stepped by them where it steps.
    """
    told: Forecast = before
    for side: uint256 in range(2):
        told.rates_wad[side] = rates._price_wad(told.balances[side], told.supplies[side], asset_scale)
    told.mint_fee_wad = mint_fee_wad
    told.next_mint_fee_wad = mint_fee_wad
    if terms.mint_fee_step_wad != 0:
        told.next_mint_fee_wad = fees._next_mint_fee(
            mint_fee_wad,
            terms.mint_fee_step_wad,
            terms.mint_fee_max_wad,
            told.rates_wad[0],
            told.rates_wad[1],
        )
    return told


@internal
@pure
def _with_orders(before: Forecast, waiting: Batch[KINDS], burn_fee_wad: uint256) -> Forecast:
    """
    @notice The epoch's batches executed.
    """
    told: Forecast = before
    amounts: uint256[6] = empty(uint256[6])
    for kind: uint256 in range(KINDS):
        amounts[kind] = waiting[kind].paid_in
    done: pool.Executed = pool._execute(
        pool.Pool(balances=told.balances, supplies=told.supplies), amounts, told.mint_fee_wad, burn_fee_wad
    )
    for kind: uint256 in range(KINDS):
        told.batches[kind] = Batch(paid_in=amounts[kind], paid_out=done.outs[kind])
    told.balances = done.pool.balances
    told.supplies = done.pool.supplies
    return told


@internal
@view
def _with_reward(
    before: Forecast, terms: ITerms.Terms, gas_given: Gas, asset_scale: uint256
) -> Forecast:
    """
    @notice The keeper paid, as soon as the event can happen.
    """
    told: Forecast = before
    point: uint256 = schedule._grid_point(told.epoch, terms.interval_s)
    tip_wad: uint256 = keeper_reward._tip(
        max(block.timestamp, point + 1) - point, terms.block_time_s, terms.tip_step_wad, terms.tip_max_wad
    )
    cost_wei: uint256 = gas_given.used * keeper_reward._gas_price(
        gas_given.price, gas_given.fast, terms.gas_premium_wei
    )
    total: uint256 = told.balances[0] + told.balances[1]
    told.reward = min(
        keeper_reward._reward(cost_wei, tip_wad, gas_given.assets_per_eth_wad, asset_scale),
        keeper_reward._cap(total, terms.reward_cap_wad),
    )
    told.balances, told.reward = pool._take(told.balances, told.reward, total)
    return told


@internal
@view
def _batches_of(views: IMarketViews, epoch: uint256) -> Batch[KINDS]:
    """
    @notice The six batches of an epoch.
    """
    six: Batch[KINDS] = empty(Batch[KINDS])
    for kind: uint256 in range(KINDS):
        six[kind].paid_in, six[kind].paid_out = staticcall views.batch(epoch, kind)
    return six
