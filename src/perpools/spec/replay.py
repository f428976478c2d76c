"""
The state from the logs alone (R16): every event leads from one state to the next, to the unit.

Each is put through the transition that it tells of, which must tell it again: a log that does not
follow from the state before it is refused. What no log says is not replayed: collateral or native
coin that somebody gave to the market's account without a call is no part of `held` and
`tips_held`, which are what operations paid in and out.
"""

from dataclasses import dataclass
from typing import Any

from . import deployment, escrow, events, fees, orders, pairs, pool, roles, tokens, wind_down
from .errors import Rejected
from .events import BatchExecuted, Deployed, Event, OrderPlaced, Rebalanced, Transfer
from .fixed_point import ONE
from .kinds import LONG_TOKENS, item_in
from .pool import Pool
from .rebalancing import Gas, rebalance
from .schedule import grid_point
from .state import MARKET, Batch, Call, Escrow, Market, Step, replace
from .terms import NOBODY, Terms
from .units import Address, Timestamp, Wad


class Unexplained(Exception):
    """
    The state so far cannot explain an event: one before it is missing, or belongs to another
    branch of the chain.
    """


def start(terms: Terms, deployed: Deployed) -> Market:
    """The market that a factory told of."""
    now = grid_point(deployed.last_epoch, terms.interval_s)
    call = Call(deployed.deployer, now)
    return deployment.deploy(call, terms, deployed.first_price, deployed.seed_assets)


def apply(market: Market, event: Event, at: Timestamp) -> Market:
    """
    The market after an event that a block of the time `at` told; `Unexplained` where it cannot
    have happened to it.

    A transfer that `is_told` must be left out.
    """
    try:
        if isinstance(event, BatchExecuted):
            return _executed(market, event)
        if isinstance(event, Rebalanced):
            return _rebalanced(market, event, at)
        if isinstance(event, Transfer):
            return tokens.transfer(market, *event)
        step = _repeated(market, event, at)
    except Rejected as refusal:
        raise Unexplained(f"{event} would be refused: {refusal.reason}") from None
    _require((event,), step.events)
    return step.market


def is_told(event: Event, following: Event | None) -> bool:
    """
    Whether an event of a token is part of what the market itself tells, and is not to be applied:
    the market mints, burns and pays out, and takes what is ordered with right before it tells of
    the order. `following` is what market or tokens logged next. What is left are the holders' own
    transfers.
    """
    if not isinstance(event, Transfer):
        return False
    side, sender, receiver, amount = event
    if sender in (NOBODY, MARKET) or receiver == NOBODY:
        return True
    if receiver != MARKET or not isinstance(following, OrderPlaced):
        return False
    taken = (item_in(following.kind), following.owner, following.amount - following.from_escrow)
    return taken == (LONG_TOKENS + side, sender, amount)


def settled(market: Market, event: Rebalanced) -> Pool:
    """
    The pool whose rates executed an event's orders: after fee and value transfer, before any order
    and the keeper's pay. `market` is the one before the event.
    """
    terms, intervals = market.terms, event.epoch - market.last_epoch
    part = fees.management_fraction(terms.management_fee_wad, terms.interval_s, intervals)
    charged, _ = pool.take(market.pool.balances, part, ONE)
    prices = event.old_price, event.new_price
    return market.pool._replace(balances=pool.transfer_value(charged, *prices, event.fraction))


def _repeated(market: Market, event: Event, at: Timestamp) -> Step:
    """What the transition that an event tells of does."""
    match event:
        case events.OrderPlaced(owner, controller, _, kind, amount, from_escrow, tip):
            call = Call(_orderer(market, event), at, tip)
            order = orders.Order(kind, amount, owner, controller, from_escrow)
            return orders.place(market, call, order)
        case events.OrderCancelled(controller, epoch, kind):
            return orders.cancel(market, Call(controller, at), epoch, kind, controller)
        case events.Claimed(owner, caller):
            return escrow.claim(market, Call(caller, at), owner)
        case events.Withdrawn(owner, receiver, item, amount):
            return escrow.withdraw(market, Call(owner, at), item, amount, (owner, receiver))
        case events.PairMinted(owner, long_assets, short_assets):
            return pairs.mint(market, Call(owner, at), long_assets + short_assets)
        case events.PairRedeemed(owner, long_tokens=long_tokens):
            return pairs.redeem(market, Call(owner, at), long_tokens)
        case _:
            return _repeated_rarely(market, event, at)


def _repeated_rarely(market: Market, event: Event, at: Timestamp) -> Step:
    """The end of a market, and what its roles do."""
    match event:
        case events.WoundDown():
            return wind_down.wind_down(market, Call(NOBODY, at), feed_alive=False)
        case events.Redeemed(owner, side, amount):
            return wind_down.redeem(market, Call(owner, at), side, amount)
        case events.OperatorSet(controller, operator, approved):
            return roles.set_operator(market, Call(controller, at), operator, approved=approved)
        case events.FeesPaid(which):
            return roles.pay_fees(market, which)
        case events.RecipientProposed(which, proposed):
            call = Call(market.recipients[which], at)
            return roles.propose_recipient(market, call, which, proposed)
        case events.RecipientChanged(which, recipient):
            return roles.accept_recipient(market, Call(recipient, at), which)
    raise Unexplained(f"nothing tells {event}")


def _orderer(market: Market, event: OrderPlaced) -> Address:
    """Somebody who may order so: the log does not say who did."""
    asked = (event.owner, event.controller) if event.tip else (event.owner,)
    operators = (operator for owner, operator in market.operators if owner == event.owner)
    for sender in (event.owner, event.controller, *operators):
        if all(market.allows(account, sender) for account in asked):
            return sender
    raise Unexplained(f"nobody may order so: {event}")


def _executed(market: Market, event: BatchExecuted) -> Market:
    """Freeze what a batch received; the event that closes its epoch follows, and proves it."""
    key = event.epoch, event.kind
    if market.batches.get(key, Batch()).paid_in != event.paid_in:
        raise Unexplained(f"other orders wait: {event}")
    return replace(market, batches={**market.batches, key: Batch(event.paid_in, event.paid_out)})


@dataclass(frozen=True, slots=True)
class _Known:
    """A feed that gave one price."""

    price: Wad

    def as_of(self, time: Timestamp) -> Wad | None:
        """The price."""
        return self.price


def _rebalanced(market: Market, event: Rebalanced, at: Timestamp) -> Market:
    """
    Close the epoch again, by the fraction in the log. What the keeper is paid depends on the price
    of gas, which no log tells: it is the log's too.
    """
    logged = replace(market.terms, transfer=lambda *_: event.fraction, trigger=None)
    call, gas = Call(event.keeper, at), Gas(used=event.gas_used)
    unpaid = rebalance(replace(market, terms=logged), call, _Known(event.spot), gas)
    executed = [told for told in unpaid.events if isinstance(told, BatchExecuted)]
    [told] = [told for told in unpaid.events if isinstance(told, Rebalanced)]
    for batch in executed:
        _require(market.batches[batch.epoch, batch.kind], Batch(batch.paid_in, batch.paid_out))
    long, short, reward = event.long_after, event.short_after, event.reward
    _require(event, told._replace(long_after=long, short_after=short, reward=reward))
    _require(long + short + reward, told.long_after + told.short_after)

    pool_after = unpaid.market.pool._replace(balances=(long, short))
    after = replace(unpaid.market, terms=market.terms, pool=pool_after)
    return escrow.credit(after, event.keeper, Escrow(assets=reward))


def _require(logged: Any, expected: Any) -> None:
    if logged != expected:
        raise Unexplained(f"{logged} where {expected} follows")
