"""Operators and fee recipients by the API: who they are, and the transactions that change them."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response

from perpools.chain import connect
from perpools.chain.tokens import Token
from perpools.spec.kinds import LONG_MINT
from perpools.spec.terms import NOBODY
from perpools.web.views.phrases import phrase
from tests.chain.past import UNLIMITED, Past
from tests.chain.workshop import GENESIS, UNIT
from tests.web.served import Served, served

PRIMARY, SECONDARY = 0, 1
PROPOSED_NOBODY = {"which": PRIMARY, "proposed": NOBODY}


@pytest.fixture(scope="module")
def earning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A market whose fees have accrued."""
    past = Past(connect(genesis=GENESIS, accounts=8))
    past.event(past.price)
    with served(past, tmp_path_factory.mktemp("powers")) as found:
        yield found


def ask(earning: Served, action: str, who: str, **arguments: Any) -> Response:
    asked = {"market": earning.address, "sender": earning.past.role[who], "action": action}
    return earning.post("/transactions", {**asked, **arguments})


def account(earning: Served, who: str) -> Any:
    return earning.read(f"/accounts/{earning.past.role[who]}")


def test_a_recipient_is_replaced_once_its_heir_accepts(earning: Served) -> None:
    role = earning.past.role
    proposing = {"which": SECONDARY, "proposed": role["hedger"]}
    made = ask(earning, "propose-recipient", "partner", **proposing)
    [step] = made.json()["transactions"]
    assert step["text"].endswith(" take the place of the secondary recipient, once it accepts")
    earning.sign(made)
    [offered] = account(earning, "hedger")["fees"]
    assert (offered["account"], offered["proposed"]) == (role["partner"], role["hedger"])
    made = ask(earning, "accept-recipient", "hedger", which=SECONDARY)
    [step] = made.json()["transactions"]
    assert step["text"].startswith("become the secondary recipient in place of 0x")
    earning.sign(made)
    assert earning.market()["fees"][SECONDARY]["account"] == role["hedger"]
    assert account(earning, "partner")["fees"] == []


@pytest.mark.parametrize("nobody", [{}, {"proposed": None}, {"proposed": NOBODY}])
def test_a_proposal_is_taken_back(earning: Served, nobody: dict[str, Any]) -> None:
    trader = earning.past.role["trader"]
    proposing = {"which": PRIMARY, "proposed": trader}
    earning.sign(ask(earning, "propose-recipient", "treasury", **proposing))
    assert earning.market()["fees"][PRIMARY]["proposed"] == trader
    made = ask(earning, "propose-recipient", "treasury", which=PRIMARY, **nobody)
    [step] = made.json()["transactions"]
    assert step["text"] == "let nobody take the place of the primary recipient"
    earning.sign(made)
    assert earning.market()["fees"][PRIMARY]["proposed"] is None
    assert account(earning, "trader")["fees"] == []
    told = phrase(earning.live.sight(earning.address), "RecipientProposed", PROPOSED_NOBODY)
    assert told == "nobody proposed as primary fee recipient"


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("propose-recipient", "recipient: not the sender"),
        ("accept-recipient", "recipient: not proposed"),
    ],
)
def test_who_is_neither_recipient_nor_proposed_is_refused(
    earning: Served, action: str, reason: str
) -> None:
    refusal = ask(earning, action, "keeper", which=PRIMARY)
    assert (refusal.status_code, refusal.json()["reason"]) == (409, reason)
    assert refusal.json()["detail"].startswith("Only the ")


@pytest.mark.parametrize("action", ["propose-recipient", "accept-recipient"])
@pytest.mark.parametrize("which", [2, -1, "0", None, True])
def test_there_are_two_recipients(earning: Served, action: str, which: Any) -> None:
    assert ask(earning, action, "treasury", which=which).status_code == 422


def test_an_heir_is_an_address(earning: Served) -> None:
    told = ask(earning, "propose-recipient", "treasury", which=PRIMARY, proposed="me")
    assert told.status_code == 422


def test_an_account_sees_what_it_is_owed_as_a_recipient(earning: Served) -> None:
    [fee] = account(earning, "treasury")["fees"]
    assert (fee["market"], fee["recipient"], fee["which"]) == (earning.address, "primary", PRIMARY)
    owed = earning.past.market.contract.read("fees_accrued")[PRIMARY]
    assert int(fee["owed"]["units"]) == owed > 0
    earning.sign(ask(earning, "pay-fees", "keeper", which=PRIMARY))
    assert [fee["owed"]["units"] for fee in account(earning, "treasury")["fees"]] == ["0"]
    assert account(earning, "keeper")["fees"] == []


def test_an_account_lists_its_operators(earning: Served) -> None:
    role = earning.past.role
    assert account(earning, "treasury")["operators"] == []
    for operator in ("keeper", "hedger"):
        arguments = {"operator": role[operator], "approved": True}
        earning.sign(ask(earning, "set-operator", "treasury", **arguments))
    told = account(earning, "treasury")["operators"]
    assert {(one["market"], one["operator"]) for one in told} == {
        (earning.address, role["keeper"]),
        (earning.address, role["hedger"]),
    }
    dismissed = {"operator": role["keeper"], "approved": False}
    earning.sign(ask(earning, "set-operator", "treasury", **dismissed))
    [left] = account(earning, "treasury")["operators"]
    assert left["operator"] == role["hedger"]
    assert account(earning, "hedger")["operators"] == []


@pytest.fixture(scope="module")
def operated(earning: Served) -> dict[str, Any]:
    """An order of the trader's, which the depositor may place as its operator."""
    role = earning.past.role
    trader = role["trader"]
    order = {"kind": LONG_MINT, "amount": str(7 * UNIT), "owner": trader, "controller": trader}
    stranger = ask(earning, "order", "depositor", **order)
    assert (stranger.status_code, stranger.json()["reason"]) == (409, "sender: not authorised")
    appointed = {"operator": role["depositor"], "approved": True}
    earning.sign(ask(earning, "set-operator", "trader", **appointed))
    return order


def test_an_operators_order_is_paid_with_its_owners_coins(
    earning: Served, operated: dict[str, Any]
) -> None:
    coin = Token(earning.past.node, earning.past.coin.address)
    trader, operator = (earning.past.role[who] for who in ("trader", "depositor"))
    coin.approve(earning.address, 0, sender=operator)
    before = coin.balance(trader), coin.balance(operator)
    made = ask(earning, "order", "depositor", **operated)
    assert len(made.json()["transactions"]) == 1
    earning.sign(made)
    assert (coin.balance(trader), coin.balance(operator)) == (before[0] - 7 * UNIT, before[1])
    epoch = account(earning, "trader")["waiting"][0]["epoch"]
    earning.sign(ask(earning, "cancel", "depositor", epoch=epoch, kind=0, controller=trader))
    assert account(earning, "trader")["waiting"] == []


def test_what_an_owner_did_not_approve_its_operator_cannot_approve_either(
    earning: Served, operated: dict[str, Any]
) -> None:
    trader, coin = operated["owner"], Token(earning.past.node, earning.past.coin.address)
    coin.approve(earning.address, 0, sender=trader)
    refusal = ask(earning, "order", "depositor", **operated)
    coin.approve(earning.address, UNLIMITED, sender=trader)
    told = f"{trader} has to approve the market to take 7 DUSD first."
    assert (refusal.status_code, refusal.json()["detail"]) == (409, told)
