"""An L- or S-token: ERC-20 with permits, and a market that alone mints, burns and takes (R15)."""

from typing import Any

import boa
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from perpools.spec.pool import LOCKED
from perpools.spec.terms import NOBODY
from tests.contracts.deployment import SEED, START, UNLIMITED, Deployed, account, deploy
from tests.evm import deployer

SEED_TOKENS = SEED * 10**12
ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
"""Of the curve secp256k1."""
SIGNER = Account.from_key(b"\x11" * 32)


pytestmark = pytest.mark.usefixtures("chain")


@pytest.fixture
def holder() -> Any:
    return account("holder")


@pytest.fixture
def deployed(holder: Any) -> Deployed:
    return deploy(holder)


@pytest.fixture
def token(deployed: Deployed) -> Any:
    return deployed.tokens[0]


def balances(token: Any, *holders: Any) -> list[int]:
    return [token.balanceOf(who) for who in holders]


def test_a_token_says_what_it_is(deployed: Deployed, holder: Any) -> None:
    for side, (token, letter) in enumerate(zip(deployed.tokens, "LS", strict=True)):
        assert token.symbol() == f"3{letter}-ETH/USD"
        assert token.name() == f"Perpetual Pools 3{letter}-ETH/USD"
        assert (token.decimals(), token.MARKET(), token.SIDE()) == (
            18,
            deployed.market.address,
            side,
        )
        assert balances(token, holder, token.address) == [SEED_TOKENS - LOCKED, LOCKED]
        assert token.totalSupply() == SEED_TOKENS


@pytest.mark.parametrize("tokens", [0, 1, LOCKED, SEED_TOKENS - LOCKED])
def test_a_transfer_moves_tokens_and_creates_none(token: Any, holder: Any, tokens: int) -> None:
    receiver = account("receiver")
    assert token.transfer(receiver, tokens, sender=holder)
    assert balances(token, holder, receiver) == [SEED_TOKENS - LOCKED - tokens, tokens]
    assert token.totalSupply() == SEED_TOKENS


def test_a_transfer_to_oneself_changes_nothing(token: Any, holder: Any) -> None:
    token.transfer(holder, 7, sender=holder)
    assert token.balanceOf(holder) == SEED_TOKENS - LOCKED


def test_transfers_are_told(token: Any, holder: Any) -> None:
    receiver = account("receiver")
    token.transfer(receiver, 7, sender=holder)
    [told] = token.get_logs()
    assert (told.sender, told.receiver, told.value) == (holder, receiver, 7)


def test_each_wrong_transfer_has_its_own_reason(token: Any, holder: Any) -> None:
    spender = account("spender")
    with boa.reverts("token: balance too low"):
        token.transfer(spender, SEED_TOKENS, sender=holder)
    with boa.reverts("token: zero receiver"):
        token.transfer(NOBODY, 1, sender=holder)
    with boa.reverts("token: allowance too low"):
        token.transferFrom(holder, spender, 1, sender=spender)
    with boa.reverts("token: zero spender"):
        token.approve(NOBODY, 1, sender=holder)
    token.approve(spender, UNLIMITED, sender=holder)
    with boa.reverts("token: balance too low"):
        token.transferFrom(holder, spender, SEED_TOKENS, sender=spender)


@pytest.mark.parametrize(("allowed", "left"), [(10, 3), (7, 0), (UNLIMITED, UNLIMITED)])
def test_an_allowance_is_used_up_unless_it_is_unlimited(
    token: Any, holder: Any, allowed: int, left: int
) -> None:
    spender, receiver = account("spender"), account("receiver")
    token.approve(spender, allowed, sender=holder)
    token.transferFrom(holder, receiver, 7, sender=spender)
    assert token.allowance(holder, spender) == left
    assert token.balanceOf(receiver) == 7


def test_the_locked_tokens_stay_locked(deployed: Deployed, token: Any) -> None:
    """Not even the market can be told to take them: no order is theirs."""
    attacker = account("attacker")
    with boa.reverts("token: allowance too low"):
        token.transferFrom(token.address, attacker, 1, sender=attacker)
    with boa.reverts("sender: not authorised"):
        deployed.market.place_order(2, LOCKED, 0, token.address, attacker, sender=attacker)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        ("take", ("victim", 1)),
        ("settle", (1, 0)),
        ("mint", ("attacker", 1)),
        ("burn", ("victim", 1)),
    ],
)
def test_only_the_market_mints_burns_and_takes(
    token: Any, holder: Any, function: str, args: Any
) -> None:
    named = {"victim": holder, "attacker": account("attacker")}
    for sender in (holder, named["attacker"], token.address):
        with boa.reverts("token: not the market"):
            getattr(token, function)(*(named.get(arg, arg) for arg in args), sender=sender)


def test_a_blueprint_is_nobodys_contract() -> None:
    """SB 5.3.3: code with its preamble cannot be called, let alone initialised."""
    for name in ("Market", "SideToken"):
        blueprint = deployer(f"contracts/{name}.vy").deploy_as_blueprint()
        assert boa.env.get_code(blueprint.address)[:3] == bytes.fromhex("fe7100")


# permits


def typed(token: Any, **changes: Any) -> dict[str, Any]:
    """What a holder signs, from what the token says of its own domain."""
    fields, name, version, chain_id, contract, salt, extensions = token.eip712Domain()
    assert (fields, salt, extensions) == (b"\x0f", bytes(32), [])
    members = ("owner", "spender", "value", "nonce", "deadline")
    types = {"owner": "address", "spender": "address"}
    domain = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": contract}
    message = {
        "owner": SIGNER.address,
        "spender": "0x" + 40 * "5",
        "value": 7,
        "nonce": token.nonces(SIGNER.address),
        "deadline": START,
    }
    return {
        "types": {"Permit": [{"name": m, "type": types.get(m, "uint256")} for m in members]},
        "primaryType": "Permit",
        "domain": domain | changes.pop("domain", {}),
        "message": message | changes,
    }


def permit(token: Any, data: dict[str, Any], **changes: Any) -> None:
    """Submit a signature of `data`, with some of what is submitted changed."""
    signed = SIGNER.sign_typed_data(data["domain"], data["types"], data["message"])
    given = data["message"] | {"v": signed.v, "r": signed.r, "s": signed.s} | changes
    r, s = (given[name].to_bytes(32, "big") for name in ("r", "s"))
    token.permit(
        given["owner"], given["spender"], given["value"], given["deadline"], given["v"], r, s
    )


def test_a_permit_allows_what_was_signed_once(token: Any) -> None:
    data = typed(token)
    permit(token, data)
    [told] = token.get_logs()
    spender = data["message"]["spender"]
    assert (told.owner, told.spender, told.value) == (SIGNER.address, spender, 7)
    assert token.allowance(SIGNER.address, spender) == 7
    assert token.nonces(SIGNER.address) == 1
    with boa.reverts("permit: wrong signature"):
        permit(token, data)


def test_a_permit_ends_at_its_deadline(token: Any) -> None:
    late = typed(token, deadline=START - 1)
    with boa.reverts("permit: expired"):
        permit(token, late)
    permit(token, typed(token, deadline=START))


@pytest.mark.parametrize(
    "changes",
    [
        {"value": 8},
        {"spender": "0x" + 40 * "6"},
        {"owner": "0x" + 40 * "6"},
        {"owner": NOBODY},
        {"deadline": START + 1},
        {"v": 0},
        {"r": 1},
        {"s": 1},
    ],
)
def test_a_permit_covers_every_field(token: Any, changes: dict[str, Any]) -> None:
    with boa.reverts("permit: wrong signature"):
        permit(token, typed(token), **changes)
    assert token.nonces(SIGNER.address) == 0


def test_a_permit_cannot_be_signed_by_the_zero_address(token: Any) -> None:
    """An invalid signature recovers nobody, who must own nothing."""
    with boa.reverts("permit: wrong signature"):
        token.permit(NOBODY, account("attacker"), 1, START, 0, bytes(32), bytes(32))


def test_a_malleable_signature_is_refused(token: Any) -> None:
    data = typed(token)
    signed = SIGNER.sign_typed_data(data["domain"], data["types"], data["message"])
    with boa.reverts("permit: wrong signature"):
        permit(token, data, s=ORDER - signed.s, v=55 - signed.v)


@pytest.mark.parametrize(
    "domain",
    [{"chainId": 2}, {"verifyingContract": "0x" + 40 * "7"}, {"version": "2"}, {"name": "Other"}],
)
def test_a_permit_for_another_chain_or_token_is_refused(token: Any, domain: dict[str, Any]) -> None:
    with boa.reverts("permit: wrong signature"):
        permit(token, typed(token, domain=domain))


def test_the_domain_separator_is_that_of_the_fields(token: Any) -> None:
    data = typed(token)
    encoded = encode_typed_data(data["domain"], data["types"], data["message"])
    assert token.DOMAIN_SEPARATOR() == encoded.header
