"""
The only powers anybody has: owners over operators of their own, fee recipients over their own
address.

There is no other role: nobody can pause, upgrade, or take collateral (R1).
"""

from typing import TypeVar

from . import errors
from .events import FeesPaid, OperatorSet, RecipientChanged, RecipientProposed
from .state import Call, Market, Step, replace
from .terms import NOBODY
from .units import Address

PRIMARY, SECONDARY = RECIPIENTS = (0, 1)

T = TypeVar("T")


def set_operator(market: Market, call: Call, operator: Address, *, approved: bool) -> Step:
    """Let `operator` act for the caller in everything, or no longer (ERC-7540)."""
    pair = {(call.sender, operator)}
    operators = market.operators | pair if approved else market.operators - pair
    return Step(
        replace(market, operators=operators), (OperatorSet(call.sender, operator, approved),)
    )


def pay_fees(market: Market, which: int) -> Step:
    """Send a recipient the fees accrued for it; anyone may ask."""
    _check_recipient(which)
    assets = market.fees[which]
    if assets == 0:
        raise errors.NoFees
    market = replace(market, fees=_with(market.fees, which, 0), held=market.held - assets)
    return Step(market, (FeesPaid(which, market.recipients[which], assets),))


def propose_recipient(market: Market, call: Call, which: int, proposed: Address) -> Step:
    """
    Name the account that may take a recipient's place, or nobody; the recipient itself must call.
    """
    _check_recipient(which)
    if market.recipients[which] != call.sender:
        raise errors.SenderIsNotRecipient
    heir = None if proposed == NOBODY else proposed
    market = replace(market, proposed=_with(market.proposed, which, heir))
    return Step(market, (RecipientProposed(which, proposed),))


def accept_recipient(market: Market, call: Call, which: int) -> Step:
    """Take a recipient's place; the account proposed must call."""
    _check_recipient(which)
    if market.proposed[which] != call.sender:
        raise errors.SenderIsNotProposed
    recipients = _with(market.recipients, which, call.sender)
    market = replace(market, recipients=recipients, proposed=_with(market.proposed, which, None))
    return Step(market, (RecipientChanged(which, call.sender),))


def _check_recipient(which: int) -> None:
    if which not in RECIPIENTS:
        raise errors.UnknownRecipient


def _with(pair: tuple[T, T], which: int, value: T) -> tuple[T, T]:
    return (value, pair[1]) if which == PRIMARY else (pair[0], value)
