"""The factory: every market there is, and new ones from their market files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from eth_abi.exceptions import DecodingError
from eth_utils.abi import abi_to_signature, event_signature_to_log_topic

from perpools import artifacts
from perpools.chain import planning
from perpools.chain.contract import Contract, Interface
from perpools.chain.feed_plan import First
from perpools.chain.market import Market
from perpools.chain.node import Log, Node
from perpools.chain.steps import Done, Listing, Opening, Plan, Tell
from perpools.chain.terms import ChainTerms
from perpools.errors import ChainError, ConfigError, Refused, StrangeAnswer
from perpools.market_file import MarketFile
from perpools.spec import naming
from perpools.spec.units import Address

ANNOUNCEMENT = "MarketDeployed"
NO_TRANSFERS: Mapping[str, Address] = MappingProxyType({})


class Listed(NamedTuple):
    """A market as its factory announced it."""

    market: Address
    factory: Address
    """Who says so: anybody's factory can say anything of markets that are none of ours."""
    deployer: Address
    name: str
    """Of what the price is, such as `ETH/USD`; without what would disturb a terminal."""
    symbol: str
    """Leverage and name, such as `3-ETH/USD`; the tokens' are `3L-ETH/USD` and `3S-ETH/USD`."""
    collateral: Address
    long_token: Address
    short_token: Address
    terms: ChainTerms
    block_number: int


class Deployed(NamedTuple):
    """A new market, and the fields of the factory's event about it."""

    market: Market
    announced: dict[str, Any]
    done: tuple[Done, ...] = ()
    """What each step of the plan did."""


@dataclass(frozen=True)
class Factory:
    """One factory; without an address, all of a chain's, which can only be read."""

    node: Node
    at: Address | None
    interface: Interface = field(
        default_factory=lambda: Interface(artifacts.load("Factory").abi), repr=False, compare=False
    )

    @property
    def address(self) -> Address:
        """Where it is; `ConfigError` where none was named."""
        if self.at is None:
            raise ConfigError("factory: missing: name the one that is meant")
        return self.at

    @property
    def contract(self) -> Contract:
        """Its functions."""
        return Contract(self.node, self.address, self.interface)

    def markets(self, first_block: int = 0, last_block: int | None = None) -> list[Listed]:
        """
        Every market it announced, the oldest first, from logs alone. Of all factories: whatever
        anybody's contracts announced, so that who spends money on them looks twice.
        """
        last = self.node.block().number if last_block is None else last_block
        addresses = None if self.at is None else [self.at]
        logs = self.node.logs(addresses, [self._topic], first_block, last)
        return [listed for log in logs if (listed := self._listed(log))]

    def plan(
        self,
        file: MarketFile,
        sender: Address,
        *,
        transfers: Mapping[str, Address] = NO_TRANSFERS,
        first: First | None = None,
    ) -> Plan:
        """
        What deploying a market will send, nothing of which is sent: the feeds and functions that
        are not there yet, an allowance of exactly the seed, the market. `transfers` are the
        transfer functions there are, by name; `first` is the first value of a posted feed that is
        to be deployed. `ConfigError` names the key that cannot work.
        """
        return planning.plan_market(self.contract, file, sender, transfers=transfers, first=first)

    def carry_out(self, plan: Plan, tell: Tell | None = None) -> Deployed:
        """
        Send what was planned. `Refused` where the sender lacks something, before anything is sent;
        `tell` is told of each step once it is mined.
        """
        if plan.lacks:
            raise Refused(plan.lacks[0])
        done = plan.send(self.node, tell)
        return self._deployed(done)

    def deploy(
        self,
        file: MarketFile,
        sender: Address,
        *,
        transfers: Mapping[str, Address] = NO_TRANSFERS,
        first: First | None = None,
        tell: Tell | None = None,
    ) -> Deployed:
        """The market that a file describes: `plan`, then `carry_out`."""
        return self.carry_out(self.plan(file, sender, transfers=transfers, first=first), tell)

    def open(self, listing: Listing, sender: Address) -> Deployed:
        """A market of contracts that are all there; the sender has approved twice the seed."""
        return self._deployed([Opening(self.contract, listing, "").send(self.node, (), sender)])

    def _deployed(self, done: list[Done]) -> Deployed:
        fields = done[-1].announced
        if fields is None:
            raise ChainError("the plan was not one of a market")
        return Deployed(Market(self.node, fields["market"]), fields, tuple(done))

    @property
    def _topic(self) -> bytes:
        [event] = (e for e in artifacts.load("Factory").abi if e.get("name") == ANNOUNCEMENT)
        return bytes(event_signature_to_log_topic(abi_to_signature(event)))  # type: ignore[arg-type]

    def _listed(self, log: Log) -> Listed | None:
        """A market that a log announces; None where it only looks as if it did."""
        try:
            told = self.interface.decode_log(log)
        except (StrangeAnswer, DecodingError, ValueError):
            return None
        if told is None:
            return None
        fields = told[1]
        fields["name"] = "".join(letter for letter in fields["name"] if letter.isprintable())
        terms = ChainTerms(*fields["terms"])
        return Listed(
            factory=log.address,
            symbol=naming.symbol(terms.leverage_wad, "-", fields["name"]),
            terms=terms,
            block_number=log.block_number,
            **{name: fields[name] for name in _FIELDS},
        )


_FIELDS = ("market", "deployer", "name", "collateral", "long_token", "short_token")
