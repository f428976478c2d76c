"""The markets there are, a row for each."""

from dataclasses import dataclass
from typing import Literal

from perpools.chain import noticing
from perpools.chain.lens import Progress
from perpools.chain.noticing import Alert, Tolerance, Watched
from perpools.index import tables
from perpools.index.monitor import shortened
from perpools.spec import measures
from perpools.spec.fixed_point import WAD, mul_div_down
from perpools.spec.state import Market
from perpools.spec.units import Address, Timestamp, Wad
from perpools.values import Amount, Moment, Number, Share
from perpools.web.live import Live
from perpools.web.sight import Sight

HOUR_S, DAY_S = tables.PERIODS
TOLERANCE = Tolerance(late_s=300, wind_down_share=WAD // 2)
"""As a watcher has it who was told nothing else."""
SIDE: tuple[Literal["long"], Literal["short"]] = ("long", "short")

State = Literal["live", "late", "stale", "unseen", "wound-down"]
"""
`late`: an event is due and nobody closed it in time. `stale`: the feed gives no valid price now.
`unseen`: nobody could ask it. `wound-down`: stopped for good.
"""


@dataclass(frozen=True, slots=True)
class SideRow:
    """One side of a market, in short."""

    side: Literal["long", "short"]
    symbol: str
    token: Address
    balance: Amount
    """Collateral in the side: its part of the value locked."""
    price: Number
    """Of one whole token, in whole units of collateral."""
    change_24h: Share | None
    """Of the token price; None where the market is younger."""
    leverage: Number
    """Effective leverage on gains now; on losses it is the market's own."""


@dataclass(frozen=True, slots=True)
class MarketRow:
    """A market in short."""

    address: Address
    name: str
    """What the price is of, such as `ETH/USD`."""
    title: str
    """Such as `ETH/USD 3x`."""
    leverage: Number
    collateral: str
    """The symbol of what the market holds."""
    price: Number
    """What the feed says now, else the last executed price."""
    change_24h: Share | None
    """Of the spot price; None where the market is younger."""
    volume_24h: Amount
    """Paid into orders and pairs, and taken out, within the last day."""
    tvl: Amount
    """Value locked in both sides."""
    skew: Share
    """Long balance over short balance."""
    long: SideRow
    short: SideRow
    next_event_at: Moment | None
    """The next grid point; None once wound down."""
    cutoff_at: Moment | None
    """Until when an order placed now executes at the moment shown; None once wound down."""
    state: State

    @property
    def sides(self) -> tuple[SideRow, SideRow]:
        """Long and short."""
        return self.long, self.short


@dataclass(frozen=True, slots=True)
class Day:
    """What the last day did to a market."""

    before: tables.Snapshot | None
    """The end of the last hour that ended before it; None where the market is younger."""
    volume: int


def overview(live: Live, query: str | None = None) -> list[MarketRow]:
    """All markets, the most valuable first; of those only whose name or symbols have `query`."""
    wanted = (query or "").casefold()
    found = [listed.address for listed in live.markets if wanted in _searched(listed)]
    rows = [row(live, address) for address in found]
    return sorted(rows, key=lambda each: each.tvl.units * 10 ** (18 - each.tvl.decimals))[::-1]


def row(live: Live, address: Address) -> MarketRow:
    """One of them; `KeyError` where the index does not know it."""
    key = "row", address, live.last.serial
    return live.kept(key, lambda: of(live.sight(address), day(live, address)))


def of(sight: Sight, day: Day) -> MarketRow:
    """A market's row."""
    market, ends = sight.market, sight.market.wound_down
    long, short = market.pool.balances
    before = day.before
    return MarketRow(
        address=sight.address,
        name=sight.name,
        title=sight.title,
        leverage=Number(market.terms.leverage_wad, "x"),
        collateral=sight.fixed.collateral_symbol,
        price=Number(sight.price),
        change_24h=_change(sight.price, before.spot_wad if before else 0),
        volume_24h=sight.assets(day.volume),
        tvl=sight.assets(long + short),
        skew=Share(mul_div_down(long, WAD, short) if short else 0),
        long=_side(sight, 0, before.long_price_wad if before else 0),
        short=_side(sight, 1, before.short_price_wad if before else 0),
        next_event_at=None if ends else sight.moment(sight.upcoming),
        cutoff_at=None if ends else sight.cutoff(sight.joined),
        state=state(sight),
    )


def state(sight: Sight) -> State:
    """How a market is."""
    if sight.market.wound_down:
        return "wound-down"
    if sight.feed is None:
        return "stale" if sight.asked else "unseen"
    return "late" if any(a.kind == noticing.EVENT_LATE for a in alerts(sight)) else "live"


def alerts(sight: Sight) -> list[Alert]:
    """What is wrong with it, as a watcher would tell."""
    market, terms = sight.market, sight.market.terms
    progress = (market.last_epoch, market.earliest_waiting, market.waiting, market.wound_down)
    watched = Watched(
        now=sight.now,
        progress=Progress(*progress),
        interval_s=terms.interval_s,
        max_interval_s=terms.max_interval_s,
        wind_down_after_s=terms.wind_down_after_s,
        feed_alive=sight.feed is not None or not sight.asked,
    )
    return [*noticing.of_market(sight.address, watched, TOLERANCE), *_found(sight)]


def _found(sight: Sight) -> list[Alert]:
    """What the monitor says of the numbers themselves."""
    finding = sight.finding
    if finding is None or not finding.is_wrong:
        return []
    text = f"these numbers may be wrong, and are read again: {shortened(finding.wrong)}"
    return [Alert(noticing.INVARIANT_BROKEN, sight.address, text)]


def day(live: Live, address: Address) -> Day:
    """What its last day was."""
    since: Timestamp = (live.now - DAY_S) // HOUR_S * HOUR_S
    key = "day", address, since, live.last.markets[address].version
    return live.kept(key, lambda: _day(live, address, since))


def gains(market: Market, side: int) -> Wad:
    """Effective leverage on gains; 0 for a side that has nothing left."""
    balances = market.pool.balances
    if not balances[side]:
        return 0
    return measures.effective_leverage(balances, side, market.terms.leverage_wad)


def _day(live: Live, address: Address, since: Timestamp) -> Day:
    before = live.reader.snapshots(address, HOUR_S, until=since, limit=1)
    within = live.reader.snapshots(address, HOUR_S, since=since, limit=26)
    return Day(before[0] if before else None, sum(s.volume_in + s.volume_out for s in within))


def _side(sight: Sight, side: int, before: Wad) -> SideRow:
    price = sight.token_price(side)
    return SideRow(
        side=SIDE[side],
        symbol=sight.fixed.symbols[side],
        token=sight.fixed.tokens[side],
        balance=sight.assets(sight.market.pool.balances[side]),
        price=price,
        change_24h=_change(price.wad, before),
        leverage=Number(gains(sight.market, side), "x"),
    )


def _change(now: Wad, before: Wad) -> Share | None:
    return Share(now * WAD // before - WAD, signed=True) if before else None


def _searched(listed: tables.Market) -> str:
    texts = listed.name, listed.symbol, listed.long_symbol, listed.short_symbol, listed.address
    return " ".join((*texts, listed.collateral_symbol)).casefold()
