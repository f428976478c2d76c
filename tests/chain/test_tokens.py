"""Any token that people use: its name, its amounts, allowances, permits by signature."""

from typing import cast

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from perpools import artifacts
from perpools.chain import connect
from perpools.chain.contract import Contract, created
from perpools.chain.node import Node
from perpools.chain.tokens import PERMIT, Token
from perpools.demo.stage import Stage
from perpools.errors import ChainError, ConfigError
from perpools.spec import errors
from perpools.spec.terms import NOBODY
from tests.chain.workshop import GENESIS, UNIT, key, mock

FOREVER = 2**64


@pytest.fixture(scope="module")
def node() -> Node:
    return connect(genesis=GENESIS, accounts=3)


def deployed(node: Node, *words: object, contract: str = "DemoCoin") -> Token:
    artifact = artifacts.load(contract) if contract in artifacts.names() else mock(contract)
    return Token(node, Contract.deploy(node, artifact, *words, sender=node.accounts[-1]).address)


@pytest.fixture(scope="module")
def coin(node: Node) -> Token:
    return deployed(node, "Coin", "COIN", 6)


@pytest.fixture(scope="module")
def side_token(built: Stage) -> Token:
    mirror = built.mirrors[0]
    return Token(built.node, mirror.market.contract.read("tokens")[0])


def test_a_token_says_what_it_is(coin: Token, side_token: Token) -> None:
    assert (coin.symbol, coin.decimals, coin.supply) == ("COIN", 6, 0)
    assert (side_token.symbol, side_token.decimals) == ("3L-EUR/USD", 18)


def test_amounts_are_whole_units_exactly(coin: Token) -> None:
    assert coin.units("1.5") == 1_500_000
    assert coin.show(1_500_000) == "1.5 COIN"
    with pytest.raises(ConfigError, match="has more digits than the token keeps: at most 6"):
        coin.units("0.0000001")


def test_a_token_moves_and_is_allowed(node: Node, coin: Token) -> None:
    _, holder, spender = node.accounts
    coin.approve(spender, 5, sender=holder)
    assert coin.allowance(holder, spender) == 5
    with pytest.raises(errors.TokenBalanceIsTooLow):
        coin.transfer(spender, 1, sender=holder)


def test_a_symbol_disturbs_no_terminal(node: Node) -> None:
    assert deployed(node, "Coin", "\x1b[31mRED\n\u202e", 6).symbol == "[31mRED"
    assert deployed(node, "Coin", "\x00\n", 6).symbol.startswith("0x")


def test_the_first_tokens_had_words_for_symbols(node: Node) -> None:
    word = b"MKR".ljust(32, b"\0")
    runtime = b"\x7f" + word + bytes.fromhex("60005260206000f3")
    setup = bytes.fromhex("6029600c60003960296000f3")
    assert Token(node, created(node, setup + runtime, node.accounts[-1])).symbol == "MKR"


def test_a_token_without_a_symbol_is_its_address(node: Node) -> None:
    nameless = deployed(node, 6, contract="Coin")
    assert (nameless.symbol, nameless.decimals) == (nameless.address, 6)


def test_what_is_no_token_is_said_to_be_none(node: Node) -> None:
    keeper, *_ = node.accounts
    for address in (keeper, deployed(node, contract="Power").address):
        with pytest.raises(ConfigError, match=f"{address} is not a token of this chain"):
            assert Token(node, address).decimals
        assert Token(node, address).symbol == address


def test_a_permit_is_an_allowance_that_anybody_brings(built: Stage, side_token: Token) -> None:
    owner, spender, keeper = key("owner"), built.cast.holders[0], built.cast.keeper
    permit = side_token.sign_permit(owner, spender, 7 * UNIT, FOREVER)
    side_token.permit(permit, sender=keeper)
    assert side_token.allowance(owner.address, spender) == 7 * UNIT
    with pytest.raises(errors.PermitIsWrong):
        side_token.permit(permit, sender=keeper)
    again = side_token.sign_permit(owner, spender, 9 * UNIT, FOREVER)
    side_token.permit(again, sender=keeper)
    assert side_token.allowance(owner.address, spender) == 9 * UNIT


def test_a_permit_ends(built: Stage, side_token: Token) -> None:
    expired = side_token.sign_permit(key("owner"), built.cast.keeper, 1, GENESIS - 1)
    with pytest.raises(errors.PermitIsExpired):
        side_token.permit(expired, sender=built.cast.keeper)


def test_a_token_without_permits_says_so(coin: Token) -> None:
    with pytest.raises(ChainError, match="COIN knows no permits: approve instead"):
        coin.sign_permit(key("owner"), coin.address, 1, FOREVER)


DOLLAR_COIN = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
DOLLAR_DOMAIN = "06c37168a7db5138defc7866392bb87a741f9b3d104deb5094588ce041cae335"
"""What the best-known token with permits answers on its chain."""


class DollarChain:
    """A chain of one token, of the second version of its domain."""

    chain_id = 1

    def call(self, to: str, data: bytes) -> bytes:
        told = {
            "name()": encode(["string"], ["USD Coin"]),
            "version()": encode(["string"], ["2"]),
            "symbol()": encode(["string"], ["USDC"]),
            "DOMAIN_SEPARATOR()": bytes.fromhex(DOLLAR_DOMAIN),
            "nonces(address)": (3).to_bytes(32),
        }
        return {keccak(text=name)[:4]: answer for name, answer in told.items()}[data[:4]]


def test_a_domain_of_another_version_is_found() -> None:
    token, owner = Token(cast(Node, DollarChain()), DOLLAR_COIN), key("owner")
    permit = token.sign_permit(owner, NOBODY, 5, FOREVER)
    domain = {
        "name": "USD Coin",
        "version": "2",
        "chainId": 1,
        "verifyingContract": DOLLAR_COIN,
    }
    message = {
        "owner": owner.address,
        "spender": NOBODY,
        "value": 5,
        "nonce": 3,
        "deadline": FOREVER,
    }
    signed = owner.sign_typed_data(domain, {"Permit": PERMIT}, message)
    assert (permit.v, permit.r, permit.s) == (
        signed.v,
        signed.r.to_bytes(32),
        signed.s.to_bytes(32),
    )
