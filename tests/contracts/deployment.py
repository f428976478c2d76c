"""How the tests deploy a market through the factory, without a model beside it."""

from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any

import boa
from boa.contracts.vyper.vyper_contract import VyperContract
from boa.util.abi import Address

from perpools.spec.terms import NOBODY, Terms
from tests.evm import deployer
from tests.terms_cases import TERMS

HOUR_S, DAY_S = 3_600, 86_400
WAD = 10**18
UNIT = 10**6
SEED = 1_000 * UNIT
UNLIMITED = 2**256 - 1
START = 1_800_000_000 + 600
MOCKS = "tests/vyper/mocks"

PLAIN = replace(
    TERMS,
    sma_periods=1,
    front_running_interval_s=300,
    mint_fee_wad=0,
    mint_fee_max_wad=0,
)
"""
Hourly, spot price, three times, orders five minutes ahead, no fees, collateral of six decimals.
"""


@dataclass(frozen=True)
class Deployed:
    """A market and what it stands on."""

    market: VyperContract
    tokens: tuple[VyperContract, VyperContract]
    coin: VyperContract
    feed: VyperContract


def factory() -> VyperContract:
    """The factory of this chain, its blueprints behind it."""
    return _factory(boa.env)


def power() -> VyperContract:
    """The transfer function of this chain."""
    return _power(boa.env)


@cache
def _factory(_: boa.Env) -> VyperContract:
    market = deployer("contracts/Market.vy").deploy_as_blueprint()
    token = deployer("contracts/SideToken.vy").deploy_as_blueprint()
    return deployer("contracts/Factory.vy").deploy(market.address, token.address)


@cache
def _power(_: boa.Env) -> VyperContract:
    return deployer("contracts/transfer/Power.vy").deploy()


def new_coin(decimals: int = 6) -> VyperContract:
    return deployer(f"{MOCKS}/Coin.vy").deploy(decimals)


def new_feed(price: int = 100 * WAD) -> VyperContract:
    """A feed that answers one price until another is set."""
    return deployer(f"{MOCKS}/ScriptedFeed.vy").deploy(price, 0)


def members() -> list[str]:
    """Names of the terms, in the contract's order."""
    [deploy] = [entry for entry in factory().abi if entry.get("name") == "deploy"]
    return [member["name"] for member in deploy["inputs"][1]["components"]]


def struct(terms: Terms, **contracts: Any) -> tuple[Any, ...]:
    """
    Terms as the factory takes them; contracts are given by name, none where they may be absent.
    """
    absent = dict.fromkeys(("trigger", "eth_feed", "gas_feed"), NOBODY)
    given = absent | {"transfer": power().address} | contracts
    return tuple(given[name] if name in given else getattr(terms, name) for name in members())


def account(role: str, native: int = 10**20) -> Any:
    """The account of a role, always the same, with native coin."""
    address = Address("0x" + sha256(role.encode()).hexdigest()[:40])
    boa.env.set_balance(address, native)
    return address


def fund(deployed: Deployed, holder: Any, amount: int) -> None:
    """Collateral in a wallet that lets the market take it."""
    deployed.coin.mint(holder, amount)
    deployed.coin.approve(deployed.market.address, UNLIMITED, sender=holder)


def deploy(
    sender: Any, terms: Terms = PLAIN, seed: int = SEED, *, coin: Any = None, feed: Any = None
) -> Deployed:
    """A market of which `sender` paid the seed."""
    coin, feed = coin or new_coin(), feed or new_feed()
    coin.mint(sender, 2 * seed)
    coin.approve(factory().address, 2 * seed, sender=sender)
    chosen = struct(terms, collateral=coin.address, feed=feed.address)
    address = factory().deploy("ETH/USD", chosen, seed, sender=sender)
    market = deployer("contracts/Market.vy").at(address)
    long, short = (deployer("contracts/SideToken.vy").at(token) for token in market.tokens())
    return Deployed(market, (long, short), coin, feed)


def samples(market: VyperContract) -> list[int]:
    """Every sample of the price that a market keeps, oldest first."""
    return [market.sample(index)[0] for index in range(market.sample(0)[1])]


def next_grid_point(late_s: int = 1, interval_s: int = HOUR_S) -> int:
    """Let time pass until so long after the next grid point; returns its epoch."""
    epoch = boa.env.timestamp // interval_s + 1
    boa.env.timestamp = epoch * interval_s + late_s
    return epoch
