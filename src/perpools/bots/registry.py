"""Which markets a bot tends: a factory's, or those it was told; less those it is to skip."""

import re
from dataclasses import dataclass, field

from eth_utils.address import to_checksum_address

from perpools.bots import places
from perpools.bots.options import BotSettings, threshold
from perpools.bots.places import Place
from perpools.chain.factory import Factory
from perpools.chain.following import DEPTH
from perpools.chain.node import Node
from perpools.errors import ConfigError, StrangeAnswer
from perpools.spec.errors import Rejected
from perpools.spec.units import Address

_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")

NOWHERE = "no markets: give --factory ADDRESS, --deployment FILE, or --market ADDRESS"


@dataclass
class Registry:
    """Finds markets, and finds new ones the next time."""

    node: Node
    settings: BotSettings
    factory: Address | None
    _known: dict[Address, Place] = field(default_factory=dict)
    _unfit: set[Address] = field(default_factory=set)
    _next_block: int | None = None

    def __post_init__(self) -> None:
        by_name = [name for name in self.settings.market if not _ADDRESS.fullmatch(name)]
        if self.factory is None and (by_name or not self.settings.market):
            raise ConfigError(NOWHERE)

    def find(self) -> list[Place]:
        """Every market to tend now; what is no market, or too small, is left out."""
        self._look_at_settings()
        if self.factory is not None and self._by_factory:
            self._look_at_factory(self.factory)
        wanted = [found for found in self._known.values() if self._is_wanted(found)]
        return [found for found in wanted if self._is_large(found)]

    @property
    def _by_factory(self) -> bool:
        named = self.settings.market
        return not named or any(not _ADDRESS.fullmatch(name) for name in named)

    def _look_at_settings(self) -> None:
        for named in self.settings.market:
            if _ADDRESS.fullmatch(named):
                self._learn(named, "", self.settings.from_block)

    def _look_at_factory(self, factory: Address) -> None:
        head = self.node.block().number
        first = self.settings.from_block if self._next_block is None else self._next_block
        for listed in Factory(self.node, factory).markets(first):
            self._learn(listed.market, listed.name, listed.block_number)
        self._next_block = max(first, head - DEPTH)

    def _learn(self, address: Address, name: str, block_number: int) -> None:
        address = to_checksum_address(address)
        if address in self._known or address in self._unfit:
            return
        try:
            self._known[address] = places.place(self.node, address, name, block_number)
        except (ConfigError, Rejected, StrangeAnswer) as strange:
            if name:
                self._unfit.add(address)
                return
            raise ConfigError(f"market: {address} is no market of this chain") from strange

    def _is_wanted(self, found: Place) -> bool:
        named = {
            name.lower() if _ADDRESS.fullmatch(name) else name for name in self.settings.market
        }
        skipped = {
            name.lower() if _ADDRESS.fullmatch(name) else name for name in self.settings.skip
        }
        return not (named and not named & found.names) and not skipped & found.names

    def _is_large(self, found: Place) -> bool:
        least = threshold(self.settings.min_tvl, found.coin.symbol, found.coin.decimals)
        return least is None or places.standing(self.node, found).total >= least
