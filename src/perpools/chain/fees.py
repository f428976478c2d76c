"""What a transaction offers for its gas: never more than its sender's cap."""

from dataclasses import dataclass
from typing import NamedTuple

from perpools.chain.failures import FeesTooHigh

HEADROOM = 2
"""Base fees covered: it grows by an eighth a block at most, so six full blocks in a row."""

GWEI = 10**9


class Fees(NamedTuple):
    """Wei for each unit of gas (EIP-1559)."""

    max_fee: int
    """Base fee and priority together cost at most this."""
    priority: int
    """What the block's producer gets of it."""
    is_legacy: bool = False
    """The chain has no base fee: `max_fee` is the gas price, paid in full."""

    def raised(self, *, least: "Fees") -> "Fees":
        """
        By an eighth, rounded up, as nodes demand of a replacement; not below `least`, what a new
        transaction would offer.
        """
        return Fees(
            max(_raised(self.max_fee), least.max_fee),
            max(_raised(self.priority), least.priority),
            self.is_legacy,
        )


@dataclass(frozen=True, slots=True)
class FeePolicy:
    """How much a sender is ready to pay for each unit of gas, in wei; None: whatever is asked."""

    max_fee_wei: int | None = None
    priority_wei: int | None = None
    """What the block's producer gets; None: what the node suggests."""

    def fees(self, base_fee: int, priority: int) -> Fees:
        """
        Twice the base fee and the priority, within the cap.

        `FeesTooHigh` where the base fee alone is above the cap.
        """
        if self.max_fee_wei is not None and self.max_fee_wei < base_fee:
            raise _too_high("the base fee", base_fee, self.max_fee_wei)
        tip = priority if self.priority_wei is None else self.priority_wei
        return self._capped(Fees(HEADROOM * base_fee + tip, tip))

    def legacy(self, gas_price: int) -> Fees:
        """The price that a node suggests, where the chain has no base fee; else `FeesTooHigh`."""
        return self.allowed(Fees(gas_price, gas_price, is_legacy=True))

    def allowed(self, fees: Fees) -> Fees:
        """These very fees; `FeesTooHigh` where they are above the cap."""
        if self.max_fee_wei is not None and fees.max_fee > self.max_fee_wei:
            raise _too_high("what is needed", fees.max_fee, self.max_fee_wei)
        return fees

    def _capped(self, fees: Fees) -> Fees:
        most = fees.max_fee if self.max_fee_wei is None else min(fees.max_fee, self.max_fee_wei)
        return Fees(most, min(fees.priority, most))


def _raised(wei: int) -> int:
    return max(-(-wei * 9 // 8), wei + 1)


def _too_high(what: str, asked: int, cap: int) -> FeesTooHigh:
    return FeesTooHigh(
        f"{what} is {asked / GWEI:.9g} gwei, above the cap of {cap / GWEI:.9g}: "
        "wait, or raise max_fee_gwei"
    )
