"""
Tables whose rows keep their identity: what changes is changed in its cell, what moves is moved.

At phone width (`static/perpools.css`) a table's rows become cards, or its rows and columns change
places, or its lines only come closer; roles are written out because a browser takes them away from
a table that is no longer laid out as one.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nicegui import ui

from perpools.spec.units import Timestamp
from perpools.values import Moment
from perpools.web.pages.parts import Text, box, change


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called, and whether it holds numbers."""

    name: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell: text, a link, a moment to count down to, or a bar of the two sides."""

    text: str = ""
    classes: str = ""
    href: str | None = None
    at: Timestamp | None = None
    title: str | None = None
    bar: float | None = None
    """Percent of the long side."""

    @property
    def tag(self) -> str:
        """What it is in HTML."""
        if self.bar is not None:
            return "div"
        return "a" if self.href else "time" if self.at is not None else "span"


Cell = Sequence[Line]

Narrow = Literal["cards", "turned", "dense"]
"""What becomes of a table at phone width."""


class Table:
    """A table; the first cell of each row is its heading."""

    def __init__(self, columns: Sequence[Column], caption: str, narrow: Narrow = "cards") -> None:
        self._columns = columns
        self._rows: dict[Hashable, tuple[ui.element, list[_Drawn]]] = {}
        self.element = box("table", f"pp-table {narrow}", role="table")
        with self.element:
            Text("caption", caption, "visually-hidden")
            with box("thead", role="rowgroup"), box("tr", role="row"):
                for column in columns:
                    heading = Text("th", column.name, "right" if column.right else "")
                    change(heading, {"scope": "col", "role": "columnheader"})
            self._body = box("tbody", role="rowgroup")

    def show(self, rows: Mapping[Hashable, Sequence[Cell]]) -> None:
        """These rows in this order; what differs is sent, and nothing else."""
        for gone in [key for key in self._rows if key not in rows]:
            self._rows.pop(gone)[0].delete()
        for place, (key, cells) in enumerate(rows.items()):
            if key not in self._rows:
                self._rows[key] = self._new(len(cells))
            row, drawn = self._rows[key]
            if self._body.default_slot.children[place] is not row:
                row.move(target_index=place)
            for old, cell in zip(drawn, cells, strict=True):
                old.show(cell)

    def _new(self, width: int) -> "tuple[ui.element, list[_Drawn]]":
        with self._body, box("tr", role="row") as row:
            drawn = [_Drawn(column, place == 0) for place, column in enumerate(self._columns)]
        assert len(drawn) == width
        return row, drawn


class _Drawn:
    """A cell on the page."""

    def __init__(self, column: Column, first: bool) -> None:
        self._lines: list[tuple[Line, Text]] = []
        self._cell = box("th" if first else "td", "right" if column.right else "")
        roles = {"role": "rowheader", "scope": "row"} if first else {"role": "cell"}
        change(self._cell, roles | {} if first else roles | {"data-label": column.name})
        with self._cell:
            self._inner = box("div")

    def show(self, cell: Cell) -> None:
        """Its lines, in place where they are of the same kind as before."""
        if [line.tag for line in cell] != [line.tag for line, _ in self._lines]:
            self._inner.clear()
            with self._inner:
                self._lines = [(Line(), _draw(line)) for line in cell]
        drawn = [element for _, element in self._lines]
        for (before, element), line in zip(self._lines, cell, strict=True):
            if before != line:
                _update(element, line)
        self._lines = list(zip(cell, drawn, strict=True))


def _draw(line: Line) -> Text:
    if line.bar is None:
        return Text(line.tag)
    bar = Text("div", "", "pp-bar-sides")
    change(bar, {"role": "img"})
    with bar:
        box("span", "of-long")
        box("span", "of-short").style("flex:1")
    return bar


def _update(element: Text, line: Line) -> None:
    element.classes(replace=line.classes)
    if line.bar is not None:
        element.classes("pp-bar-sides")
        label = f"{line.bar:.0f}% of the value is long, {100 - line.bar:.0f}% short"
        change(element, {"aria-label": label, "title": label})
        element.default_slot.children[0].style(f"width:{line.bar:.1f}%")
        return
    element.text = line.text
    change(element, {"href": line.href, "title": line.title})
    if line.at is not None:
        element.classes("countdown")
        utc = Moment(line.at).json["utc"]
        change(element, {"data-at": line.at, "datetime": utc, "title": utc, "data-before": ""})
