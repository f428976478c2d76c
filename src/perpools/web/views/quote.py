"""What an order or a pair would come to, worked out by the specification."""

from typing import Any, Literal

from perpools.chain import order_plan
from perpools.errors import ConfigError
from perpools.spec import forecast, kinds, measures, orders, pairs, rates, tokens
from perpools.spec.errors import Rejected, TokenBalanceIsTooLow
from perpools.spec.events import PairMinted, PairRedeemed
from perpools.spec.fixed_point import WAD, mul_div_down
from perpools.spec.forecast import Quote
from perpools.spec.kinds import ASSETS, KINDS, LONG, LONG_BURN, LONG_FLIP, LONG_TOKENS, SHORT
from perpools.spec.orders import Order
from perpools.spec.pool import LOCKED
from perpools.spec.state import Call, Escrow, Market, replace
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address
from perpools.values import Amount, Moment, Number, Share
from perpools.web import advice
from perpools.web.live import Live
from perpools.web.sight import Sight
from perpools.web.views import risks
from perpools.web.views.overview import gains
from perpools.web.views.purse import Purse, purse
from perpools.web.views.quoted import PairView, QuoteView

GREATEST = 2**256


def quote(
    live: Live,
    address: Address,
    account: Address | None,
    kind: int,
    units: int,
    *,
    from_escrow: int = 0,
) -> QuoteView:
    """
    An order of `units` base units of what its kind is paid with. Without an account, as if
    whoever asks had them. An order that would be refused still gets a quote where one can be
    reckoned, with its `refusal`; else `Declined`. `KeyError`: no such market.
    """
    if kind not in KINDS or not 0 <= from_escrow <= units < GREATEST:
        raise ConfigError("quote: kinds are 0 to 5, and the part from escrow is a part of the rest")
    sight = live.sight(address)
    owner = account or NOBODY
    order = Order(kind, units, owner, owner, from_escrow)
    purse_ = purse(live, sight, account, kinds.item_in(kind))
    refusal = _refusal(sight, order, purse_, known=account is not None)
    try:
        market = sight.market if account and refusal is None else lent(sight.market, order)
        found = forecast.quote(market, sight.now, order, sight.price)
    except Rejected as refused:
        raise advice.declined(refused) from None
    return _view(sight, order, found, purse_, refusal)


def lent(market: Market, order: Order) -> Market:
    """
    The market as if the owner had in its escrow and wallet what the order is paid with; refused
    where there are not so many tokens.
    """
    item, owner = kinds.item_in(order.kind), order.owner
    if item != ASSETS and order.amount > free(market, item - LONG_TOKENS):
        raise TokenBalanceIsTooLow
    if order.from_escrow:
        due = list(market.escrow.get(owner, Escrow()))
        due[item] += order.from_escrow
        escrow = {**market.escrow, owner: Escrow(*due)}
        market = replace(market, escrow=escrow)
    if item == ASSETS:
        return market
    side = item - LONG_TOKENS
    held = tokens.credit(market.holdings[side], owner, order.amount)
    return tokens.with_holdings(market, side, held)


def free(market: Market, side: int) -> int:
    """Tokens of a side that are neither locked nor ordered with."""
    waiting = sum(
        batch.paid_in
        for (epoch, kind), batch in market.batches.items()
        if epoch > market.last_epoch and kinds.item_in(kind) == LONG_TOKENS + side
    )
    return market.pool.supplies[side] - LOCKED - waiting


def _refusal(sight: Sight, order: Order, purse_: Purse, *, known: bool) -> str | None:
    """Why an order would be refused."""
    lacks = purse_.lacks(order.amount - order.from_escrow)
    try:
        market = sight.market if known else lent(sight.market, order)
        orders.place(market, Call(order.owner, sight.now), order)
    except TokenBalanceIsTooLow as refused:
        return lacks or advice.sentence(refused)
    except Rejected as refused:
        return advice.sentence(refused)
    return lacks


def _view(
    sight: Sight, order: Order, found: Quote, purse_: Purse, refusal: str | None
) -> QuoteView:
    kind, item, after = order.kind, kinds.item_in(order.kind), found.forecast.market
    worth = measures.order_worth(kind, order.amount, sight.market.pool)
    return QuoteView(
        market=sight.address,
        kind=kind,
        name=order_plan.name(kind),
        pays=sight.item(item, order.amount),
        from_escrow=sight.item(item, order.from_escrow),
        receives=sight.item(item if found.refunded else kinds.item_out(kind), found.receives),
        refunded=found.refunded,
        fee=sight.assets(found.fee_assets),
        fee_share=Share(found.fee_assets * WAD // worth if worth else 0),
        epoch=found.epoch,
        cutoff=Moment(found.cutoff_at, sight.now),
        executes_at=Moment(found.executes_at, sight.now),
        exposure=sight.assets(_exposure(after, kind, found)),
        available=purse_.wallet,
        in_escrow=purse_.escrow,
        allowed=purse_.allows(order.amount - order.from_escrow),
        risks=risks.of_order(sight, kind, found),
        warnings=risks.warnings(sight, found, after),
        refusal=refusal,
        **_rates(found, gets(kind)),
    )


def _rates(found: Quote, side: int) -> dict[str, Any]:
    """What a token costs, and how both sides will stand."""
    after = found.forecast.market
    long, short = after.pool.balances
    return {
        "rate_now": Number(found.rate_now),
        "rate_then": Number(found.rate_then),
        "against_present_rate": Share(-found.slippage_wad, signed=True),
        "gains_then": Number(gains(after, side), "x"),
        "losses_then": Number(after.terms.leverage_wad, "x"),
        "skew_then": Share(mul_div_down(long, WAD, short) if short else 0),
    }


def gets(kind: int) -> int:
    """The side that an order is about: of what a mint or flip receives, of what a burn gives."""
    return 1 - kind % 2 if kind >= LONG_FLIP else kind % 2


def _exposure(after: Market, kind: int, found: Quote) -> int:
    """What a gain of the price by a small part would bring, over that part; rounded down."""
    if found.refunded or LONG_BURN <= kind < LONG_FLIP:
        return 0
    side = gets(kind)
    pool = after.pool
    worth = rates.assets_for_tokens(found.receives, pool.balances[side], pool.supplies[side])
    return worth * gains(after, side) // WAD


def pair_quote(
    live: Live,
    address: Address,
    account: Address | None,
    action: Literal["mint", "redeem"],
    units: int,
) -> PairView:
    """A pair minted for so much collateral, or redeemed for so many L-tokens; errors as `quote`."""
    if not 0 <= units < GREATEST:
        raise ConfigError("pair: the amount is no number of base units")
    sight = live.sight(address)
    item = ASSETS if action == "mint" else LONG_TOKENS
    purse_ = purse(live, sight, account, item)
    try:
        event = _pair(sight, account, action, units)
    except Rejected as refused:
        raise advice.declined(refused) from None
    short = purse(live, sight, account, LONG_TOKENS + SHORT)
    lacks = purse_.lacks(units)
    if action == "redeem":
        lacks = lacks or short.lacks(event.short_tokens)
    return PairView(
        market=address,
        action=action,
        assets=sight.assets(event.long_assets + event.short_assets),
        long_tokens=sight.tokens(LONG, event.long_tokens),
        short_tokens=sight.tokens(SHORT, event.short_tokens),
        available=purse_.wallet if action == "mint" else _paired(sight, purse_, short),
        allowed=purse_.allows(units) if action == "mint" else None if account is None else True,
        risks=risks.of_pair(action),
        refusal=lacks,
    )


def _paired(sight: Sight, long: Purse, short: Purse) -> Amount | None:
    """L-tokens in a wallet that have their S-tokens beside them."""
    if long.wallet is None or short.wallet is None:
        return None
    long_supply, short_supply = sight.market.pool.supplies
    return sight.tokens(
        LONG, min(long.wallet.units, short.wallet.units * long_supply // short_supply)
    )


def _pair(
    sight: Sight, account: Address | None, action: str, units: int
) -> PairMinted | PairRedeemed:
    """What would happen now, to somebody who has what it takes."""
    market, owner = sight.market, account or NOBODY
    for side in (LONG, SHORT):
        held = tokens.credit(market.holdings[side], owner, market.pool.supplies[side])
        market = tokens.with_holdings(market, side, held)
    change = pairs.mint if action == "mint" else pairs.redeem
    [event] = change(market, Call(owner, sight.now), units).events
    assert isinstance(event, PairMinted | PairRedeemed)
    return event
