"""What to do about a refusal: the contract's reason is a few words, people need a few more."""

from perpools.spec import errors
from perpools.spec.errors import Rejected

ADVICE: dict[type[Rejected], str] = {
    errors.MarketIsWoundDown: "it stopped for good: claim what is due, and redeem your tokens",
    errors.MarketIsNotWoundDown: "it goes on: give tokens back with `perpools order burn`",
    errors.SenderIsNotAuthorised: "the owner has to appoint you first: `perpools operator set`",
    errors.TipNeedsController: "only who owns the order may add a tip: leave --tip or --for out",
    errors.EpochIsLater: "the cut-off passed before the order was mined: look at a new quote",
    errors.EpochIsTooFarBehind: "an earlier epoch waits for its event: `perpools rebalance` first",
    errors.EscrowIsTooLow: "the market holds less for you: see `perpools portfolio`",
    errors.EscrowExceedsAmount: "--from-escrow is a part of the amount",
    errors.OrderIsLocked: "it is too late to cancel: the order will be executed",
    errors.EventIsNotDue: "another keeper was faster, or the grid point is still to come",
    errors.TriggerIsNotMet: "no order waits, and the price moved too little for an event",
    errors.NothingToClaim: "nothing was executed for you since the last claim",
    errors.ClaimIsNotTipped: "only the owner and its operators may claim what has no tip",
    errors.SenderIsNotRecipient: "only the recipient may name its successor: see `perpools show`",
    errors.SenderIsNotProposed: "the recipient has to propose you first: see `perpools show`",
    errors.NoFees: "none accrued since the last payment: see `perpools show`",
    errors.FeedIsSilent: "its feed has no price for that moment yet",
    errors.FeedIsStale: "its feed's last price is too old",
    errors.HintIsWrong: "the feed moved meanwhile: try again without --hint",
    errors.TokenBalanceIsTooLow: "the wallet has fewer tokens: see `perpools portfolio`",
    errors.FeedIsAlive: "its feed has a price: `perpools rebalance` instead",
    errors.WindDownIsNotOverdue: "no event has been due for long enough",
    errors.PairIsTooSmall: "so little buys no whole unit of both tokens",
    errors.CollateralIsRefused: "the coin refused the transfer: does the wallet have enough?",
    errors.AllowanceIsTooLow: "the coin allows less: was the approval changed meanwhile?",
    errors.ValueIsNotThePublishers: "the keystore is not the publisher's of this feed",
    errors.ValueIsNotNewer: "a value of this second or a later one is there already",
}
"""One line for each refusal that people meet; the rest speak for themselves."""


def advised(refusal: Rejected) -> str:
    """A refusal as one line."""
    advice = ADVICE.get(type(refusal))
    return f"refused: {refusal.reason}" + (f" ({advice})" if advice else "")
