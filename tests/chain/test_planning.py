"""What a market file asks for and cannot have is found before anything is sent."""

from collections.abc import Callable

import pytest

from perpools import market_file
from perpools.chain.feed_plan import First
from perpools.errors import ConfigError
from perpools.market_file import MarketFile
from tests.chain.workshop import WAD, key
from tests.chain.yard import Yard, build


@pytest.fixture(scope="module")
def yard() -> Yard:
    return build()


Wrong = Callable[[Yard], tuple[MarketFile, str]]

WRONG: dict[str, Wrong] = {
    "no collateral": lambda yard: (
        market_file.parse('preset = "v2"\nname = "A"\nleverage = 3'),
        "collateral: missing: write the address",
    ),
    "no feed": lambda yard: (
        market_file.parse(
            f'preset = "v2"\nname = "A"\nleverage = 3\ncollateral = "{yard.coin.address}"'
        ),
        "price.feed: missing: name a feed",
    ),
    "a file": lambda yard: (yard.file("old.csv"), "price.feed: old.csv is for backtests"),
    "nobody": lambda yard: (
        yard.file(yard.newcomer),
        f"price.feed: {yard.newcomer} does not answer as a feed does",
    ),
    "an aggregator as a feed": lambda yard: (
        yard.file(yard.aggregator.address),
        f"an aggregator is written chainlink:{yard.aggregator.address}",
    ),
    "a coin as an aggregator": lambda yard: (
        yard.file(f"chainlink:{yard.coin.address}"),
        f"price.feed: {yard.coin.address} is no aggregator of this chain",
    ),
    "a coin as a publisher": lambda yard: (
        yard.file(f"posted:{yard.coin.address}"),
        "is a contract, and no posted feed",
    ),
    "an aggregator that stopped": lambda yard: (
        yard.file(f"chainlink({yard.aggregator.address}, max_age=1s)"),
        f"price.feed: the last answer of {yard.aggregator.address} is",
    ),
    "a new posted feed": lambda yard: (
        yard.file(f"posted:{yard.newcomer}"),
        "price.feed: a new posted feed has no price, and a market begins with one",
    ),
    "a mistyped address": lambda yard: (
        yard.file(yard.coin.address.replace("a", "A").replace("b", "B")),
        "is mistyped: its capitals and its digits do not agree",
    ),
    "a max age that is not the feed's": lambda yard: (
        yard.file(f"posted({yard.posted.address}, max_age=2h)"),
        f"{yard.posted.address} has a max_age of 1h for ever: leave yours out",
    ),
    "a seed too fine": lambda yard: (
        yard.file(yard.posted.address).model_copy(update={"seed": 12 * WAD // 10**7}),
        "seed: 0.0000012 is too fine: COIN has 6 decimals",
    ),
    "a seed too small": lambda yard: (
        yard.file(yard.posted.address).model_copy(update={"seed": WAD // 10**6}),
        "seed: not allowed with COIN: more than 0.000001",
    ),
    "a keeper's feed": lambda yard: (
        yard.file(yard.posted.address, keeper=f'gas_feed = "{yard.newcomer}"'),
        f"keeper.gas_feed: {yard.newcomer} does not answer as a feed does",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_work_is_found_before_anything_is_sent(yard: Yard, what: str) -> None:
    file, line = WRONG[what](yard)
    with pytest.raises(ConfigError) as refused:
        yard.protocol.plan(file, yard.deployer)
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_max_age_is_asked_for(yard: Yard) -> None:
    file = market_file.parse(
        f'preset = "v2"\nname = "A"\nleverage = 3\ncollateral = "{yard.coin.address}"\n'
        f'[price]\nfeed = "chainlink:{yard.aggregator.address}"'
    )
    with pytest.raises(ConfigError, match=r"price\.max_age: missing: the chainlink feed of price"):
        yard.protocol.plan(file, yard.deployer)


def test_a_first_price_for_nothing_is_refused(yard: Yard) -> None:
    first = First(key("publisher"), WAD)
    with pytest.raises(ConfigError, match="only a posted feed that is to be deployed"):
        yard.protocol.plan(yard.file(yard.posted.address), yard.deployer, first=first)
    with pytest.raises(ConfigError, match="publishes, but the key is"):
        yard.protocol.plan(yard.file(f"posted:{yard.newcomer}"), yard.deployer, first=first)
