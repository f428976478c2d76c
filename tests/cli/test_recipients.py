"""`perpools recipient`, and the fees that `perpools portfolio` tells a recipient of."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perpools.chain import connect
from perpools.spec.terms import NOBODY
from tests.chain.past import Past
from tests.chain.workshop import GENESIS
from tests.cli.desk import Desk

Sits = Callable[[str], Desk]


@pytest.fixture(scope="module")
def past() -> Past:
    past = Past(connect(genesis=GENESIS, accounts=8))
    past.event(past.price)
    return past


@pytest.fixture
def desk(past: Past, tmp_path: Path) -> Sits:
    """Of somebody, by role."""

    def sits(who: str) -> Desk:
        options = ("--account", past.role[who], "--market", past.market.address)
        return Desk(past.node, tmp_path, options)

    return sits


def recipients(past: Past) -> tuple[tuple[str, str], tuple[str, str]]:
    """Both, and who is proposed."""
    found, proposed = past.market.contract.read("fee_recipients")
    return found, proposed


def test_a_recipient_passes_its_fees_on_in_two_steps(past: Past, desk: Sits) -> None:
    treasury, partner, trader = (past.role[who] for who in ("treasury", "partner", "trader"))
    told = desk("partner").told("recipient", "propose", "secondary", trader, "--yes")
    assert (told["recipient"], told["account"], told["proposed"]) == ("secondary", partner, trader)
    assert told["events"] == [{"event": "RecipientProposed", "which": 1, "proposed": trader}]
    assert recipients(past) == ((treasury, partner), (NOBODY, trader))
    told = desk("trader").told("recipient", "accept", "secondary", "--yes")
    assert told["events"] == [{"event": "RecipientChanged", "which": 1, "recipient": trader}]
    assert told["owed"]["units"] > 0
    assert recipients(past) == ((treasury, trader), (NOBODY, NOBODY))
    before = past.coin.read("balanceOf", trader)
    desk("keeper").told("pay-fees", "secondary", "--yes")
    assert past.coin.read("balanceOf", trader) == before + told["owed"]["units"]
    desk("trader").told("recipient", "propose", "secondary", partner, "--yes")
    desk("partner").told("recipient", "accept", "secondary", "--yes")


def test_a_proposal_is_taken_back(past: Past, desk: Sits) -> None:
    treasury, trader = past.role["treasury"], past.role["trader"]
    desk("treasury").told("recipient", "propose", "primary", trader, "--yes")
    desk("treasury").told("recipient", "cancel", "primary", "--yes")
    assert recipients(past)[1] == (NOBODY, NOBODY)
    assert desk("treasury").told("show")["fees"][0]["proposed"] is None
    code, told = desk("trader").refused("recipient", "accept", "primary", "--yes")
    assert (code, told.startswith("refused: recipient: not proposed (")) == (1, True)
    left = desk("treasury").refused("recipient", "cancel", "primary", "--yes")
    assert left == (1, "nobody is proposed as the primary recipient")
    assert recipients(past)[0][0] == treasury


@pytest.mark.parametrize(
    ("who", "arguments", "code", "told"),
    [
        ("trader", ("propose", "primary", "PARTNER"), 1, "refused: recipient: not the sender ("),
        ("treasury", ("propose", "secondary", "TREASURY"), 1, "refused: recipient: not the sender"),
        ("trader", ("cancel", "primary"), 1, "refused: recipient: not the sender"),
        ("treasury", ("accept", "primary"), 1, "refused: recipient: not proposed (the recipient"),
        ("treasury", ("propose", "primary"), 2, "recipient: name the ADDRESS to propose"),
        ("treasury", ("accept", "primary", "TRADER"), 2, "recipient: accept takes no address"),
        ("treasury", ("cancel", "primary", "TRADER"), 2, "recipient: cancel takes no address"),
        ("treasury", ("propose", "primary", "me"), 2, "'me' is not an address"),
        ("treasury", ("propose", "primary", NOBODY), 2, "recipient: nobody owns the zero address"),
        ("treasury", ("propose", "third", "TRADER"), 2, "Invalid value for"),
        ("treasury", ("name", "primary", "TRADER"), 2, "Invalid value for"),
    ],
)
def test_what_cannot_be_is_one_line_and_sends_nothing(
    past: Past, desk: Sits, who: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    named = [past.role.get(word.lower(), word) if word.isupper() else word for word in arguments]
    before = past.node.block().number
    refused = desk(who).refused("recipient", *named, "--yes")
    assert (refused[0], told in refused[1]) == (code, True), refused
    assert past.node.block().number == before


def test_nobody_is_proposed_unless_somebody_agrees(past: Past, desk: Sits) -> None:
    trader = past.role["trader"]
    for options in ((), ("--dry-run",)):
        left = desk("treasury")("recipient", "propose", "primary", trader, *options)
        assert (left.code, trader in left.out) == (0 if options else 2, True)
    assert recipients(past)[1] == (NOBODY, NOBODY)


def test_the_portfolio_of_a_recipient_tells_what_it_is_owed(past: Past, desk: Sits) -> None:
    past.event(past.price)
    treasury = past.role["treasury"]
    [market] = desk("treasury").told("portfolio")["markets"]
    [fee] = market["fees"]
    owed = past.market.contract.read("fees_accrued")[0]
    assert (fee["recipient"], fee["account"], fee["owed"]["units"]) == ("primary", treasury, owed)
    _, _, table = desk("treasury")("portfolio").out.partition("Management fees, in DUSD")
    assert f"primary    {treasury}" in table
    desk("keeper").told("pay-fees", "--yes")
    [market] = desk("treasury").told("portfolio")["markets"]
    assert market["fees"][0]["owed"]["units"] == 0
    assert "Management fees" not in desk("treasury")("portfolio").out


def test_the_portfolio_of_whom_a_recipient_proposed_tells_of_it(past: Past, desk: Sits) -> None:
    hedger = past.role["hedger"]
    assert desk("hedger").told("portfolio")["markets"][0]["fees"] == []
    assert "Management fees" not in desk("hedger")("portfolio").out
    desk("treasury").told("recipient", "propose", "primary", hedger, "--yes")
    [fee] = desk("hedger").told("portfolio")["markets"][0]["fees"]
    assert (fee["account"], fee["proposed"]) == (past.role["treasury"], hedger)
    assert "Management fees" in desk("hedger")("portfolio").out
    desk("treasury").told("recipient", "cancel", "primary", "--yes")
