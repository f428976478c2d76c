"""
Anyone deploys a market; what is out of range, worthless or hostile is refused with its own reason
(R1).
"""

from typing import Any

import boa
import pytest

from perpools.spec.terms import NOBODY
from tests.contracts.deployment import (
    MOCKS,
    PLAIN,
    SEED,
    START,
    WAD,
    account,
    deploy,
    factory,
    new_coin,
    new_feed,
    struct,
)
from tests.evm import deployer
from tests.terms_cases import CASES, Case

pytestmark = pytest.mark.usefixtures("chain")

FEE, SAYS_NO, SAYS_NOTHING, CALLS_BACK = range(1, 5)
REFUSED = [case for case in CASES if case.refusal is not None]


@pytest.fixture
def sender() -> Any:
    return account("deployer")


def approved_coin(sender: Any, decimals: int = 6) -> Any:
    """Collateral of which the factory may take the seed."""
    coin = new_coin(decimals)
    coin.mint(sender, 2 * SEED)
    coin.approve(factory().address, 2 * SEED, sender=sender)
    return coin


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.label)
def test_terms_out_of_range_are_refused_with_their_own_reason(sender: Any, case: Case) -> None:
    trigger = account("trigger") if case.terms.trigger else NOBODY
    chosen = struct(
        case.terms,
        collateral=approved_coin(sender, case.terms.decimals).address,
        feed=new_feed().address,
        trigger=trigger,
    )
    before = factory().market_count()
    assert case.refusal is not None
    with boa.reverts(case.refusal.reason):
        factory().deploy("ETH/USD", chosen, case.seed_assets, sender=sender)
    assert factory().market_count() == before


def test_a_market_is_registered_and_announced(sender: Any) -> None:
    before = factory().market_count()
    deployed = deploy(sender)
    [told] = [log for log in factory().get_logs() if type(log).__name__ == "MarketDeployed"]
    assert factory().market_count() == before + 1
    assert factory().markets(before) == told.market == deployed.market.address
    assert (told.deployer, told.collateral, told.name) == (sender, deployed.coin.address, "ETH/USD")
    assert [told.long_token, told.short_token] == [token.address for token in deployed.tokens]
    assert (told.first_price, told.seed_assets) == (100 * WAD, SEED)
    assert told.last_epoch == START // PLAIN.interval_s == deployed.market.progress()[0]
    assert tuple(told.terms) == tuple(deployed.market.terms())


def test_the_same_market_may_be_deployed_twice(sender: Any) -> None:
    """X-19: nothing is derived from the terms; each market has its own tokens and collateral."""
    coin, feed = new_coin(), new_feed()
    first, second = (deploy(sender, coin=coin, feed=feed) for _ in range(2))
    assert first.market.address != second.market.address
    assert not {token.address for token in first.tokens} & {
        token.address for token in second.tokens
    }
    assert coin.balanceOf(first.market.address) == coin.balanceOf(second.market.address) == 2 * SEED


@pytest.mark.parametrize(("price", "reason"), [(0, "price: zero"), (2**120, "price: too large")])
def test_a_first_price_that_is_none_is_refused(sender: Any, price: int, reason: str) -> None:
    with boa.reverts(reason):
        deploy(sender, feed=new_feed(price))


def test_a_feed_without_a_price_is_refused(sender: Any) -> None:
    feed = new_feed()
    feed.misbehave(0, 1)
    with boa.reverts("feed: silent"):
        deploy(sender, feed=feed)


@pytest.mark.parametrize("contract", ["collateral", "feed"])
def test_what_is_no_contract_is_refused(sender: Any, contract: str) -> None:
    contracts = {"collateral": approved_coin(sender).address, "feed": new_feed().address}
    with boa.reverts():
        factory().deploy(
            "ETH/USD", struct(PLAIN, **contracts | {contract: sender}), SEED, sender=sender
        )


@pytest.mark.parametrize(
    ("manner", "reason"), [(FEE, "collateral: not as sent"), (SAYS_NO, "collateral: refused")]
)
def test_a_seed_that_does_not_arrive_is_refused(sender: Any, manner: int, reason: str) -> None:
    coin = approved_coin(sender)
    coin.misbehave(manner)
    with boa.reverts(reason):
        factory().deploy(
            "ETH/USD",
            struct(PLAIN, collateral=coin.address, feed=new_feed().address),
            SEED,
            sender=sender,
        )


def test_a_seed_nobody_approved_is_refused(sender: Any) -> None:
    coin = new_coin()
    coin.mint(sender, 2 * SEED)
    with boa.reverts("coin: allowance too low"):
        factory().deploy(
            "ETH/USD",
            struct(PLAIN, collateral=coin.address, feed=new_feed().address),
            SEED,
            sender=sender,
        )


def test_nobody_pays_a_seed_for_somebody_else(sender: Any) -> None:
    """An approval to the factory can be spent by its owner's calls only."""
    coin = approved_coin(sender)
    with boa.reverts("coin: allowance too low"):
        factory().deploy(
            "ETH/USD",
            struct(PLAIN, collateral=coin.address, feed=new_feed().address),
            SEED,
            sender=account("attacker"),
        )


def test_collateral_that_says_nothing_is_accepted(sender: Any) -> None:
    """RV A01: the most used coin returns no value."""
    coin = new_coin()
    coin.misbehave(SAYS_NOTHING)
    deployed = deploy(sender, coin=coin)
    assert coin.balanceOf(deployed.market.address) == 2 * SEED


def test_collateral_cannot_re_enter_the_factory(sender: Any) -> None:
    coin = approved_coin(sender)
    coin.misbehave(CALLS_BACK)
    chosen = struct(PLAIN, collateral=coin.address, feed=new_feed().address)
    again = factory().deploy.prepare_calldata("AGAIN", chosen, SEED)
    caller = deployer(f"{MOCKS}/Reentrant.vy").deploy(factory().address, again)
    coin.call_back(caller.address, b"")
    before = factory().market_count()
    factory().deploy("ETH/USD", chosen, SEED, sender=sender)
    assert (coin.calls(), caller.tried(), caller.got_in()) == (1, True, False)
    assert factory().market_count() == before + 1


def test_a_market_of_hostile_parts_harms_nobody_elses(sender: Any) -> None:
    """SB 5.3.2: markets share no storage, no custody and no queue."""
    coin = new_coin()
    sound = deploy(sender, coin=coin)
    broken = deploy(sender, coin=coin, feed=new_feed())
    broken.feed.misbehave(2, 2)
    boa.env.timestamp += 3_600
    with boa.reverts():
        broken.market.rebalance()
    sound.market.rebalance()
    assert coin.balanceOf(sound.market.address) == 2 * SEED


def test_the_factory_has_no_power_over_a_market(sender: Any) -> None:
    """It mints no tokens and is nobody's operator once a market is deployed."""
    deployed = deploy(sender)
    with boa.reverts("token: not the market"):
        deployed.tokens[0].mint(sender, 1, sender=factory().address)
    assert not deployed.market.isOperator(sender, factory().address)
