"""What can be done to a market, each once for the chain and once for the specification."""

from collections.abc import Callable
from typing import NamedTuple

from perpools.chain.market import Market, Outcome
from perpools.spec import escrow, orders, pairs, rebalancing, roles, state
from perpools.spec.orders import Order
from perpools.spec.prices import Feed
from perpools.spec.rebalancing import Gas
from perpools.spec.state import Call, Step
from perpools.spec.units import Address, Assets, Epoch, Timestamp, Tokens, Wei


class Facts(NamedTuple):
    """What the chain knew when an operation was mined, and the specification is told."""

    now: Timestamp
    gas: Gas


class Operation(NamedTuple):
    """One operation; both functions do the same."""

    name: str
    on_chain: Callable[[Market], Outcome]
    in_spec: Callable[[state.Market, Facts], Step]


def place(order: Order, sender: Address, tip: Wei = 0) -> Operation:
    """Place an order."""
    return Operation(
        "place_order",
        lambda market: market.place_order(order, sender=sender, tip=tip),
        lambda market, facts: orders.place(market, Call(sender, facts.now, tip), order),
    )


def cancel(epoch: Epoch, kind: int, controller: Address) -> Operation:
    """Cancel one's order."""
    return Operation(
        "cancel_order",
        lambda market: market.cancel_order(epoch, kind, controller, sender=controller),
        lambda market, facts: orders.cancel(
            market, Call(controller, facts.now), epoch, kind, controller
        ),
    )


def rebalance(keeper: Address, feed: Feed, hint: int, gas_price: Wei) -> Operation:
    """Close an epoch."""
    return Operation(
        "rebalance",
        lambda market: market.rebalance(hint, sender=keeper, gas_price=gas_price),
        lambda market, facts: rebalancing.rebalance(
            market, Call(keeper, facts.now), feed, facts.gas
        ),
    )


def claim(owner: Address, sender: Address) -> Operation:
    """Claim for an owner."""
    return Operation(
        "claim",
        lambda market: market.claim(owner, sender=sender),
        lambda market, facts: escrow.claim(market, Call(sender, facts.now), owner),
    )


def withdraw(item: int, amount: int, parties: tuple[Address, Address]) -> Operation:
    """Withdraw part of one thing; `parties` are owner and receiver."""
    owner = parties[0]
    return Operation(
        "withdraw",
        lambda market: market.withdraw(item, amount, parties, sender=owner),
        lambda market, facts: escrow.withdraw(
            market, Call(owner, facts.now), item, amount, parties
        ),
    )


def mint_pair(owner: Address, assets: Assets) -> Operation:
    """Mint equal fractions of both sides."""
    return Operation(
        "mint_pair",
        lambda market: market.mint_pair(assets, sender=owner),
        lambda market, facts: pairs.mint(market, Call(owner, facts.now), assets),
    )


def redeem_pair(owner: Address, long_tokens: Tokens) -> Operation:
    """Redeem equal fractions of both sides."""
    return Operation(
        "redeem_pair",
        lambda market: market.redeem_pair(long_tokens, sender=owner),
        lambda market, facts: pairs.redeem(market, Call(owner, facts.now), long_tokens),
    )


def pay_fees(sender: Address, which: int) -> Operation:
    """Have a recipient paid."""
    return Operation(
        "pay_fees",
        lambda market: market.pay_fees(which, sender=sender),
        lambda market, facts: roles.pay_fees(market, which),
    )
