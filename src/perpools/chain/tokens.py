"""An ERC-20 token: what it says of itself, who holds it, who may take it; permits (EIP-2612)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from perpools import artifacts, quantities
from perpools.chain.contract import Contract, Interface
from perpools.chain.node import Node, Receipt
from perpools.errors import ChainError, ConfigError, StrangeAnswer
from perpools.spec.errors import Rejected
from perpools.spec.units import Address, Timestamp

LONGEST_SYMBOL = 44
"""That of our own tokens; a stranger's is cut off."""

PERMIT = [
    {"name": "owner", "type": "address"},
    {"name": "spender", "type": "address"},
    {"name": "value", "type": "uint256"},
    {"name": "nonce", "type": "uint256"},
    {"name": "deadline", "type": "uint256"},
]

_TEXT_DATA_BYTES = 64
"""The least of a text's encoding; what is shorter is a word, as the first tokens had it."""
_STRANGE = (Rejected, StrangeAnswer, DecodingError)


class Permit(NamedTuple):
    """An allowance by signature: anybody may bring it to the token, once, until the deadline."""

    owner: Address
    spender: Address
    units: int
    deadline: Timestamp
    v: int
    r: bytes
    s: bytes


@dataclass(frozen=True)
class Token:
    """One token of a chain; amounts are in its base units."""

    node: Node
    address: Address

    @cached_property
    def contract(self) -> Contract:
        """Everything that an L- or S-token does, which includes what any token does."""
        return Contract(self.node, self.address, Interface(artifacts.load("SideToken").abi))

    @cached_property
    def symbol(self) -> str:
        """What it is called; its address where it has no name. Never more than a short word."""
        return self._text("symbol") or self.address

    @cached_property
    def decimals(self) -> int:
        """How many digits of a whole unit it keeps; `ConfigError` where it is no token."""
        try:
            return int(self.contract.read("decimals"))
        except (Rejected, StrangeAnswer):
            raise ConfigError(f"{self.address} is not a token of this chain") from None

    def balance(self, owner: Address) -> int:
        """What an account holds."""
        return int(self.contract.read("balanceOf", owner))

    def allowance(self, owner: Address, spender: Address) -> int:
        """What a spender may take from an owner."""
        return int(self.contract.read("allowance", owner, spender))

    @property
    def supply(self) -> int:
        """All there is."""
        return int(self.contract.read("totalSupply"))

    def approve(self, spender: Address, units: int, *, sender: Address) -> Receipt:
        """Let a spender take so much, in place of what it might before."""
        return self.contract.send("approve", spender, units, sender=sender)

    def transfer(self, receiver: Address, units: int, *, sender: Address) -> Receipt:
        """Send to somebody."""
        return self.contract.send("transfer", receiver, units, sender=sender)

    def units(self, text: str) -> int:
        """The base units that "1.5" whole ones are; `ConfigError` says how to write it."""
        try:
            return quantities.amount(text, self.decimals)
        except ValueError as wrong:
            raise ConfigError(f'"{text}" {wrong}') from None

    def show(self, units: int) -> str:
        """Every digit, and the symbol: "1.5 USDC"."""
        return f"{quantities.show_amount(units, self.decimals)} {self.symbol}"

    def sign_permit(
        self, owner: LocalAccount, spender: Address, units: int, deadline: Timestamp
    ) -> Permit:
        """An owner's signature; nothing is sent. `ChainError` where the token knows no permits."""
        domain = self._domain()
        message = {
            "owner": owner.address,
            "spender": spender,
            "value": units,
            "nonce": self.contract.read("nonces", owner.address),
            "deadline": deadline,
        }
        signed = owner.sign_typed_data(domain, {"Permit": PERMIT}, message)
        r, s = signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")
        return Permit(owner.address, spender, units, deadline, signed.v, r, s)

    def permit(self, permit: Permit, *, sender: Address) -> Receipt:
        """Bring a permit to the token; whoever sends pays for the gas."""
        return self.contract.send("permit", *permit, sender=sender)

    def _domain(self) -> dict[str, Any]:
        """What permits are signed for: the fields whose hash is the token's own separator."""
        try:
            separator = self.contract.read("DOMAIN_SEPARATOR")
        except _STRANGE:
            raise ChainError(f"{self.symbol} knows no permits: approve instead") from None
        for domain in self._domains():
            if _separator(domain) == separator:
                return domain
        raise ChainError(f"{self.symbol} has a signing domain of its own: approve instead")

    def _domains(self) -> Iterator[dict[str, Any]]:
        where = {"chainId": self.node.chain_id, "verifyingContract": self.address}
        name = self._text("name", longest=1_000)
        for version in ("1", self._text("version"), "2"):
            yield {"name": name, "version": version, **where}

    def _text(self, getter: str, longest: int = LONGEST_SYMBOL) -> str:
        """What a token says, as a text or as one word, without what would disturb a terminal."""
        try:
            data = self.node.call(self.address, keccak(text=f"{getter}()")[:4])
            if len(data) < _TEXT_DATA_BYTES:
                told = data.rstrip(b"\0").decode("utf-8", "replace")
            else:
                [told] = decode(["string"], data)
        except _STRANGE:
            return ""
        return "".join(letter for letter in told if letter.isprintable()).strip()[:longest]


def _separator(domain: dict[str, Any]) -> bytes:
    """The hash of a domain (EIP-712)."""
    empty = encode_typed_data(domain, {"Permit": PERMIT}, _NOTHING)
    return bytes(empty.header)


_NOTHING = {
    "owner": "0x" + 40 * "0",
    "spender": "0x" + 40 * "0",
    "value": 0,
    "nonce": 0,
    "deadline": 0,
}
"""A message to go with a domain of which only the hash is wanted."""
