"""What an order or a pair would come to, and what the reader should know before placing it."""

from dataclasses import dataclass
from typing import Literal

from perpools.spec.units import Address, Epoch
from perpools.values import Amount, Moment, Number, Share


@dataclass(frozen=True, slots=True)
class QuoteView:
    """An order placed now, at the present price."""

    market: Address
    kind: int
    name: str
    """Such as `mint long`."""
    pays: Amount
    from_escrow: Amount
    receives: Amount
    """About so much: the price of the moment of execution decides."""
    refunded: bool
    """Whether its epoch would refund it."""
    fee: Amount
    fee_share: Share
    """Of what is paid, in worth."""
    rate_now: Number
    rate_then: Number
    """Price of one token of the order's side now, and when it is executed."""
    against_present_rate: Share
    """How much more it receives than at the present rates without fees; negative: less."""
    epoch: Epoch
    cutoff: Moment
    executes_at: Moment
    gains_then: Number
    """Effective leverage, on gains and losses, of what is received, after the order."""
    losses_then: Number
    skew_then: Share
    exposure: Amount
    """What is received, at its worth times its leverage; nothing for a burn."""
    available: Amount | None
    """What the account could pay with from its wallet; None where nobody knows."""
    in_escrow: Amount | None
    """What it could pay with from escrow."""
    allowed: bool | None
    """Whether the market may take it already; None where nobody knows."""
    risks: tuple[str, ...]
    """Sentences to be read before ordering."""
    warnings: tuple[str, ...]
    """What is unusual about this order or this moment."""
    refusal: str | None
    """Why the order would be refused, in words; None where it would be accepted."""


@dataclass(frozen=True, slots=True)
class PairView:
    """Equal fractions of both sides, minted or redeemed at once."""

    market: Address
    action: Literal["mint", "redeem"]
    assets: Amount
    """Paid, or received."""
    long_tokens: Amount
    short_tokens: Amount
    available: Amount | None
    """Collateral, or L-tokens that have their S-tokens beside them, in the wallet."""
    allowed: bool | None
    risks: tuple[str, ...]
    refusal: str | None
