"""
L- and S-tokens changing hands (R15). A token knows four events: moving, minting, burning, and
nothing else.

Functions on one side's holdings return the new holdings; totals are the pool's business.
"""

from collections.abc import Mapping

from .errors import ReceiverIsZero, TokenBalanceIsTooLow
from .state import Market, replace
from .terms import NOBODY
from .units import Address, Tokens

Holdings = Mapping[Address, Tokens]


def credit(holdings: Holdings, holder: Address, tokens: Tokens) -> Holdings:
    """The holdings after `tokens` came into being."""
    return {**holdings, holder: holdings.get(holder, 0) + tokens}


def debit(holdings: Holdings, holder: Address, tokens: Tokens) -> Holdings:
    """The holdings after `tokens` ceased to be."""
    held = holdings.get(holder, 0)
    if tokens > held:
        raise TokenBalanceIsTooLow
    return {**holdings, holder: held - tokens}


def move(holdings: Holdings, sender: Address, receiver: Address, tokens: Tokens) -> Holdings:
    """The holdings after `tokens` went from `sender` to `receiver`, who is somebody."""
    if receiver == NOBODY:
        raise ReceiverIsZero
    return credit(debit(holdings, sender, tokens), receiver, tokens)


def with_holdings(market: Market, side: int, holdings: Holdings) -> Market:
    """The market after the holdings of one side's token changed."""
    long, short = market.holdings
    return replace(market, holdings=(holdings, short) if side == 0 else (long, holdings))


def transfer(
    market: Market, side: int, sender: Address, receiver: Address, tokens: Tokens
) -> Market:
    """The market after a holder sent tokens of one side to somebody: no other number changes."""
    return with_holdings(market, side, move(market.holdings[side], sender, receiver, tokens))
