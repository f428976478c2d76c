"""Views as a market of an hour's interval would have them: for pages, which show and do not ask."""

import math
from dataclasses import replace

from perpools.index.totals import Totals
from perpools.spec.fixed_point import WAD
from perpools.values import Amount, Duration, Moment, Number, Share
from perpools.web import views
from perpools.web.live import Condition
from perpools.web.views.chart import Step
from perpools.web.views.payoff import SideName

NOW = 1_790_000_040
HOUR = 3_600
MARKET = "0x" + "A1" * 20
COIN = "DUSD"


def coins(whole: float) -> Amount:
    return Amount(round(whole * 10**6), 6, COIN)


def wad(value: float) -> Number:
    return Number(round(value * 10**9) * 10**9)


def part(value: float) -> Share:
    return Share(round(value * 10**9) * 10**9)


def at(seconds: int) -> Moment:
    return Moment(NOW + seconds, NOW)


def side_row(side: str, balance: float, price: float, leverage: float) -> views.SideRow:
    letter = side[0].upper()
    return views.SideRow(
        side="long" if side == "long" else "short",
        symbol=f"3{letter}-ETH/USD",
        token="0x" + ("11" if side == "long" else "22") * 20,
        balance=coins(balance),
        price=wad(price),
        change_24h=part(0.0312 if side == "long" else -0.0287),
        leverage=wad(leverage),
    )


def market_row(
    name: str = "ETH/USD",
    *,
    address: str = MARKET,
    long: float = 812_345.12,
    state: views.State = "live",
    collateral: str = COIN,
) -> views.MarketRow:
    short = 524_011.5
    grid = (NOW // HOUR + 1) * HOUR - NOW
    over = state == "wound-down"
    return views.MarketRow(
        address=address,
        name=name,
        title=f"{name} 3x",
        leverage=wad(3),
        collateral=collateral,
        price=wad(2_431.07),
        change_24h=part(0.0123),
        volume_24h=replace(coins(48_211.4), symbol=collateral),
        tvl=replace(coins(long + short), symbol=collateral),
        skew=part(long / short),
        long=side_row("long", long, 1.2731, 3 * short / long),
        short=side_row("short", short, 0.7104, 3 * long / short),
        next_event_at=None if over else at(grid),
        cutoff_at=None if over else at(grid),
        state=state,
    )


def side_view(row: views.SideRow, whole: Amount) -> views.SideView:
    balance = row.balance.units / 10**6
    return views.SideView(
        side=row.side,
        symbol=row.symbol,
        token=row.token,
        balance=row.balance,
        supply=Amount(round(balance / (row.price.wad / WAD) * 10**6) * 10**12, 18, row.symbol),
        part=part(row.balance.units / whole.units),
        price=row.price,
        price_next=wad(row.price.wad / WAD * 1.01),
        price_after_all=wad(row.price.wad / WAD * 1.012),
        balance_after_all=coins(balance * 1.05),
        gains=row.leverage,
        gains_after_all=row.leverage,
        losses=wad(3),
    )


def clock() -> views.ClockView:
    epoch = (NOW + 8 * HOUR) // HOUR + 1
    return views.ClockView(
        now=at(0),
        next_grid_point=Moment((NOW // HOUR + 1) * HOUR, NOW),
        cutoff=Moment(epoch * HOUR - 8 * HOUR - 1, NOW),
        epoch=epoch,
        executes_at=Moment(epoch * HOUR, NOW),
        overdue=None,
    )


def queue() -> tuple[views.QueueEpoch, ...]:
    first = NOW // HOUR + 1
    batches = (
        views.BatchView(0, "mint long", coins(1_200), coins(1_200)),
        views.BatchView(3, "burn short", Amount(250 * WAD, 18, "3S-ETH/USD"), coins(177.6)),
    )
    last = first + 8

    def epoch(number: int, *, locked: bool) -> views.QueueEpoch:
        moment = Moment(number * HOUR, NOW)
        return views.QueueEpoch(
            number, moment, Moment(moment.unix - 8 * HOUR - 1, NOW), locked, batches
        )

    return epoch(first, locked=True), epoch(last, locked=False)


def foreseen() -> views.ForecastView:
    grid = (NOW // HOUR + 1) * HOUR
    event = views.EventView(
        epoch=grid // HOUR,
        executes_at=Moment(grid, NOW),
        old_price=wad(2_402.5),
        new_price=wad(2_409.91),
        payer="short",
        paid=coins(4_811.07),
        long_balance=coins(817_156.19),
        short_balance=coins(519_200.43),
        long_price=wad(1.2806),
        short_price=wad(0.7039),
    )
    return views.ForecastView(wad(2_431.07), (event,), part(0.482))


def health() -> tuple[views.FeedView, views.KeeperView]:
    feed = views.FeedView("0x" + "fe" * 20, True, True, wad(2_431.07), at(-40), Duration(40))
    keeper = views.KeeperView(
        "0x" + "7e" * 20, at(-3_300), Duration(3), coins(1.02), Duration(3), Duration(64), 200, True
    )
    return feed, keeper


def fees() -> tuple[views.FeeView, ...]:
    treasury = views.FeeView("primary", 0, "0x" + "fa" * 20, None, coins(12.5))
    return treasury, views.FeeView("secondary", 1, None, None, coins(0))


def condition(*, node: bool = True, behind: bool = False) -> Condition:
    return Condition(19_404, NOW - 12, 19_410 if node else None, NOW, 6, node, behind)


def market_view(**changed: object) -> views.MarketView:
    row = market_row()
    feed, keeper = health()
    view = views.MarketView(
        row=row,
        collateral="0x" + "cc" * 20,
        price_now=wad(2_431.07),
        average=wad(2_402.5),
        sma_periods=8,
        last_spot=wad(2_420.1),
        rebalancing_rate=part(0.5502),
        long=side_view(row.long, row.tvl),
        short=side_view(row.short, row.tvl),
        mint_fee=part(0.01),
        burn_fee=part(0),
        fees=fees(),
        clock=clock(),
        queue=queue(),
        forecast=foreseen(),
        feed=feed,
        keeper=keeper,
        terms=(views.Term("fees.mint", "Mint fee", "1%", "Part of what mints pay stays."),),
        alerts=(),
        condition=condition(),
    )
    return replace(view, **changed)  # type: ignore[arg-type]


def series(step: Step = "epoch", count: int = 60) -> views.Series:
    return views.Series(MARKET, step, tuple(_point(n, count) for n in range(count)))


def _point(n: int, count: int) -> views.Point:
    spot = 2_400 + 60 * math.sin(n / 6) + n / 2
    sma = 2_398 + 52 * math.sin((n - 4) / 6) + n / 2
    tilt = 0.2 * math.sin(n / 6)
    return views.Point(
        at=NOW - (count - n) * HOUR,
        spot=wad(spot),
        executed=wad(sma),
        long_price=wad(1.1 + tilt),
        short_price=wad(0.9 - tilt),
        long_balance=coins(600_000 * (1.1 + tilt)),
        short_balance=coins(600_000 * (0.9 - tilt)),
        volume=None,
    )


def payoff(side: SideName = "long", count: int = 61) -> views.Payoff:
    sign, effective = (1, 1.94) if side == "long" else (-1, 4.65)
    moves = [-0.3 + 0.6 * n / (count - 1) for n in range(count)]

    def gain(move: float) -> float:
        lost = math.tanh(3 * abs(move))
        return lost * effective / 3 if sign * move > 0 else -lost

    points = (views.PayoffPoint(part(m), part(gain(m)), part(sign * 3 * m)) for m in moves)
    return views.Payoff(MARKET, side, wad(3), wad(effective), tuple(points))


def event_row(epoch: int, **changed: object) -> views.EventRow:
    row = views.EventRow(
        epoch=epoch,
        due_at=Moment(epoch * HOUR, NOW),
        at=Moment(epoch * HOUR + 3, NOW),
        late=Duration(3),
        merged=0,
        keeper="0x" + "7e" * 20,
        reward=coins(1.02),
        gas_used=124_057,
        transaction="0x" + "ab" * 32,
        block=19_000,
        old_price=wad(2_402.5),
        new_price=wad(2_409.91),
        spot=wad(2_431.07),
        payer="short",
        paid=coins(4_811.07),
        fraction=part(0.00918),
        long_balance=coins(817_156.19),
        short_balance=coins(519_200.43),
        long_price=wad(1.2806),
        short_price=wad(0.7039),
        orders=2,
    )
    return replace(row, **changed)  # type: ignore[arg-type]


def decay() -> views.DecayTable:
    rows = [
        views.Horizon(Duration(days * 86_400), side, -0.01 * days, -0.4, 0.5, 0.0, -0.02, 0.54)
        for days in (1, 7, 30)
        for side in ("long", "short")
    ]
    return views.DecayTable(MARKET, 0.62, True, 1_024, 1, tuple(rows), ("Without drift.",))


def everything() -> Totals:
    return Totals(4, accounts=31, orders=1_204, events=4_711, keepers=2, collaterals=())
