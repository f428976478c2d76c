"""`perpools sandbox`: everything there has to be, on a chain where nothing is worth anything."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from eth_account.signers.local import LocalAccount

from perpools import artifacts
from perpools.chain import accounts
from perpools.chain.contract import Contract
from perpools.chain.node import Node, Transaction
from perpools.chain.posted import PostedFeed
from perpools.chain.protocol import Protocol
from perpools.cli.options import sending
from perpools.cli.session import Session, password
from perpools.errors import ConfigError
from perpools.settings import FILE
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Address
from perpools.values import Amount, Name, Number, coin

DEVELOPMENT_CHAINS = (31_337, 1_337, 131_277_322_940_537)
"""What anvil, hardhat, ganache and the embedded chain call themselves."""

ETHER = 100 * WAD
DECIMALS = 6
COINS = 1_000_000 * 10**DECIMALS
PRICE = 2_000 * WAD
MAX_AGE_S = 7 * 86_400
"""Nobody wants to publish all day just to look around."""

MARKET_FILE, DEPLOYMENT, PUBLISHER = map(Path, ("market.toml", "deployment.toml", "publisher.json"))

MARKET = """\
# A market to play with: `perpools check` shows all of its terms, `perpools deploy` deploys it.
preset = "v1"
name = "ETH/USD"
leverage = 3
collateral = "{coin}"
seed = 10000
interval = "1m"
front_running_interval = "15s"
[price]
feed = "{feed}"
[keeper]
eth_feed = "{feed}"
"""


class Made(NamedTuple):
    """What the sandbox has."""

    protocol: Protocol
    coin: Address
    feed: Address


@sending
def sandbox(
    session: Session,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the files of an earlier sandbox.")
    ] = False,
) -> None:
    """Deploy the protocol, a coin and a price feed on a development chain; fund your wallet.

    For example: perpools sandbox --rpc http://127.0.0.1:8545 --keystore wallet.json --yes

    Writes perpools.toml, so that no later command needs an option; market.toml, which
    `perpools deploy` takes; deployment.toml; and publisher.json, the feed's keystore.
    """
    _require_development(session)
    written = (FILE, MARKET_FILE, DEPLOYMENT)
    if not overwrite:
        _require_absent(written)
    wallet = session.sender
    plan = {
        "chain": Name(session.node.chain_id),
        "wallet": wallet,
        "gets": coin(ETHER),
        "and": Amount(COINS, DECIMALS, "DUSD"),
        "price_now": Number(PRICE),
        "writes": ", ".join(map(str, (*written, PUBLISHER))),
    }
    session.agree("sandbox", plan)
    if session.dry_run:
        session.report("sandbox", plan, {})
        return
    with session.waiting("deploying"):
        made = _build(session, wallet)
    _write(session, made)
    factory = made.protocol.factory.address
    session.report("sandbox", plan, {"factory": factory, "coin": made.coin, "feed": made.feed})


def _require_development(session: Session) -> None:
    chain_id = session.node.chain_id
    if chain_id not in DEVELOPMENT_CHAINS:
        raise ConfigError(f"chain {chain_id} is no development chain: a sandbox is for play money")


def _require_absent(paths: tuple[Path, ...]) -> None:
    for path in paths:
        if path.exists():
            raise ConfigError(f"{path}: is there already: move it away, or give --overwrite")


def _build(session: Session, wallet: Address) -> Made:
    """All of it is paid for by the node's own first account."""
    node = session.node
    if not node.accounts:
        raise ConfigError("the node signs for nobody: start one with accounts of its own, as anvil")
    funder = node.accounts[0]
    if wallet != funder:
        node.send(Transaction(funder, wallet, b"", ETHER))
    protocol = Protocol.deploy(node, funder)
    dollar = Contract.deploy(
        node, artifacts.load("DemoCoin"), "Demo Dollar", "DUSD", DECIMALS, sender=funder
    )
    dollar.send("mint", wallet, COINS, sender=funder)
    feed = _feed(node, _publisher(session), funder)
    return Made(protocol, dollar.address, feed.address)


def _publisher(session: Session) -> LocalAccount:
    """That of an earlier sandbox, or a new one; its password is the wallet's."""
    if not PUBLISHER.exists():
        accounts.create(PUBLISHER, password(session.settings, f"password for {PUBLISHER}"))
    return session.unlock(PUBLISHER)


def _feed(node: Node, publisher: LocalAccount, funder: Address) -> PostedFeed:
    feed = PostedFeed.deploy(node, publisher.address, MAX_AGE_S, sender=funder)
    feed.post(publisher, PRICE, node.block().timestamp, sender=funder)
    return feed


def _write(session: Session, made: Made) -> None:
    settings = session.settings
    made.protocol.save(DEPLOYMENT, replace=True)
    MARKET_FILE.write_text(MARKET.format(coin=made.coin, feed=made.feed), encoding="utf-8")
    told = {
        "rpc": list(settings.rpc),
        "chain_id": session.node.chain_id,
        "deployment": DEPLOYMENT,
        "keystore": settings.keystore,
        "account": None if settings.keystore else settings.account,
        "password_file": settings.password_file,
        "publisher": PUBLISHER,
    }
    FILE.write_text(_toml(told), encoding="utf-8")


def _toml(told: Mapping[str, Any]) -> str:
    """Keys and plain values; JSON's texts, numbers and lists are TOML's too."""
    lines = (f"{key} = {json.dumps(value, default=str)}" for key, value in told.items() if value)
    return "# Written by `perpools sandbox`; flags and the environment count before it.\n" + (
        "\n".join(lines) + "\n"
    )
