"""Collateral that a wallet pays to a market: is it there, and may the market take it?"""

from dataclasses import dataclass

from perpools.chain.node import Node
from perpools.chain.subject import Subject
from perpools.chain.tokens import Token
from perpools.errors import Refused
from perpools.spec.kinds import ASSETS
from perpools.spec.units import Address, Assets


@dataclass(frozen=True, slots=True)
class Payment:
    """So much of what an order is paid with, from its owner's wallet."""

    subject: Subject
    owner: Address
    item: int
    units: Assets

    def check(self) -> None:
        """Refuse what the wallet cannot pay."""
        held = self.subject.wallet(self.owner)[self.item]
        if self.units > held:
            needed, has = (self.subject.item(self.item, units) for units in (self.units, held))
            raise Refused(f"this needs {needed.text} from the wallet, which has {has.text}")

    def check_approval(self, sender: Address) -> None:
        """Refuse what the owner has to approve first: nobody else can, operators included."""
        if sender != self.owner and not self.allowed:
            amount = self.subject.assets(self.units).text
            raise Refused(f"{self.owner} has to approve the market to take {amount} first")

    @property
    def allowed(self) -> bool:
        """Whether the market may take it: L- and S-tokens need no approval."""
        if self.item != ASSETS or self.units == 0:
            return True
        return (
            self._coin(self.subject.node).allowance(self.owner, self.subject.address) >= self.units
        )

    @property
    def remarks(self) -> list[str]:
        """What is done about it."""
        if self.allowed:
            return []
        amount = self.subject.assets(self.units).text
        return [f"first a transaction that approves the market to take {amount}, and no more"]

    def approve(self, hand: Node) -> bool:
        """Approve exactly so much where the allowance is short; whether that was necessary."""
        if self.allowed:
            return False
        coin, market = self._coin(hand), self.subject.address
        if coin.allowance(self.owner, market):  # some coins change it only from and to nothing
            coin.approve(market, 0, sender=self.owner)
        coin.approve(market, self.units, sender=self.owner)
        return True

    def _coin(self, node: Node) -> Token:
        return Token(node, self.subject.seen.contracts.collateral)
