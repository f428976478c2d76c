"""Why a node did not do it, told alike whatever product it is."""

import pytest
from web3.exceptions import ContractLogicError, Web3RPCError

from perpools.chain.endpoints import excuse
from perpools.chain.failures import (
    NonceTaken,
    TooPoor,
    Underpriced,
    error_of,
    explained,
    is_known,
)
from perpools.chain.fees import GWEI, FeePolicy, FeesTooHigh
from perpools.errors import ChainError, StrangeAnswer
from perpools.spec.errors import PriceIsZero, Rejected

REASON = "0x08c379a0" + f"{32:064x}{11:064x}" + b"price: zero".ljust(32, b"\0").hex()

REVERTS = (
    {"code": 3, "message": "execution reverted: price: zero", "data": REASON},
    {"code": 3, "message": "execution reverted", "data": REASON},
    {"code": -32000, "message": "execution reverted: price: zero"},
    {"code": -32015, "message": "VM execution error.", "data": "Reverted " + REASON},
    {"code": -32603, "message": "Internal error", "data": {"data": REASON}},
    {"code": 3, "message": "price: zero"},
)

TRANSACTIONS = {
    "insufficient funds for gas * price + value: address 0x11 have 0 want 42": TooPoor,
    "Insufficient funds for gas * price + value": TooPoor,
    "sender doesn't have enough funds to send tx. The max upfront cost is: 42": TooPoor,
    "gas required exceeds allowance (0)": TooPoor,
    "nonce too low: next nonce 5, tx nonce 4": NonceTaken,
    "Nonce too low. Expected nonce to be 5 but got 4.": NonceTaken,
    "the tx doesn't have the correct nonce. account has nonce too small": NonceTaken,
    "OldNonce": NonceTaken,
    "replacement transaction underpriced": Underpriced,
    "max fee per gas less than block base fee": Underpriced,
    "transaction underpriced: tip needed 1, tip permitted 0": Underpriced,
    "FeeTooLow, MaxFeePerGas too low": Underpriced,
    "intrinsic gas too low": ChainError,
}


@pytest.mark.parametrize("error", REVERTS)
def test_a_reason_is_found_wherever_it_is(error: dict[str, object]) -> None:
    assert isinstance(error_of(error), PriceIsZero)
    assert excuse({"error": error}) is None


def test_an_unknown_reason_is_one_line() -> None:
    strange = error_of({"code": 3, "message": "execution reverted: so\nlong " + 999 * "x"})
    assert isinstance(strange, StrangeAnswer)
    assert str(strange).startswith("the contract refused: so long xxx")
    assert "\n" not in str(strange)
    assert len(str(strange)) < 400


def test_no_reason_at_all_is_said() -> None:
    told = explained(ContractLogicError("execution reverted"))
    assert str(told) == "the contract refused: it gave no reason"


@pytest.mark.parametrize("message", TRANSACTIONS)
def test_what_is_wrong_with_a_transaction(message: str) -> None:
    response = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": message}}
    told = explained(Web3RPCError(message, rpc_response=response))  # type: ignore[arg-type]
    assert type(told) is TRANSACTIONS[message]
    assert excuse(response) is None


def test_whoever_has_too_little_is_named() -> None:
    poor = "0x" + 40 * "1"
    told = error_of({"code": -32000, "message": "insufficient funds"}, poor)
    assert str(told) == f"the account {poor} has too little native coin for gas: send it some"


@pytest.mark.parametrize(
    "message",
    ["already known", "AlreadyKnown", "transaction already imported", "known transaction: 0x11"],
)
def test_what_a_node_has_already_is_no_failure(message: str) -> None:
    assert is_known(error_of({"code": -32000, "message": message}))


@pytest.mark.parametrize(
    ("code", "message", "excused"),
    [
        (-32005, "daily request count exceeded", True),
        (-32000, "Your app has exceeded its compute units per second capacity", True),
        (-32603, "Internal error", False),
        (-32000, "header not found", False),
        (-32005, "query returned more than 10000 results", None),
        (-32005, "eth_getLogs block range too large", None),
        (-32602, "Log response size exceeded", None),
        (-32601, "the method does not exist", None),
    ],
)
def test_an_excuse_is_told_from_an_answer(code: int, message: str, excused: bool | None) -> None:
    told = excuse({"error": {"code": code, "message": message}})
    assert (told and told[1]) == excused


def test_a_refusal_passes_unchanged() -> None:
    refusal: Rejected = PriceIsZero()
    assert explained(refusal) is refusal


def test_fees_are_twice_the_base_fee_and_the_tip() -> None:
    assert FeePolicy().fees(30 * GWEI, GWEI)[:2] == (61 * GWEI, GWEI)
    assert FeePolicy(priority_wei=5).fees(30 * GWEI, GWEI)[:2] == (60 * GWEI + 5, 5)


def test_fees_are_never_above_the_cap() -> None:
    policy = FeePolicy(max_fee_wei=40 * GWEI)
    assert policy.fees(30 * GWEI, GWEI)[:2] == (40 * GWEI, GWEI)
    assert policy.fees(40 * GWEI, 50 * GWEI)[:2] == (40 * GWEI, 40 * GWEI)
    with pytest.raises(FeesTooHigh):
        policy.fees(40 * GWEI + 1, GWEI)
    with pytest.raises(FeesTooHigh):
        policy.legacy(40 * GWEI + 1)


@pytest.mark.parametrize("fee", [0, 1, 7, 8, 9, GWEI, 10**12 + 1])
def test_a_raise_is_an_eighth_and_at_least_what_is_usual_now(fee: int) -> None:
    policy = FeePolicy()
    before, now = policy.fees(fee, fee), policy.fees(2 * fee, 2 * fee)
    raised = before.raised(least=before)
    assert 8 * raised.max_fee >= 9 * before.max_fee
    assert raised.priority > before.priority
    assert before.raised(least=now)[:2] >= now[:2]
