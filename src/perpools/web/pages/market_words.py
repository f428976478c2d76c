"""What a holder should know: terms, risks, decay, and where the tokens are."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from perpools.errors import PoolsError
from perpools.web.pages import wording
from perpools.web.pages.parts import (
    Text,
    add_to_wallet,
    address,
    box,
    card,
    folded,
    notice,
    skeleton,
)
from perpools.web.pages.tables import Cell, Column, Line, Table
from perpools.web.playing import Busy
from perpools.web.views import DecayTable, Horizon, MarketView

DECAY = (
    Column("Held for"),
    Column("Median return", right=True),
    Column("Against ideal", right=True),
    Column("Loses", right=True),
)
TERMS = (Column("Term"), Column("Value"), Column("What it means"))

AGAIN_S = 5.0
"""Until a page asks again for a simulation that too many others wait for."""


def risk_card(view: MarketView) -> None:
    """What can happen to somebody who holds a token of this market, in plain words."""
    with card("Before you hold a token", "risk", "pp-risk"), box("ul"):
        for sentence in risks(view):
            Text("li", sentence)


def risks(view: MarketView) -> list[str]:
    """The risks of this market, with its own numbers."""
    leverage = wording.times(view.row.leverage)
    gaining = min(view.sides, key=lambda side: side.gains.wad)
    told = [
        f"A token is leveraged {leverage}: it can lose most of its worth within one event. "
        "Nobody is liquidated, and nothing is ever owed.",
        f"What one side gains the other pays. The {gaining.side} side is the larger, so a "
        f"{gaining.side} token gains only {wording.times(gaining.gains)} of a small move now, and "
        f"loses {wording.times(gaining.losses)}."
        if gaining.gains.wad < gaining.losses.wad
        else "What one side gains the other pays: when the sides are uneven, the larger gains less "
        "than the market's leverage.",
        "A price that goes up and down costs a leveraged token even if it ends where it began: "
        "the table of decay says about how much.",
    ]
    if view.clock:
        told.append(
            "Orders wait. One placed now is executed at "
            f"{wording.near(view.clock.executes_at)}, at a price nobody knows yet, and "
            "cannot be taken back once it is locked."
        )
    told.append(
        "The price feed decides. If it is wrong, value moves to the wrong side; if it stays "
        "silent for long, the market can be wound down by anyone at the last rates."
    )
    return told


def terms_card(view: MarketView) -> None:
    """What was fixed when the market was deployed, and what each of it means."""
    with card("Terms", "terms"), folded("What was fixed when the market was deployed"):
        Text("p", "Nobody can change them.", "muted small")
        table = Table(TERMS, "Terms of this market")
        table.element.classes("terms")
        table.show(
            {
                t.key: [(Line(t.label),), (Line(t.value, "num"),), (Line(t.meaning),)]
                for t in view.terms
            }
        )


def addresses_card(view: MarketView) -> None:
    """Where market and tokens are, to copy and to show in a wallet."""
    places = [
        ("Market", view.row.address, None),
        (view.long.symbol, view.long.token, view.long.symbol),
        (view.short.symbol, view.short.token, view.short.symbol),
        (view.row.collateral, view.collateral, None),
    ]
    with card("Addresses", "addresses"), folded("Of market, tokens and collateral"):
        listed = box("dl", "pp-facts pp-addresses")
    for name, where, symbol in places:
        with listed, box("div"):
            Text("dt", name)
            with box("dd", "pp-row", style="gap:.35rem;justify-content:flex-end"):
                address(where, f"address of {name}")
                if symbol is not None:
                    add_to_wallet(where, symbol)


class DecayCard:
    """What holding for long does, simulated once the page is there."""

    def __init__(self, load: Callable[[], Awaitable[DecayTable]]) -> None:
        self._load = load
        with card("Decay: what holding does to a token", "decay") as self._card:
            self._inner = box("div", "pp-stack", aria_busy="true")
            with self._inner:
                Text("p", "Simulating the market's own terms ...", "muted small")
                skeleton(4)
        ui.timer(0.2, self._fill, once=True)

    async def _fill(self) -> None:
        try:
            table = await self._load()
        except Busy:
            with self._card:
                ui.timer(AGAIN_S, self._fill, once=True)
            return
        except PoolsError as failed:
            why = f"Not simulated: {failed}"
            self._show(lambda: notice(why, "warn"))
            return
        self._show(lambda: _decay(table))

    def _show(self, draw: Callable[[], object]) -> None:
        self._inner.props.pop("aria-busy", None)
        self._inner.clear()
        with self._inner:
            draw()


def decay_cells(row: Horizon) -> list[Cell]:
    """A holding period's row, as `DECAY` asks."""
    side = f"pp-badge side {row.side}"
    low, high = wording.percent_float(row.low), wording.percent_float(row.high)
    return [
        (Line(wording.coarse(row.horizon.seconds)), Line(row.side.capitalize(), side)),
        (Line(wording.percent_float(row.median)), Line(f"{low} to {high}", "sub")),
        (Line(wording.percent_float(row.shortfall)),),
        (Line(f"{row.loses * 100:.0f} of 100"),),
    ]


def _decay(table: DecayTable) -> None:
    kind = "realised" if table.realised else "assumed"
    Text(
        "p",
        f"{table.paths:,} price paths without drift at the {kind} volatility of "
        f"{wording.percent_float(table.volatility, signed=False)} a year, played by this market's "
        "rules and fees. Beneath the median: where 90 of 100 end. Against ideal: the token's worth "
        "over that of a holding kept at the market's leverage at every event, at no cost.",
        "muted small",
    )
    drawn = Table(DECAY, "Returns by holding period", "dense")
    drawn.show({(row.horizon.seconds, row.side): decay_cells(row) for row in table.rows})
    for note in table.notes:
        Text("p", note, "muted small")
