"""The account that one open page acts for, and how it has transactions sent."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, Literal, NamedTuple

from nicegui import context, ui
from nicegui.events import GenericEventArguments

from perpools.chain.subject import checksummed
from perpools.chain.wire import Hash, Receipt
from perpools.errors import ChainError, ConfigError, Refused
from perpools.spec.units import Address
from perpools.values import short
from perpools.web.live import Live
from perpools.web.pages.mining import mined
from perpools.web.pages.purse import Purse
from perpools.web.pages.toasts import Waiting
from perpools.web.transactions import Unsigned

Kind = Literal["none", "built-in", "browser"]

OnChange = Callable[[], Awaitable[None] | None]

PATIENCE_S = 900.0
"""How long somebody may take to agree in a wallet; what is sent later is found at a reload."""

ANSWER_S = 30.0
"""How long a browser may take for what needs nobody's agreement."""

DECLINED, UNKNOWN_CHAIN, PENDING = 4001, 4902, -32002
"""Codes of EIP-1193, EIP-3085 and of wallets whose window is open already."""


class Declined(Refused):
    """Whoever holds the keys did not agree; nothing was sent."""


class Standing(NamedTuple):
    """Who acts, as it was said last."""

    kind: Kind = "none"
    account: Address | None = None
    chain_id: int | None = None


class Wallet:
    """The account that one open page acts for; pages are told when it changes."""

    def __init__(self, live: Live, browser: str, purse: Purse | None, last: Standing) -> None:
        self.live, self.browser, self.purse, self.standing = live, browser, purse, last
        self.client = context.client
        self.offered: list[tuple[str, str]] = []
        """Wallets in the browser: identifier and name."""
        self.ready = False
        """Whether the browser has said what there is."""
        self.resolving: set[Hash] = set()
        self._told: list[OnChange] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def here(self) -> int:
        """Which chain the pages are about; 0 as long as nobody knows."""
        try:
            return self.live.kept("chain-id", lambda: _chain_id(self.live))
        except ChainError:
            return 0

    @property
    def kind(self) -> Kind:
        """What kind of account it is."""
        return self.standing.kind

    @property
    def account(self) -> Address | None:
        """Whose account it is; None: nobody's, the pages can only be read."""
        return self.standing.account

    @property
    def wrong_chain(self) -> bool:
        """Whether the browser's wallet is on another chain than these pages."""
        return self.kind == "browser" and self.standing.chain_id != self.here

    @property
    def can_act(self) -> bool:
        """Whether there is an account, on the chain that the page is about."""
        return self.account is not None and not self.wrong_chain

    @property
    def name(self) -> str:
        """The account, for people."""
        return short(self.account) if self.account else ""

    def on_change(self, told: OnChange) -> None:
        """Have a function called when the account or its chain changes, as long as the page is."""
        self._told.append(told)

    async def changed(self) -> None:
        """Tell whoever wanted to know: the account is another, or something of it was mined."""
        with self.client:
            for told in list(self._told):
                outcome = told()
                if isawaitable(outcome):
                    await outcome

    async def connect(self, offer: str) -> None:
        """Ask one of the browser's wallets for its account; `Declined` if its owner says no."""
        await self._ask(f"connect({json.dumps(offer)})", PATIENCE_S)

    async def use_built_in(self) -> None:
        """Take the account that the server has for this browser."""
        await self._ask("builtIn()")

    async def disconnect(self) -> None:
        """Act for nobody."""
        await self._ask("disconnect()")

    async def switch_chain(self) -> None:
        """Ask the browser's wallet to go to the chain of these pages."""
        await self._ask(f"switchChain({self.here})", PATIENCE_S)

    async def send(self, transaction: Unsigned) -> Receipt:
        """
        Have the account's owner agree and send, and wait until it is mined. `Declined`, `Rejected`
        or `ChainError` where it is not, or where it failed.
        """
        sent = await self.entrust(transaction)
        try:
            return await mined(self.live, transaction, sent)
        finally:
            self.forget(sent)

    async def entrust(self, transaction: Unsigned) -> Hash:
        """Have it sent, and remembered by the browser until `forget`."""
        if transaction.sender != self.account or transaction.chain_id != self.here:
            raise Refused("the account has changed: look again at what is to be sent")
        text, chain_id = json.dumps(transaction.text), transaction.chain_id
        if self.kind == "built-in" and self.purse:
            sent = await asyncio.to_thread(self.purse.send, self.browser, transaction)
            self._run(f"remember({json.dumps(sent)}, {text}, {chain_id})")
            return sent
        told = json.dumps(transaction.json)
        answer = await self._ask(f"send({told}, {text}, {chain_id})", PATIENCE_S)
        return str(answer["hash"])

    def forget(self, sent: Hash) -> None:
        """The browser need not remember it any more."""
        self._run(f"forget({json.dumps(sent)})")

    async def hear(self, told: GenericEventArguments) -> None:
        """What the browser says: who acts, which wallets there are, what is under way."""
        said: dict[str, Any] = told.args if isinstance(told.args, dict) else {}
        before = (self.ready, self.standing, self.offered)
        self.ready = True
        self.offered = [(str(one["id"]), str(one["name"])) for one in said.get("wallets", [])]
        self.standing = self._standing(said)
        for one in said.get("pending", []):
            self._resolve(str(one.get("hash")), str(one.get("text")), one.get("chain_id"))
        if before != (self.ready, self.standing, self.offered):
            await self.changed()

    def _standing(self, said: dict[str, Any]) -> Standing:
        if said.get("kind") == "built-in" and self.purse:
            account = self.purse.account_for(self.browser)
            return Standing("built-in", account, self.here)
        if said.get("kind") != "browser":
            return Standing()
        chain_id = said.get("chain_id")
        try:
            account = checksummed(str(said.get("account")))
        except ConfigError:
            return Standing()
        return Standing("browser", account, chain_id if isinstance(chain_id, int) else None)

    def _resolve(self, sent: Hash, text: str, chain_id: Any) -> None:
        """Find out what became of a transaction that an earlier page sent."""
        if sent in self.resolving or chain_id != self.here:
            return
        self.resolving.add(sent)
        task = asyncio.create_task(self._follow(sent, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, sent: Hash, text: str) -> None:
        with self.client:
            told = Waiting(f"Waiting for: {text}")
            try:
                receipt = await mined(self.live, None, sent)
            except ChainError as unknown:
                told.end(f"{text}: {unknown}", good=False)
            else:
                done = receipt.succeeded
                told.end(f"{'Done' if done else 'Failed'}: {text}", good=done)
                self.forget(sent)
            await self.changed()

    async def _ask(self, call: str, timeout_s: float = ANSWER_S) -> dict[str, Any]:
        with self.client:
            try:
                answer = await ui.run_javascript(
                    f"return await perpools.wallet.{call}", timeout=timeout_s
                )
            except TimeoutError:
                raise ChainError("the browser did not answer: look into the wallet") from None
        if not isinstance(answer, dict) or "error" in answer:
            raise _explained(answer)
        return answer

    def _run(self, call: str) -> None:
        with self.client:
            ui.run_javascript(f"perpools.wallet.{call}")


def _chain_id(live: Live) -> int:
    known = live.reader.reach().chain_id
    if known is None and not live.last.node:
        raise ChainError("neither database nor node say which chain it is")
    return live.node.chain_id if known is None else known


def _explained(answer: Any) -> Exception:
    """What a wallet's error means."""
    error = answer.get("error", {}) if isinstance(answer, dict) else {}
    code, message = error.get("code"), str(error.get("message") or "no answer")
    if code == DECLINED:
        return Declined("declined in the wallet: nothing was sent")
    if code == PENDING:
        return Declined("the wallet is already asking: open it and answer there")
    if code == UNKNOWN_CHAIN:
        return Declined("the wallet does not know this chain: add it there first")
    return ChainError(f"the wallet says: {message}")
