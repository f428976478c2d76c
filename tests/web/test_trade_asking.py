"""What is written in the order form means what a command would take it for."""

from dataclasses import replace
from typing import Any

import pytest

from perpools.spec.kinds import LONG_MINT
from perpools.web.pages import asking
from perpools.web.pages.asking import Asked, answer, pair_answer
from tests.web.served import Served


def asked(shown: Served, amount: str = "", **changes: Any) -> asking.Answer:
    written = Asked("mint", "long", amount, account=next(iter(shown.past.node.accounts)))
    return answer(shown.live, shown.address, replace(written, **changes))


def test_nothing_written_is_no_mistake_and_no_order(shown: Served) -> None:
    made = asked(shown)

    assert not made.complete
    assert not made.amount_wrong
    assert made.available is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1x", '\'1x\' is not an amount: write it like "100" or "0.5"'),
        ("-1", "'-1' is negative: write it like 100 or 0.5"),
        ("0", "'0' is nothing: write more than 0"),
        ("0.00000000000000000001", "has more digits than the token keeps"),
    ],
)
def test_a_wrong_amount_is_told_as_the_commands_tell_it(
    shown: Served, text: str, said: str
) -> None:
    assert said in asked(shown, text).amount_wrong


def test_thousands_may_be_separated(shown: Served) -> None:
    unit = asked(shown).unit

    assert asking.units_of("1,250.5", unit, None) == 12505 * 10**unit.decimals // 10


def test_everything_is_wallet_and_escrow(shown: Served) -> None:
    made = asked(shown)
    assert made.available is not None
    assert made.in_escrow is not None

    everything = asked(shown).everything
    wallet_only = asked(shown, escrow_first=False).everything

    assert everything is not None
    assert wallet_only is not None
    assert everything.units == made.available.units + made.in_escrow.units
    assert wallet_only.units == made.available.units


def test_an_order_is_quoted_as_it_will_be_placed(shown: Served) -> None:
    made = asked(shown, "1")

    assert made.quote is not None
    assert made.quote.kind == LONG_MINT
    assert made.quote.pays.units == 10**made.unit.decimals
    assert made.name == "Mint long"


def test_more_than_there_is_is_refused_in_words(shown: Served) -> None:
    made = asked(shown, "1000000000000")

    assert not made.complete
    assert made.refusal.endswith(".")


def test_a_wrong_tip_leaves_the_quote(shown: Served) -> None:
    made = asked(shown, "1", tip="much")

    assert "is not an amount" in made.tip_wrong
    assert made.quote is not None
    assert not made.complete


def test_a_flip_says_both_sides(shown: Served) -> None:
    assert asked(shown, action="flip", side="short").name == "Flip short to long"


def test_a_pair_is_paid_in_collateral_and_redeemed_by_its_long_tokens(shown: Served) -> None:
    [owner, *_] = shown.past.node.accounts
    mint = pair_answer(shown.live, shown.address, owner, "mint", "1")
    redeem = pair_answer(shown.live, shown.address, owner, "redeem", "")

    assert mint.quote is not None
    assert mint.quote.long_tokens.units > 0
    assert redeem.unit.decimals == 18
    assert redeem.unit.symbol.startswith(mint.quote.long_tokens.symbol)


def test_whoever_is_not_connected_is_quoted_all_the_same(shown: Served) -> None:
    made = answer(shown.live, shown.address, Asked("mint", "short", "1"))

    assert made.quote is not None
    assert made.available is None
