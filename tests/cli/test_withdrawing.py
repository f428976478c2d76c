"""`perpools withdraw`: part of an escrow, to whomever its owner names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perpools.chain import connect
from perpools.spec.kinds import LONG, LONG_MINT, SHORT_MINT
from perpools.spec.terms import NOBODY
from tests.chain.past import TIP, TOKEN, Past, Unruly
from tests.chain.workshop import GENESIS, UNIT
from tests.cli.desk import Desk

Sits = Callable[[str], Desk]


@pytest.fixture(scope="module")
def past() -> Past:
    """The trader has collateral and L-tokens in escrow, and left a tip."""
    past = Unruly(connect(genesis=GENESIS, accounts=8))
    past.order("trader", LONG_MINT, 50 * UNIT, TIP)
    past.event(past.price)
    past.event(past.price)
    trader = past.role["trader"]
    epoch = past.order("trader", SHORT_MINT, 100 * UNIT)
    past.market.cancel_order(epoch, SHORT_MINT, trader, sender=trader)
    return past


@pytest.fixture
def desk(past: Past, tmp_path: Path) -> Sits:
    """Of somebody, by role."""

    def sits(who: str) -> Desk:
        options = ("--account", past.role[who], "--market", past.market.address)
        return Desk(past.node, tmp_path, options)

    return sits


def held(past: Past, who: str) -> int:
    return int(past.coin.read("balanceOf", past.role[who]))


def test_part_goes_to_its_owner_and_the_rest_stays(past: Past, desk: Sits) -> None:
    before, trader = held(past, "trader"), past.role["trader"]
    told = desk("trader").told("withdraw", "collateral", "3", "--yes")
    assert held(past, "trader") == before + 3 * UNIT
    assert (told["owner"], told["receiver"]) == (trader, trader)
    assert told["sends"]["units"] == 3 * UNIT
    [market] = desk("trader").told("portfolio")["markets"]
    assert told["leaves"] == market["to_claim"]["assets"]
    assert [event["event"] for event in told["events"]] == ["Withdrawn"]


def test_tokens_go_to_whom_the_owner_names(past: Past, desk: Sits) -> None:
    partner = past.role["partner"]
    told = desk("trader").told("withdraw", "long", "1.5", "--to", partner, "--yes")
    assert past.tokens[LONG].read("balanceOf", partner) == TOKEN * 3 // 2
    assert told["sends"]["text"] == "1.5 3L-ETH/USD"


def test_an_owner_whom_the_coin_shuts_out_is_told_of_it_and_sends_elsewhere(
    past: Past, desk: Sits
) -> None:
    trader, keeper = past.role["trader"], past.role["keeper"]
    past.coin.send("block", trader, True, sender=keeper)
    code, told = desk("trader").refused("claim", "--yes")
    assert (code, told.startswith(f"{trader} cannot be paid (`perpools withdraw --to")) == (1, True)
    code, told = desk("trader").refused("withdraw", "collateral", "2", "--yes")
    assert (code, told.startswith(f"{trader} cannot be sent 2 ")) == (1, True), told
    before = held(past, "partner")
    to = ("--to", past.role["partner"])
    desk("trader").told("withdraw", "collateral", "2", *to, "--yes")
    past.coin.send("block", trader, False, sender=keeper)
    assert held(past, "partner") == before + 2 * UNIT


def test_an_operator_withdraws_for_its_owner_alone_unless_it_says_otherwise(
    past: Past, desk: Sits
) -> None:
    trader, hedger = past.role["trader"], past.role["hedger"]
    code, told = desk("hedger").refused("withdraw", "collateral", "1", "--for", trader, "--yes")
    assert (code, told.startswith("refused: sender: not authorised (")) == (1, True)
    desk("trader").told("operator", "set", hedger, "--yes")
    before = held(past, "trader"), held(past, "hedger")
    told = desk("hedger").told("withdraw", "collateral", "1", "--for", trader, "--yes")
    assert (told["owner"], told["receiver"]) == (trader, trader)
    options = ("--for", trader, "--to", hedger)
    desk("hedger").told("withdraw", "collateral", "2", *options, "--yes")
    assert (held(past, "trader"), held(past, "hedger")) == (before[0] + UNIT, before[1] + 2 * UNIT)
    desk("trader").told("operator", "unset", hedger, "--yes")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("collateral", "0"), 2, "amount: '0' is nothing"),
        (("collateral", "0.0000001"), 2, "at most 6 decimals"),
        (("collateral", "1000"), 1, "refused: escrow: too low (the market holds less for you"),
        (("short", "1"), 1, "refused: escrow: too low"),
        (("short", "all"), 2, "amount: there is no 3S-ETH/USD at all"),
        (("ether", "1"), 2, "'ether' is not one of 'collateral', 'long', 'short'"),
        (("collateral", "1", "--to", "me"), 2, "'me' is not an address"),
        (("collateral", "1", "--to", NOBODY), 2, "--to: nobody owns the zero address"),
    ],
)
def test_what_cannot_be_withdrawn_is_one_line_and_sends_nothing(
    past: Past, desk: Sits, arguments: tuple[str, ...], code: int, told: str
) -> None:
    before = past.node.block().number
    refused = desk("trader").refused("withdraw", *arguments, "--yes")
    assert (refused[0], told in refused[1]) == (code, True), refused
    assert past.node.block().number == before


def test_nothing_is_withdrawn_unless_somebody_agrees(past: Past, desk: Sits) -> None:
    before = past.node.block().number
    left = desk("trader")("withdraw", "collateral", "1", "--to", past.role["partner"])
    assert (left.code, "agree with --yes" in left.err) == (2, True)
    assert past.role["partner"] in left.out
    assert desk("trader").told("withdraw", "collateral", "1", "--dry-run")["dry_run"] is True
    assert past.node.block().number == before


def test_tips_stay_for_whoever_claims(past: Past, desk: Sits) -> None:
    desk("trader").told("withdraw", "long", "--yes")
    desk("trader").told("withdraw", "collateral", "all", "--yes")
    told = desk("keeper").told("claim", "--for", past.role["trader"], "--yes")
    assert told["tip"]["units"] == TIP
    assert {"assets", "long_tokens"}.isdisjoint(told)
