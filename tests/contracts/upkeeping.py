"""Markets that an upkeep keeps, some of them hostile, and what it tells of them."""

from typing import Any

from tests.contracts.deployment import (
    MOCKS,
    SEED,
    WAD,
    Deployed,
    account,
    factory,
    new_coin,
    new_feed,
    struct,
)
from tests.evm import deployer

REFUSES, BURNS_GAS, BOMBS, LIES, CALLS_BACK, SILENT, SAYS_TOO_LITTLE, REFUSES_WITH_MUCH = range(8)
GAS_EACH = 500_000
PLENTY = 30_000_000


REASONS = {
    REFUSES: "hostile: no",
    BURNS_GAS: "",
    BOMBS: "",
    CALLS_BACK: 7,
    LIES: 7,
    SILENT: "",
    SAYS_TOO_LITTLE: "yes",
    REFUSES_WITH_MUCH: "",
}


def addresses(markets: list[Any]) -> list[Any]:
    return [getattr(one, "market", one).address for one in markets]


def hostile(manner: int) -> Any:
    made = deployer(f"{MOCKS}/HostileMarket.vy").deploy()
    made.misbehave(manner)
    return made


def told(upkeep: Any) -> list[tuple[str, int | str]]:
    """Of each market in its turn: the epoch closed, or why there was none."""
    own = [log for log in upkeep.get_logs() if type(log).__name__ in ("Performed", "Failed")]
    assert {log.keeper for log in own} <= {account("keeper")}
    return [
        (str(log.market), log.epoch if type(log).__name__ == "Performed" else text(log))
        for log in own
    ]


def done(upkeep: Any, markets: list[Any], **options: Any) -> dict[str, int | str]:
    """What became of each market."""
    given = addresses(markets)
    count = upkeep.rebalance_many(given, [0] * len(given), sender=account("keeper"), **options)
    became = dict(told(upkeep))
    assert list(became) == list(map(str, given))
    assert count == sum(isinstance(one, int) for one in became.values())
    return became


def text(log: Any) -> str:
    return bytes(log.reason).rstrip(b"\0").decode(errors="replace")


def last_epoch(deployed: Deployed) -> int:
    return int(deployed.market.progress()[0])


def paying(terms: Any) -> Deployed:
    """A market that pays its keeper."""
    sender, coin, feed = account("deployer"), new_coin(), new_feed()
    coin.mint(sender, 2 * SEED)
    coin.approve(factory().address, 2 * SEED, sender=sender)
    eth = new_feed(3_000 * WAD)
    chosen = struct(terms, collateral=coin.address, feed=feed.address, eth_feed=eth.address)
    address = factory().deploy("ETH/USD", chosen, SEED, sender=sender)
    return Deployed(deployer("contracts/Market.vy").at(address), (None, None), coin, feed)
