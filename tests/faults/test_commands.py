"""Commands over a bad connection: one order, one claim, never two; and a line that says why not."""

import threading

import pytest

from perpools.spec.events import Claimed, OrderPlaced
from perpools.spec.kinds import LONG_MINT
from tests.bots.stage import DEPOSITOR, PURSE, RIVAL
from tests.chain.faults import answer, delay, drop
from tests.chain.proxy import Exchange, Fault, Reply
from tests.faults.harness import SEND, World, at_that
from tests.faults.process import Bot
from tests.faults.verdict import judge, told

ORDER = ("order", "mint", "long", "100")
TRANSACTIONS = 2
"""Of a first order: leave for the market to take coins, and the order."""
OUTAGE_S = 2.5
FAILURES = 4
"""Of each transaction: one more than a request is tried at once."""
LOST = {
    "dropped after it arrived": drop(late=True),
    "dropped before it arrived": drop(),
    "answered too late": delay(0.8),
}
lost = pytest.mark.parametrize("fault", LOST.values(), ids=LOST)


def command(live: World, *words: str) -> Bot:
    """One command of a trader, who has coins."""
    (live.home / "perpools.toml").write_text("timeout_s = 0.4\n")
    account = live.account("trader")
    if words[:1] == ORDER[:1]:
        live.stage.coin.send("mint", live.roles["trader"], PURSE, sender=live.stage.deployer)
    options = ["--rpc", live.proxy.url, "--market", live.market.address]
    return live.run(*words, *account, *options, "--yes", "--json")


def recorded(sent: list[str], fault: Fault) -> Fault:
    """Keeps what was to be sent, and does wrong the first times that it is."""

    def both(exchange: Exchange) -> Reply | None:
        [raw] = exchange.asked["params"]
        sent.append(raw)
        honest = sent.count(raw) > FAILURES
        return exchange.forward(exchange.asked) if honest else fault(exchange)

    return both


def refused(live: World, run: Bot) -> str:
    """The one line that says why, and nothing was ordered."""
    assert run.ended() == 1
    [line] = run.log.splitlines()
    assert told(live, OrderPlaced) == []
    return line


@lost
def test_an_order_is_placed_once(live: World, fault: Fault) -> None:
    sent: list[str] = []
    live.proxy.do(recorded(sent, fault), SEND)
    order = command(live, *ORDER)
    assert order.ended() == 0, order.log
    [placed] = told(live, OrderPlaced)
    assert order.facts[-1]["epoch"] == placed.epoch
    assert len(set(sent)) == live.node.nonce(live.roles["trader"]) == TRANSACTIONS < len(sent)


@lost
def test_a_claim_is_made_once(live: World, fault: Fault) -> None:
    live.account("trader")
    live.order(LONG_MINT, DEPOSITOR, live.roles["trader"])
    live.pass_grid_point()
    live.close(RIVAL)
    sent: list[str] = []
    live.proxy.do(recorded(sent, fault), SEND)
    claim = command(live, "claim")
    assert claim.ended() == 0, claim.log
    [claimed] = told(live, Claimed)
    assert claimed.owner == claimed.caller == live.roles["trader"]
    assert claimed.long_tokens > 0
    assert len(set(sent)) == 1 < len(sent)
    assert judge(live).sent == {live.roles["trader"]: 1}


def test_an_order_outlives_an_outage_that_begins_when_it_is_sent(live: World) -> None:
    def outage() -> None:
        live.proxy.do(drop())
        threading.Timer(OUTAGE_S, live.proxy.heal).start()

    live.proxy.do(at_that(outage, late=True), SEND, times=1)
    order = command(live, *ORDER)
    assert order.ended() == 0, order.log
    assert len(told(live, OrderPlaced)) == 1
    assert live.node.nonce(live.roles["trader"]) == TRANSACTIONS


def test_nothing_is_ordered_on_a_wrong_chain(live: World) -> None:
    live.proxy.do(answer("0x5"), "eth_chainId")
    line = refused(live, command(live, *ORDER, "--chain-id", "31337"))
    assert line.startswith(f"perpools: wrong chain: {live.proxy.url} is chain 5, not 31337")


def test_nothing_is_ordered_while_nobody_answers(live: World) -> None:
    live.proxy.do(drop())
    line = refused(live, command(live, *ORDER))
    assert line.startswith(f"perpools: no node answers: {live.proxy.url}: the connection was")


def test_nothing_is_ordered_above_the_cap(live: World) -> None:
    live.stage.ask("anvil_setNextBlockBaseFeePerGas", hex(100 * 10**9))
    live.mine()
    line = refused(live, command(live, *ORDER, "--max-fee-gwei", "3"))
    assert line.endswith("above the cap of 3: wait, or raise max_fee_gwei")


def test_nothing_is_ordered_by_an_empty_wallet(live: World) -> None:
    live.account("trader", wei=0)
    line = refused(live, command(live, *ORDER))
    assert line.startswith(f"perpools: the account {live.roles['trader']} has too little native")
