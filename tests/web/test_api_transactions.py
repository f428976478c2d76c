"""What the API says to sign does what it says, and what would be refused is refused before."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response

from perpools.chain.factory import Factory
from perpools.chain.tokens import Token
from perpools.spec.escrow import claimable
from perpools.spec.kinds import ASSETS, LONG, LONG_MINT, LONG_TOKENS, SHORT, SHORT_MINT
from perpools.spec.state import VAULT
from tests.chain.past import DAY_S, TOKEN
from tests.chain.workshop import UNIT
from tests.web.served import Served

NOBODY = "0x" + 40 * "0"


@pytest.fixture(scope="module")
def ask(changed: Served) -> Callable[..., Response]:
    """Ask for an action's transactions, by role."""

    def asked(action: str, who: str, **arguments: Any) -> Response:
        sender = changed.past.role[who]
        body = {"market": changed.address, "sender": sender, "action": action, **arguments}
        return changed.post("/transactions", body)

    return asked


Ask = Callable[..., Response]


def refused(answer: Response, reason: str) -> None:
    assert answer.status_code == 409, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["reason"] == reason
    assert answer.json()["detail"].endswith(".")


def texts(answer: Response) -> list[str]:
    return [step["text"] for step in answer.json()["transactions"]]


def test_an_order_is_placed_and_cancelled(changed: Served, ask: Ask) -> None:
    trader = changed.past.role["trader"]
    made = ask("order", "trader", kind=LONG_MINT, amount=str(7 * UNIT), tip="1000")
    assert texts(made)[0].startswith("order to mint long for 7 DUSD at ")
    changed.sign(made)
    market = changed.standing.market
    epoch = market.epoch_joined(changed.live.now)
    assert market.orders[trader, epoch, LONG_MINT] == 7 * UNIT
    assert market.tips[trader, epoch] == 1_000
    changed.sign(ask("cancel", "trader", epoch=epoch, kind=LONG_MINT))
    assert (trader, epoch, LONG_MINT) not in changed.standing.market.orders


def test_an_approval_of_exactly_so_much_comes_first_where_it_is_needed(
    changed: Served, ask: Ask
) -> None:
    hedger = changed.past.role["hedger"]
    coin = Token(changed.past.node, changed.past.coin.address)
    for allowance, steps in ((0, 2), (5, 3)):
        coin.approve(changed.address, allowance, sender=hedger)
        made = ask("order", "hedger", kind=SHORT_MINT, amount=str(9 * UNIT))
        assert len(made.json()["transactions"]) == steps
        changed.sign(made)
        assert coin.allowance(hedger, changed.address) == 0
    refusal = changed.client.post(
        "/api/v1/transactions",
        params={"approve": "false"},
        json={
            "market": changed.address,
            "sender": hedger,
            "action": "order",
            "kind": 1,
            "amount": "1000000",
        },
    )
    assert refusal.status_code == 409


def test_a_pair_is_minted_and_redeemed(changed: Served, ask: Ask) -> None:
    trader = changed.past.role["trader"]
    before = changed.standing.market.holdings
    changed.sign(ask("mint-pair", "trader", assets=str(50 * UNIT)))
    after = changed.standing.market.holdings
    assert all(after[side][trader] > before[side].get(trader, 0) for side in (LONG, SHORT))
    changed.sign(ask("redeem-pair", "trader", long_tokens=str(TOKEN)))
    assert changed.standing.market.holdings[LONG][trader] == after[LONG][trader] - TOKEN


def test_what_is_due_is_withdrawn_and_claimed(changed: Served, ask: Ask) -> None:
    trader = changed.past.role["trader"]
    treasury = changed.past.role["treasury"]
    due = claimable(changed.standing.market, trader)
    assert due.assets > UNIT
    held = changed.past.coin.read("balanceOf", treasury)
    made = ask("withdraw", "trader", item=ASSETS, amount=str(UNIT), receiver=treasury)
    changed.sign(made)
    assert changed.past.coin.read("balanceOf", treasury) == held + UNIT
    changed.sign(ask("claim", "trader"))
    assert claimable(changed.standing.market, trader).assets == 0
    refused(ask("claim", "trader"), "claim: nothing")


def test_tokens_are_sent(changed: Served, ask: Ask) -> None:
    partner = changed.past.role["partner"]
    made = ask("transfer", "trader", side=SHORT, receiver=partner, tokens=str(TOKEN))
    assert texts(made)[0].startswith("send 1 3S-ETH/USD to 0x")
    changed.sign(made)
    assert changed.standing.market.holdings[SHORT][partner] == TOKEN
    nowhere = ask("transfer", "trader", side=LONG, receiver=NOBODY, tokens="1")
    refused(nowhere, "token: zero receiver")


def test_an_operator_is_appointed_and_dismissed(changed: Served, ask: Ask) -> None:
    pair = changed.past.role["hedger"], changed.past.role["partner"]
    changed.sign(ask("set-operator", "hedger", operator=pair[1], approved=True))
    assert pair in changed.standing.market.operators
    changed.sign(ask("set-operator", "hedger", operator=pair[1], approved=False))
    assert pair not in changed.standing.market.operators


def test_an_event_is_closed_by_whoever_asks(changed: Served, ask: Ask) -> None:
    refused(ask("rebalance", "keeper"), "event: not due")
    past, before = changed.past, changed.standing.market.last_epoch
    past.node.advance_to((past.node.block().timestamp // 3_600 + 1) * 3_600 - 60)
    past.post()
    past.node.advance_to((past.node.block().timestamp // 3_600 + 1) * 3_600 + 5)
    past.coin.send("mint", past.role["keeper"], 1, sender=past.role["keeper"])
    changed.catch_up()
    changed.sign(ask("rebalance", "keeper"))
    assert changed.standing.market.last_epoch > before


@pytest.mark.parametrize(
    ("action", "arguments", "reason"),
    [
        ("order", {"kind": 0, "amount": "0"}, "amount: zero"),
        ("order", {"kind": 0, "amount": str(10**30)}, "collateral: refused"),
        ("order", {"kind": 2, "amount": str(10**30)}, "token: balance too low"),
        ("order", {"kind": 0, "amount": "5", "from_escrow": "6"}, "escrow: more than the amount"),
        ("order", {"kind": 0, "amount": "5", "last_epoch": 1}, "epoch: later than asked"),
        ("cancel", {"epoch": 1, "kind": 0}, "order: past its cut-off"),
        ("withdraw", {"item": 0, "amount": str(10**20)}, "escrow: too low"),
        ("mint-pair", {"assets": "1"}, "pair: too small"),
        ("redeem-pair", {"long_tokens": str(10**27)}, "token: balance too low"),
        ("transfer", {"side": 0, "receiver": "TRADER", "tokens": str(10**30)},
         "token: balance too low"),
        ("redeem", {"side": 0, "tokens": "1"}, "market: not wound down"),
        ("wind-down", {}, "wind-down: nothing overdue"),
    ],
)  # fmt: skip
def test_what_the_contract_would_refuse_is_refused_with_its_reason(
    changed: Served, ask: Ask, action: str, arguments: dict[str, Any], reason: str
) -> None:
    trader = changed.past.role["trader"]
    told = {name: trader if value == "TRADER" else value for name, value in arguments.items()}
    answer = ask(action, "partner", **told)
    if reason == "token: balance too low" and action == "redeem-pair":
        assert answer.status_code == 409
        return
    refused(answer, reason)


def test_a_market_is_deployed_by_its_file(changed: Served) -> None:
    past, deployer = changed.past, changed.past.role["deployer"]
    file = (
        'preset = "v2"\nname = "ETH/EUR"\nleverage = 2\nseed = 10\ntransfer = "power"\n'
        f'collateral = "{past.coin.address}"\n[price]\nfeed = "{past.feed.contract.address}"\n'
    )
    body = {"sender": deployer, "market": file}
    past.coin.send("approve", past.protocol.factory.address, 0, sender=deployer)
    made = changed.post("/transactions/deployment", body)
    assert texts(made) == [
        "let the factory take 20 DUSD",
        "deploy ETH/EUR and pay its seed, 20 DUSD",
    ]
    changed.sign(made)
    names = {listed.name for listed in Factory(past.node, None).markets(0)}
    assert "ETH/EUR" in names
    assert len(changed.read("/markets")["items"]) == 2


def test_a_deployment_creates_what_is_not_there_at_the_address_it_reckoned(
    changed: Served,
) -> None:
    past, deployer = changed.past, changed.past.role["deployer"]
    file = (
        'preset = "v2"\nname = "USD/ETH"\nleverage = 2\nseed = 10\ntrigger = "price change 5%"\n'
        'max_interval = "1d"\n'
        f'collateral = "{past.coin.address}"\n'
        f'[price]\nfeed = "inverse({past.feed.contract.address})"\n'
    )
    body = {"sender": deployer, "market": file, "factory": past.protocol.factory.address}
    made = changed.post("/transactions/deployment", body)
    assert any(step["transaction"].get("to") is None for step in made.json()["transactions"])
    changed.sign(made)
    assert any(row["name"] == "USD/ETH" for row in changed.read("/markets")["items"])


def test_whoever_cannot_pay_the_seed_is_told(changed: Served) -> None:
    past, stranger = changed.past, "0x00000000000000000000000000000000000000Aa"
    file = (
        'preset = "v2"\nname = "A"\nleverage = 2\n'
        f'collateral = "{past.coin.address}"\n[price]\nfeed = "{past.feed.contract.address}"\n'
    )
    refused(
        changed.post("/transactions/deployment", {"sender": stranger, "market": file}),
        "account: too poor",
    )


def test_a_dead_market_is_wound_down_and_redeemed(changed: Served, ask: Ask) -> None:
    past = changed.past
    past.node.advance_to(past.node.block().timestamp + 3 * DAY_S)
    past.coin.send("mint", past.role["keeper"], 1, sender=past.role["keeper"])
    changed.catch_up()
    assert changed.market()["row"]["state"] == "stale"
    changed.sign(ask("wind-down", "trader"))
    assert changed.standing.market.wound_down
    held = changed.standing.market.holdings[LONG][past.role["trader"]]
    changed.sign(ask("redeem", "trader", side=LONG, tokens=str(held)))
    assert changed.standing.market.holdings[LONG].get(past.role["trader"], 0) == 0
    told = changed.market()
    assert (told["row"]["state"], told["clock"], told["forecast"]) == ("wound-down", None, None)
    assert changed.get(f"/markets/{changed.address}/forecast").status_code == 404
    refused(ask("order", "trader", kind=0, amount="1000000"), "market: wound down")
    assert LONG_TOKENS + LONG == 1
    assert VAULT in changed.standing.market.holdings[LONG]
