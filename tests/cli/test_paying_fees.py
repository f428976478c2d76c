"""`perpools pay-fees`, and what `perpools show` tells of who is owed what."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perpools.chain import connect
from perpools.demo.stage import Stage
from perpools.spec.units import Address, Assets
from tests.chain.past import Past, Unruly
from tests.chain.workshop import GENESIS
from tests.cli.desk import Desk

NONE_OWED = (1, "refused: fees: none (none accrued since the last payment: see `perpools show`)")


@pytest.fixture(scope="module")
def past() -> Past:
    return Unruly(connect(genesis=GENESIS, accounts=8))


@pytest.fixture
def owed(past: Past) -> tuple[Assets, Assets]:
    """What both recipients are owed, after an event more."""
    past.event(past.price)
    primary, secondary = past.market.contract.read("fees_accrued")
    assert primary > secondary > 0
    return primary, secondary


@pytest.fixture
def passer_by(past: Past, tmp_path: Path) -> Desk:
    """Earns none of it."""
    options = ("--account", past.role["keeper"], "--market", past.market.address)
    return Desk(past.node, tmp_path, options)


@pytest.fixture
def earned(past: Past) -> Callable[[str], Assets]:
    """What somebody has more than at first."""
    roles = ("treasury", "partner", "keeper")
    before = {role: past.coin.read("balanceOf", past.role[role]) for role in roles}
    return lambda role: int(past.coin.read("balanceOf", past.role[role])) - before[role]


def test_show_tells_who_is_owed_what(
    passer_by: Desk, past: Past, owed: tuple[Assets, Assets]
) -> None:
    told = passer_by.told("show")["fees"]
    recipients = ("primary", past.role["treasury"]), ("secondary", past.role["partner"])
    assert [(fee["recipient"], fee["account"]) for fee in told] == list(recipients)
    assert [fee["owed"]["units"] for fee in told] == list(owed)
    assert [fee["proposed"] for fee in told] == [None, None]
    _, _, table = passer_by("show").out.partition("Management fees")
    assert all(name in table and account in table for name, account in recipients)


def test_show_says_nothing_of_fees_where_none_are_charged(depositor: Desk, built: Stage) -> None:
    assert "Management fees" not in depositor("show").out
    treasury = built.cast.treasury
    fees = depositor.told("show")["fees"]
    assert [(fee["account"], fee["owed"]["units"]) for fee in fees] == [(treasury, 0), (None, 0)]
    assert depositor.refused("pay-fees", "--yes") == NONE_OWED


def test_both_recipients_are_paid_whoever_asks(
    passer_by: Desk, past: Past, owed: tuple[Assets, Assets], earned: Callable[[str], Assets]
) -> None:
    told = passer_by.told("pay-fees", "--yes")
    assert (earned("treasury"), earned("partner"), earned("keeper")) == (*owed, 0)
    assert [event["event"] for event in told["events"]] == ["FeesPaid", "FeesPaid"]
    assert told["primary_recipient"] == past.role["treasury"]
    assert (told["primary"]["units"], told["secondary"]["units"]) == owed
    assert len(told["transactions"]) == 2
    assert passer_by.refused("pay-fees", "--yes") == NONE_OWED


def test_one_recipient_is_paid_alone(
    passer_by: Desk, owed: tuple[Assets, Assets], earned: Callable[[str], Assets]
) -> None:
    told = passer_by.told("pay-fees", "secondary", "--yes")
    assert "primary" not in told
    assert (earned("treasury"), earned("partner")) == (0, owed[1])
    assert passer_by.refused("pay-fees", "secondary", "--yes") == NONE_OWED
    assert passer_by.told("pay-fees", "--yes")["primary"]["units"] == earned("treasury")


@pytest.mark.usefixtures("owed")
def test_a_dry_run_pays_nobody(passer_by: Desk, past: Past) -> None:
    before = past.node.block().number
    assert passer_by.told("pay-fees", "--dry-run")["dry_run"] is True
    assert "it would succeed; nothing was sent" in passer_by("pay-fees", "--dry-run").out
    assert past.node.block().number == before


@pytest.mark.usefixtures("owed")
def test_nobody_is_paid_unless_somebody_agrees(passer_by: Desk, past: Past) -> None:
    before = past.node.block().number
    left = passer_by("pay-fees")
    assert (left.code, "agree with --yes" in left.err) == (2, True)
    assert past.role["treasury"] in left.out
    assert past.node.block().number == before


def test_a_recipient_whom_the_coin_shuts_out_is_named_and_stops_nobody_else(
    passer_by: Desk, past: Past, owed: tuple[Assets, Assets], earned: Callable[[str], Assets]
) -> None:
    treasury, keeper = past.role["treasury"], past.role["keeper"]
    past.coin.send("block", treasury, True, sender=keeper)
    code, told = passer_by.refused("pay-fees", "--yes")
    assert code == 1
    assert told.startswith(f"the primary recipient, {treasury}, cannot be paid: ")
    assert earned("partner") == 0
    passer_by.told("pay-fees", "secondary", "--yes")
    assert earned("partner") == owed[1]
    past.coin.send("block", treasury, False, sender=keeper)
    assert passer_by.told("pay-fees", "--yes")["primary"]["units"] == owed[0]


def test_a_payment_that_the_coin_denies_is_refused(
    passer_by: Desk, past: Past, owed: tuple[Assets, Assets]
) -> None:
    says_no, plain = 2, 0
    past.coin.send("misbehave", says_no, sender=past.role["keeper"])
    code, told = passer_by.refused("pay-fees", "--yes")
    past.coin.send("misbehave", plain, sender=past.role["keeper"])
    assert (code, told.endswith("cannot be paid: collateral: refused")) == (1, True)
    assert past.market.contract.read("fees_accrued") == owed


def test_a_third_recipient_is_no_recipient(passer_by: Desk) -> None:
    code, told = passer_by.refused("pay-fees", "tertiary", "--yes")
    assert (code, "is not one of 'primary', 'secondary'" in told) == (2, True)


def test_without_an_account_or_a_market_nobody_is_paid(
    built: Stage, v1: Address, past: Past, tmp_path: Path
) -> None:
    nobody = Desk(built.node, tmp_path, ("--market", v1))
    assert nobody.refused("pay-fees", "--yes")[1].startswith("no account: give --keystore FILE")
    elsewhere = ("--account", past.role["keeper"], "--market", past.coin.address)
    code, told = Desk(past.node, tmp_path, elsewhere).refused("pay-fees", "--yes")
    assert (code, past.coin.address in told) == (2, True)
