"""The wizard's fields, and what the market file says is wrong with each of them."""

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

from perpools.spec.units import Address
from perpools.web.live import Live
from perpools.web.pages import drafts
from perpools.web.pages.drafts import Entry, Lint
from perpools.web.pages.forms import Choice, Field
from perpools.web.pages.parts import Text, box, change

Changed = Callable[[], Any]

WIDE = ("collateral", "price.feed", "fees.primary", "keeper.eth_feed")
"""Addresses: they need the room."""


class TermsForm:
    """One draft; it is read anew at every change."""

    def __init__(self, draft: MutableMapping[str, str], live: Live, on_change: Changed) -> None:
        self.draft, self._on_change = draft, on_change
        self.fields: dict[str, Field] = {}
        with box("form", "pp-stack").on("submit.prevent", lambda: None):
            Choice("Preset", drafts.PRESETS, draft["preset"], self._choose_preset)
            self._group("The market", drafts.MAIN)
            self._group("Time", drafts.TIMES)
            transfer = draft.get("transfer") or drafts.usual(draft["preset"])["transfer"]
            Choice("Transfer function", drafts.TRANSFERS, transfer, self._choose_transfer)
            self._more("Fees", drafts.FEES)
            self._more("Keeper", drafts.KEEPER)
        self._suggest("price.feed", _feeds(live))
        self._suggest("collateral", _collaterals(live))
        self._show_usual()

    def show(self, lint: Lint, *, all_fields: bool = False) -> None:
        """What is wrong, at its field; fields nobody has filled in yet are left in peace."""
        for key, field in self.fields.items():
            message = lint.wrong.get(key, "")
            field.show_error(message if all_fields or self.draft.get(key) else "")

    def tell(self, key: str, message: str) -> bool:
        """Say something at a field and go there; False where there is no such field."""
        if key not in self.fields:
            return False
        self.fields[key].show_error(message)
        self.fields[key].focus()
        return True

    def focus_first(self, lint: Lint) -> None:
        """Go to the first field that is wrong."""
        wrong = [field for key, field in self.fields.items() if key in lint.wrong]
        if wrong:
            wrong[0].focus()

    def write(self, key: str, text: str) -> None:
        """Fill a field in."""
        self.fields[key].input.value = text

    def _group(self, legend: str, entries: Sequence[Entry]) -> None:
        with box("fieldset", "pp-group"):
            Text("legend", legend)
            with box("div", "pp-form-grid"):
                for entry in entries:
                    self._field(entry)

    def _more(self, legend: str, entries: Sequence[Entry]) -> None:
        with box("details", "pp-more plain", open=any(e.key in self.draft for e in entries)):
            Text("summary", legend)
            with box("div", "pp-form-grid", role="group", aria_label=legend):
                for entry in entries:
                    self._field(entry)

    def _field(self, entry: Entry) -> None:
        async def write(text: str) -> None:
            if text.strip():
                self.draft[entry.key] = text.strip()
            else:
                self.draft.pop(entry.key, None)
            await self._changed()

        value = self.draft.get(entry.key, "")
        self.fields[entry.key] = Field(
            entry.label, write, value=value, hint=entry.hint, key=entry.key
        )
        if entry.key in WIDE:
            self.fields[entry.key].box.classes("wide")

    async def _changed(self) -> None:
        outcome = self._on_change()
        if outcome is not None:
            await outcome

    async def _choose_preset(self, preset: str) -> None:
        self.draft["preset"] = preset
        self._show_usual()
        await self._changed()

    async def _choose_transfer(self, transfer: str) -> None:
        self.draft["transfer"] = transfer
        await self._changed()

    def _show_usual(self) -> None:
        """What counts where a field is left empty."""
        usual = drafts.usual(self.draft["preset"])
        for key, field in self.fields.items():
            change(field.input, {"placeholder": usual.get(key)})

    def _suggest(self, key: str, known: Sequence[Address]) -> None:
        """What markets here use already; the browser offers it."""
        self.fields[key].input.set_autocomplete(list(known))
        if known and key not in self.draft:
            self.write(key, known[0])


def _feeds(live: Live) -> list[Address]:
    return list(dict.fromkeys(row.feed for row in live.markets))


def _collaterals(live: Live) -> list[Address]:
    return list(dict.fromkeys(row.collateral for row in live.markets))
