# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Orders
@notice Orders: placed into the one epoch their moment decides, cancelled while that epoch is
        open (R3, R4).
"""

from ..interfaces import IMarket
from ..lib import checks
from ..lib import kinds
from ..lib import pool
from ..lib import schedule
from . import charter
from . import claims
from . import custody
from . import escrow
from . import grid
from . import operators
from . import order_book

uses: charter
uses: claims
uses: custody
uses: escrow
uses: grid
uses: operators
uses: order_book

@deploy
def __init__():
    pass


@external
@nonreentrant
@payable
def place_order(
    kind: uint256,
    amount: uint256,
    from_escrow: uint256 = 0,
    owner: address = msg.sender,
    controller: address = msg.sender,
    last_epoch: uint256 = max_value(uint256),
) -> uint256:
    """
    @notice Pay now, be executed as of the first grid point more than the front-running interval
            away. Native coin sent along is a tip for whoever claims for `controller` then.
    @param kind 0 long mint, 1 short mint, 2 long burn, 3 short burn, 4 long flip, 5 short flip.
    @param amount Collateral to mint with, or tokens to burn or flip.
    @param from_escrow The part paid from what the market holds for `owner`; the rest comes from
           the wallet.
    @param owner Pays; the caller, or who appointed it operator.
    @param controller Owns the order and what comes of it.
    @param last_epoch The latest epoch the order may join.
    @return The epoch it joined.
    """
    now: grid.Grid = grid._live()
    epoch: uint256 = charter._epoch_joined()
    checks._check_kind(kind)
    checks._check_amount(amount, pool.LIMIT - 1)
    assert from_escrow <= amount, "escrow: more than the amount"
    operators._authorise(owner)
    assert msg.value == 0 or operators._allows(controller, msg.sender), "tip: not the controller's"
    assert epoch <= last_epoch, "epoch: later than asked"
    # no order joins an epoch before one that waits
    assert (
        now.waiting == 0 or unsafe_sub(epoch, now.earliest_waiting) < schedule.WINDOW
    ), "epoch: behind, rebalance first"

    if from_escrow != 0:
        claims._spend(owner, kinds._item_in(kind), from_escrow)
    self._book(now, controller, epoch, kind, amount)

    custody._collect(owner, kinds._item_in(kind), unsafe_sub(amount, from_escrow))  # checked above

    log IMarket.OrderPlaced(
        owner=owner,
        controller=controller,
        epoch=epoch,
        kind=kind,
        amount=amount,
        from_escrow=from_escrow,
        tip=msg.value,
    )
    return epoch


@external
@nonreentrant
def cancel_order(epoch: uint256, kind: uint256, controller: address = msg.sender) -> uint256:
    """
    @notice Take a whole order back into escrow; possible as long as the same order placed now
            would join its epoch. A tip comes back to the caller with the last order of the epoch.
    @return What the order had paid.
    """
    grid._live()
    checks._check_kind(kind)
    operators._authorise(controller)
    assert epoch == charter._epoch_joined(), "order: past its cut-off"

    amount: uint256 = 0
    tip: uint256 = 0
    amount, tip = order_book._remove(controller, epoch, kind)
    held: escrow.Held = escrow._held(controller)
    held.amounts[kinds._item_in(kind)] += amount
    escrow._set(controller, held)

    custody._pay_tip(tip)

    log IMarket.OrderCancelled(controller=controller, epoch=epoch, kind=kind, amount=amount, tip=tip)
    return amount


@internal
@payable
def _book(now: grid.Grid, controller: address, epoch: uint256, kind: uint256, amount: uint256):
    """
    @notice Write an order and its tip down, and mark its epoch.
    """
    if not order_book._has_room(controller, epoch):
        claims._make_room(controller, epoch)
    order_book._add(controller, epoch, kind, amount, msg.value)
    grid._join(now, epoch, kind >= kinds.LONG_BURN)
