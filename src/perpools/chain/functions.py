"""Which of the specification's functions the contracts are that a market's terms name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from perpools import artifacts
from perpools.chain.contract import Contract, Interface
from perpools.chain.node import Node
from perpools.spec import transfer_curves
from perpools.spec.terms import NOBODY, Trigger
from perpools.spec.transfer_curves import Linear, TransferFunction
from perpools.spec.triggers import Momentum, PriceChange
from perpools.spec.units import Address, Fraction, Wad

WORD = 32

PURE: dict[str, Any] = {
    "Power": transfer_curves.power,
    "Sigmoid": transfer_curves.sigmoid,
}
PARAMETRIC: dict[str, Callable[[int], Any]] = {
    "Linear": Linear,
    "PriceChange": PriceChange,
    "Momentum": Momentum,
}
"""Those whose one parameter the chain keeps as the last word of the code."""

MOST_SETUP = 256
"""Bytes of a deployment's code that come before the code deployed: more than any of these has."""


@dataclass(frozen=True, slots=True)
class AskedTransfer:
    """A transfer function that nobody here knows: the chain is asked, and may not answer."""

    contract: Contract = field(repr=False, compare=False)
    address: Address

    def __call__(self, p0: Wad, p1: Wad, leverage: Wad, /) -> Fraction:
        """Fraction of the losing side's balance; `ChainError` where the chain cannot be asked."""
        fraction: int = self.contract.read("fraction", p0, p1, leverage)
        return fraction


@dataclass(frozen=True, slots=True)
class AskedTrigger:
    """A trigger that nobody here knows: the chain is asked, and may not answer."""

    contract: Contract = field(repr=False, compare=False)
    address: Address

    def __call__(self, old_price: Wad, new_price: Wad, spot: Wad) -> bool:
        """Whether an event is due; `ChainError` where the chain cannot be asked."""
        due: bool = self.contract.read("due", old_price, new_price, spot)
        return due


def transfer_function(node: Node, address: Address) -> TransferFunction:
    """The transfer function that a contract is: its code tells, not what it says."""
    known: TransferFunction | None = _known(node.code(address), ("Power", "Sigmoid", "Linear"))
    if known is not None:
        return known
    interface = Interface(artifacts.load("Power").abi)
    return AskedTransfer(Contract(node, address, interface), address)


def trigger(node: Node, address: Address) -> Trigger | None:
    """The trigger that a contract is; none where there is none."""
    if address == NOBODY:
        return None
    known: Trigger | None = _known(node.code(address), ("PriceChange", "Momentum"))
    if known is not None:
        return known
    interface = Interface(artifacts.load("PriceChange").abi)
    return AskedTrigger(Contract(node, address, interface), address)


@lru_cache(maxsize=256)
def _known(code: bytes, names: tuple[str, ...]) -> Any:
    """What code of ours does; None for anybody else's."""
    for name in names:
        if name in PURE and _deploys(name, code):
            return PURE[name]
        if name in PARAMETRIC and _deploys(name, code[:-WORD]):
            return PARAMETRIC[name](int.from_bytes(code[-WORD:], "big"))
    return None


def _deploys(name: str, code: bytes) -> bool:
    """
    Whether the contract of this name is deployed as `code`: all of what a deployment sends but the
    setup before it and the compiler's note after it, whose length is in its last two bytes.
    """
    sent = bytes.fromhex(artifacts.load(name).bytecode.removeprefix("0x"))
    body = sent[: -int.from_bytes(sent[-2:], "big")]
    return body.endswith(code) and 0 <= len(body) - len(code) <= MOST_SETUP
