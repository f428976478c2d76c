"""Who may act for an account, and who may take a recipient's place, as the logs tell it."""

from collections.abc import Iterator

import pytest

from perpools.chain import snapshot
from perpools.chain.history import History
from perpools.spec.roles import PRIMARY, RECIPIENTS
from perpools.spec.terms import NOBODY
from tests.chain.past import Past, node_of


@pytest.fixture(scope="module", params=["embedded", "anvil"])
def past(request: pytest.FixtureRequest) -> Iterator[Past]:
    with node_of(request.param) as node:
        yield Past(node)


@pytest.fixture(scope="module")
def history(past: Past) -> History:
    return History(past.node, past.market.address)


def appoint(past: Past, owner: str, operator: str, *, approved: bool = True) -> None:
    account = past.role[operator]
    past.market.set_operator(account, approved=approved, sender=past.role[owner])


def test_operators_are_those_not_dismissed_in_the_order_of_their_appointment(
    past: Past, history: History
) -> None:
    hedger, trader, partner, keeper = map(past.role.get, ("hedger", "trader", "partner", "keeper"))
    assert history.operators(str(hedger)) == ()
    for operator in ("trader", "partner", "keeper"):
        appoint(past, "hedger", operator)
    appoint(past, "trader", "treasury")
    assert history.operators(str(hedger)) == (trader, partner, keeper)
    appoint(past, "hedger", "partner", approved=False)
    appoint(past, "hedger", "treasury", approved=False)
    appoint(past, "hedger", "trader", approved=False)
    appoint(past, "hedger", "trader")
    assert history.operators(str(hedger)) == (keeper, trader)
    operators = history.state().operators
    assert {operator for owner, operator in operators if owner == hedger} == {keeper, trader}


def test_a_proposal_taken_back_is_the_same_in_the_logs_as_in_the_views(
    past: Past, history: History
) -> None:
    for proposed in (past.role["hedger"], NOBODY):
        past.market.propose_recipient(PRIMARY, proposed, sender=past.role["treasury"])
        seen = snapshot.read(past.node, past.market.address).market
        expected = None if proposed == NOBODY else proposed
        assert seen.proposed == history.state().proposed == (expected, None)
    assert len(seen.recipients) == len(RECIPIENTS)
