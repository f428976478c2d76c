"""The same market file becomes the same market on the embedded chain and on a real node."""

import pytest

from perpools.chain import feeds
from perpools.chain.factory import Factory
from perpools.chain.node import Node, Transaction
from perpools.chain.tokens import Token
from tests.chain.workshop import DOLLAR, UNIT, WAD, key
from tests.chain.yard import Yard, build

ETHER = 10**18


@pytest.fixture(scope="module")
def yard(node: Node) -> Yard:
    return build(node)


def test_a_deployer_signs_everything_with_a_key(yard: Yard) -> None:
    deployer = key("deployer")
    funder = yard.deployer
    yard.node.send(Transaction(funder, deployer.address, b"", ETHER))
    yard.coin.transfer(deployer.address, 20 * UNIT, sender=funder)
    node = yard.node.signing(deployer)
    factory = Factory(node, yard.protocol.factory.address)
    file = yard.file(
        f"chainlink:{yard.aggregator.address}", 'trigger = "momentum 5%"', 'max_interval = "1d"'
    )
    deployed = factory.deploy(file, deployer.address, transfers=yard.protocol.transfers)
    assert deployed.announced["first_price"] == 2_000 * WAD
    assert Token(node, yard.coin.address).balance(deployer.address) == 0
    assert factory.markets()[-1].market == deployed.market.address
    assert factory.markets()[-1].deployer == deployer.address


def test_every_round_is_found_by_its_moment(yard: Yard) -> None:
    plan = yard.protocol.plan(yard.file(f"chainlink:{yard.aggregator.address}"), yard.deployer)
    feed = yard.protocol.factory.carry_out(plan).done[0].address
    assert feed is not None
    moments = []
    for price in range(2_001, 2_012):
        yard.node.advance_to(yard.node.block().timestamp + 60)
        yard.aggregator.send("push", price * DOLLAR, sender=yard.deployer)
        moments.append(yard.node.block().timestamp)
    known = feeds.recognise(yard.node, feed)
    assert (known.kind, known.source) == (feeds.CHAINLINK, yard.aggregator.address)
    for number, moment in enumerate(moments, 2):
        assert feeds.hint(yard.node, known, moment) == number
        found = feeds.as_of(yard.node, known, moment, number)
        assert found is not None
        assert (found.price, found.observed_at) == ((1_999 + number) * WAD, moment)
