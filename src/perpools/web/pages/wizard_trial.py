"""The wizard's trial: which prices, then charts and figures of what the terms made of them."""

import asyncio
from collections.abc import Callable
from typing import Any

from nicegui import events, ui
from nicegui.events import Handler

from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from perpools.sim.prices import Prices
from perpools.web.pages import trial_charts
from perpools.web.pages.drawing import Chart
from perpools.web.pages.forms import Choice, Field, enable
from perpools.web.pages.parts import Text, Tiles, box, button, change, notice
from perpools.web.pages.tables import Table
from perpools.web.pages.trials import Trial, read_pair, try_out
from perpools.web.playing import MOST_BYTES, read_file

SOURCES = {"ecb": "Euro fixings", "file": "Your own file"}
PAIR_HINT = "Daily fixings of the European Central Bank since 1999, shipped with this server"
FILE_HINT = "A CSV file headed timestamp,price, or Parquet; nothing of it is kept"
FIRST = "Finish the terms first: what is missing is told at its field."


class TrialCard:
    """Plays the draft over the past."""

    def __init__(self, market: Callable[[], MarketFile | None]) -> None:
        self._market = market
        self._uploaded: Prices | ConfigError = ConfigError("no file yet: choose one")
        self._client = ui.context.client
        self.source = Choice("Prices", SOURCES, "ecb", self._choose)
        self.pair = Field("Currency pair", lambda _: None, value="EUR/USD", hint=PAIR_HINT)
        with box("div", "pp-field") as self._file:
            Text("span", "File of prices", "label")
            self._upload = _upload(self._read, self._too_much)
            self._chosen = Text("p", FILE_HINT, "muted small")
            change(self._chosen, {"role": "status"})
        self._file.set_visibility(False)
        self._wrong = notice("", "bad")
        change(self._wrong, {"role": "alert"})
        self._wrong.set_visibility(False)
        with box("div", "pp-row"):
            self.go = button("Backtest these terms", "primary", self.run)
            self._status = Text("span", "", "muted")
        change(self._status, {"role": "status"})
        self._place = box("div", "pp-stack")

    async def run(self) -> None:
        """Play it, and show what came of it."""
        market = self._market()
        if market is None:
            self._fail(FIRST)
            return
        self._fail("")
        enable(self.go, enabled=False)
        self._status.text = "playing three markets over these prices…"
        try:
            trial = await asyncio.to_thread(self._try, market)
        except ConfigError as wrong:
            self._fail(str(wrong))
        else:
            self._show(trial)
        finally:
            self._status.text = ""
            enable(self.go, enabled=True)

    def _try(self, market: MarketFile) -> Trial:
        if self.source.value == "ecb":
            return try_out(market, read_pair(self.pair.value))
        if isinstance(self._uploaded, ConfigError):
            raise self._uploaded
        return try_out(market, self._uploaded)

    def _choose(self, source: str) -> None:
        self.pair.box.set_visibility(source == "ecb")
        self._file.set_visibility(source == "file")

    async def _read(self, event: events.UploadEventArguments) -> None:
        name, content = event.file.name, await event.file.read()
        try:
            found = await asyncio.to_thread(read_file, name, content)
        except ConfigError as wrong:
            self._refuse(wrong)
        else:
            self._fail("")
            self._uploaded = found
            self._chosen.text = f"{name}: {len(found.times):,} prices; nothing of it is kept"
        self._upload.reset()

    def _too_much(self) -> None:
        self._refuse(ConfigError(f"no CSV or Parquet file of at most {MOST_BYTES:,} bytes"))

    def _refuse(self, wrong: ConfigError) -> None:
        self._uploaded = wrong
        self._chosen.text = FILE_HINT
        self._fail(str(wrong))

    def _fail(self, text: str) -> None:
        self._wrong.text = text
        self._wrong.set_visibility(bool(text))

    def _show(self, trial: Trial) -> None:
        self._place.clear()
        with self._client, self._place:
            Text("h3", f"{trial.own.scene.grid.prices.name}, {trial.span}")
            figures = trial_charts.summary(trial.own)
            tiles = Tiles(figures, "What the terms made of these prices")
            for name, (value, note) in figures.items():
                tiles.show(name, value, note)
            names = ("Day", "Price", "L-token", "S-token")
            drawn = Chart(trial_charts.tokens(trial.own), "Both tokens and the price", names)
            drawn.say(trial_charts.TOKENS, lambda: trial_charts.rows(trial.own))
            Chart(trial_charts.decay(trial.own), "Decay of both tokens", names, "flat").say(
                trial_charts.DECAY, lambda: trial_charts.rows(trial.own)
            )
            Text("h3", "Against the presets")
            Table(trial_charts.COMPARED, "These terms and the presets").show(
                trial_charts.compared(trial)
            )
            with box("ul", "pp-list muted"):
                for text in trial.notes:
                    Text("li", text)


def _upload(read: Handler[events.UploadEventArguments], refused: Handler[Any]) -> ui.upload:
    """Takes one file at a time; what became of it is told beside it."""
    made = ui.upload(
        on_upload=read, on_rejected=refused, auto_upload=True, max_file_size=MOST_BYTES
    )
    made.props('accept=".csv,.parquet"').style("display: none")
    # in the browser itself: a dialog for files opens for a click alone
    button("Choose a file").on("click", js_handler=f"() => runMethod({made.id}, 'pickFiles', [])")
    return made
