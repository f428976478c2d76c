"""The two sides: what they hold, what a move of the price does to each, and how even they are."""

from perpools.web.pages import charts, wording
from perpools.web.pages.drawing import Chart
from perpools.web.pages.parts import Text, box, card
from perpools.web.pages.tables import Cell, Column, Line, Table
from perpools.web.views import MarketView, Payoff, Series, SideView

SIDES = (
    Column("Side"),
    Column("Token price", right=True),
    Column("Holds", right=True),
    Column("Tokens", right=True),
    Column("Gains", right=True),
    Column("Losses", right=True),
)
MOVES = ("Move", "Long now", "Long ideal", "Short now", "Short ideal")
EVERY = 10
"""Of the points of a payoff curve so many become one row of its table."""


class SidesCard:
    """Both sides beside each other."""

    def __init__(self, view: MarketView) -> None:
        with card("Sides", "sides"):
            self._table = Table(SIDES, "What each side holds, and its leverage now", "turned")
            self._words = Text("p", "", "muted small")
        self.show(view)

    def show(self, view: MarketView) -> None:
        """What is true now."""
        self._table.show({side.side: side_cells(side) for side in view.sides})
        self._words.text = (
            "Gains and losses: by how much a token's value changes on a small move of the moving "
            f"average, relative to it. {wording.rebalancing(view.rebalancing_rate)}"
        )


class PayoffCard:
    """What a move does to a token, now and ideally."""

    def __init__(self, view: MarketView, curves: tuple[Payoff, Payoff]) -> None:
        with card("Gain on a move of the price", "payoff"):
            label = "Gain of the long and the short token over the move of the price"
            self._chart = Chart(charts.payoffs(*curves), label, MOVES)
        self.show(view, curves)

    def show(self, view: MarketView, curves: tuple[Payoff, Payoff]) -> None:
        """The curves of the present balances."""
        self._chart.show(charts.payoffs(*curves))
        self._chart.say(payoff_words(view), lambda: payoff_rows(*curves))


class SkewCard:
    """How even the sides are, and were."""

    def __init__(self, view: MarketView, series: Series) -> None:
        with card("Rebalancing rate", "skew"):
            with box("div", "pp-row between baseline"):
                self._long = Text("span", "", "long")
                self._short = Text("span", "", "short")
            with box("div", "pp-bar-sides wide") as self._bar:
                self._part = box("span", "of-long")
                box("span", "of-short").style("flex:1")
            self._words = Text("p", "", "small")
            label = "Rebalancing rate over time: above zero the long side is the larger"
            columns = ("Time", "Rebalancing rate", "Long holds", "Short holds")
            self._chart = Chart(charts.rebalancing(series), label, columns, "flat")
        self.show(view, series)

    def show(self, view: MarketView, series: Series) -> None:
        """What is true now, and was."""
        long, short = view.long, view.short
        self._long.text = f"Long {wording.percent(long.part)} · {wording.money(long.balance)}"
        self._short.text = f"Short {wording.percent(short.part)} · {wording.money(short.balance)}"
        part = f"{wording.long_part(long.balance, short.balance):.1f}%"
        if self._part.style.get("width") != part:
            self._part.style(f"width:{part}")
        rate = wording.percent(view.rebalancing_rate, signed=True)
        self._words.text = f"{rate}. {wording.rebalancing(view.rebalancing_rate)}"
        self._chart.show(charts.rebalancing(series))
        self._chart.say("Above zero the long side is the larger.", lambda: rate_rows(series))


def side_cells(side: SideView) -> list[Cell]:
    """A side's row, as `SIDES` asks."""
    return [
        (Line(side.side.capitalize(), f"pp-badge side {side.side}"), Line(side.symbol, "sub")),
        (Line(wording.price(side.price)),),
        (Line(wording.money(side.balance)), Line(wording.percent(side.part), "sub")),
        (Line(wording.money(side.supply, symbol=False)),),
        (Line(wording.times(side.gains)),),
        (Line(wording.times(side.losses)),),
    ]


def payoff_words(view: MarketView) -> str:
    """The curves in a sentence."""
    gains = ", ".join(
        f"the {side.side} token gains {wording.times(side.gains)} and loses "
        f"{wording.times(side.losses)}"
        for side in view.sides
    )
    return (
        f"Of a small move now {gains}. Dotted: {wording.times(view.row.leverage)} the move, which "
        "holds only for small moves of an even market."
    )


def payoff_rows(long: Payoff, short: Payoff) -> list[list[str]]:
    """Some of the curves' points."""
    pairs = list(zip(long.points, short.points, strict=True))[::EVERY]
    return [
        [wording.percent(part, signed=True) for part in (a.move, a.gain, a.ideal, b.gain, b.ideal)]
        for a, b in pairs
    ]


def rate_rows(series: Series) -> list[list[str]]:
    """The newest points, the newest first."""
    options = charts.rebalancing(series)["series"][0]["data"]
    return [
        [
            wording.moment(point.at),
            f"{rate:+.2f}%",
            wording.money(point.long_balance),
            wording.money(point.short_balance),
        ]
        for point, (_, rate) in list(zip(series.points, options, strict=True))[:-49:-1]
    ]
