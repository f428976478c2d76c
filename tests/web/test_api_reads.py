"""Every number that the API tells is the specification's, to the unit."""

from datetime import datetime
from typing import Any

import pytest

from perpools.spec import forecast, measures, positions, rates
from perpools.spec.kinds import LONG, LONG_BURN, LONG_MINT, SHORT, SIDES
from perpools.spec.orders import Order
from perpools.web import views
from perpools.web.views.payments import payment
from tests.web.served import Served

ROLES = ("deployer", "keeper", "depositor", "hedger", "trader", "partner", "treasury")


def units(amount: Any) -> int:
    return int(amount["units"])


def wad(number: Any) -> int:
    return int(number["wad"])


def test_a_market_is_listed_with_the_specifications_numbers(shown: Served) -> None:
    [row] = shown.read("/markets")["items"]
    market, terms = shown.standing.market, shown.standing.market.terms
    assert row["address"] == shown.address
    assert (row["name"], row["title"]) == ("ETH/USD", "ETH/USD 3x")
    assert units(row["tvl"]) == sum(market.pool.balances)
    for side, name in ((LONG, "long"), (SHORT, "short")):
        balance, supply = market.pool.balances[side], market.pool.supplies[side]
        assert units(row[name]["balance"]) == balance
        assert wad(row[name]["price"]) == rates.price_wad(balance, supply, terms.asset_scale)
        leverage = measures.effective_leverage(market.pool.balances, side, terms.leverage_wad)
        assert wad(row[name]["leverage"]) == leverage
    assert row["state"] == "live"
    assert wad(row["price"]) == shown.past.price


def test_markets_are_found_by_part_of_a_name(shown: Served) -> None:
    assert len(shown.read("/markets", query="eth")["items"]) == 1
    assert shown.read("/markets", query="eur")["items"] == []


def test_one_market_tells_what_waits_and_what_comes(shown: Served) -> None:
    told, market = shown.market(), shown.standing.market
    assert wad(told["average"]) == market.average
    assert wad(told["rebalancing_rate"]) == measures.rebalancing_rate(market.pool.balances)
    waiting = {
        (entry["epoch"], batch["kind"]): units(batch["amount"])
        for entry in told["queue"]
        for batch in entry["batches"]
    }
    assert waiting == {
        key: batch.paid_in
        for key, batch in market.batches.items()
        if key[0] > market.last_epoch and batch.paid_in
    }
    clock = told["clock"]
    assert clock["epoch"] == market.epoch_joined(shown.live.now)
    assert clock["executes_at"]["unix"] == forecast.executes_at(market, clock["epoch"])
    assert clock["cutoff"]["unix"] == forecast.cutoff_at(market, clock["epoch"])
    assert told["queue"] == shown.market("/queue")["epochs"]


def test_the_forecast_is_the_specifications(shown: Served) -> None:
    market = shown.standing.market
    ahead = forecast.after_all(market, shown.live.now, shown.past.price)
    told = shown.market("/forecast")
    assert [event["epoch"] for event in told["events"]] == [event.epoch for event in ahead.events]
    assert [wad(event["new_price"]) for event in told["events"]] == [
        event.new_price for event in ahead.events
    ]
    last = told["events"][-1]
    pool, scale = ahead.market.pool, market.terms.asset_scale
    prices = [rates.price_wad(pool.balances[s], pool.supplies[s], scale) for s in SIDES]
    assert [wad(last["long_price"]), wad(last["short_price"])] == prices
    [first] = shown.market("/forecast", after="next")["events"]
    assert first == told["events"][0]


@pytest.mark.parametrize("kind", range(6))
def test_a_quote_is_what_the_claim_will_send(shown: Served, kind: int) -> None:
    market, owner = shown.standing.market, shown.past.role["trader"]
    amount = 10**6 if kind < LONG_BURN else 10**18
    order = Order(kind, amount, owner, owner)
    expected = forecast.quote(market, shown.live.now, order, shown.past.price)
    told = shown.market("/quote", kind=kind, amount=str(amount), account=owner)
    assert told["refusal"] is None
    assert units(told["receives"]) == expected.receives
    assert units(told["fee"]) == expected.fee_assets
    assert wad(told["rate_now"]) == expected.rate_now
    assert wad(told["rate_then"]) == expected.rate_then
    assert told["executes_at"]["unix"] == expected.executes_at
    assert told["risks"]


def test_whoever_has_too_little_is_told_and_still_gets_a_quote(shown: Served) -> None:
    told = shown.market("/quote", kind=0, amount=str(10**15), account=shown.past.role["keeper"])
    assert told["refusal"].startswith("This needs 1,000,000,000 DUSD from the wallet")
    assert units(told["receives"]) > 0
    stranger = shown.market("/quote", kind=2, amount=str(10**18))
    assert (stranger["refusal"], stranger["available"]) == (None, None)


def test_an_order_that_cannot_be_reckoned_is_refused(shown: Served) -> None:
    answer = shown.get(f"/markets/{shown.address}/quote", params={"kind": 0, "amount": "0"})
    assert answer.status_code == 409
    assert answer.json()["reason"] == "amount: zero"


@pytest.mark.parametrize("kind", range(LONG_BURN, 6))
def test_more_tokens_than_there_are_cannot_be_reckoned_with(shown: Served, kind: int) -> None:
    query = {"kind": kind, "amount": str(2**128 - 1)}
    answer = shown.get(f"/markets/{shown.address}/quote", params=query)
    assert (answer.status_code, answer.json()["reason"]) == (409, "token: balance too low")


def test_a_pair_is_quoted_at_book_value(shown: Served) -> None:
    trader = shown.past.role["trader"]
    told = shown.market("/pair", action="mint", amount=str(10**6), account=trader)
    assert units(told["assets"]) == 10**6
    assert told["allowed"] is True
    back = shown.market("/pair", action="redeem", amount=told["long_tokens"]["units"])
    assert 10**6 - 3 <= units(back["assets"]) <= 10**6


@pytest.mark.parametrize("who", ROLES)
def test_positions_and_profit_are_the_specifications(shown: Served, who: str) -> None:
    owner, standing = shown.past.role[who], shown.standing
    expected = positions.position(standing.book, standing.market, owner)
    told = shown.read(f"/accounts/{owner}")
    if expected.worth == expected.paid_in == expected.earned == 0:
        return
    [found] = told["positions"]
    for name in ("paid_in", "taken_out", "earned", "fees", "worth", "profit"):
        assert units(found[name]) == getattr(expected, name), name
    for name, holding in (("long", expected.long), ("short", expected.short)):
        held = found[name]
        assert units(held["tokens"]) == holding.tokens
        assert units(held["cost"]) == holding.cost_assets
        assert units(held["unrealised"]) == holding.unrealised
        assert units(held["realised"]) == holding.realised
    waiting = [
        (owner, order["epoch"], order["kind"], units(order["amount"])) for order in told["waiting"]
    ]
    market = standing.market
    assert sorted(waiting) == sorted(
        (*key, amount)
        for key, amount in market.orders.items()
        if key[0] == owner and key[1] > market.last_epoch
    )


def test_an_account_that_nobody_knows_has_nothing(shown: Served) -> None:
    told = shown.read("/accounts/0x00000000000000000000000000000000000000Aa")
    assert (told["positions"], told["waiting"], told["totals"]) == ([], [], [])


def test_what_one_side_paid_at_an_event_is_told(shown: Served) -> None:
    terms = shown.standing.market.terms
    for told in shown.market("/epochs")["items"]:
        row = shown.live.reader.epoch(shown.address, told["epoch"])
        assert row is not None
        payer, paid = payment(terms, views.told.closed(row), row.merged + 1)
        assert (told["payer"], units(told["paid"])) == (payer, paid)
        fees = sum(shown.standing.market.fees)
        assert fees >= 0
        one = shown.market(f"/epochs/{told['epoch']}")
        assert one["event"] == told
        assert {units(batch["paid_in"]) for batch in one["batches"]} == {
            batch.paid_in
            for key, batch in shown.standing.market.batches.items()
            if key[0] == told["epoch"]
        }


def test_totals_add_up(shown: Served) -> None:
    told = shown.read("/totals")
    [collateral] = told["collaterals"]
    assert units(collateral["value_locked"]) == sum(shown.standing.market.pool.balances)
    assert told["events"] == len(shown.market("/epochs")["items"])
    assert told["orders"] == len(shown.market("/orders", limit=500)["items"])
    [keeper] = shown.read("/keepers")["items"]
    assert keeper["keeper"] == shown.past.role["keeper"]
    assert keeper["events"] == told["events"]
    assert shown.market("/keepers")["items"] == [keeper]


def test_series_by_event_end_where_the_market_stands(shown: Served) -> None:
    points, market = shown.market("/series", step="epoch")["points"], shown.standing.market
    assert [point["at"] for point in points] == sorted(point["at"] for point in points)
    assert len(points) == len(shown.market("/epochs")["items"])
    assert units(points[-1]["long_balance"]) == market.pool.balances[LONG]
    assert wad(points[-1]["executed"]) == market.average
    hours = shown.market("/series", step="hour")["points"]
    assert wad(hours[-1]["spot"]) == market.samples[-1]
    assert len(shown.market("/series", step="epoch", limit=2)["points"]) == 2


def test_a_payoff_curve_is_the_transfer_functions(shown: Served) -> None:
    market = shown.standing.market
    old, (long, short) = market.average, market.pool.balances
    told = shown.market("/payoff", side="long", widest=0.1, count=3)
    down, still, up = told["points"]
    assert wad(still["gain"]) == 0
    paid = market.terms.transfer(old, old * 9 // 10, market.terms.leverage_wad)
    unit = 10**18 // long + 1  # a payment is whole base units
    assert abs(wad(down["gain"]) + paid // 10**18) <= unit
    gained = market.terms.transfer(old, old * 11 // 10, market.terms.leverage_wad)
    assert abs(wad(up["gain"]) - short * gained // long // 10**18) <= unit
    assert wad(up["ideal"]) == 3 * 10**17


def test_the_same_question_about_decay_gets_the_same_numbers(shown: Served) -> None:
    asked = {"paths": 64, "seed": 7, "volatility": 0.9, "horizon_s": [86_400, 604_800]}
    told = shown.market("/decay", **asked)
    assert [(row["side"], row["horizon"]["text"]) for row in told["rows"]] == [
        ("long", "1d"),
        ("short", "1d"),
        ("long", "7d"),
        ("short", "7d"),
    ]
    shown.live.lasting = type(shown.live.lasting)(8)
    assert shown.market("/decay", **asked) == told
    assert all(row["low"] <= row["median"] <= row["high"] for row in told["rows"])


def test_history_tells_what_an_account_did(shown: Served) -> None:
    trader = shown.past.role["trader"]
    told = shown.read(f"/accounts/{trader}/history", limit=500)["items"]
    places = [(row["block"], row["index"]) for row in told]
    assert places == sorted(places, reverse=True)
    kinds = {row["type"] for row in told}
    assert {"order", "cancel", "pair-mint", "pair-redeem", "transfer"} <= kinds
    orders = shown.read(f"/accounts/{trader}/orders", limit=500)["items"]
    assert {row["status"] for row in orders} >= {"waiting", "cancelled"}
    [first] = [row for row in orders if row["status"] == "waiting"]
    assert (first["kind"], units(first["amount"])) == (LONG_MINT, 70 * 10**6)


def test_history_comes_as_a_table(shown: Served) -> None:
    trader = shown.past.role["trader"]
    answer = shown.get(f"/accounts/{trader}/history", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    header, *rows = answer.text.strip().split("\r\n")
    assert header == "market,title,type,text,at,block,index,transaction,amounts,epoch"
    assert len(rows) == len(shown.read(f"/accounts/{trader}/history", limit=500)["items"])
    named = shown.get(f"/markets/{shown.address}/epochs", params={"format": "csv"})
    first = named.text.split("\r\n")[1].split(",")
    datetime.fromisoformat(first[1])
