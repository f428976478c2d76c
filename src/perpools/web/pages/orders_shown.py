"""An account's waiting orders and escrow, each with what can be done about it."""

from collections.abc import Sequence

from perpools.spec.units import Address
from perpools.values import Amount, Moment
from perpools.web.live import Live
from perpools.web.pages.holder import Wallet
from perpools.web.pages.parts import Countdown, Text, box, button, change
from perpools.web.pages.proposing import Proposal, propose
from perpools.web.views import HoldingView, PositionView, WaitingView

PAST = "past its cut-off: it will be executed"
ESCROW = "Executed or refunded, held by the market for you: claim it, or order with it."


def show_waiting(
    live: Live,
    wallet: Wallet,
    waiting: Sequence[WaitingView],
    *,
    titled: bool = False,
    own: bool = True,
) -> None:
    """Each order, when it executes and, to its owner, a way to cancel it."""
    for order in waiting:
        with box("div", "pp-order"):
            with box("div", "pp-row between baseline"):
                name = f"{order.name.capitalize()} {order.amount.text}"
                Text("strong", f"{order.title}: {name}" if titled else name)
                Countdown(order.executes_at, before="executes in ", after="executes now")
            Text("span", f"at {Moment(order.executes_at.unix).text}", "muted small")
            with box("div", "pp-row between"):
                _cancel(live, wallet, order, own=own)


def _cancel(live: Live, wallet: Wallet, order: WaitingView, *, own: bool) -> None:
    if not order.cancellable:
        Text("span", PAST, "muted small")
        return
    Countdown(order.cancel_until, before="can be cancelled for ", after=PAST).classes("small muted")
    if not own:
        return
    proposal = Proposal(
        order.market,
        "cancel",
        "Cancel the order",
        f"Cancelled: {order.amount.text} are in your escrow.",
        {"Order": f"{order.name} {order.amount.text}", "Goes back to": "your escrow"},
        arguments={"epoch": order.epoch, "kind": order.kind},
    )
    made = button("Cancel", "tiny", lambda: propose(live, wallet, proposal))
    change(made, {"aria-label": f"Cancel {order.name} {order.amount.text}"})


def escrowed(position: PositionView) -> tuple[Amount, ...]:
    """What a claim would send; what is nothing is left out."""
    held = position.escrow_assets, position.escrow_long, position.escrow_short
    return tuple(amount for amount in held if amount.units)


def claim_proposal(position: PositionView) -> Proposal:
    """Have everything sent that is due."""
    amounts = " and ".join(amount.text for amount in escrowed(position)) or "everything due"
    rows = {"Market": position.title, "You receive": amounts}
    if position.tips.units:
        rows["Tips that come back"] = position.tips.text
    said = f"Claimed: {amounts} in your wallet."
    return Proposal(position.market, "claim", "Claim", said, rows)


def show_escrow(
    live: Live, wallet: Wallet, position: PositionView, *, titled: bool = False, own: bool = True
) -> None:
    """What is ready to be claimed."""
    with box("div", "pp-order"):
        if titled:
            Text("span", position.title, "muted")
        for amount in escrowed(position):
            Text("strong", amount.text)
        Text("span", ESCROW, "muted small")
        if not own:
            return
        proposal = claim_proposal(position)
        with box("div"):
            button("Claim all", "primary", lambda: propose(live, wallet, proposal))


def redeem_proposal(market: Address, holding: HoldingView) -> Proposal:
    """Give a wound-down market's tokens for their share."""
    return Proposal(
        market,
        "redeem",
        f"Redeem {holding.symbol}",
        f"Redeemed: {holding.wallet.text}.",
        {"You give": holding.wallet.text, "Rate": holding.price.text},
        ("The market is wound down: its rates never change again.",),
        {"side": 0 if holding.side == "long" else 1, "tokens": holding.wallet.units},
    )
