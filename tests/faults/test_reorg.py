"""A chain that takes blocks back: what was undone is done again, once."""

import pytest

from tests.bots.stage import RIVAL
from tests.faults.harness import World
from tests.faults.verdict import judge


def undo(stage: World, blocks: int, *others: dict[str, str]) -> None:
    """As many other blocks in the place of the last ones, with other transactions in the first."""
    stage.stage.ask("anvil_reorg", blocks, [[other, 0] for other in others])


@pytest.mark.parametrize("confirmations", [0, 2])
def test_an_event_that_was_undone_is_sent_again(stage: World, confirmations: int) -> None:
    keeper = stage.keeper(confirmations=confirmations)
    epoch = stage.pass_grid_point()
    stage.catch_up()
    if confirmations == 0:
        keeper.tells(type="upkeep", epoch=epoch)
    else:
        stage.mine()
    stage.look()
    undo(stage, 2 if confirmations else 1)
    assert stage.due == epoch
    keeper.says("blocks were undone")
    stage.catch_up()
    for _ in range(confirmations):
        stage.mine()
    keeper.tells(type="upkeep", epoch=epoch)
    told = judge(stage)
    assert told.closed == [epoch]
    assert told.sent == {stage.roles["keeper"]: 1}


def test_what_is_not_confirmed_is_not_told(stage: World) -> None:
    keeper = stage.keeper(confirmations=2)
    stage.pass_grid_point()
    stage.catch_up()
    stage.mine()
    stage.look()
    undo(stage, 2)
    keeper.says("a transaction was undone")
    assert keeper.facts == []
    stage.catch_up()
    stage.mine()
    stage.mine()
    keeper.tells(type="upkeep")
    assert len(keeper.facts) == 1
    assert len(judge(stage).closed) == 1


def test_a_shorter_chain_is_followed(stage: World) -> None:
    keeper = stage.keeper()
    stage.pass_grid_point()
    stage.catch_up()
    keeper.tells(type="upkeep")
    stage.look()
    stage.stage.ask("anvil_rollback", 1)
    keeper.says("blocks were undone")
    stage.catch_up()
    assert judge(stage).sent == {stage.roles["keeper"]: 1}


def test_blocks_are_undone_while_nobody_looks(stage: World) -> None:
    keeper = stage.keeper(confirmations=3)
    epoch = stage.pass_grid_point()
    stage.catch_up()
    stage.look()
    keeper.kill()
    undo(stage, 1)
    stage.keeper(confirmations=3)
    stage.catch_up()
    told = judge(stage)
    assert told.closed == [epoch]
    assert told.sent == {stage.roles["keeper"]: 1}


def test_somebody_else_closes_it_on_the_other_branch(stage: World) -> None:
    keeper = stage.keeper(confirmations=2)
    epoch = stage.pass_grid_point()
    stage.catch_up()
    stage.mine()
    stage.look()
    rival = stage.stage.accounts[RIVAL]
    data = stage.market.contract.interface.function("rebalance", ()).encode(())
    told = {"from": rival, "to": stage.market.address, "gas": hex(10**6)}
    undo(stage, 2, {**told, "data": "0x" + data.hex()})
    assert stage.due is None
    keeper.says("blocks were undone")
    following = stage.pass_grid_point()
    stage.catch_up()
    verdict = judge(stage)
    assert verdict.closed == [epoch, following]
    assert set(verdict.rewards) == {rival, stage.roles["keeper"]}
