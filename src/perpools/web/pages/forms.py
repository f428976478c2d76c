"""Fields and choices of forms: each with its label, its hint, and its error beside it."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from perpools.web.pages.parts import Text, box, change

_numbers = count(1)

Changed = Callable[[str], Any]

EMIT_VALUE = "(event) => emit(event.target.value)"
NUMBER = 'inputmode=decimal placeholder="0"'
"""Of a field for a number: a phone shows its digits."""


class Field:
    """One line of text."""

    def __init__(
        self, label: str, on_change: Changed, *, value: str = "", hint: str = "", key: str = ""
    ) -> None:
        self.name = f"field-{next(_numbers)}"
        self._hint, self._error = f"{self.name}-hint", f"{self.name}-error"
        with box("div", "pp-field") as self.box:
            self.label = Text("label", label)
            with box("div", "pp-entry") as self.entry:
                self.input = ui.input(value=value, on_change=lambda e: on_change(e.value or ""))
            self.hint, self.wrong = Text("p", hint, "muted small"), Text("p", "", "pp-wrong small")
        change(self.label, {"for": self.name})
        change(self.hint, {"id": self._hint})
        change(self.wrong, {"id": self._error})
        self.input.props(
            f'for={self.name} borderless dense hide-bottom-space input-class="pp-input"'
            f' debounce=200 autocomplete=off spellcheck=false data-key="{key}"'
        )
        self.show_hint(hint)
        self.show_error("")

    @property
    def value(self) -> str:
        """What is written in it."""
        return (self.input.value or "").strip()

    def show_hint(self, text: str) -> None:
        """Say something about it; nothing hides the line."""
        self.hint.text = text
        self.hint.set_visibility(bool(text))

    def show_error(self, text: str) -> None:
        """Say what is wrong with it; nothing: it is right."""
        self.wrong.text = text
        self.wrong.set_visibility(bool(text))
        described = f"{self._hint} {self._error}" if text else self._hint
        invalid = "true" if text else "false"
        change(self.input, {"aria-describedby": described, "aria-invalid": invalid})

    def focus(self) -> None:
        """Put the cursor into it."""
        ui.run_javascript(f"document.getElementById('{self.name}')?.focus()")


class Choice:
    """One of a few, all of them in sight: radio buttons, side by side."""

    def __init__(
        self, legend: str, options: Mapping[str, str], value: str, on_change: Changed
    ) -> None:
        self.value, self._on_change, self._inputs = value, on_change, {}
        name = f"choice-{next(_numbers)}"
        with box("fieldset", "pp-radios") as self.box:
            Text("legend", legend)
            with box("div", "pp-radio-row"):
                for key, label in options.items():
                    self._inputs[key] = self._option(name, key, label)

    def _option(self, name: str, key: str, label: str) -> Element:
        with box("label", f"pp-radio of-{key}"):
            radio = box("input", type="radio", name=name, value=key, checked=key == self.value)
            radio.on("change", self._chosen, js_handler=EMIT_VALUE)
            Text("span", label)
        return radio

    async def _chosen(self, event: GenericEventArguments) -> None:
        if event.args not in self._inputs:
            return
        self.value = event.args
        outcome = self._on_change(self.value)
        if outcome is not None:
            await outcome


class Tick:
    """Yes or no."""

    def __init__(self, label: str, on_change: Callable[[], Any], *, value: bool = False) -> None:
        self.value, self._on_change = value, on_change
        with box("label", "pp-tick") as self.box:
            ticked = box("input", type="checkbox", checked=value)
            ticked.on("change", self._changed, js_handler="(event) => emit(event.target.checked)")
            self.label = Text("span", label)

    def _changed(self, event: GenericEventArguments) -> Any:
        self.value = event.args is True
        return self._on_change()


def enable(element: Element, *, enabled: bool) -> None:
    """Whether it can be pressed."""
    change(element, {"disabled": not enabled})


def facts(rows: Mapping[str, str]) -> Element:
    """Names and values; those without a value are left out."""
    with box("dl", "pp-facts") as made:
        for name, value in rows.items():
            if value:
                with box("div"):
                    Text("dt", name)
                    Text("dd", value)
    return made
