"""What a refusal means to somebody with a wallet, in a sentence."""

from perpools.errors import Refused
from perpools.spec import errors
from perpools.spec.errors import Rejected

ADVICE: dict[type[Rejected], str] = {
    errors.MarketIsWoundDown: "The market stopped for good: claim what is due, and redeem tokens.",
    errors.MarketIsNotWoundDown: "The market goes on: order to burn your tokens instead.",
    errors.AmountIsZero: "Nothing is no amount: enter more than 0.",
    errors.AmountIsTooLarge: "That is more than a market can hold.",
    errors.SenderIsNotAuthorised: "Only the owner, and operators it appointed, may do this.",
    errors.TipNeedsController: "Only who owns the order may add a tip.",
    errors.EpochIsLater: "The cut-off has passed: the order would join a later epoch than agreed.",
    errors.EpochIsTooFarBehind: "An earlier epoch waits for its event: somebody must rebalance.",
    errors.EscrowIsTooLow: "The market holds less than that in escrow for this account.",
    errors.EscrowExceedsAmount: "The part from escrow is more than the amount.",
    errors.EscrowIsFull: "The escrow of this account can hold no more: claim first.",
    errors.BatchIsFull: "So much cannot be ordered in one epoch.",
    errors.OrderIsLocked: "It is too late to cancel: the order will be executed.",
    errors.OrderIsUnknown: "There is no such order.",
    errors.EventIsNotDue: "No event is due: its grid point is still to come.",
    errors.TriggerIsNotMet: "No order waits, and the price moved too little for an event.",
    errors.NothingToClaim: "Nothing was executed for this account since its last claim.",
    errors.ClaimIsNotTipped: "Only the owner and its operators may claim what has no tip.",
    errors.FeedIsSilent: "The price feed has no price for that moment yet.",
    errors.FeedIsStale: "The price feed's last price is too old.",
    errors.HintIsWrong: "The price feed moved meanwhile: ask again.",
    errors.TokenBalanceIsTooLow: "The wallet has fewer tokens than that.",
    errors.AllowanceIsTooLow: "The market may not take that much of the wallet's: approve first.",
    errors.CollateralIsRefused: "The coin refuses: is there enough in the wallet, and approved?",
    errors.FeedIsAlive: "The price feed has a price: an event can happen, so nothing may stop.",
    errors.WindDownIsNotOverdue: "No event has been due for long enough.",
    errors.PairIsTooSmall: "So little buys no whole unit of both tokens.",
    errors.PairIsTooLarge: "A pair so large is more than the market can hold.",
    errors.SenderIsNotRecipient: "Only the recipient itself may name who takes its place.",
    errors.SenderIsNotProposed: "Only the account that the recipient proposed may take its place.",
    errors.NoFees: "No fee has accrued for this recipient since it was last paid.",
    errors.ReceiverIsZero: "Nobody owns the zero address: name a receiver.",
}
"""For each refusal that users meet."""


class Declined(Refused):
    """What would be refused, by the contract's reason, and in a sentence."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(reason)
        self.sentence = sentence


def declined(refusal: Rejected) -> Declined:
    """A refusal as users are told of it."""
    return Declined(refusal.reason, sentence(refusal))


def sentence(refusal: Rejected) -> str:
    """A refusal in a sentence."""
    return ADVICE.get(type(refusal), f"The market refuses: {refusal.reason}.")
