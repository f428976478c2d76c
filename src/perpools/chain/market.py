"""A market: every external function, and the events it logged as the specification's."""

from typing import Any, NamedTuple, cast

from perpools import artifacts
from perpools.chain.contract import Contract, Interface
from perpools.chain.node import GAS_PRICE, Node, Receipt
from perpools.spec import events
from perpools.spec.events import Event
from perpools.spec.orders import Order
from perpools.spec.units import Address, Assets, Epoch, Tokens, Wei

SPARE_GAS = 300_000
"""
For an event beside what is estimated: before it is mined, the grid point of an epoch with orders
may pass. More than six batches cost; what is not used is not paid.
"""

ANY_EPOCH: Epoch = 2**256 - 1
"""An order may join whatever epoch it does."""


class Outcome(NamedTuple):
    """What an operation did."""

    receipt: Receipt
    events: tuple[Event, ...]


class Market:
    """One market on a chain. What it refuses is raised as the specification's exception."""

    def __init__(self, node: Node, address: Address) -> None:
        self.contract = Contract(node, address, Interface(artifacts.load("Market").abi))

    @property
    def address(self) -> Address:
        """Where it is."""
        return self.contract.address

    def place_order(self, order: Order, *, sender: Address, tip: Wei = 0) -> Outcome:
        """Order; the tip is for whoever claims for the controller."""
        stated = (order.from_escrow, order.owner, order.controller, order.last_epoch)
        usual = (0, sender, sender, ANY_EPOCH)
        arguments = (order.kind, order.amount, *_unusual(stated, usual))
        return self._send("place_order", *arguments, sender=sender, value=tip)

    def cancel_order(
        self, epoch: Epoch, kind: int, controller: Address, *, sender: Address
    ) -> Outcome:
        """Take an order back into escrow."""
        named = _unusual((controller,), (sender,))
        return self._send("cancel_order", epoch, kind, *named, sender=sender)

    def rebalance(
        self,
        hint: int = 0,
        *,
        sender: Address,
        keeper: Address | None = None,
        gas_price: Wei = GAS_PRICE,
    ) -> Outcome:
        """Close one epoch; the keeper, whose escrow is paid, is the sender if nobody else is."""
        stated = _unusual((hint, keeper or sender), (0, sender))
        return self._send("rebalance", *stated, sender=sender, gas_price=gas_price)

    def claim(self, owner: Address, *, sender: Address) -> Outcome:
        """Send an owner everything that is due."""
        return self._send("claim", *_unusual((owner,), (sender,)), sender=sender)

    def withdraw(
        self, item: int, amount: int, parties: tuple[Address, Address], *, sender: Address
    ) -> Outcome:
        """Send part of one thing; `parties` are owner and receiver."""
        named = _unusual(parties, (sender, sender))
        return self._send("withdraw", item, amount, *named, sender=sender)

    def mint_pair(self, assets: Assets, *, sender: Address) -> Outcome:
        """Pay into both sides."""
        return self._send("mint_pair", assets, sender=sender)

    def redeem_pair(self, long_tokens: Tokens, *, sender: Address) -> Outcome:
        """Give equal fractions of both supplies."""
        return self._send("redeem_pair", long_tokens, sender=sender)

    def wind_down(self, *, sender: Address) -> Outcome:
        """Stop the market for good."""
        return self._send("wind_down", sender=sender)

    def redeem(self, side: int, amount: Tokens, *, sender: Address) -> Outcome:
        """Give tokens of a wound-down market."""
        return self._send("redeem", side, amount, sender=sender)

    def pay_fees(self, which: int, *, sender: Address) -> Outcome:
        """Send a recipient its management fees."""
        return self._send("pay_fees", which, sender=sender)

    def propose_recipient(self, which: int, proposed: Address, *, sender: Address) -> Outcome:
        """Name the account that may take a recipient's place."""
        return self._send("propose_recipient", which, proposed, sender=sender)

    def accept_recipient(self, which: int, *, sender: Address) -> Outcome:
        """Take a recipient's place."""
        return self._send("accept_recipient", which, sender=sender)

    def set_operator(self, operator: Address, *, approved: bool, sender: Address) -> Outcome:
        """Appoint an operator, or dismiss it."""
        return self._send("setOperator", operator, approved, sender=sender)

    def told(self, receipt: Receipt) -> tuple[Event, ...]:
        """The market's events in a receipt."""
        return tuple(spec_event(name, fields) for name, fields in self.contract.told(receipt))

    def _send(
        self,
        function: str,
        *arguments: Any,
        sender: Address,
        value: Wei = 0,
        gas_price: Wei = GAS_PRICE,
    ) -> Outcome:
        receipt = self.contract.send(
            function, *arguments, sender=sender, value=value, gas_price=gas_price
        )
        return Outcome(receipt, self.told(receipt))


def _unusual(stated: tuple[Any, ...], usual: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments up to the last that is not the contract's default: senders pay for each byte."""
    while stated and stated[-1] == usual[-1]:
        stated, usual = stated[:-1], usual[:-1]
    return stated


def spec_event(name: str, fields: dict[str, Any]) -> Event:
    """The specification's event of this name, whose fields have the same names."""
    return cast(Event, getattr(events, name)(**fields))
