"""Transactions that somebody agreed to: shown as steps, sent one after the other."""

import logging
from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from nicegui.element import Element

from perpools.chain.wire import Receipt
from perpools.errors import PoolsError
from perpools.spec.errors import Rejected
from perpools.web.pages.forms import enable, facts
from perpools.web.pages.holder import Wallet
from perpools.web.pages.parts import Text, box, button, change
from perpools.web.pages.refusals import in_words
from perpools.web.pages.toasts import toast
from perpools.web.transactions import Unsigned

log = logging.getLogger(__name__)

Prepare = Callable[[], Awaitable[Sequence[Unsigned]]]
Done = Callable[[Sequence[Receipt]], Awaitable[None]]

MARKS = {"": "", "now": "", "done": "✓", "failed": "✕"}
IN_WALLET = "agree in your wallet, then wait until it is mined"
ON_SERVER = "being mined"


class StepList:
    """What will be done, in order, and how far it is."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._rows: list[tuple[Element, Text, Text]] = []
        with box("ol", "pp-steps", aria_live="polite"):
            for number, text in enumerate(texts, 1):
                self._rows.append(self._row(number, text))

    def _row(self, number: int, text: str) -> tuple[Element, Text, Text]:
        with box("li") as row:
            with box("span", "pp-mark", aria_hidden="true"):
                mark = Text("span", str(number))
            Text("span", text[:1].upper() + text[1:])
            state = Text("span", "", "state")
        return row, mark, state

    def show(self, index: int, state: str, text: str) -> None:
        """A step is `now`, `done` or `failed`."""
        row, mark, said = self._rows[index]
        row.classes(state, remove=" ".join(filter(None, MARKS)))
        mark.text = MARKS[state] or str(index + 1)
        said.text = text


class Agreement:
    """A dialog: what it comes to, its steps, one button to begin."""

    def __init__(self, wallet: Wallet, title: str, rows: dict[str, str]) -> None:
        self.wallet, self.running = wallet, False
        self.dialog = ui.dialog().props('aria-modal=true aria-labelledby="agree-title"')
        with self.dialog, box("div", "pp-dialog"):
            change(Text("h2", title), {"id": "agree-title"})
            facts(rows)
            self.remarks, self.place = box("div", "pp-stack"), box()
            self.status = Text("p", "", "small muted")
            with box("div", "pp-buttons"):
                self.leave = button("Back", on_click=self.dialog.close)
                self.go = button("Confirm", "primary")
        change(self.status, {"role": "status"})
        change(self.go, {"autofocus": True})
        self.dialog.on("hide", self.dialog.delete)

    def remark(self, texts: Sequence[str]) -> None:
        """Sentences to be read before agreeing."""
        if texts:
            with self.remarks, box("ul", "pp-list"):
                for text in texts:
                    Text("li", text)

    def open(self, steps: Sequence[Unsigned], done: Done) -> None:
        """Show it; `done` is called once everything is mined."""
        with self.place:
            shown = StepList([step.text for step in steps])
        self.go.on("click", lambda: self._run(steps, shown, done))
        self.dialog.open()

    async def _run(self, steps: Sequence[Unsigned], shown: StepList, done: Done) -> None:
        if self.running:
            return
        self.running = True
        enable(self.go, enabled=False)
        self.dialog.props("persistent")
        receipts = await self._send(steps, shown)
        self.dialog.props(remove="persistent")
        self.leave.text = "Close"
        if len(receipts) == len(steps):
            self.go.set_visibility(False)
            await done(receipts)
        await self.wallet.changed()

    async def _send(self, steps: Sequence[Unsigned], shown: StepList) -> list[Receipt]:
        receipts: list[Receipt] = []
        waiting = IN_WALLET if self.wallet.kind == "browser" else ON_SERVER
        for index, step in enumerate(steps):
            shown.show(index, "now", waiting)
            try:
                receipts.append(await self.wallet.send(step))
            except (PoolsError, Rejected) as refused:
                shown.show(index, "failed", in_words(refused))
                break
            except Exception:
                log.exception("a transaction could not be sent")
                shown.show(index, "failed", "something went wrong here; nothing more was sent")
                break
            gas = f"{receipts[-1].gas_used:,}"
            shown.show(index, "done", f"in block {receipts[-1].block_number:,}, {gas} gas")
        return receipts

    def tell(self, text: str) -> None:
        """Say how it ended."""
        self.status.text = text
        toast(text, good=True)
