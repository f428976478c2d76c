"""Orders on the command line: placed, cancelled, executed, claimed; and all that is refused."""

import pytest

from perpools import artifacts
from perpools.chain import snapshot
from perpools.chain.contract import Contract, Interface
from perpools.demo.stage import UNIT, Stage
from perpools.spec.units import Address
from tests.cli.conftest import INTERVAL_S, WAD
from tests.cli.desk import Desk

HUNDRED = {"units": 100 * UNIT, "text": "100 DUSD"}


def next_grid_point(built: Stage) -> None:
    """Let the next grid point pass, its price known."""
    now = built.node.block().timestamp
    point = (now // INTERVAL_S + 1) * INTERVAL_S
    built.node.advance_to(point - 5)
    built.price.post(WAD, built.node.block().timestamp, built.cast.keeper)
    built.node.advance_to(point + 2)
    built.price.post(WAD, built.node.block().timestamp + 1, built.cast.keeper)


def test_an_order_tells_what_is_paid_and_when_it_executes(depositor: Desk) -> None:
    told = depositor.told("order", "mint", "long", "100", "--yes")
    assert told["order"] == "mint long"
    assert told["pays"] == HUNDRED
    assert told["receives_about"]["text"].endswith(" 3L-EUR/USD")
    assert told["executes_at"]["unix"] == told["epoch"] * INTERVAL_S
    assert told["can_be_cancelled_until"]["unix"] < told["executes_at"]["unix"] - 300
    assert [event["event"] for event in told["events"]] == ["OrderPlaced"]
    assert told["transaction"].startswith("0x")


def test_an_order_is_cancelled_into_escrow_and_claimed(depositor: Desk) -> None:
    depositor.told("order", "mint", "short", "100", "--yes")
    cancelled = depositor.told("cancel", "mint", "short", "--yes")
    assert cancelled["mint_short"] == HUNDRED
    claimed = depositor.told("claim", "--yes")
    assert claimed["assets"] == HUNDRED


def test_an_order_executes_at_the_next_event(depositor: Desk, built: Stage) -> None:
    depositor.told("order", "mint", "long", "50", "--yes")
    next_grid_point(built)
    done = depositor.told("rebalance", "--yes")
    assert done["events"][-1]["event"] == "Rebalanced"
    claimed = depositor.told("claim", "--yes")
    assert claimed["long_tokens"]["text"].endswith("3L-EUR/USD")
    assert depositor.refused("claim", "--yes") == (
        1,
        "refused: claim: nothing (nothing was executed for you since the last claim)",
    )


def test_a_dry_run_tells_the_same_and_sends_nothing(depositor: Desk, built: Stage) -> None:
    before = built.node.block().number
    told = depositor.told("order", "mint", "long", "7", "--dry-run")
    assert told["pays"]["text"] == "7 DUSD"
    assert told["dry_run"] is True
    assert "transaction" not in told
    assert built.node.block().number == before


def coin_of(built: Stage, market: Address) -> Contract:
    """The market's collateral, of which anybody may mint."""
    address = snapshot.read(built.node, market).contracts.collateral
    return Contract(built.node, address, Interface(artifacts.load("DemoCoin").abi))


def test_a_short_allowance_is_granted_exactly(stranger: Desk, built: Stage, v1: Address) -> None:
    coin, owner = coin_of(built, v1), built.cast.keeper
    coin.send("mint", owner, 30 * UNIT, sender=owner)
    coin.send("approve", v1, 0, sender=owner)
    tried = stranger("order", "mint", "long", "20", "--dry-run")
    assert "approves the market to take 20 DUSD, and no more" in tried.out
    assert coin.read("allowance", owner, v1) == 0
    stranger.told("order", "mint", "long", "20", "--yes")
    stranger.told("pair", "mint", "all", "--yes")
    assert (coin.read("allowance", owner, v1), coin.read("balanceOf", owner)) == (0, 0)


def test_an_order_for_somebody_else_is_theirs(depositor: Desk, built: Stage, v1: Address) -> None:
    friend = built.cast.holders[1]
    depositor.told("order", "mint", "long", "5", "--for", friend, "--yes")
    told = depositor.told("portfolio", friend)
    [waiting] = told["markets"][0]["waiting"]
    assert waiting["amount"]["text"] == "5 DUSD"


def test_an_operator_acts_until_it_is_dismissed(
    depositor: Desk, stranger: Desk, built: Stage
) -> None:
    owner, operator = built.cast.holders[0], built.cast.keeper
    depositor.told("order", "mint", "short", "5", "--yes")
    depositor.told("cancel", "mint", "short", "--yes")
    assert "not tipped" in stranger.refused("claim", "--for", owner, "--yes")[1]
    depositor.told("operator", "set", operator, "--yes")
    claimed = stranger.told("claim", "--for", owner, "--yes")
    assert claimed["owner"] == owner
    depositor.told("operator", "unset", operator, "--yes")
    assert "claim: nothing" in depositor.refused("claim", "--yes")[1]


def test_escrow_pays_for_an_order(depositor: Desk) -> None:
    depositor.told("order", "mint", "short", "8", "--yes")
    depositor.told("cancel", "mint", "short", "--yes")
    told = depositor.told("order", "mint", "long", "all", "--from-escrow", "all", "--dry-run")
    assert told["from_escrow"]["text"] == "8 DUSD"
    told = depositor.told("order", "mint", "long", "8", "--from-escrow", "8", "--yes")
    assert told["events"][0]["from_escrow"] == 8 * UNIT


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("mint", "long", "0"), 2, "amount: '0' is nothing"),
        (("mint", "long", "0.0000001"), 2, "at most 6 decimals"),
        (("mint", "long", "nan"), 2, "is not an amount"),
        (("mint", "long", "1e5"), 2, "is not an amount"),
        (("mint", "long", "99999999999"), 1, "from the wallet, which has"),
        (("burn", "long", "5", "--from-escrow", "9"), 1, "--from-escrow is a part of the amount"),
        (("mint", "long", "5", "--from-escrow", "4"), 1, "escrow: too low"),
        (("mint", "long", "5", "--for", "nobody"), 2, "'nobody' is not an address"),
        (("mint", "long", "5", "--tip", "-1"), 2, "tip: '-1' is negative"),
        (("mint", "up", "5"), 2, "'up' is not one of 'long', 'short'"),
        (("hold", "long", "5"), 2, "'hold' is not one of 'mint', 'burn', 'flip'"),
        (("mint", "long", "5", "--last-epoch", "1"), 1, "epoch: later than asked"),
    ],
)
def test_a_bad_order_is_one_line(
    depositor: Desk, arguments: tuple[str, ...], code: int, told: str
) -> None:
    refused = depositor.refused("order", *arguments, "--yes")
    assert refused[0] == code
    assert told in refused[1]


def test_nothing_is_sent_unless_somebody_agrees(depositor: Desk, built: Stage) -> None:
    before = built.node.block().number
    left = depositor("order", "mint", "long", "5")
    assert left.code == 2
    assert "agree with --yes" in left.err
    assert "cancelled until" in left.out
    assert built.node.block().number == before
