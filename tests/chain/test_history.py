"""The logs alone give the state, on every kind of node: it is the one that the views tell."""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import pytest

from perpools.chain import pooling, snapshot
from perpools.chain.contract import Contract
from perpools.chain.history import History, Record
from perpools.chain.node import Node
from perpools.errors import ChainError
from perpools.spec import positions
from perpools.spec.events import OrderPlaced, Rebalanced, Transfer
from perpools.spec.invariants import broken
from perpools.spec.kinds import LONG, SHORT
from perpools.spec.state import MARKET, VAULT, Market
from tests.chain.past import HOUR_S, SEED, TOKEN, Past, node_of
from tests.chain.workshop import WAD, mock


@pytest.fixture(scope="module", params=["embedded", "anvil"])
def past(request: pytest.FixtureRequest) -> Iterator[Past]:
    with node_of(request.param) as node:
        past = Past(node)
        past.live()
        yield past


@pytest.fixture(scope="module")
def history(past: Past) -> History:
    return History(past.node, past.market.address)


@pytest.fixture(scope="module")
def records(history: History) -> list[Record]:
    return list(history.records(history.birth.block_number, history.node.block().number))


def seen(past: Past, market: Market, known: tuple[str, ...]) -> Market:
    """What a snapshot tells of a market, gifts to its account included."""
    return pooling.pooled(replace(market, held=market.held + past.donated), known)


def test_after_every_block_the_state_is_the_one_that_the_views_tell(
    past: Past, history: History, records: list[Record]
) -> None:
    played, donated = history.begun(), 0
    known = tuple(past.role[who] for who in ("depositor", "trader"))
    for block, group in groupby(records, lambda record: record.block_number):
        told = list(group)
        donated += sum(past.gift(record.event) for record in told)
        played = history.replayed(played, told)
        assert broken(played.market) == []
        state = replace(played.market, held=played.market.held + donated)
        found = snapshot.read_again(past.node, history.fixed, known, block)
        assert found.market == pooling.pooled(state, known), told
    assert donated == past.donated


def test_the_state_of_a_block_is_replayed_from_the_beginning(
    past: Past, history: History, records: list[Record]
) -> None:
    everybody = tuple(past.role.values())
    found = snapshot.read(past.node, past.market.address, everybody)
    assert found.market == seen(past, history.state(), everybody)
    [first, *_] = [r for r in records if isinstance(r.event, OrderPlaced)]
    early = history.state(first.block_number)
    assert list(early.orders) == [(first.event.controller, first.event.epoch, first.event.kind)]


def test_records_are_in_the_order_of_the_chain(past: Past, records: list[Record]) -> None:
    places = [(record.block_number, record.index) for record in records]
    assert places == sorted(set(places))
    for record in records[:: len(records) // 5]:
        block = past.node.block(record.block_number)
        assert (record.timestamp, record.block_hash) == (block.timestamp, block.hash)
        assert len(record.transaction_hash) == 66
    assert {record.address for record in records} <= {
        past.market.address,
        *(token.address for token in past.tokens),
    }


def test_holders_own_transfers_are_told_and_no_others(past: Past, records: list[Record]) -> None:
    sent = [record.event for record in records if isinstance(record.event, Transfer)]
    depositor, hedger, trader = (past.role[who] for who in ("depositor", "hedger", "trader"))
    assert sent == [
        Transfer(SHORT, hedger, trader, 7 * TOKEN),
        Transfer(SHORT, hedger, MARKET, 5 * TOKEN),
        Transfer(LONG, depositor, VAULT, TOKEN),
    ]


def test_a_birth_is_what_the_factory_announced(past: Past, history: History) -> None:
    born, factory = history.birth, past.protocol.factory.address
    assert born.factory == factory
    assert born.deployed.deployer == past.role["deployer"]
    assert (born.deployed.seed_assets, born.deployed.first_price) == (SEED, 2_000 * WAD)
    named = History(past.node, past.market.address, factory=factory)
    assert named.birth == born


class Forgetful(Node):
    """A node that keeps logs, but no state of the past."""

    def code(self, account: str, block: int | str | None = None) -> bytes:
        if block is not None:
            raise ChainError("missing trie node")
        return super().code(account)


def test_a_node_that_keeps_no_old_state_tells_of_a_birth_too(past: Past, history: History) -> None:
    fields = {field.name: getattr(past.node, field.name) for field in dataclasses.fields(Node)}
    assert History(Forgetful(**fields), past.market.address).birth == history.birth


def test_what_others_announce_of_a_market_is_not_believed(past: Past) -> None:
    stranger = past.role["keeper"]
    with pytest.raises(ChainError, match="no log since block 0 tells of the deployment"):
        _ = History(past.node, past.market.address, factory=stranger).birth
    liar = Contract.deploy(past.node, mock("LyingFactory"), sender=stranger)
    terms, tokens = (past.market.contract.read(view) for view in ("terms", "tokens"))
    last_epoch = past.node.block().timestamp // HOUR_S
    facts = (past.market.address, past.role["deployer"], *tokens, last_epoch, terms)
    liar.send("announce", *facts, sender=stranger)
    with pytest.raises(ChainError, match="no log since block 0 tells of the deployment"):
        _ = History(past.node, past.market.address, factory=liar.address).birth


def test_logs_with_a_gap_are_noticed(history: History, records: list[Record]) -> None:
    [event, *_] = [index for index, r in enumerate(records) if isinstance(r.event, Rebalanced)]
    with pytest.raises(ChainError, match="the logs do not fit at block"):
        history.replayed(history.begun(), records[:event] + records[event + 1 :])


def test_before_its_deployment_there_is_no_market(history: History) -> None:
    with pytest.raises(ChainError, match="was deployed in block"):
        history.state(history.birth.block_number - 1)


def test_a_position_is_reckoned_from_the_logs(past: Past, history: History) -> None:
    trader = past.role["trader"]
    market, book = history.played()
    found = history.position(trader)
    assert found == positions.position(book, market, trader)
    assert found.paid_in > found.taken_out > 0
    wallet = past.tokens[SHORT].read("balanceOf", trader)
    assert (found.short.wallet, found.short.tokens) == (wallet, book.of(trader).lots[SHORT].tokens)


def test_a_market_that_is_wound_down(past: Past) -> None:
    past.end()
    everybody = tuple(past.role.values())
    state = History(past.node, past.market.address).state()
    assert state.wound_down
    found = snapshot.read(past.node, past.market.address, everybody)
    assert found.market == seen(past, state, everybody)
    assert broken(found.market) == []
