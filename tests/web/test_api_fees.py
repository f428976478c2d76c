"""Who earns a market's fees, what they are owed, and the transaction that pays them."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response

from perpools.chain import connect
from tests.chain.past import Unruly
from tests.chain.workshop import GENESIS
from tests.web.served import Served, served

PRIMARY, SECONDARY = 0, 1


@pytest.fixture(scope="module")
def earning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A market whose fees have accrued, and whose coin can shut accounts out."""
    past = Unruly(connect(genesis=GENESIS, accounts=8))
    past.event(past.price)
    with served(past, tmp_path_factory.mktemp("earning")) as found:
        yield found


def paying(earning: Served, which: Any, who: str = "keeper") -> Response:
    asked = {"market": earning.address, "sender": earning.past.role[who], "action": "pay-fees"}
    return earning.post("/transactions", {**asked, "which": which})


def owed(earning: Served) -> list[int]:
    """As the API tells it, which is as the chain has it."""
    told = [int(fee["owed"]["units"]) for fee in earning.market()["fees"]]
    assert tuple(told) == earning.past.market.contract.read("fees_accrued")
    return told


def held(earning: Served, who: str) -> int:
    return int(earning.past.coin.read("balanceOf", earning.past.role[who]))


def accrue(earning: Served) -> None:
    """An event later."""
    earning.past.event(earning.past.price)
    earning.catch_up()


def test_a_market_names_its_recipients(earning: Served) -> None:
    role = earning.past.role
    fees = earning.market()["fees"]
    named = [(fee["recipient"], fee["which"], fee["account"]) for fee in fees]
    assert named == [("primary", 0, role["treasury"]), ("secondary", 1, role["partner"])]
    assert all(owed(earning))
    earning.past.market.propose_recipient(SECONDARY, role["hedger"], sender=role["partner"])
    earning.catch_up()
    fees = earning.market()["fees"]
    assert [fee["proposed"] for fee in fees] == [None, role["hedger"]]


def test_whoever_signs_the_recipient_is_paid(earning: Served) -> None:
    accrue(earning)
    due, before = owed(earning), held(earning, "treasury")
    made = paying(earning, PRIMARY)
    [step] = made.json()["transactions"]
    assert step["text"].startswith("pay the primary recipient, 0x")
    earning.sign(made)
    assert held(earning, "treasury") == before + due[PRIMARY]
    assert owed(earning) == [0, due[SECONDARY]]
    earning.sign(paying(earning, SECONDARY, "trader"))
    assert owed(earning) == [0, 0]


def test_where_nothing_is_owed_nothing_is_to_be_signed(earning: Served) -> None:
    accrue(earning)
    earning.sign(paying(earning, PRIMARY))
    refusal = paying(earning, PRIMARY)
    assert (refusal.status_code, refusal.json()["reason"]) == (409, "fees: none")
    assert refusal.json()["detail"].startswith("No fee has accrued for this recipient")


@pytest.mark.parametrize("which", [2, -1, "0", None, True])
def test_there_are_two_recipients(earning: Served, which: Any) -> None:
    assert paying(earning, which).status_code == 422


def test_a_recipient_whom_the_coin_shuts_out_is_refused_with_the_coins_reason(
    earning: Served,
) -> None:
    accrue(earning)
    coin, role = earning.past.coin, earning.past.role
    coin.send("block", role["treasury"], True, sender=role["keeper"])
    refusal = paying(earning, PRIMARY)
    assert (refusal.status_code, refusal.json()["detail"]) == (
        409,
        "The contract refused: coin: blocked.",
    )
    assert paying(earning, SECONDARY).status_code == 200
    coin.send("block", role["treasury"], False, sender=role["keeper"])
    earning.sign(paying(earning, PRIMARY))


def test_fees_are_paid_out_of_a_market_that_stopped(earning: Served) -> None:
    accrue(earning)
    due, before = owed(earning), held(earning, "treasury")
    past = earning.past
    past.node.advance_to(past.node.block().timestamp + 3 * 86_400)
    past.market.wind_down(sender=past.role["trader"])
    earning.catch_up()
    assert earning.market()["row"]["state"] == "wound-down"
    earning.sign(paying(earning, PRIMARY))
    assert held(earning, "treasury") == before + due[PRIMARY]
