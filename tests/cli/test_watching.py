"""What `watch`, `show`, `quote` and `portfolio` tell of a market."""

import json

from perpools.demo.stage import UNIT, Stage
from perpools.spec.units import Address
from tests.cli.conftest import INTERVAL_S, WAD
from tests.cli.desk import Desk

COMMON = {"at", "event"}


def lines(told: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in told.splitlines()]


def test_watch_tells_every_event_on_a_line_of_its_own(depositor: Desk) -> None:
    depositor.told("order", "mint", "long", "5", "--yes")
    depositor.told("cancel", "--yes")
    depositor.told("claim", "--yes")
    told = lines(depositor("watch", "--since", "0", "--once", "--json").out)
    assert all(set(line) >= COMMON for line in told)
    names = [line["event"] for line in told]
    assert names[-3:] == ["OrderPlaced", "OrderCancelled", "Claimed"]


def test_watch_begins_with_what_is_new(depositor: Desk) -> None:
    assert depositor("watch", "--once").out == ""


def test_watch_tells_of_a_cut_off_before_it(depositor: Desk, built: Stage) -> None:
    left = depositor("watch", "--once", "--closing", "2h", "--json")
    [closing] = lines(left.out)
    assert closing["event"] == "WindowClosing"
    executes_at, cut_off = closing["executes_at"], closing["cut_off"]
    assert isinstance(executes_at, dict)
    assert isinstance(cut_off, dict)
    assert executes_at["unix"] == closing["epoch"] * INTERVAL_S  # type: ignore[operator]
    assert cut_off["unix"] == executes_at["unix"] - 301


def test_watch_ends_when_it_was_told_to(depositor: Desk) -> None:
    assert depositor("watch", "--for", "1s").code == 0
    assert depositor.refused("watch", "--for", "soon")[0] == 2


def test_a_quote_needs_no_account(built: Stage, v1: Address, depositor: Desk) -> None:
    visitor = Desk(built.node, depositor.home, ("--market", v1))
    up = visitor.told("quote", "burn", "long", "10", "--price", "1.1")
    down = visitor.told("quote", "burn", "long", "10", "--price", "0.9")
    assert int(up["receives_about"]["units"]) > 10 * UNIT > int(down["receives_about"]["units"])
    assert up["at_a_price_of"]["wad"] == str(11 * WAD // 10)


def test_a_quote_at_no_price_is_refused(depositor: Desk) -> None:
    assert depositor.refused("quote", "mint", "long", "1", "--price", "0")[0] == 2
    assert depositor.refused("quote", "mint", "long", "1", "--price", str(10**19))[0] == 1


def test_show_tells_both_sides_and_what_comes_next(depositor: Desk, v1: Address) -> None:
    told = depositor.told("show")
    assert told["market"] == v1
    assert [side["side"] for side in told["sides"]] == ["long", "short"]
    assert told["sides"][0]["symbol"] == "3L-EUR/USD"
    assert told["forecast"]["price"]["wad"] == str(WAD)
    assert told["terms"]["interval_s"] == INTERVAL_S
    assert told["next_grid_point"]["unix"] % INTERVAL_S == 0


def test_a_portfolio_adds_up(depositor: Desk, built: Stage) -> None:
    before = depositor.told("portfolio")["markets"][0]
    depositor.told("order", "mint", "short", "25", "--yes")
    after = depositor.told("portfolio")["markets"][0]
    paid = int(after["paid_in"]["units"]) - int(before["paid_in"]["units"])
    assert paid == 25 * UNIT
    assert int(after["profit"]["units"]) == int(before["profit"]["units"])
    [waiting] = after["waiting"]
    assert (waiting["order"], waiting["amount"]["text"]) == ("mint short", "25 DUSD")


def test_a_portfolio_may_be_anybodys(depositor: Desk, built: Stage) -> None:
    told = depositor.told("portfolio", built.cast.deployer)
    [market] = told["markets"]
    assert told["owner"] == built.cast.deployer
    assert int(market["sides"][0]["tokens"]["units"]) > 0
    nobody = depositor("portfolio", "0x" + 39 * "0" + "1")
    assert "nothing in 1 markets" in nobody.out
