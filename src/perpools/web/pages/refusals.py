"""Why something was refused, in words for whoever asked for it, and what to do about it."""

from perpools.errors import ChainError, Refused
from perpools.spec.errors import Rejected

WORDS = {
    "market: wound down": "This market is wound down: its tokens can only be redeemed.",
    "market: not wound down": "This market is not wound down: burn the tokens instead.",
    "kind: unknown": "There is no such kind of order.",
    "amount: zero": "The amount is nothing: write more than 0.",
    "amount: too large": "The amount is more than a market can count.",
    "sender: not authorised": "Only the owner, or an operator appointed by the owner, may do this.",
    "tip: not the controller's": "Only the order's own controller can add a tip.",
    "epoch: later than asked": "The moment you were shown has passed its cut-off meanwhile: look at"
    " the new one and order again.",
    "epoch: behind, rebalance first": "Events are far behind: somebody has to rebalance first.",
    "escrow: more than the amount": "More would come from escrow than the order pays.",
    "escrow: too low": "There is less in escrow than that: it may have been claimed meanwhile.",
    "batch: full": "This epoch takes no larger orders of this kind: order less, or later.",
    "collateral: refused": "The collateral did not let itself be taken: approve the market, and"
    " look at the balance.",
    "collateral: not as sent": "The collateral arrives short of what was sent, which a market"
    " does not take.",
    "order: past its cut-off": "It is past its cut-off and will be executed: nobody can cancel it.",
    "order: none": "There is no such order any more.",
    "event: not due": "No event is due yet: somebody was quicker, or the grid point is to come.",
    "event: trigger not met": "The price has not moved enough for an event.",
    "price: zero": "The price feed says nothing valid now.",
    "price: too large": "The price is beyond what a market can count.",
    "claim: nothing": "There is nothing to claim.",
    "claim: not tipped": "The owner left no tip for a claim by others.",
    "tip: refused": "The account could not be sent its tip.",
    "pair: too small": "That is too little: it would be rounded to nothing.",
    "pair: too large": "That is more than a side can hold.",
    "wind-down: nothing overdue": "No event is overdue long enough to wind the market down.",
    "wind-down: feed alive": "The price feed is alive: rebalance instead.",
    "fees: none": "There are no fees to collect.",
    "escrow: full": "The escrow cannot hold more: claim first.",
    "token: balance too low": "There are fewer tokens in the wallet than that.",
    "token: allowance too low": "The allowance is too low: approve first.",
    "feed: stale": "The price feed's last price is too old.",
    "feed: silent": "The price feed has said nothing since that moment.",
    "feed: not positive": "The price feed gives no valid price.",
    "feed: sequencer down": "The rollup's sequencer is down: no price is trusted.",
    "feed: sequencer grace": "The rollup's sequencer came back just now: wait a little.",
}
"""By the contracts' reasons."""


def in_words(refused: Exception) -> str:
    """A sentence; what has none is shown as it is."""
    reason = getattr(refused, "reason", "") or str(refused)
    if reason in WORDS:
        return WORDS[reason]
    text = _sentence(reason)
    if isinstance(refused, Rejected):
        return f"The market refuses: {reason}."
    if isinstance(refused, ChainError) and not isinstance(refused, Refused):
        return f"{text} Nothing is lost: it can be tried again."
    return text


def _sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    told = text.strip() or "it was refused"
    return told[0].upper() + told[1:] + ("" if told.endswith((".", "!", "?")) else ".")
