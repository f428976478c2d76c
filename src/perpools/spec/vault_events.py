"""
What a side vault tells the world (R17), besides `OperatorSet`: field by field the events of
ERC-7540, ERC-4626 and ERC-7887.
"""

from typing import NamedTuple

from .events import OperatorSet
from .units import Address, Assets, Epoch, Tokens


class DepositRequest(NamedTuple):
    """`owner` paid collateral; `controller` owns the request."""

    controller: Address
    owner: Address
    request_id: Epoch
    sender: Address
    assets: Assets


class RedeemRequest(NamedTuple):
    """`owner` gave tokens; `controller` owns the request."""

    controller: Address
    owner: Address
    request_id: Epoch
    sender: Address
    shares: Tokens


class Deposit(NamedTuple):
    """Tokens were claimed."""

    sender: Address
    """The controller."""
    owner: Address
    """Who received them."""
    assets: Assets
    shares: Tokens


class Withdraw(NamedTuple):
    """Collateral was claimed."""

    sender: Address
    receiver: Address
    owner: Address
    """The controller."""
    assets: Assets
    shares: Tokens


class CancelDepositRequest(NamedTuple):
    """A deposit request was taken back; its collateral waits to be claimed."""

    controller: Address
    request_id: Epoch
    sender: Address


class CancelDepositClaim(NamedTuple):
    """Collateral of a deposit request that was taken back, or refunded, was claimed."""

    controller: Address
    receiver: Address
    request_id: Epoch
    sender: Address
    assets: Assets


class CancelRedeemRequest(NamedTuple):
    """A redeem request was taken back; its tokens wait to be claimed."""

    controller: Address
    request_id: Epoch
    sender: Address


class CancelRedeemClaim(NamedTuple):
    """Tokens of a redeem request that was taken back, or refunded, were claimed."""

    controller: Address
    receiver: Address
    request_id: Epoch
    sender: Address
    shares: Tokens


VaultEvent = (
    DepositRequest
    | RedeemRequest
    | Deposit
    | Withdraw
    | CancelDepositRequest
    | CancelDepositClaim
    | CancelRedeemRequest
    | CancelRedeemClaim
    | OperatorSet
)
