"""
What a deployment will send, step by step: to be shown and estimated before any money moves.

A step may need what an earlier one creates, whose address nobody knows yet: `Made` stands for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from eth_account.signers.local import LocalAccount

from perpools import artifacts
from perpools.chain.contract import Contract
from perpools.chain.node import Node
from perpools.chain.posted import PostedFeed
from perpools.chain.terms import Contracts, encode_terms
from perpools.chain.tokens import Token
from perpools.errors import ChainError
from perpools.spec.terms import Terms
from perpools.spec.units import Address, Assets, Wad

CREATION_GAS = {
    "Chainlink": 1_300_000,
    "Posted": 950_000,
    "Ratio": 400_000,
    "Inverse": 280_000,
    "Median": 800_000,
    "Power": 800_000,
    "Sigmoid": 320_000,
    "Linear": 150_000,
    "PriceChange": 140_000,
    "Momentum": 140_000,
}
"""What each contract's deployment takes, rounded up: for estimates, never sent."""


class Made(NamedTuple):
    """What the step of this index creates."""

    step: int


Where = Address | Made
"""A contract that is there, or will be."""


class Done(NamedTuple):
    """What a step did."""

    address: Address | None = None
    """Of the contract that it created."""
    announced: dict[str, Any] | None = None
    """The fields of the factory's event about a new market."""


class Listing(NamedTuple):
    """A market to deploy."""

    name: str
    """Of what the price is, such as `ETH/USD`."""
    terms: Terms
    contracts: Contracts
    seed_assets: Assets
    """Collateral that the deployer pays to each side."""


class Step(Protocol):
    """One transaction."""

    @property
    def text(self) -> str:
        """For people."""

    @property
    def gas(self) -> int:
        """A little more than it takes."""

    def send(self, node: Node, done: Sequence[Done], sender: Address) -> Done:
        """Have it mined, after those that it builds on."""


Tell = Callable[[Step, Done], None]
"""Told of each step as soon as it is done."""


@dataclass(frozen=True, slots=True)
class Creation:
    """A contract to deploy; its arguments may be `Made`."""

    contract: str
    arguments: tuple[Any, ...]
    text: str

    @property
    def gas(self) -> int:
        """A little more than it takes."""
        return CREATION_GAS[self.contract]

    def send(self, node: Node, done: Sequence[Done], sender: Address) -> Done:
        """Deploy it."""
        artifact = artifacts.load(self.contract)
        arguments = _known(self.arguments, done)
        return Done(Contract.deploy(node, artifact, *arguments, sender=sender).address)


@dataclass(frozen=True, slots=True)
class Approval:
    """An allowance for the factory, of no more than it will take."""

    token: Address
    spender: Address
    units: Assets
    text: str
    gas: int = 70_000

    def send(self, node: Node, done: Sequence[Done], sender: Address) -> Done:
        """Approve."""
        Token(node, self.token).approve(self.spender, self.units, sender=sender)
        return Done()


@dataclass(frozen=True, slots=True)
class FirstValue:
    """The first value of a posted feed: before it there is no price, hence no market."""

    feed: Made
    publisher: LocalAccount
    price: Wad
    text: str
    gas: int = 130_000

    def send(self, node: Node, done: Sequence[Done], sender: Address) -> Done:
        """Have it signed as observed now, and post it."""
        [address] = _known((self.feed,), done)
        now = node.block().timestamp
        PostedFeed.at(node, address).post(self.publisher, self.price, now, sender=sender)
        return Done()


@dataclass(frozen=True, slots=True)
class Opening:
    """The market itself; its contracts may be `Made`."""

    factory: Contract
    listing: Listing
    text: str
    gas: int = 7_600_000

    def arguments(self, done: Sequence[Done]) -> tuple[Any, ...]:
        """What the factory is told, after the steps that this one builds on."""
        name, terms, contracts, seed_assets = self.listing
        return name, encode_terms(terms, Contracts(*_known(contracts, done))), seed_assets

    def send(self, node: Node, done: Sequence[Done], sender: Address) -> Done:
        """Deploy it; the factory takes the seed."""
        factory = Contract(node, self.factory.address, self.factory.interface)
        receipt = factory.send("deploy", *self.arguments(done), sender=sender)
        for event, fields in factory.told(receipt):
            if event == "MarketDeployed":
                return Done(fields["market"], fields)
        raise ChainError("the factory announced no market")


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be sent, in order, and what it needs."""

    sender: Address
    steps: tuple[Step, ...]
    assets: Assets = 0
    """Collateral that leaves the sender's account: the seed of both sides."""
    lacks: tuple[str, ...] = ()
    """What the sender does not have, each a line for people; with any of it nothing is sent."""

    @property
    def gas(self) -> int:
        """Of all steps, a little more than they take."""
        return sum(step.gas for step in self.steps)

    @property
    def text(self) -> tuple[str, ...]:
        """Each step, for people."""
        return tuple(step.text for step in self.steps)

    def send(self, node: Node, tell: Tell | None = None) -> list[Done]:
        """
        Send the steps, one after the other. Where one fails, those before it stay done: `tell`
        has heard of them, and what they created may be named in the market file.
        """
        done: list[Done] = []
        for step in self.steps:
            done.append(step.send(node, done, self.sender))
            if tell:
                tell(step, done[-1])
        return done


def _known(values: Sequence[Any], done: Sequence[Done]) -> list[Any]:
    """The values, each `Made` of them and in their lists by the address it came to have."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, Made):
            found.append(done[value.step].address)
        else:
            found.append(_known(value, done) if isinstance(value, list) else value)
    return found
