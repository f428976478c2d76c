"""Why a market refuses an operation."""

from .base import Rejected


class MarketIsWoundDown(Rejected):
    reason = "market: wound down"


class MarketIsNotWoundDown(Rejected):
    reason = "market: not wound down"


class UnknownKind(Rejected):
    reason = "kind: unknown"


class AmountIsZero(Rejected):
    reason = "amount: zero"


class AmountIsTooLarge(Rejected):
    reason = "amount: too large"


class SenderIsNotAuthorised(Rejected):
    reason = "sender: not authorised"


class TipNeedsController(Rejected):
    reason = "tip: not the controller's"


class EpochIsLater(Rejected):
    reason = "epoch: later than asked"


class EpochIsTooFarBehind(Rejected):
    reason = "epoch: behind, rebalance first"


class EscrowExceedsAmount(Rejected):
    reason = "escrow: more than the amount"


class EscrowIsTooLow(Rejected):
    reason = "escrow: too low"


class BatchIsFull(Rejected):
    reason = "batch: full"


class CollateralIsRefused(Rejected):
    reason = "collateral: refused"


class CollateralIsNotAsSent(Rejected):
    reason = "collateral: not as sent"


class OrderIsLocked(Rejected):
    reason = "order: past its cut-off"


class OrderIsUnknown(Rejected):
    reason = "order: none"


class EventIsNotDue(Rejected):
    reason = "event: not due"


class TriggerIsNotMet(Rejected):
    reason = "event: trigger not met"


class PriceIsZero(Rejected):
    reason = "price: zero"


class PriceIsTooLarge(Rejected):
    reason = "price: too large"


class NothingToClaim(Rejected):
    reason = "claim: nothing"


class ClaimIsNotTipped(Rejected):
    reason = "claim: not tipped"


class TipIsRefused(Rejected):
    reason = "tip: refused"


class UnknownItem(Rejected):
    reason = "item: unknown"


class PairIsTooSmall(Rejected):
    reason = "pair: too small"


class PairIsTooLarge(Rejected):
    reason = "pair: too large"


class UnknownSide(Rejected):
    reason = "side: unknown"


class WindDownIsNotOverdue(Rejected):
    reason = "wind-down: nothing overdue"


class FeedIsAlive(Rejected):
    reason = "wind-down: feed alive"


class UnknownRecipient(Rejected):
    reason = "recipient: unknown"


class SenderIsNotRecipient(Rejected):
    reason = "recipient: not the sender"


class SenderIsNotProposed(Rejected):
    reason = "recipient: not proposed"


class NoFees(Rejected):
    reason = "fees: none"


class EscrowIsFull(Rejected):
    reason = "escrow: full"


class TooLittleGas(Rejected):
    reason = "wind-down: too little gas"
