"""A contract's interface: names and values to bytes, and back."""

import pytest
from eth_utils.crypto import keccak

from perpools import artifacts
from perpools.chain.contract import Interface
from perpools.chain.market import Market
from perpools.chain.node import Log
from perpools.chain.terms import Contracts, Functions, decode_terms, encode_terms
from perpools.demo.stage import Stage
from perpools.errors import ChainError
from perpools.spec.events import Claimed, Event, Transfer

MIXED_CASE = "0x5B38Da6a701c568545dCfcB03FcB875f56beddC4"
OTHER = "0xAb8483F64d9C6d1EcF9b849Ae677dD3315835cb2"


@pytest.fixture(scope="module")
def market() -> Interface:
    return Interface(artifacts.load("Market").abi)


def topic(address: str) -> bytes:
    return bytes.fromhex(address[2:]).rjust(32, b"\0")


def words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def test_a_call_is_its_selector_and_its_arguments(market: Interface) -> None:
    data = market.function("cancel_order", (7, 2)).encode((7, 2))
    assert data == keccak(text="cancel_order(uint256,uint256)")[:4] + words(7, 2)


def test_defaults_are_functions_of_their_own(market: Interface) -> None:
    data = market.function("cancel_order", (7, 2, OTHER)).encode((7, 2, OTHER))
    assert data[:4] == keccak(text="cancel_order(uint256,uint256,address)")[:4]


def test_a_function_that_is_not_there_is_named(market: Interface) -> None:
    with pytest.raises(ChainError, match="no cancel_order of 1"):
        market.function("cancel_order", (7,))


def test_one_answer_is_itself_and_several_are_a_tuple(market: Interface) -> None:
    assert market.function("mint_fee_wad", ()).decode(words(5)) == 5
    assert market.function("sample", (0,)).decode(words(5, 2)) == (5, 2)


def test_addresses_are_checksummed_wherever_they_are(market: Interface) -> None:
    answer = words(int(MIXED_CASE, 16), int(OTHER, 16), 0, int(OTHER, 16))
    recipients, proposed = market.function("fee_recipients", ()).decode(answer)
    assert recipients == (MIXED_CASE, OTHER)
    assert proposed == ("0x" + 40 * "0", OTHER)


def test_a_garbled_answer_is_an_error_of_the_chain(market: Interface) -> None:
    with pytest.raises(ChainError, match="garbled"):
        market.function("sample", (0,)).decode(words(5))


def test_an_event_has_its_fields_in_the_order_of_its_declaration(market: Interface) -> None:
    topics = (keccak(text="Claimed(address,address,uint256,uint256,uint256,uint256)"),)
    log = Log(OTHER, (*topics, topic(MIXED_CASE), topic(OTHER)), words(1, 2, 3, 4))
    decoded = market.decode_log(log)
    assert decoded is not None
    name, fields = decoded
    assert name == "Claimed"
    assert tuple(fields) == Claimed._fields
    assert Claimed(**fields) == Claimed(MIXED_CASE, OTHER, 1, 2, 3, 4)


def test_a_strangers_event_is_none(market: Interface) -> None:
    assert market.decode_log(Log(OTHER, (keccak(text="Strange()"),), b"")) is None
    assert market.decode_log(Log(OTHER, (), b"")) is None


def test_every_event_of_a_market_is_one_of_the_specification() -> None:
    declared = {
        entry["name"]: tuple(field["name"] for field in entry["inputs"])
        for entry in artifacts.load("Market").abi
        if entry["type"] == "event"
    }
    tokens_tell = {Transfer.__name__}
    events = (event for event in Event.__args__ if event.__name__ not in tokens_tell)
    specified = {event.__name__: event._fields for event in events}
    assert {name: declared[name] for name in declared if name in specified} == specified


def test_terms_survive_the_chain(built: Stage) -> None:
    mirror = built.mirrors[1]
    told = mirror.market.contract.read("terms")
    spec = mirror.spec.terms
    terms, contracts = decode_terms(told, Functions(spec.decimals, spec.transfer, spec.trigger))
    assert terms == spec
    assert encode_terms(terms, contracts) == told
    assert contracts.feed == built.price.on_chain.address
    assert contracts.eth_feed == built.eth.on_chain.address


def test_terms_have_the_order_of_the_interface() -> None:
    [deploy] = (e for e in artifacts.load("Factory").abi if e.get("name") == "deploy")
    [members] = (field["components"] for field in deploy["inputs"] if field["name"] == "terms")
    names = [member["name"] for member in members]
    contracts = Contracts(*Contracts._fields)

    class Named:
        def __getattr__(self, name: str) -> str:
            return name

    assert list(encode_terms(Named(), contracts)) == names  # type: ignore[arg-type]


def test_a_market_is_at_its_address(built: Stage) -> None:
    address = built.mirrors[0].market.address
    assert Market(built.node, address).contract.read("progress")[3] is False
