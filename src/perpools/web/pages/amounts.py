"""The field that an amount is written into, in every form that takes one."""

from typing import Any

from perpools.values import Amount
from perpools.web.pages.asking import Written, written
from perpools.web.pages.forms import NUMBER, Changed, Field, enable
from perpools.web.pages.parts import Text, box, button, change


class AmountField(Field):
    """An amount, the unit it is in, and a button that writes all there is."""

    def __init__(self, label: str, on_change: Changed, *, key: str) -> None:
        super().__init__(label, on_change, key=key)
        self._everything: Amount | None = None
        self.entry.classes("big")
        self.input.props(NUMBER)
        with self.entry, box("span", "pp-after"):
            self._unit = Text("span", "", "pp-unit")
            self._max = button("Max", "tiny", self._take_all)
        change(self._max, {"aria-label": "Everything there is"})

    def show(self, label: str, hint: str, made: Written[Any]) -> None:
        """What the amount is of, how much of it there is, and what is wrong with what is there."""
        self._unit.text, self.label.text = made.unit.symbol, label
        self.show_hint(hint)
        self.show_error(made.amount_wrong)
        self._everything = made.everything
        enable(self._max, enabled=bool(made.everything and made.everything.units))

    def clear(self) -> None:
        """Nothing is written in it any more."""
        self.input.value = ""

    def _take_all(self) -> None:
        if self._everything:
            self.input.value = written(self._everything)
