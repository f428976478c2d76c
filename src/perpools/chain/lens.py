"""The lens: a market's whole state in a call or two, in the specification's types."""

from collections.abc import Sequence
from typing import NamedTuple

from perpools.chain.contract import Contract
from perpools.spec.kinds import KINDS
from perpools.spec.state import Batch, Escrow
from perpools.spec.units import Address, Assets, Epoch, Tokens, Wad, Wei

Pair = tuple[int, int]


class Progress(NamedTuple):
    """Where a market stands on the grid."""

    last_epoch: Epoch
    earliest_waiting: Epoch
    waiting: int
    wound_down: bool


class Holdings(NamedTuple):
    """What an account itself holds."""

    assets: Assets
    long_tokens: Tokens
    short_tokens: Tokens


class State(NamedTuple):
    """A market, but for its accounts and batches."""

    progress: Progress
    samples: tuple[Wad, ...]
    """Spot prices of the last events, oldest first; their average is the last executed price."""
    balances: Pair
    supplies: Pair
    mint_fee_wad: Wad
    fees: Pair
    recipients: tuple[Address, Address]
    proposed: tuple[Address, Address]
    held: Holdings
    """What the market's own account holds."""
    native: Wei


class Account(NamedTuple):
    """One account: its wallet, and what a claim would send."""

    wallet: Holdings
    due: Escrow


class Orders(NamedTuple):
    """What one account ordered in one epoch, by kind."""

    amounts: tuple[int, ...]
    tip: Wei


class Lens:
    """Reads any market of its chain."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def state(self, market: Address) -> State:
        """Where a market stands."""
        told = State(*self.contract.read("state", market))
        return told._replace(progress=Progress(*told.progress), held=Holdings(*told.held))

    def accounts(self, market: Address, owners: Sequence[Address]) -> tuple[Account, ...]:
        """What accounts have, and what the market holds for them."""
        told = self.contract.read("accounts", market, owners)
        return tuple(
            Account(Holdings(*wallet), Escrow(*(*due, tip))) for wallet, (due, tip) in told
        )

    def batches(self, market: Address, epochs: Sequence[Epoch]) -> dict[tuple[Epoch, int], Batch]:
        """The six batches of each epoch."""
        told = self.contract.read("batches", market, epochs)
        return {
            (epoch, kind): Batch(*six[kind])
            for epoch, six in zip(epochs, told, strict=True)
            for kind in KINDS
        }

    def orders(
        self, market: Address, owner: Address, epochs: Sequence[Epoch]
    ) -> tuple[Orders, ...]:
        """What an account ordered in each epoch; still told after it claimed."""
        return tuple(
            Orders(*order) for order in self.contract.read("orders", market, owner, epochs)
        )
