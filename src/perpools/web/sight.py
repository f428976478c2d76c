"""One market as the database knows it, at the chain's present, with what its feed says."""

from dataclasses import dataclass

from perpools.chain.in_units import InUnits
from perpools.chain.snapshot import Fixed
from perpools.index import tables
from perpools.index.mirror import Standing
from perpools.index.monitor import Finding
from perpools.spec import forecast, positions
from perpools.spec.forecast import Forecast
from perpools.spec.positions import Position
from perpools.spec.prices import Observation
from perpools.spec.state import Market
from perpools.spec.units import Address, Timestamp, Wad


@dataclass(frozen=True)
class Sight(InUnits):
    """What every view of a market begins with."""

    listed: tables.Market
    standing: Standing
    now: Timestamp
    feed: Observation | None
    """What its feed says; None while it says nothing valid, or cannot be asked."""
    asked: bool
    """Whether it could be asked."""
    finding: Finding | None = None
    """What a monitor found last; None where none looked."""

    @property
    def address(self) -> Address:
        """Where the market is."""
        return self.fixed.address

    @property
    def name(self) -> str:
        """What its price is of, such as `ETH/USD`."""
        return self.listed.name

    @property
    def market(self) -> Market:
        """Its state, everybody's holdings included."""
        return self.standing.market

    @property
    def fixed(self) -> Fixed:
        """What never changes about it."""
        return self.standing.fixed

    @property
    def present(self) -> Timestamp:
        """The moment to reckon with."""
        return self.now

    @property
    def price(self) -> Wad:
        """The price to reckon with: the feed's, else the last executed one."""
        return self.feed.price if self.feed else self.market.average

    def position(self, owner: Address) -> Position:
        """What an account has in it, and made of it."""
        return positions.position(self.standing.book, self.market, owner)

    def ahead(self) -> Forecast:
        """Every event until no order waits, at the present price."""
        return forecast.after_all(self.market, self.now, self.price)
