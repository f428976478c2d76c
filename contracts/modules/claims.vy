# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Claims
@notice What is due to accounts, and how they take it (R10).
"""

from ..interfaces import IMarket
from ..lib import checks
from ..lib import pool
from ..lib import schedule
from . import custody
from . import escrow
from . import grid
from . import operators
from . import order_book

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
def claim(owner: address = msg.sender) -> escrow.Held:
    """
    @notice Send `owner` everything that is due: what its executed orders received and what the
            market holds for it. The tips go to the caller: the owner, an operator of it, or
            anybody where an executed order was tipped for it.
    @return What was sent.
    """
    due: escrow.Held = empty(escrow.Held)
    rest: uint256 = 0
    due, rest = self._due(owner)
    assert due.tip != 0 or operators._allows(owner, msg.sender), "claim: not tipped"
    assert due.tip + due.amounts[0] + due.amounts[1] + due.amounts[2] != 0, "claim: nothing"

    order_book._settle(owner, rest)
    escrow._set(owner, empty(escrow.Held))

    for item: uint256 in range(3):
        custody._pay_out(owner, item, due.amounts[item])
    custody._pay_tip(due.tip)

    log IMarket.Claimed(
        owner=owner,
        caller=msg.sender,
        assets=due.amounts[0],
        long_tokens=due.amounts[1],
        short_tokens=due.amounts[2],
        tip=due.tip,
    )
    return due


@external
@nonreentrant
def withdraw(item: uint256, amount: uint256, owner: address = msg.sender, receiver: address = msg.sender):
    """
    @notice Send part of one thing that is due to `owner` to a receiver of its choice.
    @param item 0 collateral, 1 L-tokens, 2 S-tokens.
    """
    operators._authorise(owner)
    assert item < 3, "item: unknown"
    checks._check_amount(amount, pool.LIMIT - 1)

    self._spend(owner, item, amount)

    custody._pay_out(receiver, item, amount)

    log IMarket.Withdrawn(owner=owner, receiver=receiver, item=item, amount=amount)


@external
@nonreentrant
@view
def claimable(owner: address) -> escrow.Held:
    """
    @notice What a claim for `owner` would send now.
    """
    return self._due(owner)[0]


@internal
@view
def _due(owner: address) -> (escrow.Held, uint256):
    """
    @notice What is due to an owner, and its word in the order book once it has got it.
    """
    now: grid.Grid = grid._grid()
    return self._due_through(owner, max_value(uint256) if now.wound_down else now.last_epoch)


@internal
@view
def _due_through(owner: address, through: uint256) -> (escrow.Held, uint256):
    """
    @notice What is due to an owner for epochs up to `through`, all closed or refundable, and from
            escrow; and its word in the order book once it has got it.
    """
    orders: order_book.Due = order_book._due(owner, through)
    held: escrow.Held = escrow._held(owner)
    for item: uint256 in range(3):
        held.amounts[item] += orders.amounts[item]
    held.tip += orders.tip
    return held, orders.rest


@internal
def _make_room(owner: address, epoch: uint256):
    """
    @notice Let the order book's word of an owner reach `epoch`: what executed orders more than a
            window before it received moves into escrow.
    """
    held: escrow.Held = empty(escrow.Held)
    rest: uint256 = 0
    held, rest = self._due_through(owner, epoch - schedule.WINDOW)
    order_book._settle(owner, rest)
    escrow._set(owner, held)


@internal
def _spend(owner: address, item: uint256, amount: uint256):
    """
    @notice Take `amount` of one item out of what is due to an owner.
    """
    held: escrow.Held = empty(escrow.Held)
    rest: uint256 = 0
    held, rest = self._due(owner)
    assert amount <= held.amounts[item], "escrow: too low"
    held.amounts[item] -= amount
    order_book._settle(owner, rest)
    escrow._set(owner, held)
