"""
A market on an EVM in lockstep with the specification.

`World.act` performs an operation on both: they agree on the refusal and its reason, or on every
event. Then `check` compares everything that can be asked.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import boa
from boa.contracts.vyper.vyper_contract import VyperContract
from boa.util.abi import Address

from perpools.spec import events as spec_events
from perpools.spec.events import Event
from perpools.spec.kinds import SIDES
from perpools.spec.state import MARKET, VAULT
from perpools.spec.terms import NOBODY, Terms
from tests.evm import deployer
from tests.stateful import wire
from tests.stateful.model import ACCOUNTS, GAS_PRICE, Model, Outcome
from tests.stateful.operations import Operation
from tests.stateful.surroundings import ANSWERS
from tests.stateful.views import views
from tests.strategies import CURVES, Setup

MOCKS = "tests/vyper/mocks"
UNLIMITED = 2**256 - 1


@dataclass(frozen=True)
class Protocol:
    """What all markets share; deployed once."""

    factory: VyperContract
    purse: VyperContract
    curves: dict[str, VyperContract]


# Every test runs in a snapshot of its own: what one deployed may be gone in the next.
DEPLOYED: list[Protocol] = []


def protocol() -> Protocol:
    """Blueprints, factory and transfer functions, deployed where they are not."""
    if not DEPLOYED or not stands(DEPLOYED[-1]):
        DEPLOYED.append(deploy_protocol())
    return DEPLOYED[-1]


def stands(shared: Protocol) -> bool:
    """Whether all of it is still there: others may have deployed a factory at the same address."""
    contracts = (shared.factory, shared.purse, *shared.curves.values())
    return all(boa.env.get_code(one.address) == one.bytecode for one in contracts)


def deploy_protocol() -> Protocol:
    market = deployer("contracts/Market.vy").deploy_as_blueprint()
    token = deployer("contracts/SideToken.vy").deploy_as_blueprint()
    return Protocol(
        deployer("contracts/Factory.vy").deploy(market.address, token.address),
        deployer(f"{MOCKS}/Purse.vy").deploy(),
        {name: deployer(f"contracts/transfer/{name}.vy").deploy() for name in CURVES},
    )


class World(Model):
    """A model and the contracts it is about."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.shared = protocol()
        self.stack = ExitStack()
        self.stack.enter_context(boa.env.anchor())
        boa.env.timestamp = self.now
        self.base_fee = boa.env.evm.vm.state.base_fee
        self.addresses = {name: Address(boa.env.generate_address(name)) for name in ACCOUNTS}
        self.addresses |= {"purse": self.shared.purse.address, NOBODY: Address(NOBODY)}
        self._deploy_surroundings()
        self._deploy_market()
        self.names = {address: name for name, address in self.addresses.items()}
        self.check()

    def close(self) -> None:
        """Forget everything but what all markets share."""
        self.stack.close()

    def _deploy_surroundings(self) -> None:
        self.chain_coin = deployer(f"{MOCKS}/Coin.vy").deploy(self.setup.terms.decimals)
        feed = deployer(f"{MOCKS}/ScriptedFeed.vy")
        twins = {name: getattr(self, name) for name in ("feed", "eth_feed", "gas_feed")}
        self.chain_feeds = {
            name: feed.deploy(twin.price, twin.drift) for name, twin in twins.items()
        }
        trigger = deployer(f"{MOCKS}/ScriptedTrigger.vy")
        self.trigger = trigger.deploy().address if self.setup.terms.trigger else NOBODY
        for name in ACCOUNTS:
            extra = 2 * self.setup.seed_assets if name == "deployer" else 0
            self.chain_coin.mint(self.addresses[name], self.coin.balances[name] + extra)
            boa.env.set_balance(self.addresses[name], self.native[name])

    def _deploy_market(self) -> None:
        factory, sender = self.shared.factory, self.addresses["deployer"]
        self.chain_coin.approve(factory.address, 2 * self.setup.seed_assets, sender=sender)
        address = factory.deploy(
            "ETH/USD", self._terms(self.setup.terms), self.setup.seed_assets, sender=sender
        )
        self.chain = deployer("contracts/Market.vy").at(address)
        token = deployer("contracts/SideToken.vy")
        self.tokens = [token.at(address) for address in self.chain.tokens()]
        self.addresses[MARKET] = self.chain.address
        assert tuple(self.chain.terms()) == self._terms(self.setup.terms)
        self.coin_calls("rebalance")
        for name in ACCOUNTS:
            self.chain_coin.approve(self.chain.address, UNLIMITED, sender=self.addresses[name])

    def _terms(self, terms: Terms) -> tuple[Any, ...]:
        feeds, curve = self.chain_feeds, self.shared.curves[self.setup.curve]
        contracts = {
            "collateral": self.chain_coin.address,
            "feed": feeds["feed"].address,
            "transfer": curve.address,
            "trigger": self.trigger,
            "primary": self.addresses[terms.primary],
            "secondary": self.addresses[terms.secondary],
            "eth_feed": feeds["eth_feed"].address,
            "gas_feed": feeds["gas_feed"].address,
        }
        [deploy] = [entry for entry in self.shared.factory.abi if entry.get("name") == "deploy"]
        names = [member["name"] for member in deploy["inputs"][1]["components"]]
        return tuple(
            contracts[name] if name in contracts else getattr(terms, name) for name in names
        )

    # what changes around the market

    def advance(self, seconds: int) -> None:
        super().advance(seconds)
        boa.env.timestamp = self.now

    def set_price(self, price: int, feed: str = "feed") -> None:
        super().set_price(price, feed)
        self.chain_feeds[feed].set_price(price)

    def set_hint(self, hint: int) -> None:
        super().set_hint(hint)
        self.chain_feeds["feed"].set_hint(hint)

    def feed_behaves(self, feed: str, latest: int, history: int = ANSWERS) -> None:
        super().feed_behaves(feed, latest, history)
        self.chain_feeds[feed].misbehave(history, latest)

    def coin_behaves(self, manner: int) -> None:
        super().coin_behaves(manner)
        self.chain_coin.misbehave(manner)

    def coin_calls(self, name: str, *args: Any) -> None:
        """What the coin asks the market while it moves, when it calls back."""
        calldata = getattr(self.chain, name).prepare_calldata(*self._encoded(args))
        self.chain_coin.call_back(self.chain.address, calldata)

    def shut_out(self, account: str, *, blocked: bool = True) -> None:
        super().shut_out(account, blocked=blocked)
        self.chain_coin.block(self.addresses[account], blocked)

    def approve(self, account: str, *, approved: bool = True) -> None:
        super().approve(account, approved=approved)
        amount = UNLIMITED if approved else 0
        self.chain_coin.approve(self.chain.address, amount, sender=self.addresses[account])

    def purse_behaves(self, manner: int) -> None:
        super().purse_behaves(manner)
        calldata = self.chain.claim.prepare_calldata(self.addresses["trader"])
        self.shared.purse.misbehave(manner, self.chain.address, calldata)

    def mint_coins(self, account: str, amount: int) -> None:
        super().mint_coins(account, amount)
        self.chain_coin.mint(self.addresses[account], amount)

    @contextmanager
    def what_if(self) -> Iterator[None]:
        with super().what_if(), boa.env.anchor():
            yield

    # operations

    def _perform(self, asked: Operation, predicted: Outcome) -> Outcome:
        computation = self._send(asked)
        if predicted.refusal or computation.is_error:
            told = (
                wire.reason(computation.output) if computation.is_error else "nothing was refused"
            )
            assert told == predicted.refusal, f"{asked}: {told!r}, not {predicted.refusal!r}"
            return predicted
        happened = self._events(computation)
        if asked.name == "rebalance":
            self.gas_used = happened[-1].gas_used
            predicted = self._predict(asked)
        assert happened == predicted.events, asked
        return predicted

    def _send(self, asked: Operation) -> Any:
        """Call the contract, at the keepers' gas price."""
        values, target = list(asked.arguments.values()), self.chain
        if asked.name == "transfer":
            target = self.tokens[values.pop(0)]
        data = getattr(target, asked.name).prepare_calldata(*self._encoded(values))
        call = {
            "sender": self.addresses[asked.sender],
            "value": asked.value,
            "gas_price": GAS_PRICE,
        }
        if asked.gas is not None:
            call["gas"] = asked.gas
        return wire.execute(target, data, **call)

    def _encoded(self, values: Any, token: Any = None) -> list[Any]:
        """Addresses for names; the locked tokens are held by the token itself."""
        known = self.addresses | ({VAULT: self.tokens[token].address} if token in SIDES else {})
        return [known[value] if isinstance(value, str) else value for value in values]

    def _events(self, computation: Any) -> tuple[Event, ...]:
        """The market's own logs as events of the specification, accounts by their names."""
        own = [
            (topics, data)
            for _, address, topics, data in sorted(computation.get_raw_log_entries())
            if address == self.chain.address.canonical_address
        ]
        return tuple(self._event(topics, data) for topics, data in own)

    def _event(self, topics: list[int], data: bytes) -> Event:
        abi = self.chain.event_abi_for[topics[0]]
        indexed, plain = iter(topics[1:]), iter(wire.words(data))
        fields = {}
        for entry in abi["inputs"]:
            word = next(indexed if entry["indexed"] else plain)
            is_account = entry["type"] == "address"
            fields[entry["name"]] = self.names[wire.address_of(word)] if is_account else word
        return getattr(spec_events, abi["name"])(**fields)

    # what must be true

    def check(self) -> None:
        super().check()
        self.assert_same()

    def assert_same(self) -> None:
        """Everything that the contracts can be asked is what the model says."""
        targets = {
            "market": self.chain,
            "coin": self.chain_coin,
            0: self.tokens[0],
            1: self.tokens[1],
        }
        differences = []
        for target, signature, args, answer in views(self):
            told = wire.ask(targets[target], signature, *self._encoded(args, target))
            expected = tuple(wire.number(value) for value in self._encoded(answer))
            if told != expected:
                differences.append(f"{signature} of {args}: {told}, not {expected}")
        assert not differences, "\n".join(differences)
        for account in (*ACCOUNTS, MARKET):
            assert boa.env.get_balance(self.addresses[account]) == self.native[account], account
        assert not self.chain_coin.got_in()
        assert not self.shared.purse.got_in()
