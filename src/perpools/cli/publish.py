"""`perpools publish`: sign a value of a posted feed, and post it."""

from pathlib import Path
from typing import Annotated

import typer

from perpools import artifacts, values
from perpools.chain import feeds
from perpools.chain.contract import Contract, Interface
from perpools.chain.posted import PostedFeed
from perpools.chain.subject import checksummed
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.errors import ConfigError, Refused
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address
from perpools.values import Moment, Name, Number, coin

Which = Annotated[
    str,
    typer.Option(
        "--feed", metavar="FEED", help="The market's price, its ether, or a feed's own address."
    ),
]
Publisher = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The publisher's keystore; yours if not given or set."),
]


@sending
def publish(
    session: Session,
    price: Annotated[str, typer.Argument(metavar="PRICE", help="The value, at most 18 decimals.")],
    which: Which = "price",
    publisher: Publisher = None,
) -> None:
    """Sign a value with the publisher's key and post it, as observed now.

    For example: perpools publish 2100.5 --yes
    """
    wad = values.parse(price, 18, "price")
    sender, address = session.sender, _feed(session, which)
    feed = _posted(session, address)
    observed_at = session.now
    last = feed.observation(feed.contract.read("count"))
    if observed_at <= last.observed_at:
        raise Refused("a value of this second is there already: try again in the next one")
    plan = {"feed": address, "price": Number(wad), "observed_at": Moment(observed_at)}
    session.agree("publish", plan)
    signer = session.publisher(publisher)
    with session.waiting("waiting for a block"):
        receipt = _posted(session, address, hand=True).post(signer, wad, observed_at, sender=sender)
    paid = coin(receipt.gas_used * receipt.gas_price)
    done = {"transaction": receipt.hash, "block": Name(receipt.block_number)}
    session.report("published", plan, {**done, "gas_paid": paid})


def _feed(session: Session, which: str) -> Address:
    if which not in ("price", "ether"):
        return checksummed(which)
    contracts = session.subject().seen.contracts
    address = contracts.feed if which == "price" else contracts.eth_feed
    if address == NOBODY:
        raise ConfigError("feed: the market has no feed of ether")
    return address


def _posted(session: Session, address: Address, *, hand: bool = False) -> PostedFeed:
    node = session.hand if hand else session.node
    kind = feeds.recognise(session.node, address).kind
    if kind != feeds.POSTED:
        raise ConfigError(f"feed: nobody posts to {address}: it is no posted feed")
    return PostedFeed(Contract(node, address, Interface(artifacts.load("Posted").abi)))
