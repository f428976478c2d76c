# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Lens
@notice A market at one moment, in as few calls as there are questions: where it stands, what its
        accounts have, what waits in its queue, what the next event would do (R18). It asks any
        market and knows nothing itself.
@custom:kill It cannot be stopped. It holds nothing and may be deployed by anybody, any number of times.
"""

from ethereum.ercs import IERC20

from .interfaces import IMarketViews
from .interfaces import ITerms
from .lib import fixed_point as fp
from .lib import schedule
from .modules import feed_reader
from .modules import forecasting
from .modules import preview

# An answer of so many accounts or epochs still fits the gas that nodes grant a call.
MAX_ACCOUNTS: constant(uint256) = 256
MAX_EPOCHS: constant(uint256) = 64

KINDS: constant(uint256) = 6
# What an event without surprises uses, the transaction included: the wages of `overview` are for this.
TYPICAL_GAS: constant(uint256) = 130_000


struct State:
    progress: IMarketViews.Progress
    # of the price, oldest first: their average is the last executed price
    samples: DynArray[uint256, preview.MAX_SAMPLES]
    # long, then short
    balances: uint256[2]
    supplies: uint256[2]
    mint_fee_wad: uint256
    # for the primary recipient, then for the secondary
    fees: uint256[2]
    recipients: address[2]
    proposed: address[2]
    # what the market's own account holds: collateral, L-tokens, S-tokens, native coin
    held: uint256[3]
    native: uint256


struct Account:
    # collateral, L-tokens, S-tokens
    wallet: uint256[3]
    # what a claim would send now
    due: IMarketViews.Due


struct Order:
    # by kind; still told after a claim
    amounts: uint256[6]
    tip: uint256


struct Overview:
    state: State
    # those with orders, earliest first
    epochs: DynArray[uint256, MAX_EPOCHS]
    batches: DynArray[forecasting.Batch[6], MAX_EPOCHS]
    # the feed's latest price, 0 where it gives none
    spot: uint256
    # at that price; empty where there is none, or the market is wound down
    forecast: forecasting.Forecast


@external
@view
def state(market: address) -> State:
    """
    @notice Where a market stands.
    """
    return self._state(market)


@external
@view
def accounts(market: address, owners: DynArray[address, MAX_ACCOUNTS]) -> DynArray[Account, MAX_ACCOUNTS]:
    """
    @notice What each of these accounts has, and what the market holds for it.
    """
    views: IMarketViews = IMarketViews(market)
    items: address[3] = self._items(views)
    told: DynArray[Account, MAX_ACCOUNTS] = []
    for owner: address in owners:
        told.append(Account(wallet=self._wallet(items, owner), due=staticcall views.claimable(owner)))
    return told


@external
@view
def batches(market: address, epochs: DynArray[uint256, MAX_EPOCHS]) -> DynArray[forecasting.Batch[6], MAX_EPOCHS]:
    """
    @notice The six batches of each of these epochs.
    """
    return self._batches(IMarketViews(market), epochs)


@external
@view
def orders(market: address, owner: address, epochs: DynArray[uint256, MAX_EPOCHS]) -> DynArray[Order, MAX_EPOCHS]:
    """
    @notice What one account ordered in each of these epochs.
    """
    views: IMarketViews = IMarketViews(market)
    told: DynArray[Order, MAX_EPOCHS] = []
    for epoch: uint256 in epochs:
        order: Order = empty(Order)
        for kind: uint256 in range(KINDS):
            order.amounts[kind] = staticcall views.order_of(owner, epoch, kind)
        order.tip = staticcall views.tip_of(owner, epoch)
        told.append(order)
    return told


@external
@view
def forecast(market: address, price: uint256, gas_given: forecasting.Gas) -> forecasting.Forecast:
    """
    @notice What the next event would do at `price`, all its orders included: the very numbers of the
            event, if nothing else happens before. Refused where the market is wound down, and
            where the price is none.
    @param price As of the event's grid point, WAD.
    @param gas_given What the keeper's pay depends on; all zero: no pay.
    """
    return forecasting._forecast(market, price, gas_given)


@external
@view
def overview(market: address) -> Overview:
    """
    @notice Where a market stands, all that waits in it, and what the next event would do at its feed's
            latest price, by a keeper who pays the fast gas price for a typical event.
    """
    views: IMarketViews = IMarketViews(market)
    told: Overview = empty(Overview)
    told.state = self._state(market)
    told.epochs = self._waiting(told.state.progress)
    told.batches = self._batches(views, told.epochs)
    terms: ITerms.Terms = staticcall views.terms()
    told.spot = feed_reader._latest(terms.feed)
    if told.spot == 0 or told.spot >= fp.MAX_PRICE:
        told.spot = 0
    elif not told.state.progress.wound_down:
        told.forecast = forecasting._forecast(market, told.spot, self._typical_gas(terms))
    return told


@internal
@view
def _state(market: address) -> State:
    views: IMarketViews = IMarketViews(market)
    told: State = empty(State)
    told.progress = staticcall views.progress()
    told.samples = preview._samples(views)
    told.balances, told.supplies = staticcall views.balances_and_supplies()
    told.mint_fee_wad = staticcall views.mint_fee_wad()
    told.fees[0], told.fees[1] = staticcall views.fees_accrued()
    told.recipients, told.proposed = staticcall views.fee_recipients()
    told.held = self._wallet(self._items(views), market)
    told.native = market.balance
    return told


@internal
@view
def _batches(
    views: IMarketViews, epochs: DynArray[uint256, MAX_EPOCHS]
) -> DynArray[forecasting.Batch[6], MAX_EPOCHS]:
    told: DynArray[forecasting.Batch[6], MAX_EPOCHS] = []
    for epoch: uint256 in epochs:
        told.append(forecasting._batches_of(views, epoch))
    return told


@internal
@pure
def _waiting(progress: IMarketViews.Progress) -> DynArray[uint256, MAX_EPOCHS]:
    """
    @notice The epochs with orders, earliest first.
    """
    told: DynArray[uint256, MAX_EPOCHS] = []
    for bit: uint256 in range(schedule.WINDOW):
        if (progress.waiting >> bit) & 1 == 1:
            told.append(progress.earliest_waiting + bit)
    return told


@internal
@view
def _typical_gas(terms: ITerms.Terms) -> forecasting.Gas:
    fast: uint256 = fp._mul_div_down(feed_reader._latest(terms.gas_feed), 1, fp.WAD)
    if fast == 0:
        fast = block.basefee
    return forecasting.Gas(
        used=TYPICAL_GAS,
        price=fast,
        fast=fast,
        assets_per_eth_wad=feed_reader._latest(terms.eth_feed),
    )


@internal
@view
def _items(views: IMarketViews) -> address[3]:
    """
    @notice Collateral, L-token, S-token.
    """
    tokens: address[2] = staticcall views.tokens()
    return [(staticcall views.terms()).collateral, tokens[0], tokens[1]]


@internal
@view
def _wallet(items: address[3], account: address) -> uint256[3]:
    held: uint256[3] = empty(uint256[3])
    for item: uint256 in range(3):
        held[item] = staticcall IERC20(items[item]).balanceOf(account)
    return held
