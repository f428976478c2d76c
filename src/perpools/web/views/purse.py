"""What an account could pay with: its own hands, and what the market holds for it."""

from dataclasses import dataclass
from typing import NamedTuple

from perpools.chain.tokens import Token
from perpools.errors import ChainError
from perpools.spec.kinds import ASSETS, LONG_TOKENS
from perpools.spec.units import Address
from perpools.values import Amount
from perpools.web.live import Live
from perpools.web.sight import Sight


class Coins(NamedTuple):
    """Collateral of a wallet."""

    held: int
    allowed: int
    """What the market may take of it."""


@dataclass(frozen=True, slots=True)
class Purse:
    """An account's, for one item of a market."""

    wallet: Amount | None
    """None where nobody knows."""
    escrow: Amount | None
    allowed: int | None
    """Of its wallet, what the market may take; None where nobody knows."""

    def lacks(self, units: int) -> str | None:
        """What is wrong with paying so much from the wallet; None where nothing is known to be."""
        if self.wallet is None or units <= self.wallet.units:
            return None
        needed = Amount(units, self.wallet.decimals, self.wallet.symbol)
        return f"This needs {needed.text} from the wallet, which has {self.wallet.text}."

    def allows(self, units: int) -> bool | None:
        """Whether the market may take so much; None where nobody knows."""
        return None if self.allowed is None else units <= self.allowed


def purse(live: Live, sight: Sight, account: Address | None, item: int) -> Purse:
    """One account's; nothing is known of nobody, nor of a wallet's coins without a node."""
    if account is None:
        return Purse(None, None, None)
    escrow = sight.item(item, sight.due(account)[item])
    if item != ASSETS:
        side = item - LONG_TOKENS
        held = sight.market.holdings[side].get(account, 0)
        return Purse(sight.tokens(side, held), escrow, held)
    known = coins(live, sight, account)
    if known is None:
        return Purse(None, escrow, None)
    return Purse(sight.assets(known.held), escrow, known.allowed)


def coins(live: Live, sight: Sight, account: Address) -> Coins | None:
    """A wallet's collateral; None while no node tells."""
    if not live.last.node:
        return None
    try:
        token = Token(live.node, sight.fixed.contracts.collateral)
        return Coins(token.balance(account), token.allowance(account, sight.address))
    except ChainError:
        return None
