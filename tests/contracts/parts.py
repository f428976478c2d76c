"""Parts of a median that say anything they are told to."""

from eth_abi import encode

from tests.contracts.feeds import NOW
from tests.evm import deployer

ANSWERS, REFUSES, BURNS_GAS, NEEDS_GAS = range(4)


class Part:
    """A part of a median that says anything it is told to."""

    def __init__(self, price: int = 0, at: int = NOW - 60) -> None:
        self.contract = deployer("tests/vyper/mocks/ScriptedPart.vy").deploy()
        self.address, self.price = self.contract.address, price
        if price:
            self.answers(price, at)

    def answers(self, price: int, at: int) -> "Part":
        words = encode(["uint256", "uint256"], [price, at])
        self.contract.says_now(ANSWERS, words)
        self.contract.says_then(ANSWERS, words)
        return self

    def says(self, reason: str, *, now: str | None = None) -> "Part":
        """Refuse, with another reason where there is no moment and no hint."""
        self.contract.says_then(REFUSES, error(reason))
        self.contract.says_now(REFUSES, error(reason if now is None else now))
        return self


def error(reason: str) -> bytes:
    """A refusal as every contract words it."""
    return bytes.fromhex("08c379a0") + encode(["string"], [reason]) if reason else b""


def three(*prices: int, at: int = NOW - 60) -> tuple[Part, Part, Part]:
    first, second, third = (Part(price, at) for price in prices)
    return first, second, third
