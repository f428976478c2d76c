"""
Why a node did not do it.

    ChainError
    ├── Unreachable      no endpoint gave a usable answer: it may or may not have been done
    ├── WrongChain       an endpoint is of another chain than it should be
    ├── TooPoor          the sender cannot pay for gas and value
    ├── NonceTaken       another transaction of the account has this nonce
    ├── Underpriced      the node wants higher fees, or a bigger raise to replace one
    ├── FeesTooHigh      the chain asks for more than the fee policy's cap: waiting may help
    ├── NotMined         not mined before the deadline; it still may be
    └── Superseded       another transaction was mined with its nonce: it never will be

A contract's refusal is raised as the specification's exception for its reason
(`spec.errors.Rejected`), one for a reason that the specification does not know as `StrangeAnswer`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from requests import RequestException
from web3.exceptions import ContractLogicError, Web3Exception, Web3RPCError

from perpools.errors import ChainError, StrangeAnswer
from perpools.spec.errors import Rejected
from perpools.spec.units import Address

REVERTED = "execution reverted"
"""What nodes put before a contract's reason."""

NO_REASON = "it gave no reason"

LONGEST = 300
"""Characters of what a node or a contract says that are repeated."""

ERROR_SELECTOR = bytes.fromhex("08c379a0")
"""Of `Error(string)`: how contracts return their reason."""

_REFUSALS = {refusal.reason: refusal for refusal in Rejected.__subclasses__()}


class Unreachable(ChainError):
    """No endpoint gave a usable answer; what was sent may have arrived or not."""

    def __init__(self, message: str, *, late: bool = False) -> None:
        super().__init__(message)
        self.late = late
        """Whether an endpoint ran out of time: it may have been asked for too much."""


class WrongChain(ChainError):
    """An endpoint is of another chain than it should be."""


class TooPoor(ChainError):
    """The sender's native coin does not cover value and gas."""


class NonceTaken(ChainError):
    """Another transaction of the account has this nonce."""


class Underpriced(ChainError):
    """The fees are below what the node accepts, or what it wants for replacing a transaction."""


class FeesTooHigh(ChainError):
    """The chain asks for more than the fee policy allows; it waits."""


class NotMined(ChainError):
    """A transaction was not mined before the deadline; it still may be."""


class Superseded(ChainError):
    """Another transaction was mined with this one's nonce."""


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# Clients word these differently; the first that fits counts.
_KINDS = (
    (
        TooPoor,
        _any("insufficient funds", "enough (balance|funds)", "cannot afford", "exceeds allowance"),
    ),
    (
        NonceTaken,
        _any(
            "nonce.{0,9} too (low|small)", "nonce has already", "invalid.{0,13} nonce", "oldnonce"
        ),
    ),
    (
        Underpriced,
        _any(
            "underpriced",
            "fee.{0,30}(less|lower) than",
            "(fee|gas price).{0,20}(below|too low)",
            "could not replace",
        ),
    ),
)
_HALTED = _any("evm error", "invalid opcode", "out of gas", "stack (under|over)flow", "bad jump")
"""A contract's own failure, though it reverted nothing and gave no reason."""
_KNOWN = _any("already (known|imported|in mempool|exists)", "known transaction", "alreadyknown")


@contextmanager
def explaining(sender: Address | None = None) -> Iterator[None]:
    """Whatever goes wrong inside is raised as `explained`."""
    try:
        yield
    except (Web3Exception, RequestException, OSError) as failed:
        raise explained(failed, sender) from None


def explained(failed: Exception, sender: Address | None = None) -> Exception:
    """
    What to raise: a contract's refusal as the specification's, anything else as the error of the
    chain that it is. `sender` is who would have paid.
    """
    if isinstance(failed, ChainError | Rejected):
        return failed
    if isinstance(failed, ContractLogicError):
        return refusal(str(failed.message).removeprefix(REVERTED).removeprefix(": "))
    if isinstance(failed, Web3RPCError) and isinstance(failed.rpc_response, Mapping):
        error = failed.rpc_response.get("error")
        if isinstance(error, Mapping):
            return error_of(error, sender)
    return _kind(str(failed), sender)


def error_of(error: Mapping[str, Any], sender: Address | None = None) -> Exception:
    """What to raise for the `error` of a JSON-RPC answer."""
    reason = reason_of(error)
    return _kind(str(error.get("message")), sender) if reason is None else refusal(reason)


def refusal(reason: str) -> Exception:
    """The specification's exception for a contract's reason, else `StrangeAnswer`."""
    found: Any = _REFUSALS.get(reason)
    told = _line(reason) or NO_REASON
    return found() if found else StrangeAnswer(f"the contract refused: {told}")


def reason_of(error: Mapping[str, Any]) -> str | None:
    """The reason why a contract reverted, empty where it gave none; None if none did."""
    data, message = error.get("data"), str(error.get("message", ""))
    data = data.get("data") if isinstance(data, Mapping) else data
    if isinstance(data, str) and (found := _decoded(data)) is not None:
        return found
    if REVERTED not in message and error.get("code") != 3:
        return None
    return message.partition(REVERTED)[2].lstrip(": ") if REVERTED in message else message


def is_known(failed: Exception) -> bool:
    """Whether the node only says that it has this very transaction already."""
    return _KNOWN.search(str(failed)) is not None


def _decoded(data: str) -> str | None:
    try:
        raw = bytes.fromhex(data.removeprefix("Reverted ").removeprefix("0x"))
        return str(decode(["string"], raw[4:])[0]) if raw[:4] == ERROR_SELECTOR else None
    except (ValueError, DecodingError):
        return None


def _line(told: str) -> str:
    """Strangers' words as part of a line of ours."""
    return " ".join(told.split())[:LONGEST]


def _kind(message: str, sender: Address | None) -> ChainError:
    """An error of the chain by what the node says of it."""
    message = _line(message)
    for kind, said in _KINDS:
        if not said.search(message):
            continue
        if kind is TooPoor:
            who = f"the account {sender}" if sender else "the sender"
            told = f" ({message})" if "want" in message else ""
            return TooPoor(f"{who} has too little native coin for gas: send it some{told}")
        return kind(f"the node did not take the transaction: {message}")
    if _HALTED.search(message):
        return StrangeAnswer(f"the contract failed: {message}")
    return ChainError(f"the node did not do it: {message}")
