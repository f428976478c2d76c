"""
The smallest parts of pages: text in a tag, a time that counts down, an address to copy.

All of them are elements of HTML with our own classes (`static/perpools.css`), so that they mean to
a screen reader what they look like; and all are changed in place, which keeps focus and selection.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import Handler

from perpools.spec.units import Address, Timestamp
from perpools.values import Amount, Moment, short

TOKEN_DECIMALS = 18


class Text(TextElement):
    """A tag with a text; setting `text` to what it is already sends nothing."""

    def __init__(self, tag: str, text: str = "", classes: str = "") -> None:
        super().__init__(tag=tag, text=text)
        self.classes(classes)


def box(tag: str = "div", classes: str = "", **attributes: Any) -> ui.element:
    """A tag that holds others; `aria_label="..."` becomes the attribute `aria-label`."""
    element = ui.element(tag).classes(classes)
    change(element, attributes)
    return element


def change(element: ui.element, attributes: Mapping[str, Any]) -> None:
    """Sets attributes, of which None and False are taken away; sends only what differs."""
    for name, value in attributes.items():
        key = name.strip("_").replace("_", "-")
        if value is None or value is False:
            element.props.pop(key, None)
        elif element.props.get(key) != value:
            element.props[key] = value


def title(text: str) -> Text:
    """The page's heading: one each page."""
    return Text("h1", text)


def card(heading: str, key: str, classes: str = "") -> ui.element:
    """A section with a heading, which it is labelled by; enter it to fill it."""
    section = box("section", f"pp-card {classes}", aria_labelledby=f"{key}-heading")
    with section:
        change(Text("h2", heading), {"id": f"{key}-heading"})
    return section


class Countdown(Text):
    """A moment as the time left until it, which the browser counts."""

    def __init__(self, at: Moment | Timestamp, *, before: str = "in ", after: str | None = None):
        super().__init__("time", "", "countdown")
        change(self, {"data-before": before, "data-after": after})
        self.show(at)

    def show(self, at: Moment | Timestamp) -> None:
        """Another moment."""
        moment = at if isinstance(at, Moment) else Moment(at)
        text = Moment(moment.unix).json["utc"]
        change(self, {"data-at": moment.unix, "datetime": text, "title": text.replace("T", " ")})


class Clock:
    """Tells the browser the chain's time, whenever it is heard of."""

    def __init__(self, now: Timestamp) -> None:
        self.element = box("span", "hidden", id="perpools-clock", aria_hidden="true")
        self._told = 0
        self.show(now)

    def show(self, now: Timestamp) -> None:
        """The chain's present second."""
        self._told += 1
        change(self.element, {"data-now": now, "data-told": self._told})


def button(text: str, classes: str = "", on_click: Handler[Any] | None = None) -> Text:
    """A button that looks like ours."""
    element = Text("button", text, f"pp-button {classes}")
    change(element, {"type": "button"})
    if on_click is not None:
        element.on("click", on_click)
    return element


def link(text: str, href: str, classes: str = "") -> Text:
    """A link within the site or to a file of it."""
    element = Text("a", text, classes)
    change(element, {"href": href})
    return element


def address(of: Address, name: str = "address") -> ui.element:
    """The ends of an address, which a button copies whole."""
    with box("span", "pp-row", style="gap:.35rem;display:inline-flex;flex-wrap:nowrap") as whole:
        change(Text("span", short(of), "mono"), {"title": of})
        copier = button("Copy", "tiny quiet")
        change(copier, {"data-copy": of, "aria-label": f"Copy {name} {of}"})
    return whole


def add_to_wallet(token: Address, symbol: str) -> Text:
    """A button that asks the browser's wallet to show a token."""
    adder = button("Add to wallet", "tiny")
    asked = {"address": token, "symbol": symbol[:11], "decimals": TOKEN_DECIMALS}
    change(adder, {"data-token": json.dumps(asked), "aria-label": f"Add {symbol} to wallet"})
    return adder


def badge(text: str, classes: str) -> Text:
    """A word about a state; its mark's shape says it too, not its colour alone."""
    return Text("span", text, f"pp-badge {classes}")


def notice(text: str, kind: str = "") -> Text:
    """A sentence that stands out; `kind` is empty, `warn` or `bad`."""
    return Text("p", text, f"pp-notice {kind}")


def empty(text: str, hint: str = "") -> ui.element:
    """Instead of a list that has nothing in it."""
    with box("div", "pp-empty") as whole:
        Text("p", text)
        if hint:
            Text("p", hint, "small")
    return whole


def folded(summary: str) -> ui.element:
    """What a wide screen shows at once and a narrow one on request; enter it to fill it."""
    with box("details", "pp-more", data_wide="") as whole:
        Text("summary", summary)
    return whole


def skeleton(lines: int = 3) -> ui.element:
    """Where something will be in a moment."""
    with box("div", "pp-stack", aria_hidden="true") as whole:
        for _ in range(lines):
            box("div", "pp-skeleton")
    return whole


class Awaited:
    """
    A place for what comes in a moment: enter `inner` to fill it. Until then a skeleton stands
    there, of classes `yet`.
    """

    def __init__(self, lines: int, classes: str, yet: str = "") -> None:
        with box("div", "", aria_busy="true") as self._place:
            self._skeleton = skeleton(lines).classes(yet)
            self.inner = box("div", classes)
        self.inner.set_visibility(False)

    def give_up(self) -> None:
        """Nothing comes for now."""
        if not self._skeleton.is_deleted:
            self._skeleton.delete()
            change(self._place, {"aria-busy": None})

    def come(self) -> None:
        """It is there."""
        self.give_up()
        self.inner.set_visibility(True)


class Tiles:
    """Numbers with their names: a description list whose values are changed in place."""

    def __init__(self, names: Iterable[str], label: str) -> None:
        self._values: dict[str, Text] = {}
        self._notes: dict[str, Text] = {}
        with box("dl", "pp-tiles", aria_label=label):
            for name in names:
                with box("div", "pp-tile"):
                    Text("dt", name)
                    self._values[name] = Text("dd")
                    self._notes[name] = Text("dd", "", "note")

    def has(self, names: Iterable[str]) -> bool:
        """Whether exactly these numbers are shown."""
        return list(names) == list(self._values)

    def show(self, name: str, value: str, note: str = "", classes: str = "note") -> None:
        """A number, and what to say beneath it."""
        self._values[name].text = value
        self._notes[name].text = note
        self._notes[name].classes(replace=classes)

    def count_down(self, name: str, at: Moment, note: str = "") -> None:
        """Time left until a moment."""
        value = self._values[name]
        if "countdown" not in value.classes:
            value.classes("countdown")
            change(value, {"data-before": "", "data-after": "due now"})
        text = Moment(at.unix).json["utc"].replace("T", " ")
        change(value, {"data-at": at.unix, "title": text})
        self._notes[name].text = note


class Facts:
    """Names and values below each other, changed in place."""

    def __init__(self, label: str) -> None:
        self._values: dict[str, Text] = {}
        self._list = box("dl", "pp-facts", aria_label=label)

    def show(self, name: str, value: str | Amount, classes: str = "") -> None:
        """A value; a name that is new comes last."""
        text = value if isinstance(value, str) else value.text
        if name not in self._values:
            with self._list, box("div"):
                Text("dt", name)
                self._values[name] = Text("dd")
        self._values[name].text = text
        self._values[name].classes(replace=classes)
