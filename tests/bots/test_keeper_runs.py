"""A keeper that keeps running: punctual, undisturbed, alone or among others, stopped or killed."""

import time

from perpools.bots.options import KeeperSettings
from perpools.bots.wallet import Ledger
from perpools.chain.market import Market
from perpools.chain.node import Transaction
from perpools.chain.noticing import MARKET_FAILING
from tests.bots.running import Running, running
from tests.bots.stage import KEEPER, MINUTE_S, RIVAL, WAD, Stage, last_epoch


def closes(run: Running, market: Market, epoch: int) -> None:
    """Wait until an epoch is closed."""
    run.until(lambda: last_epoch(market) >= epoch, f"epoch {epoch} closed")


def nonces(stage: Stage, *who: int) -> int:
    """Transactions of some accounts so far."""
    return sum(stage.node.nonce(stage.accounts[one]) for one in who)


def test_every_grid_point_is_closed_as_it_passes(stage: Stage) -> None:
    market = stage.market()
    first, before = last_epoch(market), nonces(stage, KEEPER)
    with running(stage, KeeperSettings, stage.accounts[KEEPER]) as run:
        for _ in range(5):
            closes(run, market, stage.pass_grid_point())
        run.until(lambda: len(run.facts) == 5, "five facts")
        assert run.stop() == 0
    assert [fact["epoch"] for fact in run.facts] == [first + n for n in range(1, 6)]
    assert nonces(stage, KEEPER) == before + 5
    assert run.value("epoch_missed_total", pool=market.address) == 0


def test_a_market_that_is_deployed_later_is_found(stage: Stage) -> None:
    with running(stage, KeeperSettings, stage.accounts[KEEPER]) as run:
        run.until(lambda: run.logged("running"), "it runs")
        market = stage.market()
        run.until(lambda: market.address in run.written.getvalue(), "the market found")
        closes(run, market, stage.pass_grid_point())


def test_a_silent_feed_is_told_and_tried_again_and_holds_up_nobody(stage: Stage) -> None:
    feed = stage.feed(max_age_s=10)
    feed.post(2_000 * WAD, stage.now, stage.deployer)
    silent, sound = stage.market(feed), stage.market()
    closed = last_epoch(silent)
    with running(stage, KeeperSettings, stage.accounts[KEEPER], backoff_max_s="0.3") as run:
        for _ in range(3):
            closes(run, sound, stage.pass_grid_point())
        failing = {"alert": MARKET_FAILING, "state": "raised", "subject": silent.address}
        run.until(lambda: any(failing.items() <= fact.items() for fact in run.facts), "the alert")
        assert last_epoch(silent) == closed
        feed.post(2_100 * WAD, stage.now, stage.deployer)
        closes(run, silent, last_epoch(sound))
        over = {**failing, "state": "over"}
        run.until(lambda: any(over.items() <= fact.items() for fact in run.facts), "its end")


def test_two_keepers_close_each_epoch_once(stage: Stage) -> None:
    market = stage.market()
    first = last_epoch(market)
    with (
        running(stage, KeeperSettings, stage.accounts[KEEPER]) as one,
        running(stage, KeeperSettings, stage.accounts[RIVAL]) as other,
    ):
        for _ in range(5):
            closes(one, market, stage.pass_grid_point())
        one.until(lambda: len(one.facts) + len(other.facts) == 5, "five facts")
        assert (one.stop(), other.stop()) == (0, 0)
    epochs = sorted(fact["epoch"] for run in (one, other) for fact in run.facts)
    assert epochs == [first + n for n in range(1, 6)]
    assert not any(run.logged("fault") or run.logged("cannot tend") for run in (one, other))


def test_two_keepers_of_one_process_send_for_each_epoch_once(stage: Stage) -> None:
    market, before = stage.market(), nonces(stage, KEEPER, RIVAL)
    parts = {"ledger": Ledger()}
    with (
        running(stage, KeeperSettings, stage.accounts[KEEPER], parts=parts) as one,
        running(stage, KeeperSettings, stage.accounts[RIVAL], parts=parts) as other,
    ):
        for _ in range(5):
            closes(one, market, stage.pass_grid_point())
        one.until(lambda: len(one.facts) + len(other.facts) == 5, "five facts")
    assert nonces(stage, KEEPER, RIVAL) == before + 5


def test_keepers_that_take_turns_do_not_meet(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    first = last_epoch(market)
    with running(stage, KeeperSettings, keeper, jitter_s="40"):
        late_s = []
        for epoch in range(first + 1, first + 4):
            for second in range(1, 60, 3):
                stage.mine(epoch * MINUTE_S + second)
                time.sleep(0.1)
                if last_epoch(market) == epoch:
                    late_s.append(second)
                    break
        assert len(late_s) == 3
        assert len(set(late_s)) > 1


def test_a_stuck_transaction_is_sent_again_for_more(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    epoch = stage.pass_grid_point()
    before = nonces(stage, KEEPER)
    stage.ask("evm_setAutomine", False)
    try:
        with running(stage, KeeperSettings, keeper, replace_after_s="0.2", max_loss="1") as run:
            run.until(lambda: run.logged("sent"), "sent")
            stage.ask("anvil_setNextBlockBaseFeePerGas", hex(500 * 10**9))
            stage.mine()
            assert last_epoch(market) < epoch
            run.until(lambda: run.value("tx_replaced_total") == 1, "replaced")
            stage.mine()
            closes(run, market, epoch)
            run.until(lambda: bool(run.facts), "told")
    finally:
        stage.ask("evm_setAutomine", True)
    assert [fact["epoch"] for fact in run.facts] == [epoch]
    assert nonces(stage, KEEPER) == before + 1


def test_a_spike_of_gas_is_waited_out_by_who_set_a_cap(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    with running(stage, KeeperSettings, keeper, max_fee_gwei="50", backoff_max_s="0.2") as run:
        stage.ask("anvil_setNextBlockBaseFeePerGas", hex(500 * 10**9))
        epoch = stage.pass_grid_point()
        run.until(lambda: run.logged("above the cap of 50"), "too dear")
        assert last_epoch(market) < epoch
        stage.ask("anvil_setNextBlockBaseFeePerGas", hex(10**9))
        stage.mine()
        closes(run, market, epoch)


def test_an_event_whose_block_is_undone_is_closed_again(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    epoch = stage.pass_grid_point()
    fork = stage.ask("evm_snapshot")
    with running(stage, KeeperSettings, keeper, confirmations="3") as run:
        closes(run, market, epoch)
        mined = stage.node.block().number
        run.until(lambda: run.value("chain_head_block") == mined, "the event's block is known")
        stage.ask("evm_revert", fork)
        assert run.facts == []
        stage.mine()
        closes(run, market, epoch)
        run.until(lambda: run.value("chain_reorg_total") >= 1, "the step back is known")
        for _ in range(4):
            stage.mine()
        run.until(lambda: len(run.facts) == 1, "believed")
    assert [fact["epoch"] for fact in run.facts] == [epoch]
    assert run.value("upkeep_total", pool=market.address, result="done") == 1


def test_what_the_node_forgot_is_sent_again(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    epoch = stage.pass_grid_point()
    stage.ask("evm_setAutomine", False)
    try:
        with running(stage, KeeperSettings, keeper, replace_after_s="0.5") as run:
            run.until(lambda: run.logged("sent"), "sent")
            stage.ask("anvil_dropAllTransactions")
            run.until(lambda: run.logged("sent again"), "sent again")
            stage.mine()
            closes(run, market, epoch)
    finally:
        stage.ask("evm_setAutomine", True)


def test_a_chain_with_blocks_on_demand_tells_the_time_of_the_block_to_come(stage: Stage) -> None:
    market = stage.market()
    epoch = last_epoch(market) + 1
    stage.mine(epoch * MINUTE_S - 2)
    with running(stage, KeeperSettings, stage.accounts[KEEPER], quiet_s="0.2") as run:
        closes(run, market, epoch)
        run.until(lambda: bool(run.facts), "told")


def test_a_wait_for_the_chain_asks_little(stage: Stage) -> None:
    stage.market()
    with running(
        stage, KeeperSettings, stage.accounts[KEEPER], poll_s="0.1", idle_poll_s="60"
    ) as run:
        run.until(lambda: run.logged("not due"), "nothing is due")
        time.sleep(1)
        assert run.told("waits", "until")
        assert len(run.told("waits", "until")) <= 2


def test_what_is_sent_is_left_when_it_is_stopped(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    epoch = stage.pass_grid_point()
    before = nonces(stage, KEEPER)
    stage.ask("evm_setAutomine", False)
    try:
        with running(stage, KeeperSettings, keeper) as run:
            run.until(lambda: run.logged("sent"), "sent")
            assert run.stop() == 0
        with running(stage, KeeperSettings, keeper) as again:
            again.until(lambda: again.logged("transactions of an earlier run wait"), "found")
            time.sleep(0.5)
            assert not again.logged('"sent"')
            stage.mine()
            again.until(lambda: again.logged("not due"), "it goes on")
    finally:
        stage.ask("evm_setAutomine", True)
    assert last_epoch(market) == epoch
    assert nonces(stage, KEEPER) == before + 1


def test_what_an_earlier_run_left_stuck_is_outbid(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    epoch = stage.pass_grid_point()
    before = nonces(stage, KEEPER)
    stage.ask("evm_setAutomine", False)
    try:
        left = stage.node.entrust(Transaction(keeper, stage.deployer, b"", value=7))
        with running(stage, KeeperSettings, keeper, replace_after_s="0.3") as run:
            run.until(lambda: run.logged("transaction of an earlier run is stuck"), "found")
            run.until(lambda: not stage.node.knows(left), "outbid")
            stage.mine()
            run.until(lambda: run.logged('"sent"'), "sent")
            stage.mine()
            closes(run, market, epoch)
    finally:
        stage.ask("evm_setAutomine", True)
    assert nonces(stage, KEEPER) == before + 2


def test_no_fee_grows_while_the_chain_stands_still(stage: Stage) -> None:
    market, keeper = stage.market(), stage.accounts[KEEPER]
    epoch = stage.pass_grid_point()
    stage.ask("evm_setAutomine", False)
    try:
        with running(stage, KeeperSettings, keeper, replace_after_s="0.1") as run:
            run.until(lambda: run.logged('"sent"'), "sent")
            time.sleep(1)
            assert run.value("tx_replaced_total") == 0
            stage.mine()
            closes(run, market, epoch)
    finally:
        stage.ask("evm_setAutomine", True)
