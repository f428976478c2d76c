"""What somebody asks to do in a market: who, and with which arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from perpools.chain import subject
from perpools.chain.node import Node
from perpools.errors import ConfigError
from perpools.spec.state import Call
from perpools.spec.units import Address
from perpools.web.sight import Sight

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """An action in a market."""

    sight: Sight
    sender: Address
    arguments: Arguments
    node: Node
    """For what only a node tells: allowances, hints."""

    def number(self, name: str, default: int | None = None) -> int:
        """An argument that is a number."""
        value = self.arguments.get(name)
        found = default if value is None else value
        if found is None or isinstance(found, bool) or not isinstance(found, int) or found < 0:
            raise ConfigError(f"{name}: write a whole number of base units, 0 or more")
        if found >= 2**256:
            raise ConfigError(f"{name}: is too large")
        return found

    def account(self, name: str, default: Address | None = None) -> Address:
        """An argument that is an address, checksummed."""
        found = self.arguments.get(name) or default
        if not isinstance(found, str):
            raise ConfigError(f"{name}: missing: name an account")
        return checksummed(name, found)

    @property
    def call(self) -> Call:
        """By the sender, now."""
        return Call(self.sender, self.sight.now)


def checksummed(name: str, account: str) -> Address:
    """An address as the specification spells accounts."""
    try:
        return subject.checksummed(account)
    except ConfigError as wrong:
        raise ConfigError(f"{name}: {wrong}") from None
