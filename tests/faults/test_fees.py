"""An account that is empty, and gas that is dear: the keeper says so, waits, and catches up."""

import time

from tests.faults.harness import PURSE, World
from tests.faults.process import Bot, until
from tests.faults.verdict import judge

GWEI = 10**9
CAP_GWEI = 50


def base_fee(stage: World, gwei: int) -> None:
    """Of the next block."""
    stage.stage.ask("anvil_setNextBlockBaseFeePerGas", hex(gwei * GWEI))
    stage.mine()


def stuck(stage: World, keeper: Bot, gwei: int, said: str) -> None:
    """Dear blocks come until the keeper says something."""

    def said_after_a_block() -> bool:
        base_fee(stage, gwei)
        time.sleep(0.1)
        return said in keeper.log

    until(said_after_a_block, said, lambda: keeper.log)


def test_an_empty_wallet_is_told_and_filled(stage: World) -> None:
    keeper = stage.keeper()
    stage.stage.set_balance(stage.roles["keeper"], 0)
    account = stage.roles["keeper"]
    keeper.tells(type="alert", alert="balance low", state="raised", subject=account)
    stage.pass_grid_point()
    keeper.says("cannot tend", account, "has too little native coin for gas: send it some")
    missed = stage.pass_grid_point()
    stage.stage.set_balance(account, PURSE)
    stage.catch_up()
    keeper.tells(type="alert", alert="balance low", state="over")
    told = judge(stage)
    assert told.closed[-1] == missed
    assert told.sent == {account: 2}


def test_above_the_cap_it_waits_until_gas_is_cheap_again(stage: World) -> None:
    keeper = stage.keeper(max_fee_gwei=CAP_GWEI)
    base_fee(stage, 2 * CAP_GWEI)
    stage.pass_grid_point()
    base_fee(stage, 2 * CAP_GWEI)
    keeper.says("cannot tend", "above the cap of 50: wait, or raise max_fee_gwei")
    assert stage.waiting == 0
    base_fee(stage, 1)
    stage.catch_up()
    assert judge(stage).sent == {stage.roles["keeper"]: 1}


def test_a_spike_after_sending_is_outbid_within_the_cap(stage: World) -> None:
    keeper = stage.keeper(max_fee_gwei=10 * CAP_GWEI, replace_after_s=0.3)
    base_fee(stage, 1)
    stage.pass_grid_point()
    until(lambda: stage.waiting == 1, "it is sent", lambda: keeper.log)
    stuck(stage, keeper, CAP_GWEI, "sent again for a higher fee")
    stage.catch_up()
    told = judge(stage)
    assert len(told.closed) == 1
    assert told.sent == {stage.roles["keeper"]: 1}


def test_a_spike_after_sending_above_the_cap_is_sat_out(stage: World) -> None:
    keeper = stage.keeper(max_fee_gwei=CAP_GWEI, replace_after_s=0.3)
    base_fee(stage, 1)
    stage.pass_grid_point()
    until(lambda: stage.waiting == 1, "it is sent", lambda: keeper.log)
    stuck(stage, keeper, 2 * CAP_GWEI, "stuck, ")
    keeper.says("stuck, ", "above the cap of 50")
    base_fee(stage, 1)
    stage.catch_up()
    assert judge(stage).sent == {stage.roles["keeper"]: 1}
