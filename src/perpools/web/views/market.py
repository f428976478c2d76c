"""All there is to know about one market now, worked out."""

from perpools.chain import order_plan
from perpools.index.paging import Slice
from perpools.spec import kinds, measures
from perpools.spec.events import Rebalanced
from perpools.spec.fixed_point import WAD, mul_div_down
from perpools.spec.forecast import Forecast
from perpools.spec.kinds import LONG, SHORT
from perpools.spec.replay import settled
from perpools.spec.state import Market
from perpools.spec.units import Address
from perpools.values import Duration, Moment, Number, Share
from perpools.web import terms
from perpools.web.live import Live
from perpools.web.sight import Sight
from perpools.web.views.overview import SIDE, TOLERANCE, alerts, day, gains, of
from perpools.web.views.payments import payment
from perpools.web.views.shown import (
    AlertView,
    BatchView,
    ClockView,
    EventView,
    FeedView,
    FeeView,
    ForecastView,
    KeeperView,
    MarketView,
    QueueEpoch,
    SideView,
)

RECENT = Slice(200)
"""Events whose lateness counts."""


def market(live: Live, address: Address) -> MarketView:
    """All of one market; `KeyError` where the index does not know it."""
    return live.kept(("market", address, live.last.serial), lambda: _market(live, address))


def _market(live: Live, address: Address) -> MarketView:
    sight = live.sight(address)
    market, ends = sight.market, sight.market.wound_down
    ahead = sight.ahead()
    return MarketView(
        row=of(sight, day(live, address)),
        collateral=sight.fixed.contracts.collateral,
        price_now=Number(sight.feed.price) if sight.feed else None,
        average=Number(market.average),
        sma_periods=market.terms.sma_periods,
        last_spot=Number(market.samples[-1]),
        rebalancing_rate=_rate(market),
        long=_side(sight, LONG, ahead),
        short=_side(sight, SHORT, ahead),
        mint_fee=Share(market.mint_fee_wad),
        burn_fee=Share(market.terms.burn_fee_wad),
        fees=fees(sight),
        clock=None if ends else clock(sight),
        queue=queue(sight),
        forecast=None if ends else foreseen(sight, ahead),
        feed=_feed(sight),
        keeper=keeper(live, sight),
        terms=terms.explain(market.terms),
        alerts=tuple(AlertView(alert.kind, alert.text) for alert in alerts(sight)),
        condition=live.condition,
    )


def clock(sight: Sight) -> ClockView:
    """Where a market stands on its grid."""
    overdue_s = sight.overdue_s
    return ClockView(
        now=Moment(sight.now),
        next_grid_point=sight.moment(sight.upcoming),
        cutoff=sight.cutoff(sight.joined),
        epoch=sight.joined,
        executes_at=sight.moment(sight.joined),
        overdue=None if overdue_s is None else Duration(overdue_s),
    )


def queue(sight: Sight) -> tuple[QueueEpoch, ...]:
    """What waits, epoch by epoch."""
    found: dict[int, list[BatchView]] = {}
    for epoch, kind, amount in sight.waiting():
        found.setdefault(epoch, []).append(
            BatchView(
                kind,
                order_plan.name(kind),
                sight.item(kinds.item_in(kind), amount),
                sight.assets(measures.order_worth(kind, amount, sight.market.pool)),
            )
        )
    return tuple(
        QueueEpoch(
            epoch, sight.moment(epoch), sight.cutoff(epoch), epoch != sight.joined, tuple(batches)
        )
        for epoch, batches in found.items()
    )


def foreseen(sight: Sight, ahead: Forecast, most: int | None = None) -> ForecastView:
    """The coming events, and what they leave; `most` of them are enough."""
    before = [sight.market, *(step.market for step in ahead.steps)]
    shown = range(len(ahead.steps) if most is None else min(most, len(ahead.steps)))
    events = tuple(_event(sight, before[i], before[i + 1], ahead.events[i]) for i in shown)
    return ForecastView(Number(sight.price), events, _rate(before[len(shown)]))


def fees(sight: Sight) -> tuple[FeeView, ...]:
    """Who earns the management fee, and what is owed."""
    return tuple(
        FeeView(one.name, one.which, one.account, one.proposed, one.owed)
        for one in sight.fee_accounts
    )


def keeper(live: Live, sight: Sight) -> KeeperView:
    """Who closed the last events, and how late."""
    version = sight.listed.version
    rows = live.kept(
        ("recent", sight.address, version),
        lambda: live.reader.epochs(sight.address, RECENT).items,
    )
    late = sorted(row.late_s for row in rows)
    last = rows[0] if rows else None
    overdue_s = 0 if sight.market.wound_down else sight.overdue_s or 0
    return KeeperView(
        last_keeper=last.keeper if last else None,
        last_event_at=Moment(last.at, sight.now) if last else None,
        last_late=Duration(last.late_s) if last else None,
        last_reward=sight.assets(last.reward_assets) if last else None,
        late_p50=_percentile(late, 50),
        late_p99=_percentile(late, 99),
        events=len(rows),
        healthy=overdue_s <= TOLERANCE.late_s,
    )


def _side(sight: Sight, side: int, ahead: Forecast) -> SideView:
    market, after = sight.market, ahead.market
    first = ahead.steps[0].market if ahead.steps else market
    terms = market.terms
    return SideView(
        side=SIDE[side],
        symbol=sight.fixed.symbols[side],
        token=sight.fixed.tokens[side],
        balance=sight.assets(market.pool.balances[side]),
        supply=sight.tokens(side, market.pool.supplies[side]),
        part=_part(market, side),
        price=sight.token_price(side),
        price_next=sight.token_price(side, first),
        price_after_all=sight.token_price(side, after),
        balance_after_all=sight.assets(after.pool.balances[side]),
        gains=Number(gains(market, side), "x"),
        gains_after_all=Number(gains(after, side), "x"),
        losses=Number(terms.leverage_wad, "x"),
    )


def _event(sight: Sight, before: Market, after: Market, event: Rebalanced) -> EventView:
    balances = settled(before, event).balances
    payer, paid = payment(before.terms, event, event.epoch - before.last_epoch)
    return EventView(
        epoch=event.epoch,
        executes_at=sight.moment(event.epoch),
        old_price=Number(event.old_price),
        new_price=Number(event.new_price),
        payer=payer,
        paid=sight.assets(paid),
        long_balance=sight.assets(balances[LONG]),
        short_balance=sight.assets(balances[SHORT]),
        long_price=sight.token_price(LONG, after),
        short_price=sight.token_price(SHORT, after),
    )


def _feed(sight: Sight) -> FeedView:
    seen = sight.feed
    return FeedView(
        address=sight.fixed.contracts.feed,
        alive=seen is not None,
        asked=sight.asked,
        price=Number(seen.price) if seen else None,
        observed_at=Moment(seen.observed_at, sight.now) if seen else None,
        age=Duration(max(0, sight.now - seen.observed_at)) if seen else None,
    )


def _rate(market: Market) -> Share:
    balances = market.pool.balances
    return Share(measures.rebalancing_rate(balances) if balances[SHORT] else 0, signed=True)


def _part(market: Market, side: int) -> Share:
    balances = market.pool.balances
    total = sum(balances)
    return Share(mul_div_down(balances[side], WAD, total) if total else 0)


def _percentile(ordered: list[int], percent: int) -> Duration | None:
    """The least value that so many of a hundred do not exceed."""
    if not ordered:
        return None
    return Duration(ordered[max(0, -(-len(ordered) * percent // 100) - 1)])
