"""
A market on a real node of its own, bots and commands as processes that reach it through a proxy,
and blocks that come when a test asks for them. `verdict` says what came of it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from perpools.bots import keeping
from perpools.chain import accounts, connect
from perpools.chain.lens import Progress
from perpools.chain.node import Node, Transaction
from perpools.spec.kinds import LONG_MINT, SHORT_MINT
from perpools.spec.units import Address, Epoch, Timestamp
from tests.anvil import running
from tests.bots.stage import DEPOSITOR, MINUTE_S, SHORT_DEPOSITOR, UNIT, WAD, Stage
from tests.chain.proxy import Exchange, Fault, Proxy, Reply
from tests.faults.process import PATIENCE_S, Bot, until

BLOCK_S = 0.5
"""Of this machine: how long a node waits for transactions."""
PASSWORD = "of a test"
ETHER = 10**18
PURSE = 10 * ETHER
SEND = "eth_sendRawTransaction"
BRISK = {
    "poll-s": 0.02,
    "idle-poll-s": 0.02,
    "discover-s": 0.3,
    "backoff-base-s": 0.1,
    "backoff-max-s": 0.5,
    "log-format": "json",
}
"""What a test has no time to wait for."""


@dataclass
class World:
    """Everything on the node, and who acts there."""

    node: Node
    home: Path
    proxy: Proxy
    stage: Stage = field(init=False)
    bots: list[Bot] = field(default_factory=list)
    roles: dict[str, Address] = field(default_factory=dict)
    """Accounts of bots and commands, by the names of their keystores."""

    def __post_init__(self) -> None:
        self.stage = Stage(self.node)
        self.market = self.stage.market()
        (self.home / "password").write_text(PASSWORD)

    # the chain

    @property
    def now(self) -> Timestamp:
        return self.stage.now

    @property
    def progress(self) -> Progress:
        return Progress(*self.market.contract.read("progress"))

    @property
    def due(self) -> Epoch | None:
        """The epoch that could be closed now."""
        return keeping.due(self.progress, self.now, MINUTE_S)

    def on_demand(self) -> Self:
        """From now on blocks come when they are asked for."""
        self.stage.ask("evm_setAutomine", False)
        return self

    def mine(self, at: Timestamp | None = None) -> None:
        """A block, a second after the last one if nothing else is said."""
        self.stage.mine(at or self.now + 1)

    @property
    def waiting(self) -> int:
        """Transactions that the next block will have."""
        return int(self.stage.ask("txpool_status")["pending"], 16)

    def pass_grid_point(self) -> Epoch:
        """Somebody orders, the price moves, and a grid point passes; its epoch."""
        epoch = self.now // MINUTE_S + 1
        self.post(2_000 + epoch * 37 % 201 - 100)
        self.order(LONG_MINT, DEPOSITOR)
        self.order(SHORT_MINT, SHORT_DEPOSITOR)
        self.mine()
        self.mine(epoch * MINUTE_S + 5)
        return epoch

    def post(self, price: int) -> None:
        """The publisher's next price, as of now."""
        feed = self.stage.price
        values = tuple(feed.posted.sign(feed.publisher, price * WAD, self.now))
        self._entrust(self.stage.deployer, feed.posted.contract, "post", *values)

    def order(self, kind: int, who: int, *whose: Address, tip: int = 0) -> None:
        """An order of 1,000 units, for somebody else if that is said."""
        owner = self.stage.accounts[who]
        values = (kind, 1_000 * UNIT, *((0, owner, *whose) if whose else ()))
        self._entrust(owner, self.market.contract, "place_order", *values, tip=tip)

    def close(self, who: int) -> None:
        """Somebody who is no bot of ours closes an epoch."""
        self._entrust(self.stage.accounts[who], self.market.contract, "rebalance")
        self.mine()

    def _entrust(
        self, sender: Address, contract: Any, name: str, *values: Any, tip: int = 0
    ) -> None:
        data = contract.interface.function(name, values).encode(values)
        self.node.entrust(Transaction(sender, contract.address, data, tip, gas_price=0))

    def catch_up(self) -> None:
        """Blocks come with transactions, else sometimes, until nothing is due any more."""
        mined_at = began = time.monotonic()
        while self.due is not None:
            now = time.monotonic()
            assert now - began < PATIENCE_S, f"never: {self.due} closed\n{self.logs}"
            if self.waiting or now - mined_at > BLOCK_S:
                self.mine()
                mined_at = now
            time.sleep(0.01)

    def look(self) -> None:
        """Whoever watches the chain has seen its last block."""
        seen = self.proxy.seen
        first = len(seen)
        until(lambda: seen[first:].count("eth_getBlockByNumber") > 2, "a look", lambda: self.logs)

    def end(self) -> None:
        """Every bot may still do what it should not, and is stopped; everything is mined."""
        self.mine()
        time.sleep(0.2)
        for bot in self.bots:
            bot.kill()
        while self.waiting:
            self.mine()

    # who acts

    def account(self, name: str, wei: int = PURSE) -> list[str]:
        """The flags of an account of one's own, which has so much native coin."""
        path = self.home / f"{name}.json"
        if name not in self.roles:
            self.roles[name] = accounts.create(path, PASSWORD, work=2).address
            self.stage.set_balance(self.roles[name], wei)
        return ["--keystore", str(path), "--password-file", str(self.home / "password")]

    def keeper(self, name: str = "keeper", **told: Any) -> Bot:
        """A keeper of all markets, by the account of this name."""
        return self.bot("keeper", *self.account(name), **told)

    def bot(self, role: str, *flags: str, **told: Any) -> Bot:
        """A bot of all markets; `told` are its options, `rpc` a list of them."""
        named = {"factory": self.stage.factory, **BRISK}
        named |= {key.replace("_", "-"): value for key, value in told.items() if key != "rpc"}
        options = [text for key, value in named.items() for text in (f"--{key}", str(value))]
        urls = [text for url in told.get("rpc", [self.proxy.url]) for text in ("--rpc", url)]
        return self.run(role, *urls, *flags, *options)

    def run(self, *command: str) -> Bot:
        """Any command."""
        bot = Bot(command, self.home, f"{command[0]}-{len(self.bots)}")
        self.bots.append(bot)
        return bot

    @property
    def logs(self) -> str:
        return "\n".join(f"--- {bot.name}\n{bot.log}" for bot in self.bots)


@contextmanager
def world(home: Path) -> Iterator[World]:
    """A new chain, a new market, and nobody left when it ends."""
    with running() as url, Proxy(url) as proxy:
        made = World(connect(url), home, proxy)
        try:
            yield made
        finally:
            for bot in made.bots:
                bot.kill()


def at_that(do: Callable[[], None], *, late: bool) -> Fault:
    """Something happens while a request is on its way: before the node has it, or `late`: after."""

    def fault(exchange: Exchange) -> Reply | None:
        if late:
            exchange.forward(exchange.asked)
        do()
        return None

    return fault
