"""Every function and event of the feeds, the upkeep and the lens that strangers can see."""

import pytest

from tests.contracts.test_surface import abi_of, signature
from tests.stateful import wire

FEED = {"latest() view", "as_of(uint256,uint256) view"}
GAS = "(uint256,uint256,uint256,uint256)"

FUNCTIONS = {
    "feed/Chainlink": FEED
    | {"AGGREGATOR() view", "MAX_AGE() view", "SEQUENCER() view", "GRACE() view"},
    "feed/Posted": FEED
    | {
        "post(uint256,uint256,uint8,bytes32,bytes32) nonpayable",
        "value(uint256) view",
        "count() view",
        "PUBLISHER() view",
        "MAX_AGE() view",
        "eip712Domain() view",
    },
    "feed/Ratio": FEED | {"BASE() view", "QUOTE() view"},
    "feed/Inverse": FEED | {"FEED() view"},
    "feed/Median": FEED | {"PARTS() view", "PATIENCE() view"},
    "Upkeep": {
        "checkUpkeep(bytes) view",
        "performUpkeep(bytes) nonpayable",
        "rebalance_many(address[],uint256[]) nonpayable",
        "rebalance_many(address[],uint256[],uint256) nonpayable",
        "due(address) view",
        "due(address,uint256) view",
    },
    "Lens": {
        "state(address) view",
        "accounts(address,address[]) view",
        "batches(address,uint256[]) view",
        "orders(address,address,uint256[]) view",
        f"forecast(address,uint256,{GAS}) view",
        "overview(address) view",
    },
}
EVENTS = {
    "feed/Posted": {"Posted(uint256,uint256,uint256,uint256)"},
    "Upkeep": {"Performed(address,address,uint256)", "Failed(address,address,bytes32)"},
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_surface(name: str) -> None:
    abi = abi_of(name)
    found = {f"{signature(e)} {e['stateMutability']}" for e in abi if e["type"] == "function"}
    assert found == FUNCTIONS[name]
    assert {signature(e) for e in abi if e["type"] == "event"} == EVENTS.get(name, set())
    assert not [entry for entry in abi if entry["type"] in ("fallback", "receive")]


def test_keeper_networks_find_what_they_ask_for() -> None:
    """The selectors of the interface that they call; published, and never to change."""
    assert wire.selector("checkUpkeep(bytes)").hex() == "6e04ff0d"
    assert wire.selector("performUpkeep(bytes)").hex() == "4585e33b"
