"""A chart on a page, with its words and its numbers for those who do not see it."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from perpools.web.pages.charts import Options
from perpools.web.pages.parts import Text, box, change
from perpools.web.pages.tables import Column, Line, Table

Rows = Callable[[], Sequence[Sequence[str]]]


class Chart:
    """A figure: the chart, a caption, and on request the same numbers as a table."""

    def __init__(self, options: Options, label: str, columns: Sequence[str], classes: str = ""):
        self._columns = columns
        self._rows: Rows = lambda: ()
        self._table: Table | None = None
        with box("figure", "pp-figure"):
            self._chart = ui.echart(options, renderer="svg").classes(f"pp-chart {classes}")
            change(self._chart, {"role": "img", "aria-label": label})
            self._caption = Text("figcaption")
            with box("details", "pp-more") as details:
                Text("summary", "The same as a table")
                self._inner = box("div", "pp-scroll", tabindex="0", role="region", aria_label=label)
            details.on("toggle", self._opened, args=[])

    def say(self, caption: str, rows: Rows) -> None:
        """What the chart shows, in a sentence, and in rows, made when somebody wants them."""
        self._caption.text, self._rows = caption, rows
        if self._table is not None:
            self._fill(self._table)

    def show(self, options: Options) -> None:
        """Draws what differs: those lines alone, or all of it where lines come or go."""
        before, after = _by_id(self._chart.options), _by_id(options)
        changed = [line for key, line in after.items() if before.get(key) != line]
        if not changed and before.keys() == after.keys():
            return
        whole = before.keys() != after.keys()
        with self._chart.props.suspend_updates():
            self._chart.props["options"] = options
        if whole:
            self._chart.update()
        else:
            axes = {"xAxis": options["xAxis"]}
            self._chart.run_chart_method("setOption", axes | {"series": changed})

    def _opened(self) -> None:
        if self._table is None:
            with self._inner:
                columns = [
                    Column(name, right=place > 0) for place, name in enumerate(self._columns)
                ]
                self._table = Table(columns, "Numbers of the chart", "dense")
            self._fill(self._table)

    def _fill(self, table: Table) -> None:
        table.show({tuple(row): [(Line(text),) for text in row] for row in self._rows()})


def _by_id(options: Options) -> dict[Any, Options]:
    return {line.get("id"): line for line in options.get("series", ())}
