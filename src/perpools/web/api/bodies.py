"""What somebody may send: the actions of users, each with its own arguments."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from perpools.web.api.asked import Account, Units
from perpools.web.views.trial import AgentName

Kind = Annotated[
    int,
    Field(
        ge=0,
        le=5,
        description="0 mint long, 1 mint short, 2 burn long, 3 burn short, "
        "4 flip long to short, 5 flip short to long.",
        examples=[0],
    ),
]
Side = Annotated[int, Field(ge=0, le=1, description="0 long, 1 short.", examples=[0])]
Which = Annotated[int, Field(ge=0, le=1, description="0 the primary, 1 the secondary recipient.")]
Epoch = Annotated[int, Field(ge=0, le=2**40)]
FOR = "Who owns it; the sender if not given."


class Body(BaseModel):
    """What is sent; nothing else may be in it."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asking(Body):
    """What every action names."""

    market: Account
    sender: Account
    """Who will sign."""

    def arguments(self) -> dict[str, Any]:
        """As `transactions.prepare` takes them."""
        told = self.model_dump(exclude={"market", "sender", "action"}, exclude_none=True)
        digits = {name: value for name, value in told.items() if name in _UNITS}
        return told | {name: int(value) for name, value in digits.items()}


_UNITS = ("units", "amount", "from_escrow", "tip", "assets", "long_tokens", "tokens", "hint")


class Approve(Asking):
    """Let the market take collateral, exactly so much."""

    action: Literal["approve"]
    units: Units


class Order(Asking):
    """Mint, burn or flip at the first grid point beyond the front-running interval."""

    action: Literal["order"]
    kind: Kind
    amount: Units = Field(description="Collateral to mint with, else tokens.")
    from_escrow: Units = Field("0", description="The part paid from escrow.")
    tip: Units = Field("0", description="Wei for whoever claims afterwards.")
    owner: Account | None = Field(None, description="Who pays; the sender if not given.")
    controller: Account | None = Field(None, description=FOR)
    last_epoch: Epoch | None = Field(None, description="Refuse it if it joins a later epoch.")


class Cancel(Asking):
    """Take an order back into escrow, before its cut-off."""

    action: Literal["cancel"]
    epoch: Epoch
    kind: Kind
    controller: Account | None = Field(None, description=FOR)


class Claim(Asking):
    """Have everything sent that is due."""

    action: Literal["claim"]
    owner: Account | None = Field(None, description=FOR)


class Withdraw(Asking):
    """Have part of one thing sent that is due."""

    action: Literal["withdraw"]
    item: int = Field(ge=0, le=2, description="0 collateral, 1 long, 2 short tokens.")
    amount: Units
    receiver: Account | None = Field(None, description="The sender if not given.")
    owner: Account | None = Field(None, description=FOR)


class MintPair(Asking):
    """Equal fractions of both sides, at once."""

    action: Literal["mint-pair"]
    assets: Units


class RedeemPair(Asking):
    """Give equal fractions of both sides, at once."""

    action: Literal["redeem-pair"]
    long_tokens: Units


class SetOperator(Asking):
    """Let somebody act for the sender in everything, or no longer."""

    action: Literal["set-operator"]
    operator: Account
    approved: bool


class Rebalance(Asking):
    """Close an epoch that is due, and be paid for it."""

    action: Literal["rebalance"]
    hint: Units | None = Field(None, description="The feed's; found where not given.")


class PayFees(Asking):
    """Have a fee recipient sent what it is owed; anybody may."""

    action: Literal["pay-fees"]
    which: Which


class ProposeRecipient(Asking):
    """Name the account that may take the sender's place as a fee recipient, once it accepts."""

    action: Literal["propose-recipient"]
    which: Which
    proposed: Account | None = Field(None, description="Nobody if not given: takes one back.")


class AcceptRecipient(Asking):
    """Take the place of the fee recipient who proposed the sender."""

    action: Literal["accept-recipient"]
    which: Which


class Redeem(Asking):
    """Give tokens of a market that is wound down."""

    action: Literal["redeem"]
    side: Side
    tokens: Units


class WindDown(Asking):
    """Stop a market whose feed is dead."""

    action: Literal["wind-down"]


class Transfer(Asking):
    """Send tokens of a side to somebody."""

    action: Literal["transfer"]
    side: Side
    receiver: Account
    tokens: Units


AnyAction = Annotated[
    Approve
    | Order
    | Cancel
    | Claim
    | Withdraw
    | MintPair
    | RedeemPair
    | SetOperator
    | Rebalance
    | PayFees
    | ProposeRecipient
    | AcceptRecipient
    | Redeem
    | WindDown
    | Transfer,
    Field(discriminator="action"),
]


class Deployment(Body):
    """A market to deploy."""

    sender: Account
    factory: Account | None = Field(None, description="The server's own if not given.")
    market: str = Field(max_length=20_000, description="A market file (TOML).")


class Backtest(Body):
    """A market file to play over prices of the past."""

    market: str | dict[str, Any] = Field(
        description="A market file: its text (TOML), or its keys as JSON."
    )
    source: str | None = Field(
        None,
        pattern=r"^ecb:[A-Za-z]{6}$",
        description="The European Central Bank's fixings of a pair, such as ecb:EURUSD.",
    )
    csv: str | None = Field(
        None, max_length=5_000_000, description="Or prices of one's own, headed timestamp,price."
    )
    agents: list[AgentName] = Field(default_factory=list, max_length=4)
    seed: int = Field(1, ge=0, le=2**31 - 1)
