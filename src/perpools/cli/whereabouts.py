"""Where markets are: by address anywhere, by symbol or name where a factory is known."""

import re
from collections.abc import Sequence
from functools import cached_property

from eth_utils.address import to_checksum_address

from perpools.chain.factory import Factory, Listed
from perpools.chain.node import Node
from perpools.chain.protocol import Protocol
from perpools.errors import ConfigError
from perpools.settings import Settings
from perpools.spec import naming
from perpools.spec.units import Address

_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_SIDES = ("L-", "S-")


class Whereabouts:
    """What the settings say about where to look."""

    def __init__(self, node: Node, settings: Settings) -> None:
        self._node = node
        self._settings = settings

    @cached_property
    def protocol(self) -> Protocol | None:
        """What the deployment file says; None where there is none."""
        path = self._settings.deployment
        return None if path is None else Protocol.load(self._node, path)

    @property
    def factory(self) -> Address | None:
        """Whose markets are known by name."""
        if self._settings.factory:
            return to_checksum_address(self._settings.factory)
        return self.protocol.factory.address if self.protocol else None

    @property
    def first_block(self) -> int:
        """No log that matters is older."""
        known = self.protocol.block_number if self.protocol else 0
        return max(self._settings.from_block, known)

    @cached_property
    def listed(self) -> Sequence[Listed]:
        """The factory's markets, or those of every factory where none is known."""
        return Factory(self._node, self.factory).markets(self.first_block)

    def market(self, named: str | None = None) -> Address:
        """
        The one market that is meant: named here, else in the settings, else the only one there is.
        Names count among the factory's alone: anybody can give a market any name elsewhere.
        """
        wanted = named or self._only(self._settings.market, "settings: market")
        if wanted and _ADDRESS.fullmatch(wanted):
            return to_checksum_address(wanted)
        if self.factory is None:
            raise ConfigError("market: give --market ADDRESS, or --factory ADDRESS to use its name")
        found = [listed for listed in self.listed if wanted is None or wanted in names(listed)]
        if not found:
            raise ConfigError(self._none(wanted))
        return self._only([listed.market for listed in found], wanted or "market") or ""

    def markets(self) -> tuple[Address, ...]:
        """The markets that the settings name, else all of the factory's."""
        if self._settings.market:
            return tuple(self.market(named) for named in self._settings.market)
        if self.factory is None:
            return (self.market(),)
        return tuple(listed.market for listed in self.listed)

    def _none(self, wanted: str | None) -> str:
        if not self.listed:
            return f"market: the factory {self.factory} has none"
        known = ", ".join(sorted({names(listed)[0] for listed in self.listed}))
        return f"market: the factory has no {wanted}: known are {known}"

    def _only(self, found: Sequence[str], what: str) -> str | None:
        if len(found) > 1:
            listed = ", ".join(found)
            raise ConfigError(f"{what}: {len(found)} markets are meant, choose one: {listed}")
        return found[0] if found else None


def names(listed: Listed) -> tuple[str, ...]:
    """What a market may be called: both symbols, that of the market, and its name."""
    symbols = (naming.symbol(listed.terms.leverage_wad, side, listed.name) for side in _SIDES)
    return (*symbols, listed.symbol, listed.name)
