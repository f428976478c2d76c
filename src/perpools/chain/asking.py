"""One request: which state it asks for, whether it may be repeated, and what answers it."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from perpools.chain.endpoints import Endpoint, Failure, excuse

UNREPEATABLE = ("eth_sendTransaction", "evm_", "anvil_", "hardhat_")
"""What these do might be done twice; a signed transaction is the same however often it is sent."""

BLOCK_AT = {
    "eth_call": 1,
    "eth_estimateGas": 1,
    "eth_getBalance": 1,
    "eth_getCode": 1,
    "eth_getTransactionCount": 1,
    "eth_getBlockByNumber": 0,
}
"""Where each method names its block; one that does not means the latest."""


class Need(NamedTuple):
    """Which state a request asks for."""

    latest: bool = False
    block: int | None = None
    """An endpoint should have reached this block."""


@dataclass(slots=True)
class Attempt:
    """One request, until somebody answers it."""

    method: str
    params: Any
    body: bytes
    count: int = 0
    """Answers wanted of a batch; 0: it is none."""
    answer: Any = None
    failures: dict[str, Failure] = field(default_factory=dict)
    odd: list[Endpoint] = field(default_factory=list)
    """Who answered an internal error: it rests if another does better."""

    @property
    def is_repeatable(self) -> bool:
        """Whether it does no harm twice."""
        return not self.method.startswith(UNREPEATABLE)

    def judge(self, answer: Any) -> None:
        """`Failure` where an answer is of no use."""
        several = answer if isinstance(answer, list) else [answer]
        for single in several:
            excused = excuse(single)
            if excused:
                said, is_busy = excused
                raise Failure(said, answer=None if is_busy else answer)
        if isinstance(answer, list) and len(answer) != self.count:
            raise Failure(f"it answers {len(answer)} of {self.count} requests")


def need_of(method: str, params: Any) -> Need:
    """Which state a request asks for."""
    if method == "eth_blockNumber":
        return Need(latest=True)
    if method == "eth_getLogs":
        return _need(params[0].get("toBlock", "latest"))
    at = BLOCK_AT.get(method)
    return Need() if at is None else _need(params[at] if len(params) > at else "latest")


def _need(block: Any) -> Need:
    if block in ("latest", "pending"):
        return Need(latest=True)
    if isinstance(block, str) and block.startswith("0x"):
        return Need(block=int(block, 16))
    return Need()
