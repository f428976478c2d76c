# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Lens
@notice A market at one moment, in as few calls as there are questions: where it stands, what its
        accounts have, what waits in its queue (R18). It asks any market and knows nothing itself.
@custom:kill It cannot be stopped. It holds nothing and may be deployed by anybody, any number of times.
"""

from ethereum.ercs import IERC20

from .interfaces import IMarketViews

# An answer of so many accounts or epochs still fits the gas that nodes grant a call.
MAX_ACCOUNTS: constant(uint256) = 256
MAX_EPOCHS: constant(uint256) = 64
# The longest average there is.
MAX_SAMPLES: constant(uint256) = 24

KINDS: constant(uint256) = 6


struct State:
    progress: IMarketViews.Progress
    # of the price, oldest first: their average is the last executed price
    samples: DynArray[uint256, MAX_SAMPLES]
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


struct Batch:
    paid_in: uint256
    # 0 before the epoch was closed, or where the orders are refunded
    paid_out: uint256


struct Order:
    # by kind; still told after a claim
    amounts: uint256[6]
    tip: uint256


@external
@view
def state(market: address) -> State:
    """
    @notice Where a market stands.
    """
    views: IMarketViews = IMarketViews(market)
    told: State = empty(State)
    told.progress = staticcall views.progress()
    told.samples = self._samples(views)
    told.balances, told.supplies = staticcall views.balances_and_supplies()
    told.mint_fee_wad = staticcall views.mint_fee_wad()
    told.fees[0], told.fees[1] = staticcall views.fees_accrued()
    told.recipients, told.proposed = staticcall views.fee_recipients()
    told.held = self._wallet(self._items(views), market)
    told.native = market.balance
    return told


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
def batches(market: address, epochs: DynArray[uint256, MAX_EPOCHS]) -> DynArray[Batch[KINDS], MAX_EPOCHS]:
    """
    @notice The six batches of each of these epochs.
    """
    told: DynArray[Batch[KINDS], MAX_EPOCHS] = []
    for epoch: uint256 in epochs:
        six: Batch[KINDS] = empty(Batch[KINDS])
        for kind: uint256 in range(KINDS):
            six[kind].paid_in, six[kind].paid_out = staticcall IMarketViews(market).batch(epoch, kind)
        told.append(six)
    return told


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


@internal
@view
def _samples(views: IMarketViews) -> DynArray[uint256, MAX_SAMPLES]:
    told: DynArray[uint256, MAX_SAMPLES] = []
    for index: uint256 in range(MAX_SAMPLES):
        sample: uint256 = 0
        count: uint256 = 0
        sample, count = staticcall views.sample(index)
        if index == count:
            break
        told.append(sample)
    return told


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
