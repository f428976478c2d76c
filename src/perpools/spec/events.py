"""
What a market tells the world (R16): past-tense facts, field by field those of
`contracts/interfaces/IMarket.vyi`; and, since its tokens tell it for them, what holders send each
other.

Every row that an indexer needs, and the state itself, can be built from them alone.
"""

from typing import NamedTuple

from .units import Address, Assets, Epoch, Fraction, Tokens, Wad, Wei


class OrderPlaced(NamedTuple):
    """An order was paid for; it will be executed as of the grid point of `epoch`."""

    owner: Address
    controller: Address
    epoch: Epoch
    kind: int
    amount: int
    from_escrow: int
    tip: Wei


class OrderCancelled(NamedTuple):
    """An order was taken back into escrow."""

    controller: Address
    epoch: Epoch
    kind: int
    amount: int
    tip: Wei
    """Native coin sent back, where it was the controller's last order in that epoch."""


class BatchExecuted(NamedTuple):
    """All orders of a kind in an epoch were executed, or refunded."""

    epoch: Epoch
    kind: int
    paid_in: int
    paid_out: int
    """0: the batch is refunded (R12)."""


class Rebalanced(NamedTuple):
    """An epoch was closed."""

    epoch: Epoch
    keeper: Address
    old_price: Wad
    new_price: Wad
    spot: Wad
    fraction: Fraction
    long_before: Assets
    short_before: Assets
    long_after: Assets
    short_after: Assets
    long_supply: Tokens
    short_supply: Tokens
    mint_fee_wad: Wad
    """The mint fee that this epoch's orders paid."""
    fee: Assets
    reward: Assets
    gas_used: int


class Claimed(NamedTuple):
    """Everything due to `owner` was sent to it; the tip went to `caller`."""

    owner: Address
    caller: Address
    assets: Assets
    long_tokens: Tokens
    short_tokens: Tokens
    tip: Wei


class Withdrawn(NamedTuple):
    """Part of what is due to `owner` was sent to `receiver`."""

    owner: Address
    receiver: Address
    item: int
    amount: int


class PairMinted(NamedTuple):
    """Equal fractions of both sides were minted."""

    owner: Address
    long_assets: Assets
    short_assets: Assets
    long_tokens: Tokens
    short_tokens: Tokens


class PairRedeemed(NamedTuple):
    """Equal fractions of both sides were redeemed."""

    owner: Address
    long_assets: Assets
    short_assets: Assets
    long_tokens: Tokens
    short_tokens: Tokens


class WoundDown(NamedTuple):
    """The market stopped for good."""

    epoch: Epoch
    """The epoch closed last, whose rates hold for ever."""


class Redeemed(NamedTuple):
    """Tokens of a wound-down market were redeemed."""

    owner: Address
    side: int
    tokens: Tokens
    assets: Assets


class OperatorSet(NamedTuple):
    """An account let another act for it, or no longer (ERC-7540)."""

    controller: Address
    operator: Address
    approved: bool


class FeesPaid(NamedTuple):
    """A recipient was sent its management fees."""

    which: int
    recipient: Address
    assets: Assets


class RecipientProposed(NamedTuple):
    """A recipient named the account that may take its place."""

    which: int
    proposed: Address


class RecipientChanged(NamedTuple):
    """A recipient's place was taken."""

    which: int
    recipient: Address


class Transfer(NamedTuple):
    """Tokens of a side moved, were minted (by `NOBODY`) or burned (to `NOBODY`)."""

    side: int
    sender: Address
    receiver: Address
    tokens: Tokens


class Deployed(NamedTuple):
    """A market came to be: what its factory tells of it, beside its terms."""

    deployer: Address
    first_price: Wad
    seed_assets: Assets
    """Collateral that the deployer paid to each side."""
    last_epoch: Epoch
    """The epoch that counts as closed."""


Event = (
    OrderPlaced
    | OrderCancelled
    | BatchExecuted
    | Rebalanced
    | Claimed
    | Withdrawn
    | PairMinted
    | PairRedeemed
    | WoundDown
    | Redeemed
    | OperatorSet
    | FeesPaid
    | RecipientProposed
    | RecipientChanged
    | Transfer
)
