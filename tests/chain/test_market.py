"""The typed client: every external of a market, its events and its refusals."""

import pytest

from perpools import artifacts
from perpools.chain.market import Market
from perpools.demo import operations
from perpools.demo.stage import UNIT, Stage
from perpools.spec import errors
from perpools.spec.events import OperatorSet, RecipientChanged, RecipientProposed
from perpools.spec.kinds import ASSETS, LONG, LONG_MINT
from perpools.spec.orders import Order
from tests.chain.conftest import INTERVAL_S


@pytest.fixture(scope="module")
def market(built: Stage) -> Market:
    return built.mirrors[0].market


def test_every_external_that_writes_has_a_method() -> None:
    writing = {
        entry["name"]
        for entry in artifacts.load("Market").abi
        if entry["type"] == "function" and entry["stateMutability"] in ("nonpayable", "payable")
    }
    assert {"setOperator"} | {name for name in vars(Market) if name in writing} == writing


def test_an_outcome_has_the_specifications_events(built: Stage, market: Market) -> None:
    owner, operator = built.cast.holders[:2]
    outcome = market.set_operator(operator, approved=True, sender=owner)
    assert outcome.events == (OperatorSet(owner, operator, True),)
    assert outcome.receipt.gas_used > 21_000


def test_a_recipient_hands_over_in_two_steps(built: Stage, market: Market) -> None:
    heir, treasury = built.cast.holders[0], built.cast.treasury
    proposed = market.propose_recipient(0, heir, sender=treasury)
    assert proposed.events == (RecipientProposed(0, heir),)
    accepted = market.accept_recipient(0, sender=heir)
    assert accepted.events == (RecipientChanged(0, heir),)


def test_a_refusal_is_the_specifications(built: Stage, market: Market) -> None:
    holder = built.cast.holders[3]
    with pytest.raises(errors.AmountIsZero):
        market.place_order(Order(LONG_MINT, 0, holder, holder), sender=holder)
    with pytest.raises(errors.NothingToClaim):
        market.claim(holder, sender=holder)
    with pytest.raises(errors.MarketIsNotWoundDown):
        market.redeem(LONG, 1, sender=holder)
    with pytest.raises(errors.WindDownIsNotOverdue):
        market.wind_down(sender=holder)
    with pytest.raises(errors.NoFees):
        market.pay_fees(0, sender=holder)


def test_another_pays_by_permission_alone(built: Stage) -> None:
    mirror, (owner, stranger) = built.mirrors[1], built.cast.holders[5:7]
    order = Order(LONG_MINT, UNIT, owner, stranger)
    assert mirror.act(operations.place(order, stranger)) == ()
    assert mirror.act(operations.withdraw(ASSETS, 1, (owner, stranger))) == ()
    assert mirror.refusals == 2


def test_the_usual_arguments_are_left_out_of_the_calldata(built: Stage, market: Market) -> None:
    holder, other = built.cast.holders[7:9]
    short = market.place_order(Order(LONG_MINT, UNIT, holder, holder), sender=holder)
    again = market.place_order(Order(LONG_MINT, UNIT, holder, holder), sender=holder)
    named = market.place_order(Order(LONG_MINT, UNIT, holder, other), sender=holder)
    assert short.events[0][:2] == (holder, holder)
    assert named.events[0][:2] == (holder, other)
    assert again.receipt.gas_used < named.receipt.gas_used


def test_a_refusal_is_that_of_its_own_moment(built: Stage) -> None:
    """A block earlier no event was due; in its own, one is, and the feed has nothing to say."""
    node, keeper, market = built.node, built.cast.keeper, built.mirrors[1].market
    node.advance_to(node.block().timestamp + 20 * INTERVAL_S)
    with pytest.raises(errors.FeedIsSilent):
        market.rebalance(sender=keeper)
