"""`/`: all markets, to be searched, filtered and sorted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui.events import GenericEventArguments

from perpools.index.totals import Totals
from perpools.spec.fixed_point import WAD
from perpools.values import Amount, Number
from perpools.web import views
from perpools.web.live import Live
from perpools.web.pages import wording
from perpools.web.pages.frame import follow, page, shared
from perpools.web.pages.parts import Text, Tiles, box, change, empty, link, title
from perpools.web.pages.tables import Cell, Column, Line, Table
from perpools.web.views import MarketRow, SideRow

COLUMNS = (
    Column("Market"),
    Column("Price", right=True),
    Column("Value locked", right=True),
    Column("Long / short"),
    Column("Token prices", right=True),
    Column("Gains / losses", right=True),
    Column("Next event", right=True),
    Column("Orders lock", right=True),
    Column("State", right=True),
)

ORDERS: dict[str, Callable[[MarketRow], Any]] = {
    "Value locked": lambda row: -row.tvl.units * 10 ** (18 - row.tvl.decimals),
    "Volume, 24 h": lambda row: -row.volume_24h.units * 10 ** (18 - row.volume_24h.decimals),
    "Change, 24 h": lambda row: -(row.change_24h.wad if row.change_24h else 0),
    "Skew": lambda row: -abs(row.skew.wad - WAD),
    "Next event": lambda row: row.next_event_at.unix if row.next_event_at else 2**63,
    "Name": lambda row: (row.name, row.leverage.wad),
}
"""By what markets can be sorted; the first is the usual one."""

_VALUE = "event => emit(event.target.value)"

STATES = ("Any state", "Live", "Needs attention", "Wound down")


@dataclass
class Wanted:
    """What of the overview somebody wants to see."""

    text: str = ""
    state: str = STATES[0]
    collateral: str = ""
    order: str = next(iter(ORDERS))

    def of(self, rows: Iterable[MarketRow]) -> list[MarketRow]:
        """The rows that match, in the order asked for; the first given come first among equals."""
        return sorted(filter(self._matches, rows), key=ORDERS[self.order])

    def _matches(self, row: MarketRow) -> bool:
        words = f"{row.title} {row.long.symbol} {row.short.symbol} {row.collateral} {row.address}"
        return (
            all(word in words.lower() for word in self.text.lower().split())
            and self.collateral in ("", row.collateral)
            and (self.state == STATES[0] or self.state == _state_group(row))
        )


def register(live: Live) -> None:
    """Add `/`."""

    @page("/", live, title="Markets")
    async def markets() -> None:
        now = await shared(live, "overview", lambda: _read(live))
        shown = Overview(*now)
        follow(live, lambda: _read(live), lambda now: shown.show(*now), key="overview")


def _read(live: Live) -> tuple[list[MarketRow], Totals]:
    return views.overview(live), live.reader.totals()


class Overview:
    """The page."""

    def __init__(self, rows: Sequence[MarketRow], everything: Totals) -> None:
        self._wanted, self._rows, self._everything = Wanted(), list(rows), everything
        with box("div", "pp-row between baseline"):
            title("Markets")
            link("New market", "/new", "pp-button")
        self._tiles: Tiles | None = None
        self._totals = box("div")
        self._controls()
        self._table = Table(COLUMNS, "Markets: prices, sides and the next event of each")
        self._table.element.classes("pp-markets")
        self._nothing = empty("No market matches.", "Change what you search for.")
        self._none = empty("There is no market here yet.", "Deploy one: New market shows how.")
        self.show(rows, everything)

    def show(self, rows: Sequence[MarketRow], everything: Totals) -> None:
        """What is true now."""
        self._rows, self._everything = list(rows), everything
        self._show_totals(totals(rows, everything))
        matching = self._wanted.of(rows)
        self._table.show({row.address: cells(row) for row in matching})
        self._table.element.set_visibility(bool(matching))
        self._nothing.set_visibility(bool(rows) and not matching)
        self._none.set_visibility(not rows)
        self._count.text = f"{len(matching)} of {wording.counted(len(rows), 'market')}"

    def _show_totals(self, told: dict[str, tuple[str, str]]) -> None:
        if self._tiles is None or not self._tiles.has(told):
            self._totals.clear()
            with self._totals:
                self._tiles = Tiles(told, "Totals")
        for name, (value, note) in told.items():
            self._tiles.show(name, value, note)

    def _controls(self) -> None:
        collaterals = {"": "Any collateral"} | {r.collateral: r.collateral for r in self._rows}
        with box("form", "pp-row pp-filter", role="search", aria_label="Markets") as form:
            form.on("submit.prevent", lambda: None)
            text = box("input", "pp-input", type="search", placeholder="Search name or symbol")
            change(text, {"aria-label": "Search markets", "autocomplete": "off"})
            text.on("input", self._typed, js_handler=_VALUE, throttle=0.15)
            self._choice("State", dict.fromkeys(STATES, ""), "state")
            if len(collaterals) > 2:
                self._choice("Collateral", collaterals, "collateral")
            self._choice(
                "Sort by", {name: f"By {name[0].lower()}{name[1:]}" for name in ORDERS}, "order"
            )
            self._count = Text("span", "", "muted small")
            change(self._count, {"role": "status"})

    def _choice(self, label: str, options: dict[str, str], field: str) -> None:
        with box("select", "pp-select", aria_label=label, title=label) as select:
            for value, name in options.items():
                change(Text("option", name or value), {"value": value})
        select.on("change", lambda e: self._want(field, e.args), js_handler=_VALUE)

    def _typed(self, told: GenericEventArguments) -> None:
        self._want("text", told.args)

    def _want(self, field: str, value: object) -> None:
        setattr(self._wanted, field, str(value))
        self.show(self._rows, self._everything)


def totals(rows: Sequence[MarketRow], everything: Totals) -> dict[str, tuple[str, str]]:
    """Numbers of all markets, and of each collateral what is locked and moved."""
    live = sum(row.state == "live" for row in rows)
    told = {"Markets": (str(len(rows)), f"{live} live")}
    for symbol in sorted({row.collateral for row in rows}):
        of = [row for row in rows if row.collateral == symbol]
        locked, volume = _sum(row.tvl for row in of), _sum(row.volume_24h for row in of)
        told[f"Locked in {symbol}"] = (
            wording.money(locked, symbol=False),
            f"{wording.money(volume, symbol=False)} moved in 24 h",
        )
    told["Orders"] = f"{everything.orders:,}", f"in {wording.counted(everything.events, 'event')}"
    keepers = wording.counted(everything.keepers, "keeper")
    told["Accounts"] = f"{everything.accounts:,}", f"and {keepers}"
    return told


def cells(row: MarketRow) -> list[Cell]:
    """A market's row, as `COLUMNS` asks."""
    return [
        (
            Line(row.title, href=f"/market/{row.address}", classes="pp-market-name"),
            Line(f"{row.long.symbol} · {row.short.symbol}", "sub"),
        ),
        (
            Line(wording.price(row.price)),
            Line(wording.change(row.change_24h), f"sub {wording.direction(row.change_24h)}"),
        ),
        (Line(wording.money(row.tvl)), Line(f"{wording.money(row.volume_24h)} in 24 h", "sub")),
        (
            Line(bar=wording.long_part(row.long.balance, row.short.balance)),
            Line(_sides(row), "sub"),
        ),
        tuple(_of_side(side, wording.price(side.price)) for side in row.sides),
        tuple(_of_side(side, _leverages(side, row.leverage)) for side in row.sides),
        (Line(at=row.next_event_at.unix) if row.next_event_at else Line(wording.NOTHING),),
        (Line(at=row.cutoff_at.unix) if row.cutoff_at else Line(wording.NOTHING),),
        (Line(wording.STATES[row.state], f"pp-badge {row.state}"),),
    ]


def _sides(row: MarketRow) -> str:
    long, short = (wording.money(side.balance, symbol=False) for side in row.sides)
    return f"{long} / {short}"


def _of_side(side: SideRow, text: str) -> Line:
    return Line(f"{side.side} {text}", f"line {side.side}")


def _leverages(side: SideRow, losses: Number) -> str:
    return f"{wording.times(side.leverage)} / {wording.times(losses)}"


def _sum(amounts: Iterable[Amount]) -> Amount:
    first, *others = amounts
    return Amount(first.units + sum(a.units for a in others), first.decimals, first.symbol)


def _state_group(row: MarketRow) -> str:
    return {"live": "Live", "wound-down": "Wound down"}.get(row.state, "Needs attention")
