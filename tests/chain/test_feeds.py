"""Feeds of any kind: recognised by their views, asked, and given the hint that they need."""

from dataclasses import dataclass

import pytest
from eth_account.signers.local import LocalAccount

from perpools import artifacts
from perpools.chain import connect, feeds
from perpools.chain.contract import Contract
from perpools.chain.node import Node
from perpools.chain.posted import PostedFeed
from perpools.errors import ConfigError, StrangeAnswer
from perpools.spec import errors
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address
from tests.chain.workshop import DOLLAR, GENESIS, HEARTBEAT_S, WAD, key, mock

MINUTE_S = 60


@dataclass(frozen=True)
class Bench:
    """Two aggregators with their adapters, a posted feed, and when each of their prices came."""

    node: Node
    keeper: Address
    publisher: LocalAccount
    aggregators: tuple[Contract, Contract]
    chainlinks: tuple[Address, Address]
    posted: PostedFeed
    moments: tuple[int, ...]

    def deploy(self, contract: str, *arguments: object) -> Address:
        artifact = artifacts.load(contract)
        return Contract.deploy(self.node, artifact, *arguments, sender=self.keeper).address


@pytest.fixture(scope="module")
def bench() -> Bench:
    """Ten prices of each feed, a minute apart: 100 to 109, 10 to 19, and 1.00 to 1.09."""
    node = connect(genesis=GENESIS, accounts=2)
    keeper, *_ = node.accounts
    publisher = key("publisher")
    aggregators = [
        Contract.deploy(node, mock("PlainAggregator"), 8, sender=keeper) for _ in range(2)
    ]
    for number, aggregator in enumerate(aggregators):
        aggregator.send("push", (100, 10)[number] * DOLLAR, sender=keeper)
    chainlinks = [
        Contract.deploy(
            node, artifacts.load("Chainlink"), one.address, HEARTBEAT_S, NOBODY, 0, sender=keeper
        ).address
        for one in aggregators
    ]
    posted = PostedFeed.deploy(node, publisher.address, HEARTBEAT_S, sender=keeper)
    moments = [node.block().timestamp + MINUTE_S * i for i in range(1, 10)]
    posted.post(publisher, WAD, node.block().timestamp, sender=keeper)
    for i, moment in enumerate(moments, 1):
        node.advance_to(moment)
        aggregators[0].send("push", (100 + i) * DOLLAR, sender=keeper)
        aggregators[1].send("push", (10 + i) * DOLLAR, sender=keeper)
        posted.post(publisher, WAD + i * WAD // 100, node.block().timestamp, sender=keeper)
    node.advance_to(moments[-1] + MINUTE_S)
    aggregators[0].send("push", 110 * DOLLAR, sender=keeper)
    return Bench(node, keeper, publisher, (*aggregators,), (*chainlinks,), posted, tuple(moments))


def test_a_feed_is_known_by_its_views(bench: Bench) -> None:
    chainlink = feeds.recognise(bench.node, bench.chainlinks[0])
    assert chainlink.kind == feeds.CHAINLINK
    assert chainlink.source == bench.aggregators[0].address
    assert chainlink.max_age_s == HEARTBEAT_S
    posted = feeds.recognise(bench.node, bench.posted.address)
    assert (posted.kind, posted.source) == (feeds.POSTED, bench.publisher.address)
    assert str(posted) == f"posted:{bench.publisher.address}"


def test_whatever_else_there_is_is_another_feed(bench: Bench) -> None:
    for address in (bench.keeper, bench.aggregators[0].address, NOBODY):
        feed = feeds.recognise(bench.node, address)
        assert (feed.kind, feed.parts, str(feed)) == (feeds.OTHER, (), address)
        assert feeds.hint(bench.node, feed, bench.moments[3]) == 0


def test_the_price_now(bench: Bench) -> None:
    found = feeds.latest(bench.node, bench.chainlinks[0])
    assert found is not None
    assert found.price == 110 * WAD
    assert found.observed_at == bench.moments[-1] + MINUTE_S


def test_a_feed_that_refuses_has_no_price(bench: Bench) -> None:
    silent = bench.deploy("Posted", bench.publisher.address, HEARTBEAT_S)
    assert feeds.latest(bench.node, silent) is None
    assert feeds.as_of(bench.node, silent, bench.moments[0], 0) is None
    assert isinstance(feeds.refusal(bench.node, silent), errors.FeedIsSilent)
    assert isinstance(feeds.refusal(bench.node, bench.aggregators[0].address), StrangeAnswer)
    assert feeds.refusal(bench.node, bench.posted.address) is None


def test_where_no_contract_is_there_is_no_feed(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="no feed at 0x"):
        feeds.latest(bench.node, bench.keeper)


@pytest.mark.parametrize("ago", range(9))
def test_the_hint_finds_the_price_of_each_moment(bench: Bench, ago: int) -> None:
    time = bench.moments[-1 - ago] + MINUTE_S // 2
    expected = {
        bench.chainlinks[0]: (109 - ago) * WAD,
        bench.posted.address: (109 - ago) * WAD // 100,
    }
    for feed, price in expected.items():
        found = feeds.as_of(bench.node, feed, time, feeds.hint(bench.node, feed, time))
        assert found is not None
        assert found.price == price


def test_a_wrong_hint_is_the_askers_mistake(bench: Bench) -> None:
    with pytest.raises(errors.HintIsWrong):
        feeds.as_of(bench.node, bench.chainlinks[0], bench.moments[2], 9)


def test_hints_of_parts_are_packed() -> None:
    assert feeds.pack([]) == 0
    assert feeds.pack([5]) == 5
    assert feeds.pack([5, 6, 7]) == 5 | 6 << 80 | 7 << 160
    quote = feeds.pack([6, 7])
    assert feeds.pack([5, quote]) == feeds.pack([5, 6, 7])
    assert feeds.pack([2**200]) == 2**200
    assert feeds.pack([2**200, 6]) == 6 << 80


@pytest.mark.parametrize("ago", [0, 3, 8])
def test_composed_feeds_get_the_hints_of_their_parts(bench: Bench, ago: int) -> None:
    first, second = bench.chainlinks
    time = bench.moments[-1 - ago] + MINUTE_S // 2
    ratio = bench.deploy("Ratio", first, second)
    inverse = bench.deploy("Inverse", ratio)
    deep = bench.deploy("Ratio", first, bench.deploy("Ratio", second, bench.posted.address))
    median = bench.deploy("Median", [first, second, bench.posted.address])
    numerator, denominator, published = 109 - ago, 19 - ago, (109 - ago) * WAD // 100
    expected = {
        ratio: numerator * WAD // denominator,
        inverse: WAD * WAD // (numerator * WAD // denominator),
        deep: numerator * WAD * WAD // (denominator * WAD * WAD // published),
        median: denominator * WAD,
    }
    for feed, price in expected.items():
        found = feeds.as_of(bench.node, feed, time, feeds.hint(bench.node, feed, time))
        assert found is not None
        assert found.price == price


def test_composed_feeds_are_known_with_their_parts(bench: Bench) -> None:
    first, second = bench.chainlinks
    inverse = bench.deploy("Inverse", bench.posted.address)
    ratio = feeds.recognise(bench.node, bench.deploy("Ratio", first, inverse))
    assert [part.kind for part in ratio.parts] == [feeds.CHAINLINK, feeds.INVERSE]
    assert feeds.width(ratio) == 2
    median = feeds.recognise(bench.node, bench.deploy("Median", [first, second, inverse]))
    assert (median.kind, feeds.width(median)) == (feeds.MEDIAN, 3)
