"""What an account has in every market, what it cost, and what it made of it, worked out."""

from collections.abc import Iterable

from perpools.chain import order_plan
from perpools.errors import ChainError
from perpools.spec import kinds
from perpools.spec.fixed_point import WAD
from perpools.spec.positions import Holding, Position
from perpools.spec.units import Address
from perpools.values import Amount, Number, Share, coin
from perpools.web.live import Live
from perpools.web.sight import Sight
from perpools.web.views import powers
from perpools.web.views.overview import SIDE, gains
from perpools.web.views.owned import (
    HoldingView,
    PortfolioView,
    PositionView,
    TotalView,
    WaitingView,
)


def portfolio(live: Live, account: Address) -> PortfolioView:
    """An account; without positions where no market knows it."""
    known = [row.market for row in live.reader.holdings(account)]
    sights = [live.sight(address) for address in known]
    found = [(sight, position(sight, account)) for sight in sights]
    found.sort(key=lambda each: -each[1].worth.units * 10 ** (18 - each[1].worth.decimals))
    waiting = (order for _, one in found for order in one.waiting)
    return PortfolioView(
        account=account,
        native=_native(live, account),
        positions=tuple(one for _, one in found),
        waiting=tuple(sorted(waiting, key=lambda order: (order.executes_at.unix, order.market))),
        totals=tuple(_totals(found)),
        operators=powers.operators(live, account),
        fees=powers.fees(live, account),
        condition=live.condition,
    )


def position(sight: Sight, account: Address) -> PositionView:
    """An account in one market."""
    told, due = sight.position(account), sight.due(account)
    return PositionView(
        market=sight.address,
        title=sight.title,
        wound_down=sight.market.wound_down,
        long=_holding(sight, 0, told.long),
        short=_holding(sight, 1, told.short),
        waiting=tuple(_waiting(sight, account)),
        waiting_assets=sight.assets(told.waiting_assets),
        escrow_assets=sight.assets(due.assets),
        escrow_long=sight.tokens(0, due.long_tokens),
        escrow_short=sight.tokens(1, due.short_tokens),
        tips=coin(due.tip),
        claimable=any(due),
        **_flows(sight, told),
    )


def _flows(sight: Sight, told: Position) -> dict[str, Amount]:
    names = ("worth", "paid_in", "taken_out", "profit", "earned", "fees")
    return {name: sight.assets(getattr(told, name)) for name in names}


def _holding(sight: Sight, side: int, held: Holding) -> HoldingView:
    cost, leverage = held.cost_assets, gains(sight.market, side)
    return HoldingView(
        side=SIDE[side],
        symbol=sight.fixed.symbols[side],
        token=sight.fixed.tokens[side],
        tokens=sight.tokens(side, held.tokens),
        wallet=sight.tokens(side, held.wallet),
        escrow=sight.tokens(side, held.escrow),
        waiting=sight.tokens(side, held.waiting),
        price=sight.token_price(side),
        entry_price=Number(held.entry_price_wad) if held.tokens else None,
        cost=sight.assets(cost),
        value=sight.assets(held.value_assets),
        unrealised=sight.assets(held.unrealised),
        unrealised_share=Share(held.unrealised * WAD // cost, signed=True) if cost else None,
        realised=sight.assets(held.realised),
        exposure=sight.assets(held.value_assets * leverage // WAD),
    )


def _waiting(sight: Sight, account: Address) -> Iterable[WaitingView]:
    """Orders not executed yet, in the order of their execution."""
    market = sight.market
    for (who, epoch, kind), amount in sorted(market.orders.items()):
        if who == account and amount and sight.waits(epoch):
            yield WaitingView(
                market=sight.address,
                title=sight.title,
                kind=kind,
                name=order_plan.name(kind),
                amount=sight.item(kinds.item_in(kind), amount),
                epoch=epoch,
                executes_at=sight.moment(epoch),
                cancel_until=sight.cutoff(epoch),
                cancellable=epoch == sight.joined,
                tip=coin(market.tips.get((account, epoch), 0)),
            )


def _totals(found: Iterable[tuple[Sight, PositionView]]) -> Iterable[TotalView]:
    """By collateral, in the order of the positions."""
    grouped: dict[Address, list[PositionView]] = {}
    for sight, one in found:
        grouped.setdefault(sight.fixed.contracts.collateral, []).append(one)
    for collateral, ones in grouped.items():
        names = ("worth", "paid_in", "taken_out", "profit")
        sums = {name: _sum(getattr(one, name) for one in ones) for name in names}
        yield TotalView(collateral, ones[0].worth.symbol, **sums)


def _sum(amounts: Iterable[Amount]) -> Amount:
    told = list(amounts)
    return Amount(sum(one.units for one in told), told[0].decimals, told[0].symbol)


def _native(live: Live, account: Address) -> Amount | None:
    if not live.last.node:
        return None
    try:
        return coin(live.node.balance(account))
    except ChainError:
        return None
