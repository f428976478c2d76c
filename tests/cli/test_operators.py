"""What an operator does for an owner, and who may: `operator`, `order --payer`, `cancel --for`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perpools.demo.stage import UNIT, Stage
from perpools.spec.units import Address
from tests.cli.desk import Desk
from tests.cli.test_orders import coin_of


@pytest.fixture
def owner(built: Stage) -> Address:
    """The depositor's."""
    return built.cast.holders[0]


@pytest.fixture
def operator(depositor: Desk, stranger: Desk, built: Stage) -> Iterator[Desk]:
    """A stranger that the depositor appointed."""
    depositor.told("operator", "set", built.cast.keeper, "--yes")
    yield stranger
    depositor.told("operator", "unset", built.cast.keeper, "--yes")


@pytest.fixture
def waiting(stranger: Desk) -> Callable[[Address], list[str]]:
    """An account's orders that wait."""

    def of(account: Address) -> list[str]:
        orders = stranger.told("portfolio", account)["markets"][0]["waiting"]
        return [f"{order['order']} {order['amount']['text']}" for order in orders]

    return of


@pytest.mark.usefixtures("operator")
def test_an_account_lists_its_operators(depositor: Desk, built: Stage, owner: Address) -> None:
    keeper = built.cast.keeper
    told = depositor.told("operator")
    assert told["owner"] == owner
    assert [market["operators"] for market in told["markets"]] == [[keeper]]
    assert depositor.told("operator", "show") == told
    shown = depositor("operator").out
    assert f"Who may act for {owner}" in shown
    assert f"{keeper}  EUR/USD 3x" in shown


def test_who_appointed_nobody_is_told_so(
    depositor: Desk, stranger: Desk, built: Stage, owner: Address
) -> None:
    told = stranger.told("operator", "show", owner)
    assert (told["owner"], told["markets"][0]["operators"]) == (owner, [])
    assert depositor("operator").out == f"account {owner}\nnobody may act for it in 1 markets\n"
    depositor.told("operator", "set", built.cast.keeper, "--yes")
    depositor.told("operator", "unset", built.cast.keeper, "--yes")
    assert depositor.told("operator")["markets"][0]["operators"] == []


def test_operators_are_shown_by_market_without_any_key(
    operator: Desk, built: Stage, owner: Address, tmp_path: Path
) -> None:
    both = [option for one in built.mirrors for option in ("--market", one.market.address)]
    visitor = Desk(built.node, tmp_path, tuple(both))
    told = visitor.told("operator", "show", owner)["markets"]
    assert [len(market["operators"]) for market in told] == [1, 0]
    assert visitor.refused("operator")[1].startswith("no account: give --keystore FILE")
    assert operator.refused("operator", "show", "me")[1].startswith("'me' is not an address")


@pytest.mark.parametrize("action", ["set", "unset"])
def test_whom_to_appoint_must_be_named(depositor: Desk, action: str) -> None:
    expected = (2, f"operator: name the ADDRESS to {action}")
    assert depositor.refused("operator", action, "--yes") == expected


def test_an_operator_orders_with_its_owners_money_for_its_owner(
    operator: Desk, built: Stage, v1: Address, owner: Address, waiting: Callable[[str], list[str]]
) -> None:
    coin = coin_of(built, v1)
    before = coin.read("balanceOf", owner), coin.read("balanceOf", built.cast.keeper)
    told = operator.told("order", "mint", "long", "6", "--payer", owner, "--yes")
    assert (told["payer"], told["owner"]) == (owner, owner)
    after = coin.read("balanceOf", owner), coin.read("balanceOf", built.cast.keeper)
    assert after == (before[0] - 6 * UNIT, before[1])
    assert waiting(owner) == ["mint long 6 DUSD"]
    assert waiting(built.cast.keeper) == []
    cancelled = operator.told("cancel", "--for", owner, "--yes")
    assert (cancelled["owner"], waiting(owner)) == (owner, [])
    spent = operator.told(
        "order", "mint", "short", "all", "--from-escrow", "all", "--payer", owner, "--dry-run"
    )
    assert spent["from_escrow"]["units"] == 6 * UNIT
    assert operator.told("claim", "--for", owner, "--yes")["assets"]["units"] == 6 * UNIT


def test_an_operator_may_order_for_somebody_else_again(
    operator: Desk,
    depositor: Desk,
    built: Stage,
    owner: Address,
    waiting: Callable[[str], list[str]],
) -> None:
    friend = built.cast.holders[1]
    options = ("--payer", owner, "--for", friend)
    told = operator.told("order", "mint", "short", "4", *options, "--yes")
    assert (told["payer"], told["owner"]) == (owner, friend)
    assert waiting(friend) == ["mint short 4 DUSD"]
    for desk in (operator, depositor):
        code, told = desk.refused("cancel", "--for", friend, "--yes")
        assert (code, told.startswith("refused: sender: not authorised (")) == (1, True)


def test_an_operator_tips_for_its_owner(operator: Desk, owner: Address, built: Stage) -> None:
    options = ("--payer", owner, "--tip", "0.001")
    told = operator.told("order", "mint", "long", "1", *options, "--yes")
    assert told["tip"]["text"] == "0.001 ETH"
    operator.told("cancel", "--for", owner, "--yes")
    friend = ("--for", built.cast.holders[1])
    code, told = operator.refused("order", "mint", "long", "1", *options, *friend, "--yes")
    assert (code, told.startswith("refused: tip: not the controller's (")) == (1, True)


def test_what_the_owner_did_not_approve_it_is_asked_for(
    operator: Desk, built: Stage, v1: Address, owner: Address
) -> None:
    coin = coin_of(built, v1)
    allowed = coin.read("allowance", owner, v1)
    coin.send("approve", v1, 0, sender=owner)
    refused = operator.refused("order", "mint", "long", "6", "--payer", owner, "--yes")
    coin.send("approve", v1, allowed, sender=owner)
    assert refused == (1, f"{owner} has to approve the market to take 6 DUSD first")


def test_who_was_not_appointed_neither_orders_nor_cancels(
    stranger: Desk, depositor: Desk, owner: Address, waiting: Callable[[str], list[str]]
) -> None:
    depositor.told("order", "mint", "long", "5", "--yes")
    for arguments in (
        ("order", "mint", "long", "5", "--payer", owner),
        ("order", "mint", "long", "5", "--payer", owner, "--dry-run"),
        ("cancel", "--for", owner),
        ("cancel", "mint", "long", "--for", owner, "--dry-run"),
    ):
        code, told = stranger.refused(*arguments, "--yes")
        assert (code, told.startswith("refused: sender: not authorised (the owner")) == (1, True)
    assert waiting(owner) == ["mint long 5 DUSD"]
    depositor.told("cancel", "--yes")
