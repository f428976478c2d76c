"""`/api`: the HTTP API for people: what can be asked, how, and what it answers, here and now."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

from nicegui import ui

from perpools.web.api import PREFIX
from perpools.web.api.examples import MARKET, SENDER
from perpools.web.live import Live
from perpools.web.pages import wording
from perpools.web.pages.frame import page
from perpools.web.pages.operations import Document, Operation, curl, read
from perpools.web.pages.parts import Text, badge, box, button, card, change, link, title
from perpools.web.pages.tables import Column, Line, Table

PARAMETERS = (Column("Parameter"), Column("Takes"), Column("Meaning"))
ANSWERS_WITHIN_S = 60.0
NOT_A_MARKET = "No market is known yet, so examples name one that does not exist."

PROBLEMS = {
    400: "The body is not JSON.",
    404: "What the path names is not known here.",
    409: "The market would refuse it; reason is the contract's.",
    413: "The body is too large.",
    422: "A parameter is not what it must be; the sentence names it.",
    503: "The node does not answer, or too much is asked for: try again after Retry-After.",
}
SHAPE = {
    "type": "about:blank",
    "title": "Conflict",
    "status": 409,
    "detail": "No event is due: its grid point is still to come.",
    "reason": "event: not due",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What examples name: things that are here."""

    base: str
    values: Mapping[str, str]

    def put(self, body: Any) -> Any:
        """A body with this market and account instead of the placeholders."""
        text = json.dumps(body)
        put = {MARKET: self.values.get("market"), SENDER: self.values.get("account")}
        for placeholder, value in put.items():
            text = text.replace(placeholder, value or placeholder)
        return json.loads(text)


def register(live: Live, document: Callable[[], Document]) -> None:
    """Add `/api`, which shows a document of OpenAPI."""

    @page("/api", live, title="API")
    def reference() -> None:
        request = ui.context.client.request
        base = str(request.base_url).rstrip("/") if request else ""
        show(document(), Known(base + PREFIX, known(live)))


def known(live: Live) -> Mapping[str, str]:
    """Values of examples, by the names of parameters; empty where there is no market."""
    markets = live.markets
    if not markets:
        return {}
    newest = markets[0]
    epoch = str(newest.last_epoch or 0)
    return {"market": newest.address, "account": newest.deployer, "epoch": epoch}


def show(document: Document, known: Known) -> None:
    """The whole page."""
    operations = read(document)
    title("API")
    with card("How it works", "how"):
        Text("p", f"Version {document['info']['version']}. {_flow(document)}")
        Text("p", known.base, "mono")
        with box("p", "pp-row"):
            link("The document (OpenAPI)", f"{PREFIX}/openapi.json")
            Text("span", wording.counted(len(operations), "operation"), "muted small")
        if not known.values:
            Text("p", NOT_A_MARKET, "pp-notice warn")
    for group, members in groupby(operations, key=lambda one: one.group):
        with card(group.capitalize(), group):
            for number, operation in zip(count(), members, strict=False):
                _Shown(operation, known, f"{group}-{number}")
    with card("Problems", "problems"):
        Text("p", f"What goes wrong is told as a problem document ({len(PROBLEMS)} codes).")
        table = Table((Column("Code"), Column("When")), "Codes of problems", "dense")
        table.show({code: [(Line(str(code)),), (Line(PROBLEMS[code]),)] for code in PROBLEMS})
        _code(json.dumps(SHAPE, indent=2))


class _Shown:
    """One operation, folded until somebody looks; its insides are made then."""

    def __init__(self, operation: Operation, known: Known, key: str) -> None:
        self._operation, self._known, self._key = operation, known, key
        with box("details", "pp-more pp-operation") as details:
            with box("summary"):
                badge(operation.method, f"side {operation.method.lower()}")
                Text("span", operation.path, "mono")
                Text("span", operation.summary, "muted")
            self._inner = box("div", "pp-stack")
        details.on("toggle", self._opened, args=[])

    def _opened(self) -> None:
        if not self._inner.default_slot.children:
            with self._inner:
                self._draw()

    def _draw(self) -> None:
        operation = self._operation
        Text("p", operation.description)
        if operation.parameters:
            table = Table(PARAMETERS, f"Parameters of {operation.path}", "dense")
            table.show(
                {
                    (one.where, one.name): [
                        (Line(one.name, "mono"), Line("" if one.required else "optional", "sub")),
                        (Line(one.kind),),
                        (Line(one.meaning.replace("`", "") or f"in the {one.where}"),),
                    ]
                    for one in operation.parameters
                }
            )
        codes = ", ".join(f"{code} {phrase}" for code, phrase in operation.problems)
        if codes:
            Text("p", f"Problems: {codes}.", "small muted")
        for said, body in operation.bodies or (("An example", None),):
            self._example(said, None if body is None else self._known.put(body))

    def _example(self, said: str, body: Any) -> None:
        target = self._operation.target(self._known.values)
        Text("h3", said)
        command = curl(self._known.base, target, body)
        _code(command)
        with box("div", "pp-row"):
            asker = button("Ask it here", "tiny")
            change(button("Copy", "tiny quiet"), {"data-copy": command, "aria-label": "Copy it"})
            state = Text("span", "", "small muted")
        change(state, {"role": "status"})
        answer = _code("", f"Answer of {self._operation.path}")
        answer.set_visibility(False)
        asked = [
            PREFIX + target,
            self._operation.method,
            None if body is None else json.dumps(body),
        ]

        async def ask() -> None:
            state.text = "asking ..."
            told = await _asked(asked)
            state.text = f"Status {told['status']}" + (", the beginning:" if told["cut"] else ":")
            answer.text = told["text"]
            answer.set_visibility(True)

        asker.on("click", ask)


async def _asked(call: list[Any]) -> dict[str, Any]:
    """What the API says to this browser."""
    code = f"return await perpools.ask(...{json.dumps(call)})"
    try:
        told: dict[str, Any] = await ui.run_javascript(code, timeout=ANSWERS_WITHIN_S)
    except TimeoutError:
        return {"status": "unknown", "text": "The browser had no answer.", "cut": False}
    return told


def _code(text: str, label: str = "Example") -> Text:
    shown = Text("pre", text, "pp-toml pp-code")
    change(shown, {"tabindex": "0", "role": "region", "aria-label": label})
    return shown


def _flow(document: Document) -> str:
    return " ".join(str(document["info"]["description"]).split()).replace("`", "")
